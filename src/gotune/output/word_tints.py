"""The colours of words in an explanation: the aspect's own for it, another against it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gotune.aspects import Aspect
from gotune.output.figures import ink_on, tint
from gotune.results.explanation import Explanation

AGAINST_COLOUR = "#CC79A7"
"""Reddish purple of Okabe and Ito, which no aspect has. Words against an aspect are underlined as well."""

_STRONGEST = 0.8
"""Tint of the word with the largest weight."""
_LEAST = 0.04
"""A paler tint cannot be told from white."""


@dataclass(frozen=True, slots=True)
class TintedStretch:
    """A stretch of a text that is shown in one way.

    Attributes:
        text: The stretch; blanks between words are stretches too.
        colour: Background, or None for none.
        ink: Colour of the letters on it.
        against: Whether the word speaks against the aspect visibly.
        weight: Of the word; None between words.
    """

    text: str
    colour: str | None
    ink: str
    against: bool
    weight: float | None


def tinted_stretches(explanation: Explanation) -> Iterator[TintedStretch]:
    """Yield the whole text in stretches, in order; tints are by shares of the largest weight."""
    largest = max((abs(word.weight) for word in explanation.words), default=0.0)
    last = 0
    for word in explanation.words:
        if word.start > last:
            yield _plain(explanation.text[last : word.start])
        share = _STRONGEST * abs(word.weight) / largest if largest else 0.0
        against = word.weight < 0 and share >= _LEAST
        colour = tint(tint_colour(explanation.aspect, against=against), share)
        seen = share >= _LEAST
        yield TintedStretch(
            word.word,
            colour if seen else None,
            ink_on(colour) if seen else _plain("").ink,
            against,
            word.weight,
        )
        last = word.end
    if last < len(explanation.text):
        yield _plain(explanation.text[last:])


def tint_colour(aspect: Aspect, *, against: bool) -> str:
    """Return the full colour of words for or against an aspect."""
    return AGAINST_COLOUR if against else aspect.colour


def _plain(text: str) -> TintedStretch:
    return TintedStretch(text, None, "#000000", False, None)
