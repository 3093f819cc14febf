"""Which model found something, and what its probabilities mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gotune.aspects import ASPECTS, Aspect
from gotune.heads import Head


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What a result tells of the model that it is from.

    Attributes:
        name: Of its folder.
        encoder: That it began from.
        release: GO release of the definitions that it learned from.
        head: What its probabilities mean.
        thresholds: Probability from which a text carries each aspect, in label order; None where the most
            probable aspect is chosen.
    """

    name: str
    encoder: str
    release: str
    head: Head
    thresholds: tuple[float, ...] | None = None

    def __str__(self) -> str:
        return f"{self.name} ({self.encoder}, GO release {self.release})"

    def threshold(self, aspect: Aspect) -> float | None:
        """Return the probability from which a text carries the aspect, if there is one."""
        return None if self.thresholds is None else self.thresholds[aspect.label]

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain values, the thresholds by aspect."""
        return {
            "name": self.name,
            "encoder": self.encoder,
            "release": self.release,
            "head": self.head.value,
            "thresholds": self.thresholds
            and {aspect.value: self.thresholds[aspect.label] for aspect in ASPECTS},
        }
