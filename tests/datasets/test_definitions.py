from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import datasets
import pandas as pd
import pytest

from gotune.aspects import ASPECTS
from gotune.datasets.definitions import (
    LabelledDataset,
    build_dataset,
    draw_training_rows,
    load_dataset,
    save_dataset,
)
from gotune.datasets.splits import HARD_PARTS, PARTS, split_rows
from gotune.errors import DatasetError, SaveError
from gotune.ontology.graph import term_graph, term_table
from gotune.ontology.loading import example_ontology
from gotune.ontology.ontology import Ontology
from tests.datasets.ontologies import grown_ontology
from tests.sealing import edit, seal_again


@pytest.fixture
def ontology(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ontology:
    monkeypatch.setenv("GOTUNE_CACHE", str(tmp_path / "cache"))
    return example_ontology()


@pytest.fixture(scope="module")
def whole() -> LabelledDataset:
    """A dataset with all parts."""
    return build_dataset(grown_ontology(), earlier=grown_ontology(1900, release="2000-01-01"))


def test_term_table_has_every_live_term_with_its_words(ontology: Ontology) -> None:
    table = term_table(ontology)
    assert list(table.columns) == ["go_id", "name", "aspect", "definition", "n_words"]
    assert table["go_id"].tolist() == [term.id for term in ontology.terms()]
    first = next(ontology.terms())
    assert first.definition is not None
    assert table["n_words"].iloc[0] == len(first.definition.replace("-", " ").split())
    assert table.loc[table["definition"].isna(), "n_words"].tolist() == [0]


def test_parts_are_disjoint_complete_and_stratified(dataset: LabelledDataset) -> None:
    ids = [go_id for part in PARTS for go_id in dataset.parts[part]["go_id"]]
    defined = dataset.terms[dataset.terms["definition"].notna()]
    assert sorted(ids) == sorted(defined["go_id"])
    assert len(ids) == len(set(ids))
    assert dataset.card.counts["test"] == dict.fromkeys(ASPECTS, 3) | {ASPECTS[0]: 4}


def test_labels_are_the_aspects(dataset: LabelledDataset) -> None:
    aspect_of = dict(zip(dataset.terms["go_id"], dataset.terms["aspect"], strict=True))
    for part in PARTS:
        for go_id, label in zip(dataset.parts[part]["go_id"], dataset.parts[part]["label"], strict=True):
            assert ASPECTS[label].value == aspect_of[go_id]


def test_same_seed_same_fingerprint(ontology: Ontology) -> None:
    one, two, other = (build_dataset(ontology, seed=seed).fingerprint for seed in (3, 3, 4))
    assert one == two != other


def test_subsets_are_kept_by_option(ontology: Ontology) -> None:
    whole = build_dataset(ontology)
    small = build_dataset(ontology, train_size=20, test_size=6)
    assert small.parts["train"]["go_id"].tolist() == whole.parts["train"]["go_id"].tolist()[:20]
    assert len(small.parts["test"]) == 6


def test_subset_larger_than_the_part_is_refused(ontology: Ontology) -> None:
    with pytest.raises(DatasetError, match=r"expected a size from 1 to \d+, found 2,000"):
        build_dataset(ontology, train_size=2000)


def test_saved_dataset_comes_back(dataset: LabelledDataset, dataset_folder: Path) -> None:
    loaded = load_dataset(dataset_folder)
    assert loaded.card == dataset.card
    assert loaded.fingerprint == dataset.fingerprint
    pd.testing.assert_frame_equal(loaded.edges, dataset.edges, check_dtype=False)
    assert loaded.terms["definition"].isna().sum() == dataset.card.n_without_definition == 1


def test_folder_is_a_hugging_face_dataset(
    dataset: LabelledDataset, dataset_folder: Path, tmp_path: Path
) -> None:
    found = datasets.load_dataset(str(dataset_folder), cache_dir=str(tmp_path))
    assert isinstance(found, datasets.DatasetDict)
    assert list(found) == list(PARTS)
    assert found["train"].features["label"] == datasets.ClassLabel(names=[a.value for a in ASPECTS])
    assert found["test"]["definition"][:] == dataset.parts["test"]["definition"].tolist()


def test_harder_parts_come_back(whole: LabelledDataset, tmp_path: Path) -> None:
    save_dataset(whole, tmp_path / "data")
    loaded = load_dataset(tmp_path / "data")
    assert loaded.card == whole.card
    assert list(loaded.parts) == list(whole.card.counts) == [*PARTS, *HARD_PARTS]
    assert loaded.fingerprint == whole.fingerprint
    found = datasets.load_dataset(str(tmp_path / "data"), cache_dir=str(tmp_path / "cache"))
    assert list(found) == [*PARTS, *HARD_PARTS]
    assert found["test_lineage"]["go_id"][:] == whole.parts["test_lineage"]["go_id"].tolist()
    card = (tmp_path / "data/README.md").read_text()
    assert "- `test_release`: terms that release 2000-01-01 did not have under any id.\n" in card
    assert f"- `test_lineage`: all terms in {len(whole.card.lineage_roots)} subtrees" in card
    (tmp_path / "data/test_opening.parquet").unlink()
    with pytest.raises(DatasetError, match="Make it again"):
        load_dataset(tmp_path / "data")


def test_parts_that_cannot_be_made_are_told(dataset: LabelledDataset, dataset_folder: Path) -> None:
    assert list(dataset.parts) == list(dataset.card.counts) == list(PARTS)
    assert dataset.card.lineage_roots == ()
    assert dataset.card.absent == {
        "test_release": "no earlier release was given",
        "test_opening": "only 0 rows for it, and fewer than 20 say nothing",
        "test_lineage": "only 0 rows for it, and fewer than 20 say nothing",
    }
    card = (dataset_folder / "README.md").read_text()
    assert "- `test_release`: not made: no earlier release was given.\n" in card


def test_overlap_is_counted_for_every_part_but_training(whole: LabelledDataset) -> None:
    assert {part: found.n for part, found in whole.card.overlap.items()} == {
        part: len(rows) for part, rows in whole.parts.items() if part != "train"
    }


def test_fingerprint_is_computed_once(dataset: LabelledDataset) -> None:
    copy = replace(dataset)
    assert copy.fingerprint is copy.fingerprint
    other = replace(dataset, parts={"train": dataset.parts["train"]})
    assert other.fingerprint != copy.fingerprint


def test_card_states_release_hash_and_licence(dataset: LabelledDataset, dataset_folder: Path) -> None:
    card = (dataset_folder / "README.md").read_text()
    assert dataset.card.release in card
    assert dataset.card.obo_sha256 in card
    assert "CC BY 4.0" in card


def test_graph_has_terms_and_edges(dataset: LabelledDataset) -> None:
    graph = term_graph(dataset.terms, dataset.edges)
    assert graph.number_of_nodes() == len(dataset.terms)
    child, relation, parent = dataset.edges.iloc[0]
    assert graph.has_edge(child, parent, key=relation)


def test_drawn_rows_depend_on_the_seed_alone(dataset: LabelledDataset) -> None:
    draws = [draw_training_rows(dataset, 10, seed)["go_id"].tolist() for seed in (0, 0, 1)]
    assert draws[0] == draws[1] != draws[2]
    assert draw_training_rows(dataset, None, 0) is dataset.parts["train"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("dataset.json", "{"), ("dataset.json", "[]"), ("train.parquet", "x"), ("terms.parquet", "")],
)
def test_damaged_folder_is_refused(dataset: LabelledDataset, tmp_path: Path, name: str, content: str) -> None:
    save_dataset(dataset, tmp_path / "data")
    (tmp_path / "data" / name).write_text(content)
    with pytest.raises(DatasetError, match="Make it again"):
        load_dataset(tmp_path / "data")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("test", lambda rows: rows.iloc[:-1]),
        ("train", lambda rows: rows.assign(label=2 - rows["label"])),
        ("edges", lambda rows: rows.iloc[1:]),
        ("terms", lambda rows: rows.assign(name="other")),
    ],
)
def test_changed_rows_are_noticed(
    dataset: LabelledDataset, tmp_path: Path, name: str, change: Callable[[pd.DataFrame], pd.DataFrame]
) -> None:
    save_dataset(dataset, tmp_path / "data")
    path = tmp_path / "data" / f"{name}.parquet"
    change(pd.read_parquet(path)).to_parquet(path)
    with pytest.raises(DatasetError, match=rf"found {name}\.parquet with .* saved"):
        load_dataset(tmp_path / "data")


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("test", lambda rows: rows.iloc[:-1], r"rows that do not match the fingerprint in dataset\.json"),
        ("test", lambda rows: rows.assign(label=3), "test with a label that is none of 0, 1, 2"),
        ("test", lambda rows: rows.drop(columns="name"), "test with the columns go_id, definition, label,"),
        ("terms", lambda rows: rows.drop(columns="aspect"), "terms without the column aspect"),
        ("edges", lambda rows: rows.drop(columns="child"), "edges without the column child"),
    ],
)
def test_a_folder_sealed_again_is_still_looked_at(
    dataset: LabelledDataset,
    tmp_path: Path,
    name: str,
    change: Callable[[pd.DataFrame], pd.DataFrame],
    message: str,
) -> None:
    save_dataset(dataset, tmp_path / "data")
    path = tmp_path / "data" / f"{name}.parquet"
    change(pd.read_parquet(path)).to_parquet(path)
    seal_again(tmp_path / "data/dataset.json")
    with pytest.raises(DatasetError, match=message):
        load_dataset(tmp_path / "data")


