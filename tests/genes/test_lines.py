from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from gotune.errors import GeneError
from gotune.genes.lines import MisfitError, as_text, numbered_lines


def test_lines_are_numbered_and_lose_their_ends(tmp_path: Path) -> None:
    for pack in (bytes, gzip.compress):
        (tmp_path / "a").write_bytes(pack(b"\xef\xbb\xbfone\r\ntwo\n\nthree"))
        assert list(numbered_lines(tmp_path / "a")) == [(1, b"one"), (2, b"two"), (3, b""), (4, b"three")]


def test_lines_before_a_bad_one_are_given(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"one\n" + b"A" * ((1 << 20) + 1))
    lines = numbered_lines(tmp_path / "a")
    assert next(lines) == (1, b"one")
    with pytest.raises(GeneError, match="line 2: expected at most 1,048,576 bytes, found more"):
        next(lines)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with pytest.raises(GeneError, match="No such file or directory"):
        list(numbered_lines(path))
    packed = gzip.compress(b"some lines\n" * 9)
    for damaged in (packed[:-9], packed[:15] + b"\0" * 40):
        path.write_bytes(damaged)
        with pytest.raises(GeneError, match="expected a whole compressed file, found a damaged one"):
            list(numbered_lines(path))
    path.write_bytes(gzip.compress(b"\n" * (1 << 20)))
    with pytest.raises(GeneError, match="unfolds to at most 100 times its size"):
        list(numbered_lines(path))


def test_text() -> None:
    assert as_text("β".encode()) == "β"
    with pytest.raises(MisfitError) as caught:
        as_text(b"caf\xe9")
    assert (caught.value.expected, caught.value.found) == ("text in UTF-8", "byte 0xe9 at its offset 3")
