"""Where sentences begin inside of a paragraph.

nupunkt decides about most full stops. What it cannot know of papers stands in `RULES`, a table: of what kind
the word before a stop is, what stands behind it, and whether the sentence ends there. Reference marks behind
a stop are hidden before anything is decided, so that they stay with the sentence that they follow.
"""

from __future__ import annotations

import re
from enum import Enum, auto

from gotune.corpus.plain_text import RAISED_DIGITS

_CLOSING = "\"')\\]}\u00bb\u2019\u201d"
_OPENERS = "\"'([{\u00ab\u2018\u201c"
_OPENING = "\"'(\\[{\u00ab\u2018\u201c"
_NUMBER = r"\d{1,3}(?!\d)[a-z]?"
_NUMBERS = rf"{_NUMBER}(?:(?:\s?[,;\u2013-]\s?|\s){_NUMBER}|\s?[,;\u2013-]\s?[a-z]\b){{0,30}}"

# What may be taken in one way alone gives nothing back (``++``): else a long run of marks had endless ways.
_MARK = re.compile(
    # Behind a word, a bracket or a name that ends in digits, but not behind the digits of 0.5.
    r"(?P<stop>[.?!](?:(?<=[^\W\d_].)|(?<=[)\]%+\"\u201d\u2019].)|(?<=[A-UW-Za-uw-z]\d.)(?=\S+\s+[A-Z][a-z])"
    rf"|(?<=\d.)(?=[<\\{RAISED_DIGITS}])|[{_CLOSING}]))"
    r"(?:"
    rf"{_NUMBERS}(?:</sup>)?+"
    rf"|[ ,\u2013-]?\\?\[{{1,2}}\^?{_NUMBERS}\\?\]{{1,2}}(?:\([^()\s]{{1,200}}\))?"
    r"|\ ?\[@[^\[\]]{1,200}\]"
    rf"|\({_NUMBERS}\)"
    r"|\[[A-Z][^\[\]]{1,100}\d[a-z]?\]|\([A-Z][^()]{1,100},? (?:19|20)\d\d[a-z]?\)"
    rf"|[{RAISED_DIGITS}](?:[,\u2013\u207b-]?[{RAISED_DIGITS}])*+"
    r"|[*\u2020\u2021\u00a7\u00b6]++"
    r"|<sup>[^<]{0,60}</sup>|</sup>"
    r"|[~ ]?\\(?:cite[a-z]*|textsuperscript|footnotemark)\*?(?:\[[^\]]{0,60}\]){0,2}\{[^{}]{0,300}\}"
    r"|\$?\^(?:\{[^{}]{0,60}\}|[\d,\u2013-]{1,20}+)[$^]?+"
    r")+"
    rf"(?=\s+[{_OPENING}]*[A-Z0-9\u0391-\u03a9]|\s*\Z|[A-Z][a-z])"
)

_STOP = re.compile(
    rf"[.?!\u2026][.?!\u2026{_CLOSING}]*(?:\s+|(?=[A-Z][a-z]))"
    r"(?![.?!\u2026,;:)\]}\u00bb\u2019\u201d]|[\"'](?!\w))"
)
"""A stop with the blanks behind it, or before a word that is glued to it."""

_LONGEST = 60
"""Characters before a stop that are looked at."""

_STARTERS = (
    "A After All Although An And Another As At Because Both But By Consequently Conversely Despite "
    "During Each Either Even Finally First For From Further Furthermore Hence Here How However If "
    "In Interestingly It Its Many Moreover Most Neither Nevertheless Next No None Nor Now On Once "
    "Only Other Others Our Second Several Similarly Since So Some Such Surprisingly Taken That The "
    "Their Then There Therefore These They Third This Those Thus To Together Two Under Unlike Using "
    "We What When Whereas Which While With Within"
).split()
_STARTER = rf"(?:{'|'.join(_STARTERS)})\b(?!\.)"
"""Words that are written large at the beginning of a sentence only."""
_GOES_ON = r"(?:and|are|at|by|for|from|in|is|of|on|or|to|was|were|with)\s"
"""Words that begin no sentence, as the small name of a gene does."""


class Before(Enum):
    """Of what kind the word before a stop is."""

    LABEL = auto()
    """The number of a heading, figure or entry, with which the sentence begins."""
    ABBREVIATION = auto()
    """Stands before what it belongs to."""
    NUMBER_SIGN = auto()
    """Stands before a number, or is a word."""
    AT_TIMES_LAST = auto()
    """An abbreviation that may end a sentence."""
    UNIT = auto()
    """Of a number before it."""
    INITIAL = auto()
    """A capital letter that may be one of a name."""
    LETTER = auto()
    """A capital letter that tells things of one kind apart, or a unit: kinase A, 0.1 M."""
    LETTERS = auto()
    """Capital letters with stops between, of a name or a firm: A.T.C.C., J.-P."""
    WORD = auto()
    """In small letters and no abbreviation; or a number, or what ends with a bracket."""
    OTHER = auto()


