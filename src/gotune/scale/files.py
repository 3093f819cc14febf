"""The files of a corpus: found, hashed, and read record by record, whatever is wrong with some of them."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from errno import EACCES, ENOENT, EPERM
from itertools import count
from pathlib import Path
from typing import IO, Any

from gotune.corpus.folders import files_in, refuse_folder
from gotune.corpus.plain_text import BYTE_ORDER_MARK, not_text
from gotune.corpus.table_lines import table_blocks, table_lines
from gotune.corpus.table_sources import SUFFIXES as TABLES
from gotune.corpus.tables import LONGEST_TEXT, article_column_of
from gotune.errors import DocumentError, GotuneError, InputError, TableError
from gotune.files import sha256_of
from gotune.lines import name_as_text
from gotune.protocols import Track, untracked
from gotune.scale.parquet import parquet_rows
from gotune.scale.records import TOO_LONG, Record, Rejected, checked
from gotune.scale.rows import Line, delimited_rows, json_rows
from gotune.unpacking import VARIABLE, free_bytes

TEXTS = (".txt", ".txt.gz")
SUFFIXES = (*TEXTS, *TABLES)
"""Of the files of a folder that are read."""

_WHOLE = "a file that can be read to its end"


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """A file of a corpus.

    Attributes:
        name: In the corpus: its path in the folder that was named, or its name alone; the whole path, and a
            number if need be, where two names would be the same.
        size: In bytes.
        sha256: 64 hex digits, or "" for one that cannot be read.
    """

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Where tables have their texts.

    Attributes:
        text: The column with the texts; None if there are no tables.
        article: The column that says what a text is a part of; None takes what `article_column_of`
            finds.
    """

    text: str | None = None
    article: str | None = None

    def settings(self) -> dict[str, str | None]:
        """Return them for the manifest of a run."""
        return {"text column": self.text, "article column": self.article}

    def article_of(self, names: Sequence[str]) -> str | None:
        """Return which of the columns of a table tells the article."""
        return self.article or article_column_of(names, text_column=self.text)


@dataclass(frozen=True, slots=True)
class Found:
    """A file as it was when it was hashed, or why it could not be."""

    path: Path
    file: CorpusFile
    modified: int
    problem: str = ""


class Corpus:
    """Files with texts, in a fixed order.

    Attributes:
        files: What a run is held against when it goes on.
        columns: Where tables have their texts.
        n_left: Files of folders that are of no kind that is read, and links that lead to none.
        n_read: Bytes of the files that were read so far.
    """

    def __init__(
        self, sources: Sequence[Path], columns: Columns | None = None, *, track: Track = untracked
    ) -> None:
        """Find the files and hash them.

        Args:
            sources: Files, and folders, of which all files of the kinds that are read are taken, those in
                folders below as well, but for hidden ones and what links to folders lead to. What is meant
                twice is read once.
            columns: Where tables have their texts.
            track: Shows how many files are hashed.

        Raises:
            DocumentError: A source is not there or of no kind that is read, or there is no file at all.
            TableError: There is a table, and no column with texts is named.
        """
        self.columns = columns or Columns()
        self.n_read = self.n_left = 0
        try:
            named = _once(pair for source in sources for pair in self._listed(source))
        except OSError as exc:
            refuse_folder(exc)
        tables = [path for path, _ in named if path.name.lower().endswith(TABLES)]
        if tables and self.columns.text is None:
            raise TableError(
                str(tables[0]), expected="the name of the column with the texts", found="none", do="Name it."
            )
        named = _told_apart(named)
        self._found = [
            hashed(path, name) for path, name in track(named, description="Hashing files", total=len(named))
        ]
        if not self._found:
            raise DocumentError(
                ", ".join(map(str, sources)),
                expected="a corpus with files",
                found=f"none that is read among {self.n_left:,}",
                do=f"Those that end in {', '.join(SUFFIXES)} are read.",
            )

    def settings(self) -> dict[str, Any]:
        """Return where tables have their texts, and how much is read of them, for the manifest of a run."""
        return self.columns.settings() | {VARIABLE: free_bytes()}

    @property
    def files(self) -> tuple[CorpusFile, ...]:
        """The files in order, which are what a run is held against when it goes on."""
        return tuple(found.file for found in self._found)

    @property
    def n_bytes(self) -> int:
        """The size of all files."""
        return sum(found.file.size for found in self._found)

    def __iter__(self) -> Iterator[Record]:
        """Yield the records of all files in order.

        Raises:
            InputError: A file has changed since it was hashed, or is gone.
        """
        before = 0
        for found in self._found:
            yield from self._records(found, before)
            before += found.file.size
            self.n_read = before

    def _records(self, found: Found, before: int) -> Iterator[Record]:
        line = 1

        def check(done: int) -> None:
            """Note how far a file is read, once what was read of it is known to be as it was hashed."""
            check_unchanged(found)
            self.n_read = before + min(done, found.file.size)

        if found.problem:  # whether it can be read by now or not: a run that goes on has the same records
            yield Rejected.of(found.file.name, line, f"expected {_WHOLE}, found {found.problem}")
            return
        check_unchanged(found)
        try:
            for record in _read(found, self.columns, check):
                line = record.line + 1
                yield record
        except (OSError, EOFError, zlib.error, TableError, DocumentError) as exc:
            cause = exc.__cause__ if isinstance(exc, TableError) else exc
            # A disk, a network or want of memory; what is damaged has no number.
            if isinstance(cause, MemoryError) or (isinstance(cause, OSError) and cause.errno is not None):
                raise _unread(found.path, cause) from exc
            told = (exc.expected, exc.found) if isinstance(exc, GotuneError) else (_WHOLE, exc)
            yield Rejected.of(found.file.name, line, "expected {}, found {}".format(*told))
        check_unchanged(found)

    def _listed(self, source: Path) -> Iterator[tuple[Path, str]]:
        """Yield each file that a source stands for, with its name in it."""
        if not source.is_dir():
            if not source.is_file() or not source.name.lower().endswith(SUFFIXES):
                raise DocumentError(
                    str(source),
                    expected=f"a folder, or a file that ends in {', '.join(SUFFIXES)}",
                    found="another one" if source.exists() else "nothing",
                    do="Rename it, or check the name.",
                )
            yield source, name_as_text(source.name)
            return
        for path in files_in(source):
            if path.name.lower().endswith(SUFFIXES) and path.is_file():
                yield path, name_as_text(path.relative_to(source).as_posix())
            else:
                self.n_left += 1


