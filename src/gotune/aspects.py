"""The three aspects of GO, and how a model decides among them: the kind of its head, and what for."""

from __future__ import annotations

from enum import StrEnum


class Aspect(StrEnum):
    """One of GO's three aspects, in label order: 0, 1, 2.

    The value is the OBO namespace, which is also the label name inside saved models.
    """

    BIOLOGICAL_PROCESS = "biological_process"
    CELLULAR_COMPONENT = "cellular_component"
    MOLECULAR_FUNCTION = "molecular_function"

    @property
    def label(self) -> int:
        """Class index of the aspect in datasets, logits and probability rows."""
        return ASPECTS.index(self)

    @property
    def words(self) -> str:
        """Name for people: ``biological process``."""
        return self.value.replace("_", " ")

    @property
    def short(self) -> str:
        """Two-letter code: ``BP``, ``CC`` or ``MF``."""
        return "".join(word[0] for word in self.value.split("_")).upper()

    @property
    def colour(self) -> str:
        """Hex colour in every picture and workbook (Okabe-Ito, safe for colour-blind readers)."""
        return _COLOURS[self]


ASPECTS: tuple[Aspect, ...] = tuple(Aspect)
"""The aspects in label order."""

ASPECTS_BY_NAME = {
    name.lower(): aspect for aspect in ASPECTS for name in (aspect.short, aspect.value, aspect.words)
}
"""The aspects as people write them, in lower case: ``bp``, ``biological_process``, ``biological process``."""

_COLOURS = {
    Aspect.BIOLOGICAL_PROCESS: "#0072B2",
    Aspect.CELLULAR_COMPONENT: "#E69F00",
    Aspect.MOLECULAR_FUNCTION: "#009E73",
}


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


class Prefer(StrEnum):
    """What thresholds are for."""

    RECALL = "recall"
    """To miss little, as for what somebody looks through."""
    BALANCE = "balance"
    PRECISION = "precision"
    """To be wrong seldom, as for what nobody looks through."""

    @property
    def beta(self) -> float:
        """How many times as much recall counts as precision in the F measure that thresholds are best for."""
        return _BETAS[self]


_BETAS = {Prefer.RECALL: 2.0, Prefer.BALANCE: 1.0, Prefer.PRECISION: 0.5}
