"""Terms for texts: what a query means, and what a document names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gotune.arrays import array_of
from gotune.aspects import Aspect
from gotune.corpus.plain_text import VISIBLE
from gotune.corpus.reading import Reading, as_read
from gotune.corpus.sentences import split_sentences
from gotune.corpus.tables import ROWS_AT_ONCE
from gotune.errors import InputError
from gotune.lexicon.abbreviations import ShortForms, find_abbreviations
from gotune.linking.context import contexts
from gotune.linking.divided import add_divided
from gotune.linking.index import TermIndex
from gotune.linking.labels import KINDS, as_id
from gotune.linking.names import Named, TermNames
from gotune.linking.results import AnnotatedDocument, Annotation, Match
from gotune.named import NamedTerms
from gotune.protocols import Track, untracked

if TYPE_CHECKING:
    from gotune.corpus.documents import Document
    from gotune.ontology.ontology import Ontology


@dataclass(frozen=True, slots=True)
class Sureness:
    """Turns nearness into the probability that a term is meant.

    Attributes:
        weights: Of the nearness, of how far it is behind that of the best term, and, of the best term alone,
            of how far the next one is behind.
        intercept: Log-odds where all three are zero.
    """

    weights: NDArray[np.float64]
    intercept: float

    def scores(self, nearness: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the probability of each term, by nearness in falling order."""
        log_odds = clues(nearness) @ self.weights + self.intercept
        found: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(log_odds, -60, 60)))
        return found

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return it as one array, the intercept last."""
        return {"sureness": np.append(self.weights, self.intercept)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Sureness:
        """Make one of what `to_arrays` gave.

        Raises:
            ValueError: It is something else.
        """
        found = array_of(arrays, "sureness", np.float64)
        if len(found) != _CLUES + 1 or not np.isfinite(found).all():
            raise ValueError("no weights of nearness, or some that are no numbers")
        return cls(found[:-1], float(found[-1]))


_CHARACTERS_AT_ONCE = 1 << 24
"""Of the rows of an article that are read together."""
_CLUES = 3
_OF_SENTENCES = re.compile(
    r"(?<![\w-])(?:is|are|was|were|be|been|being|has|have|had|do|does|did|can|could|may|might|will|would|we|our|they|their|it"
    r"|its|this|these|those|that|which|when|because|however|but|not|also|show|shows|showed)(?![\w-])"
    r"|\w[.!?]\s*\Z",
    re.IGNORECASE,
)
"""Words that hardly any name of a term has, and a full stop at the end."""


def is_sentence(query: str) -> bool:
    """Whether a query is one, and no name for a term."""
    return _OF_SENTENCES.search(query) is not None


def clues(nearness: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return what tells how sure each of the nearest terms is, of shape ``(len(nearness), 3)``."""
    found = np.zeros((len(nearness), _CLUES))
    found[:, 0] = nearness
    found[:, 1] = nearness - nearness[0]
    found[0, 2] = nearness[0] - nearness[1] if len(nearness) > 1 else nearness[0]
    return found