def _once(named: Iterable[tuple[Path, str]]) -> list[tuple[Path, str]]:
    """Return files with their names, without those that come again by the same name or another."""
    found: dict[Path, tuple[Path, str]] = {}
    for path, name in named:
        found.setdefault(path.resolve(), (path, name))
    return list(found.values())


def _told_apart(named: Sequence[tuple[Path, str]]) -> list[tuple[Path, str]]:
    """Return files with names of which no two are the same: the whole path, and a number if need be."""
    times = Counter(name for _, name in named)
    longer = [(path, name if times[name] == 1 else name_as_text(str(path))) for path, name in named]
    times = Counter(name for _, name in longer)
    numbers = {name: count(1) for name in times}
    return [(path, name if times[name] == 1 else f"{name} ({next(numbers[name])})") for path, name in longer]


def hashed(path: Path, name: str) -> Found:
    """Hash a file that will be read, and note how it is, for `check_unchanged`.

    Raises:
        InputError: It cannot be read for now: a disk or a network, and nobody's rule.
    """
    try:
        status = path.stat()
        return Found(path, CorpusFile(name, status.st_size, sha256_of(path)), status.st_mtime_ns)
    except OSError as exc:
        if exc.errno not in (EACCES, EPERM, ENOENT):
            raise _unread(path, exc) from exc
        return Found(path, CorpusFile(name, 0, ""), 0, exc.strerror or str(exc))


def _unread(path: Path, exc: OSError | MemoryError) -> InputError:
    return InputError(
        str(path),
        expected="a file that can be read",
        found=getattr(exc, "strerror", None) or str(exc),
        do="Start again when it can be read; shards are kept.",
    )


def check_unchanged(found: Found) -> None:
    """Refuse a file that is not as it was hashed: its texts would be others when the run goes on."""
    now = f"one of {found.file.size:,} bytes"
    try:
        status = found.path.stat()
        if (status.st_size, status.st_mtime_ns) == (found.file.size, found.modified):
            return
        told = f"{status.st_size:,} bytes, changed meanwhile"
    except OSError as exc:
        told = exc.strerror or str(exc)
    raise InputError(
        str(found.path),
        expected=f"{now}, as it was when the run began",
        found=told,
        do="Bring it back as it was and start again, or give another output folder; shards are kept.",
    )


def _read(found: Found, columns: Columns, check: Callable[[int], None]) -> Iterator[Record]:
    """Yield the records of a file, and have each part checked that was read before it is used.

    Raises:
        OSError, EOFError, zlib.error, TableError, DocumentError: It cannot be read on.
    """
    name = found.path.name.lower()
    if name.endswith(".parquet"):
        parts = parquet_rows(found.path, columns.text or "", columns.article_of, found.file.name)
        for share, records in parts:
            check(int(found.file.size * share))
            yield from records
        return
    with found.path.open("rb") as file:
        blocks = _blocks(file, found.path, check)
        if name.endswith(TEXTS):
            yield _whole(blocks, found.file.name)
        else:
            lines = _lines(blocks, str(found.path))
            text = columns.text or ""
            if name.removesuffix(".gz").endswith(".jsonl"):
                rows = json_rows(lines, text, columns.article_of, found.file.name)
            else:
                tabs = name.removesuffix(".gz").endswith(".tsv")
                rows = delimited_rows(lines, text, columns.article_of, found.file.name, tabs=tabs)
            yield from rows


def _blocks(file: IO[bytes], path: Path, check: Callable[[int], None]) -> Iterator[bytes]:
    """Yield a file piece by piece, unpacked if need be."""
    for block in table_blocks(file, path):
        check(file.tell())
        yield block


def _whole(blocks: Iterator[bytes], name: str) -> Record:
    """Return the one text of a file; of a longer one no more is read than tells that it is."""
    data = b""
    for block in blocks:
        data += block
        if len(data) > 4 * LONGEST_TEXT:  # no character has more bytes
            return Rejected.of(name, 1, f"expected a text of at most {LONGEST_TEXT:,} characters, found more")
    if problem := not_text(data):
        return Rejected.of(name, 1, f"expected plain text in UTF-8, found {problem.found}")
    text = data.removeprefix(BYTE_ORDER_MARK).decode("utf-8", "surrogateescape")
    if "\0" in text:
        return Rejected.of(name, 1, "expected plain text in UTF-8, found binary data")
    return checked(text, "", name, 1, 0)


def _lines(blocks: Iterator[bytes], where: str) -> Iterator[Line]:
    r"""Yield lines with their ``\n``, each with its number and its offset.

    Bytes that are no UTF-8 are halves of surrogate pairs, and a line that is too long is `TOO_LONG`.

    Raises:
        TableError: It begins like another kind of file.
    """
    for number, offset, line in table_lines(blocks, where):
        text = TOO_LONG if line is None else line.decode("utf-8", "surrogateescape")
        yield Line(number, offset, text.removesuffix("\n") + "\n")
