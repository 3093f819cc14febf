"""A trained model as one HTML page: where it came from, how it was trained, and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from gotune.aspects import ASPECTS, Head
from gotune.datasets.data_card import DataCard, dataset_tables
from gotune.errors import InputError
from gotune.evaluation.definitions.report import describe_evaluation, evaluation_tables, plot_confusion
from gotune.evaluation.definitions.results import Evaluation, HardExample
from gotune.evaluation.sentences.report import (
    describe_tagging,
    plot_reliability,
    plot_risk_coverage,
    tagging_tables,
)
from gotune.evaluation.sentences.results import TaggingEvaluation
from gotune.model.manifest import LearnedSource, Manifest, Provenance
from gotune.ontology.terms import term_page
from gotune.render.figures import INK, end_at_one, new_figure
from gotune.render.pages import image_address, render_page
from gotune.render.tables import TextTable
from gotune.render.wording import count_aspects, describe_probabilities


def render_model_report(
    name: str,
    manifest: Manifest,
    card: DataCard,
    evaluation: Evaluation,
    tagging: TaggingEvaluation | None = None,
) -> str:
    """Return a page with all that is known of a model, complete in itself.

    Args:
        name: Name of the model for the heading, such as that of its folder.
        manifest: What the model says of itself.
        card: Of the dataset that it was measured on.
        evaluation: Its figures on definitions.
        tagging: Its figures on labelled sentences, if there are any.
    """
    spec, made = manifest.spec, manifest.provenance
    return render_page(
        "model_report.html.j2",
        title='Model "{}"',
        named=name,
        encoder=spec.encoder,
        release=spec.release,
        meaning=describe_probabilities(spec.info(name)),
        is_multi=spec.head is Head.MULTI,
        provenance=_provenance_tables(manifest),
        dataset=dataset_tables(card),
        training=None if made is None else _Training.of(made),
        measured=describe_evaluation(evaluation),
        evaluation=evaluation_tables(evaluation),
        confusion=image_address(plot_confusion(evaluation.model)),
        reliability=image_address(plot_reliability(None, evaluation.reliability, texts="definitions")),
        hardest=[_Hard.of(example) for example in evaluation.hardest],
        n_errors=_count_errors(evaluation),
        n_test=evaluation.n_test,
        sentences=None if tagging is None else _Sentences.of(tagging),
    )


@dataclass(frozen=True, slots=True)
class _Hard:
    """An error as the page shows it."""

    go_id: str
    address: str
    name: str
    definition: str
    aspect: str
    predicted: str
    probability: str

    @classmethod
    def of(cls, example: HardExample) -> _Hard:
        predicted = example.probabilities.aspect
        return cls(
            go_id=example.go_id,
            address=term_page(example.go_id),
            name=example.name,
            definition=example.definition,
            aspect=example.aspect.words,
            predicted=predicted.words,
            probability=f"{example.probabilities[predicted]:.3f}",
        )


@dataclass(frozen=True, slots=True)
class _Sentences:
    """Figures on labelled sentences as the page shows them."""

    measured: str
    tables: tuple[TextTable, ...]
    reliability: str
    abstaining: str

    @classmethod
    def of(cls, tagging: TaggingEvaluation) -> _Sentences:
        return cls(
            measured=describe_tagging(tagging),
            tables=tagging_tables(tagging),
            reliability=image_address(plot_reliability(tagging.uncalibrated, tagging.calibrated)),
            abstaining=image_address(plot_risk_coverage(tagging.risk_coverage)),
        )


def _count_errors(evaluation: Evaluation) -> int:
    rows = evaluation.model.confusion
    return sum(map(sum, rows)) - sum(rows[aspect.label][aspect.label] for aspect in ASPECTS)


@dataclass(frozen=True, slots=True)
class _Training:
    """How the model was trained, as the page shows it."""

    history: str
    table: TextTable
    n_validation: int

    @classmethod
    def of(cls, made: Provenance) -> _Training:
        history = [asdict(record) for record in made.history]
        return cls(
            image_address(plot_history(history, made.best_epoch)), _history_table(made), made.n_validation
        )


def _provenance_tables(manifest: Manifest) -> list[TextTable]:
    spec, made = manifest.spec, manifest.provenance
    facts = {
        "encoder": spec.encoder,
        "GO release": spec.release,
        "sha256 of the OBO file": spec.obo_sha256,
        "word pieces that it reads": f"{spec.max_tokens:,}",
    }
    if made is not None:
        facts |= {
            "fingerprint of the dataset": made.dataset_fingerprint,
            "training definitions": f"{made.n_train:,}",
            "training sentences": f"{made.n_sentences:,}",
            "validation rows": f"{made.n_validation:,}",
            "training texts that were cut": f"{made.n_truncated:,}",
            "seed": str(made.config.seed),
            "calibration rows": f"{made.n_calibration:,}",
            "not calibrated": _shown([aspect.words for aspect in made.not_calibrated]),
        }
    if spec.calibration is not None:
        facts |= {
            f"calibration, {name.replace('_', ' ')}": _shown(value)
            for name, value in spec.calibration.to_dict().items()
        }
    tables = [TextTable("Where it came from", ("what", "value"), tuple(facts.items()))]
    if made is None:
        return tables
    if made.sources:
        columns = ("rows", "judged on", "articles", "without aspect", "weight", "whom to cite")
        header = ("source of sentences", *columns)
        tables.append(TextTable("Sentences", header, tuple(map(_source_row, made.sources))))
    tables += [
        TextTable(title, ("name", "value"), tuple((name, _shown(value)) for name, value in values.items()))
        for title, values in (("Settings", made.config.to_dict()), ("Environment", made.environment))
    ]
    return tables


def _source_row(source: LearnedSource) -> tuple[str, ...]:
    return (
        source.name,
        f"{source.n_rows:,}",
        count_aspects(map(source.n_judged, ASPECTS)),
        f"{source.n_articles:,}",
        f"{source.n_none:,}",
        f"{source.weight:g}",
        source.citation,
    )


def _history_table(made: Provenance) -> TextTable:
    rows = tuple(
        (
            str(record.epoch) + (" (kept)" if record.epoch == made.best_epoch else ""),
            f"{record.train_loss:.4f}",
            f"{record.validation_loss:.4f}",
            f"{record.validation_accuracy:.4f}",
            f"{record.validation_macro_f1:.4f}",
        )
        for record in made.history
    )
    header = ("epoch", "training loss", "validation loss", "validation accuracy", "validation macro F1")
    return TextTable("Figures by epoch", header, rows)


def _shown(value: object) -> str:
    """Return a plain value for people: no brackets, figures as short as they can be."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(_shown, value)) or "-"
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "-"}[value]
    return f"{value:.4g}" if isinstance(value, float) else str(value)


