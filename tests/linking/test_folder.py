from __future__ import annotations

import json
from pathlib import Path

import pytest

from gotune.errors import BundleError, SaveError
from gotune.linking.annotator import Annotator
from gotune.linking.folder import load_index, save_index
from gotune.linking.names import TermNames


@pytest.fixture
def folder(annotator: Annotator, tmp_path: Path) -> Path:
    save_index(annotator, tmp_path / "index")
    return tmp_path / "index"


def test_an_index_is_the_same_when_it_is_read(folder: Path, annotator: Annotator) -> None:
    again = Annotator.load(folder)
    assert again.index.info == annotator.index.info
    assert again.search(["telomere binding"]) == annotator.search(["telomere binding"])
    save_index(again, folder)  # takes the place of the old one
    assert load_index(folder).search(["pigment"]) == annotator.search(["pigment"])


def test_an_index_that_was_being_replaced_is_brought_back(
    folder: Path, annotator: Annotator, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside = folder.rename(folder.with_name("aside"))
    monkeypatch.setattr("gotune.linking.folder.bring_back", lambda path: aside.rename(path))
    assert load_index(folder).search(["pigment"]) == annotator.search(["pigment"])


def test_words_beside_names_are_kept(annotator: Annotator, told_apart: TermNames, tmp_path: Path) -> None:
    save_index(Annotator(annotator.index, told_apart, annotator.sureness), tmp_path / "index")
    texts = ["A large nucleus.", "The atomic nucleus."]
    assert load_index(tmp_path / "index").names.find(texts) == told_apart.find(texts)


def test_other_folders_are_not_written_over(annotator: Annotator, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(SaveError, match="found something else in it"):
        save_index(annotator, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_folders_that_are_no_index_are_told(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="found a folder without it"):
        load_index(tmp_path)
    with pytest.raises(BundleError, match="no such folder"):
        load_index(tmp_path / "none")


@pytest.mark.parametrize(
    "name",
    ["vectors.safetensors", "labels.safetensors", "names.safetensors", "beside.safetensors", "index.json"],
)
def test_a_damaged_index_is_refused(name: str, folder: Path) -> None:
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(BundleError, match=name):
        load_index(folder)


@pytest.mark.parametrize("version", [1, 9])
def test_an_index_of_another_format_is_refused(version: int, folder: Path) -> None:
    """The first one knew nothing of the words beside names."""
    values = json.loads((folder / "index.json").read_text())
    (folder / "index.json").write_text(json.dumps({**values, "index_version": version}))
    with pytest.raises(BundleError, match=rf"found one of format {version}\..*gotune index"):
        load_index(folder)
