"""What can be told of a text without a model: whether it is English, about biology, and prose at all.

One rule for a sentence, a document and a row of a table. It doubts where there is a sign that a text is out
of a model's depth, not where a sign is lacking: many sentences of papers have no word of biology in them.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gotune.corpus.topic_words import (
    BIOLOGY_ENDINGS,
    BIOLOGY_STEMS,
    BIOLOGY_WORDS,
    ELSEWHERE,
    ENGLISH,
    FOREIGN,
    MAYBE_STEMS,
    SHARED,
)


class Doubt(StrEnum):
    """Why what a model says about a text is not to be trusted."""

    TOO_SHORT = "too short"
    NOT_ENGLISH = "not English"
    NOT_BIOLOGY = "not about biology"


LEAST_WORDS = 4
"""Shorter texts, such as most headings, are too short to be judged, but for sentences about biology."""

_LEAST_WORDS_BARE = 8  # of so many words of English, some are function words, or many are known
_LEAST_ENGLISH = 0.05
_LEAST_KNOWN = 0.3
_MOST_OTHER_LETTERS = 0.3  # Greek letters in English papers stay far below
_LEAST_BIOLOGY = 0.05
_DOCUMENT = 50  # content words; a shorter text needs no word of biology, if none is of elsewhere

_WORD = re.compile(r"[^\W\d_]+")
_OTHER_LETTER = re.compile(r"[^\W\d_\u0000-\u024f]")
_PUNCTUATION = ".,;:()[]"
_SENTENCE_END = re.compile(r"[.!?][\"')\]\u00bb\u2019\u201d]*\Z")

_SYMBOL = re.compile(
    r"(?<![^\W_])(?!(?:UTF|ISO|IEEE|SHA|MD|PEP|RFC|CC|Fig|Figs|Tab|Eq)\d)"
    r"(?:[A-Z][a-z]{1,4}\d{1,3}[a-z]?|[A-Z]{2,6}\d{1,3}[A-Z]?\d?|p\d{2,3})(?![^\W_])"  # Tbx15, BRCA2, p53
    r"|\w[+−-]/[+−-]"  # noqa: RUF001 (genotypes are written with the minus sign)
)

_FUNCTION, _SHARED, _FOREIGN, _BIOLOGY, _MAYBE, _ELSEWHERE, _CONTENT, _LETTER = "esfbmoc1"
"""What a word is: a function word of English, one of other languages too, one of these; of biology, perhaps
of biology, of elsewhere; another; a single letter."""


def assess(text: str) -> tuple[Doubt, ...]:
    """Return the reasons to doubt what a model says about a text; empty if there are none.

    A text that is too short is not judged further, and one that is not English not for its topic.

    Args:
        text: A sentence, a row of a table, or a whole document.
    """
    marks = _marks_of(text)
    if not _is_english(marks, text):
        return (Doubt.NOT_ENGLISH,)
    if len(marks) < LEAST_WORDS and not _is_short_sentence(marks, text):
        return (Doubt.TOO_SHORT,)
    return () if _is_biology(marks) else (Doubt.NOT_BIOLOGY,)


def _marks_of(text: str) -> str:
    return "".join(map(_MARKS.__getitem__, text.split()))


def _is_english(marks: str, text: str) -> bool:
    """Judge by letters, then by which language's function words are more."""
    if not text.isascii():
        other = len(_OTHER_LETTER.findall(text))
        if other and other > _MOST_OTHER_LETTERS * sum(map(str.isalpha, text)):
            return False
    english = marks.count(_FUNCTION)
    if marks.count(_FOREIGN) > english:
        return False
    if text.isupper():  # a heading, in which words are as large as symbols
        words = _marks_of(text.lower())
        if words.count(_FOREIGN) > english + words.count(_SHARED):
            return False
    n_words = len(marks)
    if n_words < _LEAST_WORDS_BARE or english + marks.count(_SHARED) >= _LEAST_ENGLISH * n_words:
        return True
    # Lists and legends have no function words either, but many words of biology.
    known = n_words - marks.count(_CONTENT) - marks.count(_LETTER)
    return known >= _LEAST_KNOWN * n_words


def _is_short_sentence(marks: str, text: str) -> bool:
    """Whether so few words are a sentence about biology, such as "Hsp70 binds ATP."."""
    return len(marks) > 1 and _BIOLOGY in marks and _SENTENCE_END.search(text.rstrip()) is not None


def _is_biology(marks: str) -> bool:
    """Judge by signs of biology and of elsewhere, and a document by the share of the former, too."""
    biology, maybe = marks.count(_BIOLOGY), marks.count(_MAYBE)
    elsewhere = marks.count(_ELSEWHERE)
    if elsewhere > 2 * biology + maybe:
        return False
    content = biology + maybe + elsewhere + marks.count(_CONTENT)
    return content < _DOCUMENT or biology + maybe >= _LEAST_BIOLOGY * content