_SHARE = "share"
_LINES = (
    ("loss", {"train_loss": "training", "validation_loss": "validation"}),
    (_SHARE, {"validation_accuracy": "validation accuracy", "validation_macro_f1": "validation macro F1"}),
)
"""The panels: what their axis shows, and the figures in it with their names."""

_STYLES = (("solid", "o", INK), ("dashed", "s", "#0072B2"))


def plot_history(history: Sequence[Mapping[str, float]], best_epoch: int) -> Figure:
    """Draw losses, accuracy and macro F1 by epoch, and which epoch was kept.

    Args:
        history: One record an epoch, as in the manifest of a model, at least one.
        best_epoch: The epoch whose weights the model has.

    Raises:
        InputError: There is no record.
    """
    if not history:
        raise InputError(
            "history", expected="a record of at least one epoch", found="none", do="Train the model."
        )
    epochs = [record["epoch"] for record in history]
    figure = new_figure(9, 4)
    for axes, (unit, lines) in zip(figure.subplots(1, len(_LINES)), _LINES, strict=True):
        for (key, name), (line, marker, colour) in zip(lines.items(), _STYLES, strict=True):
            values = [record[key] for record in history]
            axes.plot(epochs, values, linestyle=line, marker=marker, color=colour, label=name)
        kept = f"epoch {best_epoch}, kept"
        axes.axvline(best_epoch, color="#8C8C8C", linestyle="dotted", label=kept, zorder=1)
        # With one epoch there is room for one whole number only.
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        axes.set_xlim(min(epochs) - 0.5, max(epochs) + 0.5)
        axes.set_xlabel("epoch")
        axes.set_ylabel(unit)
        if unit == _SHARE:
            end_at_one(axes)
        # Above the panel, as curves may go anywhere in it.
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, fontsize=9, frameon=False)
        axes.spines[["top", "right"]].set_visible(False)
    return figure
