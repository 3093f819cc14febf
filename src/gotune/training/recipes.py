"""A recipe names all that a run learns from; `train` gathers it and makes the model.

::

    recipe = gotune.Recipe.papers(["craft.tsv.gz", ("weak.jsonl", 0.3)])
    gotune.train(recipe, "tagger/")
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gotune.aspects import Head
from gotune.config import MAX_WEIGHT, Setting, TrainConfig
from gotune.datasets.label_conflicts import OnConflict
from gotune.errors import ConfigError, InputError, UnknownReleaseError
from gotune.protocols import Track, doing, untracked

if TYPE_CHECKING:
    from gotune.datasets.definitions import LabelledDataset
    from gotune.datasets.labelled import LabelledSource
    from gotune.lexicon.lexicon import Lexicon
    from gotune.model.manifest import Provenance
    from gotune.ontology.ontology import Ontology
    from gotune.training.task import OnEpoch

    SentenceSource = str | Path | tuple[str | Path, float] | LabelledSource
    OnSource = Callable[[LabelledSource], None]

RELEASE = "2021-12-15"
"""The release whose definitions are learned from if nothing else is named."""

EARLIER = "2020-01-01"
"""Terms that it lacks are a test part."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d")

NAME_SENTENCES = Setting(
    "Made-up sentences with names of terms to learn from.",
    "a whole number of at least 0",
    lambda value: value >= 0,
)

