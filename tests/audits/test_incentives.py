"""Audits of mechanisms: brute force over the definitions, planted failures, exact replays, sampling."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import DirectMechanism, TypeSpace
from ostrom.audits import _mechanism_lie_claims
from ostrom.audits.incentives import incentives, replay_lie
from ostrom.choice import agv, clarke, first_price, second_price, single_item
from ostrom.core.errors import InputError, TooLarge, UnknownName


def random_mechanism(seed, sizes, outcomes=3):
    rng = np.random.default_rng(seed)
    joint = rng.integers(1, 5, sizes)
    odds = rng.integers(0, 3, (*sizes, outcomes)) + np.eye(outcomes, dtype=int)[0]
    space = TypeSpace([rng.integers(-3, 6, (size, outcomes)) for size in sizes], joint / joint.sum())
    return DirectMechanism(space, odds / odds.sum(-1, keepdims=True), rng.integers(-2, 4, (*sizes, len(sizes))))


def by_definition(mechanism, outside, coalitions=2):
    """Every violation by loops over types, reports and coalitions."""
    space, n = mechanism.space, mechanism.space.count
    profiles = list(np.ndindex(*space.sizes))

    def gets(i, kind, reports):
        return float(space.values[i][kind] @ mechanism.odds[reports] - mechanism.paid[(*reports, i)])

    def mean(i, kind, report):
        rows = [t for t in profiles if t[i] == kind]
        odds = np.array([space.odds[t] for t in rows])
        return odds @ [gets(i, kind, (*t[:i], report, *t[i + 1 :])) for t in rows] / odds.sum()

    found = {"dominant": -np.inf, "bayesian": -np.inf, "each": -np.inf, "some": -np.inf, "together": -np.inf}
    for size in range(1, coalitions + 1):
        for some in combinations(range(n), size):
            for reports in profiles:
                for types in np.ndindex(*(space.sizes[i] for i in some)):
                    truth = list(reports)
                    for i, kind in zip(some, types, strict=True):
                        truth[i] = kind
                    if tuple(truth) == reports:
                        continue
                    gain = [gets(i, k, reports) - gets(i, k, tuple(truth)) for i, k in zip(some, types, strict=True)]
                    if size == 1:
                        found["dominant"] = max(found["dominant"], gain[0])
                        continue
                    found["each"] = max(found["each"], min(gain))
                    found["some"] = max(found["some"], sum(gain) if min(gain) >= -1e-9 else min(gain))
                    found["together"] = max(found["together"], sum(gain))
    truths = [[[gets(i, t[i], t) - outside[i] for t in profiles] for i in range(n)], [space.odds[t] for t in profiles]]
    welfare = [sum(space.values[i][t[i]] for i in range(n)) for t in profiles]
    paid = np.array([mechanism.paid[t].sum() for t in profiles])
    odds = np.array(truths[1])
    for i in range(n):
        for kind in range(space.sizes[i]):
            gain = [mean(i, kind, r) - mean(i, kind, kind) for r in range(space.sizes[i]) if r != kind]
            found["bayesian"] = max(found["bayesian"], *gain)
    return found | {
        "ex_post": -np.min(truths[0]),
        "interim": max(outside[i] - mean(i, k, k) for i in range(n) for k in range(space.sizes[i])),
        "ex_ante": -min(odds @ np.array(own) for own in truths[0]),
        "no_deficit": -paid.min(),
        "no_mean_deficit": -(odds @ paid),
        "balanced": np.abs(paid).max(),
        "efficient": max(w.max() - mechanism.odds[t] @ w for w, t in zip(welfare, profiles, strict=True)),
    }


@given(st.integers(0, 10_000), st.sampled_from([(2, 2), (3, 2), (2, 2, 2)]), st.sampled_from([None, False]))
@settings(max_examples=20)
def test_every_degree_is_the_definition_s(seed, sizes, floats):
    mechanism = random_mechanism(seed, sizes)
    outside = np.random.default_rng(seed).integers(-2, 2, len(sizes)).tolist()
    with pytest.MonkeyPatch.context() as patch:
        if floats is False:
            patch.setattr("ostrom.audits._mechanism_tables.EXACT", 0)
        found = incentives(mechanism, outside=outside)
    expected = by_definition(mechanism, outside)
    assert found.violations == pytest.approx(expected, abs=1e-9)
    for name, claim in found:
        assert claim.verdict == ("proved" if expected[name] <= 1e-9 else "refuted")
        assert ("float64" in claim.method) == (floats is False)
        if claim.verdict == "proved" and floats is None and expected[name] < -1e-6:
            assert claim.tolerance == 0


@given(st.integers(0, 10_000), st.sampled_from([(3, 2), (2, 2, 2)]))
@settings(max_examples=20)
def test_witnesses_replay_exactly(seed, sizes):
    mechanism = random_mechanism(seed, sizes)
    found = incentives(mechanism, coalitions=len(sizes))
    for claim in (found.dominant, found.bayesian, *found.groups.values()):
        if claim.verdict == "refuted":
            gains = replay_lie(mechanism, claim.witness)
            assert all(isinstance(gain, Fraction) for gain in gains)
            assert [float(gain) for gain in gains] == pytest.approx(claim.witness["gains"])
    if found.dominant.verdict == "refuted":
        (gain,) = replay_lie(mechanism, found.dominant.witness)
        assert float(gain) == found.dominant.numbers["violation"]


SALE = single_item([[1, 2, 3]] * 2, [[0.2, 0.3, 0.5]] * 2, agents=("ann", "bob"))


def test_planted_failures_and_clean_cases():
    """First price, Clarke with the wrong sign, and a wrong prior make lies pay; the right ones do not."""
    right = clarke(SALE)
    assert incentives(right).dominant.verdict == incentives(agv(SALE)).bayesian.verdict == "proved"
    assert incentives(second_price(SALE)).dominant.verdict == "proved"
    assert incentives(first_price(SALE)).dominant.verdict == "refuted"
    assert incentives(first_price(SALE)).bayesian.verdict == "refuted"
    assert incentives(DirectMechanism(SALE, right.odds, -right.paid)).dominant.verdict == "refuted"
    assert incentives(agv(SALE, beliefs=[[0.9, 0.05, 0.05]] * 2)).bayesian.verdict == "refuted"


def test_the_first_price_by_hand():
    found = incentives(first_price(SALE))
    assert found.dominant.witness == {
        "agents": ["ann"],
        "types": ["3"],
        "reports": ["1"],
        "others": {"bob": "1"},
        "gains": [2.0],
    }
    assert found.bayesian.witness == {"agents": ["ann"], "types": ["3"], "reports": ["2"], "gains": [0.5]}
    assert replay_lie(first_price(SALE), found.bayesian.witness) == (Fraction(1, 2),)


def test_bidders_of_a_second_price_collude():
    """A loser says less at no cost to itself: none loses, one gains; but not both, unless they share."""
    found = incentives(second_price(SALE))
    assert [found.groups[kind].verdict for kind in ("each", "some", "together")] == ["proved", "refuted", "refuted"]
    assert incentives(second_price(SALE), coalitions=1).groups == {}


def test_what_no_prior_says_is_not_claimed():
    found = incentives(clarke(TypeSpace(SALE.values)))
    assert found.bayesian is found.interim is found.ex_ante is found.no_mean_deficit is None
    assert len(found.claims) == 8


def test_types_that_never_come_believe_nothing():
    space = TypeSpace([[[0, 1], [0, 3]], [[0, 1], [0, 2]]], [[1.0, 0.0], [0.5, 0.5]])
    paid = np.zeros((2, 2, 2))
    paid[1, :, 0] = 9  # the type that never comes would rather say it is the other
    found = incentives(DirectMechanism(space, np.ones((2, 2), int), paid))
    assert (found.dominant.verdict, found.bayesian.verdict) == ("refuted", "proved")


def test_one_type_each_can_tell_no_lie():
    found = incentives(DirectMechanism(TypeSpace([[[0, 1]], [[2, 0]]], [[1.0], [1.0]]), [[1]]))
    assert (found.dominant.verdict, found.bayesian.verdict, found.groups["each"].verdict) == ("proved",) * 3


def test_fractions_are_kept():
    third = Fraction(1, 3)
    space = TypeSpace([[[Fraction(0), third], [Fraction(0), 2 * third]]])
    claim = incentives(DirectMechanism(space, [0, 1], [[0.0], [1 / 3]])).dominant
    assert (claim.verdict, claim.tolerance, claim.numbers["violation"]) == ("proved", 0, 0)
    claim = incentives(DirectMechanism(space, [0, 1], [[0.0], [1 / 3 - 1e-3]]), tolerance=0).dominant
    assert claim.verdict == "refuted"


def test_a_small_gain_is_within_the_tolerance_that_is_named():
    space = TypeSpace([[[0, 1], [0, 3]]])
    small = DirectMechanism(space, [0, 1], [[0.0], [1 - 1e-10]])  # the lower type gains 1e-10 by saying it is the other
    claim = incentives(small).dominant
    assert claim.verdict == "proved"
    assert claim.tolerance == pytest.approx(3e-9)
    assert incentives(small, tolerance=0).dominant.verdict == "refuted"


@pytest.mark.parametrize("group", [1, 2])
def test_what_was_sampled_is_supported_and_what_was_found_refuted(monkeypatch, group):
    monkeypatch.setattr(_mechanism_lie_claims, "ENUMERATED", 0)
    good, bad = (
        incentives(make(SALE), coalitions=group, samples=2_000, seed=3) for make in (second_price, first_price)
    )
    assert good.dominant.verdict == "supported"
    assert good.dominant.numbers["n"] == 2_000
    assert 0 < good.dominant.numbers["interval"][1] < 0.002
    assert good.dominant.numbers["seeds"] == [3]
    assert (bad.dominant.verdict, bad.dominant.numbers["violation"]) == ("refuted", 2)
    assert replay_lie(first_price(SALE), bad.dominant.witness) == (2,)
    if group == 2:
        kinds = {kind: good.groups[kind].verdict for kind in good.groups}
        assert kinds == {"each": "supported", "some": "refuted", "together": "refuted"}
        again = incentives(second_price(SALE), samples=2_000, seed=3)
        assert repr(again.groups) == repr(good.groups)


def test_numbers_out_of_range_are_refused():
    mechanism = second_price(SALE)
    wrong = ({"coalitions": 0}, {"samples": 0}, {"tolerance": -1}, {"tolerance": np.nan}, {"outside": [1]})
    for given_ in (*wrong, {"outside": [[1, 2], 0]}, {"outside": np.nan}):
        with pytest.raises(InputError):
            incentives(mechanism, **given_)
    with pytest.raises(UnknownName):
        replay_lie(mechanism, {"agents": ["eve"], "types": ["1"], "reports": ["2"]})
    with pytest.raises(UnknownName):
        replay_lie(mechanism, {"agents": ["ann"], "types": ["1"], "reports": ["7"], "others": {"bob": "1"}})


def test_outside_options_by_type():
    """A bidder of 3 has 1.5 elsewhere, and gets 2 * .2 + 1 * .3 (ties go to the first) of the auction."""
    found = incentives(second_price(SALE), outside=[[0, 0, 1.5], 0])
    assert found.interim.verdict == "refuted"
    assert found.interim.witness["agent"] == "ann"
    assert found.interim.numbers["violation"] == pytest.approx(1.5 - 0.7)


@pytest.mark.parametrize(
    "given",
    [
        {"seed": -1},
        {"seed": None},
        {"coalitions": 1.5},
        {"samples": "x"},
        {"tolerance": None},
        {"outside": "x"},
        {"outside": [[1, 2], [3]]},
        {"outside": np.array(np.nan)},
    ],
)
def test_arguments_of_another_kind_are_refused(given):
    mechanism = DirectMechanism(TypeSpace([[[0, 1], [0, 3]]]), [0, 1])
    with pytest.raises(InputError):
        incentives(mechanism, **given)


def test_groups_beyond_counting_are_refused():
    with pytest.raises(TooLarge, match="Groups of up to"):
        incentives(DirectMechanism(TypeSpace([[[0]]] * 30), np.zeros((1,) * 30, int)), coalitions=30)


def test_what_is_no_witness_is_refused():
    with pytest.raises(InputError, match="witness"):
        replay_lie(DirectMechanism(TypeSpace([[[0, 1]]]), [0]), {})
