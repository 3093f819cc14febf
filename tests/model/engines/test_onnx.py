"""A graph and a tokenizer that do not fit together, or that a stranger made, are told of as damage."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.metadata import version
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from gotune.aspects import ASPECTS
from gotune.errors import BundleError, MissingExtraError
from gotune.model.engines.onnx import OnnxEngine, open_session
from tests.model.engines.graphs import POSITIONS, make_graph, make_model, make_tokenizer

TEXTS = ["A cell divides.", "", "a" * 60]


def unknown_number(values: dict[str, Any]) -> None:
    values["model"]["vocab"]["z"] = 999_999


def unknown_special(values: dict[str, Any]) -> None:
    values["post_processor"]["special_tokens"]["[SEP]"]["ids"] = [999_999]


def many_special(values: dict[str, Any]) -> None:
    values["post_processor"]["single"] = values["post_processor"]["single"][:1] * 300


def nothing_unknown(values: dict[str, Any]) -> None:
    del values["model"]["vocab"]["[UNK]"]


@pytest.fixture
def engine() -> OnnxEngine:
    return OnnxEngine.of(make_graph(), make_tokenizer(), 32, name="mine")


def test_texts_have_logits(engine: OnnxEngine) -> None:
    found, cut = engine.logits(TEXTS)
    assert (found.shape, cut) == ((3, len(ASPECTS)), 1)
    assert np.isfinite(found).all()
    alone = OnnxEngine.of(make_graph(), make_tokenizer(), 32, name="mine", threads=1)
    assert alone.logits(TEXTS)[0].tolist() == found.tolist()


def test_what_is_cut_before_it_is_tokenised_is_counted(engine: OnnxEngine) -> None:
    word, blank = "x" * 200_000, f"cell{' ' * 200_000}"
    assert engine.logits([word, blank, f"{blank}cell", "cell"])[1] == 2
    assert engine.logits([])[0].shape == (0, len(ASPECTS))
    assert engine.logits(["a", *TEXTS * 300])[1] == 300


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (unknown_number, r"^model\.onnx cannot read word piece 999,999: .*out of data bounds"),
        (unknown_special, r"^model\.onnx cannot read word piece 999,999: "),
        (many_special, "300 special word pieces about a text, expected at most 8"),
        (nothing_unknown, r"^tokenizer\.json: .*\[UNK\]"),
    ],
)
def test_a_tokenizer_of_another_graph_is_refused(change: Callable[[Any], object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        OnnxEngine.of(make_graph(), make_tokenizer(change), 32, name="mine")


def test_a_text_that_the_graph_cannot_read_is_told_as_damage_of_the_model() -> None:
    engine = OnnxEngine.of(make_graph(positions=POSITIONS), make_tokenizer(), 10 * POSITIONS, name="mine")
    assert np.isfinite(engine.logits(TEXTS[:2])[0]).all()
    with pytest.raises(BundleError, match=r"^mine: .*, found 62 word pieces on which it fails: .*40 by 62"):
        engine.logits(["a" * 60])


def test_a_text_that_the_tokenizer_cannot_read_is_told_as_damage_of_the_model(engine: OnnxEngine) -> None:
    engine.tokenizer.model.unk_token = "[GONE]"  # noqa: S105 (a word piece)
    with pytest.raises(BundleError, match=r"^mine: .*, found tokenizer\.json: .*\[UNK\]"):
        engine.logits(["\N{CUNEIFORM SIGN A}"])


@pytest.mark.parametrize(("ir_version", "opset"), [(99, 20), (10, 999)])
def test_a_library_that_is_too_old_is_told_as_one(ir_version: int, opset: int) -> None:
    model = make_model()
    model.ir_version, model.opset_import[0].version = ir_version, opset
    needed = f"expected an onnxruntime that reads IR version {ir_version} and opset {opset}"
    with pytest.raises(MissingExtraError, match=f"{needed}, found onnxruntime {version('onnxruntime')}, "):
        open_session(model.SerializeToString())


@pytest.mark.parametrize(
    ("module", "told"),
    [
        (None, "no module onnxruntime"),
        (ModuleType("onnxruntime"), "cannot import name 'InferenceSession' from 'onnxruntime'"),
    ],
)
def test_a_library_that_is_missing_or_broken_is_told_as_it_is(
    module: ModuleType | None, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", module)
    with pytest.raises(MissingExtraError, match=f"found {told}"):
        open_session(make_graph())


def test_a_strangers_graph_steers_no_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    model = make_model(positions=3)
    for number, node in enumerate(model.graph.node):
        node.name = f"\x1b[31m{number}"
    engine = OnnxEngine.of(model.SerializeToString(), make_tokenizer(), 32, name="mine")
    with pytest.raises(BundleError) as caught:
        engine.logits(["a" * 20])
    assert "\x1b" not in str(caught.value) + "".join(capfd.readouterr())
