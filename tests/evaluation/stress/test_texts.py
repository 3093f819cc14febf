from __future__ import annotations

from collections import Counter

from gotune.aspects import Aspect
from gotune.evaluation.stress.texts import PAIRS, load_stress_sentences

SENTENCES = load_stress_sentences()


def test_there_are_enough_of_each_kind() -> None:
    assert Counter(sentence.kind for sentence in SENTENCES) == {
        "voice": 32, "negation": 32, "methods": 12, "statistics": 10, "acknowledgements": 10, "headings": 12,
    }  # fmt: skip


def test_pairs_carry_aspects_and_the_others_none() -> None:
    for sentence in SENTENCES:
        is_pair = sentence.kind in PAIRS
        assert bool(sentence.aspects) == bool(sentence.variant) == is_pair
        assert list(sentence.aspects) == sorted(sentence.aspects, key=lambda aspect: aspect.label)


def test_every_aspect_stands_in_both_kinds_of_pair() -> None:
    for kind in PAIRS:
        carried = {aspect for sentence in SENTENCES if sentence.kind == kind for aspect in sentence.aspects}
        assert carried == set(Aspect)


def test_no_sentence_stands_twice() -> None:
    texts = [text for sentence in SENTENCES for text in (sentence.text, sentence.variant) if text]
    assert len(set(texts)) == len(texts)
    assert all(text == " ".join(text.split()) for text in texts)
