"""The journal of a corpus run: which shards were written, and what was rejected in each.

``shards.jsonl`` has a line for each shard that is written, with its hash and what was rejected in it;
``rejected.jsonl`` repeats that for people. A shard counts once its line is there and its file has that hash;
so whoever is killed, at whatever moment, leaves only whole shards behind.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, cast

from gotune.errors import InputError
from gotune.files import saving, sha256_of
from gotune.scale.records import Rejected
from gotune.seals import check_seal, sealed
from gotune.typed_json import as_record, json_text, parse_json

JOURNAL = "shards.jsonl"
REJECTED = "rejected.jsonl"


@dataclass(frozen=True, slots=True)
class Shard:
    """A shard that was written.

    Attributes:
        shard: Its number, from 0.
        texts: Texts that were worked on.
        rows: Rows of its file.
        truncated: How many texts, or sentences, were longer than the model reads.
        n_rejected: How many records were no texts.
        n_read: Bytes of the corpus up to its end.
        is_last: Whether it is the last of the run.
        hash_of_file: The sha256 of its file.
    """

    shard: int
    texts: int
    rows: int
    truncated: int
    n_rejected: int
    n_read: int
    is_last: bool
    hash_of_file: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the journal: a shard, and what was no text in it."""

    shard: Shard
    rejected: tuple[Rejected, ...]


def shard_path(folder: Path, number: int) -> Path:
    """Return the file of a shard."""
    return folder / f"shard-{number:06}.parquet"


def is_written(folder: Path, journal: IO[bytes]) -> bool:
    """Whether a shard was written, also where its line is lost; the first alone may lie there without one."""
    first = shard_path(folder, 0)
    return any(_entries(journal)) or any(path != first for path in folder.glob("shard-*.parquet"))


def whole_shards(folder: Path, journal: IO[bytes]) -> tuple[dict[int, Shard], tuple[int, ...]]:
    """Return the shards that are whole, and the numbers of others that are in the journal."""
    # One that was made anew has another line behind.
    shards = {entry.shard.shard: entry.shard for entry in _entries(journal)}
    damaged = {number for number, shard in shards.items() if not _is_whole(folder, shard)}
    whole = {number: shard for number, shard in shards.items() if number not in damaged}
    return whole, tuple(sorted(damaged))


def note(folder: Path, journal: IO[bytes], entry: Entry) -> None:
    """Write a line of the journal, after which the shard counts.

    Raises:
        SaveError: It cannot be written.
    """
    with saving(folder / JOURNAL):
        journal.write(f"{json_text(sealed(asdict(entry)))}\n".encode())
        journal.flush()
        os.fsync(journal.fileno())
    with saving(folder / REJECTED), (folder / REJECTED).open("ab") as file:
        _tell(entry, file)


def trim(folder: Path, journal: IO[bytes], shards: Mapping[int, Shard]) -> None:
    """Cut off a line that a killed run has left half, and tell anew what was rejected in whole shards.

    Raises:
        SaveError: It cannot be written.
    """
    journal.seek(0)
    end = sum(len(line) for line in journal if line.endswith(b"\n"))
    told: set[int] = set()
    with saving(folder), (folder / REJECTED).open("wb") as file:
        journal.truncate(end)
        for entry in _entries(journal):
            number = entry.shard.shard
            if number not in told and shards.get(number) == entry.shard:
                told.add(number)
                _tell(entry, file)


def unsealed_line(values: object) -> dict[str, Any]:
    """Return what was sealed.

    Raises:
        ValueError: It is not as it was.
    """
    check_seal(values)
    return {key: value for key, value in cast(dict[str, Any], values).items() if key != "sha256"}


def _entries(journal: IO[bytes]) -> Iterator[Entry]:
    """Yield what the lines of a journal say, but for those that are cut or damaged."""
    journal.seek(0)
    for line in journal:
        if not line.endswith(b"\n"):
            continue
        try:
            content = unsealed_line(parse_json(line))
            yield as_record(content, Entry, JOURNAL, do="", error=InputError)
        except (ValueError, InputError):
            continue


def _is_whole(folder: Path, shard: Shard) -> bool:
    try:
        return sha256_of(shard_path(folder, shard.shard)) == shard.hash_of_file
    except OSError:
        return False


def _tell(entry: Entry, file: IO[bytes]) -> None:
    file.writelines(f"{json_text(asdict(one))}\n".encode() for one in entry.rejected)
