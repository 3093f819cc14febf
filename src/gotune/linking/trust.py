"""Learning from annotated papers how far each name of a term can be trusted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gotune.lexicon.matching import Hashes
from gotune.lexicon.variants import Evidence
from gotune.linking.beside import NOTHING_BESIDE, Judged, WordsBeside, beside_keys
from gotune.linking.labels import number_of
from gotune.linking.names import (
    DOUBTED,
    MOST_COUNTED_WORDS,
    Candidates,
    TermNames,
    Wording,
    candidates_of,
    first_trust,
    wording_of,
)

if TYPE_CHECKING:
    from gotune.ontology.ontology import Ontology

_STRENGTH = 2.0
"""Places that the trust a wording begins with counts for."""
_FIRST_GUESS = (1.0, 3.0)
"""Right ones of how many places, before those of wordings of one kind are counted."""
_PARTS = 5
"""Of the articles; what the words beside names in one say is learned with the trust that others give."""


class AnnotatedText(NamedTuple):
    """A sentence in which people marked where terms are named.

    Attributes:
        text: The sentence.
        spans: Start, end and live term of each mark; none goes around a gap.
        unjudged: Start and end of places that say nothing either way, because what people marked there is
            near to a term and none.
        article: What names the article that it is of.
    """

    text: str
    spans: tuple[tuple[int, int, str], ...]
    unjudged: frozenset[tuple[int, int]] = frozenset()
    article: str = ""


class _Met(NamedTuple):
    """A place of a wording that says how far it can be trusted.

    Attributes:
        article: What names the article that it stands in.
        key: Of the wording.
        meant: The terms that people marked there.
        beside: Stems of the words beside it.
    """

    article: str
    key: int
    meant: tuple[str, ...]
    beside: Hashes


def learn_names(ontology: Ontology, annotated: Sequence[AnnotatedText]) -> TermNames:
    """Return the names of a release, and what else people marked, trusted as far as they were marked.

    Args:
        ontology: The release.
        annotated: Sentences in which each place that names a term of some aspects is marked.
    """
    candidates = candidates_of(ontology)
    only_marked = _add_marked(candidates, annotated)
    flat = np.zeros((len(Evidence), MOST_COUNTED_WORDS))
    everything = TermNames.of(
        {wording: (next(iter(terms)), 0.0) for wording, terms in candidates.items()}, flat
    )
    met = list(_met(everything, annotated))
    prior, meanings = _trusted(candidates, met)
    return TermNames.of(meanings, prior, only_marked, _learn_beside(candidates, met))


def _trusted(
    candidates: Candidates, met: Iterable[_Met]
) -> tuple[NDArray[np.float64], dict[Wording, tuple[str, float]]]:
    """Return how far wordings of each kind can be trusted, and what each means, with the trust in that."""
    seen: Counter[int] = Counter()
    right: Counter[tuple[int, str]] = Counter()
    for place in met:
        seen[place.key] += 1
        right.update((place.key, go_id) for go_id in place.meant)
    prior = _prior(candidates, seen, right)
    meanings = {}
    for wording, terms in candidates.items():
        trust = {
            go_id: (right[wording.key, go_id] + _STRENGTH * first_trust(prior, wording, evidence))
            / (seen[wording.key] + _STRENGTH)
            for go_id, evidence in terms.items()
        }
        best = max(trust, key=lambda go_id: trust[go_id])
        meanings[wording] = (best, trust[best])
    return prior, meanings


def _learn_beside(candidates: Candidates, met: Sequence[_Met]) -> WordsBeside:
    """Return what the words beside names say, where trust comes from other articles."""
    articles = sorted({place.article for place in met})
    n_parts = min(_PARTS, len(articles))
    if n_parts < 2:
        return NOTHING_BESIDE
    part_of = {article: number % n_parts for number, article in enumerate(articles)}
    met_keys = {place.key for place in met}
    candidates = {wording: terms for wording, terms in candidates.items() if wording.key in met_keys}
    found = []
    for part in range(n_parts):
        others = [place for place in met if part_of[place.article] != part]
        _, meanings = _trusted(_known_by(candidates, others), others)
        by_key = {wording.key: meaning for wording, meaning in meanings.items()}
        found += [
            (*by_key[place.key], part, place)
            for place in met
            if part_of[place.article] == part and place.key in by_key
        ]
    doubted = [row for row in found if row[1] >= DOUBTED]
    if not doubted:
        return NOTHING_BESIDE
    terms, trust, parts, places = zip(*doubted, strict=True)
    keys = beside_keys(
        np.stack([place.beside for place in places]),
        np.array([place.key for place in places], np.uint64),
        np.array([number_of(go_id) for go_id in terms], np.uint32),
    )
    right = [go_id in place.meant for go_id, place in zip(terms, places, strict=True)]
    return WordsBeside.learn(Judged(np.array(trust), keys, np.array(right), np.array(parts)))


def _known_by(candidates: Candidates, met: Iterable[_Met]) -> Candidates:
    """Return what wordings of a release may mean, and else only what they were met as."""
    marked = {(place.key, go_id) for place in met for go_id in place.meant}
    known = {
        wording: {
            go_id: evidence
            for go_id, evidence in terms.items()
            if evidence is not None or (wording.key, go_id) in marked
        }
        for wording, terms in candidates.items()
    }
    return {wording: terms for wording, terms in known.items() if terms}


def _add_marked(candidates: Candidates, annotated: Iterable[AnnotatedText]) -> set[Wording]:
    """Add what people marked, and return the wordings that GO does not have."""
    new = set()
    for sentence in annotated:
        for start, end, go_id in sentence.spans:
            wording = wording_of(sentence.text[start:end])
            if wording is not None:
                if wording not in candidates:
                    new.add(wording)
                candidates.setdefault(wording, {}).setdefault(go_id, None)
    return new


def _met(names: TermNames, annotated: Sequence[AnnotatedText]) -> Iterator[_Met]:
    """Yield the places of wordings that count.

    A place within a longer mark does not count, as there the longer name is found, nor one that is unjudged.
    """
    keys = names.keys
    for text, start, end, number, beside in names.places([sentence.text for sentence in annotated]):
        spans = annotated[text].spans
        if (start, end) in annotated[text].unjudged:
            continue
        meant = tuple(go_id for first, last, go_id in spans if (first, last) == (start, end))
        if meant or not any(first <= start and end <= last for first, last, _ in spans):
            yield _Met(annotated[text].article, keys[number], meant, beside)


def _prior(
    candidates: Candidates, seen: Mapping[int, int], right: Mapping[tuple[int, str], int]
) -> NDArray[np.float64]:
    """Return how far wordings of each kind can be trusted; each counts as the root of its places."""
    sums: dict[tuple[int, int], list[float]] = defaultdict(lambda: list(_FIRST_GUESS))
    for wording, terms in candidates.items():
        for go_id, evidence in terms.items():
            if evidence is not None and seen[wording.key]:
                of_kind = sums[evidence.rank, wording.counted_words - 1]
                weight = seen[wording.key] ** -0.5
                of_kind[0] += right[wording.key, go_id] * weight
                of_kind[1] += seen[wording.key] * weight
    prior = np.full((len(Evidence), MOST_COUNTED_WORDS), _FIRST_GUESS[0] / _FIRST_GUESS[1])
    for (rank, n_words), (n_right, n_seen) in sums.items():
        prior[rank, n_words] = n_right / n_seen
    return prior
