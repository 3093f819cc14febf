"""Tables whose texts are judged on some aspects only."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from gotune.aspects import ASPECTS
from gotune.datasets.label_cells import BadCellError, parse_judged
from gotune.datasets.label_rows import PROBABILITIES
from gotune.datasets.labelled import LabelledSource, read_source, truth_of
from gotune.errors import TableError

THREE = "text\taspects\tjudged\nCells divide.\tBP\tBP,CC,MF\n"


def read(path: Path, content: str, **options: Any) -> LabelledSource:  # noqa: ANN401 (those of `read_source`)
    path.write_text(content, encoding="utf-8")
    return read_source(path, **options)


def labels_of(table: pd.DataFrame) -> list[str]:
    """Return labels as text, as NaN is equal to nothing."""
    return [
        "".join("-" if math.isnan(value) else f"{value:g}" for value in row)
        for row in table[list(PROBABILITIES)].to_numpy()
    ]


def test_what_is_not_judged_is_nan(tmp_path: Path) -> None:
    rows = "It binds zinc.\tMF\tmf , biological_process\nMice ate.\tnone\tCC\nNo.\tBP\t bp\n"
    open_rows = "Nobody.\tnone\tnone\nNor here.\t\t\nNot yet.\t?\tBP\n"
    source = read(tmp_path / "a.tsv", THREE + rows + open_rows)
    assert labels_of(source.table) == ["100", "0-1", "-0-", "1--"]
    assert repr(truth_of(source.table).tolist()[1:3]) == "[[0.0, nan, 1.0], [nan, 0.0, nan]]"
    card = source.card
    assert list(card.judged.values()) == [3, 2, 2]
    assert list(card.counts.values()) == [2, 0, 1]
    assert (card.n_none, card.n_skipped, card.n_judged(ASPECTS[0])) == (0, 3, 3)


def test_an_empty_cell_of_aspects_is_none_of_those_judged(tmp_path: Path) -> None:
    source = read(tmp_path / "a.tsv", THREE + "Mice ate.\t\tCC\nRats ate.\tnone\tBP\n")
    assert labels_of(source.table) == ["100", "-0-", "0--"]


@pytest.mark.parametrize(
    ("judged", "labels"), [("none", []), (None, []), ([], []), (["BP", "molecular_function"], ["0-0"])]
)
def test_json_lines(tmp_path: Path, judged: list[str] | str | None, labels: list[str]) -> None:
    rows = [
        {"text": "One.", "aspects": ["CC"], "judged": "BP,CC,MF"},
        {"text": "Two.", "aspects": [], "judged": judged},
    ]
    source = read(tmp_path / "a.jsonl", "".join(json.dumps(one) + "\n" for one in rows))
    assert labels_of(source.table) == ["010", *labels]


@pytest.mark.parametrize("cell", ["P", "BP,", "?", "none,BP", 1])
def test_unknown_words(cell: object) -> None:
    with pytest.raises(BadCellError):
        parse_judged(cell)


COLUMNS = "text,biological_process,cellular_component,molecular_function"


def test_columns_of_probabilities(tmp_path: Path) -> None:
    rows = "One.,.9,,.2\nTwo.,,.5,\nThree.,,,\n"
    source = read(tmp_path / "a.csv", f"{COLUMNS}\n{rows}")
    assert labels_of(source.table) == ["0.9-0.2", "-0.5-"]
    assert (source.card.n_skipped, list(source.card.judged.values())) == (1, [1, 1, 1])
    assert repr(truth_of(source.table).tolist()) == "[[1.0, nan, 0.0], [nan, 1.0, nan]]"
    # A filler below .5 says nothing of what is not judged.
    named = read(tmp_path / "b.csv", f'{COLUMNS},judged,aspects\nOne.,.9,0,.2,"MF,BP",BP\nTwo.,0,,1,MF,MF\n')
    assert labels_of(named.table) == ["0.9-0.2", "--1"]


BAD = {
    "unknown word": (
        THREE + "One.\tBP\tBP,XY\n",
        "expected in the column `judged`: aspects out of BP, CC, MF, or none .*, found 'XY' in line 3",
    ),
    "not judged": (
        THREE + "One.\tBP,MF\tMF,CC\nTwo.\tBP\tnone\n",
        "expected in the column `judged`: every aspect that the text carries, found BP,MF where CC,MF is "
        "judged in line 3, BP where none is judged in line 4",
    ),
    "nothing judged": (
        "text\taspects\tjudged\nOne.\tnone\tnone\nTwo.\t\t\n",
        "expected labelled texts, found 2 rows, none of them labelled",
    ),
    "probability of what is not judged": (
        f"{COLUMNS},judged\nOne.,.9,.5,0,BP\n".replace(",", "\t"),
        "found BP,CC where BP is judged in line 2",
    ),
    "judged without a probability": (
        f"{COLUMNS}\tjudged\nOne.,.9,,0\tBP,CC\n".replace(",", "\t", 6).replace("BP\tCC", "BP,CC"),
        "expected a probability of each aspect that is judged, found nothing for CC in line 2",
    ),
    "span": (
        'text\taspects\tjudged\tspans\nOne.\tBP\tBP\t[[0,1,"BP"],[0,2,"CC"]]\n',
        "expected spans of aspects on which the text is judged, found one of CC where BP is judged in line 2",
    ),
    "span beside an empty probability": (
        f"{COLUMNS}\tspans\nOne.,.9,,0\t[[0,1,1]]\n".replace(",", "\t", 6),
        "found one of CC where BP,MF is judged in line 2",
    ),
    "contradiction": (
        THREE + "Cells  DIVIDE.\tMF\tBP,MF\n",
        r"'Cells divide\.' is BP in line 2, MF \(judged: BP,MF\) in line 3\. Mend them",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "message"), BAD.values(), ids=BAD)
def test_bad_files(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(TableError, match=message):
        read(tmp_path / "a.tsv", content)
