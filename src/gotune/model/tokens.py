"""Texts to word pieces to padded batches of like length."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS
from gotune.errors import EncoderError, InputError
from gotune.lines import one_line
from gotune.protocols import Track, untracked

if TYPE_CHECKING:
    import torch
    from tokenizers import Encoding
    from transformers import BatchEncoding, PreTrainedModel, PreTrainedTokenizerBase

Span = tuple[int, int, int]
"""Where a text carries an aspect: first character, the one behind the last, the aspect's label."""

PieceMarks = NDArray[np.bool_] | None
"""Which word pieces of a text carry which aspect, of shape ``(pieces, 3)``; None where that is unknown."""

_WINDOW_BATCHES = 50
"""Batches whose texts are sorted together: as much randomness as length grouping allows."""


_TEXTS_AT_ONCE = 512
"""Texts given to the tokenizer together, whose encodings take far more memory than their ids."""

_LONGEST_TEXT = 100_000
"""Characters of a text that are looked at, far beyond what any encoder of sentences reads."""

_one_length = Lock()
"""Held while a tokenizer is called: each call sets the length at which it cuts, for all threads."""


@dataclass(frozen=True, slots=True)
class EncodedTexts:
    """Word pieces of texts.

    Attributes:
        ids: Word-piece ids of each text, special tokens included.
        truncated: How many texts were longer than the limit and were cut.
    """

    ids: list[list[int]]
    truncated: int

    @property
    def lengths(self) -> list[int]:
        """Word pieces of each text after cutting."""
        return [len(ids) for ids in self.ids]


@dataclass(frozen=True, slots=True)
class Token:
    """One word piece as the model sees it."""

    piece: str
    id: int
    type_id: int
    mask: int


def read_literally(tokenizer: PreTrainedTokenizerBase) -> None:
    """Have the names of special pieces, where a person typed them, read as the characters that they are.

    A tokenizer loaded with ``split_special_tokens`` does not look for ``[SEP]`` or ``<s>`` in texts. But a
    vocabulary as that of sentencepiece has these names among its words and finds them there; and where
    blanks alone divide words, ``##ing`` at the start of one is the piece that goes on with another. So
    wherever a name would come to the vocabulary whole, its first character is made a piece of its own.

    Texts without such names are read as before. The tokenizer has this in its file when it is saved, and
    one that has it is left as it is.

    Args:
        tokenizer: A fast one, loaded with ``split_special_tokens``; it is changed.
    """
    from tokenizers import Regex
    from tokenizers.pre_tokenizers import Sequence as Steps
    from tokenizers.pre_tokenizers import Split

    backend = tokenizer.backend_tokenizer
    special = {token.content for token in tokenizer.added_tokens_decoder.values() if token.special}
    names = sorted(special.union(tokenizer.all_special_tokens))
    goes_on = getattr(backend.model, "continuing_subword_prefix", None)
    names += [goes_on] if goes_on else []
    pieces = backend.pre_tokenizer
    whole = [
        name
        for name in names
        if len(name) > 1
        and (pieces is None or any(name in part for part, _ in pieces.pre_tokenize_str(f"{name}a")))
    ]
    if whole:
        first = "|".join(f"{re.escape(name[0])}(?={re.escape(name[1:])})" for name in whole)
        split = Split(Regex(first), "isolated")
        backend.pre_tokenizer = split if pieces is None else Steps([pieces, split])


def encode_texts(tokenizer: PreTrainedTokenizerBase, texts: Sequence[str], max_tokens: int) -> EncodedTexts:
    """Turn texts into word pieces, cut to ``max_tokens`` each, and count the cuts.

    Raises:
        TypeError: ``texts`` is one string instead of a sequence of them.
        InputError: A text has half a surrogate pair, which is no character.
    """
    parts = list(encode_parts(partial(encode_whole, tokenizer, max_tokens), texts, max_tokens))
    return EncodedTexts(
        ids=[row for part in parts for row in part.ids], truncated=sum(part.truncated for part in parts)
    )


def encode_parts(
    encode: Callable[[list[str]], Sequence[Encoding]],
    texts: Sequence[str],
    max_tokens: int,
    *,
    track: Track = untracked,
) -> Iterator[EncodedTexts]:
    """Turn texts into word pieces, some hundred texts at once, and count those that were cut.

    Args:
        encode: A tokenizer of texts that are not endless, which cuts them to ``max_tokens``.
        texts: Any texts.
        max_tokens: Word pieces that are read of a text.
        track: Shows progress.

    Raises:
        TypeError: ``texts`` is one string instead of a sequence of them.
        InputError: A text has half a surrogate pair, which is no character.
    """
    check_encodable(texts)
    starts = range(0, len(texts), _TEXTS_AT_ONCE)
    for start in track(starts, description="classifying", total=len(starts)):
        part = texts[start : start + _TEXTS_AT_ONCE]
        read = [_shortened(text, max_tokens) for text in part]
        encodings = encode(read)
        # What was cut before the tokenizer saw it counts, unless only blanks were.
        cut = [
            bool(encoding.overflowing) or bool(text[len(start_of) :].strip())
            for encoding, text, start_of in zip(encodings, part, read, strict=True)
        ]
        yield EncodedTexts([encoding.ids for encoding in encodings], sum(cut))


