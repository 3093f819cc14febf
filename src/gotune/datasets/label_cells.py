"""Cells of a labelled table: aspects, probabilities, rationales, and labels that contradict each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from gotune.aspects import ASPECTS
from gotune.corpus.plain_text import text_key
from gotune.errors import TableError
from gotune.typed_json import parse_json

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
        spans: Any = parse_json(cell) if isinstance(cell, str) else cell
        found = [_span(start, end, aspect, len(text)) for start, end, aspect in spans]
    except (ValueError, TypeError) as exc:
        raise BadCellError(
            expected="a list of [start, end, aspect] inside the text, offsets in characters",
            found=_shown(cell),
            do="Mend these cells, or leave the column `spans` out.",
        ) from exc
    return found


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


SHOWN = 5
"""Examples that an error message lists."""

_LONGEST_CONFLICT = 60


class OnConflict(StrEnum):
    """What to do with texts whose labels contradict each other: take the first row's, all, or drop them."""

    FIRST = "first"
    UNION = "union"
    DROP = "drop"


def aspects_of(labels: Labels) -> str:
    """Return the aspects that are more likely than not as a person writes them: ``BP,MF`` or ``none``."""
    return ",".join(aspect.short for aspect in ASPECTS if labels[aspect.label] >= 0.5) or NONE


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """A row of a labelled table; ``place`` is where it stood, such as ``line 7``."""

    place: str
    text: str
    labels: Labels
    article: str
    spans: list[Span] | None

    @property
    def aspects(self) -> str:
        """The aspects that are more likely than not, for messages: ``BP,MF`` or ``none``."""
        return aspects_of(self.labels)


@dataclass(frozen=True, slots=True)
class Resolved:
    """Rows that agree, the number of rows merged away, and the number of texts that contradicted."""

    rows: list[LabelledRow]
    n_duplicates: int
    n_conflicts: int


def resolve_conflicts(rows: Sequence[LabelledRow], where: str, on_conflict: OnConflict | None) -> Resolved:
    """Give rows of the same text the same labels, and merge those that name no article.

    Rows of an article are sentences of it: they stay even if the article, or another one, says the same
    again, so that its sentences keep their neighbours. Two probabilities contradict each other if they are
    on different sides of .5. Rows of different articles do not if one of them has a probability between 0
    and 1: such weak labels depend on the article, for example on what it abbreviates. A row that is given
    other labels than its own loses its spans.

    Args:
        rows: In the order of the table.
        where: The table, for messages.
        on_conflict: What to do with contradictions; None refuses them.

    Raises:
        TableError: Labels of a text contradict each other and ``on_conflict`` is None.
    """
    groups: dict[str, list[LabelledRow]] = {}
    for row in rows:
        groups.setdefault(text_key(row.text), []).append(row)
    conflicts = {key: group for key, group in groups.items() if _contradicts_itself(group)}
    if conflicts and on_conflict is None:
        raise _contradiction(where, list(conflicts.values()))
    agreed = {key: _agreed(group, on_conflict) for key, group in conflicts.items()}
    kept: list[LabelledRow] = []
    seen: set[str] = set()
    n_duplicates = 0
    for row in rows:
        key = text_key(row.text)
        labels = agreed.get(key, row.labels)
        if labels is None:
            continue
        if not row.article and key in seen:
            n_duplicates += 1
            continue
        seen.add(key)
        kept.append(row if labels == row.labels else replace(row, labels=labels, spans=None))
    return Resolved(kept, n_duplicates, len(conflicts))


def _contradicts_itself(group: Sequence[LabelledRow]) -> bool:
    """Whether an article contradicts itself, or what is decided, or of no article, contradicts other such."""
    by_article: dict[str, set[str]] = {}
    certain: set[str] = set()
    for row in group:
        by_article.setdefault(row.article, set()).add(row.aspects)
        if not row.article or set(row.labels) <= {0.0, 1.0}:
            certain.add(row.aspects)
    return any(len(said) > 1 for said in (certain, *by_article.values()))


def _agreed(group: Sequence[LabelledRow], on_conflict: OnConflict | None) -> Labels | None:
    match on_conflict:
        case OnConflict.FIRST:
            return group[0].labels
        case OnConflict.UNION:
            return tuple(max(values) for values in zip(*(row.labels for row in group), strict=True))
        case _:
            return None


def _contradiction(where: str, groups: Sequence[Sequence[LabelledRow]]) -> TableError:
    listed = "; ".join(
        f"{group[0].text[:_LONGEST_CONFLICT]!r} is "
        + ", ".join(f"{row.aspects} in {row.place}" for row in _one_of_each(group))
        for group in groups[:SHOWN]
    )
    more = f"; and {len(groups) - SHOWN:,} more" if len(groups) > SHOWN else ""
    return TableError(
        where,
        expected="the same labels wherever the same text stands",
        found=f"{len(groups):,} texts with contradicting ones: {listed}{more}",
        do=f"Mend them, or choose what to do with them by --on-conflict: {', '.join(OnConflict)}.",
    )


def _one_of_each(group: Sequence[LabelledRow]) -> list[LabelledRow]:
    first: dict[str, LabelledRow] = {}
    for row in group:
        first.setdefault(row.aspects, row)
    return list(first.values())
