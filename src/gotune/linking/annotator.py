"""Terms for texts: what a query means, and what a document names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import Aspect
from gotune.corpus.plain_text import VISIBLE
from gotune.corpus.sentences import split_sentences
from gotune.errors import InputError, UnknownTermError
from gotune.lexicon.abbreviations import find_abbreviations
from gotune.linking.index import ID, TermIndex
from gotune.linking.labels import KINDS
from gotune.linking.names import Named, TermNames
from gotune.linking.results import AnnotatedDocument, Annotation, Match
from gotune.protocols import Track, untracked

if TYPE_CHECKING:
    from gotune.corpus.documents import Document
    from gotune.ontology.ontology import Ontology

_WORD_START = re.compile(r"(?<![^\W_])[^\W_]")
_PLACES_AT_ONCE = 1024


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
        found = arrays.get("sureness")
        if found is None or found.shape != (_CLUES + 1,) or not np.isfinite(found).all():
            raise ValueError("no weights of nearness")
        return cls(found[:-1].astype(np.float64), float(found[-1]))


_CLUES = 3


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

        A query that is the id of a term is answered with it, or with what to use in its place.

        Args:
            queries: Words, names, or sentences.
            top: How many terms to give at most.
            aspect: Give terms of this one alone.

        Raises:
            TypeError: ``queries`` is one string instead of a sequence of them.
            InputError: One is blank.
            UnknownTermError: One is an id that the release has never had.
        """
        if isinstance(queries, str):
            raise TypeError("queries: expected a sequence of texts, found one; wrap it in a list")
        return [self._search(query, top, aspect) for query in queries]

    def _search(self, query: str, top: int, aspect: Aspect | None) -> tuple[Match, ...]:
        if not VISIBLE.search(query):
            raise InputError("query", expected="some words", found="none", do="Say what is looked for.")
        if ID.fullmatch(query.strip()):
            return tuple(self._match(number, self.index.firsts[number], 1.0) for number in self._of_id(query))
        nearness = self.index.nearness(self.index.vectors.embed([query])[0])
        of_terms = np.maximum.reduceat(nearness, self.index.firsts)
        if aspect is not None:
            of_terms[self.index.aspects != aspect.label] = -np.inf
        most = min(max(top, 2), len(of_terms))
        best = np.argpartition(-of_terms, most - 1)[:most]
        best = best[np.lexsort((best, -of_terms[best]))]
        best = best[np.isfinite(of_terms[best])]
        if not len(best) or of_terms[best[0]] <= 0:
            return ()  # no word of it is known, nor a part of one
        scores = self.sureness.scores(of_terms[best])
        found = []
        for number, score in zip(best[:top].tolist(), scores.tolist(), strict=False):
            first = int(self.index.firsts[number])
            label = first + int(np.argmax(nearness[first : self.index.behind(number)]))
            found.append(self._match(number, label, score))
        return tuple(found)

    def _of_id(self, query: str) -> list[int]:
        go_id = query.strip()
        numbers = self.index.number_of
        if go_id in numbers:
            return [numbers[go_id]]
        if go_id not in self.index.successors:
            raise UnknownTermError(
                go_id,
                expected=f"a term of release {self.index.info.release} that may be annotated",
                found="an id that it does not have, or a term that GO asks not to annotate with",
                do="Check the id, or search for words.",
            )
        return [numbers[new] for new in self.index.successors[go_id] if new in numbers]

    def _match(self, number: int, label: int, score: float) -> Match:
        index = self.index
        kind = KINDS[index.labels.kinds[label]]
        return Match(
            index.ids[number], index.name(number), index.aspect(number), score, index.text(int(label)), kind
        )

    def annotate(self, document: Document, *, threshold: float | None = None) -> AnnotatedDocument:
        """Return the places of a document that name terms.

        Abbreviations that it explains, "endoplasmic reticulum (ER)", name what they stand for.

        Args:
            document: Any.
            threshold: Least score of a name; None takes what development articles chose.
        """
        names = self._trusted if threshold is None else self.names.trusted(threshold)
        pieces = [
            (number, start, document.text[start:end])
            for number, sentence in enumerate(split_sentences(document.text), start=1)
            for start, end in sentence.spans
        ]
        texts = [text for _, _, text in pieces]
        shorts = _abbreviations(names, texts)
        found = []
        for first in range(0, len(texts), _PLACES_AT_ONCE):
            part = texts[first : first + _PLACES_AT_ONCE]
            for place, named in enumerate(names.find(part), start=first):
                number, start, text = pieces[place]
                found += [self._annotation(number, start, text, one) for one in shorts.added(text, named)]
        return AnnotatedDocument(
            document.name,
            document.text,
            self.index.info.release,
            tuple(one for one in found if one is not None),
        )

    def _annotation(self, sentence: int, start: int, text: str, named: Named) -> Annotation | None:
        number = self.index.number_of.get(named.go_id)
        if number is None:  # a name of a term that is not to be annotated with
            return None
        return Annotation(
            sentence,
            start + named.start,
            start + named.end,
            text[named.start : named.end],
            named.go_id,
            self.index.name(number),
            self.index.aspect(number),
            named.trust,
        )


def _abbreviations(names: TermNames, texts: Sequence[str]) -> _Abbreviations:
    """Return what the abbreviations name that a document explains by the whole name of a term."""
    long_forms = find_abbreviations(texts)
    named = names.find(list(long_forms.values()))
    return _Abbreviations(
        {
            short: (one.go_id, one.trust)
            for (short, long), found in zip(long_forms.items(), named, strict=True)
            for one in found
            if (one.start, one.end) == (0, len(long))
        }
    )


class _Abbreviations:
    """What the abbreviations of one document name."""

    def __init__(self, meanings: Mapping[str, tuple[str, float]]) -> None:
        self._meanings = meanings
        self._lengths = sorted(set(map(len, meanings)), reverse=True)

    def added(self, text: str, named: Sequence[Named]) -> list[Named]:
        """Return what a text names with its abbreviations: the first of what overlaps, the longest of these.

        Where words are both, what the document says of them counts.
        """
        if not self._meanings:
            return list(named)
        short = list(self._find(text))
        own = set(short)
        found: list[Named] = []
        for one in sorted([*named, *short], key=lambda one: (one.start, -one.end, one not in own)):
            if not found or one.start >= found[-1].end:
                found.append(one)
        return found

    def _find(self, text: str) -> Iterator[Named]:
        """Yield the longest abbreviation at each place; looked up, as a document may define thousands."""
        for match in _WORD_START.finditer(text):
            start = match.start()
            for length in self._lengths:
                meaning = self._meanings.get(text[start : start + length])
                if meaning is not None and not text[start + length : start + length + 1].isalnum():
                    yield Named(start, start + length, *meaning)
                    break
