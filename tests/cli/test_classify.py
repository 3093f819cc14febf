"""`gotune classify`: texts, documents and tables, with the tiny bundle."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import lxml.html
import openpyxl
import pandas as pd
import pytest

from gotune.aspects import ASPECTS, Prefer
from gotune.corpus.readers import READERS
from gotune.corpus.table_sources import open_source
from gotune.model.bundle import load_bundle, save_bundle
from gotune.model.classification import classify_text
from gotune.model.classifier import AspectClassifier
from gotune.model.shipped import locate_model
from gotune.records import Witness
from gotune.render.wording import JOINED
from tests.cli.conftest import Run

NAMES = [aspect.value for aspect in ASPECTS]
SINGLE = "One of the three aspects is chosen for every text: the probabilities add up to one (single head)."
MULTI = "Each aspect is judged by itself: a text may carry none, one or several (multi head)."
PAPER = "The enzyme moves sugar across the membrane.\n\nIt is found in the cell wall. It binds a small ion.\n"


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "paper.txt"
    path.write_text(PAPER)
    return path


def test_classify_a_sentence(run: Run, bundle_folder: Path, classifier: AspectClassifier) -> None:
    text = "Moves sugar across a membrane."
    found = json.loads(run("classify", text, "-m", bundle_folder, "--device", "cpu", "--json").out)
    assert [found[name] for name in NAMES] == pytest.approx(classifier.predict_proba([text])[0])
    aspect = classify_text(classifier, text).aspects[0]
    assert (found["model"]["head"], found["aspects"]) == ("single", [aspect.value])
    shown = run("classify", text, "-m", bundle_folder).out
    assert "molecular function" in shown
    assert f"carries: {aspect.words}\n{SINGLE}\n" in shown
    for blank in ("", "  "):
        outcome = run("classify", blank, "-m", bundle_folder)
        assert (outcome.code, "found an empty or blank text" in outcome.err) == (1, True)
    long = run("classify", "cell " * 100, "-m", bundle_folder)
    assert "1 text was longer than the model reads and cut: only the first 48 word pieces" in long.out


def test_witnesses_are_left_out(run: Run, witnesses_folder: Path, paper: Path) -> None:
    model = AspectClassifier.load(witnesses_folder, device="cpu")
    text = "Cells showed less kinase activity."
    asked = ("classify", text, "-m", witnesses_folder, "--json")
    found = json.loads(run(*asked, "--without", "words", "--without", "names", "--device", "cpu").out)
    alone = model.without(Witness.NAMES, Witness.WORDS)
    assert [found[name] for name in NAMES] == pytest.approx(alone.predict_proba([text])[0])
    assert found["model"]["encoder"].endswith(" without names and words")
    fast = model.without(Witness.ENCODER)
    found = json.loads(run(*asked, "--without", "encoder").out)
    assert [found[name] for name in NAMES] == pytest.approx(fast.predict_proba([text])[0])
    assert found["model"] == fast.info.to_dict()
    shown = run("classify", paper, "-m", witnesses_folder, "--without", "encoder")
    assert (shown.code, shown.err) == (0, "")
    refused = run(*asked, "--without", "encoder", "--precision", "fp32")
    assert (refused.code, "--precision: expected an encoder, which would use it" in refused.err) == (2, True)


def test_thresholds_are_those_of_the_use(
    run: Run, witnesses_folder: Path, paper: Path, tmp_path: Path
) -> None:
    spec = AspectClassifier.load(witnesses_folder, device="cpu").spec
    assert spec.words is not None
    for number, prefer in enumerate(Prefer):
        asked = ("classify", paper, "-m", witnesses_folder, "--json", "--prefer", prefer)
        found = json.loads(run(*asked).out)
        assert tuple(found["model"]["thresholds"].values()) == spec.uses[number].thresholds
        alone = json.loads(run(*asked, "--without", "encoder").out)
        assert tuple(alone["model"]["thresholds"].values()) == spec.words.uses[number].thresholds
    bundle = load_bundle(witnesses_folder)
    older = replace(bundle.manifest, spec=replace(bundle.manifest.spec, uses=()))
    save_bundle(replace(bundle, manifest=older), tmp_path / "older")
    refused = run("classify", paper, "-m", tmp_path / "older", "--prefer", "recall")
    assert refused.code == 1
    assert "prefer recall: expected a model with thresholds for this use" in refused.err


def test_without_words_the_encoder_is_needed(run: Run, tagger_folder: Path) -> None:
    outcome = run("classify", "It binds.", "-m", tagger_folder, "--without", "encoder")
    assert outcome.code == 1
    assert "expected words or names that can judge a text without the encoder" in outcome.err


@pytest.mark.parametrize("command", ["classify", "explain"])
def test_without_the_encoder_no_torch_is_loaded(command: str, witnesses_folder: Path) -> None:
    code = (
        "import sys; from gotune.cli import main; code = main(sys.argv[1:]); "
        "print(code, {'torch', 'transformers'} & set(sys.modules))"
    )
    arguments = [command, "It binds ATP.", "-m", str(witnesses_folder), "--without", "encoder"]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "0 set()"


FISSION = "Drp1 drives mitochondrial fission. Samples were frozen."


def test_terms_of_a_sentence(run: Run, tagger_folder: Path) -> None:
    outcome = run("classify", FISSION, "-m", tagger_folder, "--terms")
    assert (outcome.code, "GO:0000266" in outcome.out) == (0, True)
    assert "1 place names 1 term of GO release 2021-12-15." in outcome.out
    found = json.loads(run("classify", FISSION, "-m", tagger_folder, "--terms", "--json").out)["named"]
    assert [(term["go_id"], term["name"]) for term in found["terms"]] == [
        ("GO:0000266", "mitochondrial fission")
    ]
    assert "named" not in json.loads(run("classify", FISSION, "-m", tagger_folder, "--json").out)
    cold = run("classify", "It was cold.", "-m", tagger_folder, "--terms")
    assert "No term of GO release 2021-12-15 is named." in cold.out


def test_terms_of_documents(run: Run, tagger_folder: Path, tmp_path: Path) -> None:
    paper, notes = tmp_path / "paper.txt", tmp_path / "notes.txt"
    paper.write_text(FISSION)
    notes.write_text("It was cold.")
    shown = run("classify", paper, "-m", tagger_folder, "--terms").out
    assert shown.count("mitochondrial fission") == 3  # in the sentence, beside it, and among the terms
    tables = [tmp_path / f"out.{suffix}" for suffix in ("tsv", "jsonl")]
    written = [argument for table in tables for argument in ("-o", table)]
    several = run("classify", paper, notes, "-m", tagger_folder, "--terms", *written)
    assert (several.code, "Terms of GO release 2021-12-15." in several.out) == (0, True)
    rows = pd.read_csv(tables[0], sep="\t", keep_default_na=False)
    assert list(rows["go_ids"]) == ["GO:0000266", "", ""]
    lines = [json.loads(line) for line in tables[1].read_text().splitlines()]
    assert [line["terms"] for line in lines] == [["mitochondrial fission"], [], []]


def test_terms_of_a_table(run: Run, tagger_folder: Path, tmp_path: Path) -> None:
    table, target = tmp_path / "abstracts.tsv", tmp_path / "out.tsv"
    table.write_text(f"abstract\n{FISSION}\nIt was cold.\n")
    asked = ("classify", table, "--text-column", "abstract", "-m", tagger_folder, "-o", target)
    outcome = run(*asked, "--terms")
    assert "1 row with terms of GO release 2021-12-15." in outcome.out
    assert list(pd.read_csv(target, sep="\t", keep_default_na=False)["go_ids"]) == ["GO:0000266", ""]
    named = json.loads(run(*asked, "--terms", "--by-sentence", "--json").out)
    assert (named["rows"], named["named"], named["release"]) == (3, 1, "2021-12-15")
    table.write_text("abstract\tgo_ids\nIt was cold.\tnone\n")
    refused = run(*asked, "--terms")
    assert (refused.code, "found go_ids" in refused.err) == (1, True)
    assert run(*asked).code == 0


def test_without_terms_no_index_is_loaded(tagger_folder: Path) -> None:
    code = (
        "import sys; from gotune.cli import main; code = main(sys.argv[1:]); "
        "print(code, [name for name in sys.modules if name.startswith('gotune.linking')])"
    )
    arguments = ["classify", "It binds ATP.", "-m", str(tagger_folder)]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "0 []"


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".tsv", ".parquet", ".json", ".jsonl"])
def test_classify_a_document(
    suffix: str, run: Run, bundle_folder: Path, paper: Path, tmp_path: Path, classifier: AspectClassifier
) -> None:
    target, pie = tmp_path / f"out{suffix}", tmp_path / "pie.png"
    outcome = run("classify", paper, "-m", bundle_folder, "-o", target, "-o", pie, "--device", "cpu")
    assert outcome.code == 0, outcome.err
    assert "paper.txt: 3 sentences, 3 of them with an aspect" in outcome.out
    assert SINGLE in outcome.out
    assert "none" not in outcome.out
    assert "Unfit: this model was made for whole texts" in outcome.err
    assert pie.read_bytes().startswith(b"\x89PNG")
    match suffix:
        case ".xlsx":
            sheet = openpyxl.load_workbook(target)["sentences"]
            rows = list(sheet.iter_rows(values_only=True))
            table = pd.DataFrame(rows[1:], columns=[str(name) for name in rows[0]])
        case ".json":
            table = pd.DataFrame(json.loads(target.read_text())["sentences"])
        case ".jsonl":
            table = pd.read_json(target, lines=True)
        case ".parquet":
            table = pd.read_parquet(target)
        case _:
            table = pd.read_csv(target, sep="\t" if suffix == ".tsv" else ",")
    places = zip(table["start"].tolist(), table["end"].tolist(), strict=True)
    assert [PAPER[int(start) : int(end)] for start, end in places] == table["text"].tolist()
    expected = classifier.predict_proba(table["text"].tolist())
    assert table[NAMES].to_numpy(dtype=float) == pytest.approx(expected, abs=1e-6)


def test_classify_a_document_on_the_terminal(run: Run, bundle_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("It binds [bold]sugar[/bold]. " * 25)
    outcome = run("classify", path, "-m", bundle_folder)
    assert "20  It binds [bold]sugar[/bold]." in outcome.out
    assert "and 5 more; -o sentences.xlsx writes all." in outcome.out


@pytest.fixture
def tagger_with(tagger_folder: Path, tmp_path: Path) -> Callable[..., Path]:
    """Return what writes the tiny tagger with other thresholds."""

    def write(*thresholds: float) -> Path:
        bundle = load_bundle(tagger_folder)
        save_bundle(
            replace(
                bundle,
                manifest=replace(
                    bundle.manifest,
                    spec=replace(bundle.manifest.spec, thresholds=thresholds),
                    format_version=3,
                ),
            ),
            tmp_path / "tagger",
        )
        return tmp_path / "tagger"

    return write


@pytest.mark.parametrize(
    ("thresholds", "carried"),
    [((1.0, 1.0, 1.0), "none of the three"), ((0.0, 0.0, 1.0), "biological process, cellular component")],
)
def test_classify_a_sentence_with_a_multi_head(
    thresholds: tuple[float, float, float], carried: str, run: Run, tagger_with: Callable[..., Path]
) -> None:
    model = tagger_with(*thresholds)
    outcome = run("classify", "A cell wall.", "-m", model)
    assert f"carries: {carried}\n{MULTI} An aspect is carried from this" in outcome.out
    assert f"MF {thresholds[2]:.3f}." in outcome.out
    found = json.loads(run("classify", "A cell wall.", "-m", model, "--json").out)
    assert found["aspects"] == (NAMES[:2] if thresholds[0] == 0 else [])
    assert found["model"]["head"] == "multi"
    assert list(found["model"]["thresholds"].values()) == list(thresholds)


def test_classify_a_document_with_a_multi_head(
    run: Run, tagger_with: Callable[..., Path], paper: Path, tmp_path: Path
) -> None:
    out = run("classify", paper, "-m", tagger_with(1.0, 0.0, 0.0)).out
    assert [line.split("│")[2].strip() for line in out.splitlines() if line.startswith("│")][:3] == [
        "CC, MF"
    ] * 3
    assert "paper.txt: 3 sentences, 3 of them with an aspect" in out
    rows = [
        line.strip("│").split("│") for line in out.splitlines() if "component" in line or "function" in line
    ]
    assert [[cell.strip() for cell in row] for row in rows] == [
        ["cellular component", "50.0%", "12.5% to 87.5%"],
        ["molecular function", "50.0%", "12.5% to 87.5%"],
    ]
    assert "none: 0.0% of 3 sentences (95 % interval 0.0% to 56.1%)" in out
    assert MULTI in out
    pie = tmp_path / "pie.png"
    out = run("classify", paper, "-m", tagger_with(1.0, 1.0, 1.0), "-o", pie).out
    assert "paper.txt: 3 sentences, no sentence carries an aspect" in out
    assert "none: 100.0% of 3 sentences" in out
    assert pie.stat().st_size > 1000


def test_names_that_cannot_be_written_are_refused_before_the_model_is_loaded(
    run: Run, paper: Path, tmp_path: Path
) -> None:
    outcome = run("classify", paper, "-m", tmp_path / "no model", "-o", tmp_path / "a.docx")
    assert (outcome.code, "a.docx: expected a file name that ends in .xlsx" in outcome.err) == (1, True)
    outcome = run("classify", paper, "-m", tmp_path / "no model", "-o", tmp_path)
    assert (outcome.code, "found something else in it" in outcome.err) == (1, True)


def test_classify_a_table_keeps_every_row_and_column(
    run: Run, bundle_folder: Path, classifier: AspectClassifier, tmp_path: Path
) -> None:
    source, target = tmp_path / "in.tsv", tmp_path / "out.tsv"
    source.write_text('id\ttext\tnote\n007\tA cell wall.\tNA\n1e5\t\t=1+1\nx\tBinds sugar.\t5" end\n')
    outcome = run("classify", source, "--text-column", "text", "-m", bundle_folder, "-o", target)
    assert outcome.code == 0, outcome.err
    assert SINGLE in outcome.out
    lines = [line.split("\t") for line in target.read_text().splitlines()]
    assert lines[0] == ["id", "text", "note", "aspects", *NAMES, "doubt"]
    assert [line[:3] for line in lines] == [line.split("\t") for line in source.read_text().splitlines()]
    assert [line[-1] for line in lines[1:]] == ["", "", "too short"]
    assert outcome.err == "Doubtful: 1 of 3 rows (1 too short), see the column doubt.\n"
    assert lines[2][3:] == [""] * 5
    rows = [[float(value) for value in lines[number][4:7]] for number in (1, 3)]
    assert [lines[number][3] for number in (1, 3)] == [NAMES[row.index(max(row))] for row in rows]
    assert rows == pytest.approx(classifier.predict_proba(["A cell wall.", "Binds sugar."]), abs=0.02)
    missing = run("classify", source, "--text-column", "txt", "-m", bundle_folder, "-o", tmp_path / "x.tsv")
    assert missing.code == 1
    assert "expected a column 'txt', found the columns id, text, note" in missing.err


@pytest.mark.parametrize(
    ("thresholds", "carried"),
    [((1.0, 1.0, 1.0), "none"), ((0.0, 0.0, 1.0), "biological_process,cellular_component")],
)
def test_classify_a_table_with_a_multi_head(
    thresholds: tuple[float, float, float], carried: str, run: Run, tagger_with: Callable[..., Path],
    tmp_path: Path,
) -> None:  # fmt: skip
    source, target = tmp_path / "in.csv", tmp_path / "out.parquet"
    source.write_text("text\nA cell wall.\n")
    outcome = run("classify", source, "--text-column", "text", "-m", tagger_with(*thresholds), "-o", target)
    assert MULTI in outcome.out
    assert pd.read_parquet(target)["aspects"].tolist() == [carried]


def test_bad_documents_are_refused_and_nothing_is_written(
    run: Run, bundle_folder: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out.csv"
    target.write_text("years of work")
    for name, content in [
        ("a.txt", b""),
        ("b.txt", b" \n"),
        ("c.txt", b"%PDF-1.7\x00"),
        ("d.txt", b"caf\xe9"),
    ]:
        (tmp_path / name).write_bytes(content)
        outcome = run("classify", tmp_path / name, "-m", bundle_folder, "-o", target)
        assert outcome.code == 1
        assert outcome.err.startswith(f"error: {tmp_path / name}")
    assert target.read_text() == "years of work"


def test_a_document_as_a_page(run: Run, paper: Path, bundle_folder: Path, tmp_path: Path) -> None:
    paper.write_text("Doors & <walls>\n\nThe door opens in the membrane.\n")
    pages = [tmp_path / "pages/paper.html", tmp_path / "paper.svg"]
    outcome = run("classify", paper, "-m", bundle_folder, *(f"-o{page}" for page in pages), "--json")
    assert json.loads(outcome.out)["model"]["name"] == "model"
    assert json.loads(outcome.out)["sentences"][0]["text"] == "Doors & <walls>"
    text = lxml.html.parse(str(pages[0])).xpath("//*[@id='text']")[0]
    assert text.text_content() == paper.read_text()
    assert pages[1].read_text().startswith("<?xml")


def test_a_slash_tells_a_folder_from_a_shipped_model(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(locate_model("fast"), "papers")
    asked = ("papers/", "./papers", "fast", "papers")
    found = [json.loads(run("classify", "It binds calcium.", "-m", one, "--json").out) for one in asked]
    assert [(one["model"]["name"], one["model"]["encoder"] == "words and names") for one in found] == [
        ("papers", True), ("papers", True), ("fast", True), ("papers", False)
    ]  # fmt: skip
    default = json.loads(run("classify", "It binds calcium.", "--json").out)
    assert default == found[-1]


def test_several_documents_are_one_table(run: Run, paper: Path, bundle_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    (folder / "b").mkdir(parents=True)
    (folder / "b" / "two.txt").write_text("It binds a small ion. It was cold.")
    (folder / "b" / "three.pdf").write_bytes(b"%PDF-1.7")
    (folder / "four.txt").write_bytes(b"\0\1")
    target = tmp_path / "all.csv"
    outcome = run("classify", paper, folder, "-m", bundle_folder, "-o", target, "-o", tmp_path / "all.json")
    assert outcome.code == 0, outcome.err
    table = pd.read_csv(target)
    assert list(table["document"]) == ["paper.txt"] * 3 + ["b/two.txt"] * 2
    assert list(table["sentence"]) == [1, 2, 3, 1, 2]
    written = json.loads((tmp_path / "all.json").read_text())
    assert [one["name"] for one in written] == ["paper.txt", "b/two.txt"]
    rows = [[cell.strip() for cell in line.split("│")] for line in outcome.out.splitlines() if "txt" in line]
    assert [row[1:4] for row in rows] == [["paper.txt", "3", "3"], ["b/two.txt", "2", "2"]]
    assert "Unfit" in outcome.err
    assert "Skipped 2 files:" in outcome.err
    assert f"b/three.pdf: expected a file that ends in {', '.join(READERS)}, found" in outcome.err
    found = json.loads(run("classify", paper, folder, "-m", bundle_folder, "--json").out)
    assert [(one["name"], len(one["sentences"]), one["model"]["name"]) for one in found] == [
        ("paper.txt", 3, "model"),
        ("b/two.txt", 2, "model"),
    ]


def test_many_documents_are_not_all_shown(run: Run, tagger_with: Callable[..., Path], tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    for number in range(22):
        (folder / f"{number:02}.txt").write_text("Das Enzym ist in der Membran und " * 10)
        (folder / f"{number:02}.pdf").write_bytes(b"")
    outcome = run("classify", folder, "-m", tagger_with(1.0, 1.0, 1.0))
    assert outcome.out.count(".txt ") == 20
    assert "and 2 more; -o sentences.csv writes the sentences of all." in outcome.out
    assert (
        "22 sentences were longer than the model reads and cut: only the first 48 word pieces" in outcome.out
    )
    assert "Doubtful: 00.txt (not English), " in outcome.err
    assert "04.txt (not English) and 17 more" in outcome.err
    assert "and 17 more\n" in outcome.err.partition("Skipped 22 files:")[2]


def test_standard_input(run: Run, tagger_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PAPER.encode())))
    assert "standard input: 3 sentences" in run("classify", "-", "-m", tagger_folder).out
    outcome = run("classify", "-", "-m", tagger_folder)
    assert (outcome.code, outcome.err) == (
        1,
        "error: standard input: expected a text, found nothing. Send one into it, or name a file.\n",
    )


def test_a_text_of_sentences_is_told_of_as_a_whole(
    run: Run, tagger_folder: Path, tagger: AspectClassifier
) -> None:
    assert JOINED in run("classify", PAPER, "-m", tagger_folder).out
    assert JOINED not in run("classify", "It binds a small ion.", "-m", tagger_folder).out
    found = json.loads(run("classify", PAPER, "-m", tagger_folder, "--device", "cpu", "--json").out)
    parts = [classify_text(tagger, text) for text in PAPER.split("\n\n")]
    assert found["cellular_component"] == max(part.probabilities[ASPECTS[1]] for part in parts)


CASES = Path(__file__).parents[3] / "shared" / "cases"
READ: dict[str, tuple[str, tuple[int, int] | str]] = {
    "07_quoted.tsv": ("abstract", (1, 0)),
    "08_r_header.tsv": ("abstract", (1, 0)),
    "09_newline.tsv": ("abstract", (1, 0)),
    "10_trailing_blank.csv": ("abstract", (1, 1)),
    "11_dupkey.jsonl": ("abstract", "line 1: expected JSON, found the key 'abstract' twice in one object."),
    "15_far.parquet": ("text", (1, 0)),
    "15_latin1.parquet": ("text", "row 1, column 'note': expected a readable parquet file, found"),
    "15_nan.parquet": ("text", (1, 0)),
    "15_zone.parquet": ("text", (1, 0)),
    "16_doubled_quotes.tsv": ("abstract", (3, 0)),
    "19_semicolon.csv": ("text", (2, 0)),
}


@pytest.mark.skipif(not CASES.exists(), reason="needs the inputs in ../shared/cases")
@pytest.mark.parametrize("name", READ)
def test_tables_as_they_come(name: str, run: Run, tagger_folder: Path, tmp_path: Path) -> None:
    column, expected = READ[name]
    outputs = [tmp_path / f"out{suffix}" for suffix in (".tsv", ".csv", ".jsonl", ".parquet")]
    options = [f"-o{output}" for output in outputs]
    outcome = run("classify", CASES / name, "--text-column", column, "-m", tagger_folder, "--json", *options)
    if isinstance(expected, str):
        assert outcome.code == 1
        assert expected in outcome.err
        assert len(outcome.err.splitlines()) == 1
        return
    found = json.loads(outcome.out)
    assert (found["read"], found["blank"]) == expected
    assert found["rows"] == found["read"]
    tables = [[row for _, row in open_source(path).numbered_rows()] for path in (CASES / name, *outputs)]
    assert {len(table) for table in tables} == {found["read"]}
    texts = [[row[column] for row in table] for table in tables]
    assert texts == [texts[0]] * len(tables)


def test_what_a_workbook_does_not_hold_is_told(run: Run, tagger_folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text("A cell wall is thick. It binds\x01 a small ion.\n")
    arguments = ("classify", source, "-m", tagger_folder, "--device", "cpu")
    told = "With characters that a workbook cannot hold, replaced by U+FFFD: 1 sentence (2)."
    assert told in run(*arguments, "-o", tmp_path / "a.xlsx").err
    assert told not in run(*arguments, "-o", tmp_path / "a.csv").err


def test_what_is_doubtful_in_a_table_is_told_by_kind(run: Run, tagger_folder: Path, tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    texts = [
        "Der Rezeptor bindet das Hormon.",
        "Het eiwit bindt aan het DNA.",
        "Hsp70 binds ATP.",
        "Fig. 2",
        "",
        "Preheat the oven and mix the flour with two eggs and some sugar.",
    ]
    source.write_text("text\n" + "".join(f'"{text}"\n' for text in texts))
    outcome = run("classify", source, "--text-column", "text", "-m", tagger_folder, "-o", target, "-q")
    assert outcome.err == (
        "Doubtful: 4 of 6 rows (2 not English, 1 not about biology, 1 too short), see the column doubt.\n"
    )
    doubts = ["not English", "not English", "", "too short", "", "not about biology"]
    assert pd.read_csv(target, keep_default_na=False)["doubt"].tolist() == doubts
    outcome = run("classify", source, "--text-column", "text", "-m", tagger_folder, "-o", target, "--json")
    found = json.loads(outcome.out)
    assert found["doubts"] == {"not about biology": 1, "not English": 2, "too short": 1}
    assert found["doubtful"] == 4


def test_text_document_and_table_have_one_screening(run: Run, tagger_folder: Path, tmp_path: Path) -> None:
    text = "Preheat the oven and mix the flour with two eggs and some sugar."
    document, table = tmp_path / "a.txt", tmp_path / "a.csv"
    document.write_text(f"{text} Hsp70 binds ATP.\n")
    table.write_text(f"text\n{text}\n")
    arguments = ("-m", tagger_folder, "--json")
    of_text = json.loads(run("classify", text, *arguments).out)["doubts"]
    of_document = json.loads(run("classify", document, *arguments).out)["sentences"]
    assert of_text == ["not about biology"]
    assert [sentence["doubts"] for sentence in of_document] == [of_text, []]
    outcome = run("classify", document, "-m", tagger_folder)
    assert "Doubtful: 1 of 2 sentences (1 not about biology), see the column doubt of a table" in outcome.out
    run("classify", table, "--text-column", "text", "-o", tmp_path / "b.csv", *arguments)
    assert pd.read_csv(tmp_path / "b.csv")["doubt"].tolist() == of_text


def test_sentences_of_a_table(run: Run, tagger_folder: Path, tmp_path: Path) -> None:
    source, targets = tmp_path / "in.tsv", [tmp_path / "out.tsv", tmp_path / "out.parquet"]
    source.write_text("pmid\ttext\n7\tIt binds a small ion. It was cold.\n")
    outputs = [f"-o{target}" for target in targets]
    arguments = ("classify", source, "--text-column", "text", "-m", tagger_folder, *outputs)
    outcome = run(*arguments)
    assert outcome.code == 0, outcome.err
    assert "1 row read." in outcome.out
    assert "1 row, 1 text, 0 rows with a doubt." in outcome.out
    assert outcome.err == ""
    assert JOINED in outcome.out
    outcome = run(*arguments, "--by-sentence", "--article-column", "pmid")
    assert "1 row read." in outcome.out
    assert "2 rows, 1 text, 1 row with a doubt." in outcome.out
    assert JOINED not in outcome.out
    assert pd.read_csv(targets[0], sep="\t")["text"].tolist() == ["It binds a small ion.", "It was cold."]
    table = pd.read_parquet(targets[1])
    assert table[["row", "start", "end"]].to_numpy().tolist() == [[1, 0, 21], [1, 22, 34]]
    found = json.loads(run(*arguments, "--by-sentence", "--json").out)
    assert (found["rows"], found["texts"], found["paths"]) == (2, 1, list(map(str, targets)))
    assert found["model"]["reads"] == "sentence"


def test_a_table_out_of_order_is_warned_of(
    run: Run, tagger_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gotune.model.classification_tables.ROWS_AT_ONCE", 2)
    source = tmp_path / "in.tsv"
    source.write_text("pmid\ttext\n" + "".join(f"{article}\tIt was cold.\n" for article in "abca"))
    arguments = ("classify", source, "--text-column", "text", "-m", tagger_folder, "-o", tmp_path / "out.tsv")
    assert run(*arguments).err.startswith("Rows of 1 article are too far apart")


def test_a_model_of_whole_texts_has_no_use_for_articles(
    run: Run, bundle_folder: Path, tmp_path: Path
) -> None:
    source, target = tmp_path / "in.tsv", tmp_path / "out.tsv"
    source.write_text("paper\ttext\nx\tIt binds a small ion. It was cold.\n")
    arguments = ("classify", source, "--text-column", "text", "-m", bundle_folder, "-o", target)
    outcome = run(*arguments, "--article-column", "paper")
    assert outcome.code == 2
    assert "--article-column: expected a model of sentences, or --terms with it" in " ".join(
        outcome.err.split()
    )
    assert not target.exists()
    outcome = run(*arguments, "--by-sentence", "--article-column", "paper")
    assert outcome.code == 0
    assert "Unfit" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["a.tsv", "-o", "b.tsv"], 2, "--text-column NAME, one of id, text"),
        (["a.tsv", "--text-column", "text"], 2, "a table needs --output, found none"),
        (["a.tsv", "--text-column", "body", "-o", "b.tsv"], 1, "expected a column 'body'"),
        (
            ["a.tsv", "--text-column", "text", "--article-column", "pmid", "-o", "b.tsv"],
            1,
            "expected a column 'pmid', found the columns id, text",
        ),
        (["a.tsv", "--text-column", "text", "-o", "b.html"], 1, "b.html: expected a table, with a name"),
        (["a.tsv", "a.txt", "--text-column", "text", "-o", "b.tsv"], 2, "found a.tsv among others"),
        (["folder", "--text-column", "text", "-o", "b.tsv"], 2, "--text-column: expected one table with it"),
        (["-", "--text-column", "text", "-o", "b.tsv"], 2, "--text-column: expected one table with it"),
        (["a.txt", "--article-column", "text"], 2, "--article-column: expected one table with it"),
        (["a.txt", "--by-sentence"], 2, "--by-sentence: expected one table with it"),
        (["a.txt", "--text-column", "text", "-o", "b.tsv"], 1, "found '.txt'. Convert or rename the table"),
        (["a.xlsx", "--text-column", "text", "-o", "b.tsv"], 1, "found '.xlsx'. Save the sheet as .csv"),
        (["a.txt", "folder", "-o", "b.xlsx"], 1, "b.xlsx: expected a file that holds several documents"),
        (["folder", "-o", "b.html"], 1, "b.html: expected a file that holds several documents"),
        (["empty"], 1, "empty: expected a folder with texts, found none among 0 files"),
        (["a.txt", "absent.txt"], 1, "absent.txt: expected a file, found none of that name"),
        (["A", "sentence."], 1, "put a sentence into quotes"),
    ],
)
def test_what_cannot_be_is_told_before_the_model_is_loaded(
    arguments: list[str], code: int, message: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.tsv").write_text("id\ttext\n1\tIt was cold.\n")
    Path("a.txt").write_text("It was cold.")
    Path("a.xlsx").write_bytes(b"PK\3\4")
    Path("folder").mkdir()
    Path("folder/b.txt").write_text("It was cold.")
    Path("empty").mkdir()
    before = sorted(tmp_path.rglob("*"))
    outcome = run("classify", *arguments, "-m", "no model")
    assert outcome.code == code
    assert message in " ".join(outcome.err.replace("│", " ").split())
    assert sorted(tmp_path.rglob("*")) == before
