from __future__ import annotations

import numpy as np
import pytest

from gotune.linking.annotator import Annotator, Sureness
from gotune.linking.index import TermIndex
from gotune.linking.labels import labels_of, terms_to_suggest
from gotune.linking.names import TermNames
from gotune.linking.trust import AnnotatedText, learn_names
from gotune.linking.vectors import PhraseVectors, words_of
from gotune.ontology.loading import example_ontology
from gotune.ontology.ontology import Ontology

WIDTH = 32


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Ontology:
    """The example ontology."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOTUNE_CACHE", str(tmp_path_factory.mktemp("cache")))
        return example_ontology()


@pytest.fixture(scope="session")
def vectors(example: Ontology) -> PhraseVectors:
    """Vectors drawn at random, but for parts and pairs of words, which weigh little."""
    words = sorted(
        {
            word
            for term in terms_to_suggest(example)
            for label in labels_of(term)
            for word in words_of(label.text)
        }
    )
    random = np.random.default_rng(0)

    def draw(rows: int, scale: float) -> np.ndarray:
        return (scale * random.standard_normal((rows, WIDTH))).astype(np.float32)

    return PhraseVectors(words, draw(len(words), 1.0), draw(64, 0.01), draw(256, 0.05))


@pytest.fixture(scope="session")
def names(example: Ontology) -> TermNames:
    """Names as these sentences teach them: nuclei are one, and copying is meant as division."""
    return learn_names(
        example,
        [
            AnnotatedText("The nuclei are copied.", ((4, 10, "GO:9000033"), (15, 21, "GO:9000018"))),
            AnnotatedText("A nucleus lies at the eyespot.", ((2, 9, "GO:9000033"), (22, 29, "GO:9000045"))),
            AnnotatedText("A membrane is no membrane.", ()),
            AnnotatedText("What binding is, nobody says.", (), frozenset({(5, 12)})),
        ],
    )


@pytest.fixture(scope="session")
def told_apart(example: Ontology) -> TermNames:
    """Names of which one, as six articles say, means its term beside one word and not beside another."""
    sentences = [
        AnnotatedText("A large nucleus.", ((8, 15, "GO:9000033"),)),
        AnnotatedText("The atomic nucleus.", ()),
    ]
    return learn_names(
        example, [one._replace(article=str(article)) for article in range(6) for one in sentences]
    )


@pytest.fixture(scope="session")
def annotator(example: Ontology, vectors: PhraseVectors, names: TermNames) -> Annotator:
    """What finds the terms of the example ontology."""
    return Annotator(TermIndex.of(example, vectors), names, Sureness(np.array([8.0, 8.0, 8.0]), -6.0))
