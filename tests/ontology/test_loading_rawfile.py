from __future__ import annotations

import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

from gotune.errors import OboError
from gotune.ontology import loading as rawfile
from gotune.ontology.loading import read_raw

CASES = Path(__file__).parents[3] / "shared" / "cases"
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


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
@pytest.mark.parametrize("order", ["-le", "-be"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("size", [1, 70_000])
def test_wide_encodings_are_read_as_they_are(
    encoding: str, order: str, mark: str, pack: Callable[[bytes], bytes], size: int, tmp_path: Path
) -> None:
    text = "format-version: 1.4\n" + "name: \u201clid\u201d \U0001d6fc\n" * size
    path = tmp_path / "a.obo"
    path.write_bytes(pack((mark + text).encode(encoding + order)))
    assert read_raw(path) == text.encode()


@pytest.mark.parametrize(
    ("line", "byte", "place", "word"),
    [
        ("name: caf\xe9", "e9", 9, "caf\xe9"),
        ("name: \u201clid\u201d", "93", 6, "\u201clid\u201d"),
        ("name: 5\u2019-end", "92", 7, "5\u2019-end"),
        ("name: one\u2013two", "96", 9, "one\u2013two"),
        ("name: lid \u2014 hinge", "97", 10, "\u2014"),
        ("name: 5 \xb5m", "b5", 8, "\xb5m"),
        ("name: 37 \xb0C", "b0", 9, "\xb0C"),
        ("name: Sj\xf6gren", "f6", 8, "Sj\xf6gren"),
        ("name: \x8aibenik".encode("latin-1").decode("cp1252"), "8a", 6, "\u0160ibenik"),
        ("name: \xb1 2", "b1", 6, "\xb1"),
        ('def: "See Mu\xf1oz." [a:b]', "f1", 12, 'Mu\xf1oz."'),
    ],
)
def test_what_windows_wrote_comes_with_the_way_to_convert_it(
    line: str, byte: str, place: int, word: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.obo"
    path.write_bytes(b"[Term]\n" + line.encode("cp1252") + b"\n")
    with pytest.raises(OboError) as caught:
        read_raw(path)
    assert caught.value.line == 2
    assert caught.value.found == f"byte 0x{byte} at offset {place + 7}, as in {word!r} of Windows-1252"
    assert "iconv -f CP1252 -t UTF-8" in caught.value.do
    path.write_bytes("name: \u03b2\n".encode() + path.read_bytes())
    with pytest.raises(
        OboError, match=r"though letters before it are in UTF-8\. Correct this line"
    ) as caught:
        read_raw(path)
    assert caught.value.line == 3


@pytest.mark.skipif(not CASES.exists(), reason="needs the inputs that failed, in ../shared/cases")
def test_input_that_failed() -> None:
    with pytest.raises(OboError, match=r"line 8: .* byte 0x93 at offset 144,.*iconv -f CP1252 -t UTF-8"):
        read_raw(CASES / "14_cp1252.obo")


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
        pytest.param("name: a".encode("utf-16")[:-1], None, "none (truncated data)", id="cut utf-16"),
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
    with pytest.raises(OboError, match=f"byte 0xc3 at offset {len(before) - 1}, "):
        read_raw(path)
    path.write_bytes(before[:-2] + "\u00e9".encode() + b"\n")
    assert read_raw(path) == path.read_bytes()
    path.write_bytes(before + b"\xc3")
    with pytest.raises(OboError, match=f"byte 0xc3 at offset {len(before)}, "):
        read_raw(path)
