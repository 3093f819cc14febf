"""What `gotune train` and `gotune crossval` are told to learn from, made of their options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from gotune.cli.console import Screen
from gotune.cli.sentences import SentenceOptions, read_labelled
from gotune.config import TrainConfig
from gotune.errors import InputError
from gotune.presets import Preset, Recipe

if TYPE_CHECKING:
    from gotune.data.dataset import LabelledDataset
    from gotune.labels.labelled import LabelledSource

_RELEASE, _EARLIER = "2021-12-15", "2020-01-01"
_CRAFT = Path("../shared/data/craft_dev.tsv.gz")
"""Where the labelled sentences are looked for if none are given."""


@dataclass(frozen=True, slots=True)
class Material:
    """What a run learns from."""

    dataset: LabelledDataset
    sources: tuple[LabelledSource, ...]


def choose_recipe(preset: Preset | None, given: Mapping[str, object], name_sentences: int | None) -> Recipe:
    """Return a preset's recipe, or the default one, with the settings that were given (not None) instead."""
    recipe = Recipe(TrainConfig()) if preset is None else preset.recipe
    settings = {name: value for name, value in given.items() if value is not None}
    config = TrainConfig.from_dict({**recipe.config.to_dict(), **settings})
    names = recipe.name_sentences if name_sentences is None else name_sentences
    return replace(recipe, config=config, name_sentences=names)


def gather(
    data: Path | None,
    recipe: Recipe,
    sentences: Sequence[str] | None,
    options: SentenceOptions,
    screen: Screen,
    offline: bool,
) -> Material:
    """Load the dataset and the sources of sentences, and warn of what does not look like prose.

    Raises:
        InputError: The recipe needs labelled sentences and there are none.
        DatasetError, TableError, DownloadError: Something cannot be read or had.
    """
    files = [_file_and_weight(entry) for entry in sentences or ()]
    if recipe.needs_sentences and not files:
        files = [(_craft(), 1.0)]
    sources = [replace(read_labelled(path, options, screen), weight=weight) for path, weight in files]
    dataset = _dataset(data, screen, offline)
    if recipe.name_sentences:
        sources.append(_names(dataset, recipe, screen, offline))
    return Material(dataset, tuple(sources))


def _craft() -> Path:
    if _CRAFT.is_file():
        return _CRAFT
    raise InputError(
        "--preset papers",
        expected="labelled sentences of papers",
        found=f"no --sentences FILE, and no {_CRAFT}",
        do="Make them from the CRAFT corpus (gotune corpus craft --help), take your own, or label text by "
        "the ontology itself (gotune label --help), and give the file with --sentences.",
    )


def _file_and_weight(entry: str) -> tuple[Path, float]:
    name, equals, weight = entry.rpartition("=")
    if not equals or Path(entry).exists():
        return Path(entry), 1.0
    try:
        value = float(weight)
    except ValueError:
        value = 0.0
    if not 0 < value <= 1000:
        raise typer.BadParameter(f"--sentences {entry}: expected a weight above 0 behind =, found {weight!r}")
    return Path(name), value


def _dataset(data: Path | None, screen: Screen, offline: bool) -> LabelledDataset:
    from gotune.data.dataset import build_dataset, load_dataset
    from gotune.ontology.loading import load_ontology

    if data is not None:
        return load_dataset(data)
    with screen.doing(f"reading the definitions of GO {_RELEASE}"):
        earlier = load_ontology(_EARLIER, offline=offline)
        return build_dataset(load_ontology(_RELEASE, offline=offline), earlier=earlier)


def _names(dataset: LabelledDataset, recipe: Recipe, screen: Screen, offline: bool) -> LabelledSource:
    from gotune.names.name_source import name_source
    from gotune.ontology.loading import load_ontology

    with screen.doing("setting names into sentences"):
        ontology = load_ontology(dataset.card.release, offline=offline)
        return name_source(dataset, ontology, recipe.name_sentences, seed=recipe.config.seed)
