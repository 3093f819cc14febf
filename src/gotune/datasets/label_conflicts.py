"""Rows of a labelled table with the same text: merged where they agree, refused or settled where not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from gotune.aspects import ASPECTS
from gotune.corpus.plain_text import text_key
from gotune.datasets.label_cells import SHOWN, Labels, Span, aspects_of, judged_of, listed
from gotune.errors import TableError

_LONGEST_CONFLICT = 60


class OnConflict(StrEnum):
    """What to do with texts whose labels contradict each other: take the first row's, all, or drop them."""

    FIRST = "first"
    UNION = "union"
    DROP = "drop"


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
        return said if len(self.judged) == len(ASPECTS) else f"{said} (judged: {listed(self.judged)})"


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
        if row.article:
            judged[key] = judged.get(key, frozenset()) | row.judged
    for key, row in rows:
        same = sentences[key, row.article]
        if row.article and all(other.judged == row.judged for other in same):
            found = row
        elif row is same[0]:
            found = _joined(same)
        else:
            continue
        # A row of no article may be a sentence that an article has said, unless it says more of it.
        if row.article or not found.judged <= judged.get(key, frozenset()):
            kept.append(found)
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
