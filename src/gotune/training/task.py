"""What a training engine is given and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gotune.config import TrainConfig
from gotune.model.manifest import EpochRecord
from gotune.protocols import Track
from gotune.training.checkpoints import RunFolder
from gotune.training.mapped import MappedRows

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

OnEpoch = Callable[[EpochRecord], None]


@dataclass(frozen=True, slots=True)
class LabelledTexts:
    """Rows to learn from or to be scored on.

    Attributes:
        ids: Word-piece ids of each row, int32.
        targets: Probability of each aspect, float32 of shape ``(rows, 3)``, NaN where it is not judged.
        weights: How much each row counts in the loss, float32 of shape ``(rows,)``.
        rationale: Which word pieces of each row carry which aspect, of shape ``(pieces, 3)``: 1, 0, or NaN
            for aspects on which the row is not judged; ``(0, 3)`` where it is not known.
        sources: Number of the source of each row, of shape ``(rows,)``: 0 for definitions.
        truncated: How many texts were cut.
    """

    ids: MappedRows
    targets: NDArray[np.float32]
    weights: NDArray[np.float32]
    rationale: MappedRows
    sources: NDArray[np.int64]
    truncated: int

    def __len__(self) -> int:
        return len(self.targets)

    @property
    def n_sources(self) -> int:
        """Numbers of sources, that of definitions included."""
        return int(self.sources.max(initial=0)) + 1


@dataclass(frozen=True, slots=True)
class TrainingTask:
    """All that an engine needs.

    Attributes:
        model: The encoder with its new head; the engine trains it in place.
        tokenizer: For padding.
        train: Rows to learn from.
        validation: Rows that choose the epoch.
        config: All settings.
        run_folder: Where checkpoints go.
        track: Shows progress.
        on_epoch: Called with the figures after each epoch.
    """

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    train: LabelledTexts
    validation: LabelledTexts
    config: TrainConfig
    run_folder: RunFolder
    track: Track
    on_epoch: OnEpoch

    def renumbered(self, numbers: NDArray[np.int32]) -> TrainingTask:
        """Return the same task with another number for each word piece."""
        train, validation = (
            replace(rows, ids=rows.ids.renumbered(numbers)) for rows in (self.train, self.validation)
        )
        return replace(self, train=train, validation=validation)


@dataclass(frozen=True, slots=True)
class TrainingOutcome:
    """What an engine gives back; the model then has the weights of the best epoch.

    Attributes:
        history: One record an epoch, resumed ones included.
        device: Where it ran.
        bf16: Whether matrix products were in bfloat16.
        saves: False in the worker processes of a distributed run, which must not write the bundle.
    """

    history: tuple[EpochRecord, ...]
    device: str
    bf16: bool
    saves: bool = True


@contextmanager
def compact_vocabulary(
    model: PreTrainedModel, special_ids: Iterable[int], used: Collection[int]
) -> Iterator[NDArray[np.int32]]:
    """Put a small embedding in the place of the model's own, and the trained rows back at the end.

    Args:
        model: Any model; one whose input embedding is not a plain table is left as it is.
        special_ids: Ids that the model may look for, such as that of padding; they keep their numbers.
        used: Ids that texts have.

    Yields:
        The row of the small embedding by id, -1 for those that it has not.
    """
    import torch

    whole = model.get_input_embeddings()
    if not isinstance(whole, torch.nn.Embedding):
        yield np.arange(max(used, default=-1) + 1, dtype=np.int32)
        return
    unmoved = max(special_ids, default=-1) + 1
    kept = [*range(unmoved), *sorted(piece for piece in used if piece >= unmoved)]
    numbers = np.full(whole.num_embeddings, -1, np.int32)
    numbers[kept] = np.arange(len(kept))
    rows_kept = torch.tensor(kept, device=whole.weight.device)
    small = torch.nn.Embedding(
        len(kept),
        whole.embedding_dim,
        padding_idx=whole.padding_idx,
        _weight=whole.weight.detach()[rows_kept].clone(),
    )
    model.set_input_embeddings(small)
    try:
        yield numbers
    finally:
        with torch.no_grad():
            whole.to(small.weight.device).weight[rows_kept.to(small.weight.device)] = small.weight
        model.set_input_embeddings(whole)
