"""What changed between the terms of two releases, as far as searching and annotating go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from gotune.corpus.delimited import write_tsv
from gotune.linking.index import TermIndex


class Change(StrEnum):
    """How a term differs."""

    NEW = "new"
    """The release before did not have it."""
    GONE = "gone"
    """It is obsolete now, or was merged into another."""
    RENAMED = "renamed"
    """It has another name."""
    REWORDED = "reworded"
    """It has other synonyms."""
    WITHDRAWN = "withdrawn"
    """GO asks no longer to annotate with it: no text is said to name it, and no query to mean it."""
    ALLOWED = "allowed"
    """It may be annotated with, which GO asked not to do."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A term that two releases have differently.

    Attributes:
        change: How.
        go_id: The term.
        before: Its name; of a reworded one the synonyms that it has no more.
        now: Its name; of a reworded one the new synonyms; of one that is gone the ids to use instead.
    """

    change: Change
    go_id: str
    before: tuple[str, ...]
    now: tuple[str, ...]


def drift(before: TermIndex, now: TermIndex) -> list[Difference]:
    """Return what changed, by the kind of change and the id; a term can be renamed and reworded."""
    found = list(_differences(before, now))
    kinds = list(Change)
    return sorted(found, key=lambda one: (kinds.index(one.change), one.go_id))


def _differences(before: TermIndex, now: TermIndex) -> Iterator[Difference]:
    for go_id, number in before.number_of.items():
        if go_id not in now.number_of:
            use = tuple(now.successors.get(go_id, ()))
            yield Difference(Change.GONE, go_id, (before.name(number),), use)
    for go_id, number in now.number_of.items():
        is_allowed = now.terms.suggested[number]
        if (older := before.number_of.get(go_id)) is not None:
            yield from _changes(go_id, before.labels_of(older), now.labels_of(number))
            if is_allowed != before.terms.suggested[older]:
                kind = Change.ALLOWED if is_allowed else Change.WITHDRAWN
                yield Difference(kind, go_id, (before.name(older),), (now.name(number),))
        elif is_allowed:
            yield Difference(Change.NEW, go_id, (), (now.name(number),))


def _changes(go_id: str, before: tuple[str, ...], now: tuple[str, ...]) -> Iterator[Difference]:
    """Yield how the labels of a term differ, of which the first is its name."""
    if before[0] != now[0]:
        yield Difference(Change.RENAMED, go_id, before[:1], now[:1])
    lost = tuple(text for text in before[1:] if text not in now)
    won = tuple(text for text in now[1:] if text not in before)
    if lost or won:
        yield Difference(Change.REWORDED, go_id, lost, won)


def write_drift(differences: Sequence[Difference], path: Path) -> None:
    """Write differences as TSV: change, go_id, before, now; several wordings are joined by `` | ``.

    Raises:
        SaveError: The file cannot be written; an old one is untouched.
    """
    rows = ((one.change, one.go_id, " | ".join(one.before), " | ".join(one.now)) for one in differences)
    write_tsv(path, [("change", "go_id", "before", "now"), *rows])
