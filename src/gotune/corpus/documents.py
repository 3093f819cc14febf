"""Documents, and the one way in for them: files, folders, standard input and the cells of tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gotune.corpus.folders import files_in
from gotune.corpus.readers import READERS, reader_of
from gotune.corpus.sentences import split_sentences
from gotune.errors import DocumentError, InputError, TableError
from gotune.files import is_there
from gotune.lines import name_as_text, one_line
from gotune.protocols import Track, untracked
from gotune.records import Role

STANDARD_INPUT = "-"
"""Stands for standard input among the names of files."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text with a name for headings, holding at least one visible character.

    Attributes:
        name: Of the file, with the row in a table.
        text: As it was.
        article: What it is a part of, if a table says so; "" if it stands by itself.
    """

    name: str
    text: str
    article: str = ""


def read_documents(
    sources: Sequence[Path | str],
    *,
    text_column: str | None = None,
    article_column: str | None = None,
    on_skip: Callable[[InputError], None] = lambda problem: None,
    track: Track = untracked,
) -> Iterator[Document]:
    """Read texts wherever they are, one after the other.

    What is named is checked at once, before the first document is given: files are read once to see that
    they can be. What a folder holds beside texts is no error: it is skipped, and told to ``on_skip``.

    Args:
        sources: Files, of any suffix if they are plain text; tables; folders, whose texts are read in the
            order of their names, in subfolders too, but for hidden ones; ``-`` for standard input.
        text_column: The column with the texts of tables. Tables in folders are skipped without it.
        article_column: The column of tables that says which rows belong together; None takes a column
            ``article`` or ``pmid`` if there is one.
        on_skip: Is told of each file in a folder that cannot be read, when its turn comes.
        track: Shows how far the files are.

    Returns:
        The documents. They are named after their files, with the folders inside of a folder that was named,
        and the line or row in a table; with the whole path where two names would be the same.

    Raises:
        TypeError: ``sources`` is one name instead of a sequence of them.
        DocumentError: A file that is named cannot be read, or nothing in a folder can.
        TableError: A table that is named cannot be read, has no text, or its text column is not named.
    """
    if isinstance(sources, str | Path):
        raise TypeError("sources: expected a sequence of paths, found one; wrap it in a list")
    reading = _Reading(text_column, article_column)
    files = [file for source in sources for file in _checked_files(Path(source), reading)]
    # A file that is named, or in a folder that is named, twice is one text; what is named itself is read.
    once: dict[Path, _File] = {}
    for file in sorted(files, key=lambda file: file.folder is not None):
        once.setdefault(file.path.resolve(), file)
    kept = set(map(id, once.values()))
    return _documents([file for file in files if id(file) in kept], reading, on_skip, track)


def split_documents(documents: Iterable[Document]) -> tuple[list[str], list[str], list[Role]]:
    """Return the pieces of documents, each on one line, with the article of each and what it is.

    The article is what the document is a part of, or else the document itself.
    """
    texts, articles, roles = [], [], []
    for document in documents:
        for piece in split_sentences(document.text):
            texts.append(one_line(piece.text))
            articles.append(document.article or document.name)
            roles.append(piece.role)
    return texts, articles, roles


@dataclass(frozen=True, slots=True)
class _File:
    """A file to be read.

    Attributes:
        path: Of the file.
        folder: The folder that was named, in which it is; None if the file was named itself.
        held: What is in it, where it can be read only once.
    """

    path: Path
    folder: Path | None = None
    held: Document | None = None

    def prefix(self, *, whole: bool) -> str:
        """Return what stands before the name of a document: the folders, as far as they tell more."""
        parent = self.path.parent
        if not whole:
            parent = parent.relative_to(self.folder or parent)
        name = name_as_text(parent.as_posix())
        return "" if name == "." else f"{name}/"


@dataclass(frozen=True, slots=True)
class _Reading:
    """How tables are read."""

    text_column: str | None
    article_column: str | None

    def documents(self, file: _File) -> Iterator[Document]:
        """Yield what is in a file, named after it alone.

        Raises:
            InputError: It cannot be read.
        """
        from gotune.corpus.readers.text import read

        if file.held is not None:
            yield file.held
        elif is_table(file.path):
            yield from self._cells(file.path)
        else:
            reader = reader_of(file.path)
            if reader is None and file.folder is not None:
                raise DocumentError(
                    str(file.path),
                    expected=f"a file that ends in {', '.join(READERS)}",
                    found=f"the suffix {file.path.suffix!r}" if file.path.suffix else "no suffix",
                    do="Name the file itself if it is plain text.",
                )
            yield from (reader or read)(file.path)

    def _cells(self, path: Path) -> Iterator[Document]:
        from gotune.corpus.table_sources import open_source
        from gotune.corpus.tables import open_table

        if self.text_column is None:
            raise TableError(
                str(path),
                expected="the name of the column with the texts",
                found="none",
                do=f"Name one of {', '.join(open_source(path).schema.names)}.",
            )
        table = open_table(path, text_column=self.text_column, article_column=self.article_column)
        name = name_as_text(path.name)
        for place, cell in table.texts():
            yield Document(f"{name}, {place}", cell.text, cell.article)


def is_folder(path: Path) -> bool:
    """Whether a source is a folder; `STANDARD_INPUT` is none, though a folder may have that name."""
    return str(path) != STANDARD_INPUT and is_there(path, Path.is_dir)


def is_table(path: Path) -> bool:
    """Whether a file is a table, by its suffix; also one that only spreadsheet programs read."""
    from gotune.corpus.table_sources import SUFFIXES, WORKBOOKS

    return path.name.lower().endswith((*SUFFIXES, *WORKBOOKS))


def _checked_files(source: Path, reading: _Reading) -> list[_File]:
    """Return the files that a source stands for, of which at least one can be read."""
    if not is_folder(source):
        file = _named_file(source)
        next(reading.documents(file), None)
        return [file]
    files = [_File(path, folder=source) for path in sorted(files_in(source)) if path.is_file()]
    if not any(_is_readable(file, reading) for file in files):
        raise DocumentError(
            str(source),
            expected="a folder with texts",
            found=f"none among {len(files):,} files",
            do=f"Those that end in {', '.join(READERS)} are read; name others themselves.",
        )
    return files


def _named_file(path: Path) -> _File:
    from gotune.corpus.readers.text import read_document, read_standard_input

    if str(path) == STANDARD_INPUT:
        return _File(path, held=read_standard_input())
    is_pipe = is_there(path) and not path.is_file()
    return _File(path, held=read_document(path) if is_pipe else None)


def _is_readable(file: _File, reading: _Reading) -> bool:
    try:
        return next(reading.documents(file), None) is not None
    except InputError:
        return False


def _documents(
    files: Sequence[_File], reading: _Reading, on_skip: Callable[[InputError], None], track: Track
) -> Iterator[Document]:
    """Yield the documents of files under distinct names."""
    names = Counter(file.prefix(whole=False) + file.path.name for file in files)
    for file in track(files, description="Reading texts", total=len(files)):
        prefix = file.prefix(whole=names[file.prefix(whole=False) + file.path.name] > 1)
        try:
            for document in reading.documents(file):
                yield replace(document, name=prefix + document.name)
        except InputError as exc:
            if file.folder is None:
                raise
            on_skip(exc)
