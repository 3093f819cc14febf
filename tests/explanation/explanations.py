"""Explanations made up for the tests."""

from __future__ import annotations

from dataclasses import replace

from gotune.aspects import ASPECTS, Aspect
from gotune.explanation.attribution.results import (
    Account,
    Completeness,
    Explanation,
    Method,
    NamedStretch,
    NameEvidence,
    Neighbour,
    PhraseWeight,
    WordEvidence,
    WordWeight,
)
from gotune.explanation.words import find_words
from gotune.records import AspectProbabilities
from tests.models_said import MULTI

WEIGHTS = (2.0, -1.0, 0.5, 0.0)


def make_explanation(text: str = "Kinases bind cold ATP.", aspect: Aspect = ASPECTS[2]) -> Explanation:
    """Return an explanation by integrated gradients, with the weights in turn."""
    words = tuple(
        WordWeight(start, end, text[start:end], WEIGHTS[number % len(WEIGHTS)])
        for number, (start, end) in enumerate(find_words(text))
    )
    return Explanation(
        text=text,
        aspect=aspect,
        score=1.75,
        method=Method.GRADIENTS,
        words=words,
        probabilities=AspectProbabilities(0.125, 0.25, 0.75),
        model=MULTI,
        carried=(ASPECTS[2],),
        completeness=Completeness(-2.5, 0.0123, 64),
        account=Account(
            encoder=1.0,
            names=NameEvidence(0.5, (NamedStretch(0, 7, text[:7], "exact synonym", 0.8),)),
            words=WordEvidence(0.5, (PhraseWeight("kinases", 0.75), PhraseWeight("kinases bind", -0.25))),
            constant=-0.25,
        ),
        neighbours=(
            Neighbour("GO:0016301", "kinase activity", aspect, "<i>Moves</i> a phosphate group.", 0.9123),
        ),
    )


def make_occlusion(text: str = "Kinases bind cold ATP.") -> Explanation:
    """Return an explanation by occlusion, of a model that tells nothing of witnesses, without neighbours."""
    made = make_explanation(text)
    return replace(made, method=Method.OCCLUSION, completeness=None, account=None, neighbours=())
