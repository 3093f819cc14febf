"""What stands before a paper and around its abstract: authors, addresses, dates, key words."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LONGEST = 1_000
"""Characters of a paragraph that may be front matter."""

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_A_DIGIT = re.compile(r"\d")
LISTS = re.compile(r"key ?words?|index terms|mesh terms|abbreviations(?: used)?", re.IGNORECASE)
"""Headings below which there are words and no sentences."""
_DATE = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?\s+\d{{4}}\b"
    rf"|\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}\b"
    r"|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{4}\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:received|revised|accepted|submitted|posted|(?:first )?published|available)\b"
    rf"(?:.*?(?:{_DATE.pattern})"
    r"|.{0,60}\b(?:19|20)\d{2}\W*\Z|[:,]?(?: online| in| by)* (?:19|20)\d{2}\b)"
    r"|(?:\W{0,2}correspond\w+(?: author| to)?|key ?words|index terms|mesh (?:terms|headings)|abbreviations"
    r"|running (?:head|title)|short title|e-?mail|author information|academic editor|pmc?id|doi)\s*[:\u2014]"
    r"|(?:comment|erratum|correction|retraction|expression of concern|update) (?:in|on|of|for)(?:\Z|:|\n)"
    r"|(?:correspondence|requests?)\b.{0,60}\baddressed\b"
    r"|(?:this is an )?open[ -]access\b.{0,200}\blicen[cs]e"
    r"|view orcid profile\b|(?:bio|med|chem)rxiv preprint\b|\u00a9|copyright\b",
    re.IGNORECASE,
)
"""How a paragraph of front matter begins, even if it has sentences."""
_ADDRESS = re.compile("[@\u00a9]|://|doi:|DOI:")
_INSTITUTION = re.compile(
    r"\b(?:Universit|Institut|Department of|Dept\.|Faculty of|School of|Laborator|Hospital|Cent(?:er|re) for)"
)

_BETWEEN_NAMES = re.compile(r"\s*(?:[,;&]|\band\b)\s*")
_MARKS = re.compile(r"(?:,\s?)?[\d*\u2020\u2021\u00a7\u00b6#]+")
"""Behind names: ``Doe1,*`` or ``Doe,1``, perhaps with no comma before the next name."""
_MARKED_NAME = re.compile(r"[a-z](?:,\s?)?[\d*\u2020\u2021\u00a7\u00b6]")
_LISTED_NAME = r"(?:[a-z]{2,3}\s){0,2}[A-Z][\w'\u2019-]*\s(?:[A-Z][\w'\u2019-]+\s)?[A-Z]{1,3}(?:\(\d{1,2}\))*"
_LISTED_NAMES = re.compile(rf"{_LISTED_NAME}(?:[,;]\s{_LISTED_NAME})*(?:(?<=\))|(?<=[A-Z])\.|(?<=\))\.)")
"""As PubMed has them, with marks or a stop: ``Doe J(1), de la Roe AB(2).``"""
_INITIALS = re.compile(r"(?:-?[^\W\d_]\.)+")
_CAPITALISED = re.compile(r"[^\W\d_][^\W\d_'\u2019-]*(?:['\u2019-][^\W\d_]+)*")
_PARTICLES = frozenset("al bin da de del della den der di dos du el la le ten ter van von zu".split())
"""Parts of names that are written small."""
_TITLES = frozenset(("", "PhD", "MD", "MSc", "Jr", "II", "III"))
_MOST_WORDS = 5
"""Of a name."""
_AFFILIATION = re.compile(
    r"(?P<mark>\(?(?:\d{1,2}|[a-z]|[*\u2020\u2021\u00a7])\)?\s?)?"
    r"(?:Department|Dept\.|Division|Institute?|School|Faculty|Laboratory|Cent(?:er|re)) (?:of|for)\b"
)


def is_front_matter(block: str, *, is_short: bool, opening: bool) -> bool:
    """Tell whether a block names authors, addresses, dates or key words.

    Args:
        block: Any.
        is_short: Whether it may be a heading by its length and its end.
        opening: Whether it stands between the title and the first sentence, where names need no initials.
    """
    affiliation = _AFFILIATION.match(block)
    if len(block) <= _LONGEST and (
        _LABEL.match(block) or _LISTED_NAMES.fullmatch(block) or (affiliation and affiliation["mark"])
    ):
        return True
    return is_short and (
        affiliation is not None
        or (_A_DIGIT.search(block) is not None and _DATE.search(block) is not None)
        or _ADDRESS.search(block) is not None
        or ("," in block and _INSTITUTION.search(block) is not None)
        or _is_list_of_names(block, opening=opening)
    )


def _is_list_of_names(line: str, *, opening: bool) -> bool:
    """Tell whether a line names people.

    ``Golgi Bodies and Plasma Membranes`` looks like two people: outside of the opening of a text, somebody
    must have initials with stops, or several have marks behind their names.
    """
    marked = len(_MARKED_NAME.findall(line)) > 1
    if not opening and not marked and "." not in line:
        return False
    pieces = _BETWEEN_NAMES.split(_MARKS.sub(",", line).strip())
    names = [piece.split() for piece in pieces if piece not in _TITLES]
    with_initials = any(_INITIALS.fullmatch(word) for name in names for word in name)
    # None is enough by itself: E. Coli is no author, and Yeast Pex5 and Human Pex14 are none either.
    signs = (opening, with_initials, len(names) > 1, marked and len(names) > 2)
    return sum(signs) > 1 and all(map(_is_name, names))


def _is_name(words: Sequence[str]) -> bool:
    return 1 < len(words) <= _MOST_WORDS and all(
        word in _PARTICLES
        or _INITIALS.fullmatch(word)
        or (word[0].isupper() and _CAPITALISED.fullmatch(word))
        for word in words
    )
