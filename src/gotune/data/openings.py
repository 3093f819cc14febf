"""The first words of a definition, which often give its aspect away."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from gotune.aspects import ASPECTS, Aspect
from gotune.results.audit import OpeningCounts

OPENING_WORDS = 3
"""How many words make an opening."""

_WORD = re.compile(r"\w+")


def opening(text: str) -> str:
    """Return the first three words in lower case without punctuation: ``any process that``.

    A shorter text is its own opening.
    """
    words = (match.group() for match in _WORD.finditer(text.casefold()))
    return " ".join(word for word, _ in zip(words, range(OPENING_WORDS), strict=False))


def common_openings(texts: Sequence[str], aspects: Sequence[Aspect], n: int) -> tuple[OpeningCounts, ...]:
    """Return the ``n`` commonest openings, the commonest first, with the aspect that most of them have.

    Args:
        texts: Definitions.
        aspects: The aspect of each.
        n: How many at most; of equally common ones the first in the alphabet.
    """
    counts: dict[str, Counter[Aspect]] = {}
    for text, aspect in zip(texts, aspects, strict=True):
        counts.setdefault(opening(text), Counter())[aspect] += 1
    commonest = sorted(counts, key=lambda words: (-counts[words].total(), words))[:n]
    return tuple(_count(words, counts[words]) for words in commonest)


def _count(words: str, by_aspect: Counter[Aspect]) -> OpeningCounts:
    aspect = max(ASPECTS, key=lambda aspect: by_aspect[aspect])
    return OpeningCounts(words, by_aspect.total(), aspect, by_aspect[aspect] / by_aspect.total())
