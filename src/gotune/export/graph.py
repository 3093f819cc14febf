"""An encoder with its head as a graph for ONNX Runtime, its weights in 8 bits if wanted."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from gotune.errors import EncoderError, GotuneError, MissingExtraError, import_failure
from gotune.lines import one_line
from gotune.model.engines.onnx import INPUT, open_session
from gotune.model.exported import Target

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

_TRACED = 16
"""Word pieces of the text with which the graph is drawn; any number runs through it."""
_CLOSE = 1e-3
"""Farthest that logits of the graph may lie from those of torch, both in float32."""


def draw_graph(model: PreTrainedModel, max_tokens: int, target: Target) -> bytes:
    """Return a model as a graph that takes the word pieces of one text, and gives its logits.

    In 8 bits each column of a weight matrix has a scale of its own, and what is multiplied with it is
    quantised by its range in the text at hand (dynamic quantisation).

    Args:
        model: In evaluation mode, on the CPU, float32.
        max_tokens: Most word pieces that it is given.
        target: What the graph is for.

    Raises:
        EncoderError: It has layers that cannot be drawn, or the graph gives other logits.
        MissingExtraError: onnx or its companions are missing.
    """
    try:
        import onnx
        import onnxscript  # noqa: F401 (torch draws with it)
    except ImportError as exc:
        raise MissingExtraError(
            "gotune[export]",
            expected="onnx and onnxscript",
            found=import_failure(exc),
            do='Install them with: pip install "gotune[export]"',
        ) from exc
    with _quiet():
        try:
            drawn: onnx.ModelProto = _draw(model, max_tokens)
            _check_same(model, drawn.SerializeToString(), max_tokens)
            if target is Target.ONNX_INT8:
                drawn = _in_8_bits(drawn)
            _forget_machine(drawn)
            graph: bytes = drawn.SerializeToString()
        except GotuneError:
            raise
        except Exception as exc:  # of torch, its exporter, onnx and ONNX Runtime, which have many kinds
            raise EncoderError(
                type(model).__name__,
                expected="layers that torch can draw as an ONNX graph",
                found=one_line(str(exc)) or type(exc).__name__,
                do="Use the model as it is, or one that began from a BERT such as all-MiniLM-L6-v2.",
            ) from exc
    return graph


def _draw(model: PreTrainedModel, max_tokens: int) -> Any:  # noqa: ANN401 (onnx has no types)
    import torch

    class Alone(torch.nn.Module):
        """One text by itself, so that nothing of it is padding."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
            logits: torch.Tensor = self.model(
                input_ids=input_ids, attention_mask=torch.ones_like(input_ids)
            ).logits
            return logits

    implementation = model.config._attn_implementation
    model.set_attn_implementation("eager")  # fewer and plainer steps than the others'
    try:
        with torch.no_grad():
            program = torch.onnx.export(
                Alone().eval(),
                (_probe(model, _TRACED),),
                input_names=[INPUT],
                output_names=["logits"],
                dynamic_shapes=({1: torch.export.Dim("length", min=2, max=max(_TRACED, max_tokens))},),
                dynamo=True,
                verbose=False,
            )
    finally:
        model.set_attn_implementation(implementation)
    assert program is not None  # noqa: S101 (dynamo gives one)
    return program.model_proto


def _probe(model: PreTrainedModel, length: int) -> torch.Tensor:
    import torch

    n_pieces = len(model.get_input_embeddings().weight)  # type: ignore[arg-type]
    return torch.arange(1, length + 1)[None] % n_pieces


def _check_same(model: PreTrainedModel, graph: bytes, max_tokens: int) -> None:
    """Refuse a graph that gives other logits than the model, at other lengths than it was drawn with.

    Raises:
        ValueError: It does.
    """
    import torch

    session = open_session(graph)
    for length in (_TRACED // 2 + 1, max_tokens):
        ids = _probe(model, length)
        with torch.no_grad():
            expected = model(input_ids=ids, attention_mask=torch.ones_like(ids)).logits.numpy()
        (found,) = session.run(None, {INPUT: ids.numpy()})
        if not (farthest := float(np.abs(found - expected).max())) < _CLOSE:
            raise ValueError(f"a graph whose logits are off by {farthest:.2g}")


def _in_8_bits(drawn: Any) -> Any:  # noqa: ANN401
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    del drawn.graph.value_info[:]  # shapes that the exporter wrote down, which no longer fit
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        quantize_dynamic(
            drawn,
            path,
            per_channel=True,
            weight_type=QuantType.QInt8,
            extra_options={"MatMulConstBOnly": True, "DefaultTensorType": onnx.TensorProto.FLOAT},
        )
        return onnx.load(path)


def _forget_machine(drawn: Any) -> None:  # noqa: ANN401
    """Take out where each step comes from: the exporter notes lines of code, with paths of this machine."""
    graph = drawn.graph
    steps = [*graph.node, *(step for function in drawn.functions for step in function.node)]
    values = [*graph.initializer, *graph.input, *graph.output, *graph.value_info]
    for part in (drawn, graph, *drawn.functions, *steps, *values):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what libraries say about themselves off the screen; errors are raised."""
    told = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(told)
