"""Cyclic monotonicity against all cycles by permutation, SciPy's least gain, and planted rules."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ostrom import DirectMechanism, TypeSpace
from ostrom.audits.implementability import implementability
from ostrom.audits.incentives import incentives
from ostrom.choice import clarke, myerson, single_item
from ostrom.core.errors import InputError, TooLarge


def random_rule(seed, sizes, outcomes=3):
    rng = np.random.default_rng(seed)
    odds = [rng.integers(1, 5, size) for size in sizes]
    space = TypeSpace([rng.integers(0, 7, (size, outcomes)) for size in sizes], [own / own.sum() for own in odds])
    return space, rng.integers(0, outcomes, sizes)


def gains_of(space, chosen, agent, truth):
    """`[type, report, others]` without payments."""
    gains = DirectMechanism(space, chosen).gains(agent).reshape(space.sizes[agent], space.sizes[agent], -1)
    return gains if truth == "dominant" else (gains @ space.others(agent)[0].ravel())[..., None]


def least_gain_by_program(gains):
    """The least e with p(t) - p(r) <= e - gain(t, r): one variable for each payment, by SciPy."""
    size = len(gains)
    rows, right = [], []
    for t in range(size):
        for r in range(size):
            if t != r:
                row = np.zeros(size + 1)
                row[[t, r, size]] = 1, -1, -1
                rows.append(row)
                right.append(-gains[t, r])
    return linprog(np.eye(size + 1)[size], rows, right, bounds=[(None, None)] * size + [(0, None)]).fun


@given(
    st.integers(0, 10_000), st.sampled_from([(2,), (4,), (3, 2), (2, 2, 3)]), st.sampled_from(["dominant", "bayesian"])
)
@settings(max_examples=30)
def test_by_all_cycles_and_by_program(seed, sizes, truth):
    space, chosen = random_rule(seed, sizes)
    found = implementability(space, chosen, truth=truth)
    worst, least, pairs = 0.0, 0.0, 0.0
    for i, size in enumerate(sizes):
        gains = gains_of(space, chosen, i, truth)
        for line in range(gains.shape[-1]):
            for length in range(2, size + 1):
                for cycle in permutations(range(size), length):
                    mean = sum(gains[b, a, line] for a, b in zip(cycle, cycle[1:] + cycle[:1], strict=True)) / length
                    worst = max(worst, mean)
                    pairs = max(pairs, mean if length == 2 else 0)
            least = max(least, least_gain_by_program(gains[..., line]))
    assert found.least_gain == pytest.approx(worst, abs=1e-9)
    assert found.least_gain == pytest.approx(least, abs=1e-7)
    assert found.cyclic.verdict == ("proved" if worst <= 1e-9 else "refuted")
    assert found.monotone.verdict == ("proved" if pairs <= 1e-9 else "refuted")
    claims = incentives(found.mechanism, coalitions=1)
    claim, kept = (claims.dominant, claims.ex_post) if truth == "dominant" else (claims.bayesian, claims.interim)
    assert max(claim.numbers["violation"], 0) == pytest.approx(worst, abs=1e-9)
    assert kept.verdict == "proved"
    if found.cyclic.verdict == "refuted":
        _replays(space, chosen, found.cyclic.witness, truth)


def _replays(space, chosen, witness, truth):
    i = space.agents.index(witness["agent"])
    cycle = [space.types[i].index(kind) for kind in witness["cycle"]]
    gains, line = gains_of(space, chosen, i, truth), 0
    if truth == "dominant" and space.count > 1:
        rest = [j for j in range(space.count) if j != i]
        place = [space.types[j].index(witness["others"][space.agents[j]]) for j in rest]
        line = int(np.ravel_multi_index(place, [space.sizes[j] for j in rest]))
    whole = sum(gains[b, a, line] for a, b in zip(cycle, cycle[1:] + cycle[:1], strict=True))
    assert whole / len(cycle) == pytest.approx(witness["mean gain"])
    assert whole > 0


def test_three_types_in_a_circle():
    """No two would swap, but each would rather have the next one's: payments cannot do it (2 of every 3 are owed)."""
    space = TypeSpace([[[0, 2, -3], [-3, 0, 2], [2, -3, 0]]], types=("a", "b", "c"))
    found = implementability(space, [0, 1, 2])
    assert (found.monotone.verdict, found.cyclic.verdict, found.least_gain) == ("proved", "refuted", 2)
    assert sorted(found.cyclic.witness["cycle"]) == ["a", "b", "c"]


def test_efficient_and_optimal_rules_can_be_paid_for():
    space = single_item([[1, 2, 4]] * 2, [[0.3, 0.3, 0.4]] * 2)
    for mechanism in (clarke(space), myerson(space)):
        found = implementability(space, mechanism.odds)
        assert [claim.verdict for claim in found.claims] == ["proved", "proved"]
        assert found.cyclic.tolerance == 0
        assert (found.mechanism.revenue >= mechanism.revenue - 1e-9).all()  # the highest payments that keep all in


def test_a_sale_to_the_lowest_is_caught():
    """Who values the item less gets it: the two types would rather swap."""
    found = implementability(TypeSpace([[[0, 1], [0, 3]]], types=("low", "high")), [1, 0])
    assert (found.monotone.verdict, found.least_gain) == ("refuted", 1)
    assert sorted(found.monotone.witness["cycle"]) == ["high", "low"]
    assert found.monotone.witness["mean gain"] == 1


def test_what_does_not_fit_is_refused():
    space, chosen = random_rule(0, (2, 2))
    for make in (
        lambda: implementability(space, [0, 1]),
        lambda: implementability(space, chosen, truth="nash"),
        lambda: implementability(TypeSpace(space.values), chosen, truth="bayesian"),
        lambda: implementability(TypeSpace(space.values, [[0.5, 0], [0, 0.5]]), chosen, truth="bayesian"),
    ):
        with pytest.raises(InputError):
            make()
    with pytest.raises(TooLarge):
        implementability(TypeSpace([np.zeros((400, 1))] * 2 + [np.zeros((2, 1))]), np.zeros((400, 400, 2), int))


def test_many_types_are_told_to_be_too_many():
    with pytest.raises(TooLarge, match="steps"):
        implementability(TypeSpace([np.ones((4_000, 2))]), np.zeros(4_000, int))
