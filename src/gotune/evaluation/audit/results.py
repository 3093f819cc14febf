"""What the label audit gives back: frozen, torch-free, ready to be written or drawn."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from gotune.aspects import Aspect
from gotune.estimates import Estimate
from gotune.evaluation.stress.results import CutScores
from gotune.explanation.attribution.results import Neighbour
from gotune.ontology.terms import term_page
from gotune.records import AspectProbabilities, ModelInfo


class Reason(StrEnum):
    """Why a term is worth a look."""

    TEXT = "text"
    """Confident learning takes its definition for one of another aspect."""

    NEIGHBOURS = "neighbours"
    """It sits among terms of another aspect."""


@dataclass(frozen=True, slots=True)
class AuditedTerm:
    """A term whose label was put to the test.

    Attributes:
        go_id: Its id.
        name: Its name.
        definition: Its text.
        aspect: Where the ontology has it.
        probabilities: Out of fold: of a model that has seen neither the term nor its family.
        opinion: Probabilities of the fine-tuned model; None where it has learned from the definition.
        carried: The aspects that it says the definition carries; None as well.
        neighbours: The terms with the nearest definitions, nearest first.
        reasons: Why it is worth a look; empty if it is not.
    """

    go_id: str
    name: str
    definition: str
    aspect: Aspect
    probabilities: AspectProbabilities
    opinion: AspectProbabilities | None
    carried: tuple[Aspect, ...] | None
    neighbours: tuple[Neighbour, ...]
    reasons: tuple[Reason, ...]

    @property
    def quality(self) -> float:
        """Probability of the aspect that it has, the lower the more suspect (cleanlab's self-confidence)."""
        return self.probabilities[self.aspect]

    @property
    def likely(self) -> Aspect:
        """The most probable aspect."""
        return self.probabilities.aspect

    @property
    def margin(self) -> float:
        """The probability of the most probable aspect less that of the next."""
        first, second, _ = sorted(self.probabilities, reverse=True)
        return first - second

    @property
    def n_foreign(self) -> int:
        """How many of the neighbours are of another aspect than the term."""
        return sum(neighbour.aspect is not self.aspect for neighbour in self.neighbours)

    @property
    def doubted_twice(self) -> bool:
        """Whether the fine-tuned model, which has not learned from it, says it carries another aspect."""
        return bool(self.carried) and self.aspect not in (self.carried or ())

    @property
    def link(self) -> str:
        """Address of the term's page at the Gene Ontology Consortium."""
        return term_page(self.go_id)

    def to_dict(self) -> dict[str, Any]:
        """Return the term as plain values, ready for JSON."""
        return {
            **asdict(self),
            "quality": self.quality,
            "likely": self.likely,
            "margin": self.margin,
            "n_foreign": self.n_foreign,
            "doubted_twice": self.doubted_twice,
            "link": self.link,
        }


@dataclass(frozen=True, slots=True)
class OpeningCounts:
    """The definitions that begin with the same three words.

    Attributes:
        words: In lower case, without punctuation.
        n: Definitions.
        aspect: The most frequent of their aspects.
        share: Share of them that have it.
    """

    words: str
    n: int
    aspect: Aspect
    share: float


@dataclass(frozen=True, slots=True)
class LabelAudit:
    """The labels of a release against its texts.

    Attributes:
        release: GO release.
        encoder: What the out-of-fold models stand on, for people; it has learned no label.
        model: The fine-tuned model.
        n_terms: Definitions, all of which were predicted out of fold.
        n_families: Families of terms; folds are of whole ones, and so are the resamples of the interval.
        n_folds: Folds.
        seed: Governed the folds.
        accuracy: Share of the definitions whose most probable aspect is theirs.
        flagged: Terms worth a look, the most suspect first.
        boundary: The terms with the smallest margins, smallest first.
        cuts: Accuracy of the fine-tuned model on its random test part without the first words.
        openings: The commonest, the commonest first.
    """

    release: str
    encoder: str
    model: ModelInfo
    n_terms: int
    n_families: int
    n_folds: int
    seed: int
    accuracy: Estimate
    flagged: tuple[AuditedTerm, ...]
    boundary: tuple[AuditedTerm, ...]
    cuts: tuple[CutScores, ...]
    openings: tuple[OpeningCounts, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the audit as plain values, ready for JSON."""
        terms = {name: [term.to_dict() for term in getattr(self, name)] for name in ("flagged", "boundary")}
        return asdict(self) | terms | {"model": self.model.to_dict()}
