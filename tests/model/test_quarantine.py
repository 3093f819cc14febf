"""What transformers gets to see of a model's folder."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from gotune.model.quarantine import matching, quarantined


def test_files_of_known_names_alone_are_shown(tmp_path: Path) -> None:
    shown = ["config.json", "merges.txt", "model.safetensors", "spiece.model", "tokenizer.json", "vocab.txt"]
    hidden = ["pytorch_model.bin", "config.4.0.0.json", "tokenizer.5.0.0.json", "tekken.json", "own.py",
              "chat_template.jinja", "generation_config.json", "README.md", "gotune.json"]  # fmt: skip
    for name in (*shown, *hidden):
        (tmp_path / name).write_text(name)
    with quarantined(tmp_path) as folder:
        assert sorted(path.name for path in folder.iterdir()) == shown
        assert [(folder / name).read_text() for name in shown] == shown
    assert not folder.exists()
    assert [(tmp_path / name).read_text() for name in shown] == shown


def test_settings_are_shown_without_paths_code_and_templates(tmp_path: Path) -> None:
    given = {"model_max_length": 64, "vocab_file": "/dev/zero", "tokenizer_file": None, "init_inputs": ["x"],
             "vocab": "/dev/zero", "merges": "/dev/zero",
             "chat_template": "{{ x }}", "auto_map": None, "pad_token": "[PAD]"}  # fmt: skip
    for name in ("tokenizer_config.json", "special_tokens_map.json"):
        (tmp_path / name).write_text(json.dumps(given))
    with quarantined(tmp_path) as folder:
        for name in ("tokenizer_config.json", "special_tokens_map.json"):
            assert json.loads((folder / name).read_text()) == {"model_max_length": 64, "pad_token": "[PAD]"}


@pytest.mark.parametrize(
    "name", ["tokenizer.json", "vocab.txt", "config.json", "model.safetensors", "a.model"]
)
@pytest.mark.parametrize("kind", ["folder", "pipe", "device"])
def test_what_is_no_file_is_refused(tmp_path: Path, name: str, kind: str) -> None:
    if kind == "folder":
        (tmp_path / name).mkdir()
    elif kind == "pipe":
        os.mkfifo(tmp_path / name)
    else:
        (tmp_path / name).symlink_to("/dev/zero")
    with pytest.raises(ValueError, match=f"^{name}, which is no file$"), quarantined(tmp_path):
        pass


def test_a_link_to_a_file_is_one(tmp_path: Path) -> None:
    (tmp_path / "blob").write_text("a")  # as in the cache of the hub
    (tmp_path / "vocab.txt").symlink_to("blob")
    assert [path.name for path in matching(tmp_path, ("vocab.*",))] == ["vocab.txt"]
    with quarantined(tmp_path) as folder:
        assert (folder / "vocab.txt").read_text() == "a"


@pytest.mark.parametrize(
    ("index", "found"),
    [
        ("[]", "without a weight_map"),
        ('{"weight_map": []}', "without a weight_map"),
        ('{"weight_map": {"a": "../model-1.safetensors"}}', r"with the file '\.\./model-1"),
        ('{"weight_map": {"a": "/etc/passwd"}}', "with the file '/etc/passwd', which is not there"),
        ('{"weight_map": {"a": "pytorch_model.bin"}}', r"with the file 'pytorch_model\.bin', which is"),
        ('{"weight_map": {"a": 3}}', "with the file 3, which is not there"),
        ('{"weight_map": {"a": "x.model"}}', r"with the file 'x\.model', which is not there"),
        ('{"weight_map": {"a": "merges.txt"}}', r"with the file 'merges\.txt', which is not there"),
    ],
)
def test_an_index_names_files_that_are_shown(tmp_path: Path, index: str, found: str) -> None:
    for name in ("model-1.safetensors", "pytorch_model.bin", "x.model", "merges.txt"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "model.safetensors.index.json").write_text(index)
    with pytest.raises(ValueError, match=found), quarantined(tmp_path):
        pass
    (tmp_path / "model.safetensors.index.json").write_text('{"weight_map": {"a": "model-1.safetensors"}}')
    with quarantined(tmp_path) as folder:
        assert (folder / "model-1.safetensors").exists()


@pytest.mark.parametrize("text", ["[]", "{", '{"auto_map": {"AutoTokenizer": ["own.Own", null]}}'])
def test_settings_that_are_none_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "tokenizer_config.json").write_text(text)
    with pytest.raises(ValueError, match=r"tokenizer_config\.json|property name"), quarantined(tmp_path):
        pass


def test_what_a_killed_process_left_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = tmp_path / "temporary"
    places.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(places))
    with quarantined(tmp_path) as folder:
        shutil.copytree(folder.parent, tmp_path / "kept")
    (tmp_path / "kept").rename(folder.parent)  # its lock is held by nobody
    with quarantined(tmp_path) as folder:
        assert list(places.iterdir()) == [folder.parent]
    assert not list(places.iterdir())
