from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from gotune.model.light_bundle import read_manifest
from gotune.workspaces import NEW, workspace


@pytest.mark.skipif(sys.platform == "win32", reason="files are not locked there")
def test_a_model_that_a_killed_run_had_set_aside_is_found(bundle_folder: Path, tmp_path: Path) -> None:
    """As it is on a disk where two folders cannot change places in one step."""
    path = tmp_path / "model"
    with workspace(path) as living:
        left = tmp_path / f"{living.name}-left"
        shutil.copytree(living, left)  # with a lock that nobody holds
    shutil.copytree(bundle_folder, left / "old" / "model")
    (left / NEW).mkdir()
    assert not path.exists()
    assert read_manifest(path) == read_manifest(bundle_folder)
    assert {entry.name for entry in path.iterdir()} == {entry.name for entry in bundle_folder.iterdir()}
