"""Learning from annotated papers how far each name of a term can be trusted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gotune.lexicon.variants import Evidence
from gotune.linking.names import (
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


class AnnotatedText(NamedTuple):
    """A sentence in which people marked where terms are named.

    Attributes:
        text: The sentence.
        spans: Start, end and live term of each mark; none goes around a gap.
        unjudged: Start and end of places that say nothing either way, because what people marked there is
            near to a term and none.
    """

    text: str
    spans: tuple[tuple[int, int, str], ...]
    unjudged: frozenset[tuple[int, int]] = frozenset()


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
    seen, right = _count(everything, annotated)
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
    return TermNames.of(meanings, prior, only_marked)


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


def _count(
    names: TermNames, annotated: Sequence[AnnotatedText]
) -> tuple[Counter[int], Counter[tuple[int, str]]]:
    """Return at how many places each wording stands, and at how many of them it is marked as a term.

    A place within a longer mark does not count, as there the longer name is found, nor one that is unjudged.
    """
    seen: Counter[int] = Counter()
    right: Counter[tuple[int, str]] = Counter()
    keys = names.keys
    for text, start, end, number in names.places([sentence.text for sentence in annotated]):
        spans = annotated[text].spans
        if (start, end) in annotated[text].unjudged:
            continue
        meant = [go_id for first, last, go_id in spans if (first, last) == (start, end)]
        if meant or not any(first <= start and end <= last for first, last, _ in spans):
            seen[keys[number]] += 1
            right.update((keys[number], go_id) for go_id in meant)
    return seen, right


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
