"""The model card: the README.md of a bundle, in the form that the Hugging Face hub reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gotune.aspects import Head
from gotune.model.manifest import Manifest


def render_model_card(manifest: Manifest) -> str:
    """Return the Markdown of a bundle's card."""
    config = manifest.config
    best = manifest.best
    limits = _LIMITS[config.head]
    sources = "\n".join(map(_source_row, manifest.sources)) or "| none | | | |"
    n_texts = manifest.n_train + manifest.n_sentences
    epochs = "\n".join(
        f"| {record.epoch} | {record.train_loss:.4f} | {record.validation_loss:.4f} "
        f"| {record.validation_accuracy:.4f} | {record.validation_macro_f1:.4f} |"
        for record in manifest.history
    )
    settings = "\n".join(f"| {name} | `{value}` |" for name, value in config.to_dict().items())
    environment = "\n".join(f"| {name} | {value} |" for name, value in manifest.environment.items())
    return f"""---
language: en
library_name: transformers
pipeline_tag: text-classification
tags: [biology, gene-ontology, gotune]
---
# GO aspect classifier

Tells which aspects of the Gene Ontology a text is about: biological_process, cellular_component,
molecular_function. Head: {config.head}, that is, {config.head.meaning}. Made with gotune from the encoder
`{config.encoder}`, {manifest.n_train:,} term definitions of GO release {manifest.release} and
{manifest.n_sentences:,} sentences.

```python
from transformers import pipeline

pipeline("text-classification", model="this folder", top_k=None)("Catalysis of the transfer of a phosphate.")
```

## What it can and cannot do

{limits}

## Figures

Epoch {best.epoch} of {config.epochs} was kept, by macro F1 on {manifest.n_validation:,} validation rows.
The figures below chose it, so they flatter; `gotune evaluate` measures the test part, with intervals and
baselines.

| epoch | training loss | validation loss | validation accuracy | validation macro F1 |
| --- | --- | --- | --- | --- |
{epochs}

{manifest.n_truncated:,} of the {n_texts:,} training texts were longer than {config.max_tokens} word pieces
and were cut. {_describe_calibration(manifest)}

## Data

Gene Ontology release {manifest.release}, CC BY 4.0, https://geneontology.org (sha256 of the OBO file:
`{manifest.obo_sha256}`). The ids of the training terms are in `training_ids.txt`; keys by which the
training sentences are known again, but not their texts, in `training_sentences.json`. The licence of the
encoder holds for the weights as well, and so may those of the sentences.

| source of sentences | rows | weight | whom to cite |
| --- | --- | --- | --- |
{sources}

## Settings

| setting | value |
| --- | --- |
{settings}

## Environment

| what | value |
| --- | --- |
{environment}
"""


def _source_row(source: Mapping[str, Any]) -> str:
    cells = (source["name"], f"{source['n_rows']:,}", f"{source['weight']:g}", source["citation"])
    return f"| {' | '.join(cells)} |"


def _describe_calibration(manifest: Manifest) -> str:
    if manifest.calibration is None:
        return ""
    text = (
        f"The weights are saved calibrated, on {manifest.n_calibration:,} texts set apart: slopes "
        f"{_listed(manifest.calibration.slopes)}, intercepts {_listed(manifest.calibration.intercepts)}."
    )
    if manifest.config.head is Head.MULTI:
        text += f" A text carries an aspect from these probabilities on: {_listed(manifest.thresholds)}."
    if manifest.config.lexicon:
        text += (
            " gotune adds what the names of terms in a text say (`lexicon.json`); plain transformers gives"
            " what the encoder says alone, which is too low where there are names."
        )
    return text


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
