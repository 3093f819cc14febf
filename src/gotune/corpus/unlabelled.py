"""Reading text that nobody has labelled: folders of documents, documents, and tables of texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from gotune.corpus.documents import read_document
from gotune.corpus.plain_text import VISIBLE
from gotune.corpus.sentences import split_sentences
from gotune.corpus.table_sources import SUFFIXES, open_source
from gotune.corpus.table_values import as_text
from gotune.errors import DocumentError, TableError
from gotune.lines import one_line
from gotune.protocols import Track, untracked

_ARTICLE = "article"


class UnlabelledSentence(NamedTuple):
    """A sentence on one line, and the article that it is from."""

    text: str
    article: str


def read_unlabelled(
    paths: Sequence[Path], *, text_column: str | None = None, track: Track = untracked
) -> list[UnlabelledSentence]:
    """Read the sentences of documents and tables.

    Args:
        paths: Folders, whose ``.txt`` files are read, in subfolders too; text files; and tables.
        text_column: The column with the texts of the tables. Each text is an article of its own, unless the
            table has a column ``article``.
        track: Shows how far the files are.

    Returns:
        The sentences in order, runs of white space joined to one blank. An article is known by its file
        name, with the row in a table, and with its folder where a folder was given.

    Raises:
        DocumentError: A file is missing or no plain text, or a folder has no ``.txt`` file.
        TableError: A table cannot be read, has no text, or its text column is not named.
    """
    files = [file for path in paths for file in _files(path)]
    found = []
    for path, name in track(files, description="Reading texts", total=len(files)):
        articles = _rows(path, name, text_column) if _is_table(path) else [(read_document(path).text, name)]
        for text, article in articles:
            found += [
                UnlabelledSentence(one_line(sentence.text), article) for sentence in split_sentences(text)
            ]
    return found


def _files(path: Path) -> list[tuple[Path, str]]:
    """Return the files that a path stands for, each with its name as an article."""
    if not path.is_dir():
        return [(path, path.name)]
    files = sorted(path.rglob("*.txt"))
    if not files:
        raise DocumentError(
            str(path),
            expected="a folder with .txt files",
            found="none in it",
            do="Name the folder that has the texts, or the files themselves.",
        )
    return [(file, file.relative_to(path).as_posix()) for file in files]


def _is_table(path: Path) -> bool:
    return path.name.lower().endswith(SUFFIXES)


def _rows(path: Path, name: str, text_column: str | None) -> Iterator[tuple[str, str]]:
    """Yield the texts of a table, each with its article."""
    source = open_source(path)
    columns = source.schema.names
    if text_column is None or text_column not in columns:
        raise TableError(
            str(path),
            expected="the name of the column with the texts",
            found="none" if text_column is None else repr(text_column),
            do=f"Give --text-column, one of {', '.join(columns)}.",
        )
    empty = True
    for place, row in source.numbered_rows():
        text = as_text(row.get(text_column))
        if VISIBLE.search(text):
            empty = False
            yield text, as_text(row.get(_ARTICLE)) or f"{name}, {place}"
    if empty:
        raise TableError(
            f"{path}, column {text_column!r}",
            expected="at least one text",
            found="none",
            do="Name the column that has the texts.",
        )
