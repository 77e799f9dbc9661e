"""Transfers: the closed form against linear programs, dominance by brute force, balance, and who pays for it."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.delegation import Delegation
from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.forms.symmetric import Symmetric
from ostrom.designers.transfers import transfers
from ostrom.solvers._highs import solve_lp

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))


def random_game(seed, sizes=(2, 3, 2)):
    return NormalForm(np.random.default_rng(seed).integers(-6, 7, (*sizes, len(sizes))))


def random_remedy(seed, sizes=(2, 3, 2), **options):
    game = random_game(seed, sizes)
    return game, transfers(game, played=np.full(game.sizes, 1 / game.size), **options)


def deviations(table, player):
    """Every (own move, joint move of the others) of a player with its payoff, the slow way."""
    sizes = table.shape[:-1]
    for others in product(*(range(size) for k, size in enumerate(sizes) if k != player)):
        for move in range(sizes[player]):
            place = (*others[:player], move, *others[player:])
            yield move, others, table[(*place, player)]


@pytest.mark.parametrize("kind", ["promises", "fines"])
@given(seed=st.integers(0, 10_000))
def test_the_target_is_strictly_dominant_by_brute_force(kind, seed):
    game, remedy = random_remedy(seed, kind=kind)
    paid, target = game.payoffs + remedy.payments, game.profile(remedy.target)
    assert remedy.governed.payoffs == pytest.approx(paid)
    for i in range(3):
        own = {(move, others): worth for move, others, worth in deviations(paid, i)}
        assert all(own[target[i], others] > worth for (move, others), worth in own.items() if move != target[i])
    assert remedy.claim.verdict == "proved"
    assert remedy.claim.tolerance == 0


@given(st.integers(0, 10_000))
def test_no_cheaper_promises_make_the_target_dominant(seed):
    """A linear program over all promises V ≥ 0 finds the same least cost k(target) (weak dominance, no margin)."""
    game, remedy = random_remedy(seed, (2, 3))
    target = game.profile(remedy.target)
    size = game.payoffs.size
    rows, bounds = [], []
    for i in (0, 1):
        for move, others, worth in deviations(game.payoffs, i):
            here = (others[0], others[0])
            own = [move if k == i else here[k] for k in (0, 1)]
            wanted = [target[i] if k == i else here[k] for k in (0, 1)]
            row = np.zeros((*game.sizes, 2))
            row[(*own, i)] += 1
            row[(*wanted, i)] -= 1
            rows.append(row.ravel())
            bounds.append(game.payoffs[(*wanted, i)] - worth)
    cost = np.zeros((*game.sizes, 2))
    cost[target] = 1
    answer = solve_lp(
        cost.ravel(),
        np.array(rows),
        np.array(bounds),
        np.zeros((0, size)),
        np.zeros(0),
        lower=np.zeros(size),
        upper=np.inf,
    )
    assert remedy.price == pytest.approx(float(cost.ravel() @ answer.x), abs=1e-7)


@given(st.integers(0, 10_000))
def test_fines_sum_to_zero_everywhere_and_cost_nothing_when_kept(seed):
    _, remedy = random_remedy(seed, kind="fines")
    assert remedy.payments.sum(-1) == pytest.approx(0, abs=1e-12)
    assert (remedy.price, remedy.cost) == (0, 0)


@given(st.integers(0, 10_000))
def test_promises_never_take(seed):
    _, remedy = random_remedy(seed)
    assert remedy.payments.min() >= 0
    assert remedy.cost >= remedy.price >= 0
    assert remedy.largest == remedy.payments.max()


def test_smaller_fines_would_not_do():
    """Each fine is what the move can gain: with 1/20 less, somebody leaves the target somewhere."""
    remedy = transfers(PD, kind="fines")
    assert remedy.largest == pytest.approx(2.05)
    weaker = NormalForm(PD.payoffs + 0.95 * remedy.payments)
    assert weaker.regret(weaker.pure((0, 0))) > 0


def test_what_dominates_already_costs_nothing():
    harmony = NormalForm([[[4, 4], [3, 2]], [[2, 3], [1, 1]]])
    for kind in ("promises", "fines"):
        remedy = transfers(harmony, kind=kind)
        assert not remedy.payments.any()
        assert remedy.objection == "What is played now is as good."


def test_any_joint_move_can_be_asked_for():
    remedy = transfers(PD, ("C", "D"))
    assert (remedy.target, remedy.price) == (("C", "D"), 1.0)
    assert transfers(PD, ("D", "D")).price == 0


def test_among_equal_optima_the_cheapest_is_taken():
    game = NormalForm([[[3, 3], [0, 5]], [[5, 0], [3, 3]]])
    assert transfers(game).target == ("2", "2")


def test_rationals_stay_exact():
    third = Fraction(1, 3)
    game = NormalForm([[[3 * third, 1], [0, 5 * third]], [[5 * third, 0], [third, third]]])
    remedy = transfers(game)
    assert game.exact is not None
    assert remedy.governed.exact is not None
    assert remedy.price == pytest.approx(4 / 3, abs=1e-15)
    assert remedy.claim.verdict == "proved"


def test_large_tables_are_checked_in_floats_and_say_so():
    game = NormalForm(np.random.default_rng(0).normal(size=(8,) * 4 + (4,)))
    for extra in (game, NormalForm(np.random.default_rng(0).normal(size=(9,) * 4 + (4,)))):
        claim = transfers(extra, ("1",) * 4, played=np.full(extra.sizes, 1 / extra.size)).claim
        assert claim.verdict == "proved"
        assert ("float64" in claim.method) == (extra is not game)
        assert claim.tolerance is not None
        assert (claim.tolerance > 0) == (extra is not game)


def test_a_cartel_is_flagged_and_not_proposed():
    """What two sellers could agree on takes from buyers: with buyers in the welfare it is not proposed."""
    buyers = [[[0], [3]], [[3], [16]]]
    game = NormalForm(PD.payoffs, moves=("high", "low"), bystanders=["buyers"], bystander_payoffs=buyers)
    cartel = transfers(game, ("high", "high"))
    assert cartel.effects.takes_from_bystanders
    assert "buyers would lose" in cartel.objection
    assert "Not proposed" in cartel.findings[0].sentence
    assert cartel.effects.change["buyers"] == -16
    among_sellers = transfers(Delegation(game, welfare=[1, 1, 0]))
    assert among_sellers.target == ("high", "high")
    assert among_sellers.effects.takes_from_bystanders
    assert among_sellers.objection == ""
    assert transfers(game).target == ("low", "low")


def test_gains_without_bystanders_are_proposed():
    remedy = transfers(PD)
    assert not remedy.effects.takes_from_bystanders
    assert remedy.objection == ""
    assert "Not proposed" not in remedy.findings[0].sentence
    assert remedy.effects.change == {"player 1": pytest.approx(4.05), "player 2": pytest.approx(4.05)}
    assert (remedy.effects.welfare_before, remedy.effects.welfare_after) == (1, 3)


def test_agents_rewards_decide_what_it_costs_and_utilities_what_it_is_worth():
    careless = np.array(PD.payoffs)
    careless[..., 0] *= 10
    remedy = transfers(Delegation(PD, rewards=careless))
    assert remedy.price == pytest.approx(20 + 2)
    assert remedy.effects.after == pytest.approx((3, 3 + 2.05))  # money reaches the agent whose principal it is


def test_play_as_observed_is_what_it_is_compared_with():
    remedy = transfers(Delegation(PD, observed=[[1, 1], [1, 1]]))
    assert remedy.effects.before == pytest.approx((2.25, 2.25))
    sure = transfers(PD, played=[[0, 1], [0, 0]])
    assert sure.effects.before == (0, 5)


@pytest.mark.parametrize(
    "arguments",
    [
        {"margin": 0},
        {"margin": -1},
        {"margin": float("nan")},
        {"kind": "bribes"},
        {"target": ("C",)},
        {"target": ("C", "E")},
        {"played": np.zeros((2, 2))},
        {"played": np.ones((2, 3)) / 6},
    ],
)
def test_bad_input_is_refused(arguments):
    with pytest.raises(InputError):
        transfers(PD, **arguments)


def test_what_cannot_be_listed_is_refused():
    with pytest.raises(TooLarge):
        transfers(Symmetric(lambda own, others: 1.0 * others, players=60, moves=("a", "b"), amounts=(0, 1)))
