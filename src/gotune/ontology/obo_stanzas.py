"""OBO text to fastobo's stanzas, with line numbers, repairs and the choice to skip what is bad.

fastobo reads a stanza at a time and goes on after a bad one. So the whole file is read at its speed, and only
a stanza that fails is taken out by its position and read again: its bad lines are searched by halves, then
repaired (see `gotune.ontology.obo_repairs`), or else skipped or raised.

A repair loses nothing that is read, so it is made in a strict reading as well, and counted.
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

from gotune.aspects import ASPECTS
from gotune.errors import OboError
from gotune.ontology.obo_repairs import repair
from gotune.ontology.terms import CountedLines

T = TypeVar("T")

_FIRST = 5  # bad lines that are named
_LONGEST_BREAK = 20  # lines that a text in quotes may go on for
_SHOWN = 80  # characters of a bad line in a message
_LONGEST_STANZA = (
    1 << 22
)  # bytes; bounds what is held of a file beside its text; those of GO have up to 40,000

# fastobo cuts where a line starts with "[" after any blanks of Unicode, so we have to count them all too.
# Possessive, for sre would note each blank, to come back to it.
_BLANKS = (
    rb"(?:[\t\v\f\r ]|\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2(?:\x80[\x80-\x8a\xa8\xa9\xaf]|\x81\x9f)"
    rb"|\xe3\x80\x80)*+"
)
_ANY_HEAD, _ANY_ID = b"[Term]", b"id: GO:0000000"
_ID_LINE = re.compile(rb"\s*+id\s*+:")
_NOT_READ = re.compile(_BLANKS + rb"\[(?:Typedef|Instance|Annotation)\]")
_TAGGED = re.compile(rb"\s*+[a-z_-]++:(?!\S)")
_WITH_TEXT = re.compile(rb"\s*+(?:def|\w*synonym)\s*+:")
# A last line that was no longer before a cut: a comment, or a value that has an end or can have no other.
_WHOLE = re.compile(
    rb"\s*+(?:!.*|(?:def|synonym):.*\]|is_obsolete: true|namespace: (?:" + "|".join(ASPECTS).encode() + rb")"
    rb"|(?:is_a|alt_id|consider|replaced_by|relationship):(?: \w+)? GO:\d{7}(?: !.*)?)?\s*+"
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
    _skipped: list[int] = field(default_factory=list)
    _repaired: list[int] = field(default_factory=list)

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
        self._skipped.append(line)

    def repair(self, line: int) -> None:
        """Note that this line is read as it is meant, though it is not written so."""
        self._repaired.append(line)

    @property
    def skipped(self) -> CountedLines:
        """What is left out so far, in the order of the file."""
        return _counted(self._skipped)

    @property
    def repaired(self) -> CountedLines:
        """What is repaired so far, in the order of the file."""
        return _counted(self._repaired)


def _counted(lines: list[int]) -> CountedLines:
    return CountedLines(len(lines), tuple(sorted(lines)[:_FIRST]))


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
        return self._mended(self._lines(0, end), [], _header) or []

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
                frame = self._mended_stanza(number)
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

    def _lines(self, start: int, end: int) -> list[_Line]:
        texts = self._text[start:end].split(b"\n")
        places = accumulate((len(text) + 1 for text in texts[:-1]), initial=start)
        return [_Line(text, place) for text, place in zip(texts, places, strict=True)]

    def _mended_stanza(self, number: int) -> fastobo.term.TermFrame | None:
        """Read a stanza that fastobo has refused; None if nothing of it is read."""
        lines = self._lines(*self._span(number))
        head, *others = lines
        fault = _fault([line.text for line in lines], _stanza)
        if fault is None:  # its neighbour was at fault
            return _stanza([line.text for line in lines])
        bad = lines[min(fault.lineno or 1, len(lines)) - 1]
        if _NOT_READ.match(head.text):
            self._problems.repair(self._line_at(bad.place))
            return None
        identifier = next((line for line in others if _ID_LINE.match(line.text)), None)
        if identifier is None or _fault([head.text, _ANY_ID], _stanza):
            self._report(bad, fault)
            return None
        self._mend([identifier], [head.text], _stanza)
        if not identifier.text:
            return None
        if identifier is not others[0]:  # it has to stand first
            self._problems.repair(self._line_at(identifier.place))
            others.remove(identifier)
            others.insert(0, identifier)
        _join_texts(others)
        return self._mended(others[1:], [head.text, identifier.text], _stanza)

    def _mended(self, lines: list[_Line], head: list[bytes], read: Callable[[list[bytes]], T]) -> T | None:
        """Read some lines behind a head, repaired or left out where they are bad."""
        self._mend(lines, head, read)
        try:
            return read([*head, *(line.text for line in lines)])
        except SyntaxError as exc:  # in all of them together, though in none alone
            self._report(lines[0], exc)
            return None

    def _mend(self, lines: list[_Line], head: list[bytes], read: Callable[[list[bytes]], T]) -> None:
        """Search the bad lines by halves, so that few cost little; repair each, or leave it out."""
        fault = _fault([*head, *(line.text for line in lines)], read)
        if fault is None:
            return
        if len(lines) > 1:
            half = len(lines) // 2
            self._mend(lines[:half], head, read)
            self._mend(lines[half:], head, read)
            return
        (line,) = lines
        text = _repaired(line.text, in_header=not head)
        if text == line.text or _fault([*head, text], read):
            self._report(line, fault)
            text = b""
        else:
            self._problems.repair(self._line_at(line.place))
        line.text = text

    def _report(self, line: _Line, fault: SyntaxError) -> None:
        self._problems.report(self._line_at(line.place), expected=_expected(fault), found=_shown(line.text))


@dataclass(slots=True)
class _Line:
    text: bytes
    place: int  # offset in the text without empty lines


def _join_texts(lines: list[_Line]) -> None:
    """Keep together the lines that a text in quotes goes on over, which fastobo reads."""
    broken: list[_Line] = []
    for line in [*lines, _Line(b"id:", 0)]:
        if broken and not _TAGGED.match(line.text):
            broken.append(line)
            continue
        text = b"\n".join(each.text for each in broken)
        if (
            1 < len(broken) <= _LONGEST_BREAK
            and _fault([_ANY_HEAD, _ANY_ID, _repaired(text)], _stanza) is None
        ):
            for each in broken:
                each.text = b""
            broken[0].text = text
        broken = [line] if _WITH_TEXT.match(line.text) else []


def _repaired(line: bytes, *, in_header: bool = False) -> bytes:
    return repair(line.decode(errors="surrogateescape"), in_header=in_header).encode(errors="surrogateescape")


def _frames(lines: list[bytes]) -> fastobo.FrameReader:
    return fastobo.iter(io.BytesIO(b"\n".join([*lines, b""])), threads=1)


def _header(lines: list[bytes]) -> list[fastobo.header.BaseHeaderClause]:
    return list(_frames(lines).header())


def _stanza(lines: list[bytes]) -> fastobo.term.TermFrame | None:
    return next(_frames(lines), None)


def _fault(lines: list[bytes], read: Callable[[list[bytes]], object]) -> SyntaxError | None:
    try:
        read(lines)
    except SyntaxError as exc:
        return exc
    return None


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
    """Leave out a last line without an end, unless it is whole: of ``is_a: GO:00`` one cannot tell."""
    if b"\n" not in raw:  # as old Macs end lines
        raw = raw.replace(b"\r", b"\n")
    if raw.endswith(b"\n"):
        return raw
    before, end, last = raw.rpartition(b"\n")
    number = raw.count(b"\n") + 1
    if _WHOLE.fullmatch(last) or _NOT_READ.match(raw[raw.rfind(b"\n[") + 1 :]):
        if last.strip():
            problems.repair(number)
        return raw + b"\n"
    problems.report(
        number,
        expected="a line end after the last line",
        found=f"the end of the file after {_shown(last)}, as if it was cut off",
    )
    return before + end


def _expected(exc: SyntaxError) -> str:
    syntax = re.sub(r"(EOI, Comment, or )?TermClause", "a tag of OBO and its value", exc.msg)
    return "OBO syntax: " + syntax.removeprefix("expected ")


def _shown(line: bytes) -> str:
    text = line.decode(errors="replace").strip()
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "...")
