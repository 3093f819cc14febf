from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.aspects import Aspect
from gotune.errors import InputError
from gotune.genes import space as space_module
from gotune.genes.space import TermSpace, of_columns
from gotune.ontology.loading import load_ontology
from tests.genes.conftest import SMALL
from tests.genes.said import plain


def test_columns_are_the_live_terms_and_know_their_aspect(space: TermSpace) -> None:
    assert (len(space), space.release) == (11, "2030-01-31")
    assert space.number_of["GO:0000011"] == 3
    assert np.flatnonzero(space.is_root).tolist() == [0, 1, 2]
    of_aspect = [space.of_aspect(aspect) for aspect in Aspect]
    assert [np.flatnonzero(flags).tolist() for flags in of_aspect] == [[3, 4, 5], [6], [7, 8, 9, 10]]


def test_annotations_rise_by_is_a_and_part_of_within_the_aspect(space: TermSpace) -> None:
    found = space.annotated([{"GO:0000013"}, (), {"GO:0000032", "GO:0000021", "GO:9999999"}])
    assert plain(found, space) == [
        {"01": 1, "11": 1, "12": 1, "13": 1},
        {},
        # That the function is a part of a process says nothing in CAFA.
        {"02": 1, "03": 1, "21": 1, "32": 1},
    ]


def test_a_term_has_the_highest_score_of_those_below(
    space: TermSpace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(space_module, "GENES_AT_ONCE", 2)
    scores = space.matrix(
        [{"GO:0000013": 0.5, "GO:0000011": 0.25}, {}, {"GO:0000012": 0.75, "GO:0005515": 1}]
    )
    parts = list(space.risen(scores))
    assert [rows for rows, _ in parts] == [slice(0, 2), slice(2, 3)]
    assert [row for _, part in parts for row in plain(part, space)] == [
        {"01": 0.5, "11": 0.5, "12": 0.5, "13": 0.5},
        {},
        {"01": 0.75, "03": 1, "11": 0.75, "12": 0.75, "88": 1, "15": 1},
    ]


@given(st.lists(st.dictionaries(st.integers(0, 50), st.floats(0.01, 1), max_size=6), min_size=1, max_size=4))
def test_what_rises_is_the_maximum_over_lineages(
    example_space: TermSpace, drawn: list[dict[int, float]]
) -> None:
    scores = example_space.matrix(
        [{example_space.ids[one]: score for one, score in of.items()} for of in drawn]
    )
    lineages = example_space.lineages.toarray()
    expected = (scores.toarray()[:, :, None] * lineages).max(axis=1)
    ((_, found),) = example_space.risen(scores)
    assert found.toarray().tolist() == expected.tolist()


def test_columns_can_be_left_out(space: TermSpace) -> None:
    found = of_columns(
        space.annotated([{"GO:0000012", "GO:0005488"}]), space.of_aspect(Aspect("biological_process"))
    )
    assert plain(found, space) == [{"11": 1, "12": 1}]
    assert found.nnz == 2


def test_a_circle_of_terms_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOTUNE_CACHE", str(tmp_path / "cache"))
    stanza = "\n[Term]\nid: GO:000000{}\nname: {}\nnamespace: biological_process\nis_a: GO:000000{}\n"
    path = tmp_path / "round.obo"
    path.write_text(SMALL + stanza.format(1, "one", 2) + stanza.format(2, "two", 1), encoding="utf-8")
    with pytest.raises(InputError, match="expected is_a and part_of without circles"):
        TermSpace(load_ontology(path))
