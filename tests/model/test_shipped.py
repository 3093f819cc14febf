"""The models that come with gotune are small, sound and asked for by name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gotune.aspects import ASPECTS
from gotune.errors import BundleError
from gotune.model.exported import Target
from gotune.model.light_bundle import read_manifest
from gotune.model.loading import load_model
from gotune.model.shipped import SHIPPED, describe_shipped, locate_model, shown_name

MEGABYTE = 1_000_000
CLEAR = {
    "Autophagy is required for the development of the heart.": (True, False, False),
    "The protein was found in the nucleus and at the plasma membrane.": (False, True, False),
    "All mice were purchased from the same breeder.": (False, False, False),
}


def test_a_name_is_that_of_a_shipped_model_and_a_slash_that_of_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("papers").mkdir()
    Path("mine").mkdir()
    assert read_manifest(locate_model("papers")).spec.kind == "onnx"
    assert locate_model("./papers") == Path("papers")
    assert locate_model("mine") == locate_model("mine/") == Path("mine")
    assert locate_model("gone/") == Path("gone")  # whose absence is told where it is read
    assert locate_model(locate_model("papers/")) == Path("papers")  # a path is a folder, also a second time
    assert locate_model(locate_model("fast")) == locate_model("fast")
    with pytest.raises(BundleError, match=r"^papers: expected a model folder"):
        load_model(Path("papers"))
    assert [shown_name(locate_model(name)) for name in (*SHIPPED, "mine")] == [*SHIPPED, "mine/"]


def test_they_tell_what_they_are() -> None:
    papers, fast = describe_shipped()
    assert (papers.name, papers.engine, fast.name, fast.engine) == (
        "papers",
        Target.ONNX_INT8,
        "fast",
        Target.NO_ENCODER,
    )
    assert papers.size < 35 * MEGABYTE
    assert fast.size < 10 * MEGABYTE
    for one in (papers, fast):
        assert one.accuracy is not None
        assert 0.85 < one.accuracy < 1
        assert all(value is not None and 0.6 < value < 1 for value in one.f1)


@pytest.mark.parametrize("name", SHIPPED)
def test_they_know_a_clear_sentence(name: str) -> None:
    model = load_model(name)
    probabilities = model.predict_proba(list(CLEAR))
    assert model.info.thresholds is not None
    assert list(map(tuple, (probabilities >= model.info.thresholds).tolist())) == list(CLEAR.values())
    assert probabilities.shape == (len(CLEAR), len(ASPECTS))


@pytest.mark.parametrize("name", SHIPPED)
def test_cards_name_every_source_with_its_licence(name: str) -> None:
    card = (locate_model(name) / "README.md").read_text(encoding="utf-8")
    for told in ("| craft.tsv |", "| genia.tsv |", "| cg.tsv |", "| anatem.tsv |"):
        assert told in card
    assert card.count("CC BY-SA 3.0") == 2
    assert (locate_model(name).parent / "LICENSE.md").is_file()
    made = read_manifest(locate_model(name)).provenance
    assert made is not None
    assert [source.weight for source in made.sources] == [1.0, 0.7, 0.7, 0.7, 1.0]


def test_the_graph_tells_nothing_of_the_machine_that_drew_it() -> None:
    graph = (locate_model("papers") / "model.onnx").read_bytes()
    for told in (b".py", b"site-packages", b"/home/", b"/root/"):
        assert told not in graph


def test_a_long_text_is_cut_and_counted() -> None:
    text = "growth of the cell " * 25_000
    found, cut = load_model("papers").predict_and_count([text])
    assert cut == 1
    assert np.isfinite(found).all()
