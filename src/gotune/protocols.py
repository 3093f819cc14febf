"""The seams: small protocols that every engine, shell and test double can meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

T = TypeVar("T")


class Classifier(Protocol):
    """Anything that gives texts their aspect probabilities."""

    def predict_proba(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return aspect probabilities of shape ``(len(texts), 3)``, columns in label order."""
        ...


class Track(Protocol):
    """Passes items through and shows how far the loop is."""

    def __call__(self, items: Iterable[T], *, description: str, total: int | None = None) -> Iterator[T]:
        """Yield ``items`` unchanged; ``total`` is their number where it is known."""
        ...


def untracked(items: Iterable[T], *, description: str, total: int | None = None) -> Iterator[T]:
    """Be the silent `Track`, the default of the library."""
    del description, total
    return iter(items)
