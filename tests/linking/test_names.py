from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gotune.lexicon.variants import Evidence
from gotune.linking.labels import id_of
from gotune.linking.names import Named, TermNames, Wording, wording_of
from gotune.ontology.ontology import Ontology

PRIOR = np.full((len(Evidence), 3), 0.5)


def known(text: str) -> Wording:
    """Return the wording of a text that has one."""
    wording = wording_of(text)
    assert wording is not None
    return wording


def names_of(**meanings: float) -> TermNames:
    """Return names of GO:0000001, GO:0000002 and so on."""
    return TermNames.of(
        {
            known(text.replace("_", " ")): (id_of(number), trust)
            for number, (text, trust) in enumerate(meanings.items(), start=1)
        },
        PRIOR,
    )


def test_names_are_found_with_offsets_of_code_points() -> None:
    names = names_of(cell_division=0.9, cell=0.8)
    assert names.find(["\U0001f9ec Cells and cell  divisions.", "", "none"]) == [
        [Named(2, 7, "GO:0000002", 0.8), Named(12, 27, "GO:0000001", 0.9)],
        [],
        [],
    ]


def test_the_longest_counts_unless_it_is_not_trusted() -> None:
    names = names_of(cell_division=0.1, cell=0.8)
    assert names.trusted().find(["cell division"]) == [[Named(0, 4, "GO:0000002", 0.8)]]
    assert (len(names), len(names.trusted()), len(names.trusted(0.9))) == (2, 1, 0)
    assert names.trusted(0.9).find(["cell division"]) == [[]]


def test_a_name_does_not_go_over_the_parts_of_a_sentence() -> None:
    names = names_of(cell_division=0.9, cell=0.8)
    for text in ("the cell (division)", "a cell; division", "of a cell: division", "a cell, division"):
        assert [one.go_id for one in names.find([text])[0]] == ["GO:0000002"]
    assert [one.go_id for one in names.find(["a (cell) division"])[0]] == ["GO:0000002"]


def test_symbols_are_letter_by_letter() -> None:
    names = names_of(ER=0.9)
    assert names.find(["ER, er and ERs in PER"]) == [
        [Named(0, 2, "GO:0000001", 0.9), Named(11, 14, "GO:0000001", 0.9)]
    ]


PIECES = (
    "cell",
    "cells",
    "division",
    "Cell",
    " ",
    "  ",
    "-",
    "\n",
    "(",
    ")",
    "; ",
    ".",
    "\U0001f9ec",
    "é",
    "2",
)


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), max_size=4))
@example(["\U0001f9ec Cells and cell  divisions", "cell-\ndivision, (cell) division"])
def test_what_is_found_stands_in_the_text(texts: list[str]) -> None:
    names = names_of(cell=0.9, division=0.9, cell_division=0.9)
    alone = [names.find([text])[0] for text in texts]
    assert names.find(texts) == alone
    for text, found in zip(texts, alone, strict=True):
        behind = 0
        for one in found:
            assert behind <= one.start < one.end <= len(text)
            behind = one.end
            wording = wording_of(text[one.start : one.end])
            assert wording in [known(name) for name in ("cell", "division", "cell division")]


def test_wordings_of_no_words_or_too_many_are_none() -> None:
    assert wording_of("+") is None
    assert wording_of("a " * 9) is None
    assert wording_of("The ER") == Wording.of(["The", "ER"])


def test_names_are_the_same_after_their_arrays(names: TermNames) -> None:
    again = TermNames.from_arrays(names.to_arrays())
    text = "The nuclei are copied at the eyespot."
    assert again.find([text]) == names.find([text])
    assert again.keys == names.keys


@pytest.mark.parametrize(
    ("name", "wrong", "told"),
    [
        ("name_keys", lambda array: array[::-1].copy(), "out of order"),
        ("name_trust", lambda array: array + 1000, "beyond certainty"),
        ("name_terms", lambda array: array[:-1], "different lengths"),
        ("name_prior", lambda array: array[:2], "different lengths"),
        ("name_prior", lambda array: array * np.float32(np.nan), "beyond certainty"),
        ("name_prior", lambda array: array + np.float32(1), "beyond certainty"),
        ("name_terms", lambda array: array + np.uint32(10_000_000), "beyond certainty"),
        ("name_only_marked", lambda array: array + np.uint32(100_000), "beyond certainty"),
        ("name_longest", lambda array: array.astype(np.int64), "no array name_longest"),
    ],
)
def test_arrays_that_are_no_names_are_refused(name: str, wrong: object, told: str, names: TermNames) -> None:
    arrays = names.to_arrays()
    arrays[name] = wrong(arrays[name])  # type: ignore[operator]
    with pytest.raises(ValueError, match=told):
        TermNames.from_arrays(arrays)


def test_trust_goes_over_to_another_release(names: TermNames, example: Ontology) -> None:
    text = "The nuclei are pigment granules."
    assert names.of_release(example).find([text]) == names.find([text])
    # What only papers call so stays, under the id of today: GO:9000080 was merged into GO:9000051.
    core, made_up, gone = map(known, ("core", "made up thing", "gone thing"))
    marked = {core: ("GO:9000080", 0.9), made_up: ("GO:9000080", 0.8), gone: ("GO:0000007", 0.7)}
    later = TermNames.of(marked, PRIOR, only_marked=[made_up, gone]).of_release(example)
    found = later.find(["A made up thing, an eyespot, a gone thing, a core."])[0]
    assert [(one.go_id, one.trust) for one in found] == [("GO:9000051", 0.8), ("GO:9000045", 0.5)]
    assert later.of_release(example).to_arrays()["name_only_marked"].tolist() == (
        later.to_arrays()["name_only_marked"].tolist()
    )


def test_a_name_that_the_release_gives_to_another_term_means_that_one(example: Ontology) -> None:
    before = TermNames.of({known("nucleus"): ("GO:9000045", 0.9)}, PRIOR)
    found = before.of_release(example).find(["The nucleus."])[0]
    assert [(one.go_id, one.trust) for one in found] == [("GO:9000033", 0.5)]


def test_words_beside_a_name_go_over_to_another_release(told_apart: TermNames, example: Ontology) -> None:
    texts = ["A large nucleus.", "The atomic nucleus."]
    assert told_apart.of_release(example).find(texts) == told_apart.find(texts)


@pytest.mark.parametrize("least", [-0.1, 1.1, float("nan")])
def test_a_threshold_is_a_probability(least: float, names: TermNames) -> None:
    with pytest.raises(ValueError, match="a probability"):
        names.trusted(least)


def test_a_name_of_a_term_for_which_several_are_proposed_means_none_of_them(example: Ontology) -> None:
    names = TermNames.of({known("split term"): ("GO:9000081", 0.9)}, PRIOR)
    assert [one.go_id for one in names.find(["A split term."])[0]] == ["GO:9000081"]
    assert names.of_release(example).find(["A split term."]) == [[]]
