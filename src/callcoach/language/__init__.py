"""From a transcript and a story to signals: the only place where language models run. Judges nothing."""
