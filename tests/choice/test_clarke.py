"""Groves mechanisms against loops over the definition, known examples, and ten thousand random instances."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import DirectMechanism, TypeSpace
from ostrom.audits.incentives import incentives
from ostrom.choice import clarke, groves
from ostrom.core.errors import InputError


def random_space(seed, sizes, outcomes, whole=False):
    rng = np.random.default_rng(seed)
    draw = (lambda shape: rng.integers(-5, 9, shape)) if whole else rng.normal
    return TypeSpace([draw(size=(size, outcomes)) if not whole else draw((size, outcomes)) for size in sizes])


@given(st.integers(0, 10_000), st.sampled_from([(3,), (2, 3), (2, 2, 2)]), st.booleans())
@settings(max_examples=25)
def test_by_the_definition(seed, sizes, plain):
    space = random_space(seed, sizes, 3, whole=True)
    rng = np.random.default_rng(seed)
    weights = np.ones(len(sizes)) if plain else rng.integers(1, 4, len(sizes)).astype(float)
    bonuses = np.zeros(3) if plain else rng.integers(0, 4, 3).astype(float)
    found = clarke(space) if plain else clarke(space, weights=weights, bonuses=bonuses)
    for types in np.ndindex(*sizes):
        worth = [weights[i] * space.values[i][k] for i, k in enumerate(types)]
        best = int((sum(worth) + bonuses).argmax())
        assert found.odds[types].argmax() == best
        for i in range(len(sizes)):
            others = bonuses + sum((w for j, w in enumerate(worth) if j != i), np.zeros(3))
            assert found.paid[(*types, i)] == pytest.approx((others.max() - others[best]) / weights[i])


@pytest.mark.parametrize("sizes", [(100, 100), (22, 22, 22), (10, 10, 10, 10)])
def test_no_lie_pays_in_ten_thousand_random_instances(sizes):
    """Every combination of random types is an instance, in which every other random type is a lie."""
    space = random_space(7, sizes, 4)
    rng = np.random.default_rng(8)
    bonuses, weights = rng.normal(size=4), rng.uniform(0.5, 2, len(sizes))
    charges = [rng.normal(size=[s for j, s in enumerate(sizes) if j != i]) for i in range(len(sizes))]
    assert np.prod(sizes) >= 10_000
    for found in (clarke(space), clarke(space, weights=weights, bonuses=bonuses), groves(space, charges)):
        claim = incentives(found, coalitions=1).dominant
        assert claim.verdict == "proved"
        assert claim.numbers["violation"] <= 1e-12


def test_the_pivot_never_pays_out_and_is_efficient():
    found = incentives(clarke(random_space(3, (4, 3, 2), 3, whole=True)), coalitions=1)
    assert (found.no_deficit.verdict, found.efficient.verdict) == ("proved", "proved")
    assert found.no_deficit.tolerance == 0


def test_a_wrong_sign_is_caught():
    """Payments that reward the harm done to others: a lie that gains, replayed from the table by hand."""
    right = clarke(random_space(5, (3, 3), 3, whole=True))
    wrong = DirectMechanism(right.space, right.odds, -right.paid)
    claim = incentives(wrong).dominant
    assert claim.verdict == "refuted"
    (who,), (kind,), (report,) = (claim.witness[key] for key in ("agents", "types", "reports"))
    i = right.space.agents.index(who)
    (other,) = claim.witness["others"].values()
    place = {i: int(report) - 1, 1 - i: int(other) - 1}
    lie, truth = [(place[0], place[1]), tuple({**place, i: int(kind) - 1}[j] for j in range(2))]
    values = right.space.values[i][int(kind) - 1]
    gain = (values @ wrong.odds[lie] - wrong.paid[(*lie, i)]) - (values @ wrong.odds[truth] - wrong.paid[(*truth, i)])
    assert claim.witness["gains"] == [gain]
    assert gain == claim.numbers["violation"] > 0


def test_two_items_whose_revenue_is_outside_the_core():
    """One bidder wants both items for 2, two want one each for 2: these win and pay nothing."""
    allocations = list(itertools.product(range(4), repeat=2))  # who gets each item, 3 is nobody
    wants = [lambda a: 2 * (a == (0, 0)), lambda a: 2 * (a[0] == 1), lambda a: 2 * (a[1] == 2)]
    space = TypeSpace([[[want(a) for a in allocations]] for want in wants])
    found = clarke(space)
    assert allocations[int(found.odds.argmax(-1).item())] == (1, 2)
    assert found.paid.ravel().tolist() == [0, 0, 0]
    assert found.welfare.item() == 4


def test_of_equals_the_first_also_where_rounding_tells_them_apart():
    space = TypeSpace([[[0.1 + 0.2, 0.3]], [[0.3, 0.1 + 0.2 + 1e-17]], [[0.3, 0.3]]])
    assert clarke(space).odds.argmax(-1).item() == 0
    assert clarke(TypeSpace([[[0.3, 0.1 + 0.2]]])).odds.argmax(-1).item() == 0


def test_groves_without_charges_gives_each_the_welfare_of_the_others():
    space = random_space(2, (2, 3), 3, whole=True)
    assert np.allclose(groves(space).utilities, space.welfare.max(-1)[..., None])


@pytest.mark.parametrize(
    "wrong",
    [
        {"weights": [1, 0]},
        {"weights": [1, -1]},
        {"weights": [1]},
        {"bonuses": [0, 1]},
        {"bonuses": [0, np.nan, 1]},
        {"weights": ["a", "b"]},
    ],
)
def test_numbers_that_do_not_fit_are_refused(wrong):
    with pytest.raises(InputError):
        clarke(random_space(0, (2, 2), 3), **wrong)


@pytest.mark.parametrize("charges", [[0.0], [np.zeros(3), 0.0], [np.inf, 0.0], ["x", 0.0]])
def test_charges_that_do_not_fit_are_refused(charges):
    with pytest.raises(InputError):
        groves(random_space(0, (2, 2), 3), charges)


def test_charges_that_are_no_list_are_refused():
    with pytest.raises(InputError, match="charges"):
        groves(TypeSpace([[[0, 1]]]), 3)
