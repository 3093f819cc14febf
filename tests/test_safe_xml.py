from __future__ import annotations

from pathlib import Path

import pytest

from gotune.errors import DatasetError
from gotune.safe_xml import parse_xml


def parse(text: str) -> str:
    found = parse_xml(text, "here", root="a", what="an a", do="Give one.", error=DatasetError)
    return "".join(found.itertext())


def test_text_without_comments() -> None:
    assert parse("<a>one<!-- two --><?three?> &lt;&#945;<b>four</b></a>") == "one <\u03b1four"


def test_the_encoding_is_that_of_the_text() -> None:
    assert parse('<?xml version="1.0" encoding="ISO-8859-1"?><a>\u03b1</a>') == "\u03b1"


def test_a_document_type_is_named_and_not_looked_for(tmp_path: Path) -> None:
    (tmp_path / "a.dtd").write_text('<!ENTITY e "expanded">')
    assert parse(f'<!DOCTYPE a SYSTEM "{tmp_path}/a.dtd"><a>text</a>') == "text"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<b/>", "<b>"),
        ("<a>", "Premature end"),
        ("<a>" * 300, "Excessive depth"),
        ('<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', "a document type with declarations"),
        ('<!DOCTYPE a [<!ENTITY e "x">]><a b="&e;"/>', "a document type with declarations"),
        ('<!DOCTYPE a [<!ENTITY % e SYSTEM "x"> %e;]><a/>', "a document type with declarations"),
        ("<!DOCTYPE a [<!ELEMENT a ANY>]><a/>", "a document type with declarations"),
        ('<!DOCTYPE a [<!ATTLIST a b CDATA "x">]><a/>', "a document type with declarations"),
        ('<!DOCTYPE a SYSTEM "a.dtd"><a>\n&e;</a>', "the entity &e;"),
        ("<a>&e;</a>", "Entity 'e' not defined"),
    ],
)
def test_what_is_refused(text: str, found: str) -> None:
    with pytest.raises(DatasetError) as caught:
        parse(text)
    assert f"here: expected an a, found {found}" in str(caught.value)
    assert str(caught.value).endswith("Give one.")
