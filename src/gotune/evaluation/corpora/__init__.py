"""A recipe measured on papers of other people, leaving one corpus out at a time."""
