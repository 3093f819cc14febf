from __future__ import annotations

import io
import os
import sys
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.corpus.documents import Document
from gotune.corpus.plain_text import VISIBLE
from gotune.corpus.readers import text as text_reader
from gotune.corpus.readers.text import read_document, read_standard_input
from gotune.errors import DocumentError


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    return tmp_path / "paper.txt"


def test_utf8_is_read_under_the_name_of_the_file(paper: Path) -> None:
    paper.write_bytes("The β-catenin gene.\r\nIt binds.\rOld.\n".encode())
    assert read_document(paper) == Document("paper.txt", "The β-catenin gene.\r\nIt binds.\rOld.\n")


def test_byte_order_mark_is_left_out(paper: Path) -> None:
    paper.write_text("Ubiquitin.", encoding="utf-8-sig")
    assert read_document(paper).text == "Ubiquitin."


@given(text=st.text().filter(lambda text: VISIBLE.search(text) and "\0" not in text))
def test_text_is_what_open_gives(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.txt"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert read_document(path).text == file.read() == text


@pytest.mark.parametrize(
    ("data", "found", "do"),
    [
        (b"", "an empty file", "saved"),
        (b" \r\n\t ", "nothing but white space", "saved"),
        ("\ufeff\u200b\u3000\u2800\u00a0\u3164\n".encode(), "nothing but white space", "saved"),
        (b"\xef\xbb\xbf", "an empty file", "saved"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF", "pdftotext"),
        (b"PK\x03\x04\x14", "a zip archive, such as .docx", "save it as plain text"),
        (b"\x1f\x8b\x08", "gzip-compressed data", "Decompress"),
        (b"\x89PNG\r\n\x1a\n", "a PNG image", "Give the text"),
        (b"{\\rtf1 Kinase}", "a Rich Text document", "save it as plain text"),
        ("Kinase.".encode("utf-16"), "UTF-16 text", "Convert it to UTF-8"),
        ("Kinase.".encode("utf-16-le"), "what looks like UTF-16 text", "Convert it to UTF-8"),
        ("Kinase.".encode("utf-16-be"), "what looks like UTF-16 text", "Convert it to UTF-8"),
        ("Kinase.".encode("utf-32"), "UTF-32 text", "Convert it to UTF-8"),
        (b"\x7fELF\x02\x01\x01\0\0abcdefghijkl", "binary data", "plain text file"),
        (b"a" * 5000 + b"\0", "binary data", "plain text file"),
    ],
)
def test_what_is_no_text_is_named(paper: Path, data: bytes, found: str, do: str) -> None:
    paper.write_bytes(data)
    with pytest.raises(DocumentError) as caught:
        read_document(paper)
    assert caught.value.found.startswith(found)
    assert do in caught.value.do
    assert str(caught.value).startswith(str(paper))


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_wrong_encoding_is_placed_and_guessed_in_words_only(paper: Path, mark: bytes) -> None:
    paper.write_bytes(mark + b"one\r\ntwo\r\ncaf\xe9 au lait\n")
    with pytest.raises(DocumentError) as caught:
        read_document(paper)
    assert str(caught.value) == (
        f"{paper}, byte {13 + len(mark)}, line 3: expected plain text in UTF-8, found the byte 0xe9, "
        "which looks like Windows-1252 or Latin-1. "
        "Convert the file to UTF-8, for example with iconv -f WINDOWS-1252 -t UTF-8."
    )


def test_other_encodings_are_not_called_windows_1252(paper: Path) -> None:
    paper.write_bytes("遺伝子".encode("euc-jp"))
    with pytest.raises(DocumentError, match=r"byte 0, line 1: .* found the byte 0xb0\. Convert"):
        read_document(paper)


def test_cut_file_is_told_from_a_wrong_encoding(paper: Path) -> None:
    paper.write_bytes("β".encode()[:1])
    with pytest.raises(DocumentError, match="half a character at the end"):
        read_document(paper)


def test_missing_file(paper: Path) -> None:
    with pytest.raises(DocumentError, match="expected a file, found nothing"):
        read_document(paper)


def test_folder(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="expected a file, found a folder"):
        read_document(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no symbolic link loops")
def test_any_other_failure_of_the_system(paper: Path) -> None:
    paper.symlink_to(paper)
    with pytest.raises(DocumentError, match="expected a file that can be read, found Too many levels"):
        read_document(paper)


def test_too_large(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_reader, "MAX_BYTES", 10)
    paper.write_text("0123456789")
    assert read_document(paper).text == "0123456789"
    paper.write_text("0123456789a")
    with pytest.raises(DocumentError, match="at most 10 bytes, found a larger one"):
        read_document(paper)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux takes any bytes as a file name")
def test_name_that_is_no_text_can_be_shown(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.txt")
    path.write_text("Coffee.")
    assert read_document(path).name == r"caf\xe9.txt"


def test_random_bytes_give_a_document_error(paper: Path) -> None:
    paper.write_bytes(zlib.compress(b"x" * 100) * 3)
    with pytest.raises(DocumentError):
        read_document(paper)


def give(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_standard_input_is_a_document(monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, "\ufeffThe β-catenin gene.\r\n".encode())
    assert read_standard_input() == Document("standard input", "The β-catenin gene.\r\n")


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "nothing"),
        (b" \n", "nothing but white space"),
        (b"%PDF-1.7", "a PDF"),
        (b"a\xff", "the byte 0xff"),
    ],
)
def test_standard_input_is_read_as_strictly_as_a_file(
    data: bytes, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(monkeypatch, data)
    with pytest.raises(DocumentError, match=rf"^standard input.*: expected .* text.*, found {found}"):
        read_standard_input()


def test_closed_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, b"Ubiquitin.")
    sys.stdin.close()
    with pytest.raises(DocumentError, match="found nothing"):
        read_standard_input()
    monkeypatch.setattr(sys, "stdin", None)  # what Python sets if the shell has closed it
    with pytest.raises(DocumentError, match="found nothing"):
        read_standard_input()
