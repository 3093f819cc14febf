"""Tables put to a model, row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gotune.aspects import ASPECTS, Aspect
from gotune.corpus.screening import assess
from gotune.corpus.table_targets import ColumnType
from gotune.corpus.tables import ROWS_AT_ONCE, Cell, NewRow, TextTable, add_columns, check_targets, open_table
from gotune.model.classification import classify_parts, join_parts
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
    """

    model: ModelInfo
    rows: int
    texts: int
    truncated: int
    doubts: Mapping[str, int]
    scattered: int
    read: int
    blank: int

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
    if classifier.info.reads is Reads.TEXT and not by_sentence:
        table = table.without_articles()
    # One progress bar at a time: of the texts of a small table, or else of the rows.
    is_small = table.n_rows <= ROWS_AT_ONCE
    reader = _Reader(classifier, by_sentence, track if is_small else untracked)
    copied = add_columns(
        table,
        list(map(Path, targets)),
        SENTENCE_COLUMNS if by_sentence else COLUMNS,
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
    )


def check_table(
    source: Path | str,
    targets: Sequence[Path | str],
    *,
    text_column: str,
    article_column: str | None = None,
    by_sentence: bool = False,
) -> TextTable:
    """Refuse what `classify_table` could not do, before a model is loaded, and return the table.

    Raises:
        TypeError, TableError, SaveError: As for `classify_table`.
    """
    if isinstance(targets, str | Path):
        raise TypeError("targets: expected a sequence of paths, found one; wrap it in a list")
    table = open_table(Path(source), text_column=text_column, article_column=article_column)
    check_targets(table, list(map(Path, targets)), list(SENTENCE_COLUMNS if by_sentence else COLUMNS))
    return table


class _Reader:
    """Answers for a model, and counts what was cut and what is doubtful."""

    def __init__(self, classifier: Classifier, by_sentence: bool, track: Track) -> None:
        self._classifier = classifier
        self._by_sentence = by_sentence
        self._track = track
        self.truncated = 0
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
        if self._by_sentence:
            return [
                [self._sentence(cell, part) for part in parts]
                for cell, parts in zip(cells, texts, strict=True)
            ]
        return [[self._whole(cell, parts)] for cell, parts in zip(cells, texts, strict=True)]

    def _sentence(self, cell: Cell, part: ClassifiedSentence) -> NewRow:
        sentence = part.sentence
        values = self._values(part.probabilities, part.aspects, part.doubts)
        return NewRow((cell.row, sentence.start, sentence.end, sentence.role.value, *values), sentence.text)

    def _whole(self, cell: Cell, parts: Sequence[ClassifiedSentence]) -> NewRow:
        doubts = parts[0].doubts if len(parts) == 1 else assess(cell.text)
        return NewRow(self._values(*join_parts(parts), doubts))

    def _values(
        self, probabilities: AspectProbabilities, aspects: Sequence[Aspect], doubts: Sequence[str]
    ) -> tuple[str | float, ...]:
        self.doubts.update(doubts)
        return (",".join(aspects) or NONE, *probabilities, ", ".join(doubts))
