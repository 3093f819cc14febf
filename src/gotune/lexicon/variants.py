"""The ways in which papers write the name of a term, each with what speaks for it.

After Funk et al. 2016, doi:10.1186/s13326-016-0096-7: what a name has only because it is a term's name
("activity", "process") is dropped, "X of Y" is turned round. Endings are left to `gotune.lexicon.word_forms`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from gotune.aspects import Aspect
from gotune.lexicon.word_forms import bare_words, singular_of, stem
from gotune.ontology.terms import Scope, Term


class Evidence(StrEnum):
    """What ties a stretch of text to a term, in the order in which they count where a variant is of several.

    Attributes:
        rank: Place among the kinds, from 0.
        trust: Probability that a mention is right before any text is seen; guessed, and of broad synonyms
            less than of related ones, which stand behind them.
    """

    rank: int
    trust: float

    def __new__(cls, value: str, trust: float) -> Evidence:
        """Make a kind out of its name for people and the trust in it."""
        kind = str.__new__(cls, value)
        kind._value_ = value
        kind.rank = len(cls.__members__)
        kind.trust = trust
        return kind

    NAME = "name", 0.8
    EXACT = "exact synonym", 0.8
    SHORTENED = "name or exact synonym without its class word", 0.7
    INVERTED = "name or exact synonym turned round", 0.7
    NARROW = "narrow synonym", 0.4
    BROAD = "broad synonym", 0.1
    RELATED = "related synonym", 0.2
    CORE = "name or exact synonym without its first word", 0.1
    HEAD = "head word of several names", 0.02


_SCOPES = {
    Scope.EXACT: Evidence.EXACT,
    Scope.NARROW: Evidence.NARROW,
    Scope.BROAD: Evidence.BROAD,
    Scope.RELATED: Evidence.RELATED,
}

LONGEST_NAME = 8
"""Words in a variant; papers do not write longer names out."""

CLASS_WORDS = frozenset({"activity", "process", "pathway"})
"""Last words that say what kind of thing a name names, and nothing else."""

_DROPPED_LAST = {
    Aspect.BIOLOGICAL_PROCESS: ("process", "pathway"),
    Aspect.CELLULAR_COMPONENT: ("complex",),
    Aspect.MOLECULAR_FUNCTION: ("activity",),
}
_DROPPED_FIRST = ("cell", "cellular", "gene", "protein")
_ADJECTIVE = ("ic", "al", "ive", "ory")
_PREPOSITIONS = frozenset(
    "of from by in to via involved at with during on into within through or and for that as between upon"
    " acting using contributing".split()
)
_PREPOSITION_STEMS = frozenset(map(stem, _PREPOSITIONS))
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


class Variant(NamedTuple):
    """One way to write a name: its words as they stand there, and the kind of evidence it is."""

    words: tuple[str, ...]
    evidence: Evidence


def name_variants(term: Term) -> Iterator[Variant]:
    """Yield the ways in which papers may write a term's name and its synonyms.

    None is longer than `LONGEST_NAME` words or without a letter; some may come more than once.
    """
    yield from _variants(term.name, Evidence.NAME, term.aspect)
    for synonym in term.synonyms:
        yield from _variants(synonym.text, _SCOPES[synonym.scope], term.aspect)


def head_place(stems: Sequence[str]) -> int:
    """Return which word a name is about: the last one before the first preposition."""
    for place, word in enumerate(stems):
        if place and word in _PREPOSITION_STEMS:
            return place - 1
    return len(stems) - 1


def head_word(name: str) -> str | None:
    """Return the stem of the word a name is about, or None if it is a class word or there is none.

    It is "organization" in "organization of membrane" and "kinase" in "kinase activity".
    """
    words = bare_words(_BRACKETS.sub(" ", name))
    if not words:
        return None
    place = head_place([stem(word) for word in words])
    if place and words[place] in CLASS_WORDS:
        place -= 1
    return None if words[place] in CLASS_WORDS else stem(words[place])


def is_symbol(words: Sequence[str]) -> bool:
    """Whether a variant is an acronym or looks like a gene symbol, which must match letter by letter."""
    letters = "".join(words)
    short = len(words) <= 2 and len(letters) <= 6
    return short and (len(letters) <= 3 or any(not letter.islower() for letter in letters[1:]))


def as_symbol(words: Sequence[str]) -> tuple[str, ...]:
    """Return the words of a symbol letter by letter, without the plural of an acronym: EGFR for EGFRs."""
    return (*words[:-1], singular_of(words[-1]))


def _variants(text: str, evidence: Evidence, aspect: Aspect) -> Iterator[Variant]:
    whole = bare_words(text)
    yield from _checked(whole, evidence)
    words = bare_words(_BRACKETS.sub(" ", text)) if "(" in text or "[" in text else whole
    close = evidence in (Evidence.NAME, Evidence.EXACT)
    shortened = _without_last(words, aspect)
    if shortened != whole:
        yield from _checked(shortened, Evidence.SHORTENED if close else evidence)
    if not close:
        return
    if len(words) > 1 and words[0] in _DROPPED_FIRST:
        yield from _checked(words[1:], Evidence.CORE)
    if words.count("of") == 1 and len(_PREPOSITIONS.intersection(words)) == 1:
        place = words.index("of")
        yield from _checked([*words[place + 1 :], *words[:place]], Evidence.INVERTED)


def _without_last(words: list[str], aspect: Aspect) -> list[str]:
    """Drop the class word where the rest still names the term.

    "Metabolic process" may be called metabolic, but the heart is no "heart process". "CAF-1 complex" may be
    called CAF-1, but enzymes are no "enzyme complex".
    """
    if len(words) < 2 or words[-1] not in _DROPPED_LAST[aspect]:
        return words
    before = words[-2]
    if words[-1] == "process" and not before.endswith(_ADJECTIVE):
        return words
    return words if words[-1] == "complex" and before.islower() else words[:-1]


def _checked(words: list[str], evidence: Evidence) -> Iterator[Variant]:
    if len(words) > LONGEST_NAME:
        return
    letters = "".join(words)
    if len(letters) > 2 and not letters.isdecimal():
        yield Variant(tuple(words), evidence)
