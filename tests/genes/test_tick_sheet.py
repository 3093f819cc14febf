from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from gotune.errors import SaveError
from gotune.genes.gene import Gene
from gotune.genes.suggestions import AnnotatedGene
from gotune.genes.tick_sheet import COLUMNS, SHEET
from gotune.genes.writing import write_suggestions
from tests.genes.test_suggestions import BARE, OPENS
from tests.sheets import hidden_columns

GENE = Gene("UniProtKB:P12345", "=Lid9", "lid opener 9", ("L9",), 7)
GENES = [AnnotatedGene(GENE, (OPENS, BARE)), AnnotatedGene(Gene("Made:x", ""), ())]


def test_a_row_a_suggestion(tmp_path: Path) -> None:
    path = tmp_path / "genes.xlsx"
    write_suggestions(path, iter(GENES), "2030-01-31")
    sheet = openpyxl.load_workbook(path)[SHEET]
    header, first, second = sheet.iter_rows(values_only=True)
    assert list(header) == list(COLUMNS)
    row = dict(zip(COLUMNS, first, strict=True))
    assert row["score"] == pytest.approx(OPENS.score)
    assert row == {
        **row,
        "symbol": "=Lid9",
        "gene": "lid opener 9",
        "id": "UniProtKB:P12345",
        "go_id": "GO:0000012",
        "name": "opening",
        "aspect": "biological_process",
        "evidence": OPENS.evidence,
        "decision": None,
        "other term": None,
        "note": None,
        "taxon": 7,
        "release": "2030-01-31",
    }
    assert second[COLUMNS_AT["evidence"]].startswith("inferred of like genes")
    assert second[COLUMNS_AT["go_id"]] == "GO:0000021"
    assert sheet["A2"].data_type == "s"  # no formula
    assert [list(COLUMNS)[column - 1] for column in hidden_columns(sheet)] == ["taxon", "release"]
    (offer, _) = sheet.data_validations.dataValidation
    assert offer.formula1 == '"right,wrong,other term,unsure"'
    assert offer.promptTitle == "Does the gene have the term?"


def test_doubts_stand_before_the_evidence(tmp_path: Path) -> None:
    path = tmp_path / "genes.xlsx"
    write_suggestions(path, [AnnotatedGene(GENE, (OPENS,), ("a text of it is odd", "so is its name"))], "1")
    (_, row) = openpyxl.load_workbook(path)[SHEET].iter_rows(values_only=True)
    said = f"doubtful: a text of it is odd; so is its name; {OPENS.evidence}"
    assert row[COLUMNS_AT["evidence"]] == said


COLUMNS_AT = {name: number for number, name in enumerate(COLUMNS)}


def test_what_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    folder = tmp_path / "genes.xlsx"
    folder.mkdir()
    with pytest.raises(SaveError):
        write_suggestions(folder, GENES, "2030-01-31")
    assert folder.is_dir()
