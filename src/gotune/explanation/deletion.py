"""Whether weights of words mean anything: what becomes of a prediction without the words of most weight.

The deletion curve of Samek et al. (2017, doi:10.1109/TNNLS.2016.2599820), which DeYoung et al. (2020,
doi:10.18653/v1/2020.acl-main.408) call comprehensiveness. Any text with words missing is odd, so the same
number of words drawn at random is left out beside.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gotune.errors import InputError
from gotune.estimates import draw_resamples, estimate
from gotune.explanation.attribution.results import DeletionCurve, Explanation
from gotune.explanation.words import leave_out
from gotune.model.classifier import Transparent
from gotune.protocols import Classifier, Track, untracked

COUNTS = (1, 2, 3, 5, 8)
_LEAST_TEXTS = 2

Floats = NDArray[np.float64]


def deletion_curve(
    classifier: Classifier,
    explanations: Sequence[Explanation],
    *,
    counts: Sequence[int] = COUNTS,
    n_draws: int = 5,
    seed: int = 0,
    track: Track = untracked,
) -> DeletionCurve:
    """Leave out the words that speak most for the explained aspect, and words drawn at random.

    Args:
        classifier: The one whose predictions are explained.
        explanations: Of at least two texts, all by the same method.
        counts: How many words to leave out; a text that has fewer loses all.
        n_draws: Draws of random words for each text.
        seed: Governs these draws, and the resamples of texts for the intervals.
        track: Shows progress, text by text.

    Raises:
        InputError: Fewer than two explanations, or such of several methods; no draws, or counts below one.
    """
    if n_draws < 1 or not counts or min(counts) < 1:
        raise InputError(
            "deletion curve",
            expected="at least one draw, and one count or more of at least one word",
            found=f"{n_draws} draws, counts {', '.join(map(str, counts)) or 'none'}",
            do="Give larger numbers.",
        )
    methods = {explanation.method for explanation in explanations}
    if len(explanations) < _LEAST_TEXTS or len(methods) > 1:
        raise InputError(
            "explanations",
            expected="those of two or more texts by one method",
            found=f"{len(explanations)} by {', '.join(sorted(methods)) or 'none'}",
            do="Explain some more texts.",
        )
    if isinstance(classifier, Transparent):
        classifier = classifier.in_float32()  # as explanations are made
    generator = np.random.default_rng(seed)
    rows = [
        _drops(classifier, explanation, counts, n_draws, generator)
        for explanation in track(explanations, description="leaving out", total=len(explanations))
    ]
    drops = np.array(rows)  # texts, ranked or random, counts
    resamples = draw_resamples(len(drops), seed) / len(drops)
    ranked, random = (
        [estimate(values.mean(), resamples @ values) for values in part.T]
        for part in (drops[:, 0], drops[:, 1])
    )
    areas = drops.mean(axis=2)
    ranked_area, random_area, difference = (
        estimate(values.mean(), resamples @ values)
        for values in (areas[:, 0], areas[:, 1], areas[:, 0] - areas[:, 1])
    )
    return DeletionCurve(
        method=explanations[0].method,
        n_texts=len(explanations),
        n_draws=n_draws,
        counts=tuple(counts),
        ranked=tuple(ranked),
        random=tuple(random),
        ranked_area=ranked_area,
        random_area=random_area,
        difference=difference,
    )


def _drops(
    classifier: Classifier,
    explanation: Explanation,
    counts: Sequence[int],
    n_draws: int,
    generator: np.random.Generator,
) -> Floats:
    """Return the drops without words by rank, and the mean ones without random words: ``(2, counts)``."""
    weights = np.array([word.weight for word in explanation.words])
    orders = [np.argsort(-weights, kind="stable")]
    orders += [generator.permutation(len(weights)) for _ in range(n_draws)]
    texts = [_without(explanation, order[:count]) for order in orders for count in counts]
    found = classifier.predict_proba([explanation.text, *texts])[:, explanation.aspect.label]
    drops = (found[0] - found[1:]).reshape(len(orders), len(counts))
    return np.stack([drops[0], drops[1:].mean(axis=0)])


def _without(explanation: Explanation, numbers: NDArray[np.int64]) -> str:
    words = [explanation.words[number] for number in sorted(numbers.tolist())]
    return leave_out(explanation.text, [(word.start, word.end) for word in words])
