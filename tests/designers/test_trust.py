"""The designer of trust scores: attacks tried one by one, closed forms, and Cheng and Friedman's theorems."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError
from ostrom.designers import sybil_gain, trust
from ostrom.solvers import eigentrust, max_flow_trust

SEEDS = st.integers(0, 10_000)


def some_ratings(seed, count=4):
    rng = np.random.default_rng(seed)
    ratings = rng.integers(0, 5, (count, count)) * (rng.random((count, count)) < 0.7)
    np.fill_diagonal(ratings, 0)
    return rng, ratings.astype(float)


def attacks(ratings, attacker, identities, rng, tries):
    """Attacks at random: what others gave is split, and each identity rates whom it likes."""
    count = len(ratings)
    mine = [attacker, *range(count, count + identities - 1)]
    for _ in range(tries):
        grown = np.zeros((count + identities - 1,) * 2)
        grown[:count, :count] = ratings
        split = rng.dirichlet(np.full(identities, 0.3), count)
        grown[:, mine] = 0.0
        for i in range(count):
            grown[i, mine] = ratings[i, attacker] * split[i]
        grown[mine] = rng.integers(0, 50, (identities, len(grown))) * (rng.random((identities, len(grown))) < 0.5)
        np.fill_diagonal(grown, 0)
        yield grown, mine


@given(SEEDS)
@settings(max_examples=25, deadline=None)
def test_nothing_is_gained_where_trust_flows_from_a_source(seed):
    rng, ratings = some_ratings(seed, 5)
    honest = max_flow_trust(ratings, 0)[1]
    for grown, mine in attacks(ratings, 1, 3, rng, 4):
        assert max_flow_trust(grown, 0)[mine].max() <= honest + 1e-9
        assert max_flow_trust(grown, 0, hops=2)[mine].max() <= max_flow_trust(ratings, 0, hops=2)[1] + 1e-9
    found = sybil_gain("max flow", ratings, 1, 3, seeds=[0])
    assert (found.honest, found.gain, found.status) == (honest, 0.0, "optimal")
    assert sybil_gain("max flow", ratings, 1, 3, seeds=[0], of="together").attacked == pytest.approx(3 * honest)


@given(SEEDS)
@settings(max_examples=25, deadline=None)
def test_a_symmetric_score_that_nothing_is_gained_in_does_not_exist(seed):
    """Every walk that may begin anywhere can be gained in by somebody (Cheng and Friedman, 2005)."""
    _, ratings = some_ratings(seed, 6)
    every = [sybil_gain("eigentrust", ratings, one, 6) for one in range(6)]
    assert max(one.gain for one in every) > 1e-6
    assert max(one.attacked - one.alone for one in every) > 1e-6


@pytest.mark.parametrize("seeds", [None, [0], [0, 2]])
@pytest.mark.parametrize("of", ["best", "together"])
def test_no_attack_is_better_than_the_one_that_is_called_best(seeds, of):
    for seed in range(4):
        rng, ratings = some_ratings(seed)
        for identities in (1, 2, 3):
            found = sybil_gain("eigentrust", ratings, 1, identities, seeds=seeds, of=of)
            own = eigentrust(found.ratings, seeds)[[1, *range(4, len(found.ratings))]]
            assert found.attacked == pytest.approx(own.max() if of == "best" else own.sum())
            assert found.status == "optimal"
            for grown, mine in attacks(ratings, 1, identities, rng, 40):
                scores = eigentrust(grown, seeds, tolerance=1e-10)[mine]
                assert (scores.max() if of == "best" else scores.sum()) <= found.attacked + 1e-9


def test_every_way_to_point_is_tried():
    """Two identities, each rating one other or nobody; what each of the others gave to one of the two: 200 attacks."""
    for seed in range(3):
        _, ratings = some_ratings(seed)
        best = 0.0
        for aims in product(range(5), repeat=2):
            for parts in product((1, 4), repeat=3):
                grown = np.zeros((5, 5))
                grown[:4, :4] = ratings
                grown[:, 1] = 0.0
                for rater, part in zip((0, 2, 3), parts, strict=True):
                    grown[rater, part] = ratings[rater, 1]
                grown[[1, 4]] = 0.0
                for one, aim in zip((1, 4), aims, strict=True):
                    grown[one, aim] = one != aim
                best = max(best, *eigentrust(grown)[[1, 4]])
        assert max(best, sybil_gain("eigentrust", ratings, 1, 1).attacked) == pytest.approx(
            sybil_gain("eigentrust", ratings, 1, 2).attacked
        )


@pytest.mark.parametrize("identities", [2, 3, 10, 100])
@pytest.mark.parametrize("restart", [0.15, 0.5])
def test_closed_forms_for_somebody_whom_nobody_rates(identities, restart):
    """Of N others, who never rate it: (1 + (k - 1)(1 - a)) / (N + k) · a / (1 - (1 - a)²), against a / (N + 1)."""
    count = 20
    ring = np.zeros((count + 1, count + 1))
    ring[np.arange(count), (np.arange(count) + 1) % count] = 1
    ring[count, 0] = 1
    found = sybil_gain("eigentrust", ring, count, identities, restart=restart)
    back = (1 - restart) ** 2
    formula = (1 + (identities - 1) * (1 - restart)) / (count + identities) * restart / (1 - back)
    assert found.honest == pytest.approx(restart / (count + 1))
    assert found.attacked == pytest.approx(formula)
    assert sybil_gain("eigentrust", ring, count, identities, seeds=[0]).gain == 0.0


def test_with_seeds_two_identities_are_as_good_as_many():
    gains = []
    for seed in range(4):
        _, ratings = some_ratings(seed)
        two, many = (sybil_gain("eigentrust", ratings, 1, k, seeds=[0]) for k in (2, 30))
        assert many.attacked == pytest.approx(two.attacked)
        gains.append(two.gain)
    assert max(gains) > 0.1


def test_scores_of_ones_own_are_searched():
    _, ratings = some_ratings(1)
    known = sybil_gain("eigentrust", ratings, 1, 2)
    found = sybil_gain(lambda table: eigentrust(table), ratings, 1, 2)
    assert found.status == "best found"
    assert found.attacked == pytest.approx(known.attacked)
    received = sybil_gain(lambda table: table.sum(0), ratings, 1, 2)  # anybody can say that it had much
    assert received.share > 1
    assert sybil_gain(lambda table: np.ones(len(table)), ratings, 1, 3).gain == 0.0


def market(seed, count=14):
    """Who had how many good experiences with whom, of as many as they had: binomial, by true quality."""
    rng = np.random.default_rng(seed)
    quality = rng.uniform(0.1, 0.95, count)
    met = rng.poisson(2.0, (count, count))
    return quality, rng.binomial(met, quality)


def test_what_is_chosen_gains_nothing_and_ranks_by_quality():
    quality, ratings = market(0)
    found = trust(ratings, [0, 1], identities=5, quality=quality)
    assert [line.name for line in found.lines] == [
        "flow from seeds",
        "EigenTrust from seeds",
        "everybody's EigenTrust",
    ]
    assert found.best.worst.share == 0
    assert found.best.together == pytest.approx(5)
    assert found.lines[1].worst.share < found.lines[2].worst.share
    assert all(line.accuracy > 0.5 for line in found.lines)
    assert found.cost == max(line.accuracy for line in found.lines) - found.best.accuracy
    assert "gain nothing" in found.sentence
    assert len(found.findings) == 4
    assert trust(ratings, [0, 1], identities=5, quality=quality).sentence == found.sentence


def test_accuracy_is_the_agreement_of_ranks():
    from scipy.stats import spearmanr

    _, ratings = market(1, 12)
    found = trust(ratings, [0], identities=2, attackers=[3])
    assert found.compared == "experience"
    for line in found.lines:
        expected = spearmanr(line.scores[1:], ratings.sum(0)[1:] - np.diag(ratings)[1:]).statistic
        assert line.accuracy == pytest.approx(expected)
    nothing = trust(np.zeros((4, 4)), [0], attackers=[1])
    assert nothing.best.accuracy == 0.0
    assert {line.name: line.worst.share > 0 for line in nothing.lines}["everybody's EigenTrust"]


@pytest.mark.parametrize(
    "asked",
    [
        {"attacker": 4},
        {"attacker": 0.5},
        {"attacker": 0, "seeds": [0]},
        {"identities": 0},
        {"identities": 1.5},
        {"seeds": [9]},
        {"seeds": []},
        {"score": "max flow"},
        {"score": "votes"},
        {"of": "worst"},
        {"restart": 0},
    ],
)
def test_what_cannot_be_asked_of_an_attack(asked):
    _, ratings = some_ratings(0)
    with pytest.raises(InputError):
        sybil_gain(**{"score": "eigentrust", "ratings": ratings, "attacker": 1, "identities": 2, **asked})


@pytest.mark.parametrize(
    "asked",
    [
        {"seeds": [0, 1, 2]},
        {"seeds": []},
        {"seeds": [7]},
        {"identities": 1},
        {"quality": [1, 2]},
        {"quality": [1, 2, 3, float("nan")]},
        {"attackers": [0]},
    ],
)
def test_what_cannot_be_compared(asked):
    _, ratings = some_ratings(0)
    with pytest.raises(InputError):
        trust(**{"ratings": ratings, "seeds": [0], **asked})
