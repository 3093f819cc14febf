"""What a bundle says of itself: where it came from and how it was made; its card tells people the same."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from math import isfinite
from typing import Any

from gotune.aspects import ASPECTS, Aspect, Head
from gotune.config import TrainConfig, newer_names
from gotune.datasets.labelled import SourceCard
from gotune.errors import BundleError, ConfigError, InputError
from gotune.model.adapted import Adaptation, render_adaptation
from gotune.model.decisions import Use
from gotune.model.spec import ModelSpec
from gotune.records import Learned, Reads
from gotune.render.tables import markdown_cell
from gotune.render.wording import count_aspects, describe_not_calibrated
from gotune.seals import SEALED_KEYS, unsealed
from gotune.typed_json import as_record

FORMAT_VERSION = 5
FIRST_SEALED = 4
"""The first format whose manifest knows every file by its hash."""
_FIRST_WITH_SPEC = 3
MANIFEST = "gotune.json"
"""Name of its file, by which a folder is known as a bundle."""
_LIBRARIES = ("gotune", "torch", "transformers", "tokenizers", "safetensors", "numpy")


@dataclass(frozen=True, slots=True)
class EpochRecord:
    """Figures after one epoch, counted from 1; losses are in nats, as in `gotune.training`."""

    epoch: int
    train_loss: float
    validation_loss: float
    validation_accuracy: float
    validation_macro_f1: float

    def __post_init__(self) -> None:
        """Refuse an epoch in which the training has gone astray.

        Raises:
            ConfigError: A figure is NaN or infinite.
        """
        for name, value in asdict(self).items():
            if not isfinite(value):
                raise ConfigError(
                    f"epoch {self.epoch}",
                    expected="a finite number for every loss and figure",
                    found=f"{name} {value}",
                    do="Train with a lower learning rate, or in full precision (--set precision=fp32).",
                )


@dataclass(frozen=True, slots=True)
class LearnedSource(SourceCard):
    """What was read of a source of sentences, and how much its rows counted in the loss."""

    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a model was made: kept with the bundle, and not needed to use it.

    Attributes:
        dataset_fingerprint: Hash of all that it could learn from.
        n_train: Definitions that the model learned from.
        n_validation: Rows by which the epoch was chosen.
        n_truncated: Training texts that were cut to ``config.max_tokens``.
        config: All settings.
        history: One record an epoch, at least one.
        best_epoch: The epoch whose weights are in the bundle.
        environment: Versions of Python and libraries, the platform, the device and the number format.
        n_sentences: Labelled and made-up sentences that it learned from beside them.
        sources: The sources of sentences, with the weight of each.
        n_calibration: Rows that calibration and thresholds were fitted to.
        not_calibrated: Aspects that these rows could not calibrate, as all that are judged on them have them,
            or none.
    """

    dataset_fingerprint: str
    n_train: int
    n_validation: int
    n_truncated: int
    config: TrainConfig
    history: tuple[EpochRecord, ...]
    best_epoch: int
    environment: Mapping[str, str]
    n_sentences: int = 0
    sources: tuple[LearnedSource, ...] = ()
    n_calibration: int = 0
    not_calibrated: tuple[Aspect, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an epoch that is not among those recorded.

        Raises:
            InputError: It is not.
        """
        if not 1 <= self.best_epoch <= len(self.history):
            raise InputError(
                "best_epoch",
                expected=f"one of {len(self.history)} epochs, counted from 1",
                found=str(self.best_epoch),
                do="Save the model again.",
            )

    @property
    def best(self) -> EpochRecord:
        """Figures of the epoch that was kept."""
        return self.history[self.best_epoch - 1]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class LearnedCounts:
    """How much a model has learned from, so that a list of it that was cut is not taken for the whole."""

    definitions: int
    go_ids: int
    texts: int
    articles: int

    @classmethod
    def of(cls, learned: Learned) -> LearnedCounts:
        """Count what a model has learned from."""
        return cls(learned.n_definitions, len(learned.go_ids), len(learned.texts), len(learned.articles))


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle says of itself.

    Attributes:
        spec: What is needed to use it.
        provenance: How it was made; None where nobody has written it down.
        format_version: Format of the bundle folder.
        learned: How much it has learned from; None in older formats, which do not say.
        adaptations: How it was adapted after that, in order.
    """

    spec: ModelSpec
    provenance: Provenance | None = None
    format_version: int = FORMAT_VERSION
    learned: LearnedCounts | None = None
    adaptations: tuple[Adaptation, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "format_version": self.format_version,
            "model": self.spec.to_dict(),
            "provenance": self.provenance and self.provenance.to_dict(),
            "learned": self.learned and asdict(self.learned),
            "adaptations": [adaptation.to_dict() for adaptation in self.adaptations],
        }


@dataclass(frozen=True, slots=True)
class _Written:
    """The keys of a manifest's file, hashes apart."""

    format_version: int
    model: ModelSpec
    provenance: Provenance | None
    learned: LearnedCounts | None = None
    adaptations: tuple[Adaptation, ...] = ()


def manifest_of(values: object, where: str) -> Manifest:
    """Return the manifest that `Manifest.to_dict` wrote, in this format or an older one.

    Args:
        values: From the JSON file, with the hashes or without.
        where: What it is from, for the message.

    Raises:
        BundleError: They are not a manifest's; the message names the key.
    """
    version = values.get("format_version") if isinstance(values, Mapping) else None
    if not isinstance(values, Mapping) or type(version) is not int or version < 1:
        raise _bad(where, "the key format_version with a whole number from 1", repr(version))
    if version > FORMAT_VERSION:
        raise BundleError(
            where,
            expected=f"bundle format {FORMAT_VERSION} or older",
            found=f"format {version}",
            do="Update gotune.",
        )
    newer = sorted(SEALED_KEYS & values.keys())
    if version < FIRST_SEALED and newer:
        raise _bad(where, f"format {FIRST_SEALED} beside the key {newer[0]}", f"format {version}")
    own = unsealed(values)
    if version < _FIRST_WITH_SPEC:
        own = _from_older(own, where)
    elif isinstance(made := own.get("provenance"), Mapping):
        own["provenance"] = _newer_settings(made)
    written = as_record(own, _Written, where, do=AGAIN, error=BundleError)
    if version >= FIRST_SEALED and written.learned is None:
        raise _bad(where, "the key learned, with how much it has learned from", "none")
    return Manifest(written.model, written.provenance, version, written.learned, written.adaptations)


AGAIN = "Train the model again, or get it again from where it came."


def _bad(where: str, expected: str, found: str) -> BundleError:
    return BundleError(where, expected=expected, found=found, do=AGAIN)


def _from_older(values: dict[str, Any], where: str) -> dict[str, Any]:
    """Return what formats 1 and 2 had, in which the settings of training told how to use a model, in ours."""
    made = _newer_settings({name: value for name, value in values.items() if name not in _OF_THE_MODEL})
    config = as_record(made.get("config"), TrainConfig, where, do=AGAIN, error=BundleError)
    spec = {name: values[name] for name in _OF_THE_MODEL if name in values}
    spec |= {
        "encoder": config.encoder,
        "head": config.head,
        "max_tokens": config.max_tokens,
        "lexicon": config.lexicon,
        "reads": Reads.SENTENCE if made.get("n_sentences") else Reads.TEXT,
    }
    version = made.pop("format_version")
    return {"format_version": version, "model": spec, "provenance": made}


_OF_THE_MODEL = ("release", "obo_sha256", "calibration", "thresholds")


def _newer_settings(made: Mapping[str, Any]) -> dict[str, Any]:
    """Return a provenance whose settings have the names that they have now."""
    config = made.get("config")
    return {**made, "config": newer_names(config) if isinstance(config, Mapping) else config}


def describe_environment(device: str, bf16: bool) -> dict[str, str]:
    """Return what a run depends on beside data and settings."""
    return {
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "device": device,
        "matrix_products": "bfloat16" if bf16 else "float32",
        **{library: version(library) for library in _LIBRARIES},
    }


def choose_best(history: tuple[EpochRecord, ...]) -> int:
    """Return the epoch with the highest validation macro F1, the earliest of equals."""
    return max(history, key=lambda record: (record.validation_macro_f1, -record.epoch)).epoch


def render_model_card(manifest: Manifest) -> str:
    """Return the Markdown of a bundle's card."""
    spec, made = manifest.spec, manifest.provenance
    learned = f"{made.n_train:,} term definitions" if made else "definitions"
    beside = f" and {made.n_sentences:,} sentences" if made else ""
    adapted = "\n".join(map(render_adaptation, manifest.adaptations))
    return f"""---
language: en
library_name: transformers
pipeline_tag: text-classification
tags: [biology, gene-ontology, gotune]
---
# GO aspect classifier

Tells which aspects of the Gene Ontology a text is about: biological_process, cellular_component,
molecular_function. Head: {spec.head}, that is, {spec.head.meaning}. Made with gotune from the encoder
`{spec.encoder}`, {learned} of GO release {spec.release}{beside}.

```python
from transformers import pipeline

pipeline("text-classification", model="this folder", top_k=None)("Catalysis of the transfer of a phosphate.")
```

## What it can and cannot do

{_LIMITS[spec.head]}

{_describe_decisions(spec)}
{adapted}
## Data

Gene Ontology release {spec.release}, CC BY 4.0, https://geneontology.org (sha256 of the OBO file:
`{spec.obo_sha256}`). The ids of the training terms, and keys by which the training sentences are known
again, but not their texts, are in `learned.json`. The licence of the encoder holds for the weights as well,
and so may those of the sentences.

{_made(made) if made else "Nobody has written down how it was made."}
"""


def _made(made: Provenance) -> str:
    """Return figures, sources, settings and environment."""
    config, best = made.config, made.best
    sources = "\n".join(map(_source_row, made.sources)) or "| none | | | | |"
    epochs = "\n".join(
        f"| {record.epoch} | {record.train_loss:.4f} | {record.validation_loss:.4f} "
        f"| {record.validation_accuracy:.4f} | {record.validation_macro_f1:.4f} |"
        for record in made.history
    )
    settings = "\n".join(f"| {name} | `{value}` |" for name, value in config.to_dict().items())
    environment = "\n".join(f"| {name} | {value} |" for name, value in made.environment.items())
    return f"""| source of sentences | rows | judged on | weight | whom to cite |
| --- | --- | --- | --- | --- |
{sources}

## Figures

Epoch {best.epoch} of {config.epochs} was kept, by macro F1 on {made.n_validation:,} validation rows.
The figures below chose it, so they flatter; `gotune evaluate` measures the test part, with intervals and
baselines.

| epoch | training loss | validation loss | validation accuracy | validation macro F1 |
| --- | --- | --- | --- | --- |
{epochs}

{made.n_truncated:,} of the {made.n_train + made.n_sentences:,} training texts were longer than
{config.max_tokens} word pieces and were cut. Calibration and thresholds were fitted to
{made.n_calibration:,} texts set apart.
{describe_not_calibrated(made.not_calibrated)}

## Settings

| setting | value |
| --- | --- |
{settings}

## Environment

| what | value |
| --- | --- |
{environment}"""


def _source_row(source: LearnedSource) -> str:
    judged = count_aspects(map(source.n_judged, ASPECTS))
    cells = (source.name, f"{source.n_rows:,}", judged, f"{source.weight:g}", source.citation)
    return f"| {' | '.join(map(markdown_cell, cells))} |"


def _describe_decisions(spec: ModelSpec) -> str:
    """Return how the weights were calibrated and from which probabilities on a text carries an aspect."""
    if spec.calibration is None:
        return ""
    text = (
        f"The weights are saved calibrated: slopes {_listed(spec.calibration.slopes)}, intercepts "
        f"{_listed(spec.calibration.intercepts)}."
    )
    if spec.head is Head.MULTI:
        alone = f", without the encoder {_listed(spec.words.thresholds)}" if spec.words else ""
        text += f" A text carries an aspect from these probabilities on: {_listed(spec.thresholds)}{alone}."
    beside = {"names of terms (`lexicon.json`)": spec.lexicon, "words (`words.safetensors`)": spec.words}
    if told := " and ".join(what for what, there in beside.items() if there):
        text += (
            f" gotune adds what {told} in a text say; plain transformers gives what the encoder says alone."
        )
    return f"{text}\n{_describe_uses(spec.uses)}"


def _describe_uses(uses: Sequence[Use]) -> str:
    """Return the thresholds for each use, with what they gave on the texts that chose them."""
    if not uses:
        return ""
    names = " | ".join(aspect.words for aspect in ASPECTS)
    header = f"| `--prefer` | {names} |\n{'| --- ' * (1 + len(ASPECTS))}|\n"
    rows = (
        f"| {use.prefer} | {' | '.join(map(_use_cell, use.thresholds, use.precision, use.recall))} |\n"
        for use in uses
    )
    return f"\nThresholds, with precision / recall on the texts that chose them:\n\n{header}{''.join(rows)}"


def _use_cell(threshold: float, precision: float | None, recall: float | None) -> str:
    gave = " / ".join("-" if value is None else f"{value:.2f}" for value in (precision, recall))
    return f"{threshold:.3f}: {gave}"


def _listed(values: Sequence[float]) -> str:
    return ", ".join(f"{value:.3f}" for value in values)


_LIMITS = {
    Head.SINGLE: """It chooses among the three aspects for **every** text, also for one that has nothing to do
with any of them: the probabilities add up to one. It learned from definitions, whose opening words often give
the aspect away; a high accuracy on definitions does not carry over to sentences of papers.""",
    Head.MULTI: """It judges each aspect by itself: a text may carry none, one or several. It learned what the
people who labelled the sentences call an aspect; others draw the line elsewhere. A negated mention ("did not
bind") carries the aspect as well.""",
}
