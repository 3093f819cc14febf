from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gotune.workspaces import (
    NEW,
    PREFIX,
    put_back,
    replace_folder,
    replace_in_two_steps,
    sweep,
    workspace,
    workspaces_in,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="files are not locked there, nor forked")

DAY = 86_400
KILLED = """
import ctypes, itertools, json, os, shutil, signal, sys
from pathlib import Path
from gotune import files, workspaces

KIND = files.FolderKind("manifest.json", key="version", files=("deep",))
LINES = {module.__file__ for module in (files, workspaces, shutil)}
os.fsync = lambda handle: None  # a killed process takes nothing from the disk, and a thousand are slow
way, parent = sys.argv[1], Path(sys.argv[2])
path = parent / "output"


def write(content, way):
    if way == "file":
        files.write_text(path, content)
    elif way == "folder":
        with files.atomic_folder(path, KIND) as new:
            fill(new, content)
    else:
        with workspaces.workspace(path) as work:
            (work / workspaces.NEW).mkdir()
            fill(work / workspaces.NEW, content)
            workspaces.replace_in_two_steps(work / workspaces.NEW, path)


def fill(folder, content):
    (folder / "deep").mkdir()
    (folder / "deep" / "file").write_text(content)
    (folder / "manifest.json").write_text('{"version": 1}')


def read():
    if way == "file":
        return path.read_text()
    assert sorted(entry.name for entry in path.rglob("*")) == ["deep", "file", "manifest.json"]
    assert (path / "manifest.json").read_text() == '{"version": 1}'
    return (path / "deep" / "file").read_text()


def is_killed_at(line):
    # A process of its own that kills itself before it runs one more than that many lines of ours.
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == signal.SIGKILL
    left = line

    def trace(frame, event, argument):
        nonlocal left
        if frame.f_code.co_filename not in LINES:
            return None
        if event == "line":
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)
    write("new", way)
    sys.settrace(None)
    os._exit(0)


found = []
write("old", "file" if way == "file" else "folder")
for line in itertools.count():
    killed = is_killed_at(line)
    missing = not path.exists()
    files.bring_back(path)
    content = read()
    write("old", "file" if way == "file" else "folder")
    for left in workspaces.workspaces_in(parent):  # it had no lock yet, or no more: nobody can know
        assert {entry.name for entry in left.iterdir()} <= {"unlocked"}
        for one in (*left.rglob("*"), left):
            os.utime(one, (0, 0))
        write("old", "file" if way == "file" else "folder")
    assert (read(), list(parent.iterdir())) == ("old", [path])
    if not killed:
        break
    found.append([missing, content])
print(json.dumps(found))
"""
"""Kills a real process before each line that it runs when it replaces a file or folder, one after the other,
and looks at what a reader finds then, and what the next run makes of it."""


@pytest.mark.parametrize("way", ["file", "folder", "two steps"])
def test_a_process_killed_at_any_moment_leaves_old_or_new_and_is_swept(way: str, tmp_path: Path) -> None:
    if way == "folder" and not exchanges(tmp_path):
        pytest.skip("folders cannot be exchanged here")
    command = [sys.executable, "-c", KILLED, way, str(tmp_path)]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    contents = [content for _, content in found]
    n_old = contents.count("old")
    assert contents == ["old"] * n_old + ["new"] * (len(contents) - n_old)
    assert n_old > 20
    assert len(contents) - n_old > 5
    # Only where it takes two steps is there a moment with nothing in its place.
    assert any(missing for missing, _ in found) == (way == "two steps")


def exchanges(tmp_path: Path) -> bool:
    """Whether two folders change places in one step here: then nothing is set aside."""
    (tmp_path / "probe").mkdir()
    with workspace(tmp_path / "probe") as folder:
        (folder / NEW).mkdir()
        replace_folder(folder / NEW, tmp_path / "probe")
        is_in_one_step = not (folder / "old").exists()
    (tmp_path / "probe").rmdir()
    return is_in_one_step


