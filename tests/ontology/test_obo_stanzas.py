from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.errors import OboError
from gotune.ontology import obo_stanzas
from gotune.ontology.obo import parse_obo
from gotune.ontology.obo_stanzas import OboText, Problems

LINES = (
    "format-version: 1.4", "data-version: releases/2030-01-31",
    "[Term]", "id: GO:1", "name: one", "namespace: biological_process",
    "[Term]", "id: GO:2", "name: two", "namespace: biological_process", "is_a: GO:1 ! one",
)  # fmt: skip
EMPTY = st.lists(st.sampled_from(["", " ", "\t", "! [note", "  !", "\u00a0! wide"]), max_size=4)


def with_empty_lines(lines: tuple[str, ...], before: list[list[str]]) -> str:
    return "\n".join(one for line, empty in zip(lines, before, strict=True) for one in (*empty, line)) + "\n"


@given(st.lists(EMPTY, min_size=len(LINES), max_size=len(LINES)))
def test_empty_lines_and_comments_change_nothing(before: list[list[str]]) -> None:
    plain = parse_obo(("\n".join(LINES) + "\n").encode(), "x")
    assert parse_obo(with_empty_lines(LINES, before).encode(), "x") == plain


@given(st.lists(EMPTY, min_size=len(LINES), max_size=len(LINES)), st.sampled_from([4, 8, 10]))
def test_a_bad_line_is_told_by_its_number_in_the_file(before: list[list[str]], bad: int) -> None:
    lines = (*LINES[:bad], "nothing", *LINES[bad + 1 :])
    text = with_empty_lines(lines, before)
    with pytest.raises(OboError) as caught:
        parse_obo(text.encode(), "x")
    assert caught.value.line == text.split("\n").index("nothing") + 1


def test_of_empty_lines_one_is_held() -> None:
    raw = b"a: b\n" + b"\n" * 1000 + b"! note\n" * 1000 + b"[Term]\nid: GO:1\n\n\n"
    text = OboText(raw, Problems("x", lenient=False))
    assert text._text == b"a: b\n\n[Term]\nid: GO:1\n\n"
    assert text.line_of(0, "[Term]") == 2002
    assert text.line_of(0, "id: GO:1") == 2003


def test_line_of_is_the_last_that_starts_with_the_words() -> None:
    raw = b"[Term]\nid: GO:1\nis_a: GO:2 ! x\n is_a: GO:2 {a}\nis_a: GO:22\n"
    text = OboText(raw, Problems("x", lenient=False))
    found = [text.line_of(0, words) for words in ("is_a:", "is_a: GO:2", "is_a: GO:22", "is_a: GO:3", "is_a")]
    assert found == [5, 4, 5, 1, 1]


@pytest.mark.parametrize("lenient", [False, True])
def test_a_stanza_has_its_measure(lenient: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(obo_stanzas, "_LONGEST_STANZA", 40)
    stanza = b"[Term]\nid: GO:1\nname: " + b"a" * 17 + b"\n"
    assert len(stanza) == 40
    OboText(b"a: b\n" + stanza * 2, Problems("x", lenient))
    with pytest.raises(OboError, match=r"x, line 5: expected stanzas of at most 40 bytes, found one of 41\."):
        OboText(b"a: b\n" + stanza + stanza[:-1] + b"a\n", Problems("x", lenient))
    with pytest.raises(OboError, match="line 1: "):
        OboText(b"a: b\n" * 9 + stanza, Problems("x", lenient))
