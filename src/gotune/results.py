"""What inference and evaluation give back: frozen, torch-free, ready to be written or drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from gotune.aspects import ASPECTS, Aspect


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
    """One text with its probabilities; ``truncated`` if it was longer than the model reads."""

    text: str
    probabilities: AspectProbabilities
    truncated: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return text, most probable aspect, probabilities and the cut as plain values."""
        return {
            "text": self.text,
            "aspect": self.probabilities.aspect.value,
            **self.probabilities.to_dict(),
            "truncated": self.truncated,
        }


@dataclass(frozen=True, slots=True)
class ClassifiedSentence:
    """One sentence of a document with its probabilities."""

    sentence: Sentence
    probabilities: AspectProbabilities

    def to_dict(self) -> dict[str, Any]:
        """Return offsets, text, most probable aspect and probabilities as plain values."""
        return {
            **asdict(self.sentence),
            "aspect": self.probabilities.aspect.value,
            **self.probabilities.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class ClassifiedDocument:
    """The sentences of one document, in order, each with its probabilities.

    Attributes:
        name: Title or file name, for headings.
        sentences: At least one.
        truncated: How many sentences were longer than the model reads and were cut.
    """

    name: str
    sentences: tuple[ClassifiedSentence, ...]
    truncated: int = 0

    @property
    def mean(self) -> AspectProbabilities:
        """Mean probability of each aspect over the sentences."""
        rows = [tuple(sentence.probabilities) for sentence in self.sentences]
        return mean_probabilities(rows)

    def to_dict(self) -> dict[str, Any]:
        """Return the whole result as plain values, ready for JSON."""
        return {
            "name": self.name,
            "mean": self.mean.to_dict(),
            "truncated": self.truncated,
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
class Evaluation:
    """A model beside its baselines on the same test part.

    Attributes:
        release: GO release of the test part.
        part: Name of the part that was scored, such as ``test``.
        n_test: Rows scored.
        n_train: Rows that the model and every baseline learned from.
        truncated: Test texts longer than the model reads, which were cut.
        model: Figures of the model.
        baselines: Figures of majority and TF-IDF, learned from the model's own training rows.
        seconds: Wall time in which the model predicted the test part.
    """

    release: str
    part: str
    n_test: int
    n_train: int
    truncated: int
    model: ModelScores
    baselines: tuple[ModelScores, ...]
    seconds: float

    @property
    def rows(self) -> tuple[ModelScores, ...]:
        """The model first, then the baselines."""
        return (self.model, *self.baselines)

    def to_dict(self) -> dict[str, Any]:
        """Return the evaluation as plain values, ready for JSON."""
        return asdict(self)


def mean_probabilities(rows: Sequence[Sequence[float]]) -> AspectProbabilities:
    """Return the mean of at least one row of three probabilities."""
    return AspectProbabilities(*(sum(column) / len(rows) for column in zip(*rows, strict=True)))
