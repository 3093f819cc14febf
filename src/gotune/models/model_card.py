"""The model card: the README.md of a bundle, in the form that the Hugging Face hub reads."""

from __future__ import annotations

from gotune.models.manifest import Manifest


def render_model_card(manifest: Manifest) -> str:
    """Return the Markdown of a bundle's card."""
    config = manifest.config
    best = manifest.best
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

Tells which aspect of the Gene Ontology a definition belongs to: biological_process, cellular_component or
molecular_function. Made with gotune from the encoder `{config.encoder}` and {manifest.n_train:,} term
definitions of GO release {manifest.release}.

```python
from transformers import pipeline

pipeline("text-classification", model="this folder", top_k=None)("Catalysis of the transfer of a phosphate.")
```

## What it can and cannot do

It chooses among the three aspects for **every** text, also for one that has nothing to do with any of them:
the probabilities add up to one. It learned from definitions, whose opening words often give the aspect away;
a high accuracy on definitions does not carry over to sentences of papers.

## Figures

Epoch {best.epoch} of {config.epochs} was kept, by macro F1 on {manifest.n_validation:,} validation rows.
The figures below chose it, so they flatter; `gotune evaluate` measures the test part, with intervals and
baselines.

| epoch | training loss | validation loss | validation accuracy | validation macro F1 |
| --- | --- | --- | --- | --- |
{epochs}

{manifest.n_truncated:,} of the {manifest.n_train:,} training texts were longer than {config.max_tokens} word
pieces and were cut.

## Data

Gene Ontology release {manifest.release}, CC BY 4.0, https://geneontology.org (sha256 of the OBO file:
`{manifest.obo_sha256}`). The ids of the training terms are in `training_ids.txt`. The licence of the encoder
holds for the weights as well.

## Settings

| setting | value |
| --- | --- |
{settings}

## Environment

| what | value |
| --- | --- |
{environment}
"""
