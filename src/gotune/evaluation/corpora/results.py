"""What a recipe reaches on corpora that it has not learned from: frozen, torch-free, ready to be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

from gotune.evaluation.sentences.results import TaggingEvaluation, TaggingScores

MEANS = ("macro_auroc", "macro_average_precision", "macro_f1", "balanced_accuracy", "calibration_error")
"""Figures of `TaggingScores` of which a mean over corpora says something."""


@dataclass(frozen=True, slots=True)
class CorpusEvaluation:
    """A recipe on corpora that its models did not learn from.

    Attributes:
        corpora: The evaluation on each, by the name of its file.
        unmeasured: Files that only teach: no aspect of them has sentences judged to have it, and not to.
    """

    corpora: Mapping[str, TaggingEvaluation]
    unmeasured: tuple[str, ...] = ()

    @property
    def models(self) -> tuple[str, ...]:
        """The models of every table, that of the recipe first."""
        first = next(iter(self.corpora.values()))
        return tuple(row.model for row in first.rows)

    def scores(self, model: str) -> list[TaggingScores]:
        """Return the figures of a model, corpus by corpus."""
        return [row for found in self.corpora.values() for row in found.rows if row.model == model]

    def mean(self, figure: str, model: str) -> float | None:
        """Return the mean of a figure of `TaggingScores` over the corpora that have it, None if none has."""
        found = [getattr(scores, figure) for scores in self.scores(model)]
        values = [estimate.value for estimate in found if estimate is not None]
        return fmean(values) if values else None

    def to_dict(self) -> dict[str, Any]:
        """Return the evaluation as plain values, ready for JSON, with the means of the recipe's models."""
        model = self.models[0]
        return {
            "corpora": {name: asdict(found) for name, found in self.corpora.items()},
            "unmeasured": list(self.unmeasured),
            "means": {figure: self.mean(figure, model) for figure in MEANS},
        }
