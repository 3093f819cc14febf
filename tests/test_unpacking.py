from __future__ import annotations

import gzip
import io
import lzma
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from gotune.errors import ConfigError, OboError, TableError
from gotune.unpacking import FREE, blocks_of, check_unpacked, open_text, unpacked

Pack = Callable[[bytes], bytes]
Unpack = Callable[[Any], AbstractContextManager[Any]]
KINDS = pytest.mark.parametrize(
    ("pack", "unpack"), [(gzip.compress, gzip.open), (lzma.compress, lzma.open)], ids=["gzip", "xz"]
)


def test_the_same_text_is_the_same_bytes(tmp_path: Path) -> None:
    text = "\u03b2\r\nb\n"
    for name in ("a", "a.gz", "b.gz"):
        with open_text(tmp_path / name, packed=name != "a") as file:
            file.write(text)
    packed = (tmp_path / "a.gz").read_bytes()
    assert packed == (tmp_path / "b.gz").read_bytes()
    assert gzip.decompress(packed) == (tmp_path / "a").read_bytes() == text.encode()


@pytest.mark.parametrize("size", [0, 1, 1 << 20, (1 << 20) + 1])
def test_blocks_are_the_whole(size: int) -> None:
    data = bytes(size)
    blocks = list(blocks_of(io.BytesIO(data)))
    assert b"".join(blocks) == data
    assert all(0 < len(block) <= 1 << 20 for block in blocks)


@KINDS
def test_a_small_file_may_unfold_as_it_likes(pack: Pack, unpack: Unpack) -> None:
    data = b"a" * FREE
    packed = pack(data)
    assert len(packed) < FREE // 900
    assert b"".join(unpacked(io.BytesIO(packed), unpack, "x", TableError)) == data


@KINDS
def test_a_bomb_is_read_no_further_than_it_may_unfold(pack: Pack, unpack: Unpack) -> None:
    blocks = unpacked(io.BytesIO(pack(b"a" * (2 * FREE))), unpack, "x", TableError)
    read = [next(blocks) for _ in range(FREE >> 20)]
    assert b"".join(read) == b"a" * FREE
    with pytest.raises(
        TableError, match=r"^x: expected .* at most 100 times its size, or to 16,777,216 bytes"
    ):
        next(blocks)


@KINDS
def test_lines_count_more_than_their_bytes(pack: Pack, unpack: Unpack) -> None:
    for size, refused in ((FREE // 33, False), (FREE // 33 + 1, True)):
        blocks = unpacked(io.BytesIO(pack(b"\n" * size)), unpack, "x", TableError)
        if refused:
            with pytest.raises(TableError, match="each line counted as 32 bytes more"):
                list(blocks)
        else:
            assert sum(map(len, blocks)) == size


def test_tiny_members_are_gathered_and_kept_before_a_damage() -> None:
    whole = gzip.compress(b"a") * 1000
    assert list(unpacked(io.BytesIO(whole), gzip.open, "a", TableError)) == [b"a" * 1000]
    blocks = unpacked(io.BytesIO(whole + b"no gzip"), gzip.open, "a", TableError)
    assert next(blocks) == b"a" * 1000
    with pytest.raises(gzip.BadGzipFile):
        next(blocks)


def test_ratio_counts_beyond_what_is_free() -> None:
    check_unpacked(1, FREE, "x", OboError)
    check_unpacked(FREE, 100 * FREE, "x", OboError)
    check_unpacked(FREE, 7 * FREE, "x", OboError, ratio=7)
    for packed, size, ratio in ((1, FREE + 1, 100), (FREE, 100 * FREE + 1, 100), (FREE, 7 * FREE + 1, 7)):
        with pytest.raises(OboError, match=f"{size:,} or more out of {packed:,}"):
            check_unpacked(packed, size, "x", OboError, ratio=ratio)


def test_the_variable_lifts_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OboError, match="set GOTUNE_MAX_UNPACKED to the bytes"):
        check_unpacked(1, 1 << 30, "x", OboError)
    monkeypatch.setenv("GOTUNE_MAX_UNPACKED", str(1 << 30))
    check_unpacked(1, 1 << 30, "x", OboError)
    with pytest.raises(OboError, match="or to 1,073,741,824 bytes"):
        check_unpacked(1, (1 << 30) + 1, "x", OboError)
    monkeypatch.setenv("GOTUNE_MAX_UNPACKED", "")
    check_unpacked(1, FREE, "x", OboError)


@pytest.mark.parametrize("value", ["4GB", "-1", "1e9", "\u00b2", " "])
def test_the_variable_is_a_number(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOTUNE_MAX_UNPACKED", value)
    with pytest.raises(ConfigError, match="GOTUNE_MAX_UNPACKED: expected a number of bytes"):
        check_unpacked(1, 1, "x", OboError)