RULES: dict[Before, tuple[tuple[re.Pattern[str], bool], ...]] = {
    before: tuple((re.compile(behind), ends) for behind, ends in rules)
    for before, rules in {
        Before.LABEL: (("", False),),
        Before.ABBREVIATION: (("", False),),
        Before.NUMBER_SIGN: ((r"[A-Z]{0,2}\d|nos?\b", False),),
        Before.AT_TIMES_LAST: ((_STARTER, True), ("", False)),
        Before.UNIT: (("[A-Z]", True),),
        Before.INITIAL: ((_STARTER, True), ("", False)),
        Before.LETTER: (("[A-Z]", True), ("", False)),
        Before.LETTERS: ((_STARTER, True), ("[a-z]", False)),
        Before.WORD: ((r"[A-Z]|(?:\d{1,2}[.)]|\([A-Za-z]\))\s+[A-Z]", True), (_GOES_ON, False)),
        Before.OTHER: ((_STARTER, True), (_GOES_ON, False)),
    }.items()
}
"""By what is before a stop: what may stand behind it, and whether the sentence ends there.

The first line that fits decides; where none does, nupunkt.
"""

_KINDS = {
    **dict.fromkeys(
        "acc approx bv ca cf cult cv dr e.g eg eq eqs esp excl fig figs f.sp i.e incl mr mrs ms prof pv "
        "ref refs ssp st subsp suppl tab tabs var viz vs vol vols".split(),
        Before.ABBREVIATION,
    ),
    **dict.fromkeys("cat df max no nos nr p pp".split(), Before.NUMBER_SIGN),
    **dict.fromkeys(
        "acad al a.m avg biol biophys chem co comm conc corp dept etc genet gmbh i.m i.p i.v inc inst "
        "intl jr lett ltd microbiol natl nov obs opin p.m pers pharmacol ph.d physiol p.o proc resp s.c "
        "s.d s.e s.e.m soc sp spp sr temp u.k univ unpubl u.s u.s.a".split(),
        Before.AT_TIMES_LAST,
    ),
    **dict.fromkeys(
        "bp d da ev g h hr hrs hz kb kda kev kg kv l mb mev mg min mins ml mm mo mol nm pm rpm s sec secs v "
        "wk \u00b5g \u00b5l \u00b5m \u03bcg \u03bcl \u03bcm".split(),
        Before.UNIT,
    ),
    **dict.fromkeys("bed bin cap cow fed fin lab leg low raw row so sun ten".split(), Before.WORD),
}
"""Words in small letters, without their last stop. Those that nupunkt takes for abbreviations are words."""

NUMBERED = (
    r"(?:Suppl\w*\.?\s|Extended\sData\s)?"
    r"(?:Fig(?:ure|s)?\.?|FIG(?:URE)?\.?|Table|TABLE|Scheme|Box|Movie|Video|Plate|Additional\s[Ff]ile)\s?(?:S\s?)?\d+[A-Za-z]?"
)
"""A pattern of the label of a figure or table, such as ``Fig. S3A``."""
_LABEL = re.compile(
    rf"[{_OPENING}]?(?:{NUMBERED}|(?:Aim|Appendix|Chapter|Experiment|Part|Step|Study)\s\d+|\d{{1,3}}(?:\.\d{{1,3}}){{0,4}}|[A-Z]|[ivxIVX]{{1,5}})[)\]]?"
)
_LONGEST_LABEL = 40
_WORDS = re.compile(rf"(?:(?P<earlier>\S+)\s+)?[{_OPENING}]*(?P<last>\S+)\Z")
_DOTTED = re.compile(r"(?:[A-Z]\.-?){1,4}[A-Z]\Z")
_IS_NUMBER = re.compile(r"[~<>=\u2264\u2265\u00b1]*[\d.,\u2013-]*\d\Z")
_NAME_BEFORE = frozenset(
    "a an and by dr et for from in mr mrs of or prof thank thanked thanks the to us with &".split()
)
"""Words behind which a letter is an initial."""
_LETTERS = re.compile(r"\b[A-Z]\s*(?:,|,?\s(?:and|or|to))\s(?:an?\s)?[A-Z]\Z")
"""Several letters, the last of which ends the sentence: cyclins A and B, an X or a Y."""

