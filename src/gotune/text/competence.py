"""A flag for text outside a model's competence: too short, not English, not about biology.

It reads words, not meaning, and needs neither a model nor a network. On a whole document it is reliable, on
a single sentence it is a hint; ``benchmarks/competence.py`` measures both.
"""

from __future__ import annotations

import re
from collections import Counter
from enum import StrEnum

from gotune.text.competence_words import BIOLOGY_STEMS, BIOLOGY_WORDS, ENGLISH, FOREIGN, SHARED


class Doubt(StrEnum):
    """Why what a model says about a text is not to be trusted."""

    TOO_SHORT = "too short"
    NOT_ENGLISH = "not English"
    NOT_BIOLOGY = "not about biology"


LEAST_WORDS = 4
"""Shorter texts, such as most headings, are too short to be judged."""

_LEAST_WORDS_BARE = 8  # so long a text without function words is no English sentence
_LEAST_ENGLISH = 0.05
_MOST_OTHER_LETTERS = 0.3  # Greek letters in English papers stay far below
_LEAST_BIOLOGY = 0.05
_DOCUMENT = 50  # content words; in a shorter text, one word of biology is enough

_WORD = re.compile(r"[^\W\d_]+")
_LAST_LATIN = "\u024f"

_ENDING = re.compile(
    r"\w{3,}[dlnrst]ases?"  # enzymes, not phrases or databases
    r"|\w+(?:cytes?|genesis|somes?|plasms?|opathy|ectomy|itis|blasts?|emia|philic|phobic|trophic|kinesis)"
    r"|\w*[dr]nas?"
)
_SYMBOL = re.compile(
    r"\b(?:[A-Z][a-z]{1,4}\d{1,3}[a-z]?|[A-Z]{2,6}\d{1,3}[A-Z]?\d?|p\d{2,3})\b"  # Tbx15, BRCA2, p53
    "|[+−-]/[+−-]"  # noqa: RUF001 (genotypes are written with the minus sign)
)
_NO_SYMBOL = re.compile(r"(?:UTF|ISO|IEEE|SHA|MD|PEP|RFC|CC|Fig|Figs|Tab|Eq)\d.*")


def assess(text: str) -> tuple[Doubt, ...]:
    """Return the reasons to doubt what a model says about a text; empty if there are none.

    A text that is too short is not judged further, and one that is not English not for its topic.

    Args:
        text: A sentence, or better a whole document.
    """
    words = Counter(word.lower() for word in _WORD.findall(text))
    if words.total() < LEAST_WORDS:
        return (Doubt.TOO_SHORT,)
    if not _is_english(words):
        return (Doubt.NOT_ENGLISH,)
    return () if _is_biology(words, text) else (Doubt.NOT_BIOLOGY,)


def _is_english(words: Counter[str]) -> bool:
    """Judge by letters, then by which language's function words are more."""
    letters = sum(len(word) * count for word, count in words.items())
    other = sum(
        count * sum(letter > _LAST_LATIN for letter in word)
        for word, count in words.items()
        if not word.isascii()
    )
    if other > _MOST_OTHER_LETTERS * letters:
        return False
    english, shared, foreign = (
        sum(count for word, count in words.items() if word in known) for known in (ENGLISH, SHARED, FOREIGN)
    )
    is_bare = words.total() >= _LEAST_WORDS_BARE and english < _LEAST_ENGLISH * words.total()
    return foreign <= english - shared and not is_bare


def _is_biology(words: Counter[str], text: str) -> bool:
    """Judge by the share of words, function words apart, that are of biology."""
    content = {word: count for word, count in words.items() if word not in ENGLISH and len(word) > 1}
    signs = sum(count for word, count in content.items() if _is_of_biology(word))
    signs += sum(not _NO_SYMBOL.fullmatch(symbol) for symbol in _SYMBOL.findall(text))
    total = sum(content.values())
    return signs >= (_LEAST_BIOLOGY * total if total >= _DOCUMENT else 1)


def _is_of_biology(word: str) -> bool:
    return word.startswith(BIOLOGY_STEMS) or word in BIOLOGY_WORDS or _ENDING.fullmatch(word) is not None
