from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from gotune.corpus.tables import LONGEST_TEXT
from gotune.errors import GeneError
from gotune.genes.gene import Gene, GeneText
from gotune.genes.tables import genes_in_table


def genes(path: Path, **columns: str) -> list[Gene]:
    return [gene for _, gene in genes_in_table(path, columns)]


def table(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "genes.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_a_table_of_text(tmp_path: Path) -> None:
    path = tmp_path / "genes.tsv"
    path.write_text(
        "Gene ID\tSymbol\tname\tsynonyms\tTaxon\tDescription\tAbstract\tPMID\n"
        "H1\tHng1\tHinge 1\tHng| hinge\ttaxon:10090\tOpens the lid.\tWe show that it opens.\t12\n"
        " H2 \tHng2\t\t\t\t \t\t\n"
    )
    assert list(genes_in_table(path, {})) == [
        (
            "line 2",
            Gene(
                "H1",
                "Hng1",
                "Hinge 1",
                ("Hng", "hinge"),
                10090,
                (GeneText("Opens the lid."), GeneText("We show that it opens.", "PMID:12")),
            ),
        ),
        ("line 3", Gene("H2", "Hng2")),
    ]


def test_texts_lose_their_tags(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    text = "<p>Binds <i>N</i><sub>2</sub> at &gt;5 &micro;M, p<0.05.</p><br/>Opens <a href=x>lids</a> "
    text += "<Lid1> <a and b>"
    path.write_text(json.dumps({"id": "x", "description": text}) + "\n")
    (gene,) = genes(path)
    assert [one.text for one in gene.texts] == [" Binds N2 at >5 µM, p<0.05.  Opens lids <Lid1> <a and b>"]


def test_lists_and_numbers_in_json_and_parquet(tmp_path: Path) -> None:
    row = {
        "id": 7,
        "abstracts": ["One.", "Two."],
        "pmids": [12, "PMID:13"],
        "tax_id": 9606,
        "aliases": ["a", "b"],
    }
    expected = Gene("7", "", "", ("a", "b"), 9606, (GeneText("One.", "PMID:12"), GeneText("Two.", "PMID:13")))
    assert genes(table(tmp_path, row, {"id": "8"})) == [expected, Gene("8", "")]
    frame = pd.DataFrame(
        {"id": ["7", "8"], "abstract": ["One.", None], "pmid": [12.0, None], "taxon": [9606.0, None]}
    )
    frame.to_parquet(tmp_path / "genes.parquet")
    assert genes(tmp_path / "genes.parquet") == [
        Gene("7", "", taxon=9606, texts=(GeneText("One.", "PMID:12"),)),
        Gene("8", ""),
    ]


def test_columns_of_other_names(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        {"FBgn": "1", "Function": "Opens.", "summary": "not this", "DOI": "doi:10.1", "abstract": "A."},
    )
    texts = (GeneText("Opens."), GeneText("A.", "doi:10.1"))
    assert genes(path, id="FBgn", description="Function", pmid="DOI") == [Gene("1", "", texts=texts)]


@pytest.mark.parametrize(
    ("columns", "where", "expected", "found"),
    [
        ({}, "genes.jsonl", "a column id or gene_id", "the columns FBgn, lid, text"),
        ({"id": "fbgn"}, "genes.jsonl", "a column 'fbgn'", "the columns FBgn, lid, text"),
        (
            {"id": "FBgn"},
            "genes.jsonl",
            "a column that tells of the genes (symbol, gene_symbol, name, gene_name, full_name, description, "
            "summary, abstract, abstracts)",
            "the columns FBgn, lid, text",
        ),
        (
            {"text": "text"},
            "columns",
            "one of id, symbol, name, synonyms, taxon, description, abstract, pmid",
            "'text'",
        ),
    ],
)
def test_columns_that_are_not_there(
    columns: dict[str, str], where: str, expected: str, found: str, tmp_path: Path
) -> None:
    path = table(tmp_path, {"FBgn": "1", "lid": "", "text": "Opens."})
    with pytest.raises(GeneError) as caught:
        genes(path, **columns)
    assert caught.value.where.endswith(where)
    assert (caught.value.expected, caught.value.found) == (expected, found)


def test_what_r_writes_for_nothing_is_nothing(tmp_path: Path) -> None:
    path = tmp_path / "genes.tsv"
    path.write_text("id\tsymbol\tname\ttaxon\tdescription\nH1\tNA\tNA\tNA\t NA\nH2\tna\tNarrow\t\t\n")
    assert genes(path) == [Gene("H1", ""), Gene("H2", "na", "Narrow")]


def test_ids_are_enough_where_nothing_else_stands(tmp_path: Path) -> None:
    assert genes(table(tmp_path, {"id": "H1", "taxon": 7})) == [Gene("H1", "", taxon=7)]
    with pytest.raises(GeneError, match="a column that tells of the genes"):
        genes(table(tmp_path, {"id": "H1", "title": "Hinge"}))


def test_of_two_columns_of_a_name_the_first_counts(tmp_path: Path) -> None:
    assert genes(table(tmp_path, {"id": "1", "Symbol": "a", "symbol": "b"})) == [Gene("1", "a")]


@pytest.mark.parametrize(
    ("row", "expected", "found"),
    [
        ({"id": " "}, "an id in column 'id'", "none"),
        ({"id": None}, "an id in column 'id'", "none"),
        ({"id": "1", "taxon": "mouse"}, "NCBI's number of an organism, such as 9606", "'mouse'"),
        ({"id": "1", "abstract": ["a", "b"], "pmid": "1"}, "a PMID for each abstract, 2", "1"),
        (
            {"id": "1", "abstract": "a" * (LONGEST_TEXT + 1)},
            "texts of at most 1,000,000 characters",
            "one of 1,000,001",
        ),
    ],
)
def test_a_bad_row_is_told(row: dict[str, Any], expected: str, found: str, tmp_path: Path) -> None:
    path = table(tmp_path, {"id": "0", "abstract": "a"}, row)
    with pytest.raises(GeneError) as caught:
        genes(path)
    assert (caught.value.where, caught.value.expected, caught.value.found) == (
        f"{path}, line 2",
        expected,
        found,
    )
