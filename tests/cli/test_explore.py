"""``gotune explore``: pictures of a dataset, a term and a map."""

from __future__ import annotations

import json
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from gotune.datasets.definitions import LabelledDataset
from tests.cli.conftest import Run

OBO = str(files("gotune.ontology") / "example.obo")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOTUNE_CACHE", str(tmp_path / "cache"))


def test_a_dataset_is_drawn_in_eight_files(
    run: Run, dataset_folder: Path, tiny_encoder: Path, tmp_path: Path
) -> None:
    outcome = run(
        "explore", "dataset", dataset_folder, "-o", tmp_path / "figures", "--encoder", tiny_encoder,
        "--max-tokens", 48, "--terms", 12, "--json",
    )  # fmt: skip
    written = json.loads(outcome.out)["figures"]
    assert sorted(Path(path).name for path in written) == [
        "aspect_counts.png",
        "aspect_counts.svg",
        "definition_lengths.png",
        "definition_lengths.svg",
        "term_graph.png",
        "term_graph.svg",
        "word_cloud.png",
        "word_cloud.svg",
    ]
    assert all(Path(path).stat().st_size > 1000 for path in written)


def test_a_term_is_drawn(run: Run, tmp_path: Path) -> None:
    picture = tmp_path / "term.svg"
    outcome = run("explore", "term", "GO:9000018", "--release", OBO, "--children", 2, "-o", picture)
    assert outcome.code == 0
    assert outcome.out == f"GO:9000018 has 1 ancestors and 4 children.\nWritten to {picture}\n"
    assert picture.read_text(encoding="utf-8").count('id="GO:9') == 7  # four terms, three arrows
    outcome = run("explore", "term", "GO:9000018", "--release", OBO, "-o", tmp_path / "term.png", "--json")
    assert json.loads(outcome.out) == {
        "term": "GO:9000018",
        "release": "2024-02-29",
        "ancestors": 1,
        "children": 4,
        "figure": str(tmp_path / "term.png"),
    }


def test_an_old_id_is_drawn_as_the_term_it_stands_for(run: Run, tmp_path: Path) -> None:
    for old, new in (("GO:9000091", "GO:9000010"), ("GO:9000080", "GO:9000051")):
        outcome = run("explore", "term", old, "--release", OBO, "-o", tmp_path / "a.svg")
        assert outcome.code == 0
        assert outcome.err.startswith(f"{old} is an obsolete or alternative id; {new} (")
        assert f"{new} has " in outcome.out


@pytest.mark.parametrize(
    ("name", "go_id"),
    [("Membrane", "GO:9000031"), ("cell nucleus", "GO:9000033"), ("wards lig", "GO:9000017")],
)
def test_a_name_is_looked_for(name: str, go_id: str, run: Run, tmp_path: Path) -> None:
    """The very name, an exact synonym, or a part of one name."""
    outcome = run("explore", "term", name, "--release", OBO, "-o", tmp_path / "a.svg")
    assert outcome.code == 0, outcome.err
    assert outcome.out.startswith(f"{name} is {go_id} (")
    assert f"\n{go_id} has " in outcome.out


@pytest.mark.parametrize(
    ("which", "message"),
    [
        (
            "sugar",
            "sugar: expected the id or the name of a term of release 2024-02-29, found 8 terms with that in "
            "their names: GO:9000041 (sugar store), GO:9000056 (sugar binding), GO:9000012 (sugar breakdown)"
            ", GO:9000013 (sugar formation), GO:9000051 (sugar kinase activity). Name one of them by its id.",
        ),
        (
            "sugars",
            "sugars: expected the id or the name of a term of release 2024-02-29, found no such name.",
        ),
        ("GO:9000081", "Use GO:9000014 or GO:9000015 instead."),
        (
            "a:b activity",
            "a:b activity: expected the id or the name of a term of release 2024-02-29, found no",
        ),
        ("GO:1", "GO:1: expected a term of release 2024-02-29, found an id that the release does not have"),
        ("<b>", "<b>: expected the id or the name of a term of release 2024-02-29"),
    ],
)
def test_what_stands_for_no_one_term_is_an_error(which: str, message: str, run: Run, tmp_path: Path) -> None:
    outcome = run("explore", "term", which, "--release", OBO, "-o", tmp_path / "a.svg")
    assert outcome.code == 1
    assert message in outcome.err
    assert not (tmp_path / "a.svg").exists()


def test_a_bad_name_of_a_picture_is_told_before_any_work(run: Run, tmp_path: Path) -> None:
    for command in (("term", "GO:1"), ("map", "missing")):
        outcome = run("explore", *command, "-o", tmp_path / "a.gif")
        assert outcome.code == 1
        assert "expected a file name that ends in .png or .svg" in outcome.err


def test_a_map_is_drawn(
    run: Run, dataset_folder: Path, dataset: LabelledDataset, tiny_encoder: Path, bundle_folder: Path,
    tmp_path: Path,
) -> None:  # fmt: skip
    n = len(dataset.parts["test"])
    picture = tmp_path / "map.png"
    outcome = run(
        "explore", "map", dataset_folder, "-o", picture, "--encoder", tiny_encoder, "--max-tokens", 48,
        "--device", "cpu",
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    assert outcome.out.startswith(f"{n} terms; the nearest neighbour of ")
    assert picture.stat().st_size > 1000
    outcome = run(
        "explore", "map", dataset_folder, "--model", bundle_folder, "-o", tmp_path / "map.svg", "--json"
    )
    found = json.loads(outcome.out)
    assert (len(found["terms"]), found["projection"], found["seed"]) == (n, "pca", 42)
    assert found["encoder"].endswith(", fine-tuned)")
    assert found["model"]["name"] == "model"
    assert (tmp_path / "map.svg").is_file()


def test_umap_needs_an_extra(
    run: Run, dataset_folder: Path, tiny_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "umap", None)
    outcome = run(
        "explore", "map", dataset_folder, "-o", tmp_path / "map.png", "--method", "umap",
        "--encoder", tiny_encoder, "--max-tokens", 48,
    )  # fmt: skip
    assert outcome.code == 1
    assert 'pip install "gotune[explore]"' in outcome.err


def test_what_a_model_brings_is_not_chosen_again(run: Run, tmp_path: Path) -> None:
    for option in (("--encoder", "other"), ("--max-tokens", 9)):
        outcome = run("explore", "map", "-m", "model", "data", "-o", tmp_path / "a.png", *option)
        assert outcome.code == 2
        assert f"{option[0]}: expected no --model with it" in outcome.err
