from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from gotune.datasets.definitions import load_dataset
from gotune.workspaces import NEW, workspace


@pytest.mark.skipif(sys.platform == "win32", reason="files are not locked there")
def test_a_dataset_that_a_killed_run_had_set_aside_is_found(dataset_folder: Path, tmp_path: Path) -> None:
    """As it is on a disk where two folders cannot change places in one step."""
    path = tmp_path / "dataset"
    with workspace(path) as living:
        left = tmp_path / f"{living.name}-left"
        shutil.copytree(living, left)  # with a lock that nobody holds
    shutil.copytree(dataset_folder, left / "old" / "dataset")
    (left / NEW).mkdir()
    assert not path.exists()
    assert load_dataset(path).fingerprint == load_dataset(dataset_folder).fingerprint
    assert {entry.name for entry in path.iterdir()} == {entry.name for entry in dataset_folder.iterdir()}
