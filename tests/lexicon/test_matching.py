from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.lexicon.matching import BESIDE, Matcher, key_of, offsets_of, split_words
from gotune.lexicon.variants import LONGEST_NAME
from gotune.lexicon.word_forms import bare_words, singular_of, stem
from tests.together import asked_together, each_as_often

STEMS = [("axon",), ("axon", "guid"), ("gen", "express"), ("regulat", "of", "gen", "express"), ("p", "53")]
SYMBOLS = [("SUK",), ("IL", "2"), ("p", "53")]
KEYS = {
    key_of(words, symbol=symbol): words
    for symbol, all_of in ((False, STEMS), (True, SYMBOLS))
    for words in all_of
}
MATCHER = Matcher.of(sorted(KEYS), {"axon": 2, "gen": 2, "regulat": 4, "p": 2})
WORDS = [
    "axons",
    "guides",
    "Axon",
    "gene",
    "expression",
    "regulation",
    "of",
    "SUKs",
    "SUK",
    "NF",
    "κB",
    "p53",
    "p",
    "53",
]
PHRASES = ["Axon guides", "gene expression", "regulation of gene expression", "IL-2", *[" "] * 8, *"-_²"]
Found = list[tuple[int, int, int, tuple[str, ...], bool, bool]]


def found_in(texts: Sequence[str]) -> Found:
    runs = MATCHER.runs(texts)
    names = [KEYS[int(MATCHER.keys[variant])] for variant in runs.variants]
    columns = (runs.texts, runs.places, runs.lengths, runs.symbols, runs.whole)
    texts_of, places, lengths, symbols, whole = (column.tolist() for column in columns)
    return list(zip(texts_of, places, lengths, names, symbols, whole, strict=True))


def expected_in(texts: Sequence[str]) -> Found:
    """Say the same by looking at every run of words of every text."""
    found: Found = []
    before = 0
    for number, text in enumerate(texts):
        parts = split_words(text)
        words, n = parts[1::2], len(parts) // 2
        free = [place in (0, n) or parts[2 * place] != "" for place in range(n + 1)]
        for place in range(n):
            for length in range(min(LONGEST_NAME, n - place), 0, -1):
                run = words[place : place + length]
                whole = free[place] and free[place + length]
                symbol = (*run[:-1], singular_of(run[-1]))
                # Runs of three words are looked up as symbols where a variant of stems may be as long.
                if symbol in SYMBOLS and whole and length <= 2:
                    found.append((number, before + place, length, symbol, True, True))
                stems = tuple(map(stem, run))
                if stems in STEMS:
                    found.append((number, before + place, length, stems, False, whole))
        before += n
    return found


def test_variants_are_found_in_order() -> None:
    assert found_in(["", "Axon guides SUKs.", "xp53", "p53"]) == [
        (1, 0, 2, ("axon", "guid"), False, True),
        (1, 0, 1, ("axon",), False, True),
        (1, 2, 1, ("SUK",), True, True),
        (3, 5, 2, ("p", "53"), True, True),
        (3, 5, 2, ("p", "53"), False, True),
    ]


def test_letters_and_digits_right_beside_a_variant_are_told() -> None:
    assert found_in(["axon2"]) == [(0, 0, 1, ("axon",), False, False)]
    assert found_in(["SUK2"]) == []


@given(st.lists(st.lists(st.sampled_from([*WORDS, *PHRASES]), max_size=12).map("".join), max_size=4))
def test_as_by_looking_at_every_run(texts: list[str]) -> None:
    assert found_in(texts) == expected_in(texts)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_as_many_runs_are_found_in_small_slices(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr("gotune.lexicon.matching._FIRSTS_AT_ONCE", size)
    texts = ["Axon guides SUKs, of p53.", "", "regulation of gene expression by IL-2 and SUK", "axon2 gene"]
    assert found_in(texts) == expected_in(texts)
    assert len(found_in(texts)) == 10


@given(st.text())
def test_parts_make_the_text(text: str) -> None:
    parts = split_words(text)
    assert "".join(parts) == text
    assert parts[1::2] == bare_words(text)
    offsets = offsets_of(text)
    assert [text[start:end] for start, end in zip(offsets[1::2], offsets[2::2], strict=False)] == parts[1::2]
    between = "".join(parts[::2])
    assert not any(character.isalnum() and character not in "⁰¹²³⁴⁵⁶⁷⁸⁹" for character in between)


def test_what_is_known_of_words_is_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gotune.lexicon.known_texts._MOST_KEPT", 3)
    texts = [" ".join(["axon", *map(str, range(start, start + 5))]) for start in range(0, 50, 5)]
    assert [found_in([text]) for text in texts] == [[(0, 0, 1, ("axon",), False, True)]] * len(texts)


def test_several_threads_find_what_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gotune.lexicon.known_texts._MOST_KEPT", 20)
    texts = [
        [f"Axon-{number} guides {number * 7 % 50}SUK p{number}", f"NF-κB{number}"] for number in range(80)
    ]
    assert asked_together(found_in, texts) == each_as_often(list(map(expected_in, texts)))


@pytest.mark.parametrize("words", [(), ("a",) * (LONGEST_NAME + 1)])
def test_a_key_is_of_words(words: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=f"a variant of {len(words)} words"):
        key_of(words, symbol=False)


def test_no_variants_are_found_nowhere() -> None:
    none = Matcher(np.zeros(0, np.uint64), np.zeros(0, np.uint64), np.zeros(0, np.uint8))
    assert len(none.runs(["axon guidance"]).places) == 0


def test_the_words_beside_runs_are_told() -> None:
    matcher = Matcher.of([key_of(["cell"], symbol=False)], {"cell": 1})
    beside = matcher.runs(["of cell", "one old dead cell dies", "now"]).beside
    again = matcher.runs(["and dead cell dying"]).beside
    assert beside.astype(bool).tolist() == [[False, True, False, False], [True, True, True, False]]
    assert (again[0, 1], again[0, 2]) == (beside[1, 1], beside[1, 2])
    assert matcher.runs(["none"]).beside.shape == matcher.runs([""]).beside.shape == (0, 2 * BESIDE)
