"""Test parts that are harder than a random one: new terms, unseen openings, unseen lineages.

A random split of GO flatters, as most definitions follow templates. Each part here is all rows that meet a
condition, and no row that meets one stays in the training or validation part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS
from gotune.datasets.splits import (
    HARD_PARTS,
    LEAST_PER_ASPECT,
    NEW_TERMS,
    UNSEEN_LINEAGES,
    UNSEEN_OPENINGS,
    opening,
)
from gotune.ontology.graph import children_by_parent, subtree

if TYPE_CHECKING:
    import pandas as pd

    from gotune.ontology.ontology import Ontology

HELD_OUT_SHARE = 0.05
"""Share of the rows of each aspect that unseen openings take at most, and unseen lineages as well."""

LEAST_ROWS = 20
"""A part of fewer rows would say nothing and is not made."""

LINEAGE_SIZES = range(20, 501)
"""How many descendants the root of a held-out subtree may have."""

# So that at least four groups of an aspect are drawn, and no single template or subtree decides the figure.
_LARGEST_GROUP = 0.25

_Rows = NDArray[np.int64]
_Groups = Iterable[tuple[str, Sequence[int]]]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """The parts of a dataset, once the harder ones are taken out of the random ones.

    Attributes:
        parts: Row numbers by part, each in random order. A row can be in several of the harder parts and in
            the random test part as well, but then in neither training nor validation.
        lineage_roots: Ids of the terms whose subtrees are unseen, in the order they were drawn.
        absent: Why a harder part could not be made, by part.
    """

    parts: dict[str, _Rows]
    lineage_roots: tuple[str, ...]
    absent: dict[str, str]


def hold_out(
    rows: pd.DataFrame, edges: pd.DataFrame, parts: Mapping[str, _Rows], new: _Rows | None, seed: int
) -> HeldOut:
    """Take the harder test parts out of the training and the validation part of a random split.

    Unseen openings and lineages are whole groups in random order, each taken unless it would make the part
    larger than `HELD_OUT_SHARE` of an aspect. A part is left out if it would have fewer than `LEAST_ROWS`
    rows, or if what remains could not teach and validate every aspect.

    Args:
        rows: Columns ``go_id``, ``definition`` and ``label``.
        edges: The edges of the ontology.
        parts: Row numbers by part, from `split_rows`.
        new: Numbers of the rows that an earlier release did not have, from `new_rows`; None without one.
        seed: Governs what is drawn.
    """
    generators = {part: np.random.default_rng([seed, number]) for number, part in enumerate(HARD_PARTS)}
    labels = rows["label"].to_numpy()
    openings = draw_groups(_by_opening(rows["definition"], generators[UNSEEN_OPENINGS]), labels)
    lineages = draw_groups(_by_lineage(rows["go_id"].tolist(), edges, generators[UNSEEN_LINEAGES]), labels)
    found = {UNSEEN_OPENINGS: _joined(openings), UNSEEN_LINEAGES: _joined(lineages)}
    made, absent = dict(parts), {}
    if new is None:
        absent[NEW_TERMS] = "no earlier release was given"
    else:
        found = {NEW_TERMS: new, **found}
    for part, members in found.items():
        rest = {name: made[name][~np.isin(made[name], members)] for name in ("train", "validation")}
        if len(members) < LEAST_ROWS:
            absent[part] = f"only {len(members)} rows for it, and fewer than {LEAST_ROWS} say nothing"
        elif not _can_teach(labels[rest["train"]]) or len(rest["validation"]) < len(ASPECTS):
            absent[part] = f"without its {len(members):,} rows too few would remain to learn from"
        else:
            made |= rest | {part: generators[part].permutation(members)}
    roots = () if UNSEEN_LINEAGES in absent else tuple(lineages)
    return HeldOut(made, roots, absent)


def new_rows(go_ids: Iterable[str], ontology: Ontology, earlier: Ontology) -> _Rows:
    """Return the numbers of the terms that an earlier release had under no id, not even an obsolete one.

    A term that has taken over the id of an older one is not new, for its text may be the older one's.
    """
    known = {id_ for term in chain(earlier.terms(), earlier.obsolete()) for id_ in (term.id, *term.alt_ids)}
    new = [
        number
        for number, go_id in enumerate(go_ids)
        if go_id not in known and known.isdisjoint(ontology[go_id].alt_ids)
    ]
    return np.array(new, dtype=np.int64)


def draw_groups(groups: _Groups, labels: NDArray[np.int64]) -> dict[str, _Rows]:
    """Take whole groups of rows in the order given, each unless it would take too much of an aspect.

    Args:
        groups: Name and row numbers of each group. They may overlap: a row counts for the first taken.
        labels: Label of each row.

    Returns:
        The rows that each group taken adds, by its name.
    """
    most = HELD_OUT_SHARE * np.bincount(labels, minlength=len(ASPECTS))
    total = np.zeros(len(ASPECTS), dtype=np.int64)
    held = np.zeros(len(labels), dtype=np.bool_)
    taken: dict[str, _Rows] = {}
    for name, rows in groups:
        members = np.asarray(rows, dtype=np.int64)
        fresh = members[~held[members]]
        counts = np.bincount(labels[fresh], minlength=len(ASPECTS))
        if len(fresh) and (counts <= _LARGEST_GROUP * most).all() and (total + counts <= most).all():
            taken[name] = fresh
            held[fresh] = True
            total += counts
    return taken


def _by_opening(definitions: Iterable[str], generator: np.random.Generator) -> _Groups:
    groups: dict[str, list[int]] = {}
    for number, definition in enumerate(definitions):
        groups.setdefault(opening(definition), []).append(number)
    names = list(groups)
    return ((names[place], groups[names[place]]) for place in generator.permutation(len(names)))


def _by_lineage(
    go_ids: Sequence[str], edges: pd.DataFrame, generator: np.random.Generator
) -> Iterator[tuple[str, list[int]]]:
    children = children_by_parent(edges)
    row_of = {go_id: number for number, go_id in enumerate(go_ids)}
    roots = list(children)
    for place in generator.permutation(len(roots)):
        terms = subtree(roots[place], children)
        if len(terms) - 1 in LINEAGE_SIZES:
            yield roots[place], sorted(row_of[term] for term in terms if term in row_of)


def _joined(groups: Mapping[str, _Rows]) -> _Rows:
    return np.concatenate([*groups.values(), np.array([], dtype=np.int64)])


def _can_teach(labels: NDArray[np.int64]) -> bool:
    return bool((np.bincount(labels, minlength=len(ASPECTS)) >= LEAST_PER_ASPECT).all())
