"""Runs of ``classify``, ``annotate`` and ``genes`` in shards, and ``gotune shards``, which looks at these."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gotune.cli.console import Screen
from gotune.cli.options import Json, Quiet, group
from gotune.corpus.documents import STANDARD_INPUT
from gotune.errors import InputError
from gotune.files import is_stream, saving

if TYPE_CHECKING:
    from gotune.scale.files import Columns
    from gotune.scale.manifest import Run
    from gotune.scale.run import Progress, Source
    from gotune.scale.work import Task

shards = group("Look at what a corpus run has written, and make one file of it.")

Workers = Annotated[
    int | None,
    typer.Option(
        "--workers",
        min=1,
        metavar="N",
        help="Of a corpus run: processes that work, each with the model; one a core, or a GPU, if left out.",
    ),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="ADDRESS",
        help="Of a corpus run: a Ray cluster that works; auto is that of RAY_ADDRESS, or of this machine.",
    ),
]
Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="What a corpus run has written.")]


def folder_of(outputs: Sequence[Path]) -> Path | None:
    """Return the folder that a corpus run is to write, if an output is one: its name has no suffix.

    Raises:
        typer.BadParameter: There are others beside it, or it is no folder but ``-`` or a device.
    """
    folders = [output for output in outputs if not output.suffix]
    for folder in folders:
        with saving(folder):
            is_folder = str(folder) != STANDARD_INPUT and not is_stream(folder)
        if not is_folder:
            raise typer.BadParameter(
                f"--output: expected a folder, or a file whose suffix says what to write, found {folder}. "
                "--json writes to standard output."
            )
    if folders and len(outputs) > 1:
        raise typer.BadParameter(
            f"--output: expected {folders[0]}, a folder of shards, by itself, found {len(outputs)} outputs"
        )
    return folders[0] if folders else None


def run_on(
    task: Task,
    sources: Sequence[Path] | None,
    columns: Columns,
    folder: Path,
    screen: Screen,
    *,
    workers: int | None,
    cluster: str | None,
) -> None:
    """Work on a corpus, or go on with what a run that was stopped has left."""
    from gotune.render.wording import counted
    from gotune.scale.files import Corpus
    from gotune.scale.manifest import check_run_folder

    if sources is None:
        raise typer.BadParameter(f"--output: {folder} is a folder of shards, which needs files, found a text")
    check_run_folder(folder)
    inside = [source for source in sources if folder.resolve().is_relative_to(source.resolve())]
    if inside:
        raise InputError(
            str(folder),
            expected="a folder that is no part of the corpus",
            found=f"one in {inside[0]}",
            do="Choose another output folder.",
        )
    corpus = Corpus(sources, columns, track=screen.track)
    if corpus.n_left:
        screen.warn(f"Left out: {counted(corpus.n_left, 'file')} of other kinds.")
    run_shards(task, corpus, folder, screen, workers=workers, cluster=cluster)


def run_shards(
    task: Task,
    corpus: Source,
    folder: Path,
    screen: Screen,
    *,
    what: str = "text",
    workers: int | None = None,
    cluster: str | None = None,
) -> None:
    """Work on records, which are of a kind, with progress, and tell what is written."""
    from gotune.scale.journal import REJECTED
    from gotune.scale.run import TEXTS_OF_SHARD, run_corpus

    with screen.meter(f"Working on {what}s") as show:
        has_warned = False

        def on_piece(progress: Progress) -> None:
            nonlocal has_warned
            if not (has_warned or progress.n_texts) and progress.n_rejected >= TEXTS_OF_SHARD:
                has_warned = True
                screen.warn(
                    f"Not one of {progress.n_rejected:,} records so far is a text. Check --text-column; "
                    f"the reasons are in {folder / REJECTED}"
                )
            show(progress.n_texts, progress.n_read / max(progress.n_bytes, 1))

        with redirect_stdout(sys.stderr):  # Ray prints what became of its processes
            run = run_corpus(task, corpus, folder, workers=workers, cluster=cluster, on_piece=on_piece)
    _tell(run, screen)


@shards.command(epilog="Example: gotune shards status out/")
def status(folder: Folder, quiet: Quiet = False, as_json: Json = False) -> None:
    """Tell how far a corpus run is, and whether its shards are whole."""
    from gotune.scale.manifest import read_run

    screen = Screen(quiet=quiet, as_json=as_json)
    with screen.doing("reading the shards"):
        run = read_run(folder)
    _tell(run, screen)


@shards.command(epilog="Example: gotune shards merge out/ -o one.parquet")
def merge(
    folder: Folder,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Table to write: .parquet.")],
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Make one table of the shards of a corpus run that is complete."""
    from gotune.files import check_file
    from gotune.scale.manifest import merge_shards, read_run

    check_file(output, (".parquet",), do="Name a .parquet file.")
    screen = Screen(quiet=quiet, as_json=as_json)
    with screen.doing("reading the shards"):
        run = read_run(folder)
    n_rows = merge_shards(run, output, track=screen.track)
    screen.say(f"{n_rows:,} rows. Written to {output}")
    screen.result({"rows": n_rows, "path": str(output)})


def _tell(run: Run, screen: Screen) -> None:
    from gotune.render.wording import counted
    from gotune.scale.journal import REJECTED

    told = run.to_dict()
    state = "complete" if run.is_complete else "at work" if run.is_at_work else "stopped"
    share = f", {run.n_read / max(told['bytes'], 1):.1%} of {told['bytes']:,} bytes"
    screen.say(f"{run.folder}: {told['settings']['command']}, {state}{'' if run.is_complete else share}.")
    what = "gene" if told["settings"]["command"] == "genes" else "text"
    counts = (counted(told["texts"], what), counted(told["rows"], "row"), counted(told["shards"], "shard"))
    screen.say(f"{', '.join(counts)} of {counted(told['files'], 'file')}.")
    if run.damaged:
        screen.warn(f"{counted(len(run.damaged), 'shard')} damaged; the same command makes them anew.")
    if run.n_rejected:
        none = "" if run.n_texts else " and there is no text: check --text-column"
        screen.warn(f"{counted(run.n_rejected, 'record')} rejected{none}, see {run.folder / REJECTED}")
    if told["truncated"]:
        screen.explain(f"{told['truncated']:,} times a text was longer than the model reads, and was cut.")
    screen.result(told)
