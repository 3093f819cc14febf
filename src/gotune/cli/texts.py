"""What the commands share that read texts: their arguments, and what is told of files that are none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gotune.cli.console import Screen
from gotune.cli.options import refuse_options
from gotune.corpus.readers import READERS
from gotune.errors import InputError
from gotune.files import is_there
from gotune.protocols import untracked

if TYPE_CHECKING:
    from gotune.corpus.documents import Document

FOLDERS = f"folders of {', '.join(READERS)} files"
"""What of folders is read, for help."""
Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE",
        help=f"Text files, {FOLDERS}, - for standard input, or tables with --text-column.",
    ),
]
TextColumn = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Column with the texts of a .tsv, .csv, .jsonl or .parquet table."),
]
ArticleColumn = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", help="Column that says which rows belong together; article or pmid if left out."
    ),
]

_SHOWN = 5


def paths_of(sources: Sequence[str]) -> list[Path] | None:
    """Return the files that are meant, or None for a text."""
    if len(sources) == 1 and not _is_path(sources[0]):
        return None
    for source in sources:
        if not _is_path(source):
            raise InputError(
                repr(source),
                expected="a file",
                found="none of that name",
                do="Check the name, or put a sentence into quotes.",
            )
    return [Path(source) for source in sources]


def _is_path(source: str) -> bool:
    from gotune.corpus.documents import STANDARD_INPUT

    path = Path(source)
    if not source.strip():
        return False
    if source == STANDARD_INPUT or is_there(path):
        return True
    if (path.suffix or "/" in source) and not any(blank in source for blank in " \t\n"):
        raise InputError(
            source, expected="a file", found="none of that name", do="Check the name, or give a sentence."
        )
    return False


def keep_sources(
    outputs: Iterable[Path], sources: Iterable[str | Path], text_column: str | None = None
) -> None:
    """Refuse to write over a file that is read, or into a folder where the next run would read it.

    Args:
        outputs: Files to write.
        sources: What is read.
        text_column: As it was given: with it tables in folders are read.

    Raises:
        InputError: An output is one of the sources, or in one and of a kind that is read there.
    """
    kinds = tuple(READERS)
    if text_column is not None:
        from gotune.corpus.table_sources import SUFFIXES

        kinds += SUFFIXES
    there = [path for path in map(Path, sources) if is_there(path)]
    folders = [path.resolve() for path in there if path.is_dir()]
    for output in outputs:
        is_read = is_there(output) and any(output.samefile(source) for source in there)
        if output.name.lower().endswith(kinds):
            is_read |= any(output.resolve().is_relative_to(folder) for folder in folders)
        if is_read:
            raise InputError(
                str(output),
                expected="a file of its own to write",
                found="one that is read",
                do="Name another, outside of the folders that are read.",
            )


class Texts:
    """The documents of a command's sources, which are checked when this is made.

    Attributes:
        skipped: What was found in folders and could not be read, as far as the documents were asked for.
    """

    def __init__(
        self,
        sources: Sequence[str],
        text_column: str | None,
        article_column: str | None,
        screen: Screen,
        *,
        tracked: bool = True,
    ) -> None:
        from gotune.corpus.documents import read_documents

        _check_columns(sources, text_column, article_column)
        self.skipped: list[InputError] = []
        self._screen = screen
        self._documents = read_documents(
            sources,
            text_column=text_column,
            article_column=article_column,
            on_skip=self.skipped.append,
            track=screen.track if tracked else untracked,
        )

    def __iter__(self) -> Iterator[Document]:
        """Yield the documents once, then say what was skipped."""
        from gotune.render.wording import counted

        yield from self._documents
        if self.skipped:
            self._screen.warn(f"Skipped {counted(len(self.skipped), 'file')}:")
        for problem in self.skipped[:_SHOWN]:
            self._screen.warn(f"  {problem.where}: expected {problem.expected}, found {problem.found}")
        if len(self.skipped) > _SHOWN:
            self._screen.warn(f"  and {len(self.skipped) - _SHOWN:,} more")


def chosen_column(path: Path, text_column: str | None) -> str:
    """Return the column with the texts of a table, which has to be named."""
    from gotune.corpus.table_sources import open_source

    if text_column is None:
        columns = ", ".join(open_source(path).schema.names)
        raise typer.BadParameter(
            f"{path} is a table: name the column with the texts, --text-column NAME, one of {columns}"
        )
    return text_column


def _check_columns(sources: Sequence[str], text_column: str | None, article_column: str | None) -> None:
    from gotune.corpus.documents import is_folder, is_table

    paths = [Path(source) for source in sources]
    tables = [path for path in paths if is_table(path)]
    if not tables and not any(map(is_folder, paths)):
        options = {"--text-column": text_column, "--article-column": article_column}
        refuse_options(options, without="a table")
    for table in tables:
        chosen_column(table, text_column)
