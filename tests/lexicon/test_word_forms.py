from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.lexicon.word_forms import Word, bare_words, split_words, stem


@pytest.mark.parametrize(
    "forms",
    [
        "regulation regulations regulate regulates regulated regulating regulatory",
        "apoptosis apoptotic",
        "nucleus nuclei nuclear",
        "mitochondrion mitochondria mitochondrial",
        "axon axons axonal",
        "phosphorylation phosphorylate phosphorylated",
        "expression express expresses expressed expressing",
        "phagocytosis phagocytic",
        "osteogenesis osteogenic",
        "hydrolysis hydrolytic hydrolyze hydrolyse",
        "transcription transcribe transcribed transcriptional",
        "adhesion adhere",
        "division divide divided dividing",
        "vesicle vesicles vesicular",
        "nucleolus nucleoli nucleolar",
        "cilium cilia ciliary",
        "signaling signalling signaled",
        "organization organisation organize",
        "behavior behaviour behavioral",
        "metabolism metabolic metabolize",
        "binding binds bound",
        "death died dying",
        "development developmental developing",
        "hematopoiesis haematopoiesis haematopoietic",
        "mapping mapped map",
        "studies study",
        "Beta β beta",
    ],
)
def test_forms_of_a_word_share_a_stem(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("regulation", "regulator"),
        ("gene", "genesis"),
        ("morphogen", "morphogenesis"),
        ("synapse", "synapsis"),
        ("nucleus", "nucleolus"),
        ("transport", "transporter"),
    ],
)
def test_different_things_keep_different_stems(word: str, other: str) -> None:
    assert stem(word) != stem(other)


def test_words() -> None:
    assert split_words("TGFβ-2 (IL-1)") == [
        Word(0, 3, "TGF"),
        Word(3, 4, "β"),
        Word(5, 6, "2"),
        Word(8, 10, "IL"),
        Word(11, 12, "1"),
    ]


@given(st.text())
def test_words_stand_where_they_say(text: str) -> None:
    words = split_words(text)
    assert [text[word.start : word.end] for word in words] == [word.text for word in words]
    assert [word.text for word in words] == bare_words(text)
    for word in words:
        assert word.text
        assert stem(word.text)


def test_a_run_of_letters_of_any_length_is_cut() -> None:
    start = time.process_time()
    words = split_words("ACGT" * 100_000)
    assert {len(word.text) for word in words} == {40}
    assert len(words) == 10_000
    assert time.process_time() - start < 2
