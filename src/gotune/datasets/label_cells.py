"""Cells of a labelled table: aspects, probabilities, rationales, and labels that contradict each other."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
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
"""Probability of each aspect in label order; 1 or 0 where a person decided, NaN where nobody has judged."""

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
            found=f"{aspects_of(labels)} where {_listed(judged)} is judged",
            do="Mend these cells: add the aspect to `judged`, or take it out of the aspects.",
        )
    if lacking := judged - judged_of(labels):
        raise BadCellError(
            expected="a probability of each aspect that is judged",
            found=f"nothing for {_listed(lacking)}",
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
            found=f"one of {_listed(unknown)} where {_listed(judged_of(labels))} is judged",
            do="Mend these cells: add the aspect to `judged`, or take the span out.",
        )


def _aspects_in(cell: object, *, expected: str, do: str) -> frozenset[int]:
    names = [_text_of(name) for name in cell] if isinstance(cell, list) else _text_of(cell).split(",")
    words = [name.strip().lower() for name in names]
    if words in ([], [""], [NONE]):
        return frozenset()
    if unknown := [name for name, word in zip(names, words, strict=True) if word not in _LABELS]:
        raise BadCellError(expected=expected, found=_shown(unknown[0]), do=do)
    return frozenset(_LABELS[word] for word in words)


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
    return _listed({label for label, value in enumerate(labels) if value >= 0.5})


def judged_of(labels: Labels) -> frozenset[int]:
    """Return the labels of the aspects that are judged."""
    return frozenset(label for label, value in enumerate(labels) if not math.isnan(value))


def _listed(chosen: Collection[int]) -> str:
    return ",".join(aspect.short for aspect in ASPECTS if aspect.label in chosen) or NONE


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """A row of a labelled table; ``place`` is where it stood, such as ``line 7``."""

    place: str
    text: str
    labels: Labels
    article: str
    spans: list[Span] | None

    @property
    def judged(self) -> frozenset[int]:
        """The labels of the aspects on which it is judged."""
        return judged_of(self.labels)

    @property
    def aspects(self) -> str:
        """The aspects that are more likely than not, for messages: ``BP,MF``, or ``none (judged: BP)``."""
        said = aspects_of(self.labels)
        return said if len(self.judged) == len(ASPECTS) else f"{said} (judged: {_listed(self.judged)})"


@dataclass(frozen=True, slots=True)
class Resolved:
    """Rows that agree, the number of rows merged away, and the number of texts that contradicted."""

    rows: list[LabelledRow]
    n_duplicates: int
    n_conflicts: int


def resolve_conflicts(rows: Sequence[LabelledRow], where: str, on_conflict: OnConflict | None) -> Resolved:
    """Give rows of the same text the same labels, and merge those that name no article.

    Rows of an article are sentences of it: they stay even if the article, or another one, says the same
    again, so that its sentences keep their neighbours. But if they are not judged on the same aspects, they
    are one sentence, judged on all of these. Two probabilities contradict each other if they are on
    different sides of .5; what nobody has judged contradicts nothing. Rows of different articles do not if
    one of them has a probability between 0 and 1: such weak labels depend on the article, for example on
    what it abbreviates. A row that is given other labels than its own loses its spans.

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
    given = [
        (key, _given(row, labels))
        for row in rows
        if (labels := agreed.get(key := text_key(row.text), row.labels)) is not None
    ]
    kept = _merged(given)
    return Resolved(kept, len(given) - len(kept), len(conflicts))


def _merged(rows: Sequence[tuple[str, LabelledRow]]) -> list[LabelledRow]:
    """Merge rows, each with the key of its text, that are one sentence."""
    sentences: dict[tuple[str, str], list[LabelledRow]] = {}
    for key, row in rows:
        sentences.setdefault((key, row.article), []).append(row)
    kept: list[LabelledRow] = []
    judged: dict[str, frozenset[int]] = {}
    for key, row in rows:
        same = sentences[key, row.article]
        if row.article and all(other.judged == row.judged for other in same):
            found = row
        elif row is same[0]:
            found = _joined(same)
        else:
            continue
        before = judged.get(key, frozenset())
        # A row of no article may be a sentence that an article has said, unless it says more of it.
        if row.article or not found.judged <= before:
            kept.append(found)
            judged[key] = before | found.judged
    return kept


def _contradicts_itself(group: Sequence[LabelledRow]) -> bool:
    """Whether an article contradicts itself, or what is decided, or of no article, contradicts other such."""
    by_article: dict[str, set[tuple[int, bool]]] = {}
    certain: set[tuple[int, bool]] = set()
    for row in group:
        said = {(label, row.labels[label] >= 0.5) for label in row.judged}
        by_article.setdefault(row.article, set()).update(said)
        if not row.article or all(row.labels[label] in (0.0, 1.0) for label in row.judged):
            certain |= said
    return any(
        (label, True) in said and (label, False) in said
        for said in (certain, *by_article.values())
        for label in range(len(ASPECTS))
    )


def _agreed(group: Sequence[LabelledRow], on_conflict: OnConflict | None) -> Labels | None:
    """Return what is taken of each aspect out of the labels of those that are judged on it."""
    if on_conflict not in (OnConflict.FIRST, OnConflict.UNION):
        return None
    judged = [[value for value in column if not math.isnan(value)] for column in _columns(group)]
    if on_conflict is OnConflict.UNION:
        return tuple(max(values, default=math.nan) for values in judged)
    return tuple(values[0] if values else math.nan for values in judged)


def _given(row: LabelledRow, labels: Labels) -> LabelledRow:
    """Return a row with other labels for what it is judged on."""
    if all(labels[label] == row.labels[label] for label in row.judged):
        return row
    kept = tuple(value if label in row.judged else math.nan for label, value in enumerate(labels))
    return replace(row, labels=kept, spans=None)


def _joined(same: Sequence[LabelledRow]) -> LabelledRow:
    """Return one row for some of the same text and article: what the first says that is judged on it."""
    found, *others = same
    for other in others:
        if new := other.judged - found.judged:
            labels = tuple(values[label in new] for label, values in enumerate(_columns((found, other))))
            spans = None
            if found.spans is not None and other.spans is not None:
                spans = [*found.spans, *(span for span in other.spans if span[2] in new)]
            found = replace(found, labels=labels, spans=spans)
    return found


def _columns(rows: Sequence[LabelledRow]) -> list[tuple[float, ...]]:
    """Return the labels of rows, aspect by aspect."""
    return list(zip(*(row.labels for row in rows), strict=True))


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