CASE_STUDY: Mapping[str, Any] = {"train_size": 2000}
PAPERS: Mapping[str, Any] = {
    "head": Head.MULTI,
    "train_size": 16000,
    "opening_cut": 0.6,
    "rationale_weight": 10.0,
    "source_intercepts": True,
    "lexicon": True,
    "words": True,
    "epochs": 2,
    "batch_size": 16,
    "learning_rate": 1e-4,
    "warmup_share": 0.06,
    "weight_decay": 0.01,
    "max_tokens": 96,
    "name_sentences": 4000,
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that a run learns from, and how.

    Nothing is read before the run begins.

    Attributes:
        config: All settings of the training.
        data: The definitions: a dataset, the folder of one, or the date of a pinned release of which one is
            made.
        sentences: Labelled sentences to learn from beside them: files as for `read_source`, each alone or in
            a pair with the weight of its rows in the loss, or sources that are read already; `Head.MULTI`
            only.
        name_sentences: How many made-up sentences with names and synonyms of training terms.
        text_column: Column of the files with the texts.
        aspects_column: Column of the files with the aspects; None chooses as `read_source` does.
        on_conflict: What to do with texts whose labels contradict each other; None refuses them.
    """

    config: TrainConfig = field(default_factory=TrainConfig)
    data: LabelledDataset | Path | str = RELEASE
    sentences: Sequence[SentenceSource] = ()
    name_sentences: int = 0
    text_column: str = "text"
    aspects_column: str | None = None
    on_conflict: OnConflict | None = None

    @classmethod
    def case_study(cls, **options: Any) -> Recipe:  # noqa: ANN401 (fields of two classes)
        """Return the published recipe: 2,000 definitions make a model that chooses one aspect for every text.

        Args:
            options: Attributes of the recipe and settings of `TrainConfig` to change, by name.

        Raises:
            ConfigError: A name is unknown, or a value out of range.
        """
        return cls._of({**CASE_STUDY, **options})

    @classmethod
    def papers(cls, sentences: Sequence[SentenceSource] = (), **options: Any) -> Recipe:  # noqa: ANN401 (fields of two classes)
        """Return the recipe for a tagger of sentences, found by experiment.

        It learns from labelled sentences of papers, definitions and names, and judges each aspect by itself.

        Args:
            sentences: Labelled sentences; at least one file or source.
            options: Attributes of the recipe and settings of `TrainConfig` to change, by name.

        Raises:
            InputError: There are no sentences.
            ConfigError: A name is unknown, or a value out of range.
        """
        if not sentences:
            raise InputError(
                "the papers recipe",
                expected="labelled sentences of papers",
                found="none",
                do="Make a file of them from the CRAFT corpus (gotune corpus craft --help), take your own, "
                "or label text by the ontology itself (gotune label --help); then name it: --sentences FILE, "
                "or sentences=[...] in Python.",
            )
        return cls._of({**PAPERS, "sentences": sentences, **options})

    @classmethod
    def _of(cls, options: Mapping[str, Any]) -> Recipe:
        own = {one.name for one in fields(cls)} - {"config"}
        settings = {name: value for name, value in options.items() if name not in own}
        given = {name: value for name, value in options.items() if name in own}
        return cls(TrainConfig.from_dict(settings), **given)

    def __post_init__(self) -> None:
        """Refuse what cannot be learned from.

        Raises:
            TypeError: ``sentences`` is one file instead of a sequence of them, or has something else in it.
            ConfigError: Sentences for the single head, a weight that is none, or less than no made-up ones.
            ValueError: ``on_conflict`` is unknown.
        """
        if isinstance(self.sentences, str | Path):
            raise TypeError("sentences: expected a sequence of files, found one; wrap it in a list")
        object.__setattr__(self, "sentences", tuple(map(_named, self.sentences)))
        if self.on_conflict is not None:
            object.__setattr__(self, "on_conflict", OnConflict(self.on_conflict))
        if not NAME_SENTENCES.holds(self.name_sentences):
            raise ConfigError(
                "name_sentences",
                expected=NAME_SENTENCES.expected,
                found=repr(self.name_sentences),
                do="Change that setting.",
            )
        if self.sentences or self.name_sentences:
            self.config.check_takes_sentences()

    @property
    def release(self) -> str | None:
        """The release of which a dataset is made, if one is."""
        is_date = isinstance(self.data, str) and _DATE.fullmatch(self.data) and not Path(self.data).exists()
        return str(self.data) if is_date else None

    def check_files(self) -> None:
        """Refuse files and folders that are missing or something else, before anything is read as a whole.

        Raises:
            DatasetError: The folder is that of no dataset.
            TableError: A file of sentences is no table, or lacks a column.
        """
        from gotune.datasets.definitions import read_stamp
        from gotune.datasets.labelled import check_source

        if isinstance(self.data, str | Path) and self.release is None:
            read_stamp(Path(self.data))
        for source in self.sentences:
            if isinstance(source, tuple):
                check_source(
                    Path(source[0]), text_column=self.text_column, aspects_column=self.aspects_column
                )


@dataclass(frozen=True, slots=True)
class Material:
    """What a run learns from, read and ready.

    Attributes:
        dataset: The definitions; those of its test parts are not looked at.
        sources: Labelled and made-up sentences to learn from beside them.
        lexicon: The names of the release, if they go into the bundle.
    """

    dataset: LabelledDataset
    sources: Sequence[LabelledSource] = ()
    lexicon: Lexicon | None = None


def train(
    recipe: Recipe,
    folder: Path | str,
    *,
    resume: bool = False,
    offline: bool = False,
    track: Track = untracked,
    on_source: OnSource = lambda source: None,
    on_epoch: OnEpoch = lambda record: None,
) -> Provenance:
    """Gather what a recipe names, fine-tune its encoder on it, and save the model.

    A tenth of the articles of each source of sentences is set apart. With them and the validation definitions
    the epoch is chosen; with them, but for those of sources of little weight (`least_weight`), or without any
    with the definitions, the probabilities are calibrated and the thresholds set.

    After each epoch a checkpoint is kept in ``<folder>.training``, which goes when the model is saved.

    Args:
        recipe: What to learn from, and how.
        folder: The folder to write. An older model there stays until the new one is complete.
        resume: Go on from the last checkpoint of an interrupted run; the weights come out the same, on the
            same kind of processor. A run that is finished already is left as it is.
        offline: Fetch nothing.
        track: Shows progress.
        on_source: Called with each file of sentences when it is read.
        on_epoch: Called with the figures after each epoch.

    Returns:
        How it was made, as its folder tells it too.

    Raises:
        TableError, DatasetError: A file or folder cannot be read; the training part is too small, or lacks an
            aspect; or a source has one article only.
        EncoderError, DownloadError, UnknownReleaseError: The encoder or a release cannot be had.
        InputError: The names of the terms are asked for, and the dataset is of no pinned release.
        ConfigError: A resumed run has other settings or data, or an interrupted one is in the way; or several
            processes run the native loop.
        SaveError: The folder holds something else, or cannot be written.
        MissingExtraError: torch or transformers is missing.
    """
    from gotune.training.run import check_start, fit

    check_start(recipe.config, Path(folder), resume=resume)
    material = gather(recipe, offline=offline, track=track, on_source=on_source)
    return fit(
        material, recipe.config, folder, resume=resume, offline=offline, track=track, on_epoch=on_epoch
    )


def gather(
    recipe: Recipe,
    *,
    offline: bool = False,
    track: Track = untracked,
    on_source: OnSource = lambda source: None,
) -> Material:
    """Fetch and read all that a recipe names, the encoder included; what is missing is told first.

    Args:
        recipe: What to learn from.
        offline: Fetch nothing.
        track: Shows progress.
        on_source: Called with each file of sentences when it is read.

    Raises:
        TableError, DatasetError: A file or folder cannot be read.
        EncoderError, DownloadError, UnknownReleaseError: The encoder or a release cannot be had.
        InputError: The names of the terms are asked for, and the dataset is of no pinned release.
        MissingExtraError: torch or transformers is missing.
    """
    from gotune.datasets.name_sentences import name_source
    from gotune.lexicon.dictionary import Dictionary
    from gotune.lexicon.lexicon import Lexicon
    from gotune.model.encoders import import_transformers, locate_encoder

    recipe.check_files()
    with doing(track, "fetching the encoder"):
        import_transformers()
        locate_encoder(recipe.config.encoder, offline=offline)
    sources = list(read_sentences(recipe, track=track, on_source=on_source))
    dataset = _dataset(recipe, offline, track)
    if not (recipe.name_sentences or recipe.config.lexicon):
        return Material(dataset, tuple(sources))
    with doing(track, f"reading GO {dataset.card.release}"):
        ontology = _ontology(dataset, offline)
    lexicon = Lexicon.from_ontology(ontology, track=track) if recipe.config.lexicon else None
    if recipe.name_sentences:
        with doing(track, "setting names into sentences"):
            dictionary = Dictionary.from_ontology(ontology) if lexicon is None else lexicon.dictionary
            seed = recipe.config.seed
            sources.append(name_source(dataset, ontology, dictionary, count=recipe.name_sentences, seed=seed))
    return Material(dataset, tuple(sources), lexicon)


def read_sentences(
    recipe: Recipe, *, track: Track = untracked, on_source: OnSource = lambda source: None
) -> Iterator[LabelledSource]:
    """Yield the labelled sentences of a recipe, source by source.

    Args:
        recipe: What to learn from.
        track: Shows progress.
        on_source: Called with each file when it is read.

    Raises:
        TableError: A file cannot be read, see `read_source`.
    """
    from gotune.datasets.labelled import read_source

    for source in map(_named, recipe.sentences):
        if not isinstance(source, tuple):
            yield source
            continue
        path, weight = source
        with doing(track, f"reading {path.name}"):
            read = read_source(
                path,
                text_column=recipe.text_column,
                aspects_column=recipe.aspects_column,
                on_conflict=recipe.on_conflict,
            )
        on_source(read)
        yield replace(read, weight=weight)


def _named(source: SentenceSource) -> tuple[Path, float] | LabelledSource:
    """Return a file with its weight, or a source as it is.

    Raises:
        TypeError: It is something else.
        ConfigError: The weight is none.
    """
    match source:
        case str() | Path():
            return Path(source), 1.0
        case (str() | Path() as path, int() | float() as weight):
            if not 0 < weight <= MAX_WEIGHT:
                raise ConfigError(
                    f"sentences of {path}",
                    expected=f"a weight above 0 and at most {MAX_WEIGHT}",
                    found=repr(weight),
                    do="Change it.",
                )
            return Path(path), float(weight)
        case _:
            from gotune.datasets.labelled import LabelledSource

            if not isinstance(source, LabelledSource):
                raise TypeError(f"sentences: expected files, (file, weight) or sources, found {source!r}")
            return source


def _dataset(recipe: Recipe, offline: bool, track: Track) -> LabelledDataset:
    from gotune.datasets.definitions import build_dataset, load_dataset
    from gotune.ontology.loading import load_ontology

    data, release = recipe.data, recipe.release
    if release is not None:
        with doing(track, f"reading the definitions of GO {release}"):
            earlier = load_ontology(EARLIER, offline=offline) if release > EARLIER else None
            return build_dataset(load_ontology(release, offline=offline), earlier=earlier)
    return load_dataset(data) if isinstance(data, str | Path) else data


def _ontology(dataset: LabelledDataset, offline: bool) -> Ontology:
    """Return the release that the dataset was made of, for the names of its terms."""
    from gotune.ontology.loading import load_ontology

    release = dataset.card.release
    try:
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
        do="Go without names (name_sentences=0, lexicon=false), or make the dataset of a pinned release.",
    )
