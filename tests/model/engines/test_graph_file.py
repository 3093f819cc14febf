"""A graph that opens files, or that may never end, is refused before ONNX Runtime sees it."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from gotune.model.engines.graph_file import GraphNeeds, check_graph
from gotune.model.engines.onnx import open_session
from gotune.model.shipped import locate_model
from tests.model.engines.graphs import make_graph, make_model

ELSEWHERE = r"^weights in another file$"


def external() -> TensorProto:
    """Return weights that lie in another file."""
    tensor = numpy_helper.from_array(np.zeros(3, dtype=np.float32), "far")
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="/etc/passwd")
    return tensor


def number(value: int, *, n_bytes: int) -> bytes:
    """Return a number in more bytes than it needs."""
    return bytes([*(value >> 7 * row & 127 | 128 for row in range(n_bytes - 1)), value >> 7 * (n_bytes - 1)])


def test_it_tells_what_it_needs() -> None:
    assert check_graph(make_graph()) == GraphNeeds(ir_version=10, opset=20)
    assert check_graph((locate_model("papers") / "model.onnx").read_bytes()) == GraphNeeds(10, 20)
    model = make_model()
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1_000))
    model.ir_version = 2**62
    assert check_graph(model.SerializeToString()) == GraphNeeds(2**62, 20)
    assert check_graph(b"") == GraphNeeds(0, 0)


def test_weights_in_another_file_are_found_wherever_they_are() -> None:
    weights, constant, sparse, default = (make_model() for _ in range(4))
    weights.graph.initializer.append(external())
    constant.graph.node.append(helper.make_node("Constant", [], ["far"], value=external()))
    values = helper.make_sparse_tensor(external(), numpy_helper.from_array(np.arange(3), "rows"), [3])
    sparse.graph.sparse_initializer.append(values)
    step = helper.make_node("Constant", [], ["far"], value=external())
    function = helper.make_function("mine", "far", [], ["far"], [step], [helper.make_opsetid("", 20)])
    default.functions.append(function)
    for model in (weights, constant, sparse, default):
        with pytest.raises(ValueError, match=ELSEWHERE):
            check_graph(model.SerializeToString())


@pytest.mark.parametrize("n_bytes", range(1, 6))
def test_a_number_in_more_bytes_than_it_needs_hides_nothing(n_bytes: int) -> None:
    """That a text of the file is not found as it would be written is no sign that it is not there."""
    tensor = b"".join(
        number(tag, n_bytes=n_bytes) + number(len(content), n_bytes=n_bytes) + content
        for tag, content in ((13 << 3 | 2, b"\x0a\x88\x00location\x12\x0b/etc/passwd"), (8 << 3 | 2, b"far"))
    )
    assert TensorProto.FromString(tensor).external_data[0].key == "location"
    graph = number(5 << 3 | 2, n_bytes=n_bytes) + number(len(tensor), n_bytes=n_bytes) + tensor
    model = number(7 << 3 | 2, n_bytes=n_bytes) + number(len(graph), n_bytes=n_bytes) + graph
    assert onnx.ModelProto.FromString(model).graph.initializer[0].external_data
    with pytest.raises(ValueError, match=ELSEWHERE):
        check_graph(model)
    with pytest.raises(ValueError, match=ELSEWHERE):
        check_graph(make_graph() + model)  # parts of a message may come one after the other


@pytest.mark.parametrize("kind", ["Loop", "Scan", "If"])
def test_graphs_in_the_graph_are_refused(kind: str) -> None:
    model = make_model()
    model.graph.node.append(helper.make_node(kind, ["one"], ["again"], body=make_model().graph))
    with pytest.raises(ValueError, match=r"^model\.onnx: a graph in it, as loops and branches have$"):
        open_session(model.SerializeToString())
    several = make_model()
    several.graph.node.append(helper.make_node("Else", [], ["again"], bodies=[make_model().graph]))
    with pytest.raises(ValueError, match="a graph in it"):
        check_graph(several.SerializeToString())


def test_what_is_cut_is_refused() -> None:
    graph = make_graph()
    for size in range(1, len(graph)):
        try:
            check_graph(graph[:size])
        except ValueError:
            continue
        onnx.ModelProto.FromString(graph[:size])  # it ends where a field does


@pytest.mark.parametrize(
    "graph",
    [
        b"\x80" * 11,  # a number without an end
        number((1 << 32) + (1 << 3), n_bytes=5) + b"\x01",  # of which a reader of 32 bits reads less
        b"\x0b\x0c",  # a group, which nobody writes any more
        b"\x3a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",  # longer than any file
        b"\x3a\x01\x0a",  # a part of it that is cut
        b"\x09\x00",  # eight bytes, of which seven are gone
    ],
)
def test_what_is_damaged_is_refused(graph: bytes) -> None:
    with pytest.raises(ValueError, match=r"^(an end|a number|a field)"):
        check_graph(graph)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        check_graph(content)
    except ValueError as exc:
        assert str(exc)  # noqa: PT017 (it tells what is wrong, whatever it is)


def test_weights_are_not_read() -> None:
    """What they are does not matter, not even if it reads like a field."""
    model = make_model()
    model.graph.initializer.append(
        helper.make_tensor("text", TensorProto.UINT8, [10], b"\x0a\x08location", raw=True)
    )
    assert check_graph(model.SerializeToString()) == GraphNeeds(10, 20)
