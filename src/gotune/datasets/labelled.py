"""Reading any table of labelled sentences into one form, strictly, with a card that says what was read.

The *sentence table* has the columns ``text``; the probability of each aspect under its name, NaN where nobody
has judged the text on that aspect; ``article``, the group that a split must not cut, empty if unknown; and
``spans``, the rationale: where the labels stand, as a list of ``(start, end, label)`` with offsets in the
text, or None where that is unknown. What is not judged neither teaches nor counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gotune.corpus.reading import text_keys
from gotune.corpus.table_sources import TableSource, open_source
from gotune.datasets.craft import CRAFT
from gotune.datasets.label_conflicts import LabelledRow, OnConflict, resolve_conflicts
from gotune.datasets.label_rows import ANY_TABLE, PROBABILITIES, Columns, LabelReader, find_columns
from gotune.datasets.source_card import SourceCard
from gotune.errors import DatasetError, TableError
from gotune.files import sha256_of
from gotune.lines import one_line

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

KINDS = (CRAFT, ANY_TABLE)
"""The kinds of labelled tables that are read, the last of which is any."""

_SHOWN = 5
_LONGEST_SHOWN = 60
_CITATION = "citation"
_MOST_CITED = 5
_LONGEST_CITATION = 500


@dataclass(frozen=True, slots=True)
class LabelledSource:
    """A sentence table and the card of what it came from.

    Attributes:
        table: A row a text.
        card: What was read, and from where.
        weight: How much each row counts in the loss of a model that learns from it.
        made_up: The texts were made for training: they are learned from, and nothing is measured on them.
        n_read: Rows of the file that it was read from, 0 if it is from none.
        n_blank: Blank lines of the file, which are no rows.
    """

    table: pd.DataFrame
    card: SourceCard
    weight: float = 1.0
    made_up: bool = False
    n_read: int = 0
    n_blank: int = 0


def card_of(table: pd.DataFrame, *, name: str, sha256: str, citation: str = "") -> SourceCard:
    """Count what is in a sentence table."""
    truth = table[list(PROBABILITIES)]
    carries, is_judged = truth >= 0.5, truth.notna()
    return SourceCard(
        name=name,
        sha256=sha256,
        n_rows=len(table),
        counts={aspect: int(carries[aspect].sum()) for aspect in PROBABILITIES},
        n_none=int((is_judged.all(axis=1) & ~carries.any(axis=1)).sum()),
        n_articles=len(set(table["article"]) - {""}),
        citation=citation,
        judged={aspect: int(is_judged[aspect].sum()) for aspect in PROBABILITIES},
    )


def truth_of(table: pd.DataFrame) -> NDArray[np.float64]:
    """Return which aspects the texts of a sentence table carry, of shape ``(rows, 3)``.

    It is 1 for a probability of at least .5, 0 for a lower one, and NaN where nobody has judged.
    """
    import numpy as np

    probabilities = table[list(PROBABILITIES)].to_numpy(dtype=np.float64)
    return np.where(np.isnan(probabilities), np.nan, probabilities >= 0.5)


def read_source(
    path: Path | str,
    *,
    text_column: str = "text",
    aspects_column: str | None = None,
    on_conflict: OnConflict | str | None = None,
) -> LabelledSource:
    """Read a labelled TSV, CSV, JSON lines (each also with ``.gz``) or Parquet file.

    The labels are a column of aspects: a comma-joined subset of BP, CC and MF or of their full names,
    ``none`` or nothing for none of the three, ``?`` where nobody has looked, which is skipped. Or they are
    three columns of probabilities named as the aspects, empty where nobody has looked. A column ``article``
    or ``pmid`` names the group that a split must not cut. A column ``spans`` holds the rationale, where in
    the text the labels stand, as a list of ``[start, end, aspect]``; tables of corpora, such as CRAFT's,
    tell it in their own way.

    A column ``judged`` tells on which aspects each text is judged, written as aspects are; without it a text
    is judged on all three, but for empty cells of probabilities. ``none`` or nothing there is a text that
    nobody has looked at, which is skipped. What is not judged neither teaches nor counts.

    A column ``citation`` says whom to cite, as in tables that gotune makes of corpora; the card has it.

    Args:
        path: The file.
        text_column: The column with the texts.
        aspects_column: The column with the aspects. None takes the columns of probabilities if there are
            any, else ``aspects_rec``, which is CRAFT's, else ``aspects``. Where probabilities and such a
            column say different things, it has to be named.
        on_conflict: What to do with texts whose labels contradict each other: ``first``, ``union`` or
            ``drop``, see `OnConflict`; None refuses them.

    Raises:
        TableError: The file cannot be read or lacks a column; a cell is not what its column holds;
            probabilities and aspects differ; an aspect or a span is of what is not judged; labels contradict
            each other; or no text has any aspect. Lists examples with their lines.
    """
    path = Path(path)
    source, columns = _open(path, text_column, aspects_column)
    reader = LabelReader(columns)
    n_read = 0
    citations = dict.fromkeys([columns.kind.citation])
    for place, row in source.numbered_rows():
        reader.add(place, row)
        n_read += 1
        if len(citations) <= _MOST_CITED:
            citations[one_line(str(row.get(_CITATION) or ""))[:_LONGEST_CITATION]] = None
    rows = reader.rows(str(path))
    resolved = resolve_conflicts(rows, str(path), None if on_conflict is None else OnConflict(on_conflict))
    table = _table(resolved.rows)
    card = replace(
        card_of(
            table,
            name=path.name,
            sha256=sha256_of(path),
            citation="; ".join(filter(None, citations)),
        ),
        n_skipped=reader.n_skipped,
        n_duplicates=resolved.n_duplicates,
        n_conflicts=resolved.n_conflicts,
    )
    # Of an aspect that this table lacks another source may have texts.
    if not any(card.counts.values()):
        raise TableError(
            str(path),
            expected="at least one text that carries an aspect",
            found=f"none in {len(table):,} labelled rows",
            do="Label some, or check which column has the aspects.",
        )
    return LabelledSource(table, card, n_read=n_read, n_blank=source.n_blank)


def check_source(path: Path | str, *, text_column: str = "text", aspects_column: str | None = None) -> None:
    """Refuse what `read_source` could not begin to read.

    Raises:
        TableError: It is no table, or lacks a column.
    """
    _open(Path(path), text_column, aspects_column)


def _open(path: Path, text_column: str, aspects_column: str | None) -> tuple[TableSource, Columns]:
    source = open_source(path)
    return source, find_columns(path, source.schema.names, text_column, aspects_column, KINDS)


def check_overlap(source: LabelledSource, definitions: Iterable[str]) -> None:
    """Refuse a source with texts that are to be measured on, whatever their case and white space.

    Args:
        source: Labelled texts to learn from.
        definitions: Those of the test parts of a dataset.

    Raises:
        DatasetError: They have texts in common; lists examples.
    """
    tested: set[str] = set().union(*map(text_keys, definitions))
    if shared := [text for text in source.table["text"] if text_keys(text) & tested]:
        raise DatasetError(
            source.card.name,
            expected="no text that is a definition of a test part of the dataset",
            found=f"{len(shared):,}: {'; '.join(repr(text[:_LONGEST_SHOWN]) for text in shared[:_SHOWN])}",
            do="Take them out of the file: what a model has learned from cannot be measured on.",
        )


def article_folds(table: pd.DataFrame, n_folds: int) -> NDArray[np.int64]:
    """Deal whole articles into folds of about the same number of sentences.

    Args:
        table: A sentence table, each row with its article.
        n_folds: How many, at least 2.

    Returns:
        The fold of each row, from 0; the same for the same table.

    Raises:
        DatasetError: A row has no article, or there are fewer articles than folds.
    """
    import numpy as np
    from sklearn.model_selection import GroupKFold

    articles = table["article"].to_numpy()
    if n_unknown := int((articles == "").sum()):
        raise DatasetError(
            "split by article",
            expected="the article of every sentence, in a column `article` or `pmid`",
            found=f"{n_unknown:,} of {len(table):,} without one",
            do="Add the column: sentences of one article on both sides make the figures too good.",
        )
    n_articles = len(set(articles))
    if not 2 <= n_folds <= n_articles:
        raise DatasetError(
            "split by article",
            expected=f"from 2 folds to as many as there are articles, {n_articles:,}",
            found=f"{n_folds:,}",
            do="Label sentences of more articles, or ask for fewer folds.",
        )
    folds = np.empty(len(table), dtype=np.int64)
    for fold, (_, rows) in enumerate(GroupKFold(n_folds).split(articles, groups=articles)):
        folds[rows] = fold
    return folds


def _table(rows: Sequence[LabelledRow]) -> pd.DataFrame:
    import pandas as pd

    columns: dict[str, object] = {
        "text": [row.text for row in rows],
        **{name: [row.labels[label] for row in rows] for label, name in enumerate(PROBABILITIES)},
        "article": [row.article for row in rows],
        "spans": pd.Series([row.spans for row in rows], dtype=object),
    }
    return pd.DataFrame(columns)
