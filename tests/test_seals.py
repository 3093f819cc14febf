from __future__ import annotations

from pathlib import Path

import pytest

from gotune.seals import check_files, check_seal, unsealed, write_sealed
from gotune.typed_json import read_json
from tests.sealing import edit, seal_again

OTHER = r"a\.txt with other content than was saved"
SAVED = "saved 3 bytes, sha256 7692c3ad…"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text("one")
    (tmp_path / "notes.md").write_text("two")
    write_sealed(tmp_path / "made.json", {"size": 3, "parts": {"b": 1.5}}, exempt=("*.md",))
    return tmp_path


def check(folder: Path) -> None:
    values = read_json(folder / "made.json")
    check_seal(values)
    check_files(folder, values, ("*.txt",))


def test_a_sealed_folder_holds(folder: Path) -> None:
    check(folder)
    values = read_json(folder / "made.json")
    assert unsealed(values) == {"size": 3, "parts": {"b": 1.5}}
    assert values["files"] == {
        "a.txt": {"sha256": "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed", "size": 3}
    }


def test_layout_and_exempt_files_are_free(folder: Path) -> None:
    edit(folder / "made.json", lambda values: None)  # written without its line breaks
    (folder / "notes.md").write_text("three")
    check(folder)


def test_who_reads_some_files_needs_these_as_they_were(folder: Path) -> None:
    (folder / "large.bin").write_text("three")
    seal_again(folder / "made.json")
    (folder / "large.bin").write_text("Three")
    values = read_json(folder / "made.json")
    check_files(folder, values, ("*.txt",), whole=False)
    with pytest.raises(ValueError, match=r"^large\.bin with other content"):
        check_files(folder, values, ("*.txt",))
    (folder / "b.txt").write_text("four")
    with pytest.raises(ValueError, match=r"^b\.txt, which was not there"):
        check_files(folder, values, ("*.txt",), whole=False)
    (folder / "a.txt").write_text("One")
    with pytest.raises(ValueError, match=r"^a\.txt with other content"):
        check_files(folder, values, ("*.txt",), whole=False)


@pytest.mark.parametrize("key", ["size", "parts", "files", "sha256"])
def test_an_edited_manifest_is_told(folder: Path, key: str) -> None:
    edit(folder / "made.json", lambda values: values.pop(key))
    with pytest.raises(ValueError, match="other values than were saved"):
        check(folder)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("One", rf"^{OTHER}: 3 bytes, sha256 8b125077…, {SAVED}$"),
        ("on", rf"^{OTHER}: 2 bytes, sha256 \w{{8}}…, {SAVED}$"),
        (None, r"^no file a\.txt$"),
    ],
)
def test_a_changed_file_is_told(folder: Path, content: str | None, message: str) -> None:
    (folder / "a.txt").unlink() if content is None else (folder / "a.txt").write_text(content)
    with pytest.raises(ValueError, match=message):
        check(folder)


def test_an_added_file_is_told_if_it_would_be_read(folder: Path) -> None:
    (folder / "c.log").write_text("")
    check(folder)
    (folder / "b.txt").write_text("")
    with pytest.raises(ValueError, match=r"^b\.txt, which was not there when it was saved$"):
        check(folder)


def test_files_elsewhere_are_not_looked_at(folder: Path) -> None:
    seal = {"sha256": "0" * 64, "size": 1}
    with pytest.raises(ValueError, match=r"^no file \.\./a\.txt$"):
        check_files(folder, {"files": {"../a.txt": seal}, "sha256": ""}, ())
    for files in (3, None, [seal]):
        with pytest.raises(ValueError, match=r"^no hashes of its files$"):
            check_files(folder, {"files": files}, ())
    with pytest.raises(ValueError, match=r"^a\.txt with other content"):
        check_files(folder, {"files": {"a.txt": "hash"}}, ())
