"""The folder of a corpus run: what it is a run of, and which shards are there and whole.

``run.json`` tells the settings and the files of the corpus by their hashes; what was written of it is in
`gotune.scale.journal`. The process at work holds the journal locked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from gotune.errors import InputError, SaveError
from gotune.files import atomic_file, check_folder, saving, sha256_of, write_json
from gotune.protocols import Track, untracked
from gotune.scale.files import CorpusFile
from gotune.scale.journal import (
    JOURNAL,
    Entry,
    Shard,
    is_written,
    note,
    shard_path,
    trim,
    unsealed_line,
    whole_shards,
)
from gotune.scale.records import Rejected
from gotune.seals import sealed
from gotune.typed_json import as_record, json_text, parse_json, read_json
from gotune.workspaces import PREFIX, lock

MANIFEST = "run.json"
FORMAT = 1
_TOLD = 5
_ANOTHER = "Give another output folder, or what it was begun with; nothing was changed."


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a run is a run of.

    Attributes:
        format: Of the folder.
        gotune: The version of gotune.
        settings: Whatever a result depends on: the command, its options, hashes of the model or the index.
        texts_of_shard: Records of a shard.
        files: Those of the corpus, in order.
    """

    format: int
    gotune: str
    settings: dict[str, Any]
    texts_of_shard: int
    files: tuple[CorpusFile, ...]

    @classmethod
    def of(cls, settings: Mapping[str, Any], texts_of_shard: int, files: Sequence[CorpusFile]) -> Manifest:
        """Return that of a run of this version."""
        return cls(FORMAT, version("gotune"), dict(settings), texts_of_shard, tuple(files))

    @property
    def n_bytes(self) -> int:
        """The size of the files."""
        return sum(file.size for file in self.files)

    def differences(self, other: Manifest) -> list[str]:
        """Tell in what another run differs from this one."""
        mine = {"gotune": self.gotune, "texts of a shard": self.texts_of_shard, **self.settings}
        others = {"gotune": other.gotune, "texts of a shard": other.texts_of_shard, **other.settings}
        found = [
            f"{name} {others.get(name)}, not {mine.get(name)}"
            for name in {**mine, **others}
            if mine.get(name) != others.get(name)
        ]
        known, now = ({file.name: file for file in one.files} for one in (self, other))
        found += [f"no file {name}" for name in known.keys() - now.keys()]
        found += [f"a file {name} more" for name in now.keys() - known.keys()]
        found += [f"{name} changed" for name in known.keys() & now.keys() if known[name] != now[name]]
        if not found and self.files != other.files:
            found.append("the files in another order")
        return found


@dataclass(frozen=True, slots=True)
class Run:
    """A run as its folder tells.

    Attributes:
        folder: The folder.
        manifest: What it is a run of.
        shards: Those that are whole, by their numbers.
        damaged: Numbers of those that were written and are not as they were.
        is_at_work: Whether a process is at work on it.
    """

    folder: Path
    manifest: Manifest
    shards: dict[int, Shard]
    damaged: tuple[int, ...]
    is_at_work: bool

    @property
    def is_complete(self) -> bool:
        """Whether every shard up to the last is there and whole."""
        return any(shard.is_last and len(self.shards) == shard.shard + 1 for shard in self.shards.values())

    @property
    def n_texts(self) -> int:
        """Texts that were worked on."""
        return sum(shard.texts for shard in self.shards.values())

    @property
    def n_rejected(self) -> int:
        """What was no text."""
        return sum(shard.n_rejected for shard in self.shards.values())

    @property
    def n_read(self) -> int:
        """Bytes of the corpus up to the first shard that is missing."""
        first = next(number for number in count() if number not in self.shards)
        return self.shards[first - 1].n_read if first else 0

    @property
    def paths(self) -> list[Path]:
        """The files of the shards, in order."""
        return [shard_path(self.folder, number) for number in sorted(self.shards)]

    def to_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "folder": str(self.folder),
            "complete": self.is_complete,
            "at_work": self.is_at_work,
            "settings": self.manifest.settings,
            "files": len(self.manifest.files),
            "bytes": self.manifest.n_bytes,
            "shards": len(self.shards),
            "damaged": list(self.damaged),
            "texts": self.n_texts,
            "rows": sum(shard.rows for shard in self.shards.values()),
            "rejected": self.n_rejected,
            "truncated": sum(shard.truncated for shard in self.shards.values()),
        }


def read_run(folder: Path) -> Run:
    """Read the folder of a run, and hold each shard against its hash.

    Raises:
        InputError: It is none, or one of a newer format.
    """
    manifest = _read_manifest(folder)
    journal = folder / JOURNAL
    if not journal.is_file():
        return Run(folder, manifest, {}, (), is_at_work=False)
    with journal.open("rb") as file:
        is_at_work = lock(file.fileno(), shared=True) is False
    with journal.open("rb") as file:
        return Run(folder, manifest, *whole_shards(folder, file), is_at_work)