def encode_uncut(tokenizer: PreTrainedTokenizerBase, text: str) -> BatchEncoding:
    """Return all word pieces of a text as a model takes them, with their offsets in it."""
    with _one_length:
        found: BatchEncoding = tokenizer(text, return_offsets_mapping=True, return_tensors="pt")
    return found


def mark_pieces(
    tokenizer: PreTrainedTokenizerBase,
    texts: Sequence[str],
    spans: Sequence[Sequence[Span] | None],
    max_tokens: int,
) -> Iterator[PieceMarks]:
    """Tell for each text which of its word pieces overlap with which spans.

    Args:
        tokenizer: The one that `encode_texts` is given.
        texts: Any texts.
        spans: Of each text; None where they are unknown.
        max_tokens: Word pieces a text may have; spans behind them are left out.

    Yields:
        One entry a text, with the same word pieces as those of `encode_texts`.
    """
    check_encodable(texts)
    for start in range(0, len(texts), _TEXTS_AT_ONCE):
        rows = range(len(texts))[start : start + _TEXTS_AT_ONCE]
        known = [_shortened(texts[row], max_tokens) for row in rows if spans[row] is not None]
        encodings = iter(encode_whole(tokenizer, max_tokens, known) if known else ())
        for row in rows:
            found = spans[row]
            yield None if found is None else _marked(next(encodings), found)


def _marked(encoding: Encoding, spans: Sequence[Span]) -> NDArray[np.bool_]:
    # Special tokens stand nowhere: their offsets are (0, 0).
    starts, ends = np.array(encoding.offsets).T
    marked = np.zeros((len(starts), len(ASPECTS)), dtype=np.bool_)
    for start, end, label in spans:
        marked[:, label] |= (starts < end) & (ends > start)
    return marked


def count_tokens(tokenizer: PreTrainedTokenizerBase, texts: Sequence[str]) -> list[int]:
    """Return the number of word pieces of each text, special tokens included, uncut."""
    limit = max((len(text) for text in texts), default=0) + 8  # no tokenizer has more pieces than bytes
    return encode_texts(tokenizer, texts, 4 * limit).lengths


def check_fits(tokenizer: PreTrainedTokenizerBase, text: str, max_tokens: int, *, do: str) -> None:
    """Refuse a text of which the model would not read all.

    Args:
        tokenizer: The model's.
        text: Any text.
        max_tokens: Word pieces that the model reads.
        do: What to do instead, for the message.

    Raises:
        InputError: It has more word pieces.
    """
    (n_pieces,) = count_tokens(tokenizer, [text])
    if n_pieces > max_tokens:
        raise InputError(
            "text",
            expected=f"at most {max_tokens:,} word pieces, which is what the model reads",
            found=f"{n_pieces:,}",
            do=do,
        )


def tokens_of(tokenizer: PreTrainedTokenizerBase, text: str, max_tokens: int) -> tuple[Token, ...]:
    """Return the word pieces of one text with ids, type ids and attention mask."""
    check_encodable([text])
    (encoding,) = encode_whole(tokenizer, max_tokens, [_shortened(text, max_tokens)])
    rows = zip(encoding.tokens, encoding.ids, encoding.type_ids, encoding.attention_mask, strict=True)
    return tuple(Token(*row) for row in rows)


def bucket_batches(
    lengths: Sequence[int], batch_size: int, shuffle_seed: int | None = None
) -> list[list[int]]:
    """Group row numbers into batches of like length, so that little is padded.

    Args:
        lengths: Word pieces of each row.
        batch_size: Rows a batch; the last one may have fewer.
        shuffle_seed: None sorts all rows, longest first, for inference. A number shuffles rows and
            batches and sorts only within windows of 50 batches, for training.

    Returns:
        Batches of row numbers, each row in exactly one.
    """
    rows = list(range(len(lengths)))
    if shuffle_seed is None:
        rows.sort(key=lambda row: -lengths[row])
        return _slices(rows, batch_size)
    generator = random.Random(shuffle_seed)  # noqa: S311 (an order of rows is no secret)
    generator.shuffle(rows)
    batches = []
    for window in _slices(rows, batch_size * _WINDOW_BATCHES):
        batches += _slices(sorted(window, key=lambda row: lengths[row]), batch_size)
    generator.shuffle(batches)
    return batches


