"""``gotune classify``: a sentence, a document or a table to aspect probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gotune.aspects import ASPECTS
from gotune.cli.console import Screen
from gotune.cli.options import Device, Json, ModelFolder, PrecisionOption, Quiet
from gotune.config import Precision
from gotune.errors import InputError

if TYPE_CHECKING:
    from gotune.inference.classifier import AspectClassifier
    from gotune.results import AspectProbabilities, ClassifiedDocument

_SHOWN_SENTENCES = 20
_SHOWN_CHARACTERS = 48


def classify(
    source: Annotated[
        str,
        typer.Argument(metavar="TEXT|FILE", help="A sentence, a text file, or a table with --text-column."),
    ],
    model: ModelFolder,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Sentences of a document: .xlsx .csv .tsv .parquet .json; or a table."
        ),
    ] = None,
    text_column: Annotated[
        str | None, typer.Option(help="Column with the texts of a .tsv, .csv, .jsonl or .parquet table.")
    ] = None,
    pie: Annotated[
        Path | None, typer.Option(help="Pie chart of a document's mean probabilities: .png or .svg.")
    ] = None,
    device: Device = "auto",
    precision: PrecisionOption = Precision.AUTO,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Give texts their aspect probabilities, which add up to one whether or not any aspect fits."""
    from gotune.inference.classifier import AspectClassifier

    screen = Screen(quiet=quiet, as_json=as_json)
    path = _as_file(source)
    _check_usage(path, output, text_column, pie)
    with screen.doing("loading the model"):
        classifier = AspectClassifier.load(model, device=device, precision=precision)
    if path is None:
        _classify_text(classifier, source, screen)
    elif text_column is not None and output is not None:
        _classify_table(classifier, path, output, text_column, screen)
    else:
        _classify_document(classifier, path, output, pie, screen)


def _as_file(source: str) -> Path | None:
    """Return the file that is meant, or None for a text."""
    path = Path(source)
    if not source.strip():
        return None
    try:
        if path.exists():
            return path
    except (OSError, ValueError):  # too long for a file name, or with a NUL
        return None
    if (path.suffix or "/" in source) and not any(blank in source for blank in " \t\n"):
        raise InputError(
            source, expected="a file", found="none of that name", do="Check the name, or give a sentence."
        )
    return None


def _check_usage(path: Path | None, output: Path | None, text_column: str | None, pie: Path | None) -> None:
    from gotune.data.table_sources import SUFFIXES, table_kind
    from gotune.output.figures import check_figure_name
    from gotune.output.tables import check_table_name

    if path is None and (output or text_column or pie):
        raise typer.BadParameter("--output, --text-column and --pie need a file, found a text")
    if text_column is not None and (output is None or pie is not None):
        raise typer.BadParameter("a table needs --output and takes no --pie")
    is_table = path is not None and path.name.lower().endswith(SUFFIXES)
    if is_table and text_column is None:
        raise typer.BadParameter(f"{path} is a table: name the column with the texts, --text-column NAME")
    # Names that cannot be written are refused before the model is loaded.
    if output is not None:
        table_kind(output) if text_column is not None else check_table_name(output)
    if pie is not None:
        check_figure_name(pie)


def _classify_text(classifier: AspectClassifier, text: str, screen: Screen) -> None:
    found = classifier.classify_text(text)
    if found.truncated:
        screen.say("The text is longer than the model reads; only its start was looked at.")
    screen.show_rows(("aspect", "probability"), _probability_rows(found.probabilities))
    screen.result(found.to_dict())


def _classify_document(
    classifier: AspectClassifier, path: Path, output: Path | None, pie: Path | None, screen: Screen
) -> None:
    from gotune.data.documents import read_document
    from gotune.output.figures import save_figure
    from gotune.output.plots import plot_shares
    from gotune.output.tables import write_document

    document = classifier.classify_document(read_document(path), track=screen.track)
    if output is not None:
        write_document(document, output)
    if pie is not None:
        save_figure(plot_shares(document), pie)
    if output is None:
        _show_sentences(document, screen)
    screen.show_rows(
        ("aspect", "mean probability"),
        _probability_rows(document.mean),
        f"{document.name}: {len(document.sentences):,} sentences",
    )
    if document.truncated:
        screen.say(f"{document.truncated:,} sentences were longer than the model reads and were cut.")
    for written in filter(None, (output, pie)):
        screen.say(f"Written to {written}")
    screen.result(document.to_dict())


def _classify_table(
    classifier: AspectClassifier, path: Path, output: Path, text_column: str, screen: Screen
) -> None:
    from gotune.data.text_tables import annotate_table

    columns = [aspect.value for aspect in ASPECTS]
    truncated = 0

    def annotate(texts: Sequence[str]) -> Mapping[str, Sequence[float]]:
        nonlocal truncated
        probabilities, cut = classifier.predict_and_count(texts)
        truncated += cut
        return dict(zip(columns, probabilities.T.tolist(), strict=True))

    rows = annotate_table(
        path, output, text_column=text_column, columns=columns, annotate=annotate, track=screen.track
    )
    screen.say(f"{rows:,} rows, {truncated:,} texts longer than the model reads were cut.")
    screen.say(f"Written to {output}")
    screen.result({"rows": rows, "truncated": truncated, "path": str(output)})


def _probability_rows(probabilities: AspectProbabilities) -> list[tuple[str, str]]:
    return [(aspect.words, f"{probabilities[aspect]:.4f}") for aspect in ASPECTS]


def _show_sentences(document: ClassifiedDocument, screen: Screen) -> None:
    rows = []
    for number, found in enumerate(document.sentences[:_SHOWN_SENTENCES], start=1):
        text = " ".join(found.sentence.text.split())
        shown = text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"
        figures = (f"{value:.2f}" for value in found.probabilities)
        rows.append((f"{number}  {shown}", *figures))
    screen.show_rows(("sentence", *(aspect.short for aspect in ASPECTS)), rows)
    more = len(document.sentences) - len(rows)
    if more > 0:
        screen.say(f"and {more:,} more; -o sentences.xlsx writes all.")
