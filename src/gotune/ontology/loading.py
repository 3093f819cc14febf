"""The one way in: a date of the catalogue or an OBO file becomes an `Ontology`.

Parsed releases are kept as Parquet by the hash of the OBO text, so that a release is parsed once.
"""

from __future__ import annotations

import codecs
import gc
import gzip
import hashlib
import io
import logging
import lzma
import re
import shutil
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from importlib.resources import as_file, files
from itertools import chain
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from gotune.errors import OboError, SaveError
from gotune.files import FolderKind, atomic_folder, cache_folder
from gotune.lines import one_line
from gotune.ontology.ontology import SCHEMA, Ontology
from gotune.ontology.releases import RELEASES, fetch_release, unknown_release
from gotune.ontology.terms import CountedLines
from gotune.seals import check_files, check_seal, write_sealed
from gotune.typed_json import read_json
from gotune.unpacking import blocks_of, unpacked

_LIKE_A_DATE = re.compile(r"\d{4}(?:[-./]?\d{1,2}){0,2}")


def load_ontology(source: str | Path, *, offline: bool = False, lenient: bool = False) -> Ontology:
    """Load a release of GO, from the cache of parsed releases where it is there.

    Args:
        source: A date of the catalogue, such as ``2021-12-15``, or the path of any OBO file of GO, plain,
            gzip or xz.
        offline: Never download; a release must be in the cache.
        lenient: Leave out bad lines and count them in ``skipped``, instead of raising at the first. Lines
            that can mean one thing only are read so in either case, and counted in ``repaired``.

    Raises:
        UnknownReleaseError: A date that is not in the catalogue, and no file has that name.
        DownloadError: The release is not in the cache and cannot be had.
        OboError: The file is not OBO, or a line of it is bad.
    """
    path, name = _locate(source, offline=offline)
    raw = read_raw(path)
    sha256 = hashlib.sha256(raw).hexdigest()
    cached = read_cache(sha256)
    if cached is not None:
        # Only clean readings are cached, and in those a lenient reading would skip nothing.
        table, release, repaired, taxa = cached
        return Ontology(
            table,
            release=release,
            sha256=sha256,
            source=name,
            skipped=CountedLines(),
            repaired=repaired,
            taxa=taxa,
        )

    # fastobo and all that knows OBO is needed only now.
    from gotune.ontology.obo import parse_obo
    from gotune.ontology.ontology import to_table

    with _collection_paused():
        parsed = parse_obo(raw, str(path), lenient=lenient)
        table = to_table(parsed.terms)
    if not parsed.skipped:
        write_cache(table, parsed.release, parsed.repaired, parsed.taxa, sha256)
    return Ontology(
        table,
        release=parsed.release,
        sha256=sha256,
        source=name,
        skipped=parsed.skipped,
        repaired=parsed.repaired,
        taxa=parsed.taxa,
    )


