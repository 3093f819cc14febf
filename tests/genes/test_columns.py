from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.genes.columns import (
    ASCII_TEXT,
    EXTENSIONS,
    GENE_ID,
    ID,
    NAME,
    TEXT,
    TIME,
    Column,
    Kind,
    alternatives,
    listed,
    numbers_behind,
    one_of,
    properties_of,
)
from gotune.genes.lines import MisfitError
from tests.examples import some

KINDS = [
    NAME, TEXT, ASCII_TEXT, ID, TIME, EXTENSIONS, listed(TEXT), alternatives(ID), numbers_behind("taxon:"),
    one_of({"P": 1, "F": 2}, "P or F"), properties_of("comment", "id"),
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@some(25)
@given(data=st.data())
def test_a_cell_is_written_as_it_was_read(kind: Kind, data: st.DataObject) -> None:
    cell = data.draw(st.one_of(st.from_regex(kind.pattern, fullmatch=True), st.text()))
    column = Column("Cells", ("value",), kind)
    try:
        values = column.read(cell, 1)
    except MisfitError:
        return
    assert column.write(tuple(values.values()), 1) == cell


@given(st.text())
def test_any_text_is_held_or_refused(text: str) -> None:
    column = Column("Names", ("names",), listed(TEXT))
    try:
        cell = column.write(((text, text),), 1)
    except MisfitError:
        return
    assert not re.search(r"[\t\r\n\0]", cell)
    assert column.read(cell, 1) == {"names": (text, text)}


def test_a_cell_of_several_fields() -> None:
    column = Column("Object", ("database", "id"), GENE_ID)
    assert column.read("MGI:MGI:1", 1) == {"database": "MGI", "id": "MGI:1"}
    assert column.write(("MGI", "MGI:1"), 1) == "MGI:MGI:1"
    with pytest.raises(MisfitError) as caught:
        column.write(("M:I", "1"), 4)
    assert caught.value.expected == "an id with its database, such as UniProtKB:P12345, in column 4 (Object)"
    assert caught.value.found == "'M:I', '1'"


@pytest.mark.parametrize("kind", KINDS)
def test_long_cells_take_no_longer_than_they_are(kind: Kind) -> None:
    """A pattern that goes back over a cell again and again would take minutes, or not end."""
    start = time.process_time()
    for piece in (" ", "a", "a:a", "a:a|", "a:a,", "|", "comment=a|", "part_of(a:a),"):
        assert kind.pattern.fullmatch(piece * (1 << 15) + "\x00") is None
    assert time.process_time() - start < 5
