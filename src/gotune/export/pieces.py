"""Fewer word pieces: half of those that an encoder knows are of no text of biology, and take their place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gotune.errors import EncoderError
from gotune.model.tokens import encode_texts
from gotune.training.task import compact_vocabulary

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

    from gotune.ontology.ontology import Ontology

_WORDPIECE = "WordPiece"
_ALL = 1_000_000
"""Word pieces of a text that are looked at."""


def texts_of(release: Ontology) -> list[str]:
    """Return the names, synonyms and definitions of a release, whose word pieces a model of it needs."""
    terms = list(release.terms())
    names = [name for term in terms for name in (term.name, *(synonym.text for synonym in term.synonyms))]
    return [*names, *(term.definition for term in terms if term.definition)]


@contextmanager
def few_pieces(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, texts: Sequence[str] | None
) -> Iterator[str]:
    """Leave a model the word pieces of some texts for a while, and single characters.

    A word that had another piece is read as shorter ones then, as WordPiece does it: no word is lost that
    could be read before.

    Args:
        model: With a plain table of embeddings.
        tokenizer: Its own, of the kind WordPiece.
        texts: What is kept the pieces of; None keeps all.

    Yields:
        The ``tokenizer.json`` that goes with the model.

    Raises:
        EncoderError: The tokenizer is of another kind.
    """
    text = tokenizer.backend_tokenizer.to_str()
    if texts is None:
        yield text
        return
    values = json.loads(text)
    if values["model"]["type"] != _WORDPIECE:
        raise EncoderError(
            "the tokenizer",
            expected=f"{_WORDPIECE}, of which pieces can be left out",
            found=values["model"]["type"],
            do="Export the model with all its pieces.",
        )
    vocabulary: dict[str, int] = values["model"]["vocab"]
    prefix = values["model"]["continuing_subword_prefix"]
    kept = {number for piece, number in vocabulary.items() if len(piece.removeprefix(prefix)) == 1}
    kept.update(number for row in encode_texts(tokenizer, texts, _ALL).ids for number in row)
    special = tokenizer.all_special_ids
    kept.update(range(max(special) + 1))  # which keep their numbers
    with compact_vocabulary(model, special, kept) as numbers:
        number = {one: int(numbers[one]) for one in kept}
        values["model"]["vocab"] = {piece: number[one] for piece, one in vocabulary.items() if one in number}
        # Pieces that were added to the vocabulary have their numbers in a list of their own.
        added = values["added_tokens"]
        values["added_tokens"] = [{**one, "id": number[one["id"]]} for one in added if one["id"] in number]
        yield json.dumps(values, ensure_ascii=False)