@pytest.mark.parametrize(("key", "value"), [("seed", 7), ("counts", {}), ("release", "2021-13-45")])
def test_a_changed_card_is_noticed(dataset: LabelledDataset, tmp_path: Path, key: str, value: object) -> None:
    save_dataset(dataset, tmp_path / "data")
    edit(tmp_path / "data/dataset.json", lambda card: card.update({key: value}))
    with pytest.raises(DatasetError, match=r"dataset\.json with other values than were saved"):
        load_dataset(tmp_path / "data")


def test_no_part_but_a_harder_one_may_be_absent(dataset: LabelledDataset, tmp_path: Path) -> None:
    save_dataset(dataset, tmp_path / "data")
    edit(tmp_path / "data/dataset.json", lambda card: card["absent"].update(train="lost"))
    seal_again(tmp_path / "data/dataset.json")
    with pytest.raises(DatasetError, match=r"found dataset\.json without the part train"):
        load_dataset(tmp_path / "data")


def test_values_of_another_type_are_refused(dataset: LabelledDataset, tmp_path: Path) -> None:
    save_dataset(dataset, tmp_path / "data")
    edit(tmp_path / "data/dataset.json", lambda card: card.update(counts={"train": 3}))
    seal_again(tmp_path / "data/dataset.json")
    with pytest.raises(DatasetError, match=r"expected card\.counts\.train: an object, found 3"):
        load_dataset(tmp_path / "data")


