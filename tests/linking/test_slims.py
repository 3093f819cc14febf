from __future__ import annotations

import pytest

from gotune.corpus.documents import Document
from gotune.errors import InputError
from gotune.linking.annotator import Annotator
from gotune.linking.slims import Slim

TEXT = Document("x", "The outer cell membrane and the eyespot; a nucleus.")


def terms(annotator: Annotator, wanted: str | list[str]) -> list[tuple[str, str]]:
    found = annotator.annotate(TEXT, threshold=0.0)
    return [(one.surface, one.name) for one in Slim(annotator.index, wanted).rolled_up(found).annotations]


def test_places_get_the_nearest_terms_of_a_slim(annotator: Annotator) -> None:
    membrane = annotator.search(["membrane"], top=1)[0][0]
    assert membrane.name == "membrane"
    assert terms(annotator, [membrane.go_id]) == [("outer cell membrane", "membrane")]
    assert terms(annotator, [membrane.go_id, "GO:9000033"]) == [
        ("outer cell membrane", "membrane"),
        ("nucleus", "nucleus"),
    ]


def test_a_slim_of_the_release_is_known_by_name(annotator: Annotator) -> None:
    assert terms(annotator, "goslim_example") == [
        ("outer cell membrane", "membrane"),
        ("eyespot", "cellular_component"),
        ("nucleus", "cellular_component"),
    ]


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("goslim_none", "expected one of release .*: goslim_example, found goslim_none"),
        ([], "found none"),
        (["GO:9000033", "GO:0000007", "x"], "found GO:0000007, x. "),
        ([f"GO:000000{number}" for number in range(7)], "and 2 more"),
    ],
)
def test_what_is_no_slim_is_refused(wanted: str | list[str], told: str, annotator: Annotator) -> None:
    with pytest.raises(InputError, match=told):
        Slim(annotator.index, wanted)
