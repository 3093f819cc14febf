"""The file of an ONNX graph, read before ONNX Runtime opens it: a stranger's may do more than compute.

It may name other files, which are opened too, and have loops without an end. Fields are numbered as in
https://github.com/onnx/onnx/blob/main/onnx/onnx.proto and written as in
https://protobuf.dev/programming-guides/encoding. What is not looked into is skipped where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

_NUMBER, _BYTES = 0, 2
_SIZES = {1: 8, 5: 4}
"""Bytes of values of the other kinds."""
_TAG_BITS, _VALUE_BITS = 32, 64
_SEVEN = 127

_Known: TypeAlias = "Mapping[int, str | _Known]"
_ELSEWHERE = "weights in another file"
_LOOP = "a graph in it, as loops and branches have"
_TENSOR: _Known = {13: _ELSEWHERE, 14: _ELSEWHERE}
_SPARSE: _Known = {1: _TENSOR, 2: _TENSOR}
_ATTRIBUTE: _Known = {5: _TENSOR, 6: _LOOP, 10: _TENSOR, 11: _LOOP, 22: _SPARSE, 23: _SPARSE}
_STEP: _Known = {5: _ATTRIBUTE}
_GRAPH: _Known = {1: _STEP, 5: _TENSOR, 15: _SPARSE}
_FUNCTION: _Known = {7: _STEP, 11: _ATTRIBUTE}
_MODEL: _Known = {7: _GRAPH, 25: _FUNCTION}
"""Fields that are looked into, each with those in it, or with what it would be."""
_IR_VERSION, _OPSET_IMPORT = 1, 8
_DOMAIN, _VERSION = 1, 2
_STANDARD = (b"", b"ai.onnx")
"""Names of the domain of the standard operators."""


@dataclass(frozen=True, slots=True)
class GraphNeeds:
    """What a library has to know to run a graph.

    Attributes:
        ir_version: Version of the format.
        opset: Version of the standard operators.
    """

    ir_version: int
    opset: int


def check_graph(graph: bytes) -> GraphNeeds:
    """Return what a graph needs, if it is whole and does nothing but compute.

    Raises:
        ValueError: It is cut or damaged, keeps weights in another file, or has a graph in it.
    """
    _check(graph, 0, len(graph), _MODEL)
    ir_version = opset = 0
    for number, value, end in _fields(graph, 0, len(graph)):
        if number == _IR_VERSION and end is None:
            ir_version = value
        elif number == _OPSET_IMPORT and end is not None:
            opset = max(opset, _opset(graph, value, end))
    return GraphNeeds(ir_version, opset)


def _opset(graph: bytes, start: int, end: int) -> int:
    domain, version = b"", 0
    for number, value, behind in _fields(graph, start, end):
        if number == _DOMAIN and behind is not None:
            domain = graph[value:behind]
        elif number == _VERSION and behind is None:
            version = value
    return version if domain in _STANDARD else 0


def _check(graph: bytes, start: int, end: int, known: _Known) -> None:
    for number, value, behind in _fields(graph, start, end):
        inside = known.get(number)
        if isinstance(inside, str):
            if behind is not None or value:  # a place of 0 is the file itself
                raise ValueError(inside)
        elif inside is not None and behind is not None:
            _check(graph, value, behind, inside)


def _fields(graph: bytes, place: int, end: int) -> Iterator[tuple[int, int, int | None]]:
    """Yield the number of each field with where its bytes start and end, or with its value and None."""
    while place < end:
        tag, place = _number(graph, place)
        kind = tag & 7
        if tag >> _TAG_BITS or kind not in (_NUMBER, _BYTES, *_SIZES):
            raise ValueError("a field of no kind")
        if kind == _NUMBER:
            value, place = _number(graph, place)
            yield tag >> 3, value, None
            continue
        size, place = (_SIZES[kind], place) if kind in _SIZES else _number(graph, place)
        if size > end - place:
            raise ValueError("an end before its last field is whole")
        yield tag >> 3, place, place + size
        place += size
    if place != end:
        raise ValueError("an end before its last field is whole")


def _number(graph: bytes, place: int) -> tuple[int, int]:
    """Return a number and where it ends, seven bits a byte, and as many bytes as anybody reads."""
    if place < len(graph) and graph[place] <= _SEVEN:  # as most are
        return graph[place], place + 1
    value = 0
    for shift in range(0, _VALUE_BITS + 6, 7):
        if place >= len(graph):
            raise ValueError("an end amid a number")
        byte = graph[place]
        place += 1
        value |= (byte & _SEVEN) << shift
        if byte <= _SEVEN:
            return value & ((1 << _VALUE_BITS) - 1), place
    raise ValueError("a number without an end")
