from __future__ import annotations

import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

from gotune.errors import OboError
from gotune.ontology import loading as rawfile
from gotune.ontology.loading import read_raw

TEXT = b"format-version: 1.4\n\n[Term]\nid: GO:1\n" * 50


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lzma.compress])
@pytest.mark.parametrize("name", ["a.obo", "a.obo.gz", "a.obo.xz"])
def test_content_not_name_tells_the_compression(
    pack: Callable[[bytes], bytes], name: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(pack(TEXT))
    assert read_raw(path) == TEXT


def test_byte_order_mark_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.obo"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT)
    assert read_raw(path) == TEXT


@pytest.mark.parametrize(
    ("content", "line", "found"),
    [
        pytest.param(b"", None, "an empty file", id="empty"),
        pytest.param(b" \n\n", None, "an empty file", id="blank"),
        pytest.param(gzip.compress(b""), None, "an empty file", id="empty gz"),
        pytest.param(gzip.compress(TEXT)[:-9], None, "damaged", id="cut gz"),
        pytest.param(gzip.compress(TEXT)[:30] + b"\0" * 40, None, "damaged", id="damaged gz"),
        pytest.param(lzma.compress(TEXT)[:-20], None, "damaged", id="cut xz"),
        pytest.param(lzma.compress(TEXT)[:20] + b"\0" * 40, None, "damaged", id="damaged xz"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0", 1, "byte 0x89 at offset 0", id="png"),
        pytest.param(b"name: a\nname: caf\xe9\n", 2, "byte 0xe9 at offset 17", id="latin-1"),
        pytest.param("name: a".encode("utf-16"), 1, "byte 0xff at offset 0", id="utf-16"),
        pytest.param(b"name: a\nname: \0\n", 2, "zero byte at offset 14", id="binary"),
    ],
)
def test_bad_content(content: bytes, line: int | None, found: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.obo"
    path.write_bytes(content)
    with pytest.raises(OboError) as caught:
        read_raw(path)
    assert caught.value.line == line
    assert found in caught.value.found
    assert str(path) in str(caught.value)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(OboError, match="No such file"):
        read_raw(tmp_path / "none.obo")
    with pytest.raises(OboError, match="Is a directory"):
        read_raw(tmp_path)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_no_text_of_an_ontology_is_so_large(
    pack: Callable[[bytes], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rawfile, "MAX_BYTES", 3 << 20)
    path = tmp_path / "large.obo"
    path.write_bytes(pack(b"a" * (3 << 20)))
    assert len(read_raw(path)) == 3 << 20
    path.write_bytes(pack(b"a" * (3 << 20) + b"a"))
    with pytest.raises(OboError, match="at most 3,145,728 bytes"):
        read_raw(path)


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_bomb_is_refused(
    pack: Callable[[bytes], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b"\n" * (2 << 20)
    path = tmp_path / "bomb.obo"
    path.write_bytes(pack(content))
    with pytest.raises(OboError, match=r"unfolds to at most 30 times its size, or to 16,777,216 bytes"):
        read_raw(path)
    # No bomb any more, but nothing that could be an ontology either.
    monkeypatch.setenv("GOTUNE_MAX_UNPACKED", str(33 * len(content)))
    with pytest.raises(OboError, match="found an empty file"):
        read_raw(path)


def test_bad_byte_at_the_edge_of_a_piece(tmp_path: Path) -> None:
    before = b"name: a\n" * (1 << 17)
    assert len(before) == 1 << 20
    path = tmp_path / "bad.obo"
    path.write_bytes(before[:-1] + b"\xc3" + b"x\n")
    with pytest.raises(OboError, match=f"byte 0xc3 at offset {len(before) - 1} "):
        read_raw(path)
    path.write_bytes(before[:-2] + "\u00e9".encode() + b"\n")
    assert read_raw(path) == path.read_bytes()
    path.write_bytes(before + b"\xc3")
    with pytest.raises(OboError, match=f"byte 0xc3 at offset {len(before)} "):
        read_raw(path)
