"""Annotated corpora of others, in the formats that they come in, made into labelled sentences."""
