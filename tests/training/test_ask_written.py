from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.aspects import ASPECTS, Aspect
from gotune.corpus.plain_text import text_key
from gotune.datasets.labelled import read_source
from gotune.errors import InputError, TableError
from gotune.records import AspectProbabilities
from gotune.training.ask import COLUMNS, Suggestion, write_suggestions

ALL = {"BP": (1, 0, 0), "CC,MF": (0, 1, 1), "none": (0, 0, 0)}


def suggestion(text: str, number: int = 1, aspects: tuple[Aspect, ...] = ()) -> Suggestion:
    return Suggestion(
        row=number,
        article=f"paper {number}",
        sentence=number,
        text=text,
        aspects=aspects,
        probabilities=AspectProbabilities(0.9876, 0.5, 0.25),
        uncertainty=1.8123,
        unsure_of=ASPECTS[1:],
    )


def fill_in(path: Path, labels: list[str]) -> None:
    """Write labels over the question marks, as a person does."""
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    for row, label in zip(rows, labels, strict=True):
        assert row[COLUMNS.index("aspects")] == "?"
        row[COLUMNS.index("aspects")] = label
    path.write_text("\n".join([head, *("\t".join(row) for row in rows)]) + "\n", encoding="utf-8")


def test_a_row_says_what_the_model_says(tmp_path: Path) -> None:
    path = tmp_path / "to_label.tsv"
    write_suggestions([suggestion("Cells\tdivide\n.", 3, ASPECTS[:2]), suggestion("It rains.", 4)], path)
    assert path.read_text(encoding="utf-8").splitlines() == [
        "article\tsentence\ttext\taspects\tmodel_says\tunsure_of\tuncertainty"
        "\tp_biological_process\tp_cellular_component\tp_molecular_function",
        "paper 3\t3\tCells divide .\t?\tBP,CC\tCC,MF\t1.812\t0.988\t0.500\t0.250",
        "paper 4\t4\tIt rains.\t?\tnone\tCC,MF\t1.812\t0.988\t0.500\t0.250",
    ]


def test_the_labels_of_the_person_come_back_and_not_those_of_the_model(tmp_path: Path) -> None:
    texts = ["Cells divide.", '"Nucleus" is a word.', '"Zinc" and "iron"', "Not judged."]
    path = tmp_path / "to_label.tsv"
    write_suggestions([suggestion(text, row) for row, text in enumerate(texts)], path)
    with pytest.raises(TableError, match="4 rows, none of them labelled"):
        read_source(path)
    fill_in(path, [*ALL, "?"])
    source = read_source(path)
    assert source.table["text"].tolist() == texts[:3]
    assert source.table["article"].tolist() == ["paper 0", "paper 1", "paper 2"]
    assert source.table[[aspect.value for aspect in ASPECTS]].to_numpy().tolist() == [
        list(labels) for labels in ALL.values()
    ]
    assert source.table["spans"].isna().all()
    assert source.card.n_skipped == 1


@pytest.mark.parametrize("name", ["=1+1", "+1", "-a.txt", "@SUM(1)", "\t=1+1"])
def test_no_article_becomes_a_formula(name: str, tmp_path: Path) -> None:
    path = tmp_path / "to_label.tsv"
    write_suggestions([replace(suggestion("Cells divide."), article=name)], path)
    cell = path.read_text(encoding="utf-8").splitlines()[1].split("\t")[0]
    assert (cell[0], cell[1:].strip()) == ("'", name.strip())


@given(text=st.text().filter(str.strip))
def test_any_text_comes_back_with_the_same_words(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("table") / "to_label.tsv"
    write_suggestions([suggestion(f"Cells {text}", 1), suggestion(f'"{text}', 2)], path)
    fill_in(path, ["BP,CC,MF", "none"])
    found = read_source(path).table["text"].tolist()
    assert [text_key(one) for one in found] == [text_key(f"Cells {text}"), text_key(f'"{text}')]


@pytest.mark.parametrize("name", ["to_label.csv", "to_label"])
def test_only_tsv_is_written(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"ends in \.tsv"):
        write_suggestions([suggestion("Cells divide.")], tmp_path / name)
