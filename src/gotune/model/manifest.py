"""What a bundle says of itself: where it came from and how it was made; its card tells people the same."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

from gotune.aspects import Head
from gotune.config import TrainConfig
from gotune.model.spec import ModelSpec, check_keys
from gotune.records import Reads

FORMAT_VERSION = 3
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


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a model was made: kept with the bundle, and not needed to use it.

    Attributes:
        dataset_fingerprint: Hash of all that it could learn from.
        n_train: Definitions that the model learned from.
        n_validation: Rows by which the epoch was chosen.
        n_truncated: Training texts that were cut to ``config.max_tokens``.
        config: All settings.
        history: One record an epoch.
        best_epoch: The epoch whose weights are in the bundle.
        environment: Versions of Python and libraries, the platform, the device and the number format.
        n_sentences: Labelled and made-up sentences that it learned from beside them.
        sources: Cards of the sources of sentences, with the weight of each.
        n_calibration: Rows that calibration and thresholds were fitted to.
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
    sources: tuple[Mapping[str, Any], ...] = ()
    n_calibration: int = 0

    @property
    def best(self) -> EpochRecord:
        """Figures of the epoch that was kept."""
        return self.history[self.best_epoch - 1]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Provenance:
        """Make a provenance from `to_dict`'s values.

        Raises:
            KeyError, TypeError, ValueError, InputError: They are not a provenance's.
        """
        check_keys("provenance", values, cls)
        converted = dict(values)
        converted["config"] = TrainConfig.from_dict(values["config"])
        converted["history"] = tuple(EpochRecord(**record) for record in values["history"])
        converted["sources"] = tuple(values.get("sources", ()))
        return cls(**converted)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle says of itself.

    Attributes:
        spec: What is needed to use it.
        provenance: How it was made; None where nobody has written it down.
        format_version: Format of the bundle folder.
    """

    spec: ModelSpec
    provenance: Provenance | None = None
    format_version: int = FORMAT_VERSION

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "format_version": self.format_version,
            "model": self.spec.to_dict(),
            "provenance": self.provenance and self.provenance.to_dict(),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Manifest:
        """Make a manifest from `to_dict`'s values, or from those of an older format.

        Raises:
            KeyError, TypeError, ValueError, AttributeError, InputError: They are not a manifest's.
        """
        version = int(values["format_version"])
        if version < _FIRST_WITH_SPEC:
            return cls(*_read_older(values), version)
        if unknown := sorted(set(values) - {"format_version", "model", "provenance"}):
            raise ValueError(f"the unknown key {unknown[0]}")
        found = values.get("provenance")
        provenance = None if found is None else Provenance.from_dict(found)
        return cls(ModelSpec.from_dict(values["model"]), provenance, version)


def _read_older(values: Mapping[str, Any]) -> tuple[ModelSpec, Provenance]:
    """Read formats 1 and 2, in which the settings of training told how to use a model."""
    config = TrainConfig.from_dict(values["config"])
    n_sentences = values.get("n_sentences", 0)
    spec = {
        "encoder": config.encoder,
        "head": config.head,
        "max_tokens": config.max_tokens,
        "lexicon": config.lexicon,
        "reads": Reads.SENTENCE if n_sentences else Reads.TEXT,
    }
    shared = ("release", "obo_sha256", "calibration", "thresholds")
    spec |= {name: values[name] for name in shared if name in values}
    made = {name: value for name, value in values.items() if name not in (*shared, "format_version")}
    return ModelSpec.from_dict(spec), Provenance.from_dict(made)


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
    sources = "\n".join(map(_source_row, made.sources)) or "| none | | | |"
    epochs = "\n".join(
        f"| {record.epoch} | {record.train_loss:.4f} | {record.validation_loss:.4f} "
        f"| {record.validation_accuracy:.4f} | {record.validation_macro_f1:.4f} |"
        for record in made.history
    )
    settings = "\n".join(f"| {name} | `{value}` |" for name, value in config.to_dict().items())
    environment = "\n".join(f"| {name} | {value} |" for name, value in made.environment.items())
    return f"""| source of sentences | rows | weight | whom to cite |
| --- | --- | --- | --- |
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

## Settings

| setting | value |
| --- | --- |
{settings}

## Environment

| what | value |
| --- | --- |
{environment}"""


def _source_row(source: Mapping[str, Any]) -> str:
    cells = (source["name"], f"{source['n_rows']:,}", f"{source['weight']:g}", source["citation"])
    return f"| {' | '.join(cells)} |"


def _describe_decisions(spec: ModelSpec) -> str:
    """Return how the weights were calibrated and from which probabilities on a text carries an aspect."""
    if spec.calibration is None:
        return ""
    text = (
        f"The weights are saved calibrated: slopes {_listed(spec.calibration.slopes)}, intercepts "
        f"{_listed(spec.calibration.intercepts)}."
    )
    if spec.head is Head.MULTI:
        text += f" A text carries an aspect from these probabilities on: {_listed(spec.thresholds)}."
    if spec.lexicon:
        text += (
            " gotune adds what the names of terms in a text say (`lexicon.json`); plain transformers gives"
            " what the encoder says alone, which is too low where there are names."
        )
    return f"{text}\n"


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