def merge_shards(run: Run, path: Path, *, track: Track = untracked) -> int:
    """Write all shards of a run as one Parquet file, and return how many rows it has.

    Raises:
        InputError: The run is not complete, or a shard is damaged.
        SaveError: The file cannot be written, or is one of the run; an old one is untouched.
    """
    if path.resolve().parent == run.folder.resolve():
        raise SaveError(
            str(path),
            expected="a file outside the folder of the run",
            found=f"one in {run.folder}",
            do="Choose another output; nothing was changed.",
        )
    if not run.is_complete:
        raise InputError(
            str(run.folder),
            expected="a run that is complete",
            found=f"{len(run.shards):,} whole shards, {len(run.damaged):,} damaged, and more to be made",
            do="Give the command that began it once more.",
        )
    n_rows = 0
    with atomic_file(path) as temporary, pq.ParquetFile(run.paths[0]) as first:
        with pq.ParquetWriter(temporary, first.schema_arrow, compression="zstd") as writer:
            for shard in track(run.paths, description="Merging shards", total=len(run.paths)):
                table = pq.read_table(shard)
                writer.write_table(table)
                n_rows += table.num_rows
    return n_rows


class OpenRun:
    """A run that this process is at work on."""

    def __init__(self, run: Run, journal: IO[bytes]) -> None:
        self.run = run
        self._journal = journal

    def add(
        self,
        number: int,
        table: pa.Table,
        rejected: Sequence[Rejected],
        **told: Any,  # noqa: ANN401 (those of `Shard`)
    ) -> None:
        """Write a shard and note it.

        Args:
            number: Of the shard.
            table: Its rows.
            rejected: What was no text.
            **told: What `Shard` tells beside.

        Raises:
            SaveError: It cannot be written, such as on a full disk; it counts as not there.
        """
        path = shard_path(self.run.folder, number)
        with atomic_file(path) as temporary:
            pq.write_table(table, temporary, compression="zstd")
            found = sha256_of(temporary)
        shard = Shard(shard=number, rows=table.num_rows, n_rejected=len(rejected), hash_of_file=found, **told)
        note(self.run.folder, self._journal, Entry(shard, tuple(rejected)))
        self.run.shards[number] = shard


def check_run_folder(folder: Path) -> None:
    """Refuse a folder in which no run can begin or go on, before any work is done.

    Raises:
        SaveError: Something else is there, or nothing can be written.
    """
    check_folder(folder)
    with saving(folder):
        if (
            not (folder / MANIFEST).exists()
            and folder.is_dir()
            and any(map(_is_of_another, folder.iterdir()))
        ):
            raise SaveError(
                str(folder),
                expected="a new folder, an empty one, or one of a corpus run",
                found="something else in it",
                do="Choose another output folder; nothing was changed.",
            )


@contextmanager
def open_run(folder: Path, manifest: Manifest) -> Iterator[OpenRun]:
    """Begin a run in a folder that is new or empty, or go on with the one that is there.

    Args:
        folder: Where shards are written.
        manifest: What it is to be a run of.

    Raises:
        SaveError: Something else is there, another process is at work on it, or nothing can be written.
        InputError: It is another run, or one of a newer format.
    """
    check_run_folder(folder)
    with saving(folder):
        folder.mkdir(parents=True, exist_ok=True)
        journal = (folder / JOURNAL).open("a+b")
        journal.seek(0)
    with ExitStack() as stack:
        stack.callback(_close, journal)
        if lock(journal.fileno()) is False:
            raise SaveError(
                str(folder),
                expected="a folder that no other run writes",
                found="one that a process is at work on",
                do="Wait for it, or choose another output folder.",
            )
        begun = _read_manifest(folder) if (folder / MANIFEST).exists() else None
        if begun is not None and is_written(folder, journal):
            _check_same(folder, begun, manifest)
        else:  # nothing was written yet
            write_json(folder / MANIFEST, sealed(asdict(manifest)))
        del begun  # some hundred bytes a file
        run = Run(folder, manifest, *whole_shards(folder, journal), is_at_work=True)
        trim(folder, journal, run.shards)
        yield OpenRun(run, journal)


def _close(journal: IO[bytes]) -> None:
    """Close a journal, of which all that counts is on the disk: a full one has told of itself."""
    with suppress(OSError):
        journal.close()


def _is_of_another(path: Path) -> bool:
    """Whether a file is none that a run leaves that is killed before it has written its manifest."""
    is_journal = path.name == JOURNAL and not path.stat().st_size
    return not is_journal and not path.name.startswith(PREFIX)


def _read_manifest(folder: Path) -> Manifest:
    path = folder / MANIFEST
    try:
        values = read_json(path)
    except (OSError, ValueError) as exc:
        raise InputError(
            str(folder),
            expected=f"the folder of a corpus run, with its {MANIFEST}",
            found=str(exc),
            do="Check the name, or give another output folder.",
        ) from exc
    if isinstance(values, dict) and isinstance(values.get("format"), int) and values["format"] > FORMAT:
        raise InputError(
            str(path),
            expected=f"a run of format {FORMAT}, or an older one",
            found=f"format {values['format']}",
            do="Update gotune.",
        )
    try:
        content = unsealed_line(values)
    except ValueError as exc:
        raise InputError(str(path), expected="what was written", found=str(exc), do=_ANOTHER) from exc
    return as_record(content, Manifest, str(path), do=_ANOTHER, error=InputError)


def _check_same(folder: Path, begun: Manifest, now: Manifest) -> None:
    # What was read is what JSON makes of it, such as a list of a tuple.
    now = replace(now, settings=parse_json(json_text(now.settings, ascii_only=False)))
    if differences := sorted(begun.differences(now)):
        more = f" and {len(differences) - _TOLD:,} more" if len(differences) > _TOLD else ""
        raise InputError(
            str(folder),
            expected="the settings and the corpus that this run was begun with",
            found=f"{'; '.join(differences[:_TOLD])}{more}",
            do=_ANOTHER,
        )
