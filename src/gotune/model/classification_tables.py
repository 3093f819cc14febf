"""Tables put to a model, row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any

from gotune.aspects import ASPECTS, Aspect
from gotune.corpus.documents import Document
from gotune.corpus.screening import assess
from gotune.corpus.table_targets import ColumnType
from gotune.corpus.tables import ROWS_AT_ONCE, Cell, NewRow, TextTable, add_columns, check_targets, open_table
from gotune.model.classification import NameTerms, classify_parts, join_parts
from gotune.named import TERM_COLUMNS, NamedTerm, NamedTerms, joined_terms
from gotune.protocols import Classifier, Track, untracked
from gotune.records import (
    AspectProbabilities,
    ClassifiedSentence,
    ModelInfo,
    Reads,
)
from gotune.render.wording import NONE

COLUMNS: Mapping[str, ColumnType] = {
    "aspects": str,
    **{aspect.value: float for aspect in ASPECTS},
    "doubt": str,
}
"""What is added to a table, with the type of the values."""

SENTENCE_COLUMNS: Mapping[str, ColumnType] = {"row": int, "start": int, "end": int, "role": str, **COLUMNS}
"""What is added where each sentence gets a row."""


@dataclass(frozen=True, slots=True)
class ClassifiedTable:
    """A table that was classified, in numbers.

    Attributes:
        model: What classified it.
        rows: Rows of what was written.
        texts: Texts in the table.
        truncated: How many texts, or sentences if these were read one by one, were longer than the model
            reads and were cut.
        doubts: How many rows have each doubt; a row has at most one.
        scattered: Articles whose rows stand so far apart that they were not read together.
        read: Rows of the table.
        blank: Blank lines of the table, which are no rows.
        named: How many rows of what was written name a term; None if nobody looked.
        release: Of GO, of these terms; "" if nobody looked.
    """

    model: ModelInfo
    rows: int
    texts: int
    truncated: int
    doubts: Mapping[str, int]
    scattered: int
    read: int
    blank: int
    named: int | None = None
    release: str = ""

    @property
    def doubtful(self) -> int:
        """How many rows have a doubt."""
        return sum(self.doubts.values())

    def to_dict(self) -> dict[str, Any]:
        """Return the model and the numbers as plain values."""
        return {
            "model": self.model.to_dict(),
            "rows": self.rows,
            "texts": self.texts,
            "truncated": self.truncated,
            "doubtful": self.doubtful,
            "doubts": dict(self.doubts),
            "scattered": self.scattered,
            "read": self.read,
            "blank": self.blank,
            **({} if self.named is None else {"named": self.named, "release": self.release}),
        }


def classify_table(
    classifier: Classifier,
    source: Path | str,
    targets: Sequence[Path | str],
    *,
    text_column: str,
    article_column: str | None = None,
    by_sentence: bool = False,
    track: Track = untracked,
) -> ClassifiedTable:
    """Copy a table and add what its texts carry.

    A model of whole texts is asked about each text as it is. A model of sentences is asked about each
    sentence, as in a document: the row gets every aspect that one of them carries (or ``none``), the largest
    probability of each aspect, and the doubts about the text as a whole. If the table says which rows are
    of one article, an abbreviation that one row explains counts in the others, as far as they are read
    together: rows that follow each other, up to `ROWS_AT_ONCE`, so sort the table by article. Otherwise it
    counts within its row.

    The source is read to its end before anything is computed, so that a bad row in it shows at once, and
    memory depends on how many rows are read at once, not on the size of the table. What is written, and what
    is kept of each format, tells `gotune.corpus.tables.add_columns`.

    Args:
        classifier: The model.
        source: TSV, CSV, JSON lines (each also with ``.gz``) or Parquet, by the suffix.
        targets: Where to write tables of these kinds; the source may be one of them.
        text_column: The column with the texts. Rows where it is empty, blank or null are kept, and have
            nothing in the new columns.
        article_column: The column that says which rows belong together; None takes a column ``article`` or
            ``pmid`` if there is one.
        by_sentence: Write a row for each sentence instead, with all columns of its row but for the text,
            which is the sentence. ``row`` counts the rows of the table from 1, ``start`` and ``end`` are the
            place of the sentence in the text, in characters, and ``role`` tells headings and the like apart.
        track: Shows how far it is.

    Raises:
        TypeError: ``targets`` is one path instead of a sequence of them.
        TableError: The table cannot be read, lacks a column, has no text or already has a column of a new
            name; or a target cannot hold its values.
        SaveError: A target cannot be written; what was there is untouched.
    """
    table = check_table(
        source, targets, text_column=text_column, article_column=article_column, by_sentence=by_sentence
    )
    return classify_rows(classifier, table, targets, by_sentence=by_sentence, track=track)


def classify_rows(
    classifier: Classifier,
    table: TextTable,
    targets: Sequence[Path | str],
    *,
    by_sentence: bool = False,
    name_terms: NameTerms | None = None,
    track: Track = untracked,
) -> ClassifiedTable:
    """Copy a table that was checked and add what its texts carry, see `classify_table`.

    Args:
        classifier: The model.
        table: What `check_table` returned.
        targets: As for `classify_table`.
        by_sentence: The same.
        name_terms: What finds the terms that the texts name, such as `gotune.Annotator.named`: their ids and
            names get columns, too, the surest first, with ``|`` between them. Nobody looks for them if it is
            None.
        track: Shows how far it is.

    Raises:
        TableError, SaveError: As for `classify_table`.
    """
    if classifier.info.reads is Reads.TEXT and not by_sentence and name_terms is None:
        table = table.without_articles()
    # One progress bar at a time: of the texts of a small table, or else of the rows.
    is_small = table.n_rows <= ROWS_AT_ONCE
    reader = _Reader(classifier, by_sentence, name_terms, track if is_small else untracked)
    copied = add_columns(
        table,
        list(map(Path, targets)),
        _columns(by_sentence, terms=name_terms is not None),
        reader.read,
        rows_at_once=ROWS_AT_ONCE,
        track=untracked if is_small else track,
    )
    return ClassifiedTable(
        classifier.info,
        rows=copied.n_rows,
        texts=table.n_texts,
        truncated=reader.truncated,
        doubts=dict(reader.doubts),
        scattered=copied.n_scattered,
        read=table.n_rows,
        blank=table.source.n_blank,
        named=None if name_terms is None else reader.named,
        release=reader.release,
    )


def check_table(
    source: Path | str,
    targets: Sequence[Path | str],
    *,
    text_column: str,
    article_column: str | None = None,
    by_sentence: bool = False,
    terms: bool = False,
) -> TextTable:
    """Refuse what `classify_table` could not do, before a model is loaded, and return the table.

    With ``terms``, also what `classify_rows` could not do that is to name terms.

    Raises:
        TypeError, TableError, SaveError: As for `classify_table`.
    """
    if isinstance(targets, str | Path):
        raise TypeError("targets: expected a sequence of paths, found one; wrap it in a list")
    table = open_table(Path(source), text_column=text_column, article_column=article_column)
    check_targets(table, list(map(Path, targets)), list(_columns(by_sentence, terms=terms)))
    return table


def _columns(by_sentence: bool, *, terms: bool) -> Mapping[str, ColumnType]:
    return {
        **(SENTENCE_COLUMNS if by_sentence else COLUMNS),
        **dict.fromkeys(TERM_COLUMNS if terms else (), str),
    }


class _Reader:
    """Answers for a model, and counts what was cut, what is doubtful and what names a term."""

    def __init__(
        self, classifier: Classifier, by_sentence: bool, name_terms: NameTerms | None, track: Track
    ) -> None:
        self._classifier = classifier
        self._by_sentence = by_sentence
        self._name_terms = name_terms
        self._track = track
        self.truncated = 0
        self.named = 0
        self.release = ""
        self.doubts: Counter[str] = Counter()

    def read(self, cells: Sequence[Cell]) -> list[list[NewRow]]:
        """Return the rows of each text."""
        texts, truncated = classify_parts(
            self._classifier,
            [cell.text for cell in cells],
            articles=[cell.article for cell in cells],
            by_sentence=self._by_sentence,
            track=self._track,
        )
        self.truncated += truncated
        rows = self._sentences if self._by_sentence else self._whole
        return [
            list(rows(cell, parts, named))
            for cell, parts, named in zip(cells, texts, self._named(cells), strict=True)
        ]

    def _named(self, cells: Sequence[Cell]) -> Iterator[NamedTerms | None]:
        if self._name_terms is None:
            yield from repeat(None, len(cells))
            return
        documents = (Document(f"row {cell.row}", cell.text, cell.article) for cell in cells)
        for named in self._name_terms(documents):
            self.release = named.release
            yield named

    def _sentences(
        self, cell: Cell, parts: Sequence[ClassifiedSentence], named: NamedTerms | None
    ) -> Iterator[NewRow]:
        of_parts = named.of_sentences if named else (None,) * len(parts)
        for part, terms in zip(parts, of_parts, strict=True):
            sentence = part.sentence
            values = self._values(part.probabilities, part.aspects, part.doubts, terms)
            place = (cell.row, sentence.start, sentence.end, sentence.role.value)
            yield NewRow((*place, *values), sentence.text)

    def _whole(
        self, cell: Cell, parts: Sequence[ClassifiedSentence], named: NamedTerms | None
    ) -> Iterator[NewRow]:
        doubts = parts[0].doubts if len(parts) == 1 else assess(cell.text)
        yield NewRow(self._values(*join_parts(parts), doubts, named.terms if named else None))

    def _values(
        self,
        probabilities: AspectProbabilities,
        aspects: Sequence[Aspect],
        doubts: Sequence[str],
        terms: Sequence[NamedTerm] | None,
    ) -> tuple[str | float, ...]:
        self.doubts.update(doubts)
        self.named += bool(terms)
        joined = () if terms is None else joined_terms(terms).values()
        return (",".join(aspects) or NONE, *probabilities, ", ".join(doubts), *joined)
