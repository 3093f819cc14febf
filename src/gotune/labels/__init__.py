"""Sentences with labels: those of a user, of CRAFT, and those written for stress tests."""
