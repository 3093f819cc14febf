"""What a model lost when it was exported to another engine: kept with the bundle."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from gotune.render.tables import TextTable, render_markdown


class Target(StrEnum):
    """What a model can be exported to: an engine, and the number format of its weights."""

    ONNX_INT8 = "onnx-int8"
    ONNX_FP32 = "onnx-fp32"


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
        """The largest loss among the figures; 0 if none is lower than it was."""
        return max((before - after for before, after in self.figures.values()), default=0.0)


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
    moved = "; ".join(
        f"those of {one.texts} by {one.mean:.4f} on the mean and {one.largest:.3f} at most"
        for one in export.agreements
    )
    return f"Exported to {export.target}. Probabilities moved: {moved}."


def render_export(export: Export) -> str:
    """Return what was done as Markdown."""
    return f"{describe_export(export)}\n\n{render_markdown([export_table(export)])}"
