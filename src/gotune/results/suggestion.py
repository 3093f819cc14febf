"""What the search for sentences worth labelling gives back: frozen, torch-free, ready to be written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gotune.aspects import Aspect
from gotune.results.classified import AspectProbabilities


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A sentence that is worth labelling, and what a model makes of it.

    Attributes:
        row: Its position among the texts that were given, from 0.
        article: The article that it is from.
        sentence: Its number in the article, from 1.
        text: The sentence.
        aspects: The aspects that it carries, as the model says; empty for none.
        probabilities: What they mean depends on the model's head.
        uncertainty: Entropy of what the model says, in bits, from 0 to the number of aspects: the higher,
            the more there is to learn from a label.
        unsure_of: The aspects that the uncertainty comes from, in label order; at least one.
    """

    row: int
    article: str
    sentence: int
    text: str
    aspects: tuple[Aspect, ...]
    probabilities: AspectProbabilities
    uncertainty: float
    unsure_of: tuple[Aspect, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain values, ready for JSON."""
        return {
            "article": self.article,
            "sentence": self.sentence,
            "text": self.text,
            "aspects": [aspect.value for aspect in self.aspects],
            **self.probabilities.to_dict(),
            "uncertainty": self.uncertainty,
            "unsure_of": [aspect.value for aspect in self.unsure_of],
        }
