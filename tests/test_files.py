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
from concurrent.futures import ThreadPoolExecutor
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


def test_the_folder_that_one_is_in_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for path in (Path(), tmp_path):
        with pytest.raises(SaveError, match="expected another folder than you are in"):
            check_replaceable(path, KIND)


def test_file_is_written_with_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "new" / "table.tsv"
    with atomic_file(path) as temporary:
        assert temporary.suffix == ".tsv"
        assert temporary.parent.parent == path.parent
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


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_is_not_ours_is_refused_before_any_work(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "thesis"
    if kind == "folder":
        path.mkdir()
        (path / "chapter").write_text("years of work")
    else:
        path.write_text("years of work")
    message = f"expected a new folder, an empty one, or one that gotune wrote, with a {MARKER}, found "
    with pytest.raises(SaveError, match=message):
        check_replaceable(path, KIND)
    with pytest.raises(SaveError, match=message), atomic_folder(path, KIND):
        pytest.fail("the block ran")
    assert "years of work" in {entry.read_text() for entry in [path, *path.glob("*")] if entry.is_file()}
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


@posix_only
def test_what_is_replaced_keeps_its_permissions(tmp_path: Path) -> None:
    file, folder = tmp_path / "file", tmp_path / "folder"
    write_text(file, "old")
    write_folder(folder, "old")
    modes = {file: 0o600, folder: 0o700, folder / "deep": 0o711, folder / "deep" / "file": 0o604}
    for path, mode in modes.items():
        path.chmod(mode)
    write_text(file, "new")
    write_folder(folder, "new")
    assert {path: stat.S_IMODE(path.stat().st_mode) for path in modes} == modes
    assert (file.read_text(), (folder / "deep" / "file").read_text()) == ("new", "new")


@posix_only
def test_what_a_library_writes_for_its_owner_alone_gets_the_usual_permissions(tmp_path: Path) -> None:
    usual = tmp_path / "usual"
    usual.touch()
    with atomic_file(tmp_path / "file") as temporary:
        temporary.chmod(0o600)
    assert (tmp_path / "file").stat().st_mode == usual.stat().st_mode


@posix_only
def test_links_stay_and_what_they_lead_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "b").symlink_to("c")
    (tmp_path / "a.tsv").symlink_to(Path("far", "b"))
    (tmp_path / "model").symlink_to("far/model-1")
    for content in ("made", "replaced"):  # at first both links lead to nothing
        write_text(tmp_path / "a.tsv", content)
        write_folder(tmp_path / "model", content)
        assert (tmp_path / "far" / "c").read_text() == content
        assert (tmp_path / "far" / "model-1" / "deep" / "file").read_text() == content
    assert (tmp_path / "a.tsv").is_symlink()
    assert (tmp_path / "far" / "b").is_symlink()
    assert (tmp_path / "model").is_symlink()
    assert sorted(path.name for path in (tmp_path / "far").iterdir()) == ["b", "c", "model-1"]


@posix_only
def test_folder_of_a_file_may_be_a_link_to_nothing_yet(tmp_path: Path) -> None:
    (tmp_path / "out").symlink_to("made")
    check_folder(tmp_path / "out")
    write_text(tmp_path / "out" / "a.tsv", "new")
    assert (tmp_path / "made" / "a.tsv").read_text() == "new"


