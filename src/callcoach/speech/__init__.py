"""From a recording to words with times and speakers. Knows nothing of initiatives beyond their glossary."""
