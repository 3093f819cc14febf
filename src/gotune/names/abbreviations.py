"""Abbreviations that an article defines in its text, "epidermal growth factor (EGF)".

The algorithm of Schwartz & Hearst 2003, doi:10.1142/9789812776303_0042: the letters of the short form are
sought from right to left in the words before the bracket, and its first one must begin a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_LONGEST = 80
"""Characters in a long form; bounds the search."""

_SHORT = re.compile(r"\((\w[\w/-]{1,9})(?:[;,][^()]{0,100})?\)")
_NOT_IN_A_NAME = re.compile(r"[();:]")


def find_abbreviations(sentences: Iterable[str]) -> dict[str, str]:
    """Return the long form of each abbreviation that the sentences of one article define.

    Of two definitions of the same abbreviation the first counts. It needs a capital letter, which keeps
    out remarks in brackets.
    """
    found: dict[str, str] = {}
    for sentence in sentences:
        for match in _SHORT.finditer(sentence):
            short = match.group(1)
            if short not in found and any(letter.isupper() for letter in short):
                end = len(sentence[: match.start()].rstrip())
                long = _long_form(sentence[max(0, end - _LONGEST) : end], short)
                if long:
                    found[short] = long
    return found


def _long_form(before: str, short: str) -> str | None:
    letters = [letter for letter in short.lower() if letter.isalnum()]
    text = before.lower()
    place = len(text)
    for left, letter in reversed(list(enumerate(letters))):
        place = text.rfind(letter, 0, place)
        while left == 0 and place > 0 and text[place - 1].isalnum():
            place = text.rfind(letter, 0, place)
        if place < 0:
            return None
    long = before[place:]
    few = len(long.split()) <= min(len(letters) + 5, 2 * len(letters))
    return long if few and len(long) > len(short) and not _NOT_IN_A_NAME.search(long) else None
