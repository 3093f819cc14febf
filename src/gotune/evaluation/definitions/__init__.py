"""Figures on definitions that a model has not seen."""
