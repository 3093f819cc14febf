"""The sentences and tables in which an explanation is told, on the terminal, on pages and in pictures."""

from __future__ import annotations

import numpy as np

from gotune.explanation.attribution.results import Explanation, Method
from gotune.model.calibration import log_odds
from gotune.render.tables import TextTable
from gotune.render.wording import counted, join_names

_DECIMALS, _MOST_DECIMALS = 3, 16
_LONGEST = 16
"""Letters of the longest bar on a terminal."""

_METHODS = {
    Method.GRADIENTS: "Integrated gradients: a weight is what the word adds to the encoder's log-odds on the "
    "way from a text of nothing but masks to this one.",
    Method.OCCLUSION: "Occlusion: a weight is by how much the log-odds fall when the word is left out.",
}


def describe_method(explanation: Explanation) -> str:
    """Return what a weight is, and what is in none."""
    told = _METHODS[explanation.method]
    account = explanation.account
    if explanation.method is Method.OCCLUSION or account is None:
        return told
    beside = [name for name, _ in account.parts if name in ("names", "words")]
    return f"{told} What {' and '.join(beside)} add is in no word's weight." if beside else told


def describe_answer(explanation: Explanation) -> str:
    """Return what the text carries."""
    return f"Carries {join_names(aspect.words for aspect in explanation.carried)}."


def describe_chance(explanation: Explanation) -> str:
    """Return how probable the aspect is that is explained, and from which probability on it is carried."""
    words, chance = explanation.aspect.words, explanation.probabilities[explanation.aspect]
    threshold = explanation.model.threshold(explanation.aspect)
    name = f"{words[0].upper()}{words[1:]}: probability"
    if threshold is None:
        return f"{name} {chance:.{_DECIMALS}f}."
    # A probability just below its threshold must not look the same.
    decimals = next(
        (n for n in range(_DECIMALS, _MOST_DECIMALS) if f"{chance:.{n}f}" != f"{threshold:.{n}f}"), _DECIMALS
    )
    return f"{name} {chance:.{decimals}f}, carried from {threshold:.{decimals}f} on."


def describe_sum(explanation: Explanation) -> str:
    """Return the log-odds of the aspect, and what each witness says, if there are several."""
    parts = [f"{name} {weight:+.2f}" for name, weight in account_rows(explanation)[:-1]]
    made_of = f" = {', '.join(parts)}" if parts else ""
    return f"Log-odds {explanation.score:+.2f}{made_of}."


def describe_encoder(explanation: Explanation) -> str:
    """Return what the log-odds of the encoder are made of, and how well they add up; "" with occlusion."""
    completeness, account = explanation.completeness, explanation.account
    if completeness is None or account is None or account.encoder is None:
        return ""
    words = sum(word.weight for word in explanation.words)
    masked = f"masked text {completeness.baseline:+.2f}"
    return (
        f"Encoder {account.encoder:+.2f} = {masked}, words unmasked {words:+.2f}; "
        f"completeness error {completeness.error:.2%}."
    )


def word_table(explanation: Explanation, n: int) -> TextTable:
    """Return the ``n`` words with the largest weights."""
    words = explanation.strongest(n)
    rows = tuple((word.word, f"{word.weight:+.2f}") for word in words)
    return TextTable(f"{len(words):,} of {len(explanation.words):,} words", ("word", "weight"), rows)


def account_rows(explanation: Explanation) -> list[tuple[str, float]]:
    """Return what each witness says and, last, the score; nothing if there is one witness alone."""
    parts = () if explanation.account is None else explanation.account.parts
    return [*parts, ("score", explanation.score)] if len(parts) > 1 else []


def describe_account(explanation: Explanation) -> str:
    """Return the title of what each witness says: with the log-odds from which on the aspect is carried."""
    threshold = explanation.model.threshold(explanation.aspect)
    told = f"Log-odds of {explanation.aspect.words} by each witness"
    if threshold is None:
        return told
    return f"{told}, carried from {float(log_odds(np.array(threshold))):+.2f} on"


def account_table(explanation: Explanation) -> TextTable | None:
    """Return what each witness says, with bars; None if there is one witness alone."""
    rows = account_rows(explanation)
    if not rows:
        return None
    largest = max(abs(weight) for _, weight in rows) or 1.0
    drawn = tuple(
        (name, f"{weight:+.2f}", ("+" if weight > 0 else "-") * round(_LONGEST * abs(weight) / largest))
        for name, weight in rows
    )
    return TextTable(describe_account(explanation), ("witness", "log-odds", "for + or against -"), drawn)


def phrase_rows(explanation: Explanation, n: int) -> list[tuple[str, float]]:
    """Return the ``n`` words and pairs that say most by themselves, and the sum of all others, if any."""
    words = None if explanation.account is None else explanation.account.words
    if words is None:
        return []
    shown = [(phrase.text, phrase.weight) for phrase in words.strongest(n)]
    if not (rest := len(words.phrases) - len(shown)):
        return shown
    return [*shown, (f"({counted(rest, 'other')})", words.weight - sum(weight for _, weight in shown))]


def phrase_table(explanation: Explanation, n: int) -> TextTable | None:
    """Return the words and pairs of `phrase_rows`, or None if there are none."""
    rows = phrase_rows(explanation, n)
    if not rows:
        return None
    title = f"What words say of {explanation.aspect.words} by themselves"
    return TextTable(title, ("words", "weight"), tuple((text, f"{weight:+.2f}") for text, weight in rows))


def name_table(explanation: Explanation) -> TextTable | None:
    """Return the names that the model's lexicon has found, or None if there are none."""
    names = None if explanation.account is None else explanation.account.names
    if names is None or not names.stretches:
        return None
    rows = tuple(
        (stretch.text, stretch.evidence, f"{stretch.reliability:.2f}") for stretch in names.stretches
    )
    title = f"Names of {explanation.aspect.words}, which add {names.weight:+.2f}"
    return TextTable(title, ("name", "kind", "probability"), rows)
