from __future__ import annotations

import dataclasses
import json

import pytest

from gotune.aspects import ASPECTS, Aspect
from gotune.records import (
    AspectProbabilities,
    ClassifiedDocument,
    ClassifiedSentence,
    ClassifiedText,
    Role,
    Sentence,
    aspect_shares,
)
from tests.models_said import MULTI, SINGLE

PROCESS = AspectProbabilities(0.5, 0.25, 0.25)
FUNCTION = AspectProbabilities(0.0, 0.25, 0.75)


def test_probabilities_by_aspect_in_label_order() -> None:
    assert FUNCTION[Aspect.MOLECULAR_FUNCTION] == 0.75
    assert tuple(FUNCTION) == (0.0, 0.25, 0.75)
    assert FUNCTION.aspect is Aspect.MOLECULAR_FUNCTION
    assert list(FUNCTION.to_dict().items()) == [
        ("biological_process", 0.0),
        ("cellular_component", 0.25),
        ("molecular_function", 0.75),
    ]


def test_first_aspect_wins_a_tie() -> None:
    assert AspectProbabilities(0.25, 0.375, 0.375).aspect is Aspect.CELLULAR_COMPONENT


def test_classified_text() -> None:
    found = ClassifiedText("A kinase.", FUNCTION, (Aspect.MOLECULAR_FUNCTION,), SINGLE)
    assert found.to_dict() == {
        "model": SINGLE.to_dict(),
        "text": "A kinase.",
        "aspects": ["molecular_function"],
        "biological_process": 0.0,
        "cellular_component": 0.25,
        "molecular_function": 0.75,
        "truncated": False,
        "doubts": [],
    }


def test_classified_document() -> None:
    document = ClassifiedDocument(
        "paper.txt",
        (
            ClassifiedSentence(Sentence(((0, 2),), "A."), PROCESS, (), ("too short",)),
            ClassifiedSentence(
                Sentence(((3, 5),), "B."), FUNCTION, (Aspect.CELLULAR_COMPONENT, Aspect.MOLECULAR_FUNCTION)
            ),
        ),
        "A. B.",
        MULTI,
        truncated=1,
    )
    assert document.shares == aspect_shares([sentence.aspects for sentence in document.sentences])
    assert document.shares is document.shares  # not drawn anew at each look
    values = document.to_dict()
    assert json.loads(json.dumps(values)) == values
    assert values == {
        "name": "paper.txt",
        "model": MULTI.to_dict(),
        "shares": document.shares.to_dict(),
        "truncated": 1,
        "doubts": [],
        "all_roles": False,
        "sentences": [
            {
                "start": 0,
                "end": 2,
                "spans": [[0, 2]],
                "role": "sentence",
                "text": "A.",
                "aspects": [],
                **PROCESS.to_dict(),
                "doubts": ["too short"],
            },
            {
                "start": 3,
                "end": 5,
                "spans": [[3, 5]],
                "role": "sentence",
                "text": "B.",
                "aspects": ["cellular_component", "molecular_function"],
                **FUNCTION.to_dict(),
                "doubts": [],
            },
        ],
    }


def test_results_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        PROCESS.biological_process = 1.0  # type: ignore[misc]


def test_a_model_is_told_in_words_and_by_its_thresholds() -> None:
    assert str(SINGLE) == '"tiny" (MiniLM, GO release 2021-12-15)'
    assert [MULTI.threshold(aspect) for aspect in ASPECTS] == [0.5, 0.25, 0.75]
    assert SINGLE.threshold(ASPECTS[0]) is None


def test_plain_values_name_the_thresholds() -> None:
    assert MULTI.to_dict() == {
        "name": "tiny",
        "encoder": "MiniLM",
        "release": "2021-12-15",
        "head": "multi",
        "thresholds": {"biological_process": 0.5, "cellular_component": 0.25, "molecular_function": 0.75},
        "reads": "sentence",
    }
    assert (SINGLE.to_dict()["head"], SINGLE.to_dict()["thresholds"]) == ("single", None)


def test_only_sentences_count_if_there_are_any() -> None:
    heading = ClassifiedSentence(
        Sentence(((0, 2),), "A.", Role.HEADING), PROCESS, (Aspect.BIOLOGICAL_PROCESS,)
    )
    sentence = ClassifiedSentence(Sentence(((3, 5), (7, 9)), "B c.", Role.SENTENCE), FUNCTION, ())
    document = ClassifiedDocument("a.txt", (heading, sentence), "A. B x c.", MULTI)
    assert (document.counted, document.shares.n_carrying) == ((sentence,), 0)
    assert dataclasses.replace(document, all_roles=True).counted == (heading, sentence)
    assert dataclasses.replace(document, sentences=(heading,)).counted == (heading,)
    assert sentence.sentence.to_dict() == {
        "start": 3,
        "end": 9,
        "spans": [[3, 5], [7, 9]],
        "role": "sentence",
        "text": "B c.",
    }


def test_terms_stand_beside_what_names_them(named: ClassifiedDocument, tagged: ClassifiedDocument) -> None:
    values = named.to_dict()
    assert [row["go_ids"] for row in values["sentences"]] == [
        ["GO:0046034", "GO:0005759"],
        [],
        ["GO:0046034"],
        [],
    ]
    assert values["sentences"][2]["terms"] == ["ATP metabolic process, of a kind"]
    assert [term["go_id"] for term in values["named"]["terms"]] == ["GO:0046034", "GO:0005759"]
    without = tagged.to_dict()
    assert "named" not in without
    assert {"go_ids", "terms"}.isdisjoint(without["sentences"][0])
    assert [*without["sentences"][0], "go_ids", "terms"] == [*values["sentences"][0]]
