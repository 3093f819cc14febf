"""Little graphs and tokenizers for ONNX Runtime, as a model for it has them."""

from __future__ import annotations

import json
import string
from collections.abc import Callable
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from gotune.aspects import ASPECTS
from gotune.model.engines.onnx import INPUT

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
PIECES = [*SPECIAL, *string.ascii_lowercase, *(f"##{letter}" for letter in string.ascii_lowercase), "."]
POSITIONS = 40


def make_model(*, n_pieces: int = len(PIECES), positions: int = POSITIONS) -> onnx.ModelProto:
    """Return a graph that adds up a row for each word piece and one for its place."""
    generator = np.random.default_rng(0)
    tables = {
        "words": generator.normal(size=(n_pieces, 3)).astype(np.float32),
        "places": generator.normal(size=(positions, 3)).astype(np.float32),
        "zero": np.array(0),
        "one": np.array(1),
        "middle": np.array([1]),
    }
    node = helper.make_node
    nodes = [
        node("Gather", ["words", INPUT], ["read"]),
        node("Shape", [INPUT], ["shape"]),
        node("Gather", ["shape", "one"], ["length"]),
        node("Range", ["zero", "length", "one"], ["numbers"]),
        node("Gather", ["places", "numbers"], ["placed"]),
        node("Add", ["read", "placed"], ["both"]),
        node("ReduceMean", ["both", "middle"], ["logits"], keepdims=0),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(INPUT, TensorProto.INT64, [1, "length"])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, len(ASPECTS)])],
        [numpy_helper.from_array(array, name) for name, array in tables.items()],
    )
    made: onnx.ModelProto = helper.make_model(
        graph, ir_version=10, opset_imports=[helper.make_opsetid("", 20)]
    )
    return made


def make_graph(**sizes: int) -> bytes:
    """Return `make_model` as a file."""
    graph: bytes = make_model(**sizes).SerializeToString()
    return graph


def make_tokenizer(change: Callable[[Any], object] = lambda _: None) -> str:
    """Return a ``tokenizer.json``, with something changed in its values."""
    vocabulary = {piece: row for row, piece in enumerate(PIECES)}
    backend = Tokenizer(models.WordPiece(vocabulary, unk_token=SPECIAL[1]))
    backend.normalizer = normalizers.BertNormalizer(lowercase=True)
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    backend.post_processor = processors.TemplateProcessing(
        "[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    values = json.loads(backend.to_str())
    change(values)
    return json.dumps(values)
