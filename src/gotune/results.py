"""What inference and evaluation give back: frozen, torch-free, ready to be written or drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from gotune.aspects import ASPECTS, Aspect
from gotune.heads import Head

if TYPE_CHECKING:
    from gotune.shares import DocumentShares
    from gotune.tagging_results import Reliability


@dataclass(frozen=True, slots=True)
class AspectProbabilities:
    """Probability of each aspect for one text, between 0 and 1."""

    biological_process: float
    cellular_component: float
    molecular_function: float

    def __getitem__(self, aspect: Aspect) -> float:
        return float(getattr(self, aspect.value))

    def __iter__(self) -> Iterator[float]:
        """Iterate over the probabilities in label order."""
        return (self[aspect] for aspect in ASPECTS)

    @property
    def aspect(self) -> Aspect:
        """The most probable aspect."""
        return max(ASPECTS, key=self.__getitem__)

    def to_dict(self) -> dict[str, float]:
        """Return the probabilities by aspect name, in label order."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of a document; ``document[start:end] == text``, offsets in characters."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class ClassifiedText:
    """One text and what it carries.

    Attributes:
        text: As it was given.
        probabilities: What they mean depends on the head.
        aspects: The aspects that the text carries, in label order; empty if it carries none.
        head: Kind of head that the probabilities come from.
        model: What classified it, in words for people: its name, encoder and GO release.
        thresholds: Probability from which a text carries each aspect; None where the most probable is chosen.
        truncated: Whether the text was longer than the model reads.
        doubts: Why the model may be out of its depth, from `gotune.text.competence`; on a single sentence
            a hint.
    """

    text: str
    probabilities: AspectProbabilities
    aspects: tuple[Aspect, ...]
    head: Head
    model: str
    thresholds: AspectProbabilities | None = None
    truncated: bool = False
    doubts: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return model, head, thresholds, text and all that was found as plain values."""
        return {
            "model": self.model,
            "head": self.head.value,
            "thresholds": self.thresholds and self.thresholds.to_dict(),
            "text": self.text,
            "aspects": [aspect.value for aspect in self.aspects],
            **self.probabilities.to_dict(),
            "truncated": self.truncated,
            "doubts": list(self.doubts),
        }


@dataclass(frozen=True, slots=True)
class ClassifiedSentence:
    """One sentence of a document with its probabilities, and the aspects that it carries, if any."""

    sentence: Sentence
    probabilities: AspectProbabilities
    aspects: tuple[Aspect, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return offsets, text, aspects and probabilities as plain values."""
        return {
            **asdict(self.sentence),
            "aspects": [aspect.value for aspect in self.aspects],
            **self.probabilities.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class ClassifiedDocument:
    """The sentences of one document, in order, each with its probabilities.

    Attributes:
        name: Title or file name, for headings.
        sentences: At least one.
        head: Kind of head that the probabilities come from.
        text: The whole, in which the sentences have their places; between them are only blanks.
        model: What classified it, in words for people: its name, encoder and GO release.
        thresholds: Probability from which a sentence carries each aspect; None where the most probable is
            chosen.
        truncated: How many sentences were longer than the model reads and were cut.
        doubts: Why the model may be out of its depth, from `gotune.text.competence`.
    """

    name: str
    sentences: tuple[ClassifiedSentence, ...]
    head: Head
    text: str
    model: str
    thresholds: AspectProbabilities | None = None
    truncated: int = 0
    doubts: tuple[str, ...] = ()

    @property
    def shares(self) -> DocumentShares:
        """Shares of the aspects among the sentences that carry any, and of those that carry none."""
        from gotune.shares import aspect_shares

        return aspect_shares(sentence.aspects for sentence in self.sentences)

    def to_dict(self) -> dict[str, Any]:
        """Return the whole result as plain values, ready for JSON."""
        return {
            "name": self.name,
            "model": self.model,
            "head": self.head.value,
            "thresholds": self.thresholds and self.thresholds.to_dict(),
            "shares": self.shares.to_dict(),
            "truncated": self.truncated,
            "doubts": list(self.doubts),
            "sentences": [sentence.to_dict() for sentence in self.sentences],
        }


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % bootstrap percentile interval."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval."""

    value: float
    interval: Interval


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

    @property
    def rows(self) -> tuple[ModelScores, ...]:
        """The model first, then the baselines."""
        return (self.model, *self.baselines)

    def to_dict(self) -> dict[str, Any]:
        """Return the evaluation as plain values, ready for JSON."""
        return asdict(self)
