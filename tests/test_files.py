from __future__ import annotations

import errno
import hashlib
import json
import math
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import platformdirs
import pyarrow as pa
import pytest
from pyarrow import parquet

from gotune.errors import InputError, SaveError
from gotune.files import (
    FolderKind,
    atomic_file,
    atomic_folder,
    cache_folder,
    check_file,
    check_folder,
    check_place,
    check_replaceable,
    sha256_of,
    write_json,
    write_text,
)

MARKER = "manifest.json"
KIND = FolderKind(MARKER, key="version", files=("deep", "left over"))
NO_SPACE = os.strerror(errno.ENOSPC)

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="permission bits are POSIX")


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 kB, really full after that."""
    if not sys.platform.startswith("linux"):
        pytest.skip("a tmpfs of a few kB can be mounted on Linux only")
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "gotune-test", str(disk)]
    try:
        done = subprocess.run(mount, check=False, capture_output=True, text=True)
    except FileNotFoundError:
        pytest.skip("there is no mount command here")
    if done.returncode:
        pytest.skip(f"a tmpfs cannot be mounted here: {done.stderr.strip()}")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)  # noqa: S607 (umount is not at one place everywhere)


def write_folder(path: Path, content: str) -> None:
    with atomic_folder(path, KIND) as folder:
        (folder / MARKER).write_text('{"version": 1}')
        (folder / "deep").mkdir()
        (folder / "deep" / "file").write_text(content)


def test_file_is_written_with_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "new" / "table.tsv"
    with atomic_file(path) as temporary:
        assert temporary.suffix == ".tsv"
        assert temporary.parent == path.parent
        temporary.write_text("new")
        assert not path.exists()
    assert path.read_text() == "new"
    assert list(path.parent.iterdir()) == [path]


def test_text_is_written_in_utf8(tmp_path: Path) -> None:
    write_text(tmp_path / "new" / "note.txt", "β\n")
    assert (tmp_path / "new" / "note.txt").read_bytes() == b"\xce\xb2\n"


@posix_only
def test_file_and_folder_have_the_usual_permissions(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with atomic_file(tmp_path / "file") as temporary:
            temporary.write_text("new")
        write_folder(tmp_path / "folder", "new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "folder").stat().st_mode) == 0o750
    assert stat.S_IMODE((tmp_path / "folder" / "deep" / "file").stat().st_mode) == 0o640


def test_failure_in_the_block_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "table.tsv"
    path.write_text("old")

    def write_half() -> None:
        with atomic_file(path) as temporary:
            temporary.write_text("half")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        write_half()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_full_disk_in_the_block_is_a_save_error(tmp_path: Path) -> None:
    path = tmp_path / "table.tsv"
    path.write_text("old")
    with pytest.raises(SaveError) as caught, atomic_file(path):
        raise OSError(errno.ENOSPC, NO_SPACE)
    assert str(caught.value) == (
        f"{path}: expected a place that can be written, found {NO_SPACE}. "
        "Free some space or choose another place; what was there before is untouched."
    )
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_full_disk_when_flushing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "table.tsv"
    path.write_text("old")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, NO_SPACE)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SaveError, match=NO_SPACE), atomic_file(path) as temporary:
        temporary.write_text("new")
    with pytest.raises(SaveError, match=NO_SPACE):
        write_folder(tmp_path / "folder", "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_really_full_disk_leaves_the_old_file_and_folder(tiny_disk: Path) -> None:
    file, folder = tiny_disk / "file", tiny_disk / "folder"
    with atomic_file(file) as temporary:
        temporary.write_text("old")
    write_folder(folder, "old")
    with pytest.raises(SaveError, match=NO_SPACE), atomic_file(file) as temporary:
        temporary.write_bytes(bytes(100_000))
    with pytest.raises(SaveError, match=NO_SPACE):
        write_folder(folder, "x" * 100_000)
    assert file.read_text() == "old"
    assert (folder / "deep" / "file").read_text() == "old"
    assert sorted(tiny_disk.iterdir()) == [file, folder]


def test_file_does_not_replace_a_folder(tmp_path: Path) -> None:
    path = tmp_path / "table.tsv"
    (path / "inside").mkdir(parents=True)
    with pytest.raises(SaveError), atomic_file(path) as temporary:
        temporary.write_text("new")
    assert [entry.name for entry in tmp_path.rglob("*")] == ["table.tsv", "inside"]


def test_place_below_a_file_is_a_save_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old")
    with pytest.raises(SaveError, match="expected a place that can be written"):
        write_folder(tmp_path / "file" / "folder", "new")
    with pytest.raises(SaveError), atomic_file(tmp_path / "file" / "table.tsv"):
        pass
    assert (tmp_path / "file").read_text() == "old"


def test_folder_is_written_and_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "bundle"
    write_folder(path, "first")
    (path / "left over").write_text("from the first")
    write_folder(path, "second")
    assert sorted(entry.name for entry in path.rglob("*")) == ["deep", "file", MARKER]
    assert (path / "deep" / "file").read_text() == "second"
    assert list(path.parent.iterdir()) == [path]


def test_empty_folder_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    write_folder(tmp_path / "bundle", "new")
    assert (tmp_path / "bundle" / MARKER).exists()


def test_failure_in_the_block_leaves_the_old_folder(tmp_path: Path) -> None:
    path = tmp_path / "bundle"
    write_folder(path, "old")

    def write_half() -> None:
        with atomic_folder(path, KIND) as folder:
            (folder / MARKER).write_text("half")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        write_half()
    assert (path / "deep" / "file").read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_failure_of_the_swap_brings_the_old_folder_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bundle"
    write_folder(path, "old")
    rename = Path.replace

    def fail_for_the_new(self: Path, target: Path) -> Path:
        if target == path and "-old-" not in self.name:
            raise OSError(errno.EIO, "bad disk")
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", fail_for_the_new)
    with pytest.raises(SaveError, match="bad disk"):
        write_folder(path, "new")
    assert (path / "deep" / "file").read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("kind", ["folder", "file", "broken link"])
def test_what_is_not_ours_is_refused_before_any_work(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "thesis"
    match kind:
        case "folder":
            path.mkdir()
            (path / "chapter").write_text("years of work")
        case "file":
            path.write_text("years of work")
        case _:
            path.symlink_to(tmp_path / "nowhere")
    message = f"expected a new folder, an empty one, or one that gotune wrote, with a {MARKER}, found "
    with pytest.raises(SaveError, match=message):
        check_replaceable(path, KIND)
    with pytest.raises(SaveError, match=message), atomic_folder(path, KIND):
        pytest.fail("the block ran")
    assert path.is_symlink() or "years of work" in {
        entry.read_text() for entry in [path, *path.glob("*")] if entry.is_file()
    }
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "content"), [("notes.txt", "years of work"), (MARKER, '{"title": "mine"}'), (MARKER, "[]")]
)
def test_folder_with_anything_of_the_user_is_not_replaced(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / "bundle"
    write_folder(path, "old")
    (path / name).write_text(content)
    with pytest.raises(SaveError, match=r"found something else in it\. Choose another output folder"):
        write_folder(path, "new")
    assert (path / name).read_text() == content
    assert (path / "deep" / "file").read_text() == "old"


@pytest.mark.parametrize("size", [0, 1, (1 << 20) + 1])
def test_sha256(tmp_path: Path, size: int) -> None:
    path = tmp_path / "data"
    path.write_bytes(b"g" * size)
    assert sha256_of(path) == hashlib.sha256(b"g" * size).hexdigest()


def test_cache_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOTUNE_CACHE", "~/cache")
    assert cache_folder() == Path.home() / "cache"
    monkeypatch.delenv("GOTUNE_CACHE")
    assert cache_folder() == Path(platformdirs.user_cache_dir("gotune"))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("page.pdf", "the suffix '.pdf'"),
        ("page", "no suffix"),
        (".html", "no suffix"),
        ("a.html/b", "no suffix"),
    ],
)
def test_a_name_with_another_suffix_is_refused(name: str, found: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"ends in .html, found {found}. Rename it."):
        check_file(tmp_path / name, (".html",), do="Rename it.")


def test_suffixes_count_in_any_case_and_folders_are_made_later(tmp_path: Path) -> None:
    check_file(tmp_path / "new" / "newer" / "page.HTML", (".html", ".json"), do="")
    check_folder(tmp_path / "new" / "newer")
    check_folder(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_stands_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder.html").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(SaveError, match=r"folder.html: expected a file to write, found a folder"):
        check_file(tmp_path / "folder.html", (".html",), do="")
    with pytest.raises(SaveError, match=r"file: expected a folder to write, found a file"):
        check_folder(tmp_path / "file")
    for place in ("file/a.html", "file/b/a.html"):
        with pytest.raises(SaveError, match=r"can be written, found .*file, which is a file"):
            check_file(tmp_path / place, (".html",), do="")
    with pytest.raises(SaveError, match=r"file/folder: expected a place .*file, which is a file"):
        check_folder(tmp_path / "file" / "folder")


def test_a_place_that_may_not_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gotune.files.os.access", lambda path, mode: Path(path) != tmp_path)
    with pytest.raises(SaveError, match=r"found .*, which may not be written. Choose another place."):
        check_file(tmp_path / "folder" / "a.html", (".html",), do="")


def test_a_name_too_long_is_told_as_any_other_place(tmp_path: Path) -> None:
    with pytest.raises(SaveError, match="File name too long"):
        check_file(tmp_path / ("x" * 300 + ".html"), (".html",), do="")
    with pytest.raises(SaveError, match="File name too long"):
        check_folder(tmp_path / ("x" * 300))
    with pytest.raises(SaveError, match="File name too long"):
        check_replaceable(tmp_path / ("x" * 300), KIND)
    with pytest.raises(SaveError, match="File name too long"):
        check_place(tmp_path / ("x" * 300) / "table.tsv")


def test_json_holds_no_figure_that_is_none(tmp_path: Path) -> None:
    value = {"low": math.nan, "high": (math.inf, -math.inf), "n": 1, "whole": True, "none": None, "f1": 0.1}
    plain = {"low": None, "high": [None, None], "n": 1, "whole": True, "none": None, "f1": 0.1}
    write_json(tmp_path / "a.json", [value])
    assert json.loads((tmp_path / "a.json").read_text()) == [plain]


def test_text_that_no_file_can_hold_is_replaced(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "half \udcff")
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "half \ufffd"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_a_writer_cannot_take_is_told(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"a\xff.parquet")
    with pytest.raises(SaveError, match=r"a\\udcff\.parquet: expected a name in UTF-8, as .*, found bytes"):
        with atomic_file(path) as temporary:
            parquet.write_table(pa.table({"a": [1]}), temporary)
    with pytest.raises(UnicodeEncodeError), atomic_file(tmp_path / "a.txt") as temporary:
        temporary.write_text("\udcff", encoding="utf-8")  # a fault of ours, not of the name
    assert list(tmp_path.iterdir()) == []
