"""What a paired comparison of two models gives back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from gotune.estimates import Estimate


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of two models on the same rows.

    Attributes:
        figure: Name for tables.
        first: Figure of the first model.
        second: Figure of the second model.
        difference: The second less the first.
        p_value: Two-sided, from the paired bootstrap that gave the interval.
    """

    figure: str
    first: float
    second: float
    difference: Estimate
    p_value: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """A paired comparison of two models.

    Attributes:
        first: Name of the first model.
        second: Name of the second model.
        n_rows: Texts both were asked about.
        unit: What was resampled as a whole: ``article``, ``sentence`` or ``term family``.
        n_units: How many of them there are.
        differences: Macro ROC-AUC, macro average precision and accuracy. A text counts as right if all that
            is decided about it is right.
        only_first: Texts that only the first model has right.
        only_second: Texts that only the second model has right.
        mcnemar_p: Two-sided, from McNemar's exact test, which takes texts as independent.
    """

    first: str
    second: str
    n_rows: int
    unit: str
    n_units: int
    differences: tuple[Difference, ...]
    only_first: int
    only_second: int
    mcnemar_p: float

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as plain values, ready for JSON."""
        return asdict(self)
