from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from safetensors.torch import load_file

from gotune.aspects import Head
from gotune.config import TrainConfig
from gotune.datasets.definitions import LabelledDataset
from gotune.datasets.label_conflicts import OnConflict
from gotune.datasets.labelled import LabelledSource
from gotune.errors import (
    ConfigError,
    DatasetError,
    EncoderError,
    InputError,
    SaveError,
    TableError,
)
from gotune.training.recipes import Material, Recipe, gather, train
from gotune.training.run import fit

Item = TypeVar("Item")
SMALL: dict[str, Any] = {"epochs": 1, "max_tokens": 48, "device": "cpu", "train_size": 20}


def test_case_study_is_the_default_with_its_size() -> None:
    assert Recipe.case_study() == Recipe(TrainConfig(train_size=2000))


def test_papers_judges_each_aspect_by_itself_and_takes_names() -> None:
    recipe = Recipe.papers(["mine.tsv"])
    config = recipe.config
    assert (config.head, config.lexicon, config.rationale_weight) == (Head.MULTI, True, 10.0)
    assert recipe.name_sentences == 4000
    assert recipe.sentences == ((Path("mine.tsv"), 1.0),)


def test_a_preset_is_a_start_that_options_change() -> None:
    recipe = Recipe.papers(
        ["a.tsv", ("b.jsonl", 0.3)], data="2021-07-02", name_sentences=5, epochs=1, on_conflict="union"
    )
    assert recipe.config == replace(Recipe.papers(["a.tsv"]).config, epochs=1)
    assert recipe.sentences == ((Path("a.tsv"), 1.0), (Path("b.jsonl"), 0.3))
    assert (recipe.release, recipe.name_sentences) == ("2021-07-02", 5)
    assert recipe.on_conflict is OnConflict.UNION


