"""Read what people have: rubric files, manifests, people files, transcripts from elsewhere. Judges nothing."""
