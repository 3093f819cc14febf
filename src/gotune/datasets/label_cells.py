"""Cells of a labelled table: aspects, what is judged, probabilities, rationales."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Any

from gotune.aspects import ASPECTS, ASPECTS_BY_NAME
from gotune.errors import TableError
from gotune.typed_json import parse_json

NONE = "none"
"""Says that a text carries none of the three aspects."""

NOT_LABELLED = "?"
"""Says that nobody has judged a text yet."""

Labels = tuple[float, ...]
"""Probability of each aspect in label order; 1 or 0 where a person decided, NaN where nobody has judged."""

Span = tuple[int, int, int]
"""First character, character after the last, and label (position in `ASPECTS`) of a piece of rationale."""

_NAMES = ", ".join(aspect.short for aspect in ASPECTS)
_LONGEST_SHOWN = 40
SHOWN = 5
"""Examples that an error message lists."""


class BadCellError(Exception):
    """A cell that cannot be read; the reader of the table gathers these and tells them together."""

    def __init__(self, *, expected: str, found: str, do: str) -> None:
        super().__init__(found)
        self.expected = expected
        self.found = found
        self.do = do


class BadCells:
    """Gathers what is wrong with the cells of a table, so that it can be told at once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], list[str]] = {}

    def add(self, problem: BadCellError, place: str) -> None:
        """Take note of a cell; ``place`` is where it stands, such as ``line 7``."""
        self._found.setdefault((problem.expected, problem.do), []).append(f"{problem.found} in {place}")

    def check(self, where: str) -> None:
        """Tell of the first kind of problem, with examples.

        Raises:
            TableError: There is one.
        """
        for (expected, do), found in self._found.items():
            raise TableError(where, expected=expected, found=examples(found), do=do)


def examples(found: Sequence[str]) -> str:
    """Return the first of many things, and how many more there are."""
    more = f" and {len(found) - SHOWN:,} more" if len(found) > SHOWN else ""
    return ", ".join(found[:SHOWN]) + more


def parse_aspects(cell: object) -> Labels | None:
    """Read a comma-joined subset of BP, CC and MF, or of the full names, in any case.

    Args:
        cell: A text, a list of names, or None. Nothing and ``none`` stand for none of the three.

    Returns:
        1 or 0 for each aspect, or None for ``?``, not labelled.

    Raises:
        BadCellError: It has another word.
    """
    if not isinstance(cell, list) and _text_of(cell).strip() == NOT_LABELLED:
        return None
    chosen = _aspects_in(
        cell,
        expected=f"aspects out of {_NAMES}, or {NONE}, or {NOT_LABELLED} where nobody has looked",
        do="Mend these cells, or name the column that has the aspects.",
    )
    return tuple(float(aspect.label in chosen) for aspect in ASPECTS)


def parse_judged(cell: object) -> frozenset[int]:
    """Read the labels of the aspects on which a text is judged, written as for `parse_aspects`.

    Nothing and ``none`` stand for none of the three.

    Raises:
        BadCellError: It has another word.
    """
    return _aspects_in(
        cell,
        expected=f"in the column `judged`: aspects out of {_NAMES}, or {NONE} where nobody has looked",
        do="Mend these cells, or give the column another name if it is about something else.",
    )


def keep_judged(labels: Labels, judged: frozenset[int]) -> Labels:
    """Return labels with NaN for the aspects on which a text is not judged.

    Raises:
        BadCellError: An aspect that the text carries is not judged, or one that is judged has no probability.
    """
    carried = {label for label, value in enumerate(labels) if value >= 0.5}
    if not carried <= judged:
        raise BadCellError(
            expected="in the column `judged`: every aspect that the text carries",
            found=f"{aspects_of(labels)} where {listed(judged)} is judged",
            do="Mend these cells: add the aspect to `judged`, or take it out of the aspects.",
        )
    if lacking := judged - judged_of(labels):
        raise BadCellError(
            expected="a probability of each aspect that is judged",
            found=f"nothing for {listed(lacking)}",
            do="Mend these cells: write the probability, or take the aspect out of `judged`.",
        )
    return tuple(value if label in judged else math.nan for label, value in enumerate(labels))


