"""The web app: screens and the JSON interface over HTTP."""
