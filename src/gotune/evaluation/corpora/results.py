"""What a recipe reaches on corpora that it has not learned from: frozen, torch-free, ready to be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from gotune.evaluation.sentences.results import TaggingEvaluation, TaggingScores


@dataclass(frozen=True, slots=True)
class CorpusEvaluation:
    """A recipe on corpora that its models did not learn from.

    Attributes:
        corpora: The evaluation on each, by its name.
        means: Figures of each model, that of the recipe first: means over the corpora that have the figure.
            Articles are drawn for the intervals and corpora are not; support and what is judged are sums.
        unmeasured: Corpora that only teach: no aspect of them has sentences judged to have it, and not to.
    """

    corpora: Mapping[str, TaggingEvaluation]
    means: tuple[TaggingScores, ...]
    unmeasured: tuple[str, ...] = ()

    @property
    def models(self) -> tuple[str, ...]:
        """The models of every table, that of the recipe first."""
        return tuple(row.model for row in self.means)

    def to_dict(self) -> dict[str, Any]:
        """Return the evaluation as plain values, ready for JSON."""
        return {
            "corpora": {name: asdict(found) for name, found in self.corpora.items()},
            "means": [asdict(row) for row in self.means],
            "unmeasured": list(self.unmeasured),
        }