def parse_probabilities(cells: Sequence[object]) -> Labels | None:
    """Read the probability of each aspect; None if all cells are empty, so that the text is not labelled.

    One empty cell alone is NaN: the text is not judged on that aspect.

    Raises:
        BadCellError: A cell is no number from 0 to 1.
    """
    if all(_is_empty(cell) for cell in cells):
        return None
    return tuple(math.nan if _is_empty(cell) else _probability(cell) for cell in cells)


def parse_spans(cell: object, text: str) -> list[Span] | None:
    """Read a list of ``[start, end, aspect]``, or JSON of it; None where there is nothing.

    The aspect is a name or a label 0, 1, 2; offsets count the characters of ``text``.

    Raises:
        BadCellError: It is something else, or stands outside the text.
    """
    if cell is None or cell == "":
        return None
    try:
        spans: Any = parse_json(cell) if isinstance(cell, str) else cell
        found = [_span(start, end, aspect, len(text)) for start, end, aspect in spans]
    except (ValueError, TypeError) as exc:
        raise BadCellError(
            expected="a list of [start, end, aspect] inside the text, offsets in characters",
            found=_shown(cell),
            do="Mend these cells, or leave the column `spans` out.",
        ) from exc
    return found


def check_spans(spans: Sequence[Span], labels: Labels) -> None:
    """Refuse a rationale for what nobody has judged.

    Raises:
        BadCellError: A span is of an aspect that is not judged.
    """
    if unknown := {label for _, _, label in spans} - judged_of(labels):
        raise BadCellError(
            expected="spans of aspects on which the text is judged",
            found=f"one of {listed(unknown)} where {listed(judged_of(labels))} is judged",
            do="Mend these cells: add the aspect to `judged`, or take the span out.",
        )


def _aspects_in(cell: object, *, expected: str, do: str) -> frozenset[int]:
    names = [_text_of(name) for name in cell] if isinstance(cell, list) else _text_of(cell).split(",")
    words = [name.strip().lower() for name in names]
    if words in ([], [""], [NONE]):
        return frozenset()
    if unknown := [name for name, word in zip(names, words, strict=True) if word not in ASPECTS_BY_NAME]:
        raise BadCellError(expected=expected, found=_shown(unknown[0]), do=do)
    return frozenset(ASPECTS_BY_NAME[word].label for word in words)


def _is_empty(cell: object) -> bool:
    return _text_of(cell).strip() == ""


def _text_of(cell: object) -> str:
    # With pyarrow behind it, this import takes longer than all that `gotune --help` needs.
    from gotune.corpus.table_values import as_text

    return as_text(cell)


def _probability(cell: object) -> float:
    try:
        value = float(_text_of(cell)) if not isinstance(cell, bool) else float(cell)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        raise BadCellError(
            expected="a probability from 0 to 1 for each aspect",
            found=_shown(cell),
            do="Mend these cells.",
        )
    return value


def _span(start: object, end: object, aspect: object, length: int) -> Span:
    named = ASPECTS_BY_NAME.get(aspect.lower()) if isinstance(aspect, str) else None
    label = named.label if named else aspect
    if not all(type(value) is int for value in (start, end, label)):
        raise TypeError
    span = (int(str(start)), int(str(end)), int(str(label)))
    if not (0 <= span[0] < span[1] <= length and 0 <= span[2] < len(ASPECTS)):
        raise ValueError
    return span


def _shown(cell: object) -> str:
    shown = _text_of(cell)
    return repr(shown if len(shown) <= _LONGEST_SHOWN else shown[:_LONGEST_SHOWN] + "…")


def aspects_of(labels: Labels) -> str:
    """Return the aspects that are more likely than not as a person writes them: ``BP,MF`` or ``none``."""
    return listed({label for label, value in enumerate(labels) if value >= 0.5})


def judged_of(labels: Labels) -> frozenset[int]:
    """Return the labels of the aspects that are judged."""
    return frozenset(label for label, value in enumerate(labels) if not math.isnan(value))


def listed(chosen: Collection[int]) -> str:
    """Return aspects, given by their labels, as a person writes them."""
    return ",".join(aspect.short for aspect in ASPECTS if aspect.label in chosen) or NONE
