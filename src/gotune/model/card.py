"""What a model says of itself to people: the card of its bundle."""

from __future__ import annotations

from collections.abc import Sequence

from gotune.aspects import ASPECTS, Head
from gotune.model.adapted import render_adaptation
from gotune.model.decisions import Use
from gotune.model.exported import render_export
from gotune.model.manifest import LearnedSource, Manifest, Provenance
from gotune.model.spec import NO_ENCODER, ONNX, TRANSFORMER, ModelSpec
from gotune.render.tables import markdown_cell
from gotune.render.wording import count_aspects, describe_not_calibrated


def render_model_card(manifest: Manifest) -> str:
    """Return the Markdown of a bundle's card."""
    spec, made = manifest.spec, manifest.provenance
    learned = f"{made.n_train:,} term definitions" if made else "definitions"
    beside = f" and {made.n_sentences:,} sentences" if made else ""
    adapted = "\n".join(map(render_adaptation, manifest.adaptations))
    exported = render_export(manifest.export) if manifest.export else ""
    begun = f"from the encoder `{spec.encoder}`," if spec.has_encoder else "of words and names alone, from"
    return f"""---
language: en
library_name: {"transformers" if spec.kind == TRANSFORMER else "gotune"}
pipeline_tag: text-classification
tags: [biology, gene-ontology, gotune]
---
# GO aspect classifier

Tells which aspects of the Gene Ontology a text is about: biological_process, cellular_component,
molecular_function. Head: {spec.head}, that is, {spec.head.meaning}. Made with gotune
{begun} {learned} of GO release {spec.release}{beside}.

```python
{_EXAMPLES[spec.kind]}
```

## What it can and cannot do

{_LIMITS[spec.head]}

{_describe_decisions(spec)}
{adapted}
{exported}
## Data

Gene Ontology release {spec.release}, CC BY 4.0, https://geneontology.org (sha256 of the OBO file:
`{spec.obo_sha256}`). The ids of the training terms, and keys by which the training sentences are known
again, but not their texts, are in `learned.json`. {_LICENCES[spec.kind]}

{_made(made, spec, is_adapted=bool(adapted)) if made else "Nobody has written down how it was made."}
"""


def _made(made: Provenance, spec: ModelSpec, *, is_adapted: bool) -> str:
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
baselines.{"" if spec.has_encoder else " They are of the model with its encoder, which is left out here."}

| epoch | training loss | validation loss | validation accuracy | validation macro F1 |
| --- | --- | --- | --- | --- |
{epochs}

{made.n_truncated:,} of the {made.n_train + made.n_sentences:,} training texts were longer than
{config.max_tokens} word pieces and were cut. Calibration and thresholds were fitted to
{made.n_calibration:,} texts set apart{", before it was adapted" if is_adapted else ""}.
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
    if not spec.has_encoder and spec.words is not None:
        text = f"A text carries an aspect from these probabilities on: {_listed(spec.words.thresholds)}."
        return f"{text}\n{_describe_uses(spec.words.uses)}"
    if spec.calibration is None:
        return ""
    within = "The weights are saved calibrated" if spec.rescaled is None else "Calibrated"
    text = (
        f"{within}: slopes {_listed(spec.calibration.slopes)}, intercepts "
        f"{_listed(spec.calibration.intercepts)}."
    )
    if spec.rescaled is not None:
        text += (
            f" The weights have this but for what it was adapted by: slopes {_listed(spec.rescaled.slopes)}, "
            f"intercepts {_listed(spec.rescaled.intercepts)}, which gotune applies."
        )
    if spec.head is Head.MULTI:
        alone = f", without the encoder {_listed(spec.words.thresholds)}" if spec.words else ""
        text += f" A text carries an aspect from these probabilities on: {_listed(spec.thresholds)}{alone}."
    beside = {
        "names of terms (`lexicon.safetensors`)": spec.lexicon,
        "words (`words.safetensors`)": spec.words,
    }
    if told := " and ".join(what for what, there in beside.items() if there):
        text += f" gotune adds what {told} in a text say"
        plain = "; plain transformers gives what the encoder says alone"
        text += f"{plain if spec.kind == TRANSFORMER else ''}."
    return f"{text}\n{_describe_uses(spec.uses)}"


def _describe_uses(uses: Sequence[Use]) -> str:
    """Return the thresholds for each use, with what they gave on the texts that chose them."""
    if not uses:
        return ""
    names = " | ".join(aspect.words for aspect in ASPECTS)
    header = f"| `--prefer` | {names} |\n{'| --- ' * (1 + len(ASPECTS))}|\n"
    rows = (
        f"| {use.prefer} | "
        f"{' | '.join(map(_use_cell, use.thresholds, use.precision, use.recall, use.f1))} |\n"
        for use in uses
    )
    return (
        f"\nThresholds, with precision / recall / F1 on the texts that chose them:\n\n{header}{''.join(rows)}"
    )


def _use_cell(threshold: float, *figures: float | None) -> str:
    gave = " / ".join("-" if value is None else f"{value:.2f}" for value in figures)
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

_EXAMPLES = {
    TRANSFORMER: """from transformers import pipeline

pipeline("text-classification", model="this folder", top_k=None)("Catalysis of a reaction.")""",
    ONNX: """from gotune import AspectClassifier

AspectClassifier.load("this folder").predict_proba(["Catalysis of a reaction."])""",
    NO_ENCODER: """from gotune import WordClassifier

WordClassifier.load("this folder").predict_proba(["Catalysis of a reaction."])""",
}
_WITH_ENCODER = """The licence of the encoder holds for the weights as well,
and so may those of the sentences."""
_LICENCES = {
    TRANSFORMER: _WITH_ENCODER,
    ONNX: _WITH_ENCODER,
    NO_ENCODER: "The licences of the sentences may hold for the weights of\nwords as well.",
}
