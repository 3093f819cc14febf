"""What a model lost when it was exported to another engine: kept with the bundle."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from gotune.render.tables import TextTable, render_markdown

ACCURACY = "accuracy"
"""The figure of texts that have one aspect each: how often it is the most probable one."""
CALIBRATION_ERROR = "calibration error"
"""The only figure that is better where it is lower."""


class Target(StrEnum):
    """What a model can be exported to: an engine and the number format of its weights, or no encoder."""

    ONNX_INT8 = "onnx-int8"
    ONNX_FP32 = "onnx-fp32"
    NO_ENCODER = "none"

    @property
    def words(self) -> str:
        """What it is, for people."""
        return _WORDS[self]


_WORDS = {
    Target.ONNX_INT8: "ONNX Runtime, its weights in 8 bits",
    Target.ONNX_FP32: "ONNX Runtime, its weights as they were",
    Target.NO_ENCODER: "words and names alone",
}


@dataclass(frozen=True, slots=True)
class Agreement:
    """How an exported model agrees with the one that it was made of, on texts that neither has learned from.

    Attributes:
        texts: What they are, such as ``definitions``.
        n_texts: How many.
        figures: Each as before and after, by its name, such as ``macro ROC-AUC``.
        largest: Largest difference of a probability.
        mean: Mean difference of the probabilities.
    """

    texts: str
    n_texts: int
    figures: dict[str, tuple[float, float]]
    largest: float
    mean: float

    @property
    def loss(self) -> float:
        """The largest loss among the figures; negative if all are better than they were."""
        losses = (
            after - before if name == CALIBRATION_ERROR else before - after
            for name, (before, after) in self.figures.items()
        )
        return max(losses, default=0.0)


@dataclass(frozen=True, slots=True)
class Export:
    """An export of a model.

    Attributes:
        target: What it was made for.
        agreements: How it agrees with the model that it was made of.
    """

    target: Target
    agreements: tuple[Agreement, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values, ready for JSON."""
        return asdict(self)


def export_table(export: Export) -> TextTable:
    """Return the figures before and after."""
    rows = [
        (f"{one.texts} ({one.n_texts:,}): {name}", f"{before:.4f}", f"{after:.4f}", f"{after - before:+.4f}")
        for one in export.agreements
        for name, (before, after) in one.figures.items()
    ]
    return TextTable("Before and after", ("figure", "before", "after", "difference"), tuple(rows))


def describe_export(export: Export) -> str:
    """Return what was done and how far probabilities moved, in a few sentences."""
    told = [f"Made for {export.target.words}."]
    if export.agreements:
        moved = "; ".join(
            f"those of {one.texts} by {one.mean:.4f} on the mean and {one.largest:.3f} at most"
            for one in export.agreements
        )
        told.append(f"Probabilities moved: {moved}.")
    return " ".join(told)


def render_export(export: Export) -> str:
    """Return what was done as Markdown."""
    table = render_markdown([export_table(export)]) if export.agreements else ""
    return f"{describe_export(export)}\n\n{table}"
