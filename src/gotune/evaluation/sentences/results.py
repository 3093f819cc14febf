"""What the measures of a tagger give back: frozen, torch-free, ready to be written or drawn."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from gotune.aspects import Aspect
from gotune.estimates import Estimate
from gotune.evaluation.reliability import Reliability


@dataclass(frozen=True, slots=True)
class AspectTagging:
    """How well the sentences with one aspect are told from those without it.

    Attributes:
        aspect: The aspect.
        auroc: Area under the ROC curve. It is None, as are all figures, unless some sentences are judged to
            have the aspect and some not to have it.
        average_precision: Mean precision at each sentence with the aspect, best-ranked first.
        precision: At the threshold.
        recall: At the threshold.
        f1: At the threshold.
        threshold: Least probability at which a sentence counts as tagged, chosen on other sentences.
        support: Sentences with the aspect.
        judged: Sentences that are judged on it, of which the figures are.
    """

    aspect: Aspect
    auroc: Estimate | None
    average_precision: Estimate | None
    precision: Estimate | None
    recall: Estimate | None
    f1: Estimate | None
    threshold: float
    support: int
    judged: int

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class TaggingScores:
    """All figures of one model on one set of sentences, with intervals by article.

    Attributes:
        model: Name for tables.
        macro_auroc: Unweighted mean over the aspects that have the figure, as are the next two.
        macro_average_precision: See `AspectTagging`.
        macro_f1: See `AspectTagging`.
        balanced_accuracy: Mean recall of the aspects that have figures, on sentences that are judged on at
            least two aspects and carry exactly one of these, where the most probable of these is the answer.
            None if one of the aspects never stands alone so, or fewer than two have figures.
        profile_correlation: Mean over the aspects of Spearman's rank correlation, across articles, of the
            mean probability with the share of sentences that carry the aspect, among those judged on it: does
            the model rank the articles by how much they are about it? Aspects whose share is the same in all
            articles do not count. None if it does not exist, as for a model that gives every sentence the
            same, or where the article of a sentence is unknown.
        within_correlation: Mean over the articles that have sentences judged on each aspect of the rank
            correlation of the three mean probabilities with the three shares, where these are not all alike:
            does the model rank the aspects inside an article? It is 0 where it gives them alike.
        calibration_error: Expected calibration error, a mean of absolute gaps. Resampling adds noise to each
            gap, so the interval leans to the high side, and reaches down to the figure at least.
        aspects: One entry an aspect, in label order.
    """

    model: str
    macro_auroc: Estimate
    macro_average_precision: Estimate
    macro_f1: Estimate
    balanced_accuracy: Estimate | None
    profile_correlation: Estimate | None
    within_correlation: Estimate | None
    calibration_error: Estimate
    aspects: tuple[AspectTagging, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """What abstaining on the least certain sentences gains, from few sentences kept to all.

    Attributes:
        certainty: Least certainty of the sentences kept at each point.
        coverage: Share of sentences kept.
        risk: Share of wrong decisions, among those about the judged aspects of the sentences kept.
    """

    certainty: tuple[float, ...]
    coverage: tuple[float, ...]
    risk: tuple[float, ...]

    def within(self, target: float) -> int | None:
        """Return the last point, that with the most sentences, whose risk is at most ``target``."""
        points = [point for point, risk in enumerate(self.risk) if risk <= target]
        return points[-1] if points else None

    def to_dict(self) -> dict[str, Any]:
        """Return the curve as plain values, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class TaggingEvaluation:
    """A model beside its baselines on the same sentences.

    Attributes:
        split: How the sentences were kept apart from what the models learned, as a sentence for people.
        n_sentences: Sentences scored.
        n_articles: Articles they come from, as far as these are named.
        n_groups: What the intervals are drawn by: these, and each sentence of none.
        model: Figures of the model.
        baselines: Figures of the baselines.
        uncalibrated: Reliability of the model as it came out of training.
        calibrated: Reliability of the model as it is saved.
        risk_coverage: What abstaining on its least certain sentences gains.
    """

    split: str
    n_sentences: int
    n_articles: int
    n_groups: int
    model: TaggingScores
    baselines: tuple[TaggingScores, ...]
    uncalibrated: Reliability
    calibrated: Reliability
    risk_coverage: RiskCoverage

    @property
    def judged(self) -> tuple[int, ...]:
        """How many sentences are judged on each aspect, in label order."""
        return tuple(row.judged for row in self.model.aspects)

    @property
    def rows(self) -> tuple[TaggingScores, ...]:
        """The model first, then the baselines."""
        return (self.model, *self.baselines)

    def to_dict(self) -> dict[str, Any]:
        """Return the evaluation as plain values, ready for JSON."""
        return asdict(self)
