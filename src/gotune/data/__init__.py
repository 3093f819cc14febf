"""Texts: labelled datasets from a release, and the user's own documents and tables."""