_GLUED = re.compile(rf"(?!A\b){_STARTER}(?=[\s,])")
_GLUED_WORD = re.compile(r"[A-Z][a-z]+(?:-\d{1,2})?,?\s[a-z(]")
_IS_WORD = re.compile(r"[a-z]{4,}\Z|(?:\w*[a-z]-)+[a-z]{4,}\Z")
_GLUED_TO = re.compile(rf"{_IS_WORD.pattern}|[A-Za-z]{{2,}}\d+\Z|\S*\d[A-Za-z]?[)\]]\Z")
_IS_CLEAR = re.compile(rf"{_IS_WORD.pattern}|\S*[\d)\]%]\Z")
_ADDRESS = re.compile(r"[/@\\:_]|www\.")


def sentence_starts(text: str) -> list[int]:
    """Return where the sentences of a paragraph begin, the first one at 0.

    Args:
        text: A reading, see `gotune.corpus.reading`; time and memory grow with the square of a run of
            characters without a blank.
    """
    hidden = _MARK.sub(_hide, text)
    starts, open_starts = [0], []
    for stop in _STOP.finditer(hidden):
        start = stop.end()
        ends = _ends(hidden, starts[-1], stop) if start < len(text) else False
        if ends is None:
            open_starts.append(start)
        elif ends:
            starts += _decide(hidden, starts[-1], start, open_starts)
            starts.append(start)
            open_starts = []
    return starts + _decide(hidden, starts[-1], len(text), open_starts)


def _decide(text: str, first: int, last: int, open_starts: list[int]) -> list[int]:
    """Return the starts that nupunkt holds for some, of those about which the rules say nothing."""
    if not open_starts:
        return []
    import nupunkt

    found = {first + start for start, _ in nupunkt.sent_spans(text[first:last])}
    return [start for start in open_starts if start in found]


def _hide(mark: re.Match[str]) -> str:
    """Return blanks for a reference mark, but not for what an abbreviation stands before: Fig.2."""
    before = mark.string[max(0, mark.start() - _LONGEST) : mark.start()]
    last = before[before.rfind(" ") + 1 :].lstrip(_OPENERS).lower()
    if _KINDS.get(last) in (Before.ABBREVIATION, Before.NUMBER_SIGN):
        return mark.group()
    return mark["stop"].ljust(len(mark.group()))


def _ends(text: str, first: int, stop: re.Match[str]) -> bool | None:
    """Tell whether a sentence that begins at ``first`` ends at a stop; None if the rules say nothing."""
    end = stop.start()
    last = text[text.rfind(" ", max(0, end - _LONGEST), end) + 1 : end]
    if not text[stop.end() - 1].isspace():
        return _ends_glued(last, text, stop.end())
    if stop.group().count(".") > 1:
        return None  # the stop of an abbreviation in brackets, and then another: (5 mg i.p.).
    for behind, ends in RULES[_kind(text, first, end, last.lstrip(_OPENERS))]:
        if behind.match(text, stop.end()):
            return ends
    return None


def _kind(text: str, first: int, end: int, last: str) -> Before:
    """Tell what the last word is before a stop at ``end``, in a sentence that begins at ``first``."""
    if end - first < _LONGEST_LABEL and _LABEL.fullmatch(text, first, end):
        return Before.LABEL
    kind = _KINDS.get(last.lower())
    if kind is None and _IS_CLEAR.match(last):
        return Before.WORD
    before = text[max(0, end - _LONGEST) : end]
    if len(last) == 1 and "A" <= last <= "Z":
        return _kind_of_letter(before)
    if kind is Before.UNIT:
        words = _WORDS.search(before)
        return kind if words and words["earlier"] and _IS_NUMBER.match(words["earlier"]) else Before.OTHER
    if kind is None and _DOTTED.match(last):
        return Before.LETTERS
    return kind or Before.OTHER


def _kind_of_letter(before: str) -> Before:
    words = _WORDS.search(before)
    earlier = words["earlier"] if words else None
    if earlier is None or not before[-2].isspace() or not (earlier.isalpha() or _IS_NUMBER.match(earlier)):
        return Before.INITIAL
    if earlier[0].isupper():
        return Before.INITIAL
    if earlier.lower() in _NAME_BEFORE and not _LETTERS.search(before):
        return Before.INITIAL
    return Before.LETTER


def _ends_glued(last: str, text: str, start: int) -> bool:
    """Tell whether a sentence ends at a stop without a blank behind it."""
    if _ADDRESS.search(last) or _KINDS.get(last.lower()) is Before.ABBREVIATION:
        return False
    if _GLUED.match(text, start):
        return True
    return _GLUED_TO.match(last.lstrip(_OPENERS)) is not None and _GLUED_WORD.match(text, start) is not None
