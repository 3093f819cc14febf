"""What the measures of a model on definitions give back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from gotune.aspects import Aspect
from gotune.estimates import Estimate
from gotune.evaluation.reliability import Reliability
from gotune.records import AspectProbabilities


@dataclass(frozen=True, slots=True)
class AspectScores:
    """How well one aspect is told from the others. ``support`` counts its rows in the test part."""

    aspect: Aspect
    precision: Estimate
    recall: Estimate
    f1: Estimate
    roc_auc: Estimate
    support: int


@dataclass(frozen=True, slots=True)
class ModelScores:
    """All figures of one model on one test part.

    Attributes:
        model: Name for tables.
        accuracy: Share of rows whose most probable aspect is right.
        macro_f1: Unweighted mean of the three F1.
        macro_roc_auc: Unweighted mean of the three one-versus-rest areas.
        aspects: One entry an aspect, in label order.
        confusion: ``confusion[true][predicted]`` counts, in label order.
    """

    model: str
    accuracy: Estimate
    macro_f1: Estimate
    macro_roc_auc: Estimate
    aspects: tuple[AspectScores, ...]
    confusion: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class SplitAccuracy:
    """Accuracy of several models on the same test part.

    Attributes:
        part: Name of the part, such as ``test_opening``.
        n: Rows scored.
        n_families: Families of these rows; the intervals are over families, as rows of one are alike.
        family: What makes a family: ``opening``, ``subtree``, or ``definition`` where each row is its own.
        accuracies: Share of rows whose most probable aspect is right, by model, in the order of
            `Evaluation.rows`.
    """

    part: str
    n: int
    n_families: int
    family: str
    accuracies: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True)
class HardExample:
    """A definition that a model takes for another aspect.

    Attributes:
        go_id: Id of its term.
        name: Name of its term.
        definition: As the model read it.
        aspect: The true one.
        probabilities: Of the model.
    """

    go_id: str
    name: str
    definition: str
    aspect: Aspect
    probabilities: AspectProbabilities


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A model beside its baselines on the same test parts.

    Attributes:
        release: GO release of the test parts.
        part: Name of the part that was scored in detail: ``test``, the random one.
        n_test: Rows of it that were scored.
        n_train: Rows that the model and every baseline learned from.
        truncated: Texts of that part longer than the model reads, which were cut.
        model: Figures of the model on that part.
        baselines: Figures of majority and TF-IDF, learned from the model's own training rows.
        seconds: Wall time in which the model predicted that part.
        splits: Accuracy on every test part, that part first.
        absent: Why a test part could not be scored, by part.
        reliability: Probabilities of the model on the random part against what is true.
        hardest: Its errors on the random part, the most confident first, or as many as are of use.
        split: Whether the test parts are known to be unseen, as a sentence for people.
    """

    release: str
    part: str
    n_test: int
    n_train: int
    truncated: int
    model: ModelScores
    baselines: tuple[ModelScores, ...]
    seconds: float
    splits: tuple[SplitAccuracy, ...]
    absent: dict[str, str]
    reliability: Reliability
    hardest: tuple[HardExample, ...]
    split: str

    @property
    def rows(self) -> tuple[ModelScores, ...]:
        """The model first, then the baselines."""
        return (self.model, *self.baselines)

    def to_dict(self) -> dict[str, Any]:
        """Return the evaluation as plain values, ready for JSON."""
        return asdict(self)
