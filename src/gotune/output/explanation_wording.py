"""An explanation in words and tables, the same on the page, in the picture and in the terminal."""

from __future__ import annotations

from gotune.output.reports import TextTable
from gotune.output.wording import join_names
from gotune.results.explanation import Explanation, Method

_DECIMALS, _MOST_DECIMALS = 3, 16

_METHODS = {
    Method.GRADIENTS: "Integrated gradients: a weight is what the word adds to the log-odds on the way from "
    "a text of nothing but masks to this one.",
    Method.OCCLUSION: "Occlusion: a weight is by how much the log-odds fall when the word is left out.",
}


def describe_method(method: Method) -> str:
    """Return what a weight is."""
    return _METHODS[method]


def describe_answer(explanation: Explanation) -> str:
    """Return what the text carries, or nothing if the classifier does not say."""
    if explanation.carried is None:
        return ""
    return f"Carries {join_names(aspect.words for aspect in explanation.carried)}."


def describe_chance(explanation: Explanation) -> str:
    """Return how probable the aspect is that is explained, and from which probability on it is carried."""
    words, chance = explanation.aspect.words, explanation.probabilities[explanation.aspect]
    threshold = explanation.model and explanation.model.threshold(explanation.aspect)
    name = f"{words[0].upper()}{words[1:]}: probability"
    if threshold is None:
        return f"{name} {chance:.{_DECIMALS}f}."
    # A probability just below its threshold must not look the same.
    decimals = next(
        (n for n in range(_DECIMALS, _MOST_DECIMALS) if f"{chance:.{n}f}" != f"{threshold:.{n}f}"), _DECIMALS
    )
    return f"{name} {chance:.{decimals}f}, carried from {threshold:.{decimals}f} on."


def describe_sum(explanation: Explanation) -> str:
    """Return the log-odds of the aspect, and what they are made of."""
    told = f"Log-odds {explanation.score:+.2f}"
    if explanation.completeness is None:
        return f"{told}."
    words = sum(word.weight for word in explanation.words)
    parts = [f"masked text {explanation.completeness.baseline:+.2f}", f"words {words:+.2f}"]
    if explanation.names is not None:
        parts.append(f"names {explanation.names.weight:+.2f}")
    return f"{told} = {', '.join(parts)}; completeness error {explanation.completeness.error:.2%}."


def word_table(explanation: Explanation, n: int) -> TextTable:
    """Return the ``n`` words with the largest weights."""
    words = explanation.strongest(n)
    rows = tuple((word.word, f"{word.weight:+.2f}") for word in words)
    return TextTable(f"{len(words):,} of {len(explanation.words):,} words", ("word", "weight"), rows)


def name_table(explanation: Explanation) -> TextTable | None:
    """Return the names that the model's lexicon has found, or None if there are none."""
    if explanation.names is None or not explanation.names.stretches:
        return None
    rows = tuple(
        (stretch.text, stretch.evidence, f"{stretch.reliability:.2f}")
        for stretch in explanation.names.stretches
    )
    title = f"Names of {explanation.aspect.words}, which add {explanation.names.weight:+.2f}"
    return TextTable(title, ("name", "kind", "probability"), rows)