@contextmanager
def _collection_paused() -> Iterator[None]:
    """Pause the garbage collector: a million new objects, none of them garbage, cost it a second in vain."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def check_source(source: str | Path) -> None:
    """Refuse what `load_ontology` cannot load, before anything is fetched or read.

    Raises:
        UnknownReleaseError: There is no such file, and what looks like a date is none of the catalogue.
        OboError: There is no such file.
    """
    if _is_pinned(source):
        return
    try:
        if Path(source).exists():
            return
    except (OSError, ValueError):  # too long for a file name, or with a NUL
        pass
    if isinstance(source, str) and _LIKE_A_DATE.fullmatch(source):
        raise unknown_release(source)
    raise OboError(
        str(source),
        expected="an OBO file, or the date of a pinned release",
        found="no such file",
        do=f"Check the path, or give one of {', '.join(RELEASES)}.",
    )


def _is_pinned(source: str | Path) -> bool:
    return isinstance(source, str) and source in RELEASES


def _locate(source: str | Path, *, offline: bool) -> tuple[Path, str]:
    """Return the file and the name to show for it."""
    check_source(source)
    if _is_pinned(source):
        return fetch_release(str(source), offline=offline), str(source)
    return Path(source), Path(source).name


FORMAT = 4
"""To be raised whenever `SCHEMA`, the meaning of a column or what is read of a file changes; older caches are
then not looked at."""

_PARSED = FolderKind("parsed.json", key="release", files=("terms.parquet",))
_log = logging.getLogger(__name__)


def cache_path(sha256: str) -> Path:
    """Return the folder in which the parsed form of an OBO text of this hash is kept."""
    return cache_folder() / "parsed" / f"{sha256}-v{FORMAT}"


def read_cache(sha256: str) -> tuple[pa.Table, str, CountedLines, dict[str, tuple[str, ...]]] | None:
    """Return table, release, repaired lines and taxa of an OBO text that was parsed before, or None.

    A folder that is damaged, or of another content, counts as missing: it is made anew, which the log tells.
    """
    folder = cache_path(sha256)
    try:
        values = read_json(folder / _PARSED.marker)
        check_seal(values)
        check_files(folder, values, ())
        # Not parquet.read_table: it imports pandas, which is half of the loading time.
        with parquet.ParquetFile(folder / "terms.parquet") as file:
            table = file.read()
        release, of = values["release"], values["obo_sha256"]
        repaired = CountedLines(values["repaired"]["count"], tuple(values["repaired"]["first"]))
        taxa = {taxon: tuple(others) for taxon, others in values["taxa"].items()}
        if of != sha256 or not isinstance(release, str) or not table.schema.equals(SCHEMA):
            raise ValueError("another content")
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, LookupError, AttributeError, pa.ArrowException) as exc:
        _log.warning("The cached release in %s is damaged and made anew: %s", folder, one_line(str(exc)))
        return None
    return table, release, repaired, taxa


def write_cache(
    table: pa.Table,
    release: str,
    repaired: CountedLines,
    taxa: Mapping[str, tuple[str, ...]],
    sha256: str,
) -> None:
    """Keep the table; where that is not possible, log why and go on without."""
    folder = cache_path(sha256)
    if not _PARSED.owns(folder):  # damaged beyond being known as ours
        shutil.rmtree(folder, ignore_errors=True)
    try:
        with atomic_folder(folder, _PARSED) as temporary:
            parquet.write_table(table, temporary / "terms.parquet", compression="zstd")
            values = {"release": release, "repaired": asdict(repaired), "taxa": taxa, "obo_sha256": sha256}
            write_sealed(temporary / _PARSED.marker, values)
    except SaveError as exc:
        _log.warning("The release is parsed again next time. %s", exc)


def example_ontology() -> Ontology:
    """Return a made-up ontology in the style of GO, read from the package.

    Its ids start with ``GO:9``, which GO does not use, and its definitions are ours: it is no part of GO.
    """
    with as_file(files("gotune.ontology") / "example.obo") as path:
        return load_ontology(path)


MAX_BYTES = 1 << 30  # 35 times the size of GO
_RATIO = 30
"""How many times its size a compressed file may unfold to; GO as xz does so 18 times."""

_BOM = b"\xef\xbb\xbf"
_SEEN = 1000  # bytes that tell a binary file
_WORD = 30  # bytes of a word that are shown on each side of a bad one
_CONTROL = re.compile(rb"[\0-\x08\x0e-\x1f\x7f]")


def read_raw(path: Path) -> bytes:
    """Return the uncompressed content of a file in UTF-8.

    Compression, UTF-16 and UTF-32 are told by the first bytes, not by the name. No other encoding is certain:
    the message then says which it seems to be.

    Raises:
        OboError: There is no such file, or it is empty, cut off, too large, binary or in another encoding, or
            unfolds too far (see `gotune.unpacking`).
    """
    where = str(path)
    try:
        with path.open("rb") as file:
            raw = _checked(_in_utf8(_blocks(file, where), where), where)
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
    return raw.removeprefix(_BOM)


def _blocks(file: io.BufferedReader, where: str) -> Iterator[bytes]:
    """Yield the content of a file piece by piece, decompressed if need be."""
    magic = file.peek(6)  # looks ahead without reading, for a pipe can be read only once
    if magic.startswith(b"\x1f\x8b"):
        return unpacked(file, gzip.open, where, OboError, ratio=_RATIO)
    if magic.startswith(b"\xfd7zXZ\x00"):
        return unpacked(file, lzma.open, where, OboError, ratio=_RATIO)
    return blocks_of(file)


def _checked(blocks: Iterator[bytes], where: str) -> bytes:
    """Put the pieces of a text together; each is checked when it comes, so that none is held twice."""
    raw = io.BytesIO()
    decoder = codecs.getincrementaldecoder("utf-8")()
    blank = True
    for block in chain(blocks, [b""]):
        start = raw.tell()
        raw.write(block)
        if start + len(block) > MAX_BYTES:
            raise OboError(
                where,
                expected=f"at most {MAX_BYTES:,} bytes of text",
                found="more",
                do="Give the OBO file of a release of GO; they have about 30 million bytes.",
            )
        try:
            decoder.decode(block, final=not block)
        except UnicodeDecodeError as exc:
            # What the decoder holds of a character begins before this piece.
            place = start + len(block) - len(exc.object) + exc.start
            raise _not_utf8(where, raw.getvalue(), place) from exc
        blank = blank and not block.strip()
    if blank:
        raise OboError(where, expected="an OBO file", found="an empty file", do="Get it again.")
    text = raw.getvalue()
    _check_no_zero(text, where)
    return text


# What text in them begins with: a byte order mark, or zeros around a first letter of ASCII.
_WIDE = (
    (re.compile(rb"\xff\xfe\0\0|[^\0]\0\0\0[^\0]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\xfe\xff|\0\0\0[^\0]\0\0\0[^\0]"), "utf-32-be"),
    (re.compile(rb"\xff\xfe|(?:[^\0]\0){4}"), "utf-16-le"),
    (re.compile(rb"\xfe\xff|(?:\0[^\0]){4}"), "utf-16-be"),
)


def _in_utf8(blocks: Iterator[bytes], where: str) -> Iterator[bytes]:
    """Yield the pieces of a text in UTF-16 or UTF-32 in UTF-8, those of any other as they are."""
    first = next(blocks, b"")
    encoding = next((name for start, name in _WIDE if start.match(first)), None)
    if encoding is None:
        yield first
        yield from blocks
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    for block in chain([first], blocks, [b""]):
        try:
            yield decoder.decode(block, final=not block).encode()
        except UnicodeDecodeError as exc:
            raise OboError(
                where,
                expected=f"text in {encoding.upper()}, as its first bytes say",
                found=f"bytes that are none ({exc.reason})",
                do="It was probably cut off or damaged on the way: get it again.",
            ) from exc


def _not_utf8(where: str, raw: bytes, place: int) -> OboError:
    """Say what is known of the first byte that is not UTF-8, and of the encoding that it speaks for."""
    found = f"byte 0x{raw[place]:02x} at offset {place}"
    word = _around(raw, place)
    if word is None:
        found += " (a binary file, or an encoding that is not known)"
        do = "Give an OBO file in UTF-8."
    elif raw[:place].isascii():
        found += f", as in {word!r} of Windows-1252"
        do = "If that word is right, convert the file: iconv -f CP1252 -t UTF-8 OLD.obo > NEW.obo."
    else:
        found += f", as in {word!r} of Windows-1252, though letters before it are in UTF-8"
        do = "Correct this line, and others of its kind."
    return OboError(where, expected="text in UTF-8", found=found, do=do, line=raw.count(b"\n", 0, place) + 1)


def _around(raw: bytes, place: int) -> str | None:
    """Return the word around a byte, as Windows reads it; None if it is no text there."""
    if _CONTROL.search(raw[:_SEEN]):
        return None
    before = raw[max(0, place - _WORD) : place].split()
    after = raw[place : place + _WORD].split()
    word = (before[-1] if before and not raw[place - 1 : place].isspace() else b"") + after[0]
    try:
        return word.decode("cp1252")
    except UnicodeDecodeError:
        return None


def _check_no_zero(raw: bytes, where: str) -> None:
    if (place := raw.find(b"\0")) >= 0:
        raise OboError(
            where,
            expected="text in UTF-8",
            found=f"a zero byte at offset {place} (a binary file)",
            do="Give an OBO file.",
            line=raw.count(b"\n", 0, place) + 1,
        )
