r"""OBO text to fastobo's stanzas, with line numbers, repairs and the choice to skip what is bad.

fastobo reads a stanza at a time and goes on after a bad one. So the whole file is read at its speed, and only
a stanza that fails is taken out by its position and read again alone, to find, repair or skip its bad lines.

The releases of GO themselves break the OBO 1.4 syntax in one way: the id of a cross-reference holds a blank
that is not escaped (``xref: EC 2.7.1.190`` in 2021-12-15; ``[EC: 1.14.20.13]`` in 2020-01-01). The format has
an escape for it, a backslash before the blank, and `repair` adds it: nothing is lost, and official releases
read in strict mode.
"""

from __future__ import annotations

import io
import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import TypeVar

import fastobo

from gotune.errors import OboError
from gotune.ontology.terms import SkippedLines

T = TypeVar("T")

_FIRST = 5  # bad lines that are named
_PATIENCE = 100  # bad lines in one stanza before it is given up, so that no file takes for ever
_SHOWN = 80  # characters of a bad line in a message
_LONGEST_STANZA = (
    1 << 22
)  # bytes; bounds what is held of a file beside its text; those of GO have up to 40,000

# A database name, then the blank, then a number: nothing that could be meant otherwise is touched.
_XREF = re.compile(rb"^(xref: [A-Za-z]+) (\d\S*\s*)$")
_QUOTED_THEN_LIST = re.compile(rb'^((?:def|synonym): "(?:[^"\\]++|\\.)*+"[^["]*+\[)(.*)$', re.DOTALL)
_LISTED = re.compile(rb"(^|, ?)([A-Za-z]+:) (?=\d)")
# fastobo cuts where a line starts with "[" after any blanks of Unicode, so we have to count them all too.
# Possessive, for sre would note each blank, to come back to it.
_BLANKS = (
    rb"(?:[\t\v\f\r ]|\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2(?:\x80[\x80-\x8a\xa8\xa9\xaf]|\x81\x9f)"
    rb"|\xe3\x80\x80)*+"
)
_EMPTY_LINES = re.compile(rb"^(?:" + _BLANKS + rb"(?:![^\n]*+)?+\n)++", re.MULTILINE)
_STANZA = re.compile(rb"^" + _BLANKS + rb"\[", re.MULTILINE)


@dataclass
class Problems:
    """What is wrong with a file: raised at once, or counted in a lenient reading.

    Attributes:
        where: Name of the file for messages.
        lenient: Count instead of raising.
    """

    where: str
    lenient: bool
    _lines: list[int] = field(default_factory=list)

    def report(self, line: int, *, expected: str, found: str) -> None:
        """Raise an OboError, or note in a lenient reading that something in this line is left out."""
        if not self.lenient:
            raise OboError(
                self.where,
                expected=expected,
                found=found,
                do="Correct the line, or read leniently to leave out what is bad.",
                line=line,
            )
        self._lines.append(line)

    @property
    def skipped(self) -> SkippedLines:
        """What was noted so far, in the order of the file."""
        lines = sorted(self._lines)
        return SkippedLines(len(lines), tuple(lines[:_FIRST]))


