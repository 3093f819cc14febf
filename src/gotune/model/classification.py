"""Texts, documents and tables put to a model, whichever it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS, Aspect
from gotune.corpus.documents import Document
from gotune.corpus.plain_text import VISIBLE
from gotune.corpus.reading import as_read
from gotune.corpus.screening import assess
from gotune.corpus.sentences import split_sentences
from gotune.corpus.table_targets import ColumnType
from gotune.corpus.tables import ROWS_AT_ONCE, Cell, NewRow, TextTable, add_columns, check_targets, open_table
from gotune.errors import InputError
from gotune.model.decisions import carried
from gotune.protocols import Classifier, Track, Trained, untracked
from gotune.records import (
    AspectProbabilities,
    ClassifiedDocument,
    ClassifiedSentence,
    ClassifiedText,
    ModelInfo,
    Reads,
    Sentence,
)
from gotune.render.wording import NONE


def predict_and_count(
    classifier: Classifier,
    texts: Sequence[str],
    *,
    articles: Sequence[str] | None = None,
    track: Track = untracked,
) -> tuple[NDArray[np.float64], int]:
    """Return aspect probabilities of texts, and how many of them were cut, as far as the model tells."""
    if isinstance(classifier, Trained):
        return classifier.predict_and_count(texts, articles=articles, track=track)
    return classifier.predict_proba(texts, articles=articles, track=track), 0


def classify_document(
    classifier: Classifier, document: Document, *, all_roles: bool = False, track: Track = untracked
) -> ClassifiedDocument:
    """Classify the sentences of a document and what stands between them, in order.

    Args:
        classifier: The model.
        document: Any.
        all_roles: Count headings, captions and all else for the shares, not only sentences.
        track: Shows how far the model is.
    """
    sentences = split_sentences(document.text)
    rows, truncated = predict_and_count(
        classifier,
        [sentence.text for sentence in sentences],
        articles=["document"] * len(sentences),
        track=track,
    )
    return ClassifiedDocument(
        name=document.name,
        sentences=tuple(_classified(classifier.info, sentences, rows)),
        text=document.text,
        model=classifier.info,
        truncated=truncated,
        doubts=_doubts(document.text),
        all_roles=all_roles,
    )


def classify_text(classifier: Classifier, text: str) -> ClassifiedText:
    """Classify one text as a whole, see `join_parts`.

    Raises:
        InputError: The text is empty or only white space.
    """
    if not VISIBLE.search(text):
        raise InputError("text", expected="some words", found="an empty or blank text", do="Give a sentence.")
    (parts,), truncated = classify_parts(classifier, [text])
    probabilities, aspects = join_parts(parts)
    return ClassifiedText(
        text, probabilities, aspects, classifier.info, truncated=bool(truncated), doubts=_doubts(text)
    )


def classify_parts(
    classifier: Classifier,
    texts: Sequence[str],
    *,
    articles: Sequence[str] = (),
    by_sentence: bool = False,
    track: Track = untracked,
) -> tuple[list[tuple[ClassifiedSentence, ...]], int]:
    """Classify what a model reads at once of each text: its sentences, or the text as one.

    Args:
        classifier: The model.
        texts: Each with at least one visible character.
        articles: What each is from, so that abbreviations which one of them explains count in the others;
            "" where that is unknown: then the sentences of a text have only each other. None if empty.
        by_sentence: Take the sentences also with a model of whole texts.
        track: Shows how far the model is.

    Returns:
        The parts of each text, at least one, in order; and how many parts were longer than the model reads.
    """
    is_split = by_sentence or classifier.info.reads is Reads.SENTENCE
    parts = [split_sentences(text) if is_split else (_whole(text),) for text in texts]
    asked, known = [], []
    for number, part in enumerate(parts):
        several = len(part) > 1
        article = (articles[number] if articles else "") or (f"text {number}" if several else "")
        asked += [sentence.text for sentence in part]
        known += [article] * len(part)
    rows, truncated = predict_and_count(
        classifier, asked, articles=known if any(known) else None, track=track
    )
    sentences = [sentence for part in parts for sentence in part]
    classified = _classified(classifier.info, sentences, rows)
    return [tuple(next(classified) for _ in part) for part in parts], truncated


def _whole(text: str) -> Sentence:
    return Sentence(((0, len(text)),), as_read(text))


def join_parts(parts: Sequence[ClassifiedSentence]) -> tuple[AspectProbabilities, tuple[Aspect, ...]]:
    """Return what a text carries of which the parts are known.

    It carries an aspect if one of its parts does, and the probability is the largest of theirs.
    """
    largest = (max(part.probabilities[aspect] for part in parts) for aspect in ASPECTS)
    found = {aspect for part in parts for aspect in part.aspects}
    return AspectProbabilities(*largest), tuple(aspect for aspect in ASPECTS if aspect in found)


def _classified(
    info: ModelInfo, sentences: Sequence[Sentence], rows: NDArray[np.float64]
) -> Iterator[ClassifiedSentence]:
    """Yield the sentences, each with its row of probabilities and what follows from it."""
    for sentence, row, flags in zip(sentences, rows.tolist(), carried(info, rows).tolist(), strict=True):
        aspects = tuple(compress(ASPECTS, flags))
        yield ClassifiedSentence(sentence, AspectProbabilities(*row), aspects, _doubts(sentence.text))


def _doubts(text: str) -> tuple[str, ...]:
    return tuple(doubt.value for doubt in assess(text))


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
