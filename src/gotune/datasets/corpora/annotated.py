"""Annotated documents, whatever format they come in, and what is checked of all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gotune.corpus.folders import files_in
from gotune.corpus.plain_text import VISIBLE, text_key
from gotune.errors import DatasetError
from gotune.lines import one_line
from gotune.records import Span

_LONGEST_SHOWN = 60
_SHOWN = 5
_MOST_TIMES = 100
_SHORT = 1000
"""Characters that a text has at least for `_MOST_TIMES`."""


@dataclass(frozen=True, slots=True)
class Mention:
    """An annotation that stands somewhere in a text.

    Attributes:
        type: As the corpus calls it.
        pieces: Where its words are, in order, with offsets in the text of the passage; several if they are
            not one stretch, none if the corpus says no more than that it is in this passage.
    """

    type: str
    pieces: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of a document that is cut into sentences by itself.

    Attributes:
        text: As the corpus has it.
        mentions: Its annotations.
        is_sentence: The corpus says that it is one sentence; it is not cut.
    """

    text: str
    mentions: tuple[Mention, ...]
    is_sentence: bool = False

    def words_of(self, mention: Mention) -> str:
        """Return the words of a mention on one line."""
        return one_line(" ".join(self.text[start:end] for start, end in mention.pieces))


@dataclass(frozen=True, slots=True)
class AnnotatedDocument:
    """A document of a corpus.

    Attributes:
        name: Of the document, distinct in its corpus.
        passages: Its texts, in order.
        files: Suffixes of the files that its annotations are from, where each document has its own.
        kept_out: How many annotations of which kind are not read, such as relations, as they have no place.
    """

    name: str
    passages: tuple[Passage, ...]
    files: frozenset[str] = frozenset()
    kept_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnnotatedCorpus:
    """Documents, and the files beside them that were not read.

    Attributes:
        where: What it was read from, for messages.
        documents: At least one, with distinct names.
        unread: Names of files that are no documents with annotations.
    """

    where: str
    documents: tuple[AnnotatedDocument, ...]
    unread: tuple[str, ...] = ()


def gather(
    documents: Iterable[AnnotatedDocument], where: str, unread: Sequence[Path] = ()
) -> AnnotatedCorpus:
    """Make a corpus of documents, each once; those without a visible character are left out.

    Raises:
        DatasetError: There is none; or two have the same name, or the same text and the same name in
            different folders: one might be learned from and the other measured on; or the mentions of a
            passage are more than a hundred times as long as it is.
    """
    kept: list[AnnotatedDocument] = []
    names: set[str] = set()
    copies: dict[tuple[str, str], str] = {}
    for document in documents:
        text = "\n".join(passage.text for passage in document.passages)
        if not VISIBLE.search(text):
            continue
        _check_lengths(document, where)
        other = copies.setdefault((document.name.rpartition("/")[2], text_key(text)), document.name)
        if document.name in names or other != document.name:
            raise DatasetError(
                where,
                expected="every document once, under a name of its own",
                found=f"{document.name!r} twice"
                if other == document.name
                else f"{other!r}, {document.name!r}",
                do="Name folders and files that have each document once.",
            )
        names.add(document.name)
        kept.append(document)
    if not kept:
        raise DatasetError(
            where,
            expected="documents with annotations",
            found="none" if not unread else f"none, but {len(unread):,} other files, such as {unread[0]}",
            do="Check the folder and the format.",
        )
    return AnnotatedCorpus(where, tuple(kept), tuple(str(path) for path in unread))


def _check_lengths(document: AnnotatedDocument, where: str) -> None:
    """Refuse mentions that would take memory and time out of proportion to their text."""
    for passage in document.passages:
        length = sum(end - start for mention in passage.mentions for start, end in mention.pieces)
        if length > _MOST_TIMES * (len(passage.text) + _SHORT):
            raise DatasetError(
                f"{where}, {document.name}",
                expected=f"mentions that cover their text up to {_MOST_TIMES} times",
                found=f"{length:,} characters of them in {len(passage.text):,}",
                do="Leave out annotations of whole texts.",
            )


def list_files(sources: Sequence[Path | str]) -> Iterator[tuple[Path, Path]]:
    """Yield the files that are named or in folders that are named, but for hidden ones, each with its folder.

    Raises:
        TypeError: ``sources`` is one name instead of a sequence of them.
        DatasetError: There is no file or folder of a name.
        DocumentError: A folder cannot be read.
    """
    if isinstance(sources, str | Path):
        raise TypeError("sources: expected a sequence of paths, found one; wrap it in a list")
    for source in map(Path, sources):
        if source.is_dir():
            yield from ((path, source) for path in sorted(files_in(source)) if path.is_file())
        elif source.is_file():
            yield source, source.parent
        else:
            raise DatasetError(
                str(source), expected="a file or a folder", found="none of that name", do="Check the name."
            )


def choose_files(sources: Sequence[Path | str], suffixes: tuple[str, ...]) -> tuple[list[Path], list[Path]]:
    """Return the files of `list_files` whose names end in one of some suffixes, in any case, and the others.

    Raises:
        TypeError, DatasetError: As for `list_files`.
    """
    chosen: list[Path] = []
    others: list[Path] = []
    for path, _ in list_files(sources):
        (chosen if path.name.lower().endswith(suffixes) else others).append(path)
    return chosen, others


def check_pieces(
    pieces: Iterable[Span], text: str, words: str | None, where: str, *, do: str
) -> tuple[Span, ...]:
    """Return the pieces of a mention in order, once they are known to be what the corpus says.

    Args:
        pieces: Offsets, in characters (code points).
        text: What they are of.
        words: The words that the corpus says stand there, in any white space; None if it says nothing.
        where: The annotation, for messages.
        do: What to do about words that are others, as a sentence.

    Raises:
        DatasetError: A piece is empty or not inside of the text, or its words are others.
    """
    found = tuple(sorted(pieces))
    if bad := next(((start, end) for start, end in found if not 0 <= start < end <= len(text)), None):
        raise DatasetError(
            where,
            expected=f"a stretch of the text, which has {len(text):,} characters",
            found=f"characters {bad[0]} to {bad[1]}",
            do=do,
        )
    if words is None:
        return found
    marked, named = one_line(" ".join(text[start:end] for start, end in found)), one_line(words)
    # Several pieces may be told with what stands between them; that is long, and looked at only then.
    if named != marked and named != one_line(text[found[0][0] : found[-1][1]]):
        raise DatasetError(
            where,
            expected=f"the words of the text at {', '.join(f'{a}-{b}' for a, b in found[:_SHOWN])}, "
            f"{marked[:_LONGEST_SHOWN]!r}",
            found=repr(named[:_LONGEST_SHOWN]),
            do=do,
        )
    return found
