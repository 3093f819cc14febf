"""What a person or a program writes into the cells of a labelled table: aspects, probabilities, rationale."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from gotune.aspects import ASPECTS

NONE = "none"
"""Says that a text carries none of the three aspects."""

NOT_LABELLED = "?"
"""Says that nobody has judged a text yet."""

Labels = tuple[float, ...]
"""Probability of each aspect in label order; 1 or 0 where a person decided."""

Span = tuple[int, int, int]
"""First character, character after the last, and label (position in `ASPECTS`) of a piece of rationale."""

_LABELS = {
    name.lower(): aspect.label for aspect in ASPECTS for name in (aspect.short, aspect.value, aspect.words)
}
_NAMES = ", ".join(aspect.short for aspect in ASPECTS)
_LONGEST_SHOWN = 40


class BadCellError(Exception):
    """A cell that cannot be read; the reader of the table gathers these and tells them together."""

    def __init__(self, *, expected: str, found: str, do: str) -> None:
        super().__init__(found)
        self.expected = expected
        self.found = found
        self.do = do


def parse_aspects(cell: object) -> Labels | None:
    """Read a comma-joined subset of BP, CC and MF, or of the full names, in any case.

    Args:
        cell: A text, a list of names, or None. Nothing and ``none`` stand for none of the three.

    Returns:
        1 or 0 for each aspect, or None for ``?``, not labelled.

    Raises:
        BadCellError: It has another word.
    """
    names = [_text_of(name) for name in cell] if isinstance(cell, list) else _text_of(cell).split(",")
    words = [name.strip().lower() for name in names]
    if words == [NOT_LABELLED]:
        return None
    if words in ([], [""], [NONE]):
        return (0.0,) * len(ASPECTS)
    if unknown := [name for name, word in zip(names, words, strict=True) if word not in _LABELS]:
        raise BadCellError(
            expected=f"aspects out of {_NAMES}, or {NONE}, or {NOT_LABELLED} where nobody has looked",
            found=_shown(unknown[0]),
            do="Mend these cells, or name the column that has the aspects.",
        )
    chosen = {_LABELS[word] for word in words}
    return tuple(float(aspect.label in chosen) for aspect in ASPECTS)


def parse_probabilities(cells: Sequence[object]) -> Labels | None:
    """Read the probability of each aspect; None if all cells are empty, so that the text is not labelled.

    Raises:
        BadCellError: A cell is no number from 0 to 1.
    """
    if all(_text_of(cell).strip() == "" for cell in cells):
        return None
    return tuple(map(_probability, cells))


def parse_spans(cell: object, text: str) -> list[Span] | None:
    """Read a list of ``[start, end, aspect]``, or JSON of it; None where there is nothing.

    The aspect is a name or a label 0, 1, 2; offsets count the characters of ``text``.

    Raises:
        BadCellError: It is something else, or stands outside the text.
    """
    if cell is None or cell == "":
        return None
    try:
        spans: Any = json.loads(cell) if isinstance(cell, str) else cell
        found = [_span(start, end, aspect, len(text)) for start, end, aspect in spans]
    except (ValueError, TypeError, RecursionError) as exc:
        raise BadCellError(
            expected="a list of [start, end, aspect] inside the text, offsets in characters",
            found=_shown(cell),
            do="Mend these cells, or leave the column `spans` out.",
        ) from exc
    return found


def unquoted(cell: str) -> str:
    """Take away the quotes that spreadsheet programs and pandas put around a cell of TSV.

    A cell that merely begins and ends with a quote loses these two, which changes no word of it.
    """
    inside = cell[1:-1]
    is_quoted = len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in inside.replace('""', "")
    return inside.replace('""', '"') if is_quoted else cell


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
    label = _LABELS[aspect.lower()] if isinstance(aspect, str) and aspect.lower() in _LABELS else aspect
    if not all(type(value) is int for value in (start, end, label)):
        raise TypeError
    span = (int(str(start)), int(str(end)), int(str(label)))
    if not (0 <= span[0] < span[1] <= length and 0 <= span[2] < len(ASPECTS)):
        raise ValueError
    return span


def _shown(cell: object) -> str:
    shown = _text_of(cell)
    return repr(shown if len(shown) <= _LONGEST_SHOWN else shown[:_LONGEST_SHOWN] + "…")
