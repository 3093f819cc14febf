from __future__ import annotations

from math import sqrt
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.model import words as module
from gotune.model.words import BUCKETS, CONSTANT, WordModel, feature_of, pairs_of, split
from tests.examples import some
from tests.together import asked_together, each_as_often

WEIGHTS = np.random.default_rng(0).normal(size=(BUCKETS, 3)).astype(np.float32)
OF_DEFINITIONS = np.random.default_rng(1).normal(size=(BUCKETS, 4)).astype(np.float32)


def many_texts(n: int) -> list[str]:
    """Return texts of some thirty words, most of which other texts have as well."""
    draw = np.random.default_rng(3)
    return [
        " ".join(f"w{chr(97 + one % 26)}{chr(97 + one // 26)}x" for one in draw.integers(0, 200, 30))
        for _ in range(n)
    ]


def row(feature: str) -> int:
    return crc32(feature.encode()) >> 14


def test_words_are_lower_case_and_any_number_is_0() -> None:
    assert split("Rad51 binds\u03b1-DNA_x, 12,5 \u0130L") == [
        "rad0",
        "binds\u03b1",
        "dna",
        "x",
        "0",
        "0",
        "i",
        "l",
    ]
    assert split("a" * 100) == ["a" * 40]
    assert split(" -- ") == []


def test_a_word_counts_as_itself_and_as_its_parts() -> None:
    rows, values = feature_of("cat")
    parts = ["<ca", "cat", "at>", "<cat", "cat>"]
    assert rows[0] == row("w cat")
    assert sorted(rows[1:]) == sorted(row(f"c {part}") for part in parts)
    assert values == (1.0, *[1 / sqrt(5)] * 5)
    assert feature_of("a") == ((row("w a"),), (1.0,))  # its only part is all of it


def test_pairs_stand_in_order_once() -> None:
    found = pairs_of(["a", "b", "a", "b"])
    assert found == {("a", "b"): row("b a b"), ("b", "a"): row("b b a")}


def test_each_different_word_and_pair_counts_once_by_the_length_of_the_text() -> None:
    wanted = sum(WEIGHTS[row(feature)] for feature in ("w a", "w b", "b a b", "b b a")) / sqrt(4)
    (found,) = WordModel(WEIGHTS).log_odds(["A b, a B."])
    assert found == pytest.approx(WEIGHTS[CONSTANT] + wanted)


def test_no_text_gives_no_row_and_no_word_the_constant() -> None:
    model = WordModel(WEIGHTS)
    assert model.log_odds([]).shape == (0, 3)
    assert model.log_odds(["", "?"]).tolist() == [WEIGHTS[CONSTANT].tolist()] * 2


@given(st.lists(st.text(st.sampled_from("abC1 -\ud800\U0001d6fc"), max_size=90), max_size=6))
@some(50)
def test_phrases_and_the_constant_are_all_that_is_said(texts: list[str]) -> None:
    model = WordModel(WEIGHTS)
    found = model.log_odds(texts)
    for text, log_odds in zip(texts, found, strict=True):
        added = sum((phrase.log_odds for phrase in model.phrases(text)), np.zeros(3))
        assert log_odds == pytest.approx(WEIGHTS[CONSTANT] + added)


@given(st.lists(st.text(st.sampled_from("abC1 -\ud800\U0001d6fc"), max_size=90), max_size=6))
@some(50)
def test_a_text_is_judged_as_a_definition_as_far_as_it_reads_as_one(texts: list[str]) -> None:
    model = WordModel(WEIGHTS, OF_DEFINITIONS)
    plain, strict = (WordModel(array).log_odds(texts) for array in (WEIGHTS, OF_DEFINITIONS[:, :3]))
    reads_as_one = WordModel(OF_DEFINITIONS[:, [3, 3, 3]]).log_odds(texts)
    share = 1 / (1 + np.exp(-reads_as_one))
    assert model.log_odds(texts) == pytest.approx((1 - share) * plain + share * strict)
    for text, log_odds, part in zip(texts, model.log_odds(texts), share, strict=True):
        constant = (1 - part) * WEIGHTS[CONSTANT] + part * OF_DEFINITIONS[CONSTANT, :3]
        added = sum((phrase.log_odds for phrase in model.phrases(text)), np.zeros(3))
        assert log_odds == pytest.approx(constant + added)