class _Marks(dict[str, str]):
    """What the words of a piece of text between blanks are, one mark a word; it remembers the frequent."""

    _MOST = 50_000
    _LONGEST = 40

    def __missing__(self, piece: str) -> str:
        word = piece.strip(_PUNCTUATION)
        if word.isalpha():
            found = _mark(word) if word == piece else self[word]
        else:
            found = "".join(map(_mark, _WORD.findall(piece)))
            if found and _BIOLOGY not in found and _SYMBOL.search(piece):
                found = _BIOLOGY + found[1:]
        if len(piece) <= self._LONGEST:
            if len(self) >= self._MOST:
                self.clear()
            self[piece] = found
        return found


_MARKS = _Marks()


def _mark(word: str) -> str:
    """Tell what a word is."""
    lower = word.lower()
    if mark := _KNOWN.get(lower):
        is_symbol = mark in _NO_SYMBOLS and len(word) > 1 and word.isupper()  # IL, LA or FOG
        return _CONTENT if is_symbol else mark
    if len(word) == 1:
        return _LETTER
    if _begins(lower, BIOLOGY_STEMS) or lower.endswith(BIOLOGY_ENDINGS):
        return _BIOLOGY
    return _MAYBE if _begins(lower, MAYBE_STEMS) else _CONTENT


def _begins(word: str, stems: Sequence[str]) -> bool:
    """Whether a word begins with one of sorted stems, none of which begins with another."""
    return word.startswith(stems[bisect(stems, word) - 1])


_KNOWN = {
    **dict.fromkeys(ELSEWHERE, _ELSEWHERE),
    **dict.fromkeys(BIOLOGY_WORDS, _BIOLOGY),
    **dict.fromkeys(FOREIGN, _FOREIGN),
    **dict.fromkeys(ENGLISH, _FUNCTION),
    **dict.fromkeys(SHARED, _SHARED),
}
_NO_SYMBOLS = {_FOREIGN, _ELSEWHERE}

EXAMPLES = 3
"""Texts shown of each kind."""

_LONGEST_SHOWN = 80
_LEAST_CELLS = 5  # a shorter text, such as "24 h" or "Figure 1", says nothing about a table
_CELLS_SHARE = 0.6

_TAGS = (
    "a|abbr|b|big|br|center|div|em|font|h[1-6]|hr|i|img|italic|bold|li|ol|p|pre|q|s|small|span|strong|su[bp]"
    "|table|t[bdhr]|tbody|thead|tt|u|ul|xref"
)
_HTML = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>|&(?:[a-z]{{2,8}}|#\d{{2,6}}|#x[0-9a-f]{{2,5}});", re.I)
_LATEX = re.compile(
    r"\\(?:[a-zA-Z]+\*?\s*\{|begin\b|alpha\b|beta\b|gamma\b|mu\b|pm\b|times\b)|\$[^$\\^_{]*+[\\^_{][^$]*+\$"
)
# Year, volume and page, as in "1998;12(3):456-60"; a bare identifier; or authors with initials and a year.
_REFERENCE = re.compile(
    r"\b(?:19|20)\d\d\s?[;,]\s?(?:vol\.?\s?)?\d+\s?(?:\(\d+[^)]{0,12}\))?\s?[:,]\s?(?:pp?\.\s?)?[A-Z]?\d+"
    r"|^\W*(?:doi:?\s?|https?://(?:dx\.)?doi\.org/)10\.\d{4,}/\S++\W*+$|^\W*PMI?D:?\s?\d{4,}\W*$"
    r"|^(?:\[?\d{1,3}[\].]\s?)?[A-Z][\w'-]+,? [A-Z]{1,3}(?:\.|,)(?:.{0,400}\b(?:19|20)\d\d\b)",
)
_NUMBER_CELL = re.compile(r"[^\w\s]*\d[^A-Za-z\s]*[a-z%]{0,3}|[^\w\s]+")


@dataclass(frozen=True, slots=True)
class Remains:
    """Texts of one kind that are no prose: how many, and the first few of them, cut to be shown."""

    n: int
    examples: tuple[str, ...]


def find_remains(texts: Sequence[str]) -> dict[str, Remains]:
    """Count the texts with remains of HTML or LaTeX, and those that are references or rows of tables.

    Rules of thumb that warn; nothing is refused for them.

    Returns:
        By kind (``HTML``, ``LaTeX``, ``reference``, ``table``), only what was found. A text can be of two.
    """
    found = {kind: [text for text in texts if is_one(text)] for kind, is_one in _KINDS.items()}
    return {
        kind: Remains(len(ones), tuple(_cut(text) for text in ones[:EXAMPLES]))
        for kind, ones in found.items()
        if ones
    }


def _is_table(text: str) -> bool:
    """Whether tabs or bars divide the text, or most of its words are numbers."""
    if text.count("\t") >= 2 or text.count("|") >= 3:
        return True
    cells = text.split()
    n_numbers = sum(_NUMBER_CELL.fullmatch(cell) is not None for cell in cells)
    return len(cells) >= _LEAST_CELLS and n_numbers >= _CELLS_SHARE * len(cells)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


_KINDS: dict[str, Callable[[str], bool]] = {
    "HTML": lambda text: _HTML.search(text) is not None,
    "LaTeX": lambda text: _LATEX.search(text) is not None,
    "reference": lambda text: _REFERENCE.search(text) is not None,
    "table": _is_table,
}
