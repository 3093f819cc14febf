from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.errors import SaveError
from gotune.training.mapped import MappedRows

ROWS = st.lists(st.lists(st.integers(0, 1000), max_size=6), max_size=20)


@given(ROWS)
def test_rows_come_back_as_they_were(rows: list[list[int]]) -> None:
    mapped = MappedRows.of(rows, np.int32)
    assert [row.tolist() for row in mapped] == rows
    assert len(mapped) == len(rows)
    assert mapped.lengths == list(map(len, rows))
    assert mapped.used() == {one for row in rows for one in row}
    assert [row.tolist() for row in mapped[1:-1]] == rows[1:-1]
    if rows:
        assert mapped[-1].tolist() == rows[-1]


@given(ROWS)
def test_other_numbers_are_given_for_the_same_rows(rows: list[list[int]]) -> None:
    doubled = MappedRows.of(rows, np.int32).renumbered(np.arange(0, 2002, 2, dtype=np.int32))
    assert [row.tolist() for row in doubled] == [[2 * one for one in row] for row in rows]
    assert doubled.used() == {2 * one for row in rows for one in row}
    again = doubled.renumbered(np.arange(2001, dtype=np.int32) + 1)
    assert [row.tolist() for row in again] == [[2 * one + 1 for one in row] for row in rows]


def test_a_value_may_have_a_shape_and_be_unknown() -> None:
    rows = [np.array([[1, 0, np.nan]]), (), np.zeros((2, 3))]
    mapped = MappedRows.of(rows, np.float16, (3,))
    assert [row.shape for row in mapped] == [(1, 3), (0, 3), (2, 3)]
    assert repr(mapped[0].tolist()) == "[[1.0, 0.0, nan]]"


def test_there_is_no_row_behind_the_last() -> None:
    mapped = MappedRows.of([[1], [2]], np.int32)
    for row in (2, -3):
        with pytest.raises(IndexError):
            mapped[row]


def test_values_are_in_a_file_that_nobody_else_sees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    mapped = MappedRows.of(([number] * 1000 for number in range(100)), np.int32)
    assert list(tmp_path.iterdir()) == []
    base = mapped.values.base
    while base is not None and not isinstance(base, np.memmap):
        base = base.base
    assert isinstance(base, np.memmap)
    assert mapped[99].tolist() == [99] * 1000


def test_a_disk_that_is_full_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gotune.training.mapped.TemporaryFile", lambda **_: Path("/dev/full").open("wb"))
    with pytest.raises(SaveError, match=r"temporary files \(TMPDIR\): .* found No space left"):
        MappedRows.of([[1]], np.int32)


def test_no_folder_for_temporary_files_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    with pytest.raises(SaveError, match="No such file or directory"):
        MappedRows.of([[1]], np.int32)
