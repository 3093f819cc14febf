"""Figures of a tagger on sentences of papers."""
