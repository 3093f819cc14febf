"""What an explanation gives back: frozen, torch-free, ready to be written or drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from gotune.aspects import Aspect
from gotune.estimates import Estimate
from gotune.ontology.terms import term_page
from gotune.records import AspectProbabilities, ModelInfo, Witness


class Method(StrEnum):
    """How words get their weights."""

    GRADIENTS = "gradients"
    """Integrated gradients: how the score grows from a blank text to this one, shared out over the words."""
    OCCLUSION = "occlusion"
    """How far the score falls when the word is left out; works with any classifier."""


@dataclass(frozen=True, slots=True)
class WordWeight:
    """A word, or a punctuation mark, and what it does to the score.

    Attributes:
        start: Offset of the first character.
        end: Offset behind the last character.
        word: ``text[start:end]``.
        weight: Log-odds that it adds; below zero if it speaks against the aspect.
    """

    start: int
    end: int
    word: str
    weight: float


@dataclass(frozen=True, slots=True)
class Completeness:
    """Whether integrated gradients add up, as they must (axiom of Sundararajan et al. 2017).

    Attributes:
        baseline: Score of the blank text that the gradients start from.
        error: By how much the sum of all weights misses the difference between score and baseline, as a share
            of that difference, or of .01 where it is smaller.
        steps: Points of the way at which the gradient was taken.
    """

    baseline: float
    error: float
    steps: int


@dataclass(frozen=True, slots=True)
class NamedStretch:
    """A stretch of text that a lexicon takes for the name of a term.

    Attributes:
        start: Offset of the first character.
        end: Offset behind the last character.
        text: The stretch.
        evidence: What kind of name it is.
        reliability: Probability that it is right.
    """

    start: int
    end: int
    text: str
    evidence: str
    reliability: float


@dataclass(frozen=True, slots=True)
class NameEvidence:
    """What names add to what the encoder says.

    Attributes:
        weight: Log-odds that they add, never below zero.
        stretches: The names of terms of the aspect, in order.
    """

    weight: float
    stretches: tuple[NamedStretch, ...]


@dataclass(frozen=True, slots=True)
class PhraseWeight:
    """A word, or two in a row, and what it says by itself, wherever it stands.

    Attributes:
        text: As it is looked up: lower case, any number as 0.
        weight: Log-odds that it adds; below zero if it speaks against the aspect.
    """

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class WordEvidence:
    """What a linear model over words adds.

    Attributes:
        weight: Log-odds that all phrases add together.
        phrases: The different words of the text, then the pairs, in order of appearance.
    """

    weight: float
    phrases: tuple[PhraseWeight, ...]

    def strongest(self, n: int) -> tuple[PhraseWeight, ...]:
        """Return the ``n`` phrases with the largest weights, for and against."""
        return tuple(sorted(self.phrases, key=lambda phrase: -abs(phrase.weight))[:n])


@dataclass(frozen=True, slots=True)
class Account:
    """What each witness of a model says for an aspect: log-odds that add up to the score.

    Attributes:
        encoder: What the transformer says; None if it was left out.
        names: What the names of terms say; None if the model asks none.
        words: What words say by themselves; None if the model asks none.
        constant: What is added beside: by words, but by no single one, or where the encoder was left out.
    """

    encoder: float | None
    names: NameEvidence | None
    words: WordEvidence | None
    constant: float

    @property
    def parts(self) -> tuple[tuple[str, float], ...]:
        """The witnesses that there are, in order, and what each says; the constant last, if there is one."""
        said = {
            Witness.ENCODER.value: self.encoder,
            Witness.NAMES.value: None if self.names is None else self.names.weight,
            Witness.WORDS.value: None if self.words is None else self.words.weight,
            "constant": self.constant or None,
        }
        return tuple((name, weight) for name, weight in said.items() if weight is not None)

    @property
    def total(self) -> float:
        """The sum: the score."""
        return sum(weight for _, weight in self.parts)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A definition of a term, and how near it is to a text.

    Attributes:
        go_id: Id of the term.
        name: Its name.
        aspect: Its aspect.
        definition: Its text.
        similarity: Cosine of the angle between the embeddings, at most 1.
    """

    go_id: str
    name: str
    aspect: Aspect
    definition: str
    similarity: float

    @property
    def link(self) -> str:
        """Address of the term's page."""
        return term_page(self.go_id)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a text gets its score for an aspect.

    With integrated gradients the baseline and the weights of all words add up to what the encoder says, but
    for the completeness error.

    Attributes:
        text: As it is read, see `gotune.corpus.reading`; all offsets are in it.
        aspect: The one that is explained.
        score: Its log-odds, the logarithm of ``p / (1 - p)``.
        method: How words got their weights.
        words: All words and punctuation marks, in order.
        probabilities: Of each aspect; what they mean depends on the head of the model.
        model: What classified it.
        carried: The aspects that the text is said to carry.
        completeness: For integrated gradients only.
        account: What each witness says, of a model that tells it.
        neighbours: The definitions nearest to the text, the nearest first.
    """

    text: str
    aspect: Aspect
    score: float
    method: Method
    words: tuple[WordWeight, ...]
    probabilities: AspectProbabilities
    model: ModelInfo
    carried: tuple[Aspect, ...]
    completeness: Completeness | None = None
    account: Account | None = None
    neighbours: tuple[Neighbour, ...] = ()

    def strongest(self, n: int | None = None) -> tuple[WordWeight, ...]:
        """Return the ``n`` words with the largest weights, for and against, or all in this order."""
        ranked = sorted(self.words, key=lambda word: -abs(word.weight))
        return tuple(ranked[:n])

    def with_neighbours(self, neighbours: Iterable[Neighbour]) -> Explanation:
        """Return the same explanation with the definitions nearest to the text."""
        return replace(self, neighbours=tuple(neighbours))

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain values, ready for JSON."""
        return {**asdict(self), "model": self.model.to_dict()}


@dataclass(frozen=True, slots=True)
class DeletionCurve:
    """How far probabilities fall when the words of most weight are left out, against words drawn at random.

    Attributes:
        method: How words got their weights.
        n_texts: Texts that the means are over.
        n_draws: Draws of random words for each text.
        counts: How many words were left out.
        ranked: Mean drop of the probability without that many words of most weight.
        random: The same without as many random words.
        ranked_area: Mean of ``ranked`` over the counts (AOPC of DeYoung et al. 2020).
        random_area: The same of ``random``.
        difference: ``ranked_area`` less ``random_area``.
    """

    method: Method
    n_texts: int
    n_draws: int
    counts: tuple[int, ...]
    ranked: tuple[Estimate, ...]
    random: tuple[Estimate, ...]
    ranked_area: Estimate
    random_area: Estimate
    difference: Estimate

    def to_dict(self) -> dict[str, Any]:
        """Return the curve as plain values, ready for JSON."""
        return asdict(self)
