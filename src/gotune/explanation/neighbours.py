"""The definitions that a model has learned from, as examples of what it takes a text to be like."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gotune.errors import DatasetError, SaveError
from gotune.explanation.attribution.results import Neighbour
from gotune.files import atomic_file, cache_folder
from gotune.model.embedding import TextEncoder, Vectors
from gotune.protocols import Track, untracked

if TYPE_CHECKING:
    from gotune.model.classifier import AspectClassifier
    from gotune.ontology.ontology import Ontology
    from gotune.ontology.terms import Term

_FORMAT = b"2"
"""Changes whenever `embed` gives other vectors."""

_MOST_KEPT = 8
"""Files in the cache, of some ten megabytes each."""

_LENGTH_TOLERANCE = 0.01
"""By how much float16 may make a vector of length one longer or shorter, and more."""


class NearestDefinitions:
    """All definitions that a model has learned from, as points that texts are compared with.

    Args:
        encoder: The encoder of the model.
        terms: The terms whose definitions they are.
        vectors: Their embeddings by this encoder, of length one, of shape ``(terms, its width)``.
    """

    def __init__(self, encoder: TextEncoder, terms: Sequence[Term], vectors: Vectors) -> None:
        self._encoder = encoder
        self._terms = terms
        self._vectors = vectors

    @classmethod
    def of(
        cls, classifier: AspectClassifier, ontology: Ontology, *, track: Track = untracked
    ) -> NearestDefinitions:
        """Embed the definitions, or take the embeddings from the cache folder if they were made before.

        Args:
            classifier: The model.
            ontology: The release that it learned from.
            track: Shows progress; thousands of definitions take half a minute.

        Raises:
            DatasetError: Another release than the one of the model, or the model learned from no definition.
        """
        manifest = classifier.manifest
        if ontology.sha256 != manifest.obo_sha256:
            raise DatasetError(
                str(ontology.source),
                expected=f"the release that the model learned from, {manifest.release}",
                found=f"release {ontology.release} with other content",
                do="Load that release.",
            )
        learned = set(classifier.training_ids)
        terms = [term for term in ontology.terms() if term.id in learned and term.definition]
        if not terms:
            raise DatasetError(
                "model",
                expected="definitions that it learned from",
                found="none",
                do="Explain without neighbours.",
            )
        encoder = TextEncoder.of(classifier)
        return cls(encoder, terms, _vectors(encoder, terms, track))

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


def _vectors(encoder: TextEncoder, terms: Sequence[Term], track: Track) -> Vectors:
    """Return the embeddings of definitions as float16 keeps them."""
    path = _cache_path(encoder, terms)
    shape = (len(terms), int(encoder.model.config.hidden_size))
    cached = _read(path, shape)
    if cached is not None:
        return cached.astype(np.float32)
    made = encoder.embed([term.definition or "" for term in terms], track=track).astype(np.float16)
    try:
        with atomic_file(path) as temporary:
            np.save(temporary, made, allow_pickle=False)
    except SaveError as exc:
        logging.getLogger(__name__).warning("The definitions are embedded again next time. %s", exc)
    with suppress(OSError):
        _remove_old(path.parent)
    return made.astype(np.float32)


def _remove_old(folder: Path) -> None:
    """Leave the files that were used last; those of models that are gone would pile up."""
    used = []
    for path in folder.glob("[!.]*.npy"):
        with suppress(FileNotFoundError):  # another process has removed it
            used.append((path.stat().st_mtime, path))
    for _, path in sorted(used, reverse=True)[_MOST_KEPT:]:
        path.unlink(missing_ok=True)


def _read(path: Path, shape: tuple[int, int]) -> NDArray[np.float16] | None:
    """Return what is in the cache; a damaged file counts as missing."""
    try:
        with path.open("rb") as stream:
            found: NDArray[np.float16] = np.lib.format.read_array(stream, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    if found.shape != shape or found.dtype != np.float16:
        return None
    lengths = np.linalg.norm(found.astype(np.float32), axis=1)
    if not np.allclose(lengths, 1, atol=_LENGTH_TOLERANCE):
        return None
    with suppress(OSError):  # a cache that may only be read
        os.utime(path)
    return found


def _cache_path(encoder: TextEncoder, terms: Sequence[Term]) -> Path:
    """Return a name for all that embeddings depend on: architecture, weights, word pieces, definitions."""
    digest = hashlib.sha256(_FORMAT)
    digest.update(encoder.model.config.to_json_string().encode())
    for name, tensor in sorted(encoder.model.base_model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.float().cpu().contiguous().numpy().data)
    digest.update(encoder.tokenizer.backend_tokenizer.to_str().encode())
    digest.update(f"{encoder.max_tokens} {encoder.bf16}".encode())
    for term in terms:
        digest.update(f"\n{term.id}\t{term.definition}".encode())
    return cache_folder() / "embeddings" / f"{digest.hexdigest()}.npy"
