"""The bytes of an OBO file: plain, gzip or xz, bounded in size, UTF-8. Knows nothing of OBO."""

from __future__ import annotations

import gzip
import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from gotune.errors import OboError

MAX_BYTES = 1 << 30  # 35 times the size of GO; beyond it a small compressed file would fill the memory
_BLOCK = 1 << 20
_BOM = b"\xef\xbb\xbf"


def read_raw(path: Path) -> bytes:
    """Return the uncompressed content of a file. Compression is told by the first bytes, not by the name.

    Raises:
        OboError: There is no such file, or it is empty, cut off, too large, binary or not UTF-8.
    """
    where = str(path)
    try:
        with _open(path) as file:
            raw = _read_bounded(file, where)
    except (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile) as exc:
        raise OboError(
            where,
            expected="a whole compressed file",
            found=f"a damaged one ({exc})",
            do="It was probably cut off on the way: get it again.",
        ) from exc
    except OSError as exc:
        raise OboError(
            where,
            expected="an OBO file that can be read",
            found=exc.strerror or str(exc),
            do="Check the path, or give the date of a release in the catalogue.",
        ) from exc
    _check_text(raw, where)
    return raw.removeprefix(_BOM)


@contextmanager
def _open(path: Path) -> Iterator[IO[bytes] | gzip.GzipFile]:
    with path.open("rb") as file:
        magic = file.peek(6)  # looks ahead without reading, for a pipe can be read only once
        if magic.startswith(b"\x1f\x8b"):
            with gzip.open(file) as unpacked:
                yield unpacked
        elif magic.startswith(b"\xfd7zXZ\x00"):
            with lzma.open(file) as unpacked:
                yield unpacked
        else:
            yield file


def _read_bounded(file: IO[bytes] | gzip.GzipFile, where: str) -> bytes:
    blocks: list[bytes] = []
    size = 0
    while block := file.read(_BLOCK):
        size += len(block)
        if size > MAX_BYTES:
            raise OboError(
                where,
                expected=f"at most {MAX_BYTES:,} bytes of text",
                found="more",
                do="Give the OBO file of a release of GO; they have about 30 million bytes.",
            )
        blocks.append(block)
    return b"".join(blocks)


def _check_text(raw: bytes, where: str) -> None:
    if not raw.strip():
        raise OboError(where, expected="an OBO file", found="an empty file", do="Get it again.")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as exc:
        line = raw.count(b"\n", 0, exc.start) + 1
        raise OboError(
            where,
            expected="text in UTF-8",
            found=f"byte 0x{raw[exc.start]:02x} at offset {exc.start} (binary or another encoding)",
            do="Give an OBO file, converted to UTF-8 if need be: iconv -f LATIN1 -t UTF-8.",
            line=line,
        ) from exc
    if b"\0" in raw:
        offset = raw.index(b"\0")
        raise OboError(
            where,
            expected="text in UTF-8",
            found=f"a zero byte at offset {offset} (a binary file)",
            do="Give an OBO file.",
            line=raw.count(b"\n", 0, offset) + 1,
        )
