from __future__ import annotations

import numpy as np

from gotune.datasets.weak_labels import FEWEST_SENTENCES, second_opinion


def sentences() -> tuple[list[str], np.ndarray, list[str]]:
    """Half of the sentences speak of growth, but every fifth of these has a wrong label."""
    texts = ["The plants were growing tall."] * 200 + ["The box was opened again."] * 200
    labels = np.zeros((400, 3))
    labels[:200, 0] = 0.9
    labels[:200:5, 0] = 0
    return texts, labels, [str(row % 7) for row in range(400)]


def test_words_around_names_tell_wrong_labels() -> None:
    texts, labels, articles = sentences()
    opinion = second_opinion(texts, labels, articles)
    assert opinion.shape == (400, 3)
    # About .72, the share that the labels say; and the mislabelled are judged like the others.
    assert np.all((opinion[:200, 0] > 0.55) & (opinion[:200, 0] < 0.75))
    assert np.all(opinion[200:, 0] < 0.2)
    assert np.all(opinion[:, 1:] == 0)


def test_a_sentence_is_not_judged_by_its_own_label() -> None:
    texts, labels, _ = sentences()
    texts[0], labels[0] = "Unheard-of words.", [1, 1, 1]
    without = labels.copy()
    without[0] = 0
    opinions = [second_opinion(texts, rows, [""] * 400)[0] for rows in (labels, without)]
    assert np.allclose(*opinions)


def test_texts_without_a_common_word_give_no_opinion() -> None:
    texts = [str(10_000_000 + row) for row in range(FEWEST_SENTENCES)]
    assert not second_opinion(texts, np.full((len(texts), 3), 0.4), [""] * len(texts)).any()


def test_sure_labels_of_one_kind_are_taken_as_they_are() -> None:
    ones = np.ones((FEWEST_SENTENCES, 3))
    assert (second_opinion(["growth of cells"] * len(ones), ones, [""] * len(ones)) == 1).all()


def test_few_sentences_give_no_opinion() -> None:
    few = FEWEST_SENTENCES - 1
    assert not second_opinion(["growth"] * few, np.ones((few, 3)), [""] * few).any()
