"""我的个人信息: what a person may ask about their data."""
