from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from gotune.aspects import Aspect
from gotune.datasets.held_out import HELD_OUT_SHARE, LEAST_ROWS, HeldOut, draw_groups, hold_out, new_rows
from gotune.datasets.splits import HARD_PARTS, PARTS, opening, split_rows
from gotune.ontology.graph import children_by_parent, subtree
from gotune.ontology.terms import Term
from tests.datasets.ontologies import N_TERMS, go_id, grown_ontology, ontology_of
from tests.examples import some

ONTOLOGY = grown_ontology()
ROWS = ONTOLOGY.frame.assign(label=lambda frame: frame["aspect"].cat.codes.astype(int))
LABELS = ROWS["label"].to_numpy()
EDGES = ONTOLOGY.edges
NEW = np.arange(1900, N_TERMS)


def held_out(seed: int, new: NDArray[np.int64] | None = NEW) -> HeldOut:
    return hold_out(ROWS, EDGES, split_rows(LABELS.tolist(), seed), new, seed)


@given(st.integers(0, 2**31 - 1))
@some(5)
def test_no_row_to_learn_from_meets_the_condition_of_a_harder_part(seed: int) -> None:
    found = held_out(seed)
    parts = found.parts
    assert list(parts) == [*PARTS, *HARD_PARTS]
    learned = np.concatenate([parts["train"], parts["validation"]])
    ids = ROWS["go_id"].to_numpy()
    assert not set(learned) & set(NEW)
    openings = ROWS["definition"].map(opening).to_numpy()
    assert not set(openings[learned]) & set(openings[parts["test_opening"]])
    children = children_by_parent(EDGES)
    unseen = set().union(*(subtree(root, children) for root in found.lineage_roots))
    assert not set(ids[learned]) & unseen
    assert set(ids[parts["test_lineage"]]) == unseen
    # Everything else is where the random split had it, and no row is lost.
    random = split_rows(LABELS.tolist(), seed)
    assert parts["test"].tolist() == random["test"].tolist()
    for part in ("train", "validation"):
        assert parts[part].tolist() == random[part][np.isin(random[part], parts[part])].tolist()
    assert set(np.concatenate(list(parts.values()))) == set(range(N_TERMS))
    for part in ("test_opening", "test_lineage"):
        assert LEAST_ROWS <= len(parts[part]) == len(set(parts[part]))
        counts = np.bincount(LABELS[parts[part]], minlength=3)
        assert (counts <= HELD_OUT_SHARE * np.bincount(LABELS)).all()


def test_the_seed_governs_what_is_drawn() -> None:
    one, two, other = (held_out(seed) for seed in (3, 3, 4))
    for part in HARD_PARTS:
        assert one.parts[part].tolist() == two.parts[part].tolist()
        assert one.parts[part].tolist() != other.parts[part].tolist()
    assert one.lineage_roots == two.lineage_roots != other.lineage_roots


def test_without_an_earlier_release_there_are_no_new_terms() -> None:
    found = held_out(0, None)
    assert found.absent == {"test_release": "no earlier release was given"}
    assert list(found.parts) == [*PARTS, "test_opening", "test_lineage"]


def test_too_few_new_terms_stay_where_they_are() -> None:
    found = held_out(0, np.arange(19))
    assert found.absent == {"test_release": "only 19 rows for it, and fewer than 20 say nothing"}
    assert set(range(19)) & set(np.concatenate([found.parts["train"], found.parts["validation"]]))


@pytest.mark.parametrize("new", [np.arange(N_TERMS), np.flatnonzero(LABELS == 2)])
def test_a_part_that_would_take_an_aspect_from_training_is_not_made(new: NDArray[np.int64]) -> None:
    found = held_out(0, new)
    reason = f"without its {len(new):,} rows too few would remain to learn from"
    assert found.absent == {"test_release": reason}


def test_groups_are_whole_and_their_shares_small() -> None:
    labels = np.repeat([0, 1, 2], [400, 80, 80])  # at most 20, 4 and 4 rows, 5, 1 and 1 a group
    groups = [
        ("too large", range(6)),
        ("first", range(5)),
        ("overlapping", range(3, 9)),
        ("nothing new", range(5, 9)),
        ("too large for aspect 1", [20, 400, 401]),
        ("mixed", [20, 400, 480]),
    ]
    taken = draw_groups(groups, labels)
    assert {name: rows.tolist() for name, rows in taken.items()} == {
        "first": [0, 1, 2, 3, 4],
        "overlapping": [5, 6, 7, 8],
        "mixed": [20, 400, 480],
    }


def test_drawing_stops_at_the_share() -> None:
    labels = np.repeat([0, 1, 2], 100)  # at most 5 rows of each, 1 a group
    taken = draw_groups(((str(row), [row]) for row in range(300)), labels)
    assert list(taken) == [*map(str, range(5)), *map(str, range(100, 105)), *map(str, range(200, 205))]


@given(
    st.tuples(*[st.integers(0, 600)] * 3),
    st.lists(st.lists(st.integers(0, 1799), max_size=6, unique=True), max_size=30),
)
@example((400, 80, 80), [[0, 1], [1, 2], [0, 400, 480]])
def test_no_aspect_gives_more_than_its_share(sizes: tuple[int, int, int], groups: list[list[int]]) -> None:
    labels = np.repeat([0, 1, 2], sizes)
    named = [(str(place), [row for row in rows if row < len(labels)]) for place, rows in enumerate(groups)]
    taken = draw_groups(named, labels)
    rows = [row for found in taken.values() for row in found]
    assert len(rows) == len(set(rows))
    for label, size in enumerate(sizes):
        assert sum(labels[row] == label for row in rows) <= HELD_OUT_SHARE * size
    for name in taken:
        assert set(named[int(name)][1]) <= set(rows)


def test_new_is_what_the_earlier_release_had_under_no_id() -> None:
    process = Aspect.BIOLOGICAL_PROCESS
    earlier = ontology_of(
        [
            Term(go_id(1), "lives on", process, alt_ids=(go_id(2),)),
            Term(go_id(3), "obsolete", process, obsolete=True),
            Term(go_id(4), "will be merged into the sixth", process),
        ]
    )
    terms = [Term(go_id(number), f"term {number}", process) for number in (1, 2, 3, 5)]
    terms.append(Term(go_id(6), "has taken over the fourth", process, alt_ids=(go_id(4),)))
    terms.append(Term(go_id(7), "with a new second id", process, alt_ids=(go_id(8),)))
    ontology = ontology_of(terms)
    found = new_rows(ontology.frame["go_id"], ontology, earlier)
    assert ontology.frame["go_id"][found].tolist() == [go_id(5), go_id(7)]


def test_rows_without_openings_or_edges() -> None:
    ids = [go_id(number) for number in range(60)]
    rows = pd.DataFrame({"go_id": ids, "definition": "A door.", "label": [0, 1, 2] * 20})
    edges = pd.DataFrame([], columns=["child", "relation", "parent"])
    found = hold_out(rows, edges, split_rows(rows["label"].tolist(), 0), None, 0)
    assert list(found.parts) == list(PARTS)
    assert sorted(found.absent) == sorted(HARD_PARTS)
