"""The first words of a definition, which often give its aspect away."""

from __future__ import annotations

import re

OPENING_WORDS = 3
"""How many words make an opening."""

_WORD = re.compile(r"\w+")


def opening(text: str) -> str:
    """Return the first three words in lower case without punctuation: ``any process that``.

    A shorter text is its own opening.
    """
    words = (match.group() for match in _WORD.finditer(text.casefold()))
    return " ".join(word for word, _ in zip(words, range(OPENING_WORDS), strict=False))
