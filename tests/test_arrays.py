from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gotune.arrays import array_of, named, pack_lines, read_array, read_arrays, unpack_lines, write_arrays


def test_arrays_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    write_arrays(path, {"one": np.arange(3, dtype=np.uint16), "two": np.ones((2, 2), np.float16)})
    found = read_arrays(path)
    assert {name: array.tolist() for name, array in found.items()} == {
        "one": [0, 1, 2],
        "two": [[1, 1], [1, 1]],
    }
    assert read_array(path, "one").dtype == np.float32
    with pytest.raises(ValueError, match="no array three"):
        read_array(path, "three")


def test_arrays_of_other_kinds_are_refused() -> None:
    arrays = {"one": np.arange(3, dtype=np.uint32), "two": np.ones((2, 2), np.float32)}
    assert array_of(arrays, "one", np.uint16, np.uint32) is arrays["one"]
    assert array_of(arrays, "two", np.float32, dimensions=2) is arrays["two"]
    for name, kind in (("none", np.uint32), ("one", np.uint16), ("two", np.float32)):
        with pytest.raises(ValueError, match=f"no array {name}, 1-dimensional and in {kind.__name__}"):
            array_of(arrays, name, kind)


def test_a_file_that_is_cut_is_told_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    write_arrays(path, {"one": np.arange(3)})
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(ValueError, match=r"^a\.safetensors: "), named(path.name):
        read_arrays(path)


def test_what_cannot_be_written_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        write_arrays(tmp_path / "none" / "a.safetensors", {"one": np.arange(3)})


def test_lines_that_are_damaged_are_told() -> None:
    whole = pack_lines(["a", "b"])
    assert unpack_lines(whole, "labels") == ["a", "b"]
    assert unpack_lines(pack_lines([]), "labels") == []
    with pytest.raises(ValueError, match="labels that are cut"):
        unpack_lines(whole[:-5], "labels")
    with pytest.raises(ValueError, match="labels that cannot be unpacked"):
        unpack_lines(whole[::-1].copy(), "labels")


def test_a_column_of_another_array_is_written_as_it_is(tmp_path: Path) -> None:
    rows = np.array([(1, 0.5), (2, 0.25)], [("term", np.uint32), ("trust", np.float64)])
    write_arrays(tmp_path / "a.safetensors", {"terms": rows["term"], "odd": np.arange(6)[1::2]})
    found = read_arrays(tmp_path / "a.safetensors")
    assert (found["terms"].tolist(), found["odd"].tolist()) == ([1, 2], [1, 3, 5])
