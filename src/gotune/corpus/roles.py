"""What the blocks of a text are: prose, headings, captions, references, or what stands around these.

Plain text has no markup, so that layout and wording must do. What is no prose is told apart because
shares of the sentences would otherwise count names, dates and numbers; and a page that ends in the middle
of a sentence has its number and its head between the two halves, which are joined here.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby

from gotune.corpus.front_matter import LISTS, is_front_matter
from gotune.corpus.full_stops import NUMBERED, sentence_starts
from gotune.corpus.furniture import FIELD, STOPS, is_furniture, is_of_page, stands_alone
from gotune.corpus.layout import find_stretches, is_broken, is_open
from gotune.corpus.plain_text import BLANKS, BREAKS
from gotune.records import Role, Span

LONGEST_HEADING = 200
"""Characters; titles of papers are rarely longer."""

_MOST_LINES = 3
"""Of a heading."""

_MOST_IN_A_ROW = 3
"""Headings that may follow each other, as title, section and subsection do; more are a list or a table."""

_LONGEST_ENTRY = 1_000
"""Characters of a reference or caption that are looked at."""

_MOST_BETWEEN = 6
"""Blocks between two halves of a sentence: foot of a page, its number, the head of the next, a caption."""

_LONGEST_HEAD = 150
"""Characters of the head of a page."""

_LEAST_HALF = 25
"""Characters of a first half that does not end within a word."""

_CLOSING = "\"')]}\u00bb\u2019\u201d"
_CLOSING_TAGS = re.compile(r"(?:</[a-z]\w{0,9}>)+\Z")
_HEADING_STOPS = tuple(stop for stop in STOPS if stop != "?")
_ENDS = tuple(stop for stop in STOPS if stop not in (",", ";"))
"""Behind these, no second half of a sentence follows."""

_REFERENCES_NAMES = (
    "references(?: and notes)?|reference list|bibliography|literature cited|works cited|cited literature"
)
_SECTION_NAMES = (
    "abstract|summary|background|introduction|results?"
    "|(?:(?:materials|patients|subjects) and )?methods?"
    "|(?:online|star|supplementa(?:l|ry)|extended|detailed)[ \u2605]methods?"
    "|experimental (?:procedures?|section|methods?)|statistical analys[ie]s"
    "|(?:results and )?discussion|conclusions?|objectives?|purpose|significance|acknowledge?ments?"
    "|figure legends?|(?:supporting|supplementa(?:l|ry)) (?:information|materials?|data)"
    "|(?:data|code) availability(?: statement)?|(?:competing|conflicts? of) interests?"
    f"|appendix|funding|(?:author )?contributions|{_REFERENCES_NAMES}"
)
_NUMBERING = r"(?:#{1,6}\s+|\\(?:sub)*section\*?\{)?(?:[\dIVX]+(?:\.\d+)*\.?\s+)?\**"
_SECTION = re.compile(rf"{_NUMBERING}(?:{_SECTION_NAMES})\s*[.:]?[*}}]*", re.IGNORECASE)
_REFERENCES = re.compile(rf"{_NUMBERING}(?:{_REFERENCES_NAMES})\s*[.:]?[*}}]*", re.IGNORECASE)

_NAME = r"(?:[A-Z][\w'\u2019-]+,?\s(?:[A-Z]\.?[\s-]?){1,4}|(?:[A-Z]\.[\s-]?){1,3}[A-Z][\w'\u2019-]+)"
_ENTRY = re.compile(rf"(?:\[\d{{1,3}}\]|\d{{1,3}}[.)]?)\s+{_NAME}(?:[,;.(]|\s?(?:and|&|et al)\b)|\\bibitem\b")
_AUTHORS_FIRST = re.compile(rf"{_NAME}(?:[,;.]|\s?et al\b|\s?\(\s?(?:19|20)\d\d|\s?(?:and|&)\s{_NAME})")
"""``Cyclin A and cyclin B`` and ``Vitamin D (`` are none."""
_YEAR = re.compile(r"\b(?:19|20)\d\d[a-z]?\b")
_VOLUME = re.compile(
    r"(?:19|20)\d\d\s?;\s?\d|\b\d+\s?(?:\(\d+\))?\s?[:,]\s?[A-Z]?\d+\s?[\u2013-]\s?[A-Z]?\d++"
    r"(?![\d\s,\u2013-]*\])|\bdoi\b"
)

_CITED = re.compile(r"(?:19|20)\d\d(?:\s[A-Z][a-z]{2}(?:\s\d{1,2})?)?;\s?\d+(?:\(\w+\))?:\s?\w?\d+")
"""Where a paper stands, as PubMed has it: ``2015 Mar 3;12(4):345-51``."""
_LONGEST_CITED = 300

_CAPTION = re.compile(
    rf"!\[|{NUMBERED}(?:\s?[.:|\u2013\u2014]\s|\s+(?=[A-Z][a-z]+\b)|\s*[.:]?\Z)|\\caption\b"
)
_BARE_LABEL = re.compile(rf"{NUMBERED}[.:]?")
_PANEL = re.compile(r"\([A-Z](?:[,\u2013-]\s?[A-Z])?\)\s")
_MOST_BELOW_LABEL = 2

_FORMULAS = (
    r"(?:document|(?:eqn)?array|cases|split|displaymath|subequations|\w*matrix)\b"
    "|equation|align|gather|multline|math"
)
_LATEX = re.compile(
    rf"\A(?:[{BLANKS}]|%[^{BREAKS}]*+)*+\\(?:documentclass|begin)\b"
    rf"|(?:\A|[{BREAKS}])[^\S{BREAKS}]*+\\(?:(?:sub)*section\b|begin\{{(?!{_FORMULAS}))"
)
"""Pages of journals show formulas as whole documents of LaTeX, and Markdown as equations: they are none."""
_COMMENT = re.compile(
    rf"(?:(?:\r\n|[{BREAKS}])[^\S{BREAKS}]*)?"
    rf"(?<![\\\d])(?<!\d[ \u00a0\u2009\u202f])(?P<comment>%(?!\d[\dA-F]|[A-F]\d)(?:[^{BREAKS}]*[^{BLANKS}])?)"
)
"""A comment of LaTeX, with the end of the line above if it has a line of its own.

``50%`` and ``50 %`` are none, which only a slip would make one, nor is what stands in an address, ``a%20b``.
"""
_VISIBLE = re.compile(rf"[^{BLANKS}](?:.*[^{BLANKS}])?", re.DOTALL)
_MEDLINE = "PMID- "
"""The first field of MEDLINE, in which fields have several lines."""
_MARKED_HEADING = re.compile(r"(?:#{1,6}\s|\\(?:(?:sub)*section|chapter|title)\b|<h[1-6]\b).*")
_BEGINS_ANEW = re.compile(r"\\(?:(?:sub)*section|chapter|title|caption|bibitem|item)\b|!\[")
_ITEM = re.compile(r"\(?\d{1,2}[.)]\s")
_BULLET = re.compile(r"(?:[-*+>\u2022\u2023\u25aa\u25e6\u2013]|\\item\b)\s")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a text that is of one kind, such as a paragraph.

    Attributes:
        spans: Where it is, in characters of the text; several if something stands amid its sentences.
        role: What it is.
        is_whole: Whether it is one piece by its wording alone, as an entry of a list of references is.
    """

    spans: tuple[Span, ...]
    role: Role
    is_whole: bool


def find_blocks(text: str) -> tuple[Block, ...]:
    """Cut a text into blocks, in the order of their beginnings.

    A heading is a line by itself of at most `LONGEST_HEADING` characters that has a letter, does not begin
    in lower case, ends without a stop or a comma, is no line of authors, dates or addresses, and has a
    paragraph below it, after two other headings at most. Captions begin with their label, references with
    a number or authors and have a year and a volume, or stand below the heading of their list. Rows of
    tables, page numbers, running heads and front matter are `Role.OTHER`. The rest is prose.

    A sentence whose halves have only such blocks between them is one block, of two spans, if its second
    half begins in lower case. A line amid a sentence that comes twice in the text, or beside the number of
    a page, is the head of the page and no heading. Comments of LaTeX are blocks that part no others.
    """
    heads = _heads(text)
    is_latex = _LATEX.search(text) is not None
    comments = [comment.span("comment") for comment in _COMMENT.finditer(text)] if is_latex else []
    stretches = find_stretches(
        _COMMENT.sub(lambda comment: " " * len(comment.group()), text) if comments else text,
        lambda above, below: _parts(above, below, heads),
        flows=is_latex or text.startswith(_MEDLINE) or f"\n{_MEDLINE}" in text,
    )
    spans = [_without(comments, text, one) if comments else (one,) for one in stretches]
    blocks = ["\n".join([text[start:end] for start, end in parts]) for parts in spans]
    found = list(_joined(blocks, spans, list(_roles(blocks)), heads))
    if comments:
        found += [Block((comment,), Role.OTHER, True) for comment in comments]
        found.sort(key=lambda block: block.spans)
    return tuple(found)


def is_section(piece: str) -> bool:
    """Tell whether a piece is the name of a section that papers have, such as ``3. Results:``."""
    return _SECTION.fullmatch(piece) is not None


def _without(comments: Sequence[Span], text: str, stretch: Span) -> tuple[Span, ...]:
    """Return what a stretch has beside comments, without the blanks around it."""
    start, end = stretch
    inside = comments[bisect(comments, (start, start)) : bisect(comments, (end, end))]
    bounds = [start, *chain.from_iterable(inside), end]
    runs = (_VISIBLE.search(text, *gap) for gap in zip(bounds[::2], bounds[1::2], strict=True))
    return tuple(run.span() for run in runs if run)


def _heads(text: str) -> frozenset[str]:
    """Return what may be heads of pages: lines that come more than once, whatever number is beside them."""
    counts = Counter(
        _without_page(line)
        for line in text.splitlines()
        if 0 < len(line) <= _LONGEST_HEAD and not line[0].islower()
    )
    return frozenset(head for head, count in counts.items() if count > 1 and head[:1].isupper())


def _without_page(line: str) -> str:
    return line.strip(" \t0123456789|")


def _parts(above: str, below: str, heads: frozenset[str]) -> bool:
    """Tell whether two lines are of different blocks, whatever their layout."""
    for line in (above, below):
        head = _without_page(line)
        if stands_alone(line) or _MARKED_HEADING.fullmatch(line) or (head != line and head in heads):
            return True
    if _BEGINS_ANEW.match(below) or _BULLET.match(below) or FIELD.match(below):
        return True
    if below[0].islower() or not above.endswith(STOPS):
        return False
    return (_ENTRY.match(below) or _CAPTION.match(below) or _SECTION.fullmatch(below)) is not None


def _roles(blocks: Sequence[str]) -> Iterator[tuple[Role, bool]]:
    """Tell of each block what it is, and whether its own wording tells that it is whole."""
    told = list(_with_legends(blocks, _own_roles(blocks)))
    headings = _keep_headings([role is Role.HEADING and not is_whole for role, is_whole in told])
    in_references = False
    for block, (role, is_whole), is_heading in zip(blocks, told, headings, strict=True):
        is_marked = role is Role.HEADING and is_whole
        if is_marked or (is_heading and (_SECTION.fullmatch(block) or not in_references)):
            in_references = _REFERENCES.fullmatch(block) is not None
            yield Role.HEADING, False
        elif in_references and role is not Role.CAPTION:
            yield Role.REFERENCE, True
        else:
            yield (Role.SENTENCE if role is Role.HEADING else role), is_whole


def _own_roles(blocks: Sequence[str]) -> Iterator[tuple[Role, bool]]:
    """Tell what each block may be by itself."""
    # Between the title and the first sentence, names without initials are taken for those of authors.
    opening, above, in_list = False, "", False
    for number, block in enumerate(blocks):
        in_list = (in_list or above.endswith(":")) and _ITEM.match(block) is not None
        is_short = not in_list and _is_short_line(block)
        if is_short and (_MARKED_HEADING.fullmatch(block) or _SECTION.fullmatch(block)):
            yield Role.HEADING, True
        elif (
            (LISTS.fullmatch(above) and "," in block)
            or is_furniture(block)
            or is_front_matter(block, is_short=is_short, opening=opening)
        ):
            yield Role.OTHER, True
        elif _is_reference(block):
            yield Role.REFERENCE, True
        elif _CAPTION.match(block):
            yield Role.CAPTION, False
        else:
            yield (Role.HEADING if is_short else Role.SENTENCE), False
        opening, above = is_short and (opening or number == 0), block


def _with_legends(blocks: Sequence[str], roles: Iterator[tuple[Role, bool]]) -> Iterator[tuple[Role, bool]]:
    """Make captions of what stands below a label by itself: the title, then the legend; and of all panels."""
    above, left = Role.OTHER, 0
    for block, (role, is_whole) in zip(blocks, roles, strict=True):
        is_panel = above is Role.CAPTION and _PANEL.match(block) is not None
        if role in (Role.HEADING, Role.SENTENCE) and (left or is_panel) and not _SECTION.fullmatch(block):
            role, left = Role.CAPTION, (0 if block.endswith(STOPS) else left - 1)
        elif role is Role.CAPTION:
            left = _MOST_BELOW_LABEL if _BARE_LABEL.fullmatch(block) else 0
        else:
            left = 0
        yield role, is_whole
        above = role


def _keep_headings(candidates: Sequence[bool]) -> list[bool]:
    """Keep the candidates in runs that are short and have something below them."""
    kept: list[bool] = []
    for may_head, run in groupby(candidates):
        length = len(list(run))
        is_last = len(kept) + length == len(candidates)
        kept += [may_head and length <= _MOST_IN_A_ROW and not is_last] * length
    return kept


def _joined(
    blocks: Sequence[str],
    spans: Sequence[tuple[Span, ...]],
    roles: list[tuple[Role, bool]],
    heads: frozenset[str],
) -> Iterator[Block]:
    """Give the blocks, with the halves of a sentence as one where only what is no prose parts them."""
    taken: set[int] = set()
    for number in range(len(blocks)):
        if number in taken:
            continue
        parts = [number]
        while (following := _second_half(blocks, roles, parts[-1], heads)) is not None:
            for between in range(parts[-1] + 1, following):
                if roles[between][0] is Role.HEADING:
                    roles[between] = (Role.OTHER, roles[between][1])
            parts.append(following)
        taken.update(parts)
        if len(parts) > 1:
            roles[number] = (Role.SENTENCE, False)
        yield Block(tuple(chain.from_iterable(spans[part] for part in parts)), *roles[number])


def _second_half(
    blocks: Sequence[str], roles: Sequence[tuple[Role, bool]], first: int, heads: frozenset[str]
) -> int | None:
    """Return the block in which the last sentence of another goes on; None if it ends there."""
    half = blocks[first]
    if half.rstrip(_CLOSING).endswith(_ENDS) or roles[first][0] not in (Role.SENTENCE, Role.HEADING):
        return None
    goes_on = is_broken(half, len(half)) or is_open(half, len(half))
    if not goes_on and len(half) < _LEAST_HALF:
        return None
    may_head, at_page_end = False, goes_on
    for number in range(first + 1, min(first + 2 + _MOST_BETWEEN, len(blocks))):
        role, block = roles[number][0], blocks[number]
        if role is Role.SENTENCE:
            follows = block[0].islower() and (goes_on or number > first + 1)
            return number if follows and (at_page_end or not may_head) else None
        if role is Role.HEADING:
            if _SECTION.fullmatch(block):
                return None
            may_head |= _without_page(block) not in heads
        at_page_end |= is_of_page(block)
    return None


def _is_reference(block: str) -> bool:
    if len(block) <= _LONGEST_CITED and _CITED.search(block):
        return True
    if len(block) > _LONGEST_ENTRY or not _YEAR.search(block):
        return False
    if _ENTRY.match(block):
        return True
    return _AUTHORS_FIRST.match(block) is not None and _VOLUME.search(block) is not None


def _is_short_line(line: str) -> bool:
    return (
        0 < len(line) <= LONGEST_HEADING
        and not line[0].islower()
        and _BULLET.match(line) is None
        and any(map(str.isalpha, line))
        and len(line.splitlines()) <= _MOST_LINES
        and (
            not _CLOSING_TAGS.sub("", line).rstrip(_CLOSING).endswith(_HEADING_STOPS)
            or _SECTION.fullmatch(line) is not None
        )
        and len(sentence_starts(line)) == 1
    )
