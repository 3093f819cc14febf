"""The two kinds of classification head, which differ in what their probabilities mean."""

from __future__ import annotations

from enum import StrEnum


class Head(StrEnum):
    """How the three outputs of a model become probabilities."""

    SINGLE = "single"
    """Softmax: the text is about exactly one aspect, and the probabilities add up to one."""
    MULTI = "multi"
    """Three sigmoids: each aspect by itself, so that a text may carry none, one or several."""

    @property
    def problem_type(self) -> str:
        """What transformers calls it in ``config.json``."""
        return _PROBLEM_TYPES[self]

    @property
    def meaning(self) -> str:
        """What its probabilities mean, in words for the people who read them."""
        return _MEANINGS[self]


_PROBLEM_TYPES = {
    Head.SINGLE: "single_label_classification",
    Head.MULTI: "multi_label_classification",
}
_MEANINGS = {
    Head.SINGLE: "one of the three aspects is chosen for every text: the probabilities add up to one",
    Head.MULTI: "each aspect is judged by itself: a text may carry none, one or several",
}
