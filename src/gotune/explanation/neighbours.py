"""The definitions that a model has learned from, as examples of what it takes a text to be like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gotune.errors import DatasetError
from gotune.explanation.attribution.results import Neighbour
from gotune.protocols import Encoder, Track, untracked

if TYPE_CHECKING:
    from gotune.model.classifier import TransformerClassifier
    from gotune.ontology.ontology import Ontology
    from gotune.ontology.terms import Term

MOST_EMBEDDED = 1500
"""Definitions of a model whose bundle has no embeddings; a laptop makes them in some seconds."""


class NearestDefinitions:
    """Definitions that a model has learned from, as points that texts are compared with.

    Args:
        encoder: The encoder of the model.
        terms: The terms whose definitions they are.
        vectors: Their embeddings by this encoder, of length one, of shape ``(terms, its width)``.
    """

    def __init__(self, encoder: Encoder, terms: Sequence[Term], vectors: NDArray[np.float32]) -> None:
        self._encoder = encoder
        self._terms = terms
        self._vectors = vectors

    @classmethod
    def of(
        cls, classifier: TransformerClassifier, ontology: Ontology, *, track: Track = untracked
    ) -> NearestDefinitions:
        """Take the embeddings that were saved with the model, or make those of some definitions.

        Args:
            classifier: The model.
            ontology: The release that it learned from.
            track: Shows progress.

        Raises:
            DatasetError: Another release than the one of the model, or the model learned from no definition.
        """
        if ontology.sha256 != classifier.spec.obo_sha256:
            raise DatasetError(
                str(ontology.source),
                expected=f"the release that the model learned from, {classifier.spec.release}",
                found=f"release {ontology.release} with other content",
                do="Load that release.",
            )
        vectors, learned = classifier.vectors, classifier.learned
        most = min(MOST_EMBEDDED, learned.n_definitions) if vectors is None else len(vectors)
        terms = [ontology[go_id] for go_id in learned.go_ids[:most]]
        if not terms:
            raise DatasetError(
                "model",
                expected="definitions that it learned from",
                found="none",
                do="Explain without neighbours.",
            )
        if vectors is None:
            vectors = classifier.encoder.embed([term.definition or "" for term in terms], track=track)
        return cls(classifier.encoder, terms, vectors)

    def __len__(self) -> int:
        return len(self._terms)

    def nearest(self, text: str, k: int = 5) -> tuple[Neighbour, ...]:
        """Return the ``k`` definitions with the highest cosine similarity to a text, the nearest first.

        Raises:
            InputError: The text has half a surrogate pair, which is no character.
        """
        similarities = self._vectors @ self._encoder.embed([text])[0]
        rows = np.argsort(-similarities, kind="stable")[: max(k, 0)].tolist()
        return tuple(
            Neighbour(
                term.id, term.name, term.aspect, term.definition or "", min(1.0, float(similarities[row]))
            )
            for row, term in ((row, self._terms[row]) for row in rows)
        )
