"""Definitions of a release: the term table, labelled datasets and their splits."""
