"""The attention weights of one text, ready to be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from gotune.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gotune.records import ClassifiedText, Witness

_PIECE_MARKS = (("Ġ", " "), ("▁", " "), ("</w>", ""))
"""How tokenizers mark the start or end of a word, and what people read instead; as in BertViz."""


class AttentionView(StrEnum):
    """What a page of attention shows."""

    HEAD = "head"
    """The heads of one layer over each other, word piece by word piece."""
    MODEL = "model"
    """All heads of all layers as small pictures, each of which can be enlarged."""


@dataclass(frozen=True, slots=True, eq=False)
class Attention:
    """How strongly each word piece of a text looks at each other one, in every layer and head.

    Layers and heads are counted from 0, as in BertViz and transformers.

    Attributes:
        classified: The text, and what the classifier says of it.
        pieces: Word pieces as the model reads them, special tokens included.
        weights: Of shape ``(layers, heads, pieces, pieces)``, float32: ``weights[layer, head, i, j]`` is how
            much piece ``i`` takes from piece ``j``. Each row adds up to one.
        beside: What the probabilities stand on beside the encoder, which attention does not show.
    """

    classified: ClassifiedText
    pieces: tuple[str, ...]
    weights: NDArray[np.float32]
    beside: tuple[Witness, ...] = ()

    @property
    def n_layers(self) -> int:
        """Number of layers."""
        return int(self.weights.shape[0])

    @property
    def n_heads(self) -> int:
        """Number of heads in each layer."""
        return int(self.weights.shape[1])

    @property
    def labels(self) -> tuple[str, ...]:
        """The word pieces for people, without the marks of byte-level and sentencepiece tokenizers."""
        labels = self.pieces
        for mark, shown in _PIECE_MARKS:
            labels = tuple(label.replace(mark, shown) for label in labels)
        return labels

    def check_layer(self, layer: int) -> None:
        """Refuse a layer that is not there.

        Raises:
            InputError: ``layer`` is below 0, or not below `n_layers`.
        """
        _check("layer", layer, self.n_layers)

    def check_head(self, head: int) -> None:
        """Refuse a head that is not there.

        Raises:
            InputError: ``head`` is below 0, or not below `n_heads`.
        """
        _check("head", head, self.n_heads)

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values, ready for JSON."""
        return {
            **self.classified.to_dict(),
            "pieces": list(self.pieces),
            "weights": self.weights.tolist(),
            "beside": [witness.value for witness in self.beside],
        }


def _check(name: str, number: int, n: int) -> None:
    if not 0 <= number < n:
        raise InputError(
            name,
            expected=f"one of 0 to {n - 1}",
            found=str(number),
            do=f"The model has {n} {name}s, counted from 0.",
        )
