"""Reading the rows of a labelled table, and telling at once what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gotune.aspects import ASPECTS
from gotune.corpus.plain_text import VISIBLE
from gotune.corpus.table_values import Row, article_in, as_text, known
from gotune.corpus.tables import article_column_of
from gotune.datasets.label_cells import (
    NONE,
    NOT_LABELLED,
    BadCellError,
    BadCells,
    Labels,
    Span,
    aspects_of,
    check_spans,
    examples,
    keep_judged,
    parse_aspects,
    parse_judged,
    parse_probabilities,
    parse_spans,
)
from gotune.datasets.label_conflicts import LabelledRow
from gotune.errors import TableError

PROBABILITIES = tuple(aspect.value for aspect in ASPECTS)
"""The columns that hold the probabilities of the aspects, in label order."""

_JUDGED = "judged"
_LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class TableKind:
    """A kind of labelled tables, such as that of a corpus.

    Attributes:
        known_by: Columns that all tables of this kind have.
        aspects: Columns with aspects, of which the first one that is there is read unless the user names
            another, or there are probabilities.
        rationale: Gives where in a text its labels stand, from the row and the text; None where that is
            unknown. It raises `BadCellError` for cells that cannot be read.
        explained: The column with aspects whose rationale it is; None for any labels.
        citation: Whom to cite and what the licence is.
    """

    known_by: frozenset[str]
    aspects: tuple[str, ...]
    rationale: Callable[[Row, str], list[Span] | None]
    explained: str | None = None
    citation: str = ""


ANY_TABLE = TableKind(
    known_by=frozenset(),
    aspects=("aspects_rec", "aspects"),
    rationale=lambda row, text: parse_spans(row.get("spans"), text),
)
"""What a person or a program brings."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where to find what in a table.

    Attributes:
        kind: What it is known to be.
        text: The column with the texts.
        aspects: The column with the aspects; None where the columns of probabilities have them.
        compared: The column with aspects that must say the same as the probabilities, if there is one.
        article: The column with the articles, if there is one.
        judged: The column with the aspects on which each text is judged, if there is one; else it is all.
    """

    kind: TableKind
    text: str
    aspects: str | None
    compared: str | None
    article: str | None
    judged: str | None

    @property
    def has_rationale(self) -> bool:
        """Whether the kind tells where the labels stand that are read."""
        return self.kind.explained in (None, self.aspects)


def find_columns(
    path: Path, names: Sequence[str], text: str, aspects: str | None, kinds: Sequence[TableKind]
) -> Columns:
    """Choose the columns to read.

    Args:
        path: The table, for messages.
        names: Its columns.
        text: The one with the texts.
        aspects: The one with the aspects, if the user named it.
        kinds: The first whose columns are there is the kind of the table; the last is of any.

    Raises:
        TableError: A column is missing.
    """
    kind = next(kind for kind in kinds if kind.known_by <= set(names))
    compared = None
    if aspects is None:
        aspects = next((name for name in kind.aspects if name in names), None)
        if set(PROBABILITIES) <= set(names):
            aspects, compared = None, aspects
        else:
            _check_no_probability(path, names)
            aspects = aspects or kind.aspects[-1]
    for name in (text, aspects):
        if name is not None and name not in names:
            raise TableError(
                str(path),
                expected=f"a column {name!r}",
                found=f"the columns {', '.join(names)}",
                do="Name the columns that have the texts and their aspects: --text-column, --aspects-column.",
            )
    judged = _JUDGED if _JUDGED in names else None
    return Columns(kind, text, aspects, compared, article_column_of(names), judged)


def _check_no_probability(path: Path, names: Sequence[str]) -> None:
    if found := [name for name in PROBABILITIES if name in names]:
        raise TableError(
            str(path),
            expected=f"all of the columns {', '.join(PROBABILITIES)}, or none of them",
            found=", ".join(found),
            do="Add the others, or name the column that has the aspects.",
        )


class LabelReader:
    """Gathers rows, and what is wrong with them so that it can be told at once."""

    def __init__(self, columns: Columns) -> None:
        self.n_skipped = 0
        self._columns = columns
        self._rows: list[LabelledRow] = []
        self._problems = BadCells()
        self._empty: list[str] = []
        self._says_none = False

    def add(self, place: str, row: Row) -> None:
        """Read one row of the table; NaN in a cell is nothing."""
        row = {name: known(cell) for name, cell in row.items()}
        try:
            labels = self._labels(place, row)
            if labels is None:
                self.n_skipped += 1
                return
            text = _text(row.get(self._columns.text))
            spans = self._columns.kind.rationale(row, text) if self._columns.has_rationale else None
            check_spans(spans or (), labels)
        except BadCellError as exc:
            self._problems.add(exc, place)
            return
        column = self._columns.article
        article = "" if column is None else article_in(row.get(column))
        self._rows.append(LabelledRow(place, text, labels, article, spans))

    def rows(self, where: str) -> list[LabelledRow]:
        """Return the labelled rows.

        Raises:
            TableError: Some cells cannot be read, it is unclear what empty ones mean, or there is no row.
        """
        self._problems.check(where)
        if self._says_none and self._empty:
            raise TableError(
                where,
                expected=f"either {NONE!r} or empty cells for texts of no aspect, since both leave it open "
                "whether anybody has looked at the empty ones",
                found=f"both; empty in {examples(self._empty)}",
                do=f"Write {NOT_LABELLED} where nobody has looked, and {NONE} where there is no aspect.",
            )
        if not self._rows:
            raise TableError(
                where,
                expected="labelled texts",
                found=f"{self.n_skipped:,} rows, none of them labelled",
                do="Label some, or name the column that has the labels.",
            )
        return self._rows

    def _labels(self, place: str, row: Row) -> Labels | None:
        """Return the labels of a row, with NaN for what is not judged; None if nothing is."""
        labels = self._written(place, row)
        if labels is None or self._columns.judged is None:
            return labels
        judged = parse_judged(row.get(self._columns.judged))
        labels = keep_judged(labels, judged)
        return labels if judged else None

    def _written(self, place: str, row: Row) -> Labels | None:
        if self._columns.aspects is None:
            labels = parse_probabilities([row.get(name) for name in PROBABILITIES])
            if self._columns.compared is not None:
                _check_agreement(labels, row.get(self._columns.compared), self._columns.compared)
            return labels
        cell = row.get(self._columns.aspects)
        word = as_text(cell).strip().lower()
        self._says_none |= word == NONE
        # Beside `judged` it is clear what an empty cell means.
        if not word and self._columns.judged is None:
            self._empty.append(place)
        return parse_aspects(cell)


def _check_agreement(labels: Labels | None, cell: object, column: str) -> None:
    """Refuse aspects that are not those of probability .5 or more: a person may have corrected them."""
    said = as_text(cell).strip()
    if labels is None and not said:
        return
    try:
        decided = None if labels is None else tuple(float(value >= 0.5) for value in labels)
        if parse_aspects(cell) == decided:
            return
    except BadCellError:
        pass  # some other word is no agreement either
    shown = "empty probabilities" if labels is None else f"probabilities of {aspects_of(labels)}"
    raise BadCellError(
        expected=f"a column {column!r} that says the same as the probabilities",
        found=f"{said[:_LONGEST_SHOWN]!r} beside {shown}",
        do=f"Say which holds the labels: --aspects-column {column}, or remove the other.",
    )


def _text(cell: object) -> str:
    if isinstance(cell, str) and VISIBLE.search(cell):
        return cell
    raise BadCellError(
        expected="a text in every labelled row",
        found="nothing" if cell is None or isinstance(cell, str) else f"a {type(cell).__name__}",
        do="Mend these rows, or name the column that has the texts.",
    )
