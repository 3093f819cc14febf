"""The words of running text as people see them, each punctuation mark for itself."""

from __future__ import annotations

import unicodedata

from gotune.lines import one_line

_JOINER = "\u200d"
"""Makes one picture of the two emoji around it."""

Place = tuple[int, int]
"""Offset of the first character, and of the one behind the last."""


def find_words(text: str) -> list[Place]:
    """Return the places of all words and of all punctuation marks and symbols, in order.

    A word is a run of letters and digits with their accents and whatever invisible characters are in it;
    every other visible character is a word of its own. So ``ATP-dependent`` has three.
    """
    places: list[Place] = []
    open_run = False  # whether a letter may still join the last word
    for offset, character in enumerate(text):
        category = unicodedata.category(character)
        follows = bool(places) and places[-1][1] == offset
        if character.isspace() or category == "Cc":
            continue
        invisible = category[0] == "M" or category == "Cf"
        letter = category[0] in "LN"
        joined = follows and (invisible or (letter and open_run) or text[offset - 1] == _JOINER)
        if joined:
            places[-1] = (places[-1][0], offset + 1)
        elif category == "Cf":
            continue
        else:
            places.append((offset, offset + 1))
            open_run = letter or invisible
    return places


def leave_out(text: str, places: list[Place]) -> str:
    """Return the text without these words, in order of their places, and with single blanks."""
    kept = []
    last = 0
    for start, end in places:
        kept.append(text[last:start])
        last = end
    kept.append(text[last:])
    return one_line(" ".join(kept))
