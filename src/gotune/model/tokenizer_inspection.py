"""A tokenizer's files, looked at before and after it is built: a stranger's may make much of little text."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gotune.model.inspection import KINDS
from gotune.model.quarantine import TOKENIZER_CONFIG
from gotune.typed_json import objects_in, read_json

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_TOKENIZERS = ("PreTrainedTokenizer", "TokenizersBackend", "GPT2Tokenizer", "HerbertTokenizer")
"""Classes of tokenizers that are of no kind, or of another one that reads alike."""
_MOST_REPLACEMENTS = 8
"""Of a tokenizer's own, one after the other; those that are known have five."""
_LONGEST_OF_CHARACTER = 64
"""Bytes that a table puts in place of a character; Unicode's longest has 33."""
_LONGEST_PIECED = 1000
"""Letters of a word that WordPiece looks for pieces in, in time with their square; BERT takes 100."""
_LONGEST_PADDING = 100_000
"""Word pieces; no encoder reads that many."""
_MOST_SPECIAL = 8
"""Special word pieces about a text; encoders have two."""


def check_tokenizer(folder: Path) -> None:
    """Refuse a tokenizer that is of no encoder of text, or makes ever longer texts of a text.

    Raises:
        ValueError: It is, or its files are damaged.
        OSError: They cannot be read.
    """
    if (settings := folder / TOKENIZER_CONFIG).exists():
        named = read_json(settings).get("tokenizer_class")
        if named is not None and str(named).removesuffix("Fast") not in _tokenizer_classes():
            raise ValueError(f"tokenizer_class {named!r} in {TOKENIZER_CONFIG}, of no encoder of text")
    if (path := folder / "tokenizer.json").exists():
        check_tokenizer_json(read_json(path), path.name)


def check_tokenizer_json(values: object, where: str) -> None:
    """Refuse the values of a ``tokenizer.json`` that make ever longer texts of a text.

    Raises:
        ValueError: They do, or are damaged.
    """
    if not isinstance(values, dict):
        raise ValueError(f"{where} without an object")
    _check_padding(values.get("padding"))
    steps = {key: values.get(key) for key in ("normalizer", "pre_tokenizer")}
    _check_replacements(steps)
    _check_tables(steps)
    model = values.get("model")
    longest = model.get("max_input_chars_per_word", 0) if isinstance(model, dict) else 0
    if isinstance(longest, int) and longest > _LONGEST_PIECED:
        raise ValueError(f"words of {longest:,} letters, expected at most {_LONGEST_PIECED:,}")


def check_pieces(tokenizer: PreTrainedTokenizerBase) -> None:
    """Refuse a tokenizer that makes no, or too many, or unknown word pieces of a text.

    Raises:
        ValueError: It does.
    """
    longest: object = tokenizer.model_max_length
    if isinstance(longest, bool) or not isinstance(longest, int | float) or not longest > 0:
        raise ValueError(f"model_max_length {longest!r} in {TOKENIZER_CONFIG}")
    check_special(tokenizer.num_special_tokens_to_add())
    pieces = tokenizer.backend_tokenizer.encode("A probe.").ids
    if not pieces:
        raise ValueError("a tokenizer that makes no word piece of a text")
    if max(pieces) > max(tokenizer.get_vocab().values(), default=-1):
        raise ValueError(f"word piece {max(pieces):,} in tokenizer.json, of no vocabulary")


def check_special(n_special: int) -> None:
    """Refuse so many special word pieces about a text that little of the text would be read.

    Raises:
        ValueError: There are.
    """
    if n_special > _MOST_SPECIAL:
        raise ValueError(f"{n_special:,} special word pieces about a text, expected at most {_MOST_SPECIAL}")


def check_vocabulary(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> None:
    """Refuse a tokenizer whose word pieces the model does not know.

    Raises:
        ValueError: It has more.
    """
    rows = len(model.get_input_embeddings().weight)  # type: ignore[arg-type]
    last = max(tokenizer.get_vocab().values(), default=-1)
    if last >= rows:
        raise ValueError(f"a tokenizer with word piece {last:,}, of a model that knows {rows:,}")


def _tokenizer_classes() -> set[str]:
    from transformers import CONFIG_MAPPING
    from transformers.models.auto.tokenization_auto import TOKENIZER_MAPPING_NAMES

    now = [TOKENIZER_MAPPING_NAMES.get(kind) or "" for kind in KINDS]
    once = [CONFIG_MAPPING[kind].__name__.removesuffix("Config") + "Tokenizer" for kind in KINDS]
    return {name.removesuffix("Fast") for name in (*now, *once, *_TOKENIZERS)}


def _check_padding(padding: object) -> None:
    sizes = [
        held[key]
        for held in objects_in(padding)
        for key in ("Fixed", "pad_to_multiple_of")
        if isinstance(held.get(key), int)
    ]
    if (longest := max(map(abs, sizes), default=0)) > _LONGEST_PADDING:
        raise ValueError(f"padding to {longest:,} word pieces, expected at most {_LONGEST_PADDING:,}")


def _of_type(kind: str, steps: object) -> list[dict[str, Any]]:
    return [step for step in objects_in(steps) if step.get("type") == kind]


def _check_tables(steps: object) -> None:
    """Refuse tables of characters, each with a text in its place, that together make much of one."""
    for kind in ("ByteLevel", "Precompiled"):
        if (n_steps := len(_of_type(kind, steps))) > 1:
            raise ValueError(f"{n_steps:,} steps {kind}, expected at most 1")
    for step in _of_type("Precompiled", steps):
        table = b64decode(str(step.get("precompiled_charsmap") or ""))
        # A tree of four bytes each, the length of it before, and behind it the texts with zeros between.
        texts = table[4 + int.from_bytes(table[:4], "little") :].split(b"\0")
        if max(map(len, texts)) > _LONGEST_OF_CHARACTER:
            raise ValueError("a character that becomes a long text in precompiled_charsmap")


def _check_replacements(steps: object) -> None:
    """Refuse replacements that could make a text longer and longer: of one character at most by one."""
    replacements = _of_type("Replace", steps)
    if len(replacements) > _MOST_REPLACEMENTS:
        raise ValueError(f"{len(replacements):,} replacements, expected at most {_MOST_REPLACEMENTS}")
    for step in replacements:
        sought, content = step.get("pattern"), str(step.get("content"))
        text = sought.get("String", "") if isinstance(sought, dict) else ""
        if len(content) > max(1, len(str(text))):
            raise ValueError(f"a replacement by {content[:20]!r}, longer than what it replaces")
