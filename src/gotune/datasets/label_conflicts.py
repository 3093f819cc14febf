"""One text, one answer: contradicting labels and repeated rows of a labelled table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from gotune.aspects import ASPECTS
from gotune.corpus.plain_text import text_key
from gotune.datasets.label_cells import NONE, Labels, Span
from gotune.errors import TableError

SHOWN = 5
"""Examples that an error message lists."""

_LONGEST_SHOWN = 60


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
        f"{group[0].text[:_LONGEST_SHOWN]!r} is "
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