def test_papers_without_sentences_says_how_to_get_some() -> None:
    with pytest.raises(InputError, match=r"gotune corpus craft.*gotune label.*sentences=\[\.\.\.\]"):
        Recipe.papers()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"epoch": 3}, "settings: expected known keys alone, found the key epoch"),
        (
            {"config": TrainConfig()},
            "settings: expected values that JSON has, found Object of type TrainConfig",
        ),
        ({"epochs": 0}, "epochs: expected a whole number of at least 1, found 0"),
        ({"name_sentences": -1}, "name_sentences: expected a whole number of at least 0, found -1"),
        (
            {"head": "single", "lexicon": False, "words": False, "source_intercepts": False},
            "head: expected multi",
        ),
        ({"sentences": [("a.tsv", 0)]}, "sentences of a.tsv: expected a weight above 0"),
        ({"sentences": [("a.tsv", float("nan"))]}, "found nan"),
        ({"sentences": [("a.tsv", 1001)]}, "at most 1000, found 1001"),
    ],
)
def test_settings_out_of_range(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        Recipe.papers(**{"sentences": ["a.tsv"], **options})


@pytest.mark.parametrize("sentences", ["a.tsv", Path("a.tsv"), [5], [("a.tsv",)], [("a.tsv", "1")], [None]])
def test_sentences_are_a_sequence_of_files_or_sources(sentences: Any) -> None:  # noqa: ANN401
    with pytest.raises(TypeError, match=r"^sentences: expected "):
        Recipe(TrainConfig(head=Head.MULTI), sentences=sentences)


def test_made_up_sentences_need_the_multi_head() -> None:
    with pytest.raises(ConfigError, match="Take the multi head"):
        Recipe(name_sentences=1)


def test_all_that_is_named_is_gathered(
    example_release: Path, sentence_file: Path, sentences: LabelledSource, tiny_encoder: Path
) -> None:
    config = TrainConfig(head=Head.MULTI, encoder=str(tiny_encoder), lexicon=True)
    read: list[LabelledSource] = []
    recipe = Recipe(config, sentences=[sentences, (sentence_file, 0.5)], name_sentences=5)
    shown: list[str] = []

    def track(items: Iterable[Item], *, description: str, total: int | None = None) -> Iterator[Item]:
        shown.append(description)
        return iter(items)

    material = gather(recipe, offline=True, track=track, on_source=read.append)
    assert [source.card.n_rows for source in material.sources] == [48, 48, 5]
    assert [source.weight for source in material.sources] == [1.0, 0.5, 1.0]
    assert [source.made_up for source in material.sources] == [False, False, True]
    assert [source.card.name for source in read] == ["mine.jsonl"]  # the other one was read before
    assert material.lexicon is not None
    assert len(material.dataset.parts["train"]) > 20
    assert shown == [
        "fetching the encoder",
        "reading mine.jsonl",
        "reading the definitions of GO 2021-12-15",
        "reading GO 2024-02-29",
        "gathering names",
        "weighing names",
        "setting names into sentences",
    ]


def test_columns_are_chosen_for_all_files(
    dataset: LabelledDataset, tiny_encoder: Path, tmp_path: Path
) -> None:
    rows = [f"Cells of kind {number} divide.\t{code}" for number, code in enumerate(("BP", "CC", "MF"))]
    for name in ("a.tsv", "b.tsv"):
        (tmp_path / name).write_text(
            "\n".join(["sentence\tlabels", *rows, *rows[:1], "Cells of kind 0 divide.\tMF"])
        )
    recipe = Recipe(
        TrainConfig(head=Head.MULTI, encoder=str(tiny_encoder)),
        dataset,
        [tmp_path / "a.tsv", str(tmp_path / "b.tsv")],
        text_column="sentence",
        aspects_column="labels",
        on_conflict=OnConflict.UNION,
    )
    sources = gather(recipe, offline=True).sources
    assert [source.card.n_conflicts for source in sources] == [1, 1]


def test_names_come_from_the_release_of_the_dataset(
    example_release: Path, dataset: LabelledDataset, sentences: LabelledSource, tiny_encoder: Path
) -> None:
    config = TrainConfig(head=Head.MULTI, encoder=str(tiny_encoder), lexicon=True)
    changed = replace(dataset, card=replace(dataset.card, obo_sha256="0" * 64))
    with pytest.raises(InputError, match=r"found another file of that release\. Go without names"):
        gather(Recipe(config, changed, [sentences]), offline=True)


def test_a_release_that_is_not_pinned_gives_no_names(
    dataset: LabelledDataset, sentences: LabelledSource, tiny_encoder: Path
) -> None:
    config = TrainConfig(head=Head.MULTI, encoder=str(tiny_encoder), lexicon=True)
    with pytest.raises(InputError, match=r"found one that is not in the catalogue\. Go without names"):
        gather(Recipe(config, dataset, [sentences]), offline=True)


def test_files_are_looked_for_before_anything_is_read(
    dataset_folder: Path, sentence_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "other.tsv").write_text("sentence\taspects\nCells divide.\tBP\n")
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside/craft.tsv.gz").touch()
    read: list[LabelledSource] = []
    for bad, message in (
        (tmp_path / "inside", r"found a folder\. Name a file in it, such as .*inside/craft\.tsv\.gz"),
        (tmp_path / "other.tsv", "expected a column 'text', found the columns sentence, aspects"),
        (tmp_path / "mine.xlsx", r"found '\.xlsx'\. Save the sheet as \.csv"),
        (tmp_path / "missing.tsv", "expected a table, found nothing"),
    ):
        recipe = Recipe.papers([sentence_file, bad], data=dataset_folder, encoder="./missing")
        with pytest.raises(TableError, match=message):
            train(recipe, tmp_path / "model", on_source=read.append)
    with pytest.raises(DatasetError, match=r"inside: expected a dataset folder"):
        train(Recipe.papers([sentence_file], data=tmp_path / "inside"), tmp_path / "model")
    with pytest.raises(EncoderError, match="no such folder"):
        train(
            Recipe.papers([sentence_file], data=dataset_folder, encoder="./missing"),
            tmp_path / "model",
            on_source=read.append,
        )
    assert read == []


def test_the_folder_is_looked_at_first(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("years of work")
    with pytest.raises(SaveError, match="nothing was changed"):
        train(Recipe.papers([tmp_path / "missing.tsv"]), tmp_path)


def test_a_recipe_trains_what_its_material_does(
    example_release: Path, dataset_folder: Path, sentence_file: Path, tiny_encoder: Path, tmp_path: Path
) -> None:
    recipe = Recipe.papers(
        [sentence_file], data=dataset_folder, name_sentences=12, encoder=str(tiny_encoder), **SMALL
    )
    material = gather(recipe, offline=True)
    made = train(recipe, tmp_path / "one", offline=True)
    assert made == fit(material, recipe.config, tmp_path / "other")
    assert (made.n_train, made.n_sentences) == (20, 52)
    one, other = (load_file(tmp_path / name / "model.safetensors") for name in ("one", "other"))
    assert all(bool((tensor == other[name]).all()) for name, tensor in one.items())
    assert (tmp_path / "one/lexicon.safetensors").is_file()


def test_material_without_the_names_that_are_asked_for(
    dataset: LabelledDataset, tiny_config: TrainConfig, tmp_path: Path
) -> None:
    config = replace(tiny_config, head=Head.MULTI, lexicon=True)
    with pytest.raises(ConfigError, match=r"Lexicon\.from_ontology"):
        fit(Material(dataset), config, tmp_path / "model")
