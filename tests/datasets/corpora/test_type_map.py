from __future__ import annotations

from pathlib import Path

import pytest

from gotune.aspects import Aspect
from gotune.datasets.corpora.type_map import READY, AspectRule, TypeMap, read_map
from gotune.errors import DatasetError, DocumentError, InputError

MAP = """
citation = "Us."
ignored = ["Protein"]

[BP]
types = ["Expression"]
doubtful_types = ["Regulation", "Other"]
doubtful_words = ["mediates?", "kinases?"]
only_with_file = ".a2"
only_with_types = ["Gene", "Protein"]

[MF]
types_with_words = {Other = "activit(y|ies)$"}
"""


def test_a_map(tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text(MAP)
    found = read_map(tmp_path / "map.toml")
    process = AspectRule(
        types=("Expression",),
        doubtful_types=("Regulation", "Other"),
        doubtful_words=("mediates?", "kinases?"),
        only_with_file=".a2",
        only_with_types=("Gene", "Protein"),
    )
    function = AspectRule(types_with_words={"Other": "activit(y|ies)$"})
    assert found == TypeMap(BP=process, MF=function, ignored=("Protein",), citation="Us.")
    assert [aspect for aspect, _ in found.rules()] == [
        Aspect.BIOLOGICAL_PROCESS,
        Aspect.MOLECULAR_FUNCTION,
    ]
    assert found.known() == {"Protein", "Expression", "Regulation", "Other", "Gene"}
    assert [found.meaning(kind) for kind in ("Expression", "Other", "Gene", "Protein", "Cell")] == [
        "BP",
        "BP doubtful, MF in some words",
        "ignored",
        "ignored",
        "not in the map",
    ]


def test_what_a_mention_means() -> None:
    rule = AspectRule(types=("A",), types_with_words={"B": "activit(y|ies)$"})
    assert rule.means("A", "whatever")
    assert rule.means("B", "Kinase ACTIVITIES")
    assert not rule.means("B", "activity of a kinase")
    assert not rule.means("B", "inactivity")
    assert not rule.means("C", "activity")


def test_what_is_judged() -> None:
    rule = AspectRule(types=("A",), doubtful_types=("D",), doubtful_words=("mediates?", "p38"))
    assert rule.is_judged("It grows.", ["X"], [])
    assert not rule.is_judged("It grows.", ["X", "D"], [])
    assert not rule.is_judged("It MEDIATES growth.", [], [])
    assert rule.is_judged("It is intermediate, or ap38b.", [], [])
    only = AspectRule(types=("A",), only_with_file=".a2", only_with_types=("Gene", "Protein"))
    assert only.is_judged("It grows.", ["Protein"], [".a1", ".a2"])
    assert not only.is_judged("It grows.", ["Protein"], [".a1"])
    assert not only.is_judged("It grows.", ["Cell"], [".a2"])


@pytest.mark.parametrize("name", READY)
def test_the_maps_that_come_with_gotune(name: str) -> None:
    found = read_map(name)
    assert found.citation
    assert all(rule.telling() for _, rule in found.rules())


def test_their_names() -> None:
    assert READY == ("anatem", "cancer-genetics", "genia")


BAD = {
    "empty": ("ignored = []", "the map: a table of BP, CC, MF, found none"),
    "no aspect of GO": ("[XX]\ntypes = ['A']", "expected known keys alone, found the key XX"),
    "no key": ("[BP]\ntype = ['A']", "expected known keys alone, found the key BP.type"),
    "no list": ("[BP]\ntypes = 'A'", "expected BP.types: a valid array, found 'A'"),
    "no text": ("[BP]\ntypes = [1]", "expected BP.types.0: a valid string, found 1"),
    "a date": ("citation = 2020-01-01\n[BP]\ntypes = ['A']", "expected values that JSON has"),
    "no type": ("[BP]\ntypes = []", "expected BP.types: at least one type that means the aspect, found none"),
    "twice": ("[BP]\ntypes = ['A', 'B', 'A']", "expected BP.types: each type once, found twice A"),
    "twice, with words": (
        "[BP]\ntypes = ['A']\ntypes_with_words = {A = 'a'}",
        "expected BP.types: each type once, found twice A",
    ),
    "sure and doubtful": (
        "[BP]\ntypes = ['A']\ndoubtful_types = ['A']",
        "expected BP.doubtful_types: each type once, found twice A",
    ),
    "ignored and meant": (
        "ignored = ['A']\n[BP]\ntypes = ['A']",
        "expected ignored: each type once, found twice A",
    ),
    "no expression": (
        "[BP]\ntypes = ['A']\ndoubtful_words = ['(']",
        "expected BP, words: a regular expression, found '(' (missing )",
    ),
    "flags inside": (
        "[BP]\ntypes = ['A']\ntypes_with_words = {B = '(?i)b'}",
        "expected BP, words: a regular expression, found '(?i)b' (global flags",
    ),
    "deep": (f"[BP]\ntypes = ['A']\ndoubtful_words = ['{'(' * 9999}a{')' * 9999}']", "a regular expression"),
    "nested": (f"a = {'[' * 2000}{']' * 2000}", "expected a map in TOML"),
    "beyond numbers": (f"a = {'9' * 5000}", "expected a map in TOML"),
    "levels": (f"{'a.' * 3000}a = 1", "expected "),
    "no TOML": ("[BP\n", "expected a map in TOML, found Expected ']'"),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_maps(name: str, tmp_path: Path) -> None:
    content, message = BAD[name]
    (tmp_path / "map.toml").write_text(content)
    with pytest.raises(DatasetError) as caught:
        read_map(tmp_path / "map.toml")
    assert f"{tmp_path / 'map.toml'}: " in str(caught.value)
    assert message in str(caught.value)


def test_maps_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(
        DatasetError, match=r"craft: expected one of anatem, cancer-genetics, genia, or a file"
    ):
        read_map("craft")
    (tmp_path / "map.toml").write_text("")
    with pytest.raises(DocumentError, match="empty file"):
        read_map(tmp_path / "map.toml")
    with pytest.raises(InputError, match="at least one type"):
        TypeMap(CC=AspectRule())
