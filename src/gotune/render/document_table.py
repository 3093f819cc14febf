"""A classified document as a table: one row a sentence."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from gotune.files import atomic_file, check_file
from gotune.lines import one_line
from gotune.records import ClassifiedDocument
from gotune.render.wording import join_names
from gotune.render.workbook import COLUMNS, render_workbook

if TYPE_CHECKING:
    import pandas as pd


def document_frame(document: ClassifiedDocument) -> pd.DataFrame:
    """Return the sentences in order, with their numbers from 1.

    Offsets count characters of the document. Half a surrogate pair, which no file can hold, becomes
    U+FFFD; every other character is kept as it is.

    Returns:
        The columns sentence, start, end, text, aspects (names of those that the sentence carries, with
        ", " between them, or "none"), and the probability of each aspect under its name. What the
        probabilities mean, ``document.model.head`` tells.
    """
    import pandas as pd

    rows = [
        {
            "sentence": number,
            **sentence.to_dict(),
            "text": _encodable(sentence.sentence.text),
            "aspects": join_names(sentence.aspects),
        }
        for number, sentence in enumerate(document.sentences, start=1)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def write_document(document: ClassifiedDocument, path: Path | str) -> None:
    """Write a document as .xlsx, .csv, .tsv, .parquet or .json, by the suffix of ``path``.

    CSV is UTF-8 with every text in quotes, and reads back exactly. TSV is without quotes, a row a line:
    runs of blanks in a text, line breaks among them, are one blank there; the offsets lead to the
    original. Excel takes a CSV cell that begins with ``=`` for a formula and guesses the encoding: give
    people who use Excel the .xlsx, in which text stays text. JSON is the whole result, with the head and
    the shares, as is the .xlsx.

    Raises:
        InputError: Another suffix, or more sentences than an Excel sheet has rows.
        SaveError: The file cannot be written; an old one is untouched.
    """
    path = Path(path)
    check_table_name(path)
    with atomic_file(path) as temporary:
        _WRITERS[path.suffix.lower()](document, temporary)


def check_table_name(path: Path) -> None:
    """Refuse a name that `write_document` cannot write, before any work is done.

    Raises:
        InputError: Another suffix than those of the formats.
        SaveError: It cannot be written there.
    """
    check_file(path, _WRITERS, do="Rename the table, for example to sentences.csv.")


def _write_xlsx(document: ClassifiedDocument, path: Path) -> None:
    path.write_bytes(render_workbook(document))


def _write_csv(document: ClassifiedDocument, path: Path) -> None:
    # Unquoted, a carriage return inside a sentence would end the row for some readers.
    document_frame(document).to_csv(path, index=False, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)


def _write_tsv(document: ClassifiedDocument, path: Path) -> None:
    # TSV has no quoting here, as in `gotune.corpus.tables`, so that one line is one row.
    frame = document_frame(document)
    frame["text"] = [one_line(text) for text in frame["text"]]
    frame.to_csv(path, sep="\t", index=False, lineterminator="\n", quoting=csv.QUOTE_NONE)


def _write_parquet(document: ClassifiedDocument, path: Path) -> None:
    document_frame(document).to_parquet(path, engine="pyarrow", index=False)


def _write_json(document: ClassifiedDocument, path: Path) -> None:
    text = json.dumps(document.to_dict(), ensure_ascii=False, indent=2)
    path.write_text(_encodable(text) + "\n", encoding="utf-8", newline="\n")


def _encodable(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


_WRITERS: Mapping[str, Callable[[ClassifiedDocument, Path], None]] = {
    ".xlsx": _write_xlsx,
    ".csv": _write_csv,
    ".tsv": _write_tsv,
    ".parquet": _write_parquet,
    ".json": _write_json,
}