def test_newer_format_is_refused(dataset: LabelledDataset, tmp_path: Path) -> None:
    save_dataset(dataset, tmp_path / "data")
    manifest = json.loads((tmp_path / "data/dataset.json").read_text())
    (tmp_path / "data/dataset.json").write_text(json.dumps(manifest | {"format_version": 4}))
    with pytest.raises(DatasetError, match=r"expected dataset format 3, found format 4\. Update gotune"):
        load_dataset(tmp_path / "data")


def test_older_format_is_refused(dataset: LabelledDataset, tmp_path: Path) -> None:
    save_dataset(dataset, tmp_path / "data")
    manifest = json.loads((tmp_path / "data/dataset.json").read_text())
    (tmp_path / "data/dataset.json").write_text(json.dumps(manifest | {"format_version": 1}))
    with pytest.raises(DatasetError, match=r"found format 1\. Make it again"):
        load_dataset(tmp_path / "data")


def test_folder_without_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="Make one with `gotune dataset`"):
        load_dataset(tmp_path)


def test_foreign_folder_is_not_replaced(dataset: LabelledDataset, tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("years of work")
    with pytest.raises(SaveError, match="nothing was changed"):
        save_dataset(dataset, tmp_path)
    assert (tmp_path / "thesis.doc").read_text() == "years of work"


def test_an_aspect_without_terms_is_refused() -> None:
    with pytest.raises(DatasetError, match="found 0 of molecular_function"):
        split_rows([0] * 20 + [1] * 20, seed=0)


def test_split_sizes_are_those_of_the_case_study() -> None:
    labels = [0] * 28_429 + [1] * 4_183 + [2] * 11_177  # GO 2021-12-15
    sizes = {part: len(rows) for part, rows in split_rows(labels, seed=42).items()}
    assert sizes == {"train": 31_528, "validation": 3_503, "test": 8_758}
