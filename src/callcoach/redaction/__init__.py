"""Take out of a text who is spoken of and how to reach or charge them: patterns and names, pure; models come in from outside."""
