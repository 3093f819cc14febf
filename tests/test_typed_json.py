from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import inf, nan
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.errors import DatasetError, InputError
from gotune.typed_json import as_record, json_text, objects_in, parse_json, read_json

DEEP = "[" * 100_000 + "]" * 100_000


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Part:
    share: float

    def __post_init__(self) -> None:
        if self.share > 1:
            raise InputError("share", expected="at most 1", found=str(self.share), do="Lower it.")


@dataclass(frozen=True, slots=True)
class Whole:
    name: str
    parts: tuple[Part, ...]
    colours: frozenset[Colour] = frozenset()
    notes: Mapping[str, int] | None = None


GOOD = {"name": "a", "parts": [{"share": 1}], "colours": ["red"], "notes": {"b": 2}}


def read(values: object) -> Whole:
    return as_record(values, Whole, "a.json", do="Mend it.", error=DatasetError)


def test_values_become_dataclasses() -> None:
    assert read(GOOD) == Whole("a", (Part(1.0),), frozenset({Colour.RED}), {"b": 2})
    assert read({"name": "a", "parts": []}) == Whole("a", ())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": 3}, "expected name: a valid string, found 3. Mend it."),
        ({"parts": "123"}, "expected parts: a valid array, found '123'. Mend it."),
        ({"parts": [{"share": True}]}, "expected parts.0.share: a valid number, found True. Mend it."),
        ({"parts": [{"share": "1"}]}, "expected parts.0.share: a valid number, found '1'. Mend it."),
        ({"parts": [{}]}, "expected the key parts.0.share, found none. Mend it."),
        ({"parts": [{"share": 2.0}]}, "expected share: at most 1, found 2.0. Mend it."),
        ({"parts": [{"share": 1e999}]}, "expected parts.0.share: a finite number, found inf. Mend it."),
        ({"colours": ["green"]}, "expected colours.0: 'red' or 'blue', found 'green'. Mend it."),
        ({"notes": {"b": 2.5}}, "expected notes.b: a valid integer, found 2.5. Mend it."),
        ({"size": 1}, "expected known keys alone, found the key size. Mend it."),
    ],
)  # fmt: skip
def test_another_type_is_refused_with_its_key(change: dict[str, object], message: str) -> None:
    with pytest.raises(DatasetError) as caught:
        read(GOOD | change)
    assert str(caught.value) == f"a.json: {message}"


@pytest.mark.parametrize("values", [None, [], "text", 3])
def test_what_is_no_object_is_refused(values: object) -> None:
    with pytest.raises(DatasetError, match=r"^a\.json: expected the whole: an object, found"):
        read(values)


def test_long_values_are_cut() -> None:
    with pytest.raises(DatasetError) as caught:
        read(GOOD | {"parts": "x" * 1000})
    assert str(caught.value) == f"a.json: expected parts: a valid array, found '{'x' * 79}…. Mend it."


@pytest.mark.parametrize(
    "text", [DEEP, "NaN", "[-Infinity]", "{", b"\xff", "9" * 5000, "", '{"a": 1, "a": 1}']
)
def test_what_is_no_json_is_a_value_error(text: str | bytes, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_json(text)
    path = tmp_path / "a.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ValueError, match=r"."):
        read_json(path)


def test_a_hundred_levels_are_enough() -> None:
    assert parse_json("[" * 100 + "]" * 100)
    with pytest.raises(ValueError, match="nested more than 100 deep"):
        parse_json('{"a":' * 102 + "1" + "}" * 102)
    with pytest.raises(ValueError, match="the key 'b' twice in one object"):
        parse_json('{"a": [{"a": 1, "b": 2, "c": 3, "b": 2}], "b": 4}')
    assert str(parse_json("[NaN, 1]", finite=False)) == "[nan, 1]"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(json_values)
def test_what_is_written_is_read(values: object) -> None:
    assert parse_json(json_text(values)) == values


@given(json_values, json_values, json_values)
def test_any_values_are_read_or_refused(name: object, parts: object, more: object) -> None:
    for values in (name, {"name": name, "parts": parts}, {"name": "a", "parts": [], "notes": more}):
        try:
            found = read(values)
        except DatasetError as exc:
            assert str(exc).startswith("a.json: expected ")  # noqa: PT017 (either is right)
        else:
            assert isinstance(values, dict)
            assert found.name == values["name"]


def test_a_figure_that_is_none_is_null() -> None:
    value = {"low": nan, "high": (inf, -inf), "n": 1, "whole": True, "none": None, "f1": 0.1}
    plain = {"low": None, "high": [None, None], "n": 1, "whole": True, "none": None, "f1": 0.1}
    assert parse_json(json_text(value)) == plain


def test_json_is_ascii_or_what_a_file_can_hold() -> None:
    assert json_text("µ \udcff") == r'"\u00b5 \udcff"'
    assert json_text({"a": "µ \udcff"}, ascii_only=False) == '{"a": "µ \ufffd"}'
    assert json_text([PurePosixPath("a")], default=str) == '["a"]'
    with pytest.raises(TypeError):
        json_text([PurePosixPath("a")])


def test_objects_are_found_in_objects_and_lists() -> None:
    inner = {"b": [1, {"c": None}, [{}]]}
    assert list(objects_in([inner, "d"])) == [inner, {"c": None}, {}]
    assert list(objects_in(3)) == []