def test_there_is_a_folder_at_any_moment(tmp_path: Path) -> None:
    if not exchanges(tmp_path):
        pytest.skip("folders cannot be exchanged here")
    path = tmp_path / "output"
    path.mkdir()
    done = threading.Event()

    def replace() -> None:
        try:
            for _ in range(200):
                with workspace(path) as folder:
                    (folder / NEW).mkdir()
                    replace_folder(folder / NEW, path)
        finally:
            done.set()

    writer = threading.Thread(target=replace)
    writer.start()
    looks = []
    while not done.is_set():
        looks.append(path.is_dir())
    writer.join()
    assert looks
    assert all(looks)
    assert list(tmp_path.iterdir()) == [path]


@contextmanager
def living(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that works on a path, and waits until it is killed."""
    code = (
        "import sys; from pathlib import Path; from gotune.workspaces import workspace\n"
        "with workspace(Path(sys.argv[1])) as folder:\n"
        "    (folder / 'new').write_bytes(bytes(1000)); print('ready', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


def make_old(folder: Path) -> None:
    for path in (*folder.rglob("*"), folder):
        os.utime(path, (time.time() - DAY - 60,) * 2)


def test_workspace_is_beside_what_is_written_and_gone_in_the_end(tmp_path: Path) -> None:
    with workspace(tmp_path / "model") as folder:
        assert folder.parent == tmp_path
        assert folder.name.startswith(PREFIX)
        assert workspaces_in(tmp_path) == [folder]
        assert workspaces_in(tmp_path, of=tmp_path / "model") == [folder]
        assert workspaces_in(tmp_path, of=tmp_path / "another") == []
        assert not sweep(folder)  # not even by this process
    assert list(tmp_path.iterdir()) == []


def test_only_a_workspace_whose_process_is_gone_is_swept(tmp_path: Path) -> None:
    path = tmp_path / "model"
    with living(path) as process:
        (folder,) = workspaces_in(tmp_path)
        make_old(folder)
        assert not sweep(folder)
        with workspace(path) as another:
            assert workspaces_in(tmp_path) == sorted([folder, another])
        assert workspaces_in(tmp_path) == [folder]
        process.kill()
        process.wait()
        with workspace(tmp_path / "another"):
            assert folder in workspaces_in(tmp_path)
        with workspace(path):
            assert not folder.exists()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("lock", ["elsewhere\n", "", None])
def test_where_it_cannot_be_known_a_workspace_stays_for_a_day(lock: str | None, tmp_path: Path) -> None:
    """One of another machine, one on a disk without locks, one that is not locked yet."""
    folder = tmp_path / f"{PREFIX}01234567-abc"
    folder.mkdir()
    (folder / "new").write_text("half")
    if lock is not None:
        (folder / "lock").write_text(lock)
    assert not sweep(folder)
    make_old(folder)
    os.utime(folder / "new")  # somebody writes
    assert not sweep(folder)
    make_old(folder)
    assert sweep(folder)
    assert list(tmp_path.iterdir()) == []


def test_what_only_looks_like_a_workspace_stays(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / f"{PREFIX}file").write_text("mine")
    (tmp_path / f"{PREFIX}link").symlink_to("mine")
    assert workspaces_in(tmp_path) == []


@pytest.mark.parametrize("stop", [OSError, KeyboardInterrupt])
def test_failure_between_two_steps_brings_the_old_folder_back(
    stop: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "model"
    path.mkdir()
    (path / "file").write_text("old")
    rename = Path.replace

    def fail(self: Path, target: Path) -> Path:
        if self.name == NEW:
            raise stop
        return rename(self, target)

    def write() -> None:
        with workspace(path) as folder:
            (folder / NEW).mkdir()
            replace_in_two_steps(folder / NEW, path)

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(stop):
        write()
    assert (path / "file").read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("steps", ["between", "after"])
def test_only_a_folder_that_nothing_has_replaced_is_put_back(steps: str, tmp_path: Path) -> None:
    """One that a user has removed since does not come back."""
    folder = tmp_path / f"{PREFIX}9372c470-abc"  # of a folder "model"
    (folder / "old" / "model").mkdir(parents=True)
    if steps == "between":
        (folder / NEW).mkdir()
    (folder / "lock").write_text("")
    put_back(tmp_path / "model")
    assert not (tmp_path / "model").exists()
    make_old(folder)
    put_back(tmp_path / "model")
    assert (tmp_path / "model").exists() == (steps == "between")