@posix_only
@pytest.mark.parametrize("leads_to", ["nowhere/a.tsv", "a.tsv"])
def test_links_that_lead_nowhere_are_refused(leads_to: str, tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.symlink_to(leads_to)
    if leads_to == "a.tsv":
        message = "a link that leads to one place, found one that leads round in a circle. Remove it, or "
    else:
        message = (
            f"a link into a folder that is there, found one to {tmp_path}/nowhere/a.tsv. Make {tmp_path}"
        )
    with pytest.raises(SaveError, match=f"^{path}: expected {message}"):
        write_text(path, "new")
    with pytest.raises(SaveError, match=message):
        write_folder(path, "new")
    with pytest.raises(SaveError, match=message):
        check_file(path, (".tsv",), do="")
    with pytest.raises(SaveError, match=message):
        check_folder(path)
    assert list(tmp_path.iterdir()) == [path]


@posix_only
@pytest.mark.parametrize("name", ["x" * 255, "x" * 251 + ".tsv", "β" * 127, "a." + "x" * 253])
def test_names_may_be_as_long_as_the_disk_takes_them(name: str, tmp_path: Path) -> None:
    for content in ("new", "newer"):
        write_text(tmp_path / "files" / name, content)
        write_folder(tmp_path / "folders" / name, content)
    assert (tmp_path / "files" / name).read_text() == "newer"
    assert (tmp_path / "folders" / name / "deep" / "file").read_text() == "newer"


@pytest.fixture
def own_temporaries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where what goes into pipes is made first."""
    folder = tmp_path / "temporaries"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@posix_only
def test_named_pipe_is_written_to(tmp_path: Path, own_temporaries: Path) -> None:
    pipe = tmp_path / "pipe.tsv"
    os.mkfifo(pipe)
    check_file(pipe, (".tsv",), do="")
    with ThreadPoolExecutor(1) as pool:
        read = pool.submit(pipe.read_text)
        with atomic_file(pipe) as temporary:
            assert temporary.suffix == ".tsv"
            temporary.write_text("new")
        assert read.result() == "new"
    assert pipe.is_fifo()
    assert list(own_temporaries.iterdir()) == []
    assert sorted(tmp_path.iterdir()) == [pipe, own_temporaries]


@posix_only
def test_open_descriptor_is_written_to(own_temporaries: Path) -> None:
    reader, writer = os.pipe()
    write_text(Path(f"/dev/fd/{writer}"), "first ")
    write_text(Path(f"/dev/fd/{writer}"), "second")  # it is still open
    os.close(writer)
    with os.fdopen(reader) as pipe:
        assert pipe.read() == "first second"
    with pytest.raises(SaveError, match=os.strerror(errno.EBADF)):
        write_text(Path(f"/dev/fd/{writer}"), "closed")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="devices are those of Linux")
def test_devices_are_written_to(tmp_path: Path, own_temporaries: Path) -> None:
    write_text(Path("/dev/null"), "new")
    assert Path("/dev/null").is_char_device()
    check_place(Path("/dev/null"))
    with pytest.raises(SaveError, match=NO_SPACE):
        write_text(Path("/dev/full"), "new")
    assert Path("/dev/full").is_char_device()
    (tmp_path / "full.tsv").symlink_to("/dev/full")
    check_file(tmp_path / "full.tsv", (".tsv",), do="")
    with pytest.raises(SaveError, match=f"full.tsv: expected .*{NO_SPACE}"):
        write_text(tmp_path / "full.tsv", "new")
    assert list(own_temporaries.iterdir()) == []


@posix_only
def test_standard_output_is_written_to_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "link.tsv").symlink_to("/dev/stdout")
    code = (
        "import sys; from pathlib import Path; from gotune.files import write_text\n"
        "print('before', flush=True); [write_text(Path(name), name + '\\n') for name in sys.argv[1:]]\n"
        "print('after')"
    )
    command = [sys.executable, "-c", code, "/dev/stdout", "link.tsv"]
    expected = "before\n/dev/stdout\nlink.tsv\nafter\n"
    with (tmp_path / "said").open("w") as said:
        subprocess.run(command, stdout=said, check=True, cwd=tmp_path)
    assert (tmp_path / "said").read_text() == expected
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout == expected


@posix_only
def test_failure_in_the_block_writes_nothing_into_a_pipe(own_temporaries: Path) -> None:
    reader, writer = os.pipe()

    def write_half() -> None:
        with atomic_file(Path(f"/dev/fd/{writer}")) as temporary:
            temporary.write_text("half")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        write_half()
    os.close(writer)
    with os.fdopen(reader) as pipe:
        assert pipe.read() == ""


@posix_only
def test_pipe_that_may_not_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "a.tsv")
    monkeypatch.setattr("gotune.files.os.access", lambda path, mode: False)
    with pytest.raises(SaveError, match=r"found .*a.tsv, which may not be written. Choose another place."):
        check_file(tmp_path / "a.tsv", (".tsv",), do="")


def test_folder_that_may_not_be_written_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bundle"
    write_folder(path, "old")
    monkeypatch.setattr("gotune.files.os.access", lambda place, mode: Path(place) != path)
    with pytest.raises(SaveError, match=r"found one that may not be written\. Choose another output"):
        check_replaceable(path, KIND)


def test_workspaces_in_a_folder_do_not_keep_it_from_being_replaced(tmp_path: Path) -> None:
    write_folder(tmp_path / "bundle", "old")
    (tmp_path / "bundle" / ".gotune-01234567-left").mkdir()
    write_folder(tmp_path / "bundle", "new")
    assert [path.name for path in (tmp_path / "bundle").glob(".*")] == []


@pytest.mark.parametrize("name", ["~nobody-of-this-name", "~nobody-of-this-name/cache"])
def test_home_folder_of_nobody_is_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOTUNE_CACHE", name)
    with pytest.raises(InputError) as caught:
        cache_folder()
    assert str(caught.value) == (
        f"GOTUNE_CACHE: expected a folder, found '{name}', and no home folder of '~nobody-of-this-name'. "
        "Give the whole path, without ~."
    )


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
    with pytest.raises(SaveError, match="a folder to write, found one that may not be written"):
        check_folder(tmp_path)


def test_a_folder_that_may_be_written_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine").mkdir()
    monkeypatch.setattr("gotune.files.os.access", lambda path, mode: Path(path) != tmp_path)
    check_folder(tmp_path / "mine")


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
    name = os.fsdecode(b"a\xff.parquet")
    with atomic_file(tmp_path / name) as temporary:
        parquet.write_table(pa.table({"a": [1]}), temporary)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    folder = tmp_path / os.fsdecode(b"b\xff")
    with pytest.raises(SaveError, match=r"b\\udcff/a\.parquet: expected a name in UTF-8, as .*, found bytes"):
        with atomic_file(folder / "a.parquet") as temporary:
            parquet.write_table(pa.table({"a": [1]}), temporary)
    with pytest.raises(UnicodeEncodeError), atomic_file(tmp_path / "a.txt") as temporary:
        temporary.write_text("\udcff", encoding="utf-8")  # a fault of ours, not of the name
    assert list(folder.iterdir()) == []