def pad_batch(ids: Sequence[Sequence[int] | NDArray[np.integer]], pad_id: int) -> dict[str, torch.Tensor]:
    """Pad rows to the longest of the batch.

    Returns:
        ``input_ids`` and ``attention_mask``, both int64 of shape ``(batch, longest)``.
    """
    import torch

    longest = max(len(row) for row in ids)
    input_ids = torch.full((len(ids), longest), pad_id, dtype=torch.int64)
    attention_mask = torch.zeros_like(input_ids)
    for number, row in enumerate(ids):
        input_ids[number, : len(row)] = torch.tensor(row)
        attention_mask[number, : len(row)] = 1
    return {"input_ids": input_ids, "attention_mask": attention_mask}


def positions_of(model: PreTrainedModel) -> int | None:
    """Return how many word pieces the positions of an encoder are for; None if they have no limit.

    Those of the RoBERTa kinds begin behind the one that stands for no position.
    """
    most: int | None = getattr(model.config, "max_position_embeddings", None)
    unused = [
        module.padding_idx + 1
        for name, module in model.named_modules()
        if name.endswith("position_embeddings") and getattr(module, "padding_idx", None) is not None
    ]
    return None if most is None else most - max(unused, default=0)


def most_tokens(tokenizer: PreTrainedTokenizerBase, max_positions: int | None) -> int:
    """Return how many word pieces an encoder reads; None is one whose positions have no limit."""
    return min(max_positions or tokenizer.model_max_length, tokenizer.model_max_length)


def check_max_tokens(tokenizer: PreTrainedTokenizerBase, max_positions: int | None, max_tokens: int) -> None:
    """Refuse a text length that the encoder has no positions for; None is an encoder without such a limit.

    Raises:
        EncoderError: ``max_tokens`` is over the encoder's own limit.
    """
    limit = most_tokens(tokenizer, max_positions)
    if max_tokens > limit:
        raise EncoderError(
            str(tokenizer.name_or_path),
            expected=f"an encoder that reads {max_tokens} word pieces of a text",
            found=f"one that reads {limit}",
            do="Lower max_tokens, or take an encoder for longer texts.",
        )


def encode_whole(tokenizer: PreTrainedTokenizerBase, max_tokens: int, texts: list[str]) -> list[Encoding]:
    """Return the word pieces of texts that are not endless, with their places, cut to ``max_tokens``.

    Raises:
        EncoderError: The tokenizer fails.
    """
    with _reading(tokenizer), _one_length:
        batch = tokenizer(
            texts,
            truncation=True,
            max_length=max_tokens,
            padding=False,
            return_token_type_ids=True,
        )
        encodings: list[Encoding] = batch.encodings or []
        if not all(encoding.ids for encoding in encodings):
            raise ValueError("none of a text")
    return encodings


@contextmanager
def _reading(tokenizer: PreTrainedTokenizerBase) -> Iterator[None]:
    """Tell what is wrong with a tokenizer where a text brings it to light."""
    try:
        with rust_errors("tokenizer.json"):
            yield
    except ValueError as exc:
        raise EncoderError(
            str(tokenizer.name_or_path),
            expected="a tokenizer that makes word pieces of any text",
            found=str(exc),
            do="Take another encoder; this one's tokenizer.json is damaged.",
        ) from exc


@contextmanager
def rust_errors(where: str) -> Iterator[None]:
    """Turn errors in Rust, which are plain Exceptions or none at all, into a ValueError that tells where."""
    try:
        yield
    except BaseException as exc:
        if not isinstance(exc, Exception) and type(exc).__name__ != "PanicException":
            raise
        raise ValueError(f"{where}: {one_line(str(exc))}") from exc


def check_encodable(texts: Sequence[str]) -> None:
    """Refuse what no tokenizer can read.

    Raises:
        TypeError: ``texts`` is one string instead of a sequence of them.
        InputError: A text has half a surrogate pair, which is no character.
    """
    if isinstance(texts, str):
        raise TypeError("texts: expected a sequence of strings, found one string; wrap it in a list")
    for text in texts:
        if not _is_encodable(text):
            raise InputError(
                "text",
                expected="Unicode characters",
                found=f"half a surrogate pair in {text[:40]!r}",
                do="It is probably not UTF-8: convert it.",
            )


def _shortened(text: str, max_tokens: int) -> str:
    """Return as much of a text as can matter: the rest is cut in any case, and takes time to be read."""
    return text[: max(_LONGEST_TEXT, 8 * max_tokens)]


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _slices(rows: list[int], size: int) -> list[list[int]]:
    return [rows[start : start + size] for start in range(0, len(rows), size)]
