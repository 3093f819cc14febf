"""Words of a text, and the stem that the forms of one word share.

A name says "regulation of apoptotic process", a paper "apoptosis was not regulated". The stem takes off
what English and the Greek and Latin of biology put on: plural and verb endings, and the endings that make
a noun from a verb (regulation, regulate), an adjective from a noun (axonal, axon) or from a Greek or Latin
noun (mitotic, mitosis; mitochondrial, mitochondria). Agent nouns keep theirs, because in GO they have another
aspect: regulation is a process, what a regulator has is a function.
"""

from __future__ import annotations

import re
from functools import lru_cache

from gotune.corpus.plain_text import RAISED_DIGITS
from gotune.corpus.reading import GREEK

_GREEK = {letter: name for name, letter in GREEK.items()} | {"\u03c2": "sigma", "\u00b5": "mu"}
_LONGEST_WORD = 40
"""Letters; a longer run is a sequence or encoded data and is cut, so that no form is costly to find."""

_GREEK_LETTER = r"\u0391-\u03a9\u03b1-\u03c9\u00b5"
# Digits above the line are marks of references behind a word and no part of it.
WORD = re.compile(
    rf"[^\W\d_{_GREEK_LETTER}{RAISED_DIGITS}]{{1,{_LONGEST_WORD}}}|\d{{1,{_LONGEST_WORD}}}|[{_GREEK_LETTER}]"
)
ASCII_WORD = re.compile(rf"[A-Za-z]{{1,{_LONGEST_WORD}}}|[0-9]{{1,{_LONGEST_WORD}}}")
"""The same of ASCII text, in half the time."""

_IRREGULAR = {
    "nuclei": "nucleus",
    "nuclear": "nucleus",
    "synaptic": "synapse",
    "somata": "soma",
    "enzymatic": "enzyme",
    "enzymatically": "enzyme",
    "bound": "bind",
    "grew": "growth",
    "grow": "growth",
    "grows": "growth",
    "growing": "growth",
    "grown": "growth",
    "die": "death",
    "dies": "death",
    "died": "death",
    "dying": "death",
    "dead": "death",
    "born": "birth",
    "fed": "feed",
    "ate": "eat",
    "eaten": "eat",
    "swam": "swim",
}
"""Forms that no ending explains; whole words."""

_BRITISH = (
    (re.compile("^haem"), "hem"),
    (re.compile("^oes"), "es"),
    (re.compile("(?<=...)our$"), "or"),
    (re.compile("isation"), "ization"),
    (re.compile("(?<=....)is(?=(?:e|ed|es|ing)$)"), "iz"),
    (re.compile("ys(?=e[ds]?$)"), "yz"),
    (re.compile("(?<=...)ll(?=(?:ing|ed)$)"), "l"),
)
_PLURALS = (("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("ies", "y"))
_OUTER = (("ly", ""), ("ional", "ion"), ("mental", "ment"), ("ical", "ic"))
"""Endings put on top of those below, with what is left of them; taken off first."""

_ENDINGS = (
    # ending, what stands for it in the stem, letters that must be before it
    ("genesis", "genes", 3), ("genetic", "genes", 3), ("genic", "genes", 3),
    ("scription", "scrib", 2), ("hesion", "her", 2), ("ision", "id", 2),
    ("cytic", "cytos", 3), ("osis", "os", 3), ("otic", "os", 3), ("oses", "os", 3),
    ("esis", "es", 3), ("etic", "es", 3),
    ("ysis", "yz", 2), ("ytic", "yz", 2), ("yze", "yz", 2), ("yzed", "yz", 2), ("yzing", "yz", 2),
    ("ization", "", 4), ("izing", "", 4), ("ized", "", 4), ("izes", "", 4), ("ize", "", 4), ("ism", "", 4),
    ("atory", "at", 3), ("ative", "at", 3), ("ation", "at", 3), ("ating", "at", 3), ("ated", "at", 3),
    ("ates", "at", 3), ("ate", "at", 3), ("tory", "t", 3), ("tion", "t", 3), ("sion", "s", 3),
    ("drion", "dri", 3), ("drial", "dri", 3), ("dria", "dri", 3),
    ("cular", "cl", 2), ("cule", "cl", 2), ("cle", "cl", 2),
    ("olus", "ol", 3), ("olar", "ol", 3), ("oli", "ol", 3),
    ("iary", "i", 3), ("ium", "i", 3), ("ial", "i", 3), ("ia", "i", 3),
    ("ella", "ell", 3), ("ellum", "ell", 3), ("ellar", "ell", 3),
    ("ment", "", 4), ("ility", "il", 3), ("ity", "", 4), ("ance", "", 5), ("ence", "", 5),
    ("ous", "", 4), ("on", "", 6), ("ic", "", 4), ("al", "", 4), ("ing", "", 4), ("ed", "", 4), ("e", "", 3),
)  # fmt: skip
_DOUBLED = frozenset("bdgmnprt")


def bare_words(text: str) -> list[str]:
    """Return the words of a text in order: ``TGFβ-2`` has three, ``TGF``, ``β`` and ``2``."""
    return WORD.findall(text)


def singular_of(symbol: str) -> str:
    """Return a symbol without the plural of an acronym: EGFR for EGFRs."""
    plural = len(symbol) > 2 and symbol.endswith("s") and symbol[-2].isupper()
    return symbol[:-1] if plural else symbol


@lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """Return what the forms of a word share, in lower case; a Greek letter by its name.

    Words of up to three letters and those with anything but letters a-z keep all but their case.
    """
    word = word.lower()
    word = _GREEK.get(word, word)
    word = _IRREGULAR.get(word, word)
    if len(word) <= 3 or not (word.isascii() and word.isalpha()):
        return word
    for pattern, american in _BRITISH:
        word = pattern.sub(american, word)
    word = _singular(word)
    word = _without_ending(_IRREGULAR.get(word, word))
    if len(word) > 3 and word[-1] == word[-2] and word[-1] in _DOUBLED:
        return word[:-1]
    return word


def _singular(word: str) -> str:
    for ending, singular in _PLURALS:
        if word.endswith(ending) and len(word) > 4:
            return word.removesuffix(ending) + singular
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _without_ending(word: str) -> str:
    for ending, rest in _OUTER:
        if word.endswith(ending) and len(word) - len(ending) + len(rest) >= 4:
            word = word.removesuffix(ending) + rest
    for ending, rest, before in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= before:
            return word.removesuffix(ending) + rest
    return word
