"""Scripts of others are those of their releases, and say so."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from gotune.files import sha256_of
from gotune.render.pages import read_asset

FOLDER = files("gotune.render") / "templates" / "vendor"
# The first two are also in the RECORD of the wheel bertviz-1.4.1.
HASHES = {
    "bertviz_head_view.js": "32885444af280c1745d0552da79d8dbad6ce52b5a6b4bd1ef5384cc4a917d7c0",
    "bertviz_model_view.js": "a22b6b559eebfb3898ff9b45930ca7a16f9e5fe9040b968d92e8c10991ea353c",
    "d3.min.js": "5dbe924b3847df010f0b8572dd6ef42ea87d6370eeff72b13ea236247412a53c",
    "jquery.slim.min.js": "19fd3ef99683e7a0b7893a7d16a17b2957655175dafe24d8543ecc6c20cff9e0",
}


@pytest.mark.parametrize("name", HASHES)
def test_a_script_is_that_of_its_release(name: str) -> None:
    assert sha256_of(FOLDER / name) == HASHES[name]  # type: ignore[arg-type]
    (row,) = re.findall(rf"\| `{name}` \|.*", read_asset("vendor/README.md"))
    assert HASHES[name] in row
    (licence,) = re.findall(r"`(LICENSE\.\w+)`", row)
    assert "Redistribution" in (text := read_asset(f"vendor/{licence}")) or "free of charge" in text


def test_nothing_else_is_there() -> None:
    licences = {"LICENSE.bertviz", "LICENSE.d3", "LICENSE.jquery"}
    assert {entry.name for entry in FOLDER.iterdir()} == {*HASHES, *licences, "README.md"}
