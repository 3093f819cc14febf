"""Options that several commands share, declared once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import Annotated

import typer

from gotune.config import MAX_SEED, Precision, TrainConfig
from gotune.datasets.label_conflicts import OnConflict

DEFAULTS = TrainConfig()

Offline = Annotated[bool, typer.Option("--offline", help="Fetch nothing; use the cache only.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress and no summary.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for machines.")]
Seed = Annotated[int, typer.Option(min=0, max=MAX_SEED, help="Governs everything that is drawn at random.")]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, mps …")]
PrecisionOption = Annotated[
    Precision, typer.Option("--precision", help="Number format of the matrix products.")
]
Encoder = Annotated[
    str, typer.Option(help="all-MiniLM-L6-v2, any Hugging Face name, or a folder with an encoder.")
]
MaxTokens = Annotated[int, typer.Option(min=3, help="Word pieces a text may have; longer ones are cut.")]
DataFolder = Annotated[Path, typer.Argument(metavar="DATA", help="Folder made by `gotune dataset`.")]
ModelFolder = Annotated[Path, typer.Option("--model", "-m", help="Folder made by `gotune train`.")]
OutputPage = Annotated[Path, typer.Option("--output", "-o", help="Page to write: .html.")]
OutputFolder = Annotated[Path, typer.Option("--output", "-o", help="Folder to write.")]
SentenceFiles = Annotated[
    list[str] | None,
    typer.Option(
        "--sentences",
        metavar="FILE[=WEIGHT]",
        help="Labelled sentences to learn from (.tsv, .csv, .jsonl, .parquet), as often as wanted.",
    ),
]
AspectsColumn = Annotated[
    str | None,
    typer.Option(help="Column with the aspects of each sentence; `aspects`, or `aspects_rec` of CRAFT."),
]
TextColumn = Annotated[str, typer.Option(help="Column with the labelled sentences.")]
Conflict = Annotated[
    OnConflict | None,
    typer.Option(help="What to do with texts whose labels contradict each other; refused if left out."),
]
Beside = Annotated[
    list[Path] | None,
    typer.Option(help="Another model to show beside, which must not have learned from the sentences."),
]


RENAMED = {
    "crossval --precision": "--set precision=...",
    "train --batch-size": "--set batch_size=...",
    "train --class-weights": "--set class_weights=true",
    "train --engine": "--loop",
    "train --evidence-weight": "--set rationale_weight=...",
    "train --learning-rate": "--set learning_rate=...",
    "train --lexicon": "--set lexicon=true",
    "train --max-tokens": "--set max_tokens=...",
    "train --name-sentences": "--set name_sentences=...",
    "train --no-lexicon": "--set lexicon=false",
    "train --opening-cut": "--set opening_cut=...",
    "train --precision": "--set precision=...",
    "train --report-to": "--set report_to=...",
    "train --validation-size": "--set validation_size=...",
    "train --warmup-share": "--set warmup_share=...",
    "train --weight-decay": "--set weight_decay=...",
}
"""What commands, or options of one behind its name, were called once, and what they are called now."""


def renamed(arguments: Sequence[str]) -> str | None:
    """Return in a sentence what an old command or option is called now, if one is among the arguments."""
    given = list(arguments[: arguments.index("--")] if "--" in arguments else arguments)
    words = [*takewhile(lambda word: not word.startswith("-"), given)]
    commands = [" ".join(words[:length]) for length in (1, 2)]
    options = [f"{command} {option.partition('=')[0]}" for command in commands for option in given[1:]]
    for old in (*commands, *options):
        if old in RENAMED:
            return f"{old if old in commands else old.split()[-1]} is now {RENAMED[old]}"
    return None
