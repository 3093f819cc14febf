"""What a training engine is given and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gotune.config import TrainConfig
from gotune.model.manifest import EpochRecord
from gotune.model.tokens import PieceMarks
from gotune.protocols import Track
from gotune.training.checkpoints import RunFolder

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

OnEpoch = Callable[[EpochRecord], None]


@dataclass(frozen=True, slots=True)
class LabelledTexts:
    """Rows to learn from or to be scored on.

    Attributes:
        ids: Word-piece ids of each row.
        targets: Probability of each aspect, float32 of shape ``(rows, 3)``, NaN where it is not judged.
        weights: How much each row counts in the loss, float32 of shape ``(rows,)``.
        rationale: Word pieces of each row that carry an aspect, where that is known; NaN for aspects on which
            the row is not judged.
        sources: Number of the source of each row, of shape ``(rows,)``: 0 for definitions.
        truncated: How many texts were cut.
    """

    ids: list[list[int]]
    targets: NDArray[np.float32]
    weights: NDArray[np.float32]
    rationale: list[PieceMarks]
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

    def with_ids(self, train: list[list[int]], validation: list[list[int]]) -> TrainingTask:
        """Return the same task with other word-piece ids."""
        return replace(
            self, train=replace(self.train, ids=train), validation=replace(self.validation, ids=validation)
        )


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


Ids = list[list[int]]


@contextmanager
def compact_vocabulary(
    model: PreTrainedModel, special_ids: Sequence[int], *texts: Ids
) -> Iterator[tuple[Ids, ...]]:
    """Put a small embedding in the place of the model's own, and the trained rows back at the end.

    Args:
        model: Any model; one whose input embedding is not a plain table is left as it is.
        special_ids: Ids that the model may look for, such as that of padding; they keep their numbers.
        texts: Lists of rows of ids.

    Yields:
        The same texts, renumbered for the small embedding.
    """
    import torch

    whole = model.get_input_embeddings()
    if not isinstance(whole, torch.nn.Embedding):
        yield texts
        return
    used = {piece for rows in texts for row in rows for piece in row}
    unmoved = max(special_ids, default=-1) + 1
    kept = [*range(unmoved), *sorted(piece for piece in used if piece >= unmoved)]
    number = {piece: row for row, piece in enumerate(kept)}
    rows_kept = torch.tensor(kept, device=whole.weight.device)
    small = torch.nn.Embedding(
        len(kept),
        whole.embedding_dim,
        padding_idx=whole.padding_idx,
        _weight=whole.weight.detach()[rows_kept].clone(),
    )
    model.set_input_embeddings(small)
    try:
        yield tuple([[number[piece] for piece in row] for row in rows] for rows in texts)
    finally:
        with torch.no_grad():
            whole.to(small.weight.device).weight[rows_kept.to(small.weight.device)] = small.weight
        model.set_input_embeddings(whole)
