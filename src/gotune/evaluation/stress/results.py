"""What the stress tests give back: frozen, torch-free, ready to be written or drawn."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from gotune.records import ModelInfo


@dataclass(frozen=True, slots=True)
class CutScores:
    """Accuracy on definitions without their first words.

    Attributes:
        words: How many words were cut.
        n: Definitions that had more words than that; only they are scored.
        model: Share whose most probable aspect is right.
        baseline: The same of TF-IDF that learned from whole definitions.
        baseline_cut: The same of TF-IDF that learned from definitions cut alike, the harder rival.
    """

    words: int
    n: int
    model: float
    baseline: float
    baseline_cut: float


@dataclass(frozen=True, slots=True)
class PerturbedScores:
    """Labelled sentences after one perturbation.

    Attributes:
        perturbation: Its name; ``as they are`` for the sentences unperturbed.
        changed: Share of sentences that it changed at all.
        macro_auroc: Unweighted mean of the area under the ROC curve over the aspects that have it, which need
            sentences that are judged to have the aspect and not to have it.
        macro_average_precision: The same of average precision.
        same: Share of sentences with the same decision about all aspects as before.
    """

    perturbation: str
    changed: float
    macro_auroc: float
    macro_average_precision: float
    same: float


@dataclass(frozen=True, slots=True)
class PairScores:
    """Pairs of sentences that carry the same aspects.

    Attributes:
        kind: ``voice`` or ``negation``.
        n: Pairs.
        same: Share of pairs with the same decision about all aspects.
        change: Mean absolute difference of the probabilities of the two sentences, over all aspects.
        recall: Share of the carried aspects that are found in the first and in the second sentences.
    """

    kind: str
    n: int
    same: float
    change: float
    recall: tuple[float, float]


@dataclass(frozen=True, slots=True)
class NoneScores:
    """Texts that carry no aspect.

    Attributes:
        source: What the texts are.
        n: Texts scored.
        n_left_out: Texts of the source that were not asked about, because they mention a concept of GO.
        flagged: Share of texts that are said to carry each aspect, in label order.
        flagged_any: Share of texts that are said to carry at least one.
    """

    source: str
    n: int
    n_left_out: int
    flagged: tuple[float, ...]
    flagged_any: float


@dataclass(frozen=True, slots=True)
class StressReport:
    """A model under stress.

    Attributes:
        model: One whose head chooses one aspect for every text cannot say "none".
        release: GO release of the definitions.
        n_train: Definitions that the baselines learned from.
        cuts: By the number of words cut, from 0.
        n_sentences: Labelled sentences; 0 if none were given.
        judged: How many of them are judged on each aspect, in label order; empty if none were given.
        sentences: By perturbation, the unperturbed first; empty if no sentences were given.
        pairs: By kind.
        none: By source.
        split: Whether the texts are known to be unseen, as a sentence for people.
    """

    model: ModelInfo
    release: str
    n_train: int
    cuts: tuple[CutScores, ...]
    n_sentences: int
    judged: tuple[int, ...]
    sentences: tuple[PerturbedScores, ...]
    pairs: tuple[PairScores, ...]
    none: tuple[NoneScores, ...]
    split: str

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values, ready for JSON."""
        return {**asdict(self), "model": self.model.to_dict()}
