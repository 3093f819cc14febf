"""The seams: small protocols that every model, encoder, engine, shell and test double can meet.

`gotune.testing` has small fakes of a classifier and an encoder.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TypeVar, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gotune.records import Learned, ModelInfo, Witness

T = TypeVar("T")


class Track(Protocol):
    """Passes items through and shows how far the loop is."""

    def __call__(self, items: Iterable[T], *, description: str, total: int | None = None) -> Iterator[T]:
        """Yield ``items`` unchanged; ``total`` is their number where it is known."""
        ...


def untracked(items: Iterable[T], *, description: str, total: int | None = None) -> Iterator[T]:
    """Be the silent `Track`, the default of the library."""
    del description, total
    return iter(items)


@contextmanager
def doing(track: Track, what: str) -> Iterator[None]:
    """Show what takes a while and cannot be counted."""
    # A generator of one item tells nobody its length.
    for _ in track((None for _ in range(1)), description=what):
        yield


class Classifier(Protocol):
    """A model as everything sees it that asks one: what it is, and the aspect probabilities of texts."""

    @property
    def info(self) -> ModelInfo:
        """What results tell of it, with how it decides."""
        ...

    def predict_proba(
        self, texts: Sequence[str], *, articles: Sequence[str] | None = None, track: Track = untracked
    ) -> NDArray[np.float64]:
        """Return aspect probabilities of shape ``(len(texts), 3)``, columns in label order.

        Args:
            texts: Whole texts, or the sentences of articles.
            articles: The article of each, "" where it is unknown: what one sentence of an article says may
                help to read another. None if all are unknown.
            track: Shows progress.

        Raises:
            TypeError: ``texts`` is one string instead of a sequence of them.
        """
        ...


@runtime_checkable
class Trained(Classifier, Protocol):
    """A classifier that can tell what its answers stand on, as those that gotune trains."""

    @property
    def learned(self) -> Learned:
        """What it has learned from, on which it is never measured."""
        ...

    def predict_and_count(
        self, texts: Sequence[str], *, articles: Sequence[str] | None = None, track: Track = untracked
    ) -> tuple[NDArray[np.float64], int]:
        """Return what `predict_proba` does, and how many texts were cut because the model reads less."""
        ...

    def without(self, *witnesses: Witness) -> Classifier:
        """Return the same model without some of what it asks about a text.

        Raises:
            InputError: Nothing would be left that it can judge a text by.
        """
        ...

    def uncalibrated(
        self, probabilities: NDArray[np.float64], texts: Sequence[str], articles: Sequence[str] | None = None
    ) -> NDArray[np.float64]:
        """Return what probabilities of texts were by the first witness alone, before calibration."""
        ...


class Encoder(Protocol):
    """What makes texts into points."""

    @property
    def name(self) -> str:
        """For people."""
        ...

    @property
    def known(self) -> Collection[str]:
        """GO ids of the definitions that it was fine-tuned on; empty for a pretrained one."""
        ...

    def embed(self, texts: Sequence[str], *, track: Track = untracked) -> NDArray[np.float32]:
        """Return a vector of length one for each text, of shape ``(len(texts), width)``.

        The product of two rows is so the cosine of their angle.

        Raises:
            TypeError: ``texts`` is one string instead of a sequence of them.
        """
        ...


class Engine(Protocol):
    """What computes the logits of a model: its encoder with the head."""

    def logits(self, texts: Sequence[str], *, track: Track = untracked) -> tuple[NDArray[np.float64], int]:
        """Return logits of shape ``(len(texts), 3)``, and how many texts were cut to what it reads.

        Raises:
            TypeError: ``texts`` is one string instead of a sequence of them.
            InputError: A text has half a surrogate pair, which is no character.
        """
        ...
