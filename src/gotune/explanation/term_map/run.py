"""A map of terms by what an encoder makes of their definitions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS
from gotune.errors import InputError, MissingExtraError, import_failure
from gotune.explanation.term_map.results import MappedTerm, Projection, TermMap
from gotune.model.embedding import Vectors, nearest
from gotune.model.leakage import check_unseen_terms
from gotune.protocols import Encoder, Track, untracked

if TYPE_CHECKING:
    from gotune.datasets.definitions import LabelledDataset

Points = NDArray[np.float64]
_Reduced = tuple[Points, tuple[float, float] | None]

_LEAST_TERMS = 10
_UMAP_NEIGHBOURS = 15


def map_terms(
    dataset: LabelledDataset,
    encoder: Encoder,
    *,
    n_terms: int = 1500,
    projection: Projection = Projection.PCA,
    seed: int = 42,
    track: Track = untracked,
) -> TermMap:
    """Lay terms of the random test part on a plane, so that like definitions lie near each other.

    Args:
        dataset: Its test part is drawn from, as no model has learned from it.
        encoder: Gives each definition its point.
        n_terms: How many to draw; all of the part where it has fewer.
        projection: PCA, or UMAP (McInnes et al. 2018, doi:10.21105/joss.00861) by cosines.
        seed: Governs the draw and UMAP.
        track: Shows progress.

    Raises:
        InputError: Fewer than 10 terms.
        DatasetError: The encoder was fine-tuned on some of them.
        MissingExtraError: UMAP is asked for and not installed.
    """
    part = dataset.parts["test"]
    rows = part.sample(n=min(n_terms, len(part)), random_state=seed)
    if len(rows) < _LEAST_TERMS:
        raise InputError(
            "map of terms",
            expected=f"at least {_LEAST_TERMS} terms",
            found=f"{len(rows):,}",
            do="Ask for more, or make a larger dataset.",
        )
    check_unseen_terms("test part", rows["go_id"].tolist(), encoder.known)
    reduce = _pca if projection is Projection.PCA else _umap(len(rows), seed)
    vectors = encoder.embed(rows["definition"].tolist(), track=track)
    points, explained = reduce(vectors)
    labels = rows["label"].to_numpy()
    others = nearest(vectors, 1)[0][:, 0]
    terms = [
        MappedTerm(go_id, name, ASPECTS[label], float(x), float(y))
        for go_id, name, label, (x, y) in zip(rows["go_id"], rows["name"], labels, points, strict=True)
    ]
    return TermMap(
        terms=tuple(terms),
        encoder=encoder.name,
        projection=projection,
        explained=explained,
        agreement=float(np.mean(labels[others] == labels)),
        release=dataset.card.release,
        seed=seed,
    )


def _pca(vectors: Vectors) -> _Reduced:
    from sklearn.decomposition import PCA

    # The whole decomposition draws nothing at random, and scikit-learn fixes its signs.
    model = PCA(n_components=2, svd_solver="full")
    points: Points = model.fit_transform(vectors.astype(np.float64))
    first, second = model.explained_variance_ratio_.tolist()
    return points, (first, second)


def _umap(n_terms: int, seed: int) -> Callable[[Vectors], _Reduced]:
    try:
        from umap import UMAP
    except ImportError as exc:
        raise MissingExtraError(
            "gotune[explore]",
            expected="umap-learn",
            found=import_failure(exc),
            do='Install it with: pip install "gotune[explore]", or draw the map by PCA.',
        ) from exc
    model = UMAP(n_neighbors=min(_UMAP_NEIGHBOURS, n_terms - 1), metric="cosine", random_state=seed, n_jobs=1)
    # Its axes mean nothing, so the map may be turned: what is wide is to lie level.
    return lambda vectors: (_pca(model.fit_transform(vectors))[0], None)
