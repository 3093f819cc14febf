"""Training on the word pieces that occur, instead of on the whole vocabulary.

Most word pieces of an encoder never occur in a training set, and the rows of those get no gradient, so that,
without weight decay, training them changes nothing. But they are zeroed, clipped and stepped over at every
step, and they are half of a small encoder's weights. So they are set aside while training lasts. Weight
decay, if asked for, leaves them at their pretrained values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import PreTrainedModel

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
