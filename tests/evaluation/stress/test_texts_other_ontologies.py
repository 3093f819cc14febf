from __future__ import annotations

from pathlib import Path

import pytest

from gotune.downloads import PinnedFile, PinnedSet
from gotune.errors import DownloadError, InputError
from gotune.evaluation.stress import texts
from gotune.evaluation.stress.texts import (
    OTHER_ONTOLOGIES,
    load_other_definitions,
    read_definitions,
    without_mentions,
)
from gotune.files import sha256_of

OBO = r"""format-version: 1.2
ontology: cl

[Term]
id: CL:1
name: pale cell
def: "A cell that is pale, as \"pale\" goes." [PMID:1]

[Term]
id: CL:2
name: bad reference
xref: PMID:14699587 \n
def: "A cell whose reference is bad." []

[Term]
id: CL:3
name: gone
def: "OBSOLETE. A cell that is gone." []
is_obsolete: true

[Term]
id: GO:0000001
name: taken over
def: "A term of another ontology." []

[Term]
id: CL:4
name: without definition

[Term]
id: CL:5
name: pale cell again
def: "A cell that is pale, as \"pale\" goes." []

[Typedef]
id: part_of
name: part of
def: "No term." []
"""


def test_definitions_of_live_terms_are_read_and_bad_lines_left_out() -> None:
    assert list(read_definitions(OBO.encode(), "cl.obo", "CL")) == [
        'A cell that is pale, as "pale" goes.',
        "A cell whose reference is bad.",
        'A cell that is pale, as "pale" goes.',
    ]


@pytest.mark.parametrize(
    ("line", "definition"),
    [
        ('def: "A pale cell." [url:https\\://a.org/b c]', "A pale cell."),
        ('def: "A pale cell." [isbn 7]', "A pale cell."),
        ('def: "A pale cell." [CL:<new dbxref>]', "A pale cell."),
        ('def: "A pale cell." [PMID:1 and PMID:2]', "A pale cell."),
        ('def: "A pale cell." [http://a.org/b[1]]', "A pale cell."),
        ('def: "A pale cell."', "A pale cell."),
        ('def: "A "pale" cell." [PMID:1]', 'A "pale" cell.'),
        ('def: "A pale cell." [PMID:1] {source=me}', "A pale cell."),
        ('def: "A pale\ncell." [PMID: 1]', "A pale cell."),
        ('Def: "A pale cell." [PMID:1]', "A pale cell."),
        ('xref: JA:Pale Cells\ndef: "A pale cell." [PMID:1]', "A pale cell."),
        ('creation_date: 202z-09-29\ndef: "A pale cell." [PMID:1]', "A pale cell."),
    ],
)
def test_definitions_with_lines_that_are_not_obo_are_not_lost(line: str, definition: str) -> None:
    text = f"date: 12:17:2018 15:51\n\n[Term]\nid: CL:1\nname: pale cell\n{line}\n\n"
    assert list(read_definitions(text.encode(), "cl.obo", "CL")) == [definition]


def test_definitions_are_loaded_once_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "ontologies"
    folder.mkdir()
    (folder / "cl-basic.obo").write_text(OBO, encoding="utf-8")
    file = PinnedFile("cl-basic.obo", sha256_of(folder / "cl-basic.obo"), "", "")
    monkeypatch.setenv("GOTUNE_CACHE", str(tmp_path))
    monkeypatch.setattr(texts, "_PINNED", PinnedSet((file,), "no-wheel==0"))
    assert load_other_definitions("cell", offline=True) == [
        'A cell that is pale, as "pale" goes.',
        "A cell whose reference is bad.",
    ]


def test_unknown_names_are_refused() -> None:
    with pytest.raises(InputError, match="expected one of cell, disease"):
        load_other_definitions("chebi")


def test_nothing_is_fetched_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOTUNE_CACHE", str(tmp_path))
    with pytest.raises(DownloadError, match=r"cl-basic\.obo, doid\.obo in the cache"):
        load_other_definitions("disease", offline=True)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("A cell with one Nucleolus.", False),
        ("A cell with two plasma membranes.", False),
        ("A cell with a PLASMA MEMBRANE", False),
        ("A cell with plasma, and a membrane.", True),
        ("A cell that secretes mucus.", False),
        ("A cell that gives rise to others.", False),
        ("A cell of the skin.", True),
    ],
)
def test_mentions_of_go_are_left_out(text: str, kept: bool) -> None:
    assert bool(without_mentions([text], ["plasma membrane", "cell death"])) == kept


def test_without_names_words_of_doing_count_alone() -> None:
    assert without_mentions(["A cell.", "A migrating cell."], []) == ["A cell."]


@pytest.mark.network
def test_the_real_file_has_its_definitions() -> None:
    try:
        definitions = load_other_definitions("cell")
    except DownloadError as exc:
        pytest.skip(f"{OTHER_ONTOLOGIES['cell'].title} cannot be had here: {exc}")
    assert len(definitions) == 1810
    assert all(definitions)
