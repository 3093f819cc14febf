"""Definitions as points on a plane."""
