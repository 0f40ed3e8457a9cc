"""Made-up content for the style page and its tests: every component, every state, long words."""