@pytest.mark.parametrize(("reads_as_one", "column"), [(-3000, 0), (-300, 0), (3000, 1)])
def test_what_surely_is_no_definition_is_judged_as_a_sentence(reads_as_one: float, column: int) -> None:
    strict = OF_DEFINITIONS.copy()
    strict[:, 3] = reads_as_one
    text = "A b c d e f g."
    wanted = [WordModel(WEIGHTS), WordModel(OF_DEFINITIONS[:, :3])][column].log_odds([text])
    assert (WordModel(WEIGHTS, strict).log_odds([text]) == wanted).all()


@pytest.mark.parametrize("of_definitions", [None, OF_DEFINITIONS])
def test_more_is_said_of_any_text(of_definitions: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> None:
    model = WordModel(WEIGHTS, of_definitions)
    more = np.random.default_rng(2).normal(size=(BUCKETS, 3))
    found = model.saying_more(more).log_odds(["A cell.", ""]) - model.log_odds(["A cell.", ""])
    assert found == pytest.approx(WordModel(more).log_odds(["A cell.", ""]), abs=1e-5)


def test_what_is_kept_of_a_model_makes_it_again() -> None:
    for model in (WordModel(WEIGHTS), WordModel(WEIGHTS, OF_DEFINITIONS)):
        again = WordModel.from_arrays(model.to_arrays())
        assert (again.log_odds(["A cell."]) == model.log_odds(["A cell."])).all()
    with pytest.raises(ValueError, match="no array weights"):
        WordModel.from_arrays({"definitions": OF_DEFINITIONS})
    with pytest.raises(ValueError, match=r"of shape \(262144, 3\), expected \(262144, 4\)"):
        WordModel(WEIGHTS, WEIGHTS)


def test_answers_do_not_depend_on_what_was_read_before(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = many_texts(60)
    wanted = [WordModel(WEIGHTS, OF_DEFINITIONS).log_odds([text])[0] for text in texts]
    model = WordModel(WEIGHTS, OF_DEFINITIONS)
    assert (np.concatenate([model.log_odds([text]) for text in texts]) == wanted).all()
    assert (model.log_odds(texts) == wanted).all()
    monkeypatch.setattr("gotune.lexicon.known_texts._MOST_KEPT", 150)
    monkeypatch.setattr(module, "_TEXTS_AT_ONCE", 3)
    assert (model.log_odds(texts[::-1]) == wanted[::-1]).all()


def test_several_threads_read_what_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gotune.lexicon.known_texts._MOST_KEPT", 40)
    texts = many_texts(120)
    questions = [texts[start : start + 2] for start in range(0, 120, 2)]
    alone, together = WordModel(WEIGHTS), WordModel(WEIGHTS)
    found = asked_together(lambda question: together.log_odds(question).tolist(), questions)
    assert found == each_as_often([alone.log_odds(question).tolist() for question in questions])


def test_long_words_are_the_same_if_they_begin_so() -> None:
    model = WordModel(WEIGHTS)
    first, second = model.log_odds(["x" * 60 + " ends", "x" * 50 + " ends"])
    assert (first == second).all()
    assert (model.log_odds(["x" * 39 + " ends"]) != first).all()
    once, as_different = model.log_odds([f"{'x' * 50} {'x' * 60}", f"{'x' * 40} {'x' * 40}"])
    assert (once == as_different).all()


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (np.zeros((8, 3)), r"^weights of words of shape \(8, 3\), expected \(262144, 3\)$"),
        (np.full((BUCKETS, 3), np.nan), "^weights of words that are not finite$"),
    ],
)
def test_other_arrays_are_refused(
    weights: np.ndarray[tuple[int, int], np.dtype[np.float64]], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        WordModel(weights)
