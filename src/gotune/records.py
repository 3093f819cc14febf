"""What rooms hand to each other: what a model finds in texts and documents, and which model it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gotune.aspects import ASPECTS, Aspect, Head
from gotune.estimates import Estimate, Interval, widened, wilson_interval
from gotune.named import NamedTerms, listed_terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Reads(StrEnum):
    """What a model was made to read at once."""

    TEXT = "text"
    """A whole text, such as a definition."""
    SENTENCE = "sentence"
    """One sentence; longer texts are split."""


class Witness(StrEnum):
    """What a model asks about a text; each can be left out."""

    ENCODER = "encoder"
    """The fine-tuned transformer."""
    NAMES = "names"
    """The names of terms in the text."""
    WORDS = "words"
    """A linear model over words and their parts."""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What a result tells of the model that it is from.

    Attributes:
        name: Of its folder.
        encoder: That it began from.
        release: GO release of the definitions that it learned from.
        head: What its probabilities mean.
        thresholds: Probability from which a text carries each aspect, in label order; None where the most
            probable aspect is chosen.
        reads: What it was made to read at once.
    """

    name: str
    encoder: str
    release: str
    head: Head
    thresholds: tuple[float, ...] | None = None
    reads: Reads = Reads.TEXT

    def __str__(self) -> str:
        # In quotes, as a folder may be called anything, such as model or best of three.
        return f'"{self.name}" ({self.encoder}, GO release {self.release})'

    def threshold(self, aspect: Aspect) -> float | None:
        """Return the probability from which a text carries the aspect, if there is one."""
        return None if self.thresholds is None else self.thresholds[aspect.label]

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain values, the thresholds by aspect."""
        return {
            "name": self.name,
            "encoder": self.encoder,
            "release": self.release,
            "head": self.head.value,
            "thresholds": self.thresholds
            and {aspect.value: self.thresholds[aspect.label] for aspect in ASPECTS},
            "reads": self.reads.value,
        }


@dataclass(frozen=True, slots=True)
class Learned:
    """What a model has learned from, or what chose its epoch, so that it is never measured on it.

    Attributes:
        n_definitions: Definitions that the weights were fitted to.
        go_ids: Terms whose definitions they are, in the order in which they were drawn, then those of the
            validation definitions.
        texts: Keys of the labelled sentences, from `gotune.corpus.plain_text.text_key`.
        articles: The articles that these are from.
        is_whole: Whether this is sure to be all.
    """

    n_definitions: int = 0
    go_ids: tuple[str, ...] = ()
    texts: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    is_whole: bool = False


NOTHING_LEARNED = Learned()
"""What a model has learned from that says nothing of it."""


_N_RESAMPLES = 2000
_SEED = 0
_TAILS = (2.5, 97.5)
"""Percentiles."""


@dataclass(frozen=True, slots=True)
class DocumentShares:
    """How the sentences of a document spread over the aspects.

    The intervals tell how much the shares would vary with as many other sentences of the same kind, taken
    as independent of each other. They know nothing of the sentences that the model takes wrongly.

    Attributes:
        aspects: Share of each aspect, in label order, among the sentences that carry any. A sentence with
            several counts in equal parts for each, so the shares add up to one. None if no sentence
            carries an aspect: then there are no shares.
        none: Share of all sentences that carry no aspect; of a model that cannot say none it tells nothing.
        n_carrying: Sentences that carry at least one aspect.
        n_sentences: All sentences.
    """

    aspects: tuple[Estimate, ...] | None
    none: Estimate
    n_carrying: int
    n_sentences: int

    def to_dict(self) -> dict[str, Any]:
        """Return the shares by name as plain values; null for aspects where there are none."""
        estimates = self.aspects or (None,) * len(ASPECTS)
        return {
            **{
                aspect.value: estimate and asdict(estimate)
                for aspect, estimate in zip(ASPECTS, estimates, strict=True)
            },
            "none": asdict(self.none),
            "n_carrying": self.n_carrying,
            "n_sentences": self.n_sentences,
        }


def aspect_shares(carried: Iterable[tuple[Aspect, ...]]) -> DocumentShares:
    """Compute the shares of a document from what each of its sentences carries.

    Intervals are 95 % bootstrap percentile intervals over sentences (Efron and Tibshirani 1993,
    doi:10.1201/9780429246593); those of the aspects come from the resamples in which a sentence carries
    any. Where all sentences agree they are Wilson's, as if each sentence were wholly of one aspect. The order
    of the sentences changes nothing. Equal documents are computed once.

    Args:
        carried: The aspects of each sentence, empty for one that carries none; at least one sentence.
    """
    # Sentences are of few kinds, so a resample is a draw of how many there are of each.
    return _shares_of(tuple(sorted(Counter(carried).items())))


@lru_cache(maxsize=128)
def _shares_of(counts: tuple[tuple[tuple[Aspect, ...], int], ...]) -> DocumentShares:
    """Compute shares from how many sentences there are of each kind; page and workbook ask several times."""
    import numpy as np

    kinds, numbers = zip(*counts, strict=True)
    n = sum(numbers)
    drawn = np.random.default_rng(_SEED).multinomial(n, np.array(numbers) / n, size=_N_RESAMPLES)
    # The first row is the document itself, so that one pass gives the shares and their replicates.
    parts = np.vstack([np.array(numbers), drawn]) @ np.array([_parts(kind) for kind in kinds])
    none = parts[:, -1]
    carrying = n - none
    shares = parts[carrying > 0, :-1] / carrying[carrying > 0, None]
    n_carrying = int(carrying[0])
    return DocumentShares(
        aspects=tuple(_estimate(column, n_carrying) for column in shares.T) if n_carrying else None,
        none=_estimate(none / n, n),
        n_carrying=n_carrying,
        n_sentences=n,
    )


def _parts(kind: tuple[Aspect, ...]) -> list[float]:
    """Return for how much a sentence counts with each aspect, and with none."""
    return [*(kind.count(aspect) / len(kind) if kind else 0.0 for aspect in ASPECTS), float(not kind)]


def _estimate(values: NDArray[np.float64], n: int) -> Estimate:
    """Join a share of ``n`` sentences, which comes first, with the interval of its replicates."""
    import numpy as np

    low, high = np.percentile(values[1:], _TAILS)
    share = float(values[0])
    return widened(Estimate(share, Interval(float(low), float(high))), wilson_interval(share, n))


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


Span = tuple[int, int]
"""The first character of a stretch of text and the one behind its last."""


class Role(StrEnum):
    """What a piece of a document is."""

    SENTENCE = "sentence"
    HEADING = "heading"
    CAPTION = "caption"
    """Below a figure or above a table."""
    REFERENCE = "reference"
    """An entry of a list of literature."""
    OTHER = "other"
    """No prose: authors, dates, key words, rows of tables, page numbers."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A piece of a document that is read at once: a sentence, or what stands between sentences.

    Attributes:
        spans: Where it is, in characters of the document, in order; several if a page ends within it.
        text: As it is read, see `gotune.corpus.reading`.
        role: What it is.
    """

    spans: tuple[Span, ...]
    text: str
    role: Role = Role.SENTENCE

    @property
    def start(self) -> int:
        """Its first character in the document."""
        return self.spans[0][0]

    @property
    def end(self) -> int:
        """The character behind its last one in the document."""
        return self.spans[-1][1]

    def to_dict(self) -> dict[str, Any]:
        """Return offsets, text and role as plain values."""
        return {
            "start": self.start,
            "end": self.end,
            "spans": list(map(list, self.spans)),
            "role": self.role.value,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class ClassifiedText:
    """One text and what it carries.

    Attributes:
        text: As it was given.
        probabilities: Of each aspect.
        aspects: The aspects that the text carries, in label order; empty if it carries none.
        model: What classified it; the meaning of the probabilities depends on its head.
        truncated: Whether the text was longer than the model reads.
        doubts: Why the model may be out of its depth, from `gotune.corpus.screening`; on a single sentence
            a hint.
        named: The terms that it names; None if nobody looked.
    """

    text: str
    probabilities: AspectProbabilities
    aspects: tuple[Aspect, ...]
    model: ModelInfo
    truncated: bool = False
    doubts: tuple[str, ...] = ()
    named: NamedTerms | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return model, text and all that was found as plain values."""
        return {
            "model": self.model.to_dict(),
            "text": self.text,
            "aspects": [aspect.value for aspect in self.aspects],
            **self.probabilities.to_dict(),
            "truncated": self.truncated,
            "doubts": list(self.doubts),
            **({"named": self.named.to_dict()} if self.named else {}),
        }


