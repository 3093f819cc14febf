"""What transformers gets to see of a model's folder: files of known names, and nothing that they point to.

It looks for many more names (pickles, files for one version of its own, adapters, templates of chats), and
follows paths that stand in some of them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from gotune.typed_json import read_json
from gotune.workspaces import NEW, workspace

CONFIG = "config.json"
TOKENIZER_CONFIG = "tokenizer_config.json"
VOCABULARIES = ("tokenizer.json", "vocab.txt", "vocab.json", "*.model")  # the last of sentencepiece
"""Patterns of the files of which a tokenizer has at least one."""
TOKENIZER_FILES = (
    CONFIG,  # names the tokenizer's class where tokenizer_config.json does not
    TOKENIZER_CONFIG,
    "special_tokens_map.json",
    "added_tokens.json",
    "merges.txt",
    *VOCABULARIES,
)
"""Patterns of all files that a tokenizer is made of."""
WEIGHTS = ("model.safetensors", "model.safetensors.index.json")
"""Files of which a model has one."""
SHARDS = "model-*.safetensors"
"""Pattern of the files that an index tells of."""

_ADAPTER = "adapter_config.json"
_SETTINGS = (TOKENIZER_CONFIG, "special_tokens_map.json")
"""Files whose values transformers gives to the tokenizer's class, whatever their keys are."""
_UNUSED = ("auto_map", "init_inputs", "chat_template", "vocab", "merges")


@contextmanager
def quarantined(folder: Path) -> Iterator[Path]:
    """Give a temporary folder with the files of a model that transformers may read.

    They are links to those of ``folder``, but for the settings of the tokenizer: these are copied without
    code, paths and templates.

    Raises:
        ValueError: A file of a known name is no file, an index tells of files that are not there, settings
            are damaged, or there is an adapter.
        OSError: A file cannot be read.
    """
    names = [path.name for path in matching(folder, (*TOKENIZER_FILES, *WEIGHTS, SHARDS))]
    if (folder / _ADAPTER).exists():
        raise ValueError(f"{_ADAPTER}, which names weights elsewhere")
    with workspace(Path(gettempdir()) / "model") as temporary:
        place = temporary / NEW
        place.mkdir()
        for name in names:
            if name in _SETTINGS:
                (place / name).write_text(json.dumps(_settings(folder / name)), encoding="utf-8")
            else:
                _link(folder / name, place / name)
        if WEIGHTS[1] in names:
            _check_index(place)
        yield place


def matching(folder: Path, patterns: Collection[str]) -> list[Path]:
    """Return the files of a folder whose names match, in order.

    Raises:
        ValueError: One is a folder, a pipe or a device, which could be read without end.
    """
    found = sorted({path for pattern in patterns for path in folder.glob(pattern)})
    for path in found:
        if not path.is_file():
            raise ValueError(f"{path.name}, which is no file")
    return found


def _settings(path: Path) -> dict[str, Any]:
    values = read_json(path)
    if not isinstance(values, dict):
        raise ValueError(f"{path.name} without an object")
    if values.get("auto_map"):
        raise ValueError(f"auto_map in {path.name}, which names code of others")
    return {key: value for key, value in values.items() if key not in _UNUSED and not key.endswith("_file")}


def _link(file: Path, link: Path) -> None:
    try:
        link.symlink_to(file.absolute())
    except OSError:  # a system that asks for rights to make links
        shutil.copyfile(file, link)


def _check_index(folder: Path) -> None:
    index = read_json(folder / WEIGHTS[1])
    files = index.get("weight_map") if isinstance(index, dict) else None
    if not isinstance(files, dict):
        raise ValueError(f"{WEIGHTS[1]} without a weight_map")
    for name in files.values():
        # transformers takes a file of any other name for a pickle.
        if not isinstance(name, str) or not fnmatchcase(name, SHARDS) or not (folder / name).is_file():
            raise ValueError(f"{WEIGHTS[1]} with the file {name!r}, which is not there")
