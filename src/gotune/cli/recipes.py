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
from gotune.errors import InputError, UnknownReleaseError
from gotune.training.recipes import Preset, Recipe

if TYPE_CHECKING:
    from gotune.datasets.definitions import LabelledDataset
    from gotune.datasets.labelled import LabelledSource
    from gotune.lexicon.lexicon import Lexicon
    from gotune.ontology.ontology import Ontology

_RELEASE, _EARLIER = "2021-12-15", "2020-01-01"
_CRAFT = Path("../shared/data/craft_dev.tsv.gz")
"""Where the labelled sentences are looked for if none are given."""


@dataclass(frozen=True, slots=True)
class Material:
    """What a run learns from."""

    dataset: LabelledDataset
    sources: tuple[LabelledSource, ...]
    lexicon: Lexicon | None


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
    from gotune.datasets.name_sentences import name_source
    from gotune.lexicon.lexicon import Lexicon

    files = [_file_and_weight(entry) for entry in sentences or ()]
    if recipe.needs_sentences and not files:
        files = [(_craft(), 1.0)]
    sources = [replace(read_labelled(path, options, screen), weight=weight) for path, weight in files]
    dataset = _dataset(data, screen, offline)
    if not (recipe.name_sentences or recipe.config.lexicon):
        return Material(dataset, tuple(sources), None)
    ontology = _ontology(dataset, screen, offline)
    if recipe.name_sentences:
        with screen.doing("setting names into sentences"):
            sources.append(name_source(dataset, ontology, recipe.name_sentences, seed=recipe.config.seed))
    lexicon = None
    if recipe.config.lexicon:
        with screen.doing("gathering names"):
            lexicon = Lexicon.from_ontology(ontology)
    return Material(dataset, tuple(sources), lexicon)


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
    from gotune.datasets.definitions import build_dataset, load_dataset
    from gotune.ontology.loading import load_ontology

    if data is not None:
        return load_dataset(data)
    with screen.doing(f"reading the definitions of GO {_RELEASE}"):
        earlier = load_ontology(_EARLIER, offline=offline)
        return build_dataset(load_ontology(_RELEASE, offline=offline), earlier=earlier)


def _ontology(dataset: LabelledDataset, screen: Screen, offline: bool) -> Ontology:
    """Return the release that the dataset was made of, for the names of its terms."""
    from gotune.ontology.loading import load_ontology

    release = dataset.card.release
    try:
        with screen.doing(f"reading GO {release}"):
            ontology = load_ontology(release, offline=offline)
    except UnknownReleaseError as exc:
        raise _no_names(release, "one that is not in the catalogue") from exc
    if ontology.sha256 != dataset.card.obo_sha256:
        raise _no_names(release, "another file of that release")
    return ontology


def _no_names(release: str, found: str) -> InputError:
    return InputError(
        f"release {release}",
        expected="a pinned release, from which the names of the terms are read",
        found=found,
        do="Go without names (--name-sentences 0 --no-lexicon), or make the dataset of a pinned release.",
    )