@dataclass(frozen=True, slots=True)
class ClassifiedSentence:
    """One sentence of a document with its probabilities, and the aspects that it carries, if any.

    Attributes:
        sentence: Its place and its text.
        probabilities: Of each aspect.
        aspects: The aspects that it carries, in label order; empty if it carries none.
        doubts: Why the model may be out of its depth, from `gotune.corpus.screening`; on a single sentence
            a hint.
    """

    sentence: Sentence
    probabilities: AspectProbabilities
    aspects: tuple[Aspect, ...]
    doubts: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return offsets, text, role and all that was found as plain values."""
        return {
            **self.sentence.to_dict(),
            "aspects": [aspect.value for aspect in self.aspects],
            **self.probabilities.to_dict(),
            "doubts": list(self.doubts),
        }


@dataclass(frozen=True, slots=True)
class ClassifiedDocument:
    """The pieces of one document, in order, each with its probabilities.

    Attributes:
        name: Title or file name, for headings.
        sentences: At least one; headings and the like are among them, see `Role`.
        text: The whole, in which they have their places; outside of their spans are only blanks.
        model: What classified it; the meaning of the probabilities depends on its head.
        truncated: How many of them were longer than the model reads and were cut.
        doubts: Why the model may be out of its depth, from `gotune.corpus.screening`.
        all_roles: Whether pieces of every role count for the shares.
        named: The terms that it and its pieces name; None if nobody looked.
    """

    name: str
    sentences: tuple[ClassifiedSentence, ...]
    text: str
    model: ModelInfo
    truncated: int = 0
    doubts: tuple[str, ...] = ()
    all_roles: bool = False
    named: NamedTerms | None = None

    @property
    def counted(self) -> tuple[ClassifiedSentence, ...]:
        """What counts for the shares: the sentences; every piece if it was asked for, or if none is one."""
        prose = tuple(one for one in self.sentences if one.sentence.role is Role.SENTENCE)
        return self.sentences if self.all_roles or not prose else prose

    @property
    def n_uncounted(self) -> int:
        """Pieces that do not count for the shares."""
        return len(self.sentences) - len(self.counted)

    @property
    def shares(self) -> DocumentShares:
        """Shares of the aspects among what counts and carries any, and of what counts and carries none."""
        return aspect_shares(sentence.aspects for sentence in self.counted)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield each piece as plain values, with the terms that it names if somebody looked."""
        for number, sentence in enumerate(self.sentences):
            terms = listed_terms(self.named.of_sentences[number]) if self.named else {}
            yield {**sentence.to_dict(), **terms}

    def to_dict(self) -> dict[str, Any]:
        """Return the whole result as plain values, ready for JSON."""
        return {
            "name": self.name,
            "model": self.model.to_dict(),
            "shares": self.shares.to_dict(),
            "truncated": self.truncated,
            "doubts": list(self.doubts),
            "all_roles": self.all_roles,
            **({"named": self.named.to_dict()} if self.named else {}),
            "sentences": list(self.rows()),
        }
