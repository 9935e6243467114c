"""How the schema came to be what it is, one step a file; a released step is never edited."""
