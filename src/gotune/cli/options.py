"""Options that several commands share, declared once, and what is checked of them before any work."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Annotated

import typer

from gotune.aspects import ASPECTS, ASPECTS_BY_NAME, Aspect, Prefer
from gotune.config import MAX_SEED, Precision, TrainConfig
from gotune.datasets.label_conflicts import OnConflict
from gotune.files import check_file
from gotune.model.shipped import DEFAULT_NAME, SHIPPED, locate_model
from gotune.records import Witness

DEFAULTS = TrainConfig()
RELEASE = "2021-12-15"
"""The release that is taken if none is named."""

Offline = Annotated[bool, typer.Option("--offline", help="Fetch nothing; use the cache only.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress and no summary.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for machines.")]
Seed = Annotated[
    int,
    typer.Option(min=0, max=MAX_SEED, metavar="N", help="Governs everything that is drawn at random."),
]
Device = Annotated[str, typer.Option(metavar="NAME", help="auto, cpu, cuda, cuda:1 or mps.")]
PrecisionOption = Annotated[
    Precision, typer.Option("--precision", help="Number format of the matrix products.")
]
Threads = Annotated[
    int | None,
    typer.Option(
        min=1, metavar="N", help="Of an encoder on the CPU; as many as there are cores if left out, or more."
    ),
]
Encoder = Annotated[
    str,
    typer.Option(metavar="NAME", help="all-MiniLM-L6-v2, a Hugging Face name, or a folder with an encoder."),
]
MaxTokens = Annotated[
    int, typer.Option(min=3, metavar="N", help="Word pieces a text may have; longer ones are cut.")
]
Release = Annotated[
    str,
    typer.Option("--release", metavar="DATE|FILE", help="A pinned release, or an OBO file (.obo, .gz, .xz)."),
]
Lenient = Annotated[bool, typer.Option("--lenient", help="Skip bad lines of the file and count them.")]
DataFolder = Annotated[Path, typer.Argument(metavar="DATA", help="Folder made by `gotune dataset`.")]
_MODEL = ("--model", "-m")
_WHICH = (
    f"{' or '.join(SHIPPED)}, which come with gotune, or a folder made by `gotune train`; {DEFAULT_NAME} if "
    "left out."
)
ModelFolder = Annotated[
    Path,
    typer.Option(*_MODEL, metavar="MODEL", parser=locate_model, show_default=False, help=_WHICH),
]
Transformer = Annotated[
    Path,
    typer.Option(
        *_MODEL,
        metavar="MODEL",
        parser=locate_model,
        help="Folder made by `gotune train`, with its encoder.",
    ),
]
Without = Annotated[
    list[Witness] | None,
    typer.Option(
        help="Leave out encoder, names or words, as often as wanted. Without the encoder it is fast."
    ),
]
PreferOption = Annotated[
    Prefer,
    typer.Option(
        "--prefer", help="Thresholds that miss little, balance, or are wrong seldom; see the model's card."
    ),
]
NoVerify = Annotated[
    bool, typer.Option("--no-verify", help="Load the model even if its files are not as they were saved.")
]
OutputPage = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Page to write: .html.")]
OutputFolder = Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="Folder to write.")]
TestSize = Annotated[
    int | None,
    typer.Option("--test-size", min=1, metavar="N", help="Score only that many rows of each part."),
]
Sentences = Annotated[
    Path | None,
    typer.Option(
        "--sentences", metavar="FILE", help="Labelled sentences that the model has not learned from."
    ),
]
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
    typer.Option(
        metavar="NAME",
        help="Column with the aspects of each sentence; `aspects`, or `aspects_rec` of CRAFT. A column "
        "`judged` names those that somebody has judged, if that is not all three.",
    ),
]
TextColumn = Annotated[
    str | None, typer.Option(metavar="NAME", help="Column with the sentences; `text` if left out.")
]
Conflict = Annotated[
    OnConflict | None,
    typer.Option(help="What to do with texts whose labels contradict each other; refused if left out."),
]
Beside = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="MODEL",
        parser=locate_model,
        help="Another model to show beside, which must not have learned from the sentences.",
    ),
]


def _database(name: str) -> str:
    from gotune.genes.columns import PREFIX

    if PREFIX.pattern.fullmatch(name) is None:
        raise typer.BadParameter(f"expected a name as that of a database, such as UniProtKB, found {name}")
    return name


AssignedBy = Annotated[
    str | None,
    typer.Option(
        "--assigned-by",
        metavar="NAME",
        parser=_database,
        help="Who makes the annotations of a .gaf, such as MGI; GOTUNE if left out.",
    ),
]


def group(text: str) -> typer.Typer:
    """Return a command that has commands, whose help is plain text broken between words."""
    return typer.Typer(help=text, no_args_is_help=True, rich_markup_mode=None)


def aspect_named(name: str) -> Aspect:
    """Return the aspect of a name, such as ``BP`` or ``biological_process``.

    Raises:
        typer.BadParameter: There is none.
    """
    if aspect := ASPECTS_BY_NAME.get(name.lower()):
        return aspect
    known = ", ".join(f"{aspect.short} or {aspect.value}" for aspect in ASPECTS)
    raise typer.BadParameter(f"expected {known}, found {name}")


def refuse_options(options: Mapping[str, object], *, without: str) -> None:
    """Refuse options that are given and would do nothing.

    Args:
        options: What was given of each, by its name; None, False and nothing listed are not given.
        without: What they need, as ``--sentences FILE``.

    Raises:
        typer.BadParameter: One is given.
    """
    for name, value in options.items():
        if value is not None and value is not False and value != []:
            raise typer.BadParameter(f"{name}: expected {without} with it")


def check_outputs(paths: Sequence[Path], suffixes: Collection[str]) -> None:
    """Refuse files that cannot be written, or one named twice, before any work is done.

    Raises:
        typer.BadParameter: Two have the same name.
        InputError: A suffix is none of ``suffixes``.
        SaveError: One cannot be written there.
    """
    for path in paths:
        check_file(path, suffixes, do=f"Rename it, for example to {path.stem}{min(suffixes)}.")
    if twice := [path for path in set(paths) if paths.count(path) > 1]:
        raise typer.BadParameter(f"expected every file to write once, found {min(twice)} twice")


RENAMED = {
    "attention --picture": "-o picture.png",
    "classify --pie": "-o picture.png",
    "crossval --precision": "--set precision=...",
    "report paper": "gotune classify FILE -o page.html",
    "suggest": "gotune ask",
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

_MODEL_FIRST = ("audit", "compare", "evaluate", "report model", "stress")
"""Commands whose first argument was the model once."""


def renamed(arguments: Sequence[str]) -> str | None:
    """Return in a sentence what an old command or option is called now, if one is among the arguments."""
    given = list(arguments[: arguments.index("--")] if "--" in arguments else arguments)
    words = [*takewhile(lambda word: not word.startswith("-"), given)]
    commands = [" ".join(words[:length]) for length in (1, 2)]
    options = [f"{command} {option.partition('=')[0]}" for command in commands for option in given[1:]]
    for old in (*commands, *options):
        if old in RENAMED:
            return f"{old if old in commands else old.split()[-1]} is now {RENAMED[old]}"
    for command in set(commands).intersection(_MODEL_FIRST):
        n = len(command.split())
        # One argument is what the model is measured on: papers answers where none is named.
        if len(words) > n + 1 and not any(re.match(r"--(model|help)|-\w*[mh]", word) for word in given[n:]):
            return f"{command} MODEL is now {command} -m MODEL"
    return None
