from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from transformers import (
    AutoModel,
    AutoTokenizer,
    BertConfig,
    MPNetConfig,
    PretrainedConfig,
    PreTrainedTokenizerBase,
    PreTrainedTokenizerFast,
    RobertaConfig,
)

from gotune.errors import EncoderError, InputError
from gotune.model.tokens import (
    bucket_batches,
    check_max_tokens,
    count_tokens,
    encode_texts,
    encode_uncut,
    pad_batch,
    positions_of,
    tokens_of,
)
from tests.together import asked_together, each_as_often


@pytest.fixture(scope="module")
def tokenizer(tiny_encoder: Path) -> PreTrainedTokenizerBase:
    found: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(tiny_encoder)
    return found


def test_pieces_are_those_of_transformers(tokenizer: PreTrainedTokenizerBase) -> None:
    texts = ["The membrane of a cell.", "", "a" * 40]
    assert encode_texts(tokenizer, texts, 48).ids == [tokenizer(text)["input_ids"] for text in texts]


def test_cuts_are_counted(tokenizer: PreTrainedTokenizerBase) -> None:
    encoded = encode_texts(tokenizer, ["cell " * 30, "cell", "cell " * 8], 10)
    assert encoded.truncated == 1
    assert encoded.lengths == [10, 3, 10]


def test_count_tokens_cuts_nothing(tokenizer: PreTrainedTokenizerBase) -> None:
    assert count_tokens(tokenizer, ["cell " * 500, "cell"]) == [502, 3]


def test_several_threads_cut_at_lengths_of_their_own(tokenizer: PreTrainedTokenizerBase) -> None:
    questions = [("cell " * number, limit) for number in range(1, 40) for limit in (4, 10, None)]

    def pieces(question: tuple[str, int | None]) -> int:
        text, limit = question
        if limit is None:
            return len(encode_uncut(tokenizer, text)["input_ids"][0])
        return encode_texts(tokenizer, [text], limit).lengths[0]

    wanted = [min(text.count(" ") + 2, limit or 99) for text, limit in questions]
    assert asked_together(pieces, questions) == each_as_often(wanted)


def test_one_string_is_refused(tokenizer: PreTrainedTokenizerBase) -> None:
    with pytest.raises(TypeError, match="wrap it in a list"):
        encode_texts(tokenizer, "a cell", 10)


def test_half_a_surrogate_pair_is_refused(tokenizer: PreTrainedTokenizerBase) -> None:
    with pytest.raises(InputError, match="expected Unicode characters, found half a surrogate pair"):
        encode_texts(tokenizer, ["a cell", "caf\udce9"], 10)


def test_giant_text_is_cut_before_it_is_tokenised(tokenizer: PreTrainedTokenizerBase) -> None:
    encoded = encode_texts(tokenizer, ["cell " * 2_000_000], 10)
    assert (encoded.lengths, encoded.truncated) == ([10], 1)


def test_what_is_cut_before_it_is_tokenised_is_counted(tokenizer: PreTrainedTokenizerBase) -> None:
    word, blank = "x" * 200_000, f"cell{' ' * 200_000}"
    encoded = encode_texts(tokenizer, [word, blank, f"{blank}cell", "cell"], 10)
    assert (encoded.lengths, encoded.truncated) == ([3, 3, 3, 3], 2)


def test_tokens_show_what_the_model_sees(tokenizer: PreTrainedTokenizerBase) -> None:
    tokens = tokens_of(tokenizer, "CELL", 48)
    assert [token.piece for token in tokens] == ["[CLS]", "cell", "[SEP]"]
    assert [(token.type_id, token.mask) for token in tokens] == [(0, 1)] * 3
    assert [token.id for token in tokens] == tokenizer("cell")["input_ids"]


@given(st.lists(st.integers(1, 128), max_size=300), st.integers(1, 16), st.none() | st.integers(0, 2**31))
def test_every_row_is_in_exactly_one_batch(lengths: list[int], size: int, seed: int | None) -> None:
    batches = bucket_batches(lengths, size, seed)
    assert sorted(row for batch in batches for row in batch) == list(range(len(lengths)))
    assert all(0 < len(batch) <= size for batch in batches)
    assert batches == bucket_batches(lengths, size, seed)


