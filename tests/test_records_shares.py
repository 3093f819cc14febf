from __future__ import annotations

import json
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.aspects import ASPECTS, Aspect
from gotune.estimates import Estimate, Interval, wilson_interval
from gotune.records import aspect_shares
from tests.examples import some

BP, CC, MF = ASPECTS
KINDS = [kind for n in range(4) for kind in combinations(ASPECTS, n)]


def values(estimates: tuple[Estimate, ...] | None) -> list[float]:
    assert estimates is not None
    return [estimate.value for estimate in estimates]


def test_several_aspects_of_a_sentence_count_in_equal_parts() -> None:
    found = aspect_shares([(BP,), (BP, CC), (), (BP, CC, MF), ()])
    assert values(found.aspects) == pytest.approx([11 / 18, 5 / 18, 2 / 18])
    assert found.none.value == 0.4
    assert (found.n_carrying, found.n_sentences) == (3, 5)


def test_with_one_aspect_a_sentence_none_is_nothing() -> None:
    found = aspect_shares([(BP,), (MF,), (MF,), (MF,)])
    assert values(found.aspects) == [0.25, 0, 0.75]
    assert found.none == Estimate(0, wilson_interval(0, 4))
    assert (found.n_carrying, found.n_sentences) == (4, 4)


def test_where_nothing_is_carried_there_are_no_shares() -> None:
    found = aspect_shares([(), ()])
    assert found.aspects is None
    low = found.none.interval.low
    assert low == pytest.approx(0.3424, abs=1e-4)  # 2 / (2 + 1.96²)
    assert found.none == Estimate(1, Interval(low, 1))
    assert (found.n_carrying, found.n_sentences) == (0, 2)
    assert found.to_dict() == {
        "biological_process": None,
        "cellular_component": None,
        "molecular_function": None,
        "none": {"value": 1.0, "interval": {"low": low, "high": 1.0}},
        "n_carrying": 0,
        "n_sentences": 2,
    }


def test_one_sentence_among_many_gives_an_interval_all_the_same() -> None:
    found = aspect_shares([(CC,), *[()] * 999])
    assert found.aspects == (
        Estimate(0, wilson_interval(0, 1)),
        Estimate(1, wilson_interval(1, 1)),
        Estimate(0, wilson_interval(0, 1)),
    )
    # The number drawn is nearly Poisson with mean 1, of which 95 % lie from 0 to 3.
    assert found.none == Estimate(0.999, Interval(0.997, 1))


def test_intervals_are_those_of_the_binomial() -> None:
    found = aspect_shares([*[()] * 600, *[(BP,)] * 300, *[(CC,)] * 100])
    spread = 1.96 * np.sqrt(0.6 * 0.4 / 1000)
    assert found.none.interval.low == pytest.approx(0.6 - spread, abs=0.004)
    assert found.none.interval.high == pytest.approx(0.6 + spread, abs=0.004)
    assert found.aspects is not None
    spread = 1.96 * np.sqrt(0.75 * 0.25 / 400)
    assert found.aspects[0].interval.low == pytest.approx(0.75 - spread, abs=0.006)
    assert found.aspects[0].interval.high == pytest.approx(0.75 + spread, abs=0.006)


def test_thirds_of_every_sentence_have_an_interval_too() -> None:
    found = aspect_shares([ASPECTS] * 7)
    assert found.aspects is not None
    assert [estimate.value for estimate in found.aspects] == pytest.approx([1 / 3] * 3)
    for estimate in found.aspects:
        assert (estimate.interval.low, estimate.interval.high) == pytest.approx((0.1056, 0.6791), abs=1e-4)


def test_equal_documents_are_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    draws = []
    make = np.random.default_rng

    def counted(seed: int) -> np.random.Generator:
        draws.append(seed)
        return make(seed)

    monkeypatch.setattr(np.random, "default_rng", counted)
    carried = [(BP,), *[(CC, MF)] * 41, ()]
    assert aspect_shares(carried) is aspect_shares(carried[::-1])
    aspect_shares([*carried, ()])
    assert len(draws) == 2


@some(50)
@given(st.lists(st.sampled_from(KINDS), min_size=1))
def test_shares_add_up_whatever_the_order(kinds: list[tuple[Aspect, ...]]) -> None:
    found = aspect_shares(kinds)
    assert found.n_sentences == len(kinds)
    assert found.n_carrying == sum(map(bool, kinds))
    assert found.none.value == pytest.approx(1 - found.n_carrying / len(kinds))
    for estimate in (*(found.aspects or ()), found.none):
        assert 0 <= estimate.interval.low < estimate.interval.high <= 1
    if found.aspects:
        assert sum(values(found.aspects)) == pytest.approx(1)
    assert found == aspect_shares(reversed(kinds))
    assert json.loads(json.dumps(found.to_dict())) == found.to_dict()
