"""Tokenizers of strangers: no word piece that the model does not know, and little made of little text."""

from __future__ import annotations

import json
import re
import shutil
from base64 import b64encode
from pathlib import Path

import pytest

from gotune.aspects import Head
from gotune.errors import EncoderError
from gotune.model.encoders import load_model, load_pretrained, load_tokenizer
from gotune.model.tokenizer_inspection import check_tokenizer, check_vocabulary


@pytest.fixture
def encoder(tiny_encoder: Path, tmp_path: Path) -> Path:
    """A pretrained encoder that a test may change."""
    return Path(shutil.copytree(tiny_encoder, tmp_path / "encoder"))


def configure(folder: Path, **changes: object) -> None:
    """Change ``tokenizer_config.json``."""
    values = json.loads((folder / "tokenizer_config.json").read_text())
    (folder / "tokenizer_config.json").write_text(json.dumps({**values, **changes}))


def test_word_pieces_have_to_be_known(encoder: Path) -> None:
    model = load_model(str(encoder), head=Head.SINGLE, seed=1)
    check_vocabulary(model, load_tokenizer(str(encoder)))
    configure(encoder, **{"pad_token": "[NONE SUCH]"})
    rows = len(model.get_input_embeddings().weight)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=f"word piece {rows:,}, of a model that knows {rows:,}"):
        check_vocabulary(model, load_tokenizer(str(encoder)))


@pytest.mark.parametrize("longest", ["long", 0, -1, True, [3], None])
def test_a_tokenizer_reads_a_number_of_word_pieces(encoder: Path, longest: object) -> None:
    configure(encoder, model_max_length=longest)
    if longest is None:
        assert load_tokenizer(str(encoder)).model_max_length > 10**6
        return
    with pytest.raises(
        EncoderError, match=rf"found model_max_length {re.escape(repr(longest))} in tokenizer_"
    ):
        load_tokenizer(str(encoder))


@pytest.mark.parametrize(
    "text", ["{}", "[]", '{"version": "9.9"}', "{", "[" * 100_000, '{"model": {"type": "Nothing"}}']
)
def test_a_tokenizer_of_another_kind_is_refused(encoder: Path, text: str) -> None:
    (encoder / "tokenizer.json").write_text(text)
    with pytest.raises(EncoderError, match="expected an encoder that transformers can load"):
        load_tokenizer(str(encoder))


def change(folder: Path, **changes: object) -> None:
    """Change ``tokenizer.json``."""
    values = json.loads((folder / "tokenizer.json").read_text())
    (folder / "tokenizer.json").write_text(json.dumps({**values, **changes}))


def replacing(pattern: dict[str, str], content: str) -> dict[str, object]:
    return {"type": "Replace", "pattern": pattern, "content": content}


def charsmap(*texts: bytes) -> str:
    """Return a table that puts these in place of characters, with an empty tree."""
    return b64encode((0).to_bytes(4, "little") + b"\0".join(texts)).decode()


def padding(**size: object) -> dict[str, object]:
    usual = {"direction": "Right", "pad_to_multiple_of": None, "pad_id": 0, "pad_type_id": 0, "pad_token": ""}
    return {**usual, **size}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (
            {"padding": padding(strategy={"Fixed": 20_000_000})},
            "padding to 20,000,000 word pieces, expected at most 100,000",
        ),
        (
            {"padding": padding(strategy="BatchLongest", pad_to_multiple_of=10**18)},
            "padding to 1,000,000,000,000,000,000 word pieces, expected at most 100,000",
        ),
        (
            {"normalizer": {"type": "Sequence", "normalizers": [replacing({"String": "a"}, "b")] * 9}},
            "9 replacements, expected at most 8",
        ),
        (
            {"normalizer": replacing({"String": "a"}, "aa")},
            "a replacement by 'aa', longer than what it replaces",
        ),
        (
            {"normalizer": replacing({"Regex": "."}, "aa")},
            "a replacement by 'aa', longer than what it replaces",
        ),
        ({"normalizer": replacing({"Regex": "."}, ""), "post_processor": None}, "no word piece of a text"),
        (
            {"normalizer": {"type": "Sequence", "normalizers": [{"type": "ByteLevel"}] * 40}},
            "40 steps ByteLevel, expected at most 1",
        ),
        (
            {"normalizer": {"type": "Precompiled", "precompiled_charsmap": charsmap(b"a" * 65)}},
            "a character that becomes a long text in precompiled_charsmap",
        ),
        (
            {"model": {"type": "WordPiece", "max_input_chars_per_word": 1_000_000, "vocab": {}}},
            "words of 1,000,000 letters, expected at most 1,000",
        ),
        (
            {
                "post_processor": {
                    "type": "TemplateProcessing",
                    "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}] * 9
                    + [{"Sequence": {"id": "A", "type_id": 0}}],
                    "pair": [{"Sequence": {"id": "A", "type_id": 0}}],
                    "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]}},
                }
            },
            "9 special word pieces about a text, expected at most 8",
        ),
    ],
)
def test_much_made_of_little_is_refused(encoder: Path, changes: dict[str, object], found: str) -> None:
    # The class of BERT puts its own two about a text, whatever the file says.
    config = json.loads((encoder / "tokenizer_config.json").read_text())
    (encoder / "tokenizer_config.json").write_text(
        json.dumps({**config, "tokenizer_class": "PreTrainedTokenizerFast"})
    )
    change(encoder, **changes)
    with pytest.raises(EncoderError) as caught:
        load_tokenizer(str(encoder))
    assert found in caught.value.found


def test_the_number_of_the_piece_that_fills_is_no_length(encoder: Path) -> None:
    change(encoder, padding=padding(strategy="BatchLongest", pad_id=128_004))
    check_tokenizer(encoder)  # as of EuroBERT


def test_an_encoder_knows_the_word_pieces_of_its_tokenizer(encoder: Path) -> None:
    configure(encoder, **{"mask_token": "[NONE SUCH]"})
    with pytest.raises(EncoderError, match=r"word piece \d+, of a model that knows \d+\. Check the folder"):
        load_pretrained(str(encoder), head=Head.SINGLE, seed=1)


def test_replacements_of_known_encoders_are_taken(encoder: Path) -> None:
    shorter = [
        replacing({"String": "``"}, '"'),
        replacing({"Regex": " {2,}"}, "\u2581"),
        {"type": "Lowercase"},
    ]
    change(encoder, normalizer={"type": "Sequence", "normalizers": shorter})
    assert load_tokenizer(str(encoder)).is_fast


@pytest.mark.parametrize("name", ["CanineTokenizer", "BertJapaneseTokenizer", "LlamaTokenizer", "Own", 3])
def test_a_class_of_no_encoder_is_refused(encoder: Path, name: object) -> None:
    configure(encoder, tokenizer_class=name)
    with pytest.raises(EncoderError, match=f"tokenizer_class {name!r} in .*, of no encoder of text"):
        load_tokenizer(str(encoder))