class OboText:
    """The text of an OBO file, cut into its header and its stanzas, which are numbered from 0."""

    def __init__(self, raw: bytes, problems: Problems) -> None:
        self._text, self._gaps = _without_empty_lines(_without_cut_line(raw, problems))
        self._starts = [match.start() for match in _STANZA.finditer(self._text)]
        self._problems = problems
        self._looked_at: tuple[int, dict[tuple[bytes, ...], int]] = (-1, {})
        for start, end in pairwise([0, *self._starts, len(self._text)]):
            if end - start > _LONGEST_STANZA:
                raise OboError(
                    problems.where,
                    expected=f"stanzas of at most {_LONGEST_STANZA:,} bytes",
                    found=f"one of {end - start:,}",
                    do="Give the OBO file of a release, such as go-basic.obo.",
                    line=self._line_at(start),
                )

    def header(self) -> list[fastobo.header.BaseHeaderClause]:
        """Return the clauses before the first stanza."""
        end = self._starts[0] if self._starts else len(self._text)
        read = self._mend(0, end, lambda chunk: list(_frames(chunk).header()))
        return read or []

    def terms(self) -> Iterator[tuple[int, fastobo.term.TermFrame]]:
        """Yield the readable [Term] stanzas with their numbers."""
        if not self._starts:
            return
        stream = io.BytesIO(self._text)
        stream.seek(self._starts[0])
        frames = fastobo.iter(stream, threads=1)
        for number in range(len(self._starts)):
            try:
                frame = next(frames)
            except SyntaxError:
                frame = self._mend(*self._span(number), lambda chunk: next(_frames(chunk), None))
            if isinstance(frame, fastobo.term.TermFrame):
                yield number, frame

    def line_of(self, number: int, words: str) -> int:
        """Return the number of a stanza's last line that starts with these words, else of its first line.

        The words are a tag, or a tag and one or two words behind it.
        """
        if number != self._looked_at[0]:
            start, end = self._span(number)
            self._looked_at = (number, _places(self._text[start:end]))
        place = self._looked_at[1].get(tuple(words.encode().split()), 0)
        return self._line_at(self._starts[number] + place)

    @cached_property
    def _line_ends(self) -> array[int]:
        return array("Q", (match.start() for match in re.finditer(b"\n", self._text)))

    def _line_at(self, offset: int) -> int:
        gap = bisect_right(self._gaps, offset, key=itemgetter(0))
        return bisect_left(self._line_ends, offset) + 1 + (self._gaps[gap - 1][1] if gap else 0)

    def _span(self, number: int) -> tuple[int, int]:
        """Return where a stanza starts and ends."""
        end = self._starts[number + 1] if number + 1 < len(self._starts) else len(self._text)
        return self._starts[number], end

    def _mend(self, start: int, end: int, read: Callable[[bytes], T]) -> T | None:
        """Read a piece of the file, repairing its lines or leaving them out; None if it is given up."""
        lines = self._text[start:end].split(b"\n")
        places = [start, *(start + place for place in accumulate(len(line) + 1 for line in lines))]
        for _ in range(_PATIENCE):
            try:
                return read(b"\n".join(lines))
            except SyntaxError as exc:
                bad = min(exc.lineno or 1, len(lines)) - 1
                repaired = repair(lines[bad])
                if repaired == lines[bad]:
                    line = self._line_at(places[bad])
                    self._problems.report(line, expected=_expected(exc), found=_shown(lines[bad]))
                    if _is_head(lines, bad):
                        return None
                    repaired = b""
                lines[bad] = repaired
        expected = f"fewer than {_PATIENCE} bad lines in one stanza"
        self._problems.report(self._line_at(start), expected=expected, found="more")
        return None


def repair(line: bytes) -> bytes:
    """Escape the blank in ids like ``EC 2.7.1.190`` and ``EC: 1.14.20.13``; other lines stay as they are."""
    line = _XREF.sub(rb"\1\\ \2", line)
    if match := _QUOTED_THEN_LIST.match(line):
        head, references = match.groups()
        return head + _LISTED.sub(rb"\1\2\\ ", references)
    return line


def _frames(chunk: bytes) -> fastobo.FrameReader:
    return fastobo.iter(io.BytesIO(chunk), threads=1)


def _is_head(lines: list[bytes], bad: int) -> bool:
    """Tell whether a stanza is lost with this line: it is ``[...]`` itself, or no id has come before it."""
    return _STANZA.match(lines[0]) is not None and not any(
        line.lstrip().startswith(b"id:") for line in lines[:bad]
    )


def _without_empty_lines(text: bytes) -> tuple[bytes, list[tuple[int, int]]]:
    """Leave one empty line of several, and of comments, for fastobo takes a hundred bytes for each.

    A line of comment inside a stanza makes fastobo 0.14 panic; an empty line is fine there.

    Returns:
        The text, and where in it lines were left out: the offset, and how many were up to there.
    """
    pieces: list[bytes] = []
    gaps: list[tuple[int, int]] = []
    start = size = n_left_out = 0
    for match in _EMPTY_LINES.finditer(text):
        empty = match.end() - match.start()
        if empty == 1:
            continue
        pieces += [text[start : match.start()], b"\n"]
        size += match.start() - start + 1
        n_left_out += text.count(b"\n", *match.span()) - 1
        gaps.append((size, n_left_out))
        start = match.end()
    return (b"".join([*pieces, text[start:]]) if pieces else text), gaps


def _places(stanza: bytes) -> dict[tuple[bytes, ...], int]:
    """Return by the first one, two and three words of lines where the last line begins that starts so."""
    places = {}
    for match in re.finditer(rb"[^\n]+", stanza):
        words = tuple(match.group().split(None, 3)[:3])
        for n in range(1, len(words) + 1):
            places[words[:n]] = match.start()
    return places


def _without_cut_line(raw: bytes, problems: Problems) -> bytes:
    """Leave out a last line without an end: one cannot tell whether ``is_a: GO:00`` is whole."""
    if raw.endswith(b"\n"):
        return raw
    whole, end, last = raw.rpartition(b"\n")
    problems.report(
        raw.count(b"\n") + 1,
        expected="a line end after the last line",
        found=f"the end of the file after {_shown(last)}, as if it was cut off",
    )
    return whole + end


def _expected(exc: SyntaxError) -> str:
    return "OBO syntax: " + exc.msg.removeprefix("expected ")


def _shown(line: bytes) -> str:
    text = line.decode(errors="replace").strip()
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "...")
