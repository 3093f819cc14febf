from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.corpus.plain_text import BLANKS, VISIBLE
from gotune.corpus.reading import Reading, as_read
from gotune.lexicon.word_forms import bare_words, stem

# What is read in another way, amid little else.
ODD = st.text(st.sampled_from("ab1+ -\n\r\t\u00ad\u2010\u00a0\u2009\ufb03\u03d5\\$&;"), max_size=60)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("The ribo-\nsome", "The ribosome"),
        ("The ribo-\r\n  some", "The ribosome"),
        ("The ribo\u2010\nsome", "The ribosome"),
        ("The ribo\u00ad\nsome", "The ribosome"),
        ("The ribo\u00adsome", "The ribosome"),
        ("AP-\nendonuclease", "AP-endonuclease"),
        ("beta-\nCatenin", "beta-Catenin"),
        ("Cdc42-\nGTP", "Cdc42-GTP"),
        ("Ca2+-\nbinding", "Ca2+-binding"),
        ("ubiquitin-\nlike", "ubiquitin-like"),
        ("wild-\ntype", "wild-type"),
        ("protein-\ncoupled", "protein-coupled"),
        ("voltage-\ngated", "voltage-gated"),
        ("genome-\nwide", "genome-wide"),
        ("full-\nlength", "full-length"),
        ("time-\nlapse", "time-lapse"),
        ("un-\ncoupled", "uncoupled"),
        ("ti-\nmely", "timely"),
        ("propa-\ngated", "propagated"),
        ("high-\nly", "highly"),
        ("large-\nscale", "large-scale"),
        ("short-\nening", "shortening"),
        ("inde-\npendent", "independent"),
        ("pheno-\ntype", "phenotype"),
        ("pre- and\npost-\nsynaptic", "pre- and postsynaptic"),
        ("up-\nor down", "up- or down"),
        ("at 4 -\n7 days", "at 4 - 7 days"),
        ("1-\n2", "1-2"),
    ],
)
def test_words_broken_at_the_end_of_a_line(written: str, read: str) -> None:
    assert as_read(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("\ufb02agella", "flagella"),
        ("a \ufb01ne di\ufb00erence", "a fine difference"),
        ("su\ufb03cient and ba\ufb04ing", "sufficient and baffling"),
        ("\ufb06able", "stable"),
        ("Ca²⁺, Na⁺ and H₂O₂", "Ca2+, Na+ and H2O2"),
        ("repeats.¹²,¹⁴ 10⁻⁵ and⁵⁻⁷", "repeats.¹²,¹⁴ 10⁻⁵ and⁵⁻⁷"),
        ("5\u2009\u00b5m, 37\u00a0\u00b0C", "5 \u00b5m, 37 \u00b0C"),
        ("a\u202fb\u3000c\u2003d", "a b c d"),
        ("a\u200bb\ufeffc\u2060d", "abcd"),
        ("a\t\tb\nc", "a b c"),
        ("a  b  \n  c", "a  b c"),
        ("trans\u2011acting", "trans-acting"),
        ("\u03d5X174 and the \u0251 helix", "\u03c6X174 and the \u03b1 helix"),
        (r"$\gamma$-tubulin, \Delta Np63", "\u03b3-tubulin, \u0394 Np63"),
        ("&beta;-actin &amp; &mu;m", "\u03b2-actin &amp; \u03bcm"),
        (r"\alphabet and &betaine;", r"\alphabet and &betaine;"),
    ],
)
def test_one_spelling_of_letters_and_blanks(written: str, read: str) -> None:
    assert as_read(written) == read


@pytest.mark.parametrize(
    "text",
    [
        "TGF-\u03b2 and TGF-beta",
        "the 5\u2032 end and the 5' end",
        'a \u201cring\u201d and a "ring", Parkinson\u2019s and Parkinson\'s',
        "\u22125 \u00b1 3 \u00b5m",
        r"\emph{Drosophila} & others",
    ],
)
def test_what_models_and_names_are_used_to_stays(text: str) -> None:
    assert as_read(text) == text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("\u03b1-tubulin", "alpha-tubulin"),
        ("\u03d5-catenin", "phi-catenin"),
        (r"\beta-arrestin", "beta arrestin"),
        ("&gamma;-secretase", "\u03b3-secretase"),
        ("Alzheimer\u2019s disease", "Alzheimer's disease"),
        ("5\u2032-3\u2032 exonuclease", "5'-3' exonuclease"),
        ("\u201cring\u201d canal", '"ring" canal'),
        ("lyso-\nsome", "lysosome"),
        ("e\ufb04ux", "efflux"),
        ("trans\u2010Golgi\u00a0network", "trans-Golgi network"),
    ],
)
def test_names_read_all_spellings_alike(one: str, other: str) -> None:
    words = [list(map(stem, bare_words(as_read(text)))) for text in (one, other)]
    assert words[0] == words[1]


def test_places_are_those_of_the_original() -> None:
    whole = "xx A\u00ad\nB e\ufb03cient  \nTHEN xx"
    reading = Reading(whole, [(3, 22)])
    assert reading.text == "AB efficient THEN"
    places = {word.group(): reading.spans(*word.span()) for word in re.finditer(r"\S+", reading.text)}
    assert {word: whole[slice(*spans[0])] for word, spans in places.items()} == {
        "AB": "A\u00ad\nB",
        "efficient": "e\ufb03cient",
        "THEN": "THEN",
    }


def test_stretches_are_read_as_one() -> None:
    whole = "A ring of sep-\n\n12\n\ntins opens."
    reading = Reading(whole, [(0, 14), (20, 31)])
    assert reading.text == "A ring of septins opens."
    assert reading.spans(0, 24) == ((0, 14), (20, 31))
    assert reading.spans(0, 6) == ((0, 6),)
    assert reading.spans(18, 24) == ((25, 31),)


@given(ODD)
def test_readings_are_alike_and_final(text: str) -> None:
    stripped = text.strip(" \n\r\t\u00a0\u2009\u00ad")
    if not VISIBLE.search(stripped):
        return
    start = text.index(stripped)
    reading = Reading(text, [(start, start + len(stripped))])
    assert reading.text == as_read(stripped)
    assert as_read(reading.text) == reading.text
    assert not re.search(f"[{BLANKS}]", reading.text.replace(" ", ""))


@given(ODD)
def test_the_places_of_words_are_in_order_and_hold_them(text: str) -> None:
    stripped = text.strip(" \n\r\t\u00a0\u2009\u00ad")
    if not VISIBLE.search(stripped):
        return
    reading = Reading(stripped, [(0, len(stripped))])
    end = 0
    for word in re.finditer("[ab1]+", reading.text):
        ((start, stop),) = reading.spans(*word.span())
        assert end <= start < stop <= len(stripped)
        assert re.sub("[^ab1]", "", stripped[start:stop]) == word.group()
        end = stop


@pytest.mark.parametrize(
    ("start", "end", "read"),
    [
        (0, 6, "The ly"),
        (4, 14, "lysosome"),  # lyso-\nsome
        (8, 10, None),  # the hyphen and the line end
        (19, 20, "ffi"),  # a ligature
    ],
)
def test_stretches_of_the_original_are_found(start: int, end: int, read: str | None) -> None:
    written = "The lyso-\nsome is e\ufb03cient."
    reading = Reading(written, [(0, len(written))])
    found = reading.find(start, end)
    assert (found and reading.text[slice(*found)]) == read
