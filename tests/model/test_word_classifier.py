from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit

from gotune.aspects import Head
from gotune.errors import InputError
from gotune.lexicon.lexicon import Lexicon
from gotune.model.calibration import Calibration
from gotune.model.evidence import Evidence
from gotune.model.spec import ModelSpec, WordSpec
from gotune.model.word_classifier import WordClassifier
from gotune.model.words import BUCKETS, WordModel
from gotune.records import NOTHING_LEARNED, Witness
from tests.lexicon.named_terms import named_ontology

CALIBRATION = Calibration((0.5, 1.0, 2.0), (0.1, 0.0, -1.0), (3.0, 3.0, 3.0))
SPEC = ModelSpec("tiny", Head.MULTI, "2024-02-29", "0" * 64, 96, words=WordSpec(CALIBRATION, (0.3, 0.4, 0.5)))
WORDS = WordModel(np.random.default_rng(0).normal(size=(BUCKETS, 3)))
LEXICON = Lexicon.from_ontology(named_ontology())
TEXTS = ["The sugar kinase is bound.", "It moves away."]


def model(lexicon: Lexicon | None = LEXICON, words: WordModel | None = WORDS) -> WordClassifier:
    return WordClassifier("mine", SPEC, Evidence(lexicon, words), NOTHING_LEARNED)


def test_words_are_scaled_and_names_added() -> None:
    logits = WORDS.log_odds(TEXTS) * [0.5, 1.0, 2.0] + [0.1, 0.0, -1.0]
    names = LEXICON.evidence(TEXTS)
    assert names.any()
    found, truncated = model().predict_and_count(TEXTS)
    assert found == pytest.approx(expit(logits + 3 * names))
    assert truncated == 0
    assert model().predict_proba([]).shape == (0, 3)
    assert model().info == replace(SPEC.info("mine"), encoder="words and names", thresholds=(0.3, 0.4, 0.5))


def test_each_can_be_left_out_but_not_both() -> None:
    names = model().without(Witness.WORDS).predict_proba(TEXTS)
    assert names == pytest.approx(expit(np.array([0.1, 0.0, -1.0]) + 3 * LEXICON.evidence(TEXTS)))
    words = model().without(Witness.NAMES).predict_proba(TEXTS)
    assert words == pytest.approx(model(lexicon=None).predict_proba(TEXTS))
    with pytest.raises(InputError, match=r"^model mine: .*found both left out\. Leave out less"):
        model().without(Witness.NAMES, Witness.WORDS)
    with pytest.raises(InputError, match=r"^model mine: expected words or names .* found none\."):
        WordClassifier("mine", replace(SPEC, words=None), Evidence(LEXICON), NOTHING_LEARNED)


def test_calibration_can_be_undone() -> None:
    found = model().uncalibrated(model().predict_proba(TEXTS), TEXTS)
    assert found == pytest.approx(expit(WORDS.log_odds(TEXTS)))


def test_an_article_tells_its_abbreviations() -> None:
    texts = ["The sugar kinase (SK) is bound.", "SK moves away."]
    spelled = ["The sugar kinase (sugar kinase) is bound.", "sugar kinase moves away."]
    assert (model().predict_proba(texts, articles=["1", "1"]) == model().predict_proba(spelled)).all()
    with pytest.raises(ValueError, match="2 texts and 1 articles"):
        model().predict_proba(texts, articles=["1"])
    with pytest.raises(TypeError, match="wrap it in a list"):
        model().predict_proba("a text")
