"""What commands share: models loaded, labelled sentences read, models measured on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from gotune.aspects import ASPECTS, Prefer
from gotune.cli.console import Screen
from gotune.config import Precision
from gotune.datasets.label_conflicts import OnConflict
from gotune.errors import DownloadError, OboError, UnknownReleaseError
from gotune.records import Witness

if TYPE_CHECKING:
    from gotune.datasets.labelled import LabelledSource
    from gotune.evaluation.sentences.results import TaggingEvaluation
    from gotune.model.classifier import AspectClassifier, TransformerClassifier
    from gotune.model.word_classifier import WordClassifier
    from gotune.protocols import Classifier

_TEXT = "text"
"""The column with the sentences if none is named."""


@dataclass(frozen=True, slots=True)
class SentenceOptions:
    """How files of labelled sentences are read."""

    aspects_column: str | None = None
    on_conflict: OnConflict | None = None
    text_column: str | None = None

    def given(self) -> dict[str, object]:
        """Return what was given of each option, by its name."""
        return {
            "--text-column": self.text_column,
            "--aspects-column": self.aspects_column,
            "--on-conflict": self.on_conflict,
        }


def load_model(
    folder: Path,
    screen: Screen,
    without: Sequence[Witness] | None = None,
    *,
    prefer: Prefer = Prefer.BALANCE,
    device: str = "auto",
    precision: Precision = Precision.AUTO,
    threads: int | None = None,
    verify: bool = True,
) -> AspectClassifier | WordClassifier:
    """Load a model, or some of its witnesses, for a use; see `gotune.model.loading.load_model`."""
    from gotune.model import loading

    with screen.doing("loading the model"):
        model = loading.load_model(
            folder,
            without=without or (),
            prefer=prefer,
            device=device,
            precision=precision,
            threads=threads,
            verify=verify,
        )
    if left := [witness for witness in without or () if witness is not Witness.ENCODER]:
        screen.warn(f"The thresholds are those that were chosen with {' and '.join(left)}.")
    return model


Load: TypeAlias = "Callable[[Path, Screen], Classifier]"
"""Loads a model, as `load_model` with the options of a command."""


def load_transformer(
    folder: Path, screen: Screen, *, device: str, precision: Precision, verify: bool = True
) -> TransformerClassifier:
    """Load a model whose encoder can be looked into.

    Raises:
        BundleError: There is none, or its encoder is for another engine than torch.
        ConfigError: The device cannot be used here.
    """
    from gotune.model.classifier import TransformerClassifier

    with screen.doing("loading the model"):
        return TransformerClassifier.load(folder, device=device, precision=precision, verify=verify)


def read_labelled(path: Path, options: SentenceOptions, screen: Screen) -> LabelledSource:
    """Read labelled sentences, say what they are, and warn of what does not look like prose."""
    from gotune.datasets.labelled import read_source

    with screen.doing(f"reading {path.name}"):
        source = read_source(
            path,
            text_column=options.text_column or _TEXT,
            aspects_column=options.aspects_column,
            on_conflict=options.on_conflict,
        )
    tell_source(source, screen)
    return source


def tell_source(source: LabelledSource, screen: Screen) -> None:
    """Say what labelled sentences are, and warn of what does not look like prose."""
    from gotune.corpus.screening import find_remains
    from gotune.render.wording import describe_judged, describe_rows

    card = source.card
    judged = tuple(map(card.n_judged, ASPECTS))
    remains = find_remains(source.table["text"].tolist())
    counts = ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in card.counts.items())
    screen.say(
        f"{card.name}: {card.n_rows:,} sentences of {card.n_articles:,} articles ({counts}, "
        f"none {card.n_none:,}); {card.n_skipped:,} without a label left out."
    )
    if set(judged) != {card.n_rows}:
        screen.say(f"{card.name}: {describe_judged(judged)}.")
    for aspect, n_judged in zip(ASPECTS, judged, strict=True):
        if (n := card.counts[aspect.value]) in (0, n_judged):
            screen.warn(
                f"{card.name}: {aspect.words}: {_one_sided(n, n_judged)}; "
                "this file can neither calibrate nor measure it."
            )
    if source.n_read:
        screen.say(f"{card.name}: {describe_rows(source.n_read, source.n_blank)}.")
    for kind, found in remains.items():
        screen.warn(f"{card.name}: {found.n:,} texts look like {kind}, such as {found.examples[0]!r}")


def _one_sided(n: int, n_judged: int) -> str:
    if not n_judged:
        return "no sentence is judged on it"
    sentences = f"of {n_judged:,} sentences judged on it"
    return f"all {sentences} have it" if n else f"none {sentences} has it"


def load_beside(
    folders: Sequence[Path] | None,
    release: str,
    screen: Screen,
    offline: bool,
    load: Load = load_model,
) -> dict[str, Classifier]:
    """Return the models to show beside the one in question: a dictionary, and those of the user.

    Without the release there is no dictionary; all else can still be measured.

    Args:
        folders: Of the user's models.
        release: Whose names the dictionary has.
        screen: Tells.
        offline: Fetch nothing.
        load: Loads a model as the one in question is.
    """
    from gotune.evaluation.baselines import DICTIONARY

    beside: dict[str, Classifier] = {}
    with screen.doing("gathering names"):
        try:
            beside[DICTIONARY] = _dictionary(release, offline)
        except (DownloadError, OboError, UnknownReleaseError) as exc:
            screen.warn(f"The {DICTIONARY} is left out. {exc}")
    return {**beside, **load_models(folders, screen, load)}


def load_models(folders: Sequence[Path] | None, screen: Screen, load: Load) -> dict[str, Classifier]:
    """Return models of the user to show beside the one in question, by what they are asked for by."""
    from gotune.model.shipped import shown_name

    return {shown_name(folder): load(folder, screen) for folder in folders or ()}


def _dictionary(release: str, offline: bool) -> Classifier:
    from gotune.evaluation.baselines import DictionaryTagger
    from gotune.lexicon.dictionary import Dictionary
    from gotune.ontology.loading import load_ontology

    ontology = load_ontology(release, offline=offline)
    return DictionaryTagger(Dictionary.from_ontology(ontology), ontology.release)


def write_tagging(evaluation: TaggingEvaluation, folder: Path) -> list[Path]:
    """Write the figures as JSON and Markdown, and the pictures of reliability and abstention."""
    from gotune.evaluation.sentences.report import plot_reliability, plot_risk_coverage, render_tagging
    from gotune.files import write_json, write_text
    from gotune.render.figures import save_both

    write_json(folder / "sentences.json", evaluation.to_dict())
    write_text(folder / "sentences.md", render_tagging(evaluation))
    pictures = [
        *save_both(plot_reliability(evaluation.uncalibrated, evaluation.calibrated), folder / "reliability"),
        *save_both(plot_risk_coverage(evaluation.risk_coverage), folder / "risk_coverage"),
    ]
    return [folder / "sentences.json", folder / "sentences.md", *pictures]
