"""A corpus run: records are read, worked on and written as shards, at once, in the order of the corpus."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from gotune.scale.files import CorpusFile
from gotune.scale.manifest import Manifest, OpenRun, Run, open_run
from gotune.scale.records import Piece, Records, Rejected, pieces_of
from gotune.scale.work import Task, Worked
from gotune.scale.workers import workers_for
from gotune.typed_json import json_text

TEXTS_OF_SHARD = 10_000
"""Records of a shard."""


class Source(Records, Protocol):
    """Records that a run can go on with: they come from the same files in the same order each time."""

    @property
    def files(self) -> tuple[CorpusFile, ...]:
        """What they come from."""
        ...

    def settings(self) -> dict[str, Any]:
        """Return how they are read."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes:
        n_texts: Texts that were worked on since it was started.
        n_rejected: What was none since then.
        n_read: Bytes of the corpus up to there.
        n_bytes: Of the whole corpus.
    """

    n_texts: int
    n_rejected: int
    n_read: int
    n_bytes: int


@dataclass(slots=True)
class _Gathered:
    """What belongs to a shard, as far as it is there."""

    batches: list[pa.RecordBatch] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    texts: int = 0
    truncated: int = 0

    def add(self, piece: Piece, worked: Worked) -> None:
        self.batches.append(worked.batch)
        self.rejected += [*piece.rejected, *worked.rejected]
        self.texts += len(piece.texts) - len(worked.rejected)
        self.truncated += worked.truncated


def run_corpus(
    task: Task,
    corpus: Source,
    folder: Path,
    *,
    workers: int | None = None,
    cluster: str | None = None,
    texts_of_shard: int = TEXTS_OF_SHARD,
    on_piece: Callable[[Progress], None] = lambda progress: None,
) -> Run:
    """Work on all texts of a corpus, and write what comes of it as shards of Parquet.

    Memory is that of some thousand texts, whatever the size of the corpus. Whoever kills the process loses
    what is not yet written, at most a shard and what the workers hold; called again, it goes on.

    Args:
        task: What is made of the texts.
        corpus: The texts.
        folder: Where to write; that of the same run if it is to go on.
        workers: Processes that work; with 1 it is a thread of this one. None takes as many as suit. Each
            imports the script that runs, so keep what it does behind ``if __name__ == "__main__":``.
        cluster: The address of a Ray cluster whose processes are to work, see docs/scale.md.
        texts_of_shard: Records of a shard.
        on_piece: Is told how far the run is, whenever a piece is done.

    Returns:
        The run, which is complete.

    Raises:
        SaveError: Something else is in the folder, another process is at work on it, or the disk is full.
        InputError: It is another run, or a file of the corpus has changed meanwhile.
        WorkerError: A worker ends again and again, or there is no such cluster, or nothing in it is free.
        MissingExtraError: There is a cluster, but no Ray.
    """
    settings = task.settings()
    manifest = Manifest.of(settings | corpus.settings(), texts_of_shard, corpus.files)
    with open_run(folder, manifest) as opened:
        if not opened.run.is_complete:
            missing = (
                piece for piece in pieces_of(corpus, texts_of_shard) if piece.shard not in opened.run.shards
            )
            with workers_for(task, settings, workers, cluster) as work:
                _write(work(missing), opened, _schema(task, manifest), on_piece)
    return replace(opened.run, is_at_work=False, damaged=())


def _schema(task: Task, manifest: Manifest) -> pa.Schema:
    told = {"gotune": manifest.gotune, **manifest.settings}
    return task.schema.with_metadata({"gotune": json_text(told)})


def _write(
    done: Iterable[tuple[Piece, Worked]],
    opened: OpenRun,
    schema: pa.Schema,
    on_piece: Callable[[Progress], None],
) -> None:
    n_texts, n_rejected, n_bytes = 0, 0, opened.run.manifest.n_bytes
    gathered = _Gathered()
    for piece, worked in done:
        gathered.add(piece, worked)
        n_texts += len(piece.texts)
        n_rejected += len(piece.rejected)
        if piece.ends_shard:
            opened.add(
                piece.shard,
                pa.Table.from_batches(gathered.batches).cast(schema),
                texts=gathered.texts,
                truncated=gathered.truncated,
                rejected=tuple(gathered.rejected),
                n_read=piece.n_read,
                is_last=piece.ends_corpus,
            )
            gathered = _Gathered()
        on_piece(Progress(n_texts, n_rejected, piece.n_read, n_bytes))
