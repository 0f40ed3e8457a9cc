"""Every page of the site in every state that matters, photographed for `test_every_page.py`."""
