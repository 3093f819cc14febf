from __future__ import annotations

import pytest

from gotune.aspects import Aspect
from gotune.lexicon.dictionary import Mention
from gotune.lexicon.noise_model import NoiseModel, WordUse
from gotune.lexicon.variants import Evidence
from tests.lexicon.named_terms import BP, CC, MF

NOTHING = WordUse([], [])


def mention(stems: str, aspect: Aspect, evidence: Evidence) -> Mention:
    return Mention(0, 1, aspect, None, evidence, tuple(stems.split()))


LONG = mention("gen express", BP, Evidence.NAME)
SHORT = mention("express", BP, Evidence.CORE)


def test_share_of_longer_names() -> None:
    # Four times the word, twice in a longer name, and two more for caution.
    use = WordUse(
        ["Gene expression", "expressed", "gene expression, express"], [[LONG], [SHORT], [LONG, SHORT]]
    )
    assert use.share(SHORT) == pytest.approx(2 / 6)
    assert use.share(mention("express", CC, Evidence.CORE)) == 0
    assert use.share(mention("absent", BP, Evidence.CORE)) == 0


def test_share_is_at_most_one_for_what_is_only_abbreviated() -> None:
    assert WordUse([""], [[LONG] * 5]).share(LONG) == 1


def test_weak_evidence_does_not_vouch() -> None:
    weak = [mention("gen express", BP, kind) for kind in (Evidence.RELATED, Evidence.CORE, Evidence.HEAD)]
    assert WordUse(["expression"], [weak]).share(SHORT) == 0


def test_reliability_grows_with_agreement() -> None:
    agreeing = WordUse(["gene expression " * 8], [[LONG] * 8])  # a share of .8
    assert NoiseModel(NOTHING, NOTHING).reliability(SHORT) == pytest.approx(0.1)
    # The mean share is .4, so agreement is .4 / .6.
    assert NoiseModel(agreeing, NOTHING).reliability(SHORT) == pytest.approx(1 - 0.9 / 3)
    head = mention("express", BP, Evidence.HEAD)
    assert NoiseModel(agreeing, NOTHING).reliability(head) == pytest.approx(1 - 0.98 * (1 - 0.6 * 2 / 3))
    assert NoiseModel(agreeing, agreeing).reliability(LONG) == pytest.approx(1 - 0.2 * 0.2)
    certain = WordUse([""], [[LONG] * 5])
    assert NoiseModel(certain, certain).reliability(LONG) == pytest.approx(0.9666667)


def test_probability_that_not_all_are_wrong() -> None:
    noise = NoiseModel(NOTHING, NOTHING)
    axon = mention("axon", CC, Evidence.NAME)
    kinase = mention("kinas", MF, Evidence.NARROW)
    other = mention("channel", MF, Evidence.NARROW)
    assert noise.probabilities([]) == [0, 0, 0]
    assert noise.probabilities([axon, axon, kinase, other]) == pytest.approx([0, 0.8, 1 - 0.6 * 0.6])