class Annotator:
    """Finds terms of one release.

    Args:
        index: The terms, by their labels.
        names: Their names in text.
        sureness: How probable a near term is.

    Attributes:
        index: The same.
        names: The same.
        sureness: The same.
    """

    def __init__(self, index: TermIndex, names: TermNames, sureness: Sureness) -> None:
        self.index = index
        self.names, self.sureness = names, sureness
        self._trusted = names.trusted()
        self._trusted_from = lru_cache(1)(names.trusted)

    @classmethod
    def load(cls, folder: Path | str | None = None) -> Annotator:
        """Load the index that comes with gotune, or a folder that `gotune index` wrote.

        Raises:
            BundleError: It is none, a damaged one, or one of another format.
        """
        from gotune.linking.folder import load_index

        return load_index(folder)

    def of_release(self, ontology: Ontology, *, track: Track = untracked) -> Annotator:
        """Return what finds the terms of another release, with what was learned for this one.

        Raises:
            OboError: It has no term to suggest, or one whose id is no number of GO.
        """
        index = TermIndex.of(ontology, self.index.vectors, track=track)
        return Annotator(index, self.names.of_release(ontology), self.sureness)

    def search(
        self, queries: Sequence[str], *, top: int = 20, aspect: Aspect | None = None
    ) -> list[tuple[Match, ...]]:
        """Return the terms that each query may mean, the most probable first.

        A query that is the id of a term is answered with it, or with what to use in its place; with nothing
        if the release has never had it, or asks not to annotate with it. Of a sentence, the terms that it
        names come first, as sure as their names are.

        Args:
            queries: Words, names, or sentences.
            top: How many terms to give at most.
            aspect: Give terms of this one alone.

        Raises:
            TypeError: ``queries`` is one string instead of a sequence of them.
            InputError: One is blank.
            ValueError: ``top`` is less than 1.
        """
        if isinstance(queries, str):
            raise TypeError("queries: expected a sequence of texts, found one; wrap it in a list")
        if top < 1:
            raise ValueError(f"top: expected at least 1, found {top}")
        return [self._search(query, top, aspect) for query in queries]

    def _search(self, query: str, top: int, aspect: Aspect | None) -> tuple[Match, ...]:
        if not VISIBLE.search(query):
            raise InputError("query", expected="some words", found="none", do="Say what is looked for.")
        query = as_read(query)
        go_id = as_id(query)
        if go_id is not None:
            meant = [
                self._match(number, self.index.firsts[number], 1.0) for number in self.index.of_id(go_id)
            ]
            return tuple(match for match in meant if aspect in (None, match.aspect))[:top]
        nearness = self.index.nearness(self.index.vectors.embed([query])[0])
        of_terms = self.index.of_terms(nearness)
        is_wanted = self.index.terms.suggested & (
            True if aspect is None else self.index.terms.aspects == aspect.label
        )
        scores = self._nearest(of_terms, top, is_wanted)
        if is_sentence(query):
            named = {number: trust for number, trust in self._named(query) if is_wanted[number]}
            scores = named | {number: score for number, score in scores.items() if number not in named}
        found = []
        for number, score in list(scores.items())[:top]:
            first = int(self.index.firsts[number])
            label = first + int(np.argmax(nearness[first : self.index.behind(number)]))
            found.append(self._match(number, label, score))
        return tuple(found)

    def _nearest(
        self, of_terms: NDArray[np.float32], top: int, is_wanted: NDArray[np.bool_]
    ) -> dict[int, float]:
        """Return the scores of the nearest of the wanted terms by their numbers, the best first.

        How sure they are goes by the nearest of all, which need not be wanted.
        """
        best = np.union1d(_largest(of_terms, 2), _largest(np.where(is_wanted, of_terms, -np.inf), top))
        best = best[np.lexsort((best, -of_terms[best]))]
        best = best[np.isfinite(of_terms[best])]
        if not len(best) or of_terms[best[0]] <= 0:
            return {}  # no word of it is known, nor a part of one
        scores = self.sureness.scores(of_terms[best]).tolist()
        return {
            number: score for number, score in zip(best.tolist(), scores, strict=True) if is_wanted[number]
        }

    def _named(self, text: str) -> list[tuple[int, float]]:
        """Return the numbers of the terms that sentences name, with the trust in it, the surest first."""
        sentences = [sentence.text for sentence in split_sentences(text)]
        places = add_divided(self._trusted, sentences, self._trusted.find(sentences))
        trust: dict[int, float] = {}
        for one in chain.from_iterable(places):
            number = self.index.number_of.get(one.go_id)
            if number is not None:
                trust[number] = max(trust.get(number, 0.0), one.trust)
        return sorted(trust.items(), key=lambda pair: -pair[1])

    def _match(self, number: int, label: int, score: float) -> Match:
        index = self.index
        kind = KINDS[index.labels.kinds[label]]
        return Match(
            index.terms.ids[number], index.name(number), index.aspect(number), score, index.texts[label], kind
        )

    def annotate(self, document: Document, *, threshold: float | None = None) -> AnnotatedDocument:
        """Return the places of a document that name terms, see `annotate_all`."""
        return next(self.annotate_all([document], threshold=threshold))

    def annotate_all(
        self, documents: Iterable[Document], *, threshold: float | None = None
    ) -> Iterator[AnnotatedDocument]:
        """Yield the places of documents that name terms, document by document.

        Abbreviations that a document explains, "endoplasmic reticulum (ER)", name what they stand for; those
        that one row of an article explains do so in its other rows, as long as no row of another is between.

        Args:
            documents: Any.
            threshold: Least score of a name; None takes what development articles chose.

        Raises:
            ValueError: ``threshold`` is no probability.
        """
        names = self._trusted if threshold is None else self._trusted_from(threshold)
        return (found for together in _by_article(documents) for found in self._annotated(together, names))

    def named(self, documents: Iterable[Document]) -> Iterator[NamedTerms]:
        """Yield the terms that documents name, document by document, see `annotate_all`.

        This is what `gotune.classify_document` and its like take as ``name_terms``.
        """
        return (document.named for document in self.annotate_all(documents))

    def _annotated(self, documents: Sequence[Document], names: TermNames) -> Iterator[AnnotatedDocument]:
        sentences = [split_sentences(document.text) for document in documents]
        shorts = _Abbreviations(names, [one.text for of_document in sentences for one in of_document])
        for document, of_document in zip(documents, sentences, strict=True):
            readings = [Reading(document.text, sentence.spans) for sentence in of_document]
            texts = [reading.text for reading in readings]
            named = [shorts.added(text, found) for text, found in zip(texts, names.find(texts), strict=True)]
            of_sentences = zip(readings, add_divided(names, texts, named), strict=True)
            yield AnnotatedDocument(
                document.name,
                document.text,
                of_document,
                self.index.info.release,
                tuple(
                    found
                    for number, (reading, in_sentence) in enumerate(of_sentences, start=1)
                    for found in self._annotations(number, document.text, reading, in_sentence)
                ),
                document.article,
            )

    def _annotations(
        self, sentence: int, text: str, reading: Reading, named: Sequence[Named]
    ) -> Iterator[Annotation]:
        """Yield what a sentence of a text names, but for terms that are not to be annotated with."""
        said = contexts(reading.text, [(one.start, one.end) for one in named])
        for one, of_place in zip(named, said, strict=True):
            number = self.index.number_of.get(one.go_id)
            if number is not None and self.index.terms.suggested[number]:
                spans = tuple(span for part in one.spans for span in reading.spans(*part))
                yield Annotation(
                    sentence,
                    spans,
                    " ".join(text[start:end] for start, end in spans),
                    one.go_id,
                    self.index.name(number),
                    self.index.aspect(number),
                    one.trust,
                    of_place,
                    tuple(reading.text[start:end] for start, end in one.spans),
                )


