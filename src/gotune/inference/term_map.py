"""A map of terms by what an encoder makes of their definitions."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS
from gotune.errors import InputError, MissingExtraError
from gotune.heads import Head
from gotune.inference.embedding import Vectors, embed, nearest
from gotune.inference.unseen import check_unseen_terms
from gotune.map_results import MappedTerm, Projection, TermMap
from gotune.models.devices import choose_device
from gotune.models.encoders import load_model, load_tokenizer, locate_encoder
from gotune.models.encoding import check_max_tokens
from gotune.protocols import Track, untracked

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

    from gotune.data.dataset import LabelledDataset
    from gotune.inference.classifier import AspectClassifier

Points = NDArray[np.float64]
_Reduced = tuple[Points, tuple[float, float] | None]

_LEAST_TERMS = 10
_UMAP_NEIGHBOURS = 15


@dataclass(frozen=True, slots=True)
class TextEncoder:
    """What makes texts into points.

    Attributes:
        name: For people.
        model: The encoder, or a classifier with one.
        tokenizer: Its own.
        max_tokens: Word pieces a text may have.
        known: GO ids of the definitions that it was fine-tuned on.
    """

    name: str
    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    max_tokens: int
    known: Collection[str] = ()

    @classmethod
    def pretrained(
        cls, name: str, *, max_tokens: int, offline: bool = False, device: str = "auto"
    ) -> TextEncoder:
        """Load an encoder as it was before any fine-tuning.

        Raises:
            EncoderError: There is none of that name, or it reads fewer than ``max_tokens`` word pieces.
            DownloadError: A pinned encoder cannot be fetched.
        """
        import torch

        folder = locate_encoder(name, offline=offline)
        tokenizer = load_tokenizer(folder)
        with torch.random.fork_rng():  # the head, which is not used, is drawn at random
            model = load_model(folder, head=Head.SINGLE, seed=0)
        check_max_tokens(tokenizer, getattr(model.config, "max_position_embeddings", None), max_tokens)
        return cls(f"{name}, pretrained", model.to(choose_device(device)), tokenizer, max_tokens)  # type: ignore[arg-type]

    @classmethod
    def of(cls, classifier: AspectClassifier) -> TextEncoder:
        """Return the fine-tuned encoder of a classifier."""
        config = classifier.manifest.config
        return cls(
            f"{config.encoder}, fine-tuned",
            classifier.model,
            classifier.tokenizer,
            config.max_tokens,
            frozenset(classifier.training_ids),
        )


def map_terms(
    dataset: LabelledDataset,
    encoder: TextEncoder,
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
    vectors = embed(
        encoder.model,
        encoder.tokenizer,
        rows["definition"].tolist(),
        max_tokens=encoder.max_tokens,
        track=track,
    )
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
            "gotune[explain]",
            expected="umap-learn",
            found=f"no module {exc.name}",
            do='Install it with: pip install "gotune[explain]", or draw the map by PCA.',
        ) from exc
    model = UMAP(n_neighbors=min(_UMAP_NEIGHBOURS, n_terms - 1), metric="cosine", random_state=seed, n_jobs=1)
    # Its axes mean nothing, so the map may be turned: what is wide is to lie level.
    return lambda vectors: (_pca(model.fit_transform(vectors))[0], None)
