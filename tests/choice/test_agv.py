"""The expected externality mechanism: its definition, exact balance, truth on average, and a wrong prior caught."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import TypeSpace
from ostrom.audits.incentives import incentives
from ostrom.choice import agv
from ostrom.core.errors import InputError


def random_space(seed, sizes):
    rng = np.random.default_rng(seed)
    odds = [rng.integers(1, 5, size) for size in sizes]
    return TypeSpace([rng.integers(-5, 9, (size, 3)) for size in sizes], [own / own.sum() for own in odds])


@given(st.integers(0, 10_000), st.sampled_from([(2, 2), (3, 4), (2, 3, 2)]))
@settings(max_examples=25)
def test_balanced_truthful_efficient(seed, sizes):
    space = random_space(seed, sizes)
    found = incentives(agv(space), coalitions=1)
    for claim in (found.bayesian, found.balanced, found.efficient):
        assert claim.verdict == "proved"
        assert claim.numbers["violation"] <= 1e-11


def test_by_the_definition():
    space = random_space(4, (2, 3, 2))
    odds = [space.odds.sum(tuple(j for j in range(3) if j != i)) for i in range(3)]
    brought = [np.zeros(size) for size in space.sizes]
    for types in np.ndindex(*space.sizes):
        best = int(sum(space.values[i][k] for i, k in enumerate(types)).argmax())
        for i in range(3):
            share = np.prod([odds[j][types[j]] for j in range(3) if j != i])
            brought[i][types[i]] += share * sum(space.values[j][types[j]][best] for j in range(3) if j != i)
    for types in np.ndindex(*space.sizes):
        for i in range(3):
            others = sum(brought[j][types[j]] for j in range(3) if j != i) / 2
            assert agv(space).paid[(*types, i)] == pytest.approx(others - brought[i][types[i]])


TRADE = TypeSpace(
    [np.outer(np.arange(6), (0, 1)), np.outer(np.arange(6), (0, -1))],
    [[1 / 6] * 6] * 2,
    types=[str(k) for k in range(6)],
    agents=("buyer", "seller"),
)


def test_a_wrong_prior_is_caught():
    """Reckoned with sellers who are mostly cheap, payments follow trades that seldom come, and a buyer lies."""
    assert incentives(agv(TRADE)).bayesian.verdict == "proved"
    wrong = agv(TRADE, beliefs=[[1 / 6] * 6, [0.75, *[0.05] * 5]])
    caught = incentives(wrong).bayesian
    assert caught.verdict == "refuted"
    assert incentives(wrong).balanced.verdict == "proved"
    (kind,), (report,) = caught.witness["types"], caught.witness["reports"]
    assert caught.witness["agents"] == ["buyer"]
    worth = wrong.odds[..., 1] * int(kind) - wrong.paid[..., 0]
    gain = worth[int(report)].mean() - worth[int(kind)].mean()
    assert caught.witness["gains"] == pytest.approx([gain])
    assert gain > 0.1


def test_truth_is_not_dominant_and_some_types_lose():
    """Balance and efficiency are bought: dominance and free participation are what they cost."""
    found = incentives(agv(TRADE))
    assert (found.bayesian.verdict, found.dominant.verdict) == ("proved", "refuted")
    assert found.interim.verdict == "refuted"


def test_one_agent_pays_nothing():
    assert agv(TypeSpace([[[0, 1], [2, 0]]], [[0.5, 0.5]])).paid.tolist() == [[0.0], [0.0]]


def test_priors_that_do_not_fit_are_refused():
    values = [[[0, 1], [2, 0]]] * 2
    for space in (TypeSpace(values), TypeSpace(values, [[0.5, 0], [0, 0.5]])):
        with pytest.raises(InputError):
            agv(space)
    with pytest.raises(InputError):
        agv(TypeSpace(values), beliefs=[[0.5, 0.6], [0.5, 0.5]])
    assert agv(TypeSpace(values), beliefs=[[0.5, 0.5]] * 2).revenue.tolist() == [[0, 0], [0, 0]]


def test_beliefs_that_are_no_list_are_refused():
    with pytest.raises(InputError, match="beliefs"):
        agv(TypeSpace([[[0, 1]]]), beliefs=3)
