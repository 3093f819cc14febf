"""What a classifier finds in texts and documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from gotune.aspects import ASPECTS, Aspect
from gotune.results.model import ModelInfo
from gotune.results.shares import DocumentShares, aspect_shares


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
        probabilities: Of each aspect.
        aspects: The aspects that the text carries, in label order; empty if it carries none.
        model: What classified it; the meaning of the probabilities depends on its head.
        truncated: Whether the text was longer than the model reads.
        doubts: Why the model may be out of its depth, from `gotune.text.competence`; on a single sentence
            a hint.
    """

    text: str
    probabilities: AspectProbabilities
    aspects: tuple[Aspect, ...]
    model: ModelInfo
    truncated: bool = False
    doubts: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return model, text and all that was found as plain values."""
        return {
            "model": self.model.to_dict(),
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
        text: The whole, in which the sentences have their places; between them are only blanks.
        model: What classified it; the meaning of the probabilities depends on its head.
        truncated: How many sentences were longer than the model reads and were cut.
        doubts: Why the model may be out of its depth, from `gotune.text.competence`.
    """

    name: str
    sentences: tuple[ClassifiedSentence, ...]
    text: str
    model: ModelInfo
    truncated: int = 0
    doubts: tuple[str, ...] = ()

    @property
    def shares(self) -> DocumentShares:
        """Shares of the aspects among the sentences that carry any, and of those that carry none."""
        return aspect_shares(sentence.aspects for sentence in self.sentences)

    def to_dict(self) -> dict[str, Any]:
        """Return the whole result as plain values, ready for JSON."""
        return {
            "name": self.name,
            "model": self.model.to_dict(),
            "shares": self.shares.to_dict(),
            "truncated": self.truncated,
            "doubts": list(self.doubts),
            "sentences": [sentence.to_dict() for sentence in self.sentences],
        }
