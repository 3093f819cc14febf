"""``gotune compare``: two models on the same texts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gotune.cli.console import Screen
from gotune.cli.options import AspectsColumn, Conflict, Device, Json, PrecisionOption, Quiet, TextColumn
from gotune.cli.sentences import SentenceOptions, read_labelled
from gotune.config import Precision

if TYPE_CHECKING:
    import pandas as pd

    from gotune.evaluation.comparison.results import Comparison
    from gotune.evaluation.comparison.run import Contender


def compare(
    first: Annotated[Path, typer.Argument(metavar="MODEL_A", help="Folder made by `gotune train`.")],
    second: Annotated[Path, typer.Argument(metavar="MODEL_B", help="Another such folder.")],
    data: Annotated[
        Path,
        typer.Argument(
            metavar="DATA", help="Folder made by `gotune dataset`, or a file of labelled sentences."
        ),
    ],
    text_column: TextColumn = "text",
    aspects_column: AspectsColumn = None,
    on_conflict: Conflict = None,
    device: Device = "auto",
    precision: PrecisionOption = Precision.AUTO,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Tell whether two models differ by more than chance on texts that neither has learned from.

    The intervals and p-values come from a paired bootstrap by article, or by term family for definitions.
    """
    from gotune.evaluation.comparison.report import comparison_tables, describe_comparison
    from gotune.evaluation.comparison.run import Contender
    from gotune.model.classifier import AspectClassifier

    screen = Screen(quiet=quiet, as_json=as_json)
    table = None
    if data.is_file():
        options = SentenceOptions(aspects_column, on_conflict, text_column)
        table = read_labelled(data, options, screen).table
    with screen.doing("loading the models"):
        one, other = (
            Contender(str(folder), AspectClassifier.load(folder, device=device, precision=precision))
            for folder in (first, second)
        )
    comparison = _compare(one, other, data, table, screen)
    screen.show(*comparison_tables(comparison))
    screen.explain(describe_comparison(comparison))
    screen.result(comparison.to_dict())


def _compare(
    first: Contender, second: Contender, data: Path, table: pd.DataFrame | None, screen: Screen
) -> Comparison:
    from gotune.datasets.definitions import load_dataset
    from gotune.evaluation.comparison.run import compare_on_definitions, compare_on_sentences

    if table is not None:
        return compare_on_sentences(first, second, table, track=screen.track)
    return compare_on_definitions(first, second, load_dataset(data), track=screen.track)
