from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gotune.datasets.data_card import NEAR, Overlap, count_overlap

SENTENCE = "Any process that modulates the frequency of the opening of small blue doors in the wall"


def test_case_and_punctuation_do_not_hide_an_exact_duplicate() -> None:
    assert count_overlap([SENTENCE.upper() + "!"], [SENTENCE]) == Overlap(n=1, exact=1, near=0)


def test_one_changed_last_word_is_near() -> None:
    changed = SENTENCE.rsplit(" ", 1)[0] + " fence"
    assert count_overlap([changed], [SENTENCE]) == Overlap(n=1, exact=0, near=1)


def test_other_text_is_neither() -> None:
    assert count_overlap(["Catalysis of a reaction."], [SENTENCE]) == Overlap(n=1, exact=0, near=0)


def test_nothing_to_compare_with() -> None:
    assert count_overlap(["a", ""], []) == Overlap(n=2, exact=0, near=0)


SEEDS = st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=6, max_size=14), min_size=1, max_size=3)
CUTS = st.lists(st.tuples(*[st.integers(0, 2)] * 3), max_size=6)
"""Of texts that are much alike: which seed, and how many words are cut off at its ends."""


def cut(seeds: list[list[str]], cuts: list[tuple[int, int, int]]) -> list[list[str]]:
    chosen = [(seeds[which % len(seeds)], left, right) for which, left, right in cuts]
    return [words[left : len(words) - right] for words, left, right in chosen]


@given(SEEDS, CUTS, CUTS)
def test_prefix_filter_misses_nothing(
    seeds: list[list[str]], of_texts: list[tuple[int, int, int]], of_reference: list[tuple[int, int, int]]
) -> None:
    texts, reference = cut(seeds, of_texts), cut(seeds, of_reference)

    def shingles(words: list[str]) -> set[tuple[str, ...]]:
        return {tuple(words[i : i + 3]) for i in range(max(len(words) - 3, 0) + 1)}

    def jaccard(one: list[str], other: list[str]) -> float:
        a, b = shingles(one), shingles(other)
        return len(a & b) / len(a | b)

    exact = [words in reference for words in texts]
    near = [
        not same and any(jaccard(words, other) >= NEAR for other in reference)
        for words, same in zip(texts, exact, strict=True)
    ]
    found = count_overlap([" ".join(words) for words in texts], [" ".join(words) for words in reference])
    assert found == Overlap(n=len(texts), exact=sum(exact), near=sum(near))
