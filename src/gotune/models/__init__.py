"""Pretrained encoders, batches of word pieces, saved models."""
