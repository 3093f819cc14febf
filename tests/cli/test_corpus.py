from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.conftest import Run
from tests.datasets.corpora.written import GENIA, MENTIONS, TEXT, as_xml, collection, write_standoff
from tests.datasets.craft_release import write_release


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return write_release(tmp_path / "CRAFT", ["1", "2", "15917436"])


def test_craft(release: Path, tmp_path: Path, run: Run) -> None:
    ids = tmp_path / "ids.txt"
    ids.write_text("1\n15917436\n")
    outcome = run("corpus", "craft", release, "--articles", ids, "-o", tmp_path / "out")
    assert outcome.code == 0
    assert outcome.err == ""
    assert "sentences" in outcome.out
    assert "For non-commercial use only: 15917436" in outcome.out
    assert "Bada et al. 2012" in outcome.out
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["craft.json", "craft.tsv.gz"]


def test_machine_readable_and_without_noncommercial(release: Path, tmp_path: Path, run: Run) -> None:
    ids = tmp_path / "ids.txt"
    ids.write_text("2\n15917436\n")
    arguments = ("--articles", ids, "-o", tmp_path / "out", "--without-noncommercial", "--json")
    outcome = run("corpus", "craft", release, *arguments)
    assert outcome.code == 0
    assert outcome.err == "1 of them are CRAFT's test articles: never train on these\n"
    printed = json.loads(outcome.out)
    assert printed["articles"] == ["2"]
    written = json.loads((tmp_path / "out" / "craft.json").read_text())
    assert printed == {"folder": str(tmp_path / "out"), **written}


def test_the_articles_are_always_named(release: Path, tmp_path: Path, run: Run) -> None:
    outcome = run("corpus", "craft", release, "-o", tmp_path / "out")
    assert outcome.code == 2
    assert "Missing option '--articles'" in outcome.err
    ids = tmp_path / "ids.txt"
    ids.write_text("3\n")
    outcome = run("corpus", "craft", release, "--articles", ids, "-o", tmp_path / "out")
    assert outcome.code == 1
    assert "expected the articles that are asked for, found no 3" in outcome.err
    assert not (tmp_path / "out").exists()


def test_other_folders_are_not_replaced(release: Path, tmp_path: Path, run: Run) -> None:
    ids = tmp_path / "ids.txt"
    ids.write_text("1\n")
    outcome = run("corpus", "craft", release, "--articles", ids, "-o", release)
    assert outcome.code == 1
    assert "one that gotune wrote, with a craft.json" in outcome.err


MAP = """
citation = "work of nobody"
ignored = ["Protein", "Organism", "Missing"]
[BP]
types = ["Localization", "Expression"]
doubtful_types = ["Regulation"]
[CC]
types = ["Component"]
[MF]
types = ["Binding"]
doubtful_words = ["kinases?"]
"""


@pytest.fixture
def brat(tmp_path: Path) -> Path:
    """A folder of brat, with a map of its types beside it."""
    (tmp_path / "map.toml").write_text(MAP)
    return write_standoff(tmp_path / "brat")


def test_standoff(brat: Path, tmp_path: Path, run: Run) -> None:
    (brat / "visual.conf").write_text("[labels]")
    with (brat / "one.ann").open("a") as file:
        file.write("R1\tPart Arg1:T1 Arg2:T2\nA1\tSure T1\nA2\tSure T2\n")
    output = tmp_path / "out" / "mine.tsv.gz"
    outcome = run("corpus", "standoff", brat, "--map", tmp_path / "map.toml", "-o", output)
    assert (outcome.code, outcome.err) == (0, "")
    lines = outcome.out.splitlines()
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines if line.startswith("│")]
    assert cells == [
        ["Component", "CC", "2", "1", "nuclear membrane; plasma membrane"],
        ["Binding", "MF", "1", "1", "binds"],
        ["Expression", "BP", "1", "1", "expression"],
        ["Localization", "BP", "1", "1", "moves"],
        ["Organism", "ignored", "1", "1", "E. coli"],
        ["Protein", "ignored", "1", "1", "Mkk9"],
        ["Regulation", "BP doubtful", "1", "1", "mediates"],
        ["BP", "4", "2"],
        ["CC", "4", "1"],
        ["MF", "3", "1"],
    ]
    assert lines[-6:] == [
        "4 sentences of 1 document.",
        "Not read, as they have no place in a text: 2 attributes, 1 relation.",
        "1 file beside the annotated documents not read.",
        "In the map and not in the corpus: Missing.",
        "Please cite the work of nobody.",
        f"Written to {output}",
    ]
    table = pd.read_csv(output, sep="\t", keep_default_na=False)
    assert table["judged"].tolist() == ["BP,CC", "BP,CC,MF", "BP,CC,MF", "BP,CC,MF"]


