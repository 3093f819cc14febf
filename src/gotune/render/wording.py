"""The words in which every table and picture tells what a text carries and what probabilities mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gotune.aspects import ASPECTS, Head
from gotune.estimates import Estimate
from gotune.records import ModelInfo

NONE = "none"
"""Stands where a text carries no aspect."""

NONE_COLOUR = "#767676"
"""Grey that is legible on white, for what carries no aspect."""

NOTHING_CARRIED = "no sentence carries an aspect"
"""Stands where a document has no shares."""

EQUAL_PARTS = "A sentence with several aspects counts in equal parts for each."
"""Stands beside shares of a model that may find several."""


def join_names(names: Iterable[str]) -> str:
    """Return names of aspects on one line, or ``none``."""
    return ", ".join(names) or NONE


def name_model(name: str) -> str:
    """Return what a model is called, ``model "papers"``: its folder may have any name, such as model."""
    return f'model "{name}"'


def describe_head(head: Head, thresholds: Sequence[float] | None = None) -> str:
    """Return what probabilities of this head mean, and from which of them on a text carries an aspect."""
    meaning = f"{head.meaning[0].upper()}{head.meaning[1:]} ({head} head)."
    if thresholds is None:
        return meaning
    listed = ", ".join(
        f"{aspect.short} {value:.3f}" for aspect, value in zip(ASPECTS, thresholds, strict=True)
    )
    return f"{meaning} An aspect is carried from this probability on: {listed}."


def describe_probabilities(model: ModelInfo) -> str:
    """Return what the probabilities of a model mean, and from which of them on a text carries an aspect."""
    return describe_head(model.head, model.thresholds)


def describe_interval(estimate: Estimate) -> str:
    """Return the interval of a share in percent, ``12.5% to 60.0%``."""
    return f"{estimate.interval.low:.1%} to {estimate.interval.high:.1%}"


def count_sentences(n: int) -> str:
    """Return a number of sentences in words: ``1 sentence``, ``1,200 sentences``."""
    return f"{n:,} sentence{'' if n == 1 else 's'}"


def describe_doubts(doubts: Sequence[str]) -> str:
    """Return what to think of the figures of a text that seems out of a model's depth."""
    found = " and ".join(doubts)
    return f"Doubtful: the text seems {found}. The models are made for English prose about biology."
