from __future__ import annotations

from itertools import pairwise, permutations

from gotune.corpus.topic_words import (
    BIOLOGY_STEMS,
    BIOLOGY_WORDS,
    ELSEWHERE,
    ENGLISH,
    FOREIGN,
    MAYBE_STEMS,
    SHARED,
)


def test_stems_are_sorted_and_none_begins_with_another() -> None:
    for stems in (BIOLOGY_STEMS, MAYBE_STEMS):
        assert all(one < other and not other.startswith(one) for one, other in pairwise(stems))
    assert not [stem for stem in MAYBE_STEMS if stem.startswith(BIOLOGY_STEMS)]


def test_a_word_is_of_one_kind() -> None:
    assert SHARED < ENGLISH
    for one, other in permutations((ENGLISH, FOREIGN, BIOLOGY_WORDS, ELSEWHERE), 2):
        assert not one & other
    whole = ENGLISH | FOREIGN | BIOLOGY_WORDS | ELSEWHERE
    assert not [word for word in whole if word.startswith((*BIOLOGY_STEMS, *MAYBE_STEMS))]


def test_words_are_as_they_are_looked_up() -> None:
    for words in (ENGLISH, FOREIGN, BIOLOGY_WORDS, ELSEWHERE, BIOLOGY_STEMS, MAYBE_STEMS):
        assert all(word.isalpha() and word == word.lower() for word in words)