def test_sorted_batches_waste_little() -> None:
    lengths = [(37 * row) % 101 + 3 for row in range(1000)]
    padded = sum(len(batch) * max(lengths[row] for row in batch) for batch in bucket_batches(lengths, 8, 5))
    assert sum(lengths) / padded > 0.95


def test_a_seed_shuffles_and_without_one_the_longest_come_first() -> None:
    lengths = [*range(3, 103)] * 10
    one, other, plain = (bucket_batches(lengths, 8, seed) for seed in (5, 6, None))
    assert one != other
    widths = [max(lengths[row] for row in batch) for batch in one]
    assert widths not in (sorted(widths), sorted(widths, reverse=True))
    assert [lengths[row] for batch in plain for row in batch] == sorted(lengths, reverse=True)


def test_padding_and_mask() -> None:
    batch = pad_batch([[5, 6], [7]], pad_id=9)
    assert torch.equal(batch["input_ids"], torch.tensor([[5, 6], [7, 9]]))
    assert torch.equal(batch["attention_mask"], torch.tensor([[1, 1], [1, 0]]))


def test_more_tokens_than_positions_are_refused(tokenizer: PreTrainedTokenizerBase) -> None:
    check_max_tokens(tokenizer, 64, 64)
    with pytest.raises(EncoderError, match="reads 65 word pieces of a text, found one that reads 64"):
        check_max_tokens(tokenizer, 64, 65)


@pytest.mark.parametrize(("kind", "reads"), [(RobertaConfig, 62), (MPNetConfig, 62), (BertConfig, 64)])
def test_positions_of_the_kinds_of_roberta_begin_behind_the_one_that_fills(
    kind: Callable[..., PretrainedConfig], reads: int
) -> None:
    config = kind(
        vocab_size=9, hidden_size=4, num_hidden_layers=1, num_attention_heads=1, intermediate_size=4,
        max_position_embeddings=64, pad_token_id=1,
    )  # fmt: skip
    model = AutoModel.from_config(config).eval()
    assert positions_of(model) == reads
    ids = torch.full((1, reads), 5)
    assert model(input_ids=ids).last_hidden_state.shape == (1, reads, 4)
    with pytest.raises((IndexError, RuntimeError)):
        model(input_ids=torch.full((1, reads + 1), 5))


WORD_PIECES = {
    "type": "WordPiece",
    "unk_token": "[UNK]",
    "continuing_subword_prefix": "##",
    "max_input_chars_per_word": 100,
}


def _damaged(changes: dict[str, Any], folder: Path) -> PreTrainedTokenizerBase:
    values = json.loads((folder / "tokenizer.json").read_text())
    values |= changes
    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_str(json.dumps(values)), name_or_path="theirs"
    )


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"model": {**WORD_PIECES, "vocab": {"a": 0}}}, "WordPiece error"),
        ({"normalizer": {"type": "Replace", "pattern": {"Regex": "(a|a)+$"}, "content": ""}}, "retry-limit"),
        (
            {
                "normalizer": {"type": "Replace", "pattern": {"Regex": "."}, "content": ""},
                "post_processor": None,
            },
            "none of a text",
        ),
    ],
    ids=["unknown", "pattern", "nothing"],
)
def test_a_tokenizer_that_fails_at_a_text_is_told(
    tiny_encoder: Path, changes: dict[str, Any], found: str, capfd: pytest.CaptureFixture[str]
) -> None:
    tokenizer = _damaged(changes, tiny_encoder)
    with pytest.raises(
        EncoderError, match=r"^theirs: expected a tokenizer that .* of any text, found "
    ) as told:
        encode_texts(tokenizer, [f"{'a' * 40}!"], max_tokens=16)
    assert found in told.value.found
    capfd.readouterr()  # what Rust says of it
