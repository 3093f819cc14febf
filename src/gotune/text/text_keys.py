"""Keys by which a text is known again without keeping the text."""

from __future__ import annotations

import hashlib

LEAST_WORDS = 8
"""Shorter texts, such as headings and abbreviations, are the same in many papers: they betray nothing."""

_DIGITS = 16


def text_key(text: str) -> str:
    """Return 16 hex digits of the sha256 of a text, whatever its case and white space."""
    normal = " ".join(text.casefold().split())
    # A half surrogate cannot be encoded, and is no reason to stop.
    return hashlib.sha256(normal.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
