from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.lexicon.word_forms import ASCII_WORD, WORD, bare_words, stem


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
    assert bare_words("TGFβ-2 (IL-1)") == ["TGF", "β", "2", "IL", "1"]


@given(st.text(st.characters(codec="ascii")))
def test_words_of_ascii_are_the_same(text: str) -> None:
    assert ASCII_WORD.findall(text) == WORD.findall(text)


@given(st.text())
def test_every_word_has_a_stem(text: str) -> None:
    assert all(stem(word) for word in bare_words(text))


def test_a_run_of_letters_of_any_length_is_cut() -> None:
    start = time.process_time()
    words = bare_words("ACGT" * 100_000)
    assert set(map(len, words)) == {40}
    assert len(words) == 10_000
    assert time.process_time() - start < 2
