"""What a sentence says of what it names: that it is not so, that it may be, or that it is part of a method.

Words that say so, and how far they reach, after NegEx (Chapman et al. 2001, doi:10.1006/jbin.2001.1029) and
ConText (Harkema et al. 2009, doi:10.1016/j.jbi.2009.05.002), for sentences of papers. "Did not affect
apoptosis" denies no apoptosis, so the reach of a denial ends at a preposition, and words of effect have none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

from gotune.records import Span


class Context(StrEnum):
    """What is said of a place."""

    NEGATED = "negated"
    """That it is missing, or does not happen: "without apoptosis"."""
    SUPPOSED = "supposed"
    """That it may be so, or is asked: "may act in apoptosis"."""
    METHOD = "method"
    """That it is part of an assay or a reagent: "an apoptosis kit"."""


_HAVE_BEEN = r"(?:is|was|are|were|been|be|has|have|had|do|does|did|can|could|will|would)"
_FAILS = r"(?:fail(?:s|ed|ing)?|failure|unable|inability)"
_SIGNS = r"(?: (?:any|evidence|signs?|indications?|detectable|apparent|further|additional))*(?: (?:of|for))?"
_HAPPENS = r"(?: (?:undergo|show|exhibit|display|detect|observe|induce|cause|lead to|result in))"
_EFFECT = (
    r"(?:effect|influence|impact|change|difference|association|correlation|relation|increase|decrease"
    r"|significant)"
)
_ACTS_ON = r"(?:affect|influence|alter|change|inhibit|prevent|explain)"
_ADVERBS = r"(?: (?:largely|still|also|yet|not|currently|previously|fully|completely))*"


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w/-])(?:{'|'.join(patterns)})(?![\w-])", re.IGNORECASE)


class _Cue(NamedTuple):
    """Words that say something of those before or behind them.

    Attributes:
        words: Themselves.
        context: What they say.
        ends: Where their reach ends.
        most: How many words they reach.
        back: They say it of what is before them.
    """

    words: re.Pattern[str]
    context: Context
    ends: re.Pattern[str]
    most: int
    back: bool = False


_CLAUSE = (
    r"[;:]|\b(?:but|however|although|though|whereas|while|except|because|despite|which|who|until|unless)\b"
)
_OF_CLAUSE = re.compile(_CLAUSE, re.IGNORECASE)
_OF_PHRASE = re.compile(
    _CLAUSE
    + r"|,|\b(?:that|and|or|yet|than|in|on|to|with|by|for|between|from|at|into|through|during|after|before"
    r"|is|was|are|were|had|has|have)\b",
    re.IGNORECASE,
)
_NOT_ELECTRIC = "".join(
    f"(?<!{kind} )"
    for kind in (
        "action",
        "membrane",
        "resting",
        "redox",
        "receptor",
        "synaptic",
        "electrode",
        "differentiation",
    )
)
"""Before a potential that is a thing, and no guess."""
_CUES = (
    _Cue(
        _words(
            rf"(?-i:[Nn]o)(?! {_EFFECT}){_SIGNS}",  # not nitric oxide
            rf"without{_SIGNS}",
            r"neither",
            rf"(?:lack|absence|loss) of{_SIGNS}",
            r"lack(?:s|ed|ing)?",
            r"devoid of",
            rf"(?:{_FAILS} to|{_HAVE_BEEN} not(?! only)|cannot){_HAPPENS}{_SIGNS}",
        ),
        Context.NEGATED,
        _OF_PHRASE,
        4,
    ),
    _Cue(
        _words(
            rf"(?:{_HAVE_BEEN} not|cannot)(?: yet| be| been)*(?! {_ACTS_ON}| only)",
            rf"{_FAILS} to",
            r"(?:and|(?<!whether )or|but) not(?! only)",
            r"never",
        ),
        Context.NEGATED,
        _OF_PHRASE,
        2,
    ),
    _Cue(re.compile(r"(?<=\w), not(?! only)(?![\w-])", re.IGNORECASE), Context.NEGATED, _OF_PHRASE, 2),
    _Cue(
        _words(
            rf"{_HAVE_BEEN} not(?: be(?:en)?)?(?: \w+ly)? (?:occur(?:red)?|observed|detect(?:ed|able)|seen"
            r"|found|evident|present|take place|happen)",
            rf"{_HAVE_BEEN}{_ADVERBS} (?:absent|lost|undetectable|abolished|abrogated|lacking)",
        ),
        Context.NEGATED,
        re.compile(rf"{_CLAUSE}|,|\b(?:and|or|that)\b", re.IGNORECASE),
        6,
        back=True,
    ),
    _Cue(
        _words(
            r"(?-i:may)",  # not the month
            r"might",
            r"could(?! not)",
            r"whether",
            r"(?-i:[Ii]f)",  # not immunofluorescence
            r"possib(?:le|ly|ility)",
            rf"{_NOT_ELECTRIC}potential(?:ly)?",
            r"putative",
            r"probabl[ey]",
            r"(?:un)?likely",
            r"presumabl[ey]",
            r"perhaps",
            r"suggest(?:s|ed|ing)?",
            r"hypothesi[sz]ed?",
            r"hypothes[ie]s",
            r"propose[ds]?",
            r"speculate[ds]?",
            r"(?:appear|seem)(?:s|ed)? to",
        ),
        Context.SUPPOSED,
        _OF_CLAUSE,
        14,
    ),
    _Cue(
        _words(
            rf"(?:{_HAVE_BEEN}|remains?){_ADVERBS} (?:unknown|unclear|controversial|suggested|proposed"
            r"|uncertain)",
            rf"(?:{_HAVE_BEEN}|remains?){_ADVERBS} (?:not{_ADVERBS}(?: been)?|poorly|incompletely|to be)"
            rf"{_ADVERBS}(?: well)?"
            r" (?:elucidated|understood)",
        ),
        Context.SUPPOSED,
        _OF_CLAUSE,
        14,
        back=True,
    ),
)
_NOT_BEFORE = re.compile(r"\bnon-?\Z", re.IGNORECASE)
_NOT_BEHIND = re.compile(
    r"[ -](?:negative(?! (?:regulat|feedback|control|selection|effector))|null|deficient|defective)\b",
    re.IGNORECASE,
)
_OF_LABORATORY = re.compile(r"antibod(?:y|ies)|(?:co-?)?transfect\w*|hybridi[sz]\w*|anneal\w*", re.IGNORECASE)
"""What is a method or a reagent by itself."""
_METHOD = re.compile(
    r"(?:[ -](?:activity|reporter|specific))?[ -](?:assays?|kits?|media|medium|vectors?|constructs?|plasmids?"
    r"|cassettes?|buffers?|reagents?|inhibitors?|antibody|antibodies)\b",
    re.IGNORECASE,
)


def contexts(text: str, spans: Sequence[Span]) -> list[tuple[Context, ...]]:
    """Return what a sentence says of each of some places.

    Args:
        text: The sentence.
        spans: Start and end of each.
    """
    if not spans:
        return []
    reaches = [(cue.context, start, end) for cue in _CUES for start, end in _reach(cue, text)]
    found = []
    for start, end in spans:
        of_place = {context for context, first, last in reaches if first < end and start < last}
        if _NOT_BEFORE.search(text, max(0, start - 4), start) or _NOT_BEHIND.match(text, end):
            of_place.add(Context.NEGATED)
        if _METHOD.match(text, end) or _OF_LABORATORY.fullmatch(text, start, end):
            of_place.add(Context.METHOD)
        found.append(tuple(context for context in Context if context in of_place))
    return found


def _reach(cue: _Cue, text: str) -> Iterator[Span]:
    """Yield the stretches of a text of which words say something."""
    for match in cue.words.finditer(text):
        if cue.back:
            first = max((end.end() for end in cue.ends.finditer(text, 0, match.start())), default=0)
            words = [word.start() for word in re.finditer(r"\S+", text[first : match.start()])]
            yield first + (words[-cue.most] if len(words) > cue.most else 0), match.start()
        else:
            stop = cue.ends.search(text, match.end())
            last = stop.start() if stop else len(text)
            words = [word.end() for word in islice(re.finditer(r"\S+", text[match.end() : last]), cue.most)]
            yield match.end(), match.end() + (words[-1] if words else 0)
