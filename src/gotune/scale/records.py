"""A corpus as a stream of records: its files in order, and what is wrong with one record stops no other.

Texts are numbered as they stand in the files, those that are rejected too. So the same corpus is cut into
the same pieces and shards each time, and a run that was killed goes on where it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from gotune.corpus.plain_text import VISIBLE
from gotune.corpus.table_lines import LONGEST_LINE
from gotune.corpus.tables import LONGEST_TEXT
from gotune.lines import encodable, shortened

TOO_LONG = "\udfff"
"""Stands for a line that is longer than `LONGEST_LINE`; no text has this half of a character."""

_LONGEST_ARTICLE = 1000
"""Characters of what a text is a part of, which stands in each row that is made of the text."""
_TEXTS_OF_PIECE = 500
_CHARACTERS_OF_PIECE = 1 << 22
_CHARACTERS_OF_SHARD = 1 << 26
"""With these bounds memory is the same whether texts are sentences or books."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a corpus.

    Attributes:
        file: Its file, as the corpus names it.
        line: The line on which it begins, from 1; of Parquet the row.
        offset: The byte of the file, unpacked if need be, with which its line begins; None for Parquet.
        article: What it is a part of, or its id, if a table says so; else "".
        text: As it stands there.
    """

    file: str
    line: int
    offset: int | None
    article: str
    text: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """What is no text: a record, or a file that cannot be read on.

    Attributes:
        file: The file, as the corpus names it.
        line: The line on which it begins, or the row of Parquet, from 1.
        reason: What was expected and what was found.
    """

    file: str
    line: int
    reason: str

    @classmethod
    def of(cls, file: str, line: int, reason: str) -> Rejected:
        """Return it with a reason that may hold anything, however long."""
        return cls(file, line, shortened(encodable(reason)))


Record = Text | Rejected


@dataclass(frozen=True, slots=True)
class Piece:
    """Some records that follow each other: what is worked on at once.

    Attributes:
        shard: The number of the shard to which it belongs, from 0.
        texts: Its texts.
        rejected: What is none among them.
        n_read: Bytes of the files that were read up to its end.
        ends_shard: Whether it is the last of its shard.
        ends_corpus: Whether it is the last of all.
    """

    shard: int
    texts: tuple[Text, ...]
    rejected: tuple[Rejected, ...]
    n_read: int
    ends_shard: bool
    ends_corpus: bool = False


class Records(Protocol):
    """A stream of records that tells how much it has read."""

    @property
    def n_read(self) -> int:
        """Bytes of the files that were read so far."""
        ...

    def __iter__(self) -> Iterator[Record]:
        """Yield the records in order."""
        ...


def checked(text: object, article: str, file: str, line: int, offset: int | None) -> Record:
    """Return a text as a record, or why it is none.

    Args:
        text: What stands where a text should.
        article: What the text is a part of; what is longer than a name can be is none.
        file: Its file, as the corpus names it.
        line: Where it begins, from 1.
        offset: The byte of the file with which its line begins.
    """
    article = article if len(article) <= _LONGEST_ARTICLE else ""
    reason = problem_of(text) or _not_encodable(article)
    if reason is None:
        return Text(file, line, offset, article, str(text))
    return Rejected.of(file, line, reason)


def problem_of(text: object) -> str | None:
    """Tell why a value is no text to work on; None if it is one."""
    if not isinstance(text, str):
        return f"expected a text, found {'none' if text is None else f'a {type(text).__name__}'}"
    if len(text) > LONGEST_TEXT:
        return f"expected a text of at most {LONGEST_TEXT:,} characters, found {len(text):,}"
    if not text.isascii() and (problem := _not_encodable(text)):
        return problem
    return None if VISIBLE.search(text) else "expected a text, found nothing that can be seen"


def _not_encodable(text: str) -> str | None:
    try:
        text.encode()
    except UnicodeEncodeError as exc:
        half = ord(text[exc.start])
        if text[exc.start] == TOO_LONG:
            return f"expected lines of at most {LONGEST_LINE:,} bytes, found a longer one"
        if 0xDC80 <= half <= 0xDCFF:  # what `surrogateescape` makes of a byte
            return f"expected UTF-8, found the byte 0x{half - 0xDC00:02x}"
        return "expected characters, found half a surrogate pair"
    return None


def pieces_of(records: Records, texts_of_shard: int) -> Iterator[Piece]:
    """Cut a stream into pieces, and these into shards, by the records alone.

    A piece ends between articles, unless one has many rows more.

    Args:
        records: Those of a corpus.
        texts_of_shard: Records of a shard; one of long texts has fewer, one that would cut an article more.

    Yields:
        At least one piece, which holds nothing if there is no record.
    """
    held: Piece | None = None
    for piece in _cut(records, texts_of_shard):
        if held is not None:
            yield held
        held = piece
    last = held or Piece(0, (), (), records.n_read, ends_shard=True)
    yield Piece(last.shard, last.texts, last.rejected, last.n_read, ends_shard=True, ends_corpus=True)


def _cut(records: Records, texts_of_shard: int) -> Iterator[Piece]:
    found: list[Record] = []
    shard = of_shard = characters = of_piece = n_read = 0
    for record in records:
        is_full = (
            len(found) >= _TEXTS_OF_PIECE or of_shard >= texts_of_shard or of_piece >= _CHARACTERS_OF_PIECE
        )
        if is_full and not (of_piece < _CHARACTERS_OF_PIECE and _goes_on(found, record)):
            characters += of_piece
            ends_shard = of_shard >= texts_of_shard or characters >= _CHARACTERS_OF_SHARD
            yield _piece(shard, found, n_read, ends_shard)
            found, of_piece = [], 0
            if ends_shard:
                shard, of_shard, characters = shard + 1, 0, 0
        found.append(record)
        of_shard += 1
        of_piece += len(record.text) if isinstance(record, Text) else 0
        n_read = records.n_read
    if found:
        yield _piece(shard, found, n_read, ends_shard=True)


def _goes_on(found: Sequence[Record], record: Record) -> bool:
    """Whether a record belongs to the article of the last one, of which that many are worked on together."""
    last = found[-1]
    return (
        isinstance(last, Text)
        and isinstance(record, Text)
        and bool(last.article)
        and last.article == record.article
        and len(found) < 2 * _TEXTS_OF_PIECE
    )


def _piece(shard: int, records: Iterable[Record], n_read: int, ends_shard: bool) -> Piece:
    texts: list[Text] = []
    rejected: list[Rejected] = []
    for record in records:
        if isinstance(record, Text):
            texts.append(record)
        else:
            rejected.append(record)
    return Piece(shard, tuple(texts), tuple(rejected), n_read, ends_shard)
