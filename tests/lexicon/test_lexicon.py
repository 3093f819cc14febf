from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from zlib import compress

import numpy as np
import pytest
from numpy.typing import NDArray

from gotune.aspects import ASPECTS
from gotune.errors import BundleError
from gotune.lexicon.dictionary import Mention
from gotune.lexicon.lexicon import Lexicon
from gotune.ontology.loading import example_ontology
from tests.together import asked_together, each_as_often

ONTOLOGY = example_ontology()
Arrays = dict[str, NDArray[Any]]
Change = Callable[[Arrays], object]
TERM = next(term for term in ONTOLOGY.terms() if term.id not in ONTOLOGY.roots)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.from_ontology(ONTOLOGY)


def test_a_name_is_evidence_of_its_aspect(lexicon: Lexicon) -> None:
    with_name, without = lexicon.evidence([f"It takes part in {TERM.name}.", "We thank the staff."])
    assert with_name[TERM.aspect.label] > 0.5
    assert without.tolist() == [0, 0, 0]


def test_a_repeated_name_counts_once(lexicon: Lexicon) -> None:
    once, twice = lexicon.evidence([TERM.name, f"{TERM.name} and {TERM.name}"])
    assert twice == pytest.approx(once)


def test_no_text_gives_no_row(lexicon: Lexicon) -> None:
    assert lexicon.evidence([]).shape == (0, 3)


def test_it_comes_back_from_arrays(lexicon: Lexicon) -> None:
    again = Lexicon.from_arrays(lexicon.to_arrays())
    texts = [term.definition or term.name for term in ONTOLOGY.terms()]
    assert np.array_equal(again.evidence(texts), lexicon.evidence(texts))
    assert again.evidence(texts).max() > 0.5
    assert len(again) == len(lexicon)
    found = [
        [(replace(mention, go_id=None), right) for mention, right in lexicon.mentions(text)] for text in texts
    ]
    assert [again.mentions(text) for text in texts] == found
    arrays = again.to_arrays()
    assert all(np.array_equal(arrays[name], value) for name, value in lexicon.to_arrays().items())


def test_several_threads_read_what_one_does(lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gotune.lexicon.known_texts._MOST_KEPT", 50)
    texts = [f"{term.name} {term.definition}" for term in ONTOLOGY.terms()]
    alone = Lexicon.from_arrays(lexicon.to_arrays())
    together = Lexicon.from_arrays(lexicon.to_arrays())

    def said_by(lexicon: Lexicon, text: str) -> tuple[list[list[float]], list[tuple[Mention, float]]]:
        return lexicon.evidence([text]).tolist(), lexicon.mentions(text)

    found = asked_together(lambda text: said_by(together, text), texts)
    assert found == each_as_often([said_by(alone, text) for text in texts])


def test_evidence_is_that_of_the_mentions(lexicon: Lexicon) -> None:
    texts = [f"{term.definition} {term.name}, {term.name}" for term in ONTOLOGY.terms()]
    for text, found in zip(texts, lexicon.evidence(texts), strict=True):
        wrong = dict.fromkeys(ASPECTS, 1.0)
        for (aspect, _), right in {
            (one.aspect, one.stems): right for one, right in lexicon.mentions(text)
        }.items():
            wrong[aspect] *= 1 - right
        assert found == pytest.approx([1 - wrong[aspect] for aspect in ASPECTS])


def test_the_json_of_older_bundles_is_read() -> None:
    text = json.dumps(
        {
            "words": {"axon guidanc": [[0, 0, 0.9]], "axon": [[1, 0, 0.8]]},
            "symbols": {"SUK": [[2, 6, 0.25, "sugar kin"]]},
        }
    )
    old = Lexicon.from_json(text)
    assert old.evidence(["Axon guidance", "SUKs of axons", ""]).round(6).tolist() == [
        [0.9, 0.8, 0],
        [0, 0.8, 0.25],
        [0, 0, 0],
    ]
    (mention, _), *_ = old.mentions("a SUK")
    assert (mention.start, mention.end, mention.stems) == (2, 5, ("sugar", "kin"))


@pytest.mark.parametrize(
    "values",
    [
        [],
        {"words": {}},
        {"words": {"a": [[3, 0, 0.5]]}, "symbols": {}},
        {"words": {"a": [[-1, 0, 0.5]]}, "symbols": {}},
        {"words": {"a": [[0, 99, 0.5]]}, "symbols": {}},
        {"words": {"a": [[0, 0, 1.5]]}, "symbols": {}},
        {"words": {"a": [[0, 0, "much"]]}, "symbols": {}},
        {"words": {"a": 3}, "symbols": {}},
        {"words": [], "symbols": {}},
        {"words": {"a": []}, "symbols": {}},
        {"words": {" ": [[0, 0, 0.5]]}, "symbols": {}},
    ],
)
def test_anything_else_is_refused(values: object) -> None:
    with pytest.raises(ValueError, match=r"^no lexicon: |^a: |without words or meanings"):
        Lexicon.from_json(json.dumps(values))


def _changed(name: str, place: int, value: int) -> Change:
    def change(arrays: Arrays) -> None:
        arrays[name] = arrays[name].copy()
        arrays[name][place] = value

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda arrays: arrays.pop("keys"), "of other kinds"),
        (lambda arrays: arrays.update(keys=arrays["keys"].astype(np.int64)), "of other kinds"),
        (lambda arrays: arrays.update(keys=arrays["keys"][::-1].copy()), "keys of variants in order"),
        (lambda arrays: arrays.update(firsts=arrays["firsts"][::-1].copy()), "first stems in order"),
        (_changed("n_meanings", 0, 0), "a meaning of each variant"),
        (lambda arrays: arrays.update(longest=arrays["longest"][1:]), "a length for each first stem"),
        (lambda arrays: arrays.update(aspects=arrays["aspects"][1:]), "all columns of each meaning"),
        (_changed("aspects", 0, 3), "numbers in range"),
        (_changed("evidence", 0, 99), "numbers in range"),
        (_changed("reliabilities", 0, 1000), "numbers in range"),
        (_changed("longest", 0, 200), "numbers in range"),
        (_changed("names", 0, 1 << 31), "numbers in range"),
    ],
)
def test_arrays_that_do_not_fit_together_are_refused(lexicon: Lexicon, change: Change, told: str) -> None:
    arrays = lexicon.to_arrays()
    change(arrays)
    with pytest.raises(ValueError, match=f"no lexicon: .*{told}"):
        Lexicon.from_arrays(arrays)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (b"", "cut"),
        (b"none", "cannot be unpacked"),
        (compress(b"axon") + b"more", "cut"),
        (compress(b"axon"), "1 names"),
        (compress(b"\xff"), "'utf-8' codec can't decode"),
    ],
)
def test_names_that_cannot_be_read_are_told_when_they_are_asked_for(
    lexicon: Lexicon, lines: bytes, told: str
) -> None:
    arrays = lexicon.to_arrays() | {"lines": np.frombuffer(lines, np.uint8)}
    damaged = Lexicon.from_arrays(arrays, where="mine")
    assert damaged.evidence([TERM.name]).max() > 0.5
    for _ in range(2):
        with pytest.raises(BundleError, match=f"^mine: expected names .*, found .*{told}.* Train the model"):
            damaged.mentions(TERM.name)
    with pytest.raises(BundleError, match=f"^mine: .*{told}"):
        damaged.spell_out([f"{TERM.name} ({TERM.name[:2].upper()})"], ["1"])
    with pytest.raises(BundleError, match=f"^mine: .*{told}"):
        damaged.to_arrays()
