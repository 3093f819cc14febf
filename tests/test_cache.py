from __future__ import annotations

import hashlib
import http.server
import json
import os
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from gotune.cache import CacheContent, CachePart, clean, read_content
from gotune.downloads import PinnedFile, PinnedSet, fetch
from gotune.errors import InputError, SaveError
from gotune.ontology.loading import example_ontology, load_ontology
from gotune.workspaces import PREFIX, workspace
from tests.conftest import EXAMPLE


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("GOTUNE_CACHE", str(folder))
    return folder


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of a loopback server of one file, ``a.txt``."""
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "a.txt").write_text("first\n")
    handler = partial(Handler, directory=str(tmp_path / "served"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def fetch_into(folder: Path, address: str) -> None:
    sha256 = hashlib.sha256(b"first\n").hexdigest()
    fetch(PinnedSet((PinnedFile("a.txt", sha256, f"{address}/a.txt", "a.txt"),), "no-wheel==0"), folder)


def leave(folder: Path) -> Path:
    """Make what a killed process leaves: a workspace that nobody holds locked."""
    with workspace(folder / "a.txt") as living:
        machine = (living / "lock").read_bytes()
    left = folder / f"{PREFIX}01234567-left"
    left.mkdir()
    (left / "lock").write_bytes(machine)
    (left / "new.txt").write_bytes(bytes(100))
    return left


def test_a_cache_that_is_not_there_is_empty(cache: Path) -> None:
    assert read_content() == CacheContent(cache, (), ())
    assert clean(everything=True) == CacheContent(cache, (), ())
    assert not cache.exists()


def test_what_was_fetched_and_parsed_is_told_and_removed(cache: Path, address: str) -> None:
    for place in ("releases/2020-02-30", "encoders/tiny", "ontologies"):
        fetch_into(cache / place, address)
    example_ontology()
    parsed = list(cache.glob("parsed/*/*"))
    assert sorted(path.name for path in parsed) == ["parsed.json", "terms.parquet"]
    size = 6 + (cache / "ontologies" / ".fetched.json").stat().st_size
    content = read_content()
    assert [(part.name, part.n_files) for part in content.parts] == [
        ("releases/2020-02-30", 2),
        ("encoders/tiny", 2),
        ("ontologies", 2),
        ("parsed", 2),
    ]
    assert content.parts[2:] == (
        CachePart("ontologies", 2, size),
        CachePart("parsed", 2, sum(path.stat().st_size for path in parsed)),
    )
    assert content.n_bytes == sum(path.stat().st_size for path in cache.rglob("*") if path.is_file())
    assert clean() == CacheContent(cache, (), ())
    assert read_content() == content
    assert clean(everything=True) == content
    assert list(cache.iterdir()) == []
    fetch_into(cache / "ontologies", address)  # and all begins anew
    assert read_content().parts[0].name == "ontologies"


def test_a_release_that_was_read_is_noted(example_release: Path) -> None:
    load_ontology(EXAMPLE)
    assert [part.name for part in read_content().parts] == [f"releases/{EXAMPLE}", "parsed"]
    assert [part.name for part in clean(everything=True).parts] == [f"releases/{EXAMPLE}", "parsed"]
    assert not example_release.exists()


def test_what_killed_runs_left_is_removed_and_the_work_of_others_stays(cache: Path, address: str) -> None:
    fetch_into(cache / "ontologies", address)
    left = leave(cache / "ontologies")
    size = 100 + (left / "lock").stat().st_size
    expected = CachePart(f"ontologies/{left.name}", 2, size)
    with workspace(cache / "ontologies" / "b.txt") as living:
        assert [part.name for part in read_content().unfinished] == sorted(
            f"ontologies/{path.name}" for path in (left, living)
        )
        assert clean() == CacheContent(cache, (), (expected,))
        assert living.is_dir()
        assert not left.exists()
        (removed,) = clean(everything=True).parts
        assert removed.name == "ontologies"
        assert living.is_dir()
    assert [path.name for path in cache.rglob("*")] == ["ontologies"]


@pytest.mark.parametrize(
    "name",
    [
        "thesis.txt",
        "releases/thesis.txt",
        "releases/2021-12-15/thesis.txt",
        "ontologies/thesis.txt",
        "parsed/mine/terms.parquet",
        f"parsed/{'0' * 64}-v1/thesis.txt",
        f"{PREFIX}mine/thesis.txt",
        f"thesis/{PREFIX}01234567-abc/new",
    ],
)
def test_what_is_not_ours_stays(name: str, cache: Path, address: str) -> None:
    fetch_into(cache / "ontologies", address)
    fetch_into(cache / "releases" / "2021-12-15", address)
    path = cache / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("years of work")
    clean(everything=True)
    assert path.read_text() == "years of work"
    assert [found for found in cache.rglob("*") if found.is_file()] == [path]


@pytest.mark.parametrize(
    "name", ["releases", "releases/2021-12-15", "ontologies", "parsed", f"parsed/{'0' * 64}-v1"]
)
def test_what_a_link_leads_to_stays(name: str, cache: Path, address: str, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    for folder in (outside, outside / "2021-12-15"):
        fetch_into(folder, address)
        leave(folder)
    parsed = outside / f"{'0' * 64}-v1"
    parsed.mkdir()
    for folder in (outside, parsed):
        (folder / "terms.parquet").write_text("years of work")
    files = sorted(outside.rglob("*"))
    (cache / name).parent.mkdir(parents=True)
    (cache / name).symlink_to(outside)
    assert read_content() == CacheContent(cache, (), ())
    assert clean(everything=True) == CacheContent(cache, (), ())
    assert sorted(outside.rglob("*")) == files


def test_a_cache_folder_may_be_a_link(cache: Path, address: str, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    cache.symlink_to(tmp_path / "disk")
    fetch_into(cache / "ontologies", address)
    assert [part.name for part in clean(everything=True).parts] == ["ontologies"]
    assert not list((tmp_path / "disk").rglob("*.txt"))


@pytest.mark.parametrize("name", ["../thesis.txt", "..", "", ".", "folder", "/thesis.txt", "a\0b"])
def test_a_note_names_files_beside_it_only(name: str, cache: Path) -> None:
    (cache / "ontologies" / "folder").mkdir(parents=True)
    (cache / "thesis.txt").write_text("years of work")
    (cache / "ontologies" / ".fetched.json").write_text(json.dumps([name, 3]))
    assert [part.n_files for part in clean(everything=True).parts] == [1]
    assert (cache / "thesis.txt").exists()


def test_a_file_that_cannot_be_removed_is_told(
    cache: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch_into(cache / "ontologies", address)

    def refuse(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, os.strerror(13))

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(SaveError, match=r"ontologies/a.txt: expected a file that can be removed, found Perm"):
        clean(everything=True)


def test_a_cache_of_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOTUNE_CACHE", "~nobody-of-this-name/cache")
    with pytest.raises(InputError, match=r"^GOTUNE_CACHE: "):
        read_content()