def test_without_a_map_the_types_are_shown_and_one_to_begin_with(
    brat: Path, tmp_path: Path, run: Run
) -> None:
    outcome = run("corpus", "standoff", brat)
    assert (outcome.code, outcome.err) == (0, "")
    assert '#   "Component",  # 2 times, such as nuclear membrane\n' in outcome.out
    assert outcome.out.endswith(
        "[MF]  # molecular function\ntypes = [\n]\ndoubtful_types = [\n]\ndoubtful_words = [\n]\n"
    )
    draft = tmp_path / "draft.toml"
    outcome = run("corpus", "standoff", brat, "--write-map", draft)
    assert outcome.code == 0
    assert f"Written to {draft}: say there what the types mean, then give it as --map." in outcome.out
    printed = json.loads(run("corpus", "standoff", brat, "--json").out)
    assert printed["map"] == draft.read_text()
    assert (printed["documents"], printed["kept_out"]) == (1, {})
    assert printed["types"][0] == {
        "type": "Component",
        "n_mentions": 2,
        "n_documents": 1,
        "examples": ["nuclear membrane", "plasma membrane"],
    }
    outcome = run("corpus", "standoff", brat, "--write-map", draft)
    assert outcome.code == 1
    assert "expected a new file, found one, which may hold somebody's work" in outcome.err
    outcome = run("corpus", "standoff", brat, "--map", draft, "-o", tmp_path / "mine.tsv")
    assert outcome.code == 1
    assert "expected BP.types: at least one type that means the aspect, found none" in outcome.err


def test_bioc_and_its_card(tmp_path: Path, run: Run) -> None:
    (tmp_path / "map.toml").write_text(MAP)
    (tmp_path / "a.xml").write_text(as_xml(collection([(TEXT, MENTIONS)])))
    output = tmp_path / "mine.tsv"
    arguments = ("--map", tmp_path / "map.toml", "-o", output, "--json")
    printed = json.loads(run("corpus", "bioc", tmp_path / "a.xml", *arguments).out)
    assert printed["path"] == str(output)
    assert printed["judged"] == {"BP": 4, "CC": 4, "MF": 3}
    assert printed["carried"] == {"BP": 2, "CC": 1, "MF": 1}
    assert output.read_text().startswith(
        "article\tsent_id\ttext\taspects\tjudged\tspans\tcitation\none\t0\tA made-up kinase"
    )


def test_genia_with_its_own_map(tmp_path: Path, run: Run) -> None:
    (tmp_path / "7.xml").write_text(GENIA)
    outcome = run("corpus", "genia", tmp_path / "7.xml", "--map", "genia", "-o", tmp_path / "genia.tsv")
    assert (outcome.code, outcome.err) == (0, "")
    assert "Please cite the GENIA event corpus, CC BY 3.0: Kim et al. 2008" in outcome.out
    assert "1 term without a class" in outcome.out


def test_a_mention_over_the_end_of_a_sentence_and_an_aspect_never_carried(
    brat: Path, tmp_path: Path, run: Run
) -> None:
    text = "It binds the plasma.\n\nMembrane proteins move."
    (brat / "one.txt").write_text(text)
    (brat / "one.ann").write_text("T1\tComponent 13 30\tplasma. Membrane\nT2\tOther 3 8\tbinds\n")
    arguments = ("--map", tmp_path / "map.toml", "-o", tmp_path / "mine.tsv")
    outcome = run("corpus", "standoff", brat, *arguments)
    assert outcome.code == 1
    assert "│ Other     │ not in the map │" in outcome.out
    assert "expected types that the map names, found others: Other (1)." in outcome.err
    assert not (tmp_path / "mine.tsv").exists()
    outcome = run("corpus", "standoff", brat, *arguments, "--ignore-unmapped")
    assert outcome.code == 0
    assert (
        "1 mention over the end of a sentence, counted on both sides of it, such as one: plasma. Membrane.\n"
        in outcome.out
    )
    assert outcome.err == (
        "No sentence carries BP, on which 2 are judged\nNo sentence carries MF, on which 2 are judged\n"
    )


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["-o", "a.tsv"], 2, "-o: expected --map NAME|FILE with it"),
        (["--ignore-unmapped"], 2, "--ignore-unmapped: expected --map NAME|FILE with it"),
        (["--map", "genia"], 2, "--map: expected -o FILE with it, and no --write-map"),
        (["--map", "genia", "-o", "a.tsv", "--write-map", "b.toml"], 2, "and no --write-map"),
        (["--map", "genia", "-o", "a.csv"], 1, "a file name that ends in .tsv or .tsv.gz, found the suffix"),
        (["--map", "craft", "-o", "a.tsv"], 1, "craft: expected one of anatem, cancer-genetics, genia"),
        (["--write-map", "map.txt"], 1, "expected a file name that ends in .toml, found the suffix '.txt'"),
    ],
)  # fmt: skip
def test_options_that_do_not_fit(
    arguments: list[str], code: int, message: str, brat: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(brat)
    before = sorted(brat.iterdir())
    outcome = run("corpus", "standoff", brat, *arguments)
    assert outcome.code == code
    assert message in " ".join(outcome.err.replace("│", " ").split())
    assert sorted(brat.iterdir()) == before