def _largest(values: NDArray[np.float32], n: int) -> NDArray[np.int64]:
    """Return where the largest values stand, in any order."""
    most = min(n, len(values))
    return np.argpartition(-values, most - 1)[:most]


def _by_article(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Yield neighbours of one article together, and each document that is a part of none by itself.

    Of an article that never ends, such as a column that has the same in all rows, some are taken at once.
    """
    for article, neighbours in groupby(documents, key=attrgetter("article")):
        together: list[Document] = []
        size = 0
        for document in neighbours:
            together.append(document)
            size += len(document.text)
            if not article or len(together) == ROWS_AT_ONCE or size >= _CHARACTERS_AT_ONCE:
                yield together
                together, size = [], 0
        if together:
            yield together


class _Abbreviations:
    """The abbreviations that texts explain by the whole name of a term.

    An abbreviation is trusted as its name is wherever that stands: words beside count for a place alone.
    """

    def __init__(self, names: TermNames, texts: Sequence[str]) -> None:
        long_forms = find_abbreviations(texts)
        named = names.find(list(long_forms.values()))
        self._meanings = {
            short: one
            for (short, long), found in zip(long_forms.items(), named, strict=True)
            for one in found
            if (one.start, one.end) == (0, len(long))
        }
        self._shorts = ShortForms(self._meanings)

    def added(self, text: str, named: Sequence[Named]) -> Sequence[Named]:
        """Return what a text names with its abbreviations: the first of what overlaps, the longest of these.

        Where words are both, what the document says of them counts.
        """
        short = [
            self._meanings[short]._replace(start=start, end=end)
            for start, end, short in self._shorts.find(text)
        ]
        if not short:
            return named
        found: list[Named] = []
        # Sorting keeps the order of equals: the abbreviations come first.
        for one in sorted([*short, *named], key=lambda one: (one.start, -one.end)):
            if not found or one.start >= found[-1].end:
                found.append(one)
        return found
