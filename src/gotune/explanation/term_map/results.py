"""What the map of terms gives back: frozen, torch-free, ready to be written or drawn."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from gotune.aspects import Aspect


class Projection(StrEnum):
    """How points of hundreds of dimensions are laid on a plane."""

    PCA = "pca"
    """Along the two directions in which they differ most: distances on the map are never too long."""

    UMAP = "umap"
    """Near ones beside each other; how far groups are apart, and how wide they are, says little."""


@dataclass(frozen=True, slots=True)
class MappedTerm:
    """A term and its place on the map."""

    go_id: str
    name: str
    aspect: Aspect
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class TermMap:
    """Terms on a plane, those with like definitions near each other.

    Attributes:
        terms: In random order.
        encoder: What made the definitions into points, for people.
        projection: How they came onto the plane.
        explained: Share of the variance along each axis; None where there is no such share.
        agreement: Share of the terms whose nearest neighbour, before the projection, is of the same aspect.
        release: The release that the terms are from.
        seed: What governed the draw of the terms and the projection.
    """

    terms: tuple[MappedTerm, ...]
    encoder: str
    projection: Projection
    explained: tuple[float, float] | None
    agreement: float
    release: str
    seed: int

    def to_dict(self) -> dict[str, Any]:
        """Return all values as plain JSON types."""
        return asdict(self)
