from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.linking.context import Context, contexts

NEGATED, SUPPOSED, METHOD = Context


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The cells undergo *apoptosis*.", ()),
        ("No *apoptosis* was seen.", (NEGATED,)),
        ("NO induces *apoptosis*.", ()),
        ("IF staining shows *nuclear* localization.", ()),
        ("If so, the *nucleus* divides.", (SUPPOSED,)),
        ("A potential *nuclear* protein.", (SUPPOSED,)),
        ("The membrane potential triggers *apoptosis*.", ()),
        ("An action potential needs *exocytosis*.", ()),
        ("A *Wnt signaling*-negative cell.", (NEGATED,)),
        ("The *Wnt signaling* negative regulator Axin.", ()),
        ("They die without any sign of *apoptosis*.", (NEGATED,)),
        ("It shows a complete absence of *apoptosis* in the mutants.", (NEGATED,)),
        ("Mutants fail to *divide* in time.", (NEGATED,)),
        ("They do not *divide*, but they grow.", (NEGATED,)),
        ("They do not show *apoptosis*.", (NEGATED,)),
        ("The *apoptosis* of these cells was not observed.", (NEGATED,)),
        ("Muscle *contraction* in the mutant is completely lost.", (NEGATED,)),
        ("A non-*mitochondrial* pool of it.", (NEGATED,)),
        ("The *histone*-null cells live.", (NEGATED,)),
        ("They do not divide, but *grow*.", ()),
        ("It did not affect *apoptosis*.", ()),
        ("There was no change in *apoptosis*.", ()),
        ("Without serum, the *apoptosis* goes on.", ()),
        ("Not only *apoptosis* is seen.", ()),
        ("This suggests that it may act in *apoptosis*.", (SUPPOSED,)),
        ("We asked whether the *nucleus* divides.", (SUPPOSED,)),
        ("The role of *apoptosis* is not yet understood.", (SUPPOSED,)),
        ("It may be so; the *nucleus* is round.", ()),
        ("In May the *nucleus*-rich cells may grow.", ()),
        ("An *apoptosis* assay was done.", (METHOD,)),
        ("The *luciferase* reporter plasmid was cut.", (METHOD,)),
        ("Stained with an *antibody* against it.", (METHOD,)),
        ("The cells were *transfected* twice.", (METHOD,)),
        ("The *expression* of the vector is high.", ()),
        ("They show necrosis, not *apoptosis*.", (NEGATED,)),
        ("They show necrosis but not *apoptosis*.", (NEGATED,)),
        ("We asked whether or not *apoptosis* occurs.", (SUPPOSED,)),
        ("This is not only *autophagy* but more.", ()),
        ("The mechanism of *autophagy* was elucidated.", ()),
        ("The mechanism of *autophagy* is fully understood.", ()),
        ("The role of *autophagy* is poorly understood.", (SUPPOSED,)),
        ("The role of *autophagy* is not well understood.", (SUPPOSED,)),
        ("The role of *autophagy* remains to be elucidated.", (SUPPOSED,)),
        ("The role of *autophagy* has not been elucidated.", (SUPPOSED,)),
        ("The role of *autophagy* has not yet been fully understood.", (SUPPOSED,)),
        ("No large old round *nucleus* was seen.", (NEGATED,)),
        ("No large old round dead *nucleus* was seen.", ()),  # four words
        ("The *apoptosis* of these very old round cells was not observed.", ()),  # six, backwards
        ("It may be that no *apoptosis* kit was used.", (NEGATED, SUPPOSED, METHOD)),
    ],
)
def test_what_a_sentence_says_of_a_place(text: str, expected: tuple[Context, ...]) -> None:
    before, place, behind = text.split("*")
    span = (len(before), len(before) + len(place))
    assert contexts(before + place + behind, [span]) == [expected]


@given(st.lists(st.sampled_from("no not may was fail to detect ; , the cell dies . whether absent".split())))
def test_places_are_told_one_by_one(words: list[str]) -> None:
    text = " ".join(words)
    spans = [match.span() for match in re.finditer(r"\S+", text)]
    assert contexts(text, spans) == [contexts(text, [span])[0] for span in spans]


@pytest.mark.parametrize("unit", ["no ", "may not ", "was ", "was not absent ", "lack of "])
def test_long_sentences_take_milliseconds(unit: str) -> None:
    text = unit * (2_000 // len(unit))
    start = time.process_time()
    contexts(text, [(0, 2)])
    assert time.process_time() - start < 2
