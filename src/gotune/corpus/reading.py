"""How a text is read: one spelling of what files write in several ways, with the place of each character.

Line ends break words, soft hyphens hide in them, PDFs have one character for two letters, and blanks have
many widths. Models and names get the reading; results tell offsets of the original. Spellings that both
are used to, such as a Greek letter and its name, stay: `gotune.lexicon.word_forms` makes them one for names.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import itemgetter

from gotune.corpus.plain_text import BLANKS, BREAKS, RAISED_DIGITS, text_key
from gotune.records import Span

_LINE_BREAK = rf"(?:\r\n|[{BREAKS}])"

_LETTERS = {
    **dict(zip("\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06", "ff fi fl ffi ffl st st".split(), strict=True)),
    **dict(zip("\u0251\u03d0\u03d1\u03d5\u03f0\u03f1\u03f5", "αβθφκρε", strict=True)),
    **dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True)),
}
"""Ligatures, the second forms of Greek letters, and digits below the line."""

_ABOVE = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-", strict=True))

GREEK = {
    name: chr(ord("\u03b1") + number)
    for number, name in enumerate(
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigmaf "
        "sigma tau upsilon phi chi psi omega".split()
    )
}
"""Small letters by their names; the sigma at the end of a word is ``sigmaf``, as HTML has it."""
_COMMANDS = GREEK | {name.capitalize(): letter.upper() for name, letter in GREEK.items() if name != "sigmaf"}
_NAMES = "|".join(_COMMANDS)

_HYPHENS = "\u2010\u2011"
_ODD = re.compile(
    rf"(?P<soft>(?<=\w)\u00ad+(?:[ \t]*{_LINE_BREAK}[{BLANKS}]*)?(?=\w))"
    rf"|(?P<hyphen>(?<=[\w+])[-{_HYPHENS}][ \t]*{_LINE_BREAK}[{BLANKS}]*(?=\w))"
    r"|(?P<nothing>[\u180e\u200b-\u200f\u2060-\u2064\ufeff]+)"
    rf"|(?P<blank>(?<! ) *(?:[^\S ]|[\u115f\u1160\u2800\u3164\uffa0])[{BLANKS}]*)"
    rf"|(?P<letter>[{''.join(_LETTERS)}])"
    # Of ions; other digits above the line are reference marks and exponents.
    rf"|(?P<charge>[{RAISED_DIGITS}]?[⁺⁻](?![{RAISED_DIGITS}]))"
    rf"|(?P<dash>[{_HYPHENS}])"
    rf"|(?P<greek>\$?\\(?:{_NAMES})(?![a-zA-Z])\$?|&(?:{_NAMES});)"
)
"""All that is read in another way than it is written, by the name of what it is."""

_SIGN_OF_ODD = re.compile(
    "[\t-\r\x1c-\x1f\x85\xa0\xad\u115f\u1160\u1680\u180e\u2000-\u200f\u2028\u2029\u202f\u205f-\u2064\u2800\u3000\u3164"
    rf"\ufeff\uffa0{_HYPHENS}⁺⁻{''.join(_LETTERS)}\\&]"
)
"""A character without which no place is odd: looked for first, as most texts have none."""

_LAST_WORD = re.compile(r"[^\W_]+\Z")
_LONGEST_PART = 30
"""Letters of a part of a broken word that are looked at."""
_AND = re.compile(r"(?:and|or|to|nor|but)\b")
_SECOND_PART = re.compile(
    r"(?:activated|anchored|associated|based|bearing|binding|bound|coated|competent|conjugated|containing|coupled"
    r"|defective|deficient|dependent|deprived|derived|directed|driven|encoding|enriched|evoked|expressing|fold"
    r"|free|independent|induced|inducible|infected|injected|interacting|labell?ed|like|linked"
    r"|mediated|negative|positive|presenting|processing|producing|regulated|related|resistant|responsive|rich"
    r"|secreting|sensitive|specific|stained|stimulated|tagged|targeting|term|terminal|terminus|transfected"
    r"|treated|type|wide)\b"
)
_FIRST_PART = frozenset(
    "cross double full half high large left ligand long loss low right self short single steady three time "
    "two voltage well wild".split()
)
_ENDING = re.compile(r"(?:e?[drs]|est|ing|ly|en(?:s|ed|ing)?)\b")
"""What makes another word of a first part: ``high-ly``."""
_PREFIX = re.compile(r"(?:de|dis|in|inter|mani|mis|re|sub|un|under|over|\w+o)\Z")
"""What begins a word that ends like a second part: ``inde-pendent``, ``pheno-type``."""


class Reading:
    """Stretches of a text that belong together, as they are read.

    Attributes:
        text: The reading, with a blank or a mended word where stretches meet.
    """

    def __init__(self, whole: str, spans: Sequence[Span]) -> None:
        """Read ``whole[start:end]`` of each span; no span is empty, begins or ends with a blank."""
        written = "\n".join([whole[start:end] for start, end in spans])
        self._spans = spans
        self._edits: list[tuple[int, int, int, int]] = []  # start and end in the reading and in the original
        self.text = written
        if not _is_plain(written):
            self.text = self._read(written, list(_ODD.finditer(written)))
        self._ends = [edit[1] for edit in self._edits]

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        """Return where ``text[start:end]`` stands, which neither begins nor ends with a blank."""
        if not self._edits:
            shift = self._spans[0][0]
            return ((start + shift, end + shift),)
        first, last = self._place(start)[0], self._place(end - 1)[1]
        if len(self._spans) == 1:
            return ((first, last),)
        begin = bisect_right(self._spans, first, key=itemgetter(1))
        end = bisect_left(self._spans, last, key=itemgetter(0))
        return tuple((max(first, left), min(last, right)) for left, right in self._spans[begin:end])

    def find(self, start: int, end: int) -> Span | None:
        """Return where a stretch of the original stands in the reading, or None if nothing of it is read."""
        length = len(self.text)
        first = bisect_right(range(length), start, key=lambda offset: self._place(offset)[1])
        last = bisect_left(range(length), end, key=lambda offset: self._place(offset)[0])
        return (first, last) if first < last else None

    def _read(self, written: str, odd: Sequence[re.Match[str]]) -> str:
        starts = [0]
        for left, right in self._spans[:-1]:
            starts.append(starts[-1] + right - left + 1)

        def original(offset: int) -> int:
            number = bisect_right(starts, offset) - 1
            return self._spans[number][0] + offset - starts[number]

        pieces, end, length = [], 0, 0
        for match in odd:
            read = _reading_of(match)
            pieces += [written[end : match.start()], read]
            length += match.start() - end
            place = (original(match.start()), original(match.end()))
            self._edits.append((length, length + len(read), *place))
            length += len(read)
            end = match.end()
        return "".join([*pieces, written[end:]])

    def _place(self, offset: int) -> Span:
        """Return the stretch of the original of which a character of the reading is made."""
        number = bisect_right(self._ends, offset)
        if number < len(self._edits) and self._edits[number][0] <= offset:
            return self._edits[number][2:]
        shift = self._edits[number - 1][3] - self._edits[number - 1][1] if number else self._spans[0][0]
        return offset + shift, offset + shift + 1


def as_read(text: str) -> str:
    r"""Return the reading of a text: no broken words, one kind of blank, plain letters.

    >>> as_read("The lyso-\nsome takes up NF-\nkappa B with an e\ufb03cient pump.")
    'The lysosome takes up NF-kappa B with an efficient pump.'
    """
    return text if _is_plain(text) else _ODD.sub(_reading_of, text)


def text_keys(text: str) -> set[str]:
    """Return the `text_key` of a text as it is written, and as it is read: tables have either spelling."""
    return {text_key(text), text_key(as_read(text))}


def _is_plain(text: str) -> bool:
    is_simple = text.isascii() and text.isprintable() and "\\" not in text and "&" not in text
    return is_simple or _SIGN_OF_ODD.search(text) is None


def _reading_of(match: re.Match[str]) -> str:
    """Return what an odd place is read as."""
    if match.lastgroup == "blank":
        return " "
    if match.lastgroup == "hyphen":
        return _mended(match)
    if match.lastgroup == "letter":
        return _LETTERS[match.group()]
    if match.lastgroup == "charge":
        return "".join(_ABOVE[sign] for sign in match.group())
    if match.lastgroup == "greek":
        return _COMMANDS[match.group().strip("$\\&;")]
    return "-" if match.lastgroup == "dash" else ""


def _mended(match: re.Match[str]) -> str:
    """Return what stands between the parts of a word that a line end divides.

    The hyphen goes if both parts are in small letters, but for those that are known to have one.
    """
    text, start, end = match.string, match.start(), match.end()
    second = text[end : end + _LONGEST_PART]
    if _AND.match(second):
        return "- "
    found = _LAST_WORD.search(text[max(0, start - _LONGEST_PART) : start])
    first = found.group() if found else ""
    is_small = first[1:].islower() and first.isalpha() and second[0].islower()
    if first in _FIRST_PART:
        has_hyphen = not _ENDING.match(second)
    else:
        has_hyphen = bool(_SECOND_PART.match(second)) and not _PREFIX.match(first.lower())
    return "" if is_small and not has_hyphen else "-"
