"""Transfers: least cost and least payments by another solver, dominance by brute force, limits, and who pays for it."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ostrom import games
from ostrom.core.delegation import Delegation
from ostrom.core.errors import InputError, TooLarge, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.forms.symmetric import Symmetric
from ostrom.core.game import Fact
from ostrom.designers._payments import dues, prices
from ostrom.designers._proposal import Impossible, Proposal
from ostrom.designers._remedy import Problem
from ostrom.designers.transfers import transfers

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
MARGIN = 0.01
HUNDREDS = pytest.mark.parametrize("seeds", [range(40), pytest.param(range(40, 200), marks=pytest.mark.slow)])


def random_game(seed, sizes=(2, 3, 2)):
    return NormalForm(np.random.default_rng(seed).integers(-6, 7, (*sizes, len(sizes))))


def uniformly(game, **more):
    """The problem of a game in which everything is played equally often."""
    return Problem(game, np.full(game.sizes, 1 / game.size), **more)


def departures(sizes, place, concept):
    """Every `(player, joint move in which it plays its part, the same with another move)`, the slow way."""
    for i, size in enumerate(sizes):
        for joint in product(*map(range, sizes)):
            others = all(joint[k] == place[k] for k in range(len(sizes)) if k != i)
            if joint[i] == place[i] and (concept == "dominant" or others):
                for move in range(size):
                    if move != place[i]:
                        yield i, joint, (*joint[:i], move, *joint[i + 1 :])


def least(payoffs, place, lead, concept, *, minimise, balanced, cap=None, budget=None, owed=None, signals=None):
    """The least cost at the target, or largest payment, by SciPy over one variable per signal and player; or None."""
    sizes, count = payoffs.shape[:-1], payoffs.shape[-1]
    signals = np.arange(np.prod(sizes)).reshape(sizes) if signals is None else signals
    seen = int(signals.max()) + 1
    width, rows, right = seen * count + 1, [], []

    def at(joint, i):
        return int(signals[joint]) * count + i

    for i, here, there in departures(sizes, place, concept):
        rows.append(np.zeros(width))
        rows[-1][at(there, i)] += 1
        rows[-1][at(here, i)] -= 1
        right.append(payoffs[(*here, i)] - payoffs[(*there, i)] - lead)
    for k in range(width - 1) if minimise == "largest" else ():
        for sign in (1, -1):
            rows.append(np.zeros(width))
            rows[-1][[k, -1]] = sign, -1
            right.append(0)
    if budget is not None:
        rows.append(np.zeros(width))
        rows[-1][[at(place, i) for i in range(count)]] = 1
        right.append(budget)
    for i, need in enumerate([] if owed is None else owed):
        rows.append(np.zeros(width))
        rows[-1][at(place, i)] = -1
        right.append(-need)
    cost = np.zeros(width)
    cost[-1 if minimise == "largest" else [at(place, i) for i in range(count)]] = 1
    equal = np.kron(np.eye(seen), np.ones(count)) if balanced else None
    answer = linprog(
        cost,
        np.array(rows),
        np.array(right),
        None if equal is None else np.hstack([equal, np.zeros((seen, 1))]),
        None if equal is None else np.zeros(seen),
        bounds=[(-cap if balanced and cap is not None else None if balanced else 0, cap)] * (width - 1) + [(0, None)],
        method="highs-ipm",
    )
    return answer.fun if answer.status == 0 else None


def stands(problem, proposal, concept):
    """By how much the target is better at least, by looking at every departure in the paid table."""
    table, place = proposal.governed.payoffs, problem.game.profile(proposal.target)
    assert table == pytest.approx(np.asarray(problem.delegation.rewards) + proposal.governed.adds)
    return min(
        table[(*here, i)] - table[(*there, i)] for i, here, there in departures(table.shape[:-1], place, concept)
    )


@HUNDREDS
@pytest.mark.parametrize("concept", ["dominant", "equilibrium"])
def test_promises_cost_as_little_as_another_solver_finds(seeds, concept):
    for seed in seeds:
        problem = uniformly(random_game(seed))
        place, lead = problem.target(), MARGIN * problem.scale
        expected = least(problem.game.payoffs, place, lead, concept, minimise="cost", balanced=False)
        found = transfers(problem, concept=concept)
        if isinstance(found, Impossible):
            assert expected == pytest.approx(0, abs=1e-7)
            assert found.numbers["cost"] == 0
            continue
        assert found.size == pytest.approx(expected, abs=3 * lead / 100)
        assert found.size >= expected - 1e-7
        assert found.governed.adds.min() >= 0
        assert found.size == found.needs.cost == pytest.approx(found.governed.adds[place].sum())
        assert stands(problem, found, concept) > 0.97 * lead
        assert found.claims[0].verdict == "proved"
        assert found.numbers["price"] == pytest.approx(prices(problem.game.payoffs)[place])
        assert found.numbers["price"] <= found.size + 1e-9


@HUNDREDS
@pytest.mark.parametrize("concept", ["dominant", "equilibrium"])
def test_balanced_payments_are_as_small_as_another_solver_finds(seeds, concept):
    for seed in seeds:
        problem = uniformly(random_game(seed, (2, 3) if seed % 2 else (2, 2, 2)))
        place, lead = problem.target(), MARGIN * problem.scale
        expected = least(problem.game.payoffs, place, lead, concept, minimise="largest", balanced=True)
        found = transfers(problem, kind="balanced", concept=concept)
        if isinstance(found, Impossible):
            assert expected == pytest.approx(0, abs=1e-7)
            continue
        assert found.size == pytest.approx(expected, abs=lead / 20)
        assert found.bound == pytest.approx(expected, abs=1e-7)
        assert found.governed.adds.sum(-1) == pytest.approx(0, abs=1e-12)
        assert stands(problem, found, concept) > 0.9 * lead
        assert {claim.verdict for claim in found.claims if "sums to 0" in claim.statement} == {"proved"}


@HUNDREDS
@pytest.mark.parametrize("concept", ["dominant", "equilibrium"])
def test_fines_are_what_each_move_can_gain(seeds, concept):
    """No smaller price list of own moves does it: by looking at every departure."""
    for seed in seeds:
        problem = uniformly(random_game(seed))
        place, lead = problem.target(), MARGIN * problem.scale
        found = transfers(problem, kind="fines", concept=concept)
        payoffs, owed = problem.game.payoffs, {}
        for i, here, there in departures(payoffs.shape[:-1], place, concept):
            owed[i, there[i]] = max(owed.get((i, there[i]), 0), payoffs[(*there, i)] - payoffs[(*here, i)] + lead)
        if isinstance(found, Impossible):
            assert max(owed.values()) == 0
            continue
        assert found.size == pytest.approx(max(owed.values()), abs=lead / 50)
        assert found.governed.adds.sum(-1) == pytest.approx(0, abs=1e-12)
        assert found.needs.cost == 0
        assert stands(problem, found, concept) > 0.97 * lead


@HUNDREDS
def test_under_limits_there_are_payments_just_when_another_solver_finds_some(seeds):
    """Caps, budgets, what nobody may have less than, and what can be seen, in all combinations."""
    possible = 0
    for seed in seeds:
        rng, game = np.random.default_rng(seed), random_game(seed, (2, 3))
        table = rng.integers(0, 3, (*game.sizes, 2)).astype(float)
        seen = Fact("seen", "", lambda profiles, t=table: t[tuple(np.moveaxis(np.asarray(profiles), -1, 0))])
        problem = uniformly(NormalForm(game.payoffs, facts=[seen]))
        place, lead, kind = problem.target(), MARGIN * problem.scale, ["promises", "balanced"][seed % 2]
        limits = {
            "cap": float(rng.integers(2, 9)) if rng.random() < 0.5 else None,
            "budget": float(rng.integers(0, 6)) if kind == "promises" and rng.random() < 0.5 else None,
            "observed": ["seen"] if rng.random() < 0.5 else None,
            "voluntary": bool(rng.random() < 0.5),
        }
        concept = ["dominant", "equilibrium"][seed // 2 % 2]
        signals = np.unique(table.reshape(-1, 2), axis=0, return_inverse=True)[1].reshape(game.sizes)
        expected = least(
            game.payoffs,
            place,
            lead,
            concept,
            minimise="cost" if kind == "promises" else "largest",
            balanced=kind == "balanced",
            cap=limits["cap"],
            budget=limits["budget"],
            owed=game.payoffs.mean((0, 1)) - game.payoffs[place] if limits["voluntary"] else None,
            signals=signals if limits["observed"] else None,
        )
        found = transfers(problem, kind=kind, concept=concept, **limits)
        if expected is None:
            assert isinstance(found, Impossible)
            assert found.because
            assert found.nearest
            continue
        if expected == pytest.approx(0, abs=1e-7) and isinstance(found, Impossible):
            assert "without any payments" in found.because
            continue
        possible += 1
        assert found.size == pytest.approx(expected, abs=lead / 20)
        adds = found.governed.adds
        assert limits["cap"] is None or np.abs(adds).max() <= limits["cap"] + 1e-9
        assert limits["budget"] is None or adds[place].sum() <= limits["budget"] + 1e-9
        assert stands(problem, found, concept) > 0.9 * lead
        if limits["voluntary"]:
            assert (found.governed.payoffs[place] >= game.payoffs.mean((0, 1)) - 1e-9).all()
        if limits["observed"]:
            assert all(np.ptp(adds[signals == k], axis=0).max() <= 1e-9 for k in range(signals.max() + 1))
            assert found.needs.observed == "seen"
    assert possible > len(seeds) / 10


@HUNDREDS
def test_how_near_one_can_come_is_the_least_gain_that_is_left(seeds):
    """What an impossible answer says is left to gain cannot be made smaller, by another solver with a free lead."""
    checked = 0
    for seed in seeds:
        problem = uniformly(random_game(seed, (2, 3)))
        place, lead = problem.target(), MARGIN * problem.scale
        found = transfers(problem, kind="promises", cap=1.0, budget=1.0)
        if isinstance(found, Proposal) or "without any" in found.because:
            continue
        left, payoffs, checked = found.numbers["gain left"], problem.game.payoffs, checked + 1
        how = {"minimise": "cost", "balanced": False, "cap": 1.0, "budget": 1.0}
        assert least(payoffs, place, -left - 1e-6, "dominant", **how) is not None
        assert left < 1e-6 or least(payoffs, place, -left + 1e-4, "dominant", **how) is None
        assert set(found.numbers["limits"]) <= {"cap", "budget"}
        assert lead > 0
    assert checked > len(seeds) / 3


@given(st.integers(0, 10_000))
def test_what_every_joint_move_costs(seed):
    """`dues` against looking at every departure."""
    game, lead = random_game(seed), 0.125
    for place in product(*map(range, game.sizes)):
        owed = np.zeros(3)
        for i, here, there in departures(game.sizes, place, "equilibrium"):
            owed[i] = max(owed[i], game.payoffs[(*there, i)] - game.payoffs[(*here, i)] + lead)
        assert dues(game.payoffs, lead)[place] == pytest.approx(owed)


@given(st.integers(0, 10_000), st.permutations([0, 1, 2]))
@settings(max_examples=10)
def test_whoever_sits_where_the_payments_are_the_same(seed, order):
    """Permuting players permutes what they are paid."""
    game = random_game(seed)
    place = Problem(game).target()
    table = np.transpose(game.payoffs, (*order, 3))[..., list(order)]
    moved = NormalForm(table, moves=[game.moves[i] for i in order])
    for kind in ("promises", "fines"):
        one = transfers(game, game.labels(place), kind=kind)
        two = transfers(moved, [game.labels(place)[i] for i in order], kind=kind)
        assert isinstance(one, Impossible) == isinstance(two, Impossible)
        if isinstance(one, Proposal):
            assert two.size == pytest.approx(one.size)
            swapped = np.transpose(one.governed.adds, (*order, 3))[..., list(order)]
            assert two.governed.adds == pytest.approx(swapped)


@given(st.integers(0, 10_000), st.sampled_from([3.0, 1e-4, 1e6]))
@settings(max_examples=10)
def test_in_another_unit_amounts_are_in_that_unit(seed, unit):
    game = random_game(seed)
    other = NormalForm(unit * game.payoffs)
    for kind in ("promises", "fines", "balanced"):
        one, two = (uniformly(table) for table in (game, other))
        found, scaled = transfers(one, kind=kind), transfers(two, one.game.labels(one.target()), kind=kind)
        assert isinstance(found, Impossible) == isinstance(scaled, Impossible)
        if isinstance(found, Proposal):
            assert scaled.size == pytest.approx(unit * found.size, abs=unit * one.scale * MARGIN / 20)
            assert [claim.verdict for claim in scaled.claims] == [claim.verdict for claim in found.claims]


def test_smaller_fines_would_not_do():
    """Each fine is what the move can gain: with 1/20 less, somebody leaves the target somewhere."""
    found = transfers(PD, kind="fines")
    assert found.size == pytest.approx(2.05)
    weaker = NormalForm(PD.payoffs + 0.95 * found.governed.adds)
    assert weaker.regret(weaker.pure((0, 0))) > 0


def test_what_dominates_already_needs_nothing():
    harmony = NormalForm([[[4, 4], [3, 2]], [[2, 3], [1, 1]]])
    for kind in ("promises", "fines", "balanced"):
        found = transfers(harmony, kind=kind)
        assert isinstance(found, Impossible)
        assert "without any payments" in found.because
        assert "advice" in found.nearest


def test_what_is_better_by_less_than_the_margin_is_paid_for():
    """D is better by a hundredth of the margin only: the rest of the margin is promised."""
    nearly = NormalForm([[[1.0, 1.0], [1.0, 0.9999]], [[0.9999, 1.0], [0.0, 0.0]]])
    found = transfers(nearly, ("1", "1"))
    assert found.size == pytest.approx(2 * (0.01 - 0.0001), rel=0.02)
    assert found.numbers["price"] == 0


@pytest.mark.parametrize("margin", [1e-12, 1e-9, 1e-6, 1.0, 100.0])
def test_margins_of_any_size(margin):
    for kind in ("promises", "fines", "balanced"):
        found = transfers(PD, ("C", "C"), kind=kind, margin=margin)
        assert isinstance(found, Proposal)
        claim = found.claims[0]
        assert claim.verdict in ("proved", "unknown")
        assert claim.verdict == "proved" or margin < 1e-8


def test_any_joint_move_can_be_asked_for():
    found = transfers(PD, ("C", "D"))
    assert (found.target, found.numbers["price"]) == (("C", "D"), 1.0)
    assert transfers(PD, ("D", "D")).numbers["price"] == 0


def test_among_equal_optima_the_cheapest_is_taken():
    game = NormalForm([[[3, 3], [0, 5]], [[5, 0], [3, 3]]])
    assert Problem(game).target() == (1, 1)


def test_rationals_stay_exact():
    third = Fraction(1, 3)
    game = NormalForm([[[3 * third, 1], [0, 5 * third]], [[5 * third, 0], [third, third]]])
    found = transfers(game)
    assert game.exact is not None
    assert found.numbers["price"] == pytest.approx(4 / 3, abs=1e-15)
    assert (found.claims[0].verdict, found.claims[0].tolerance) == ("proved", 0)


def test_fines_of_many_share_in_fractions():
    """A fine split among six others is no short decimal: still shown to sum to 0 exactly, in any unit."""
    for unit in (1, 1e-5):
        game = NormalForm.from_function(lambda *g, u=unit: [u * (20 - x + 0.4 * sum(g)) for x in g], [(0, 20)] * 7)
        found = transfers(game, kind="fines")
        assert {claim.verdict for claim in found.claims} == {"proved"}


def test_large_tables_are_checked_in_floats_and_say_so(monkeypatch):
    game = NormalForm(np.random.default_rng(0).normal(size=(3, 3, 2)))
    for listed in (True, False):
        if not listed:
            monkeypatch.setattr("ostrom.audits._case.EXACT", 10)
        claim = transfers(uniformly(game), ("1",) * 2).claims[0]
        assert claim.verdict == "proved"
        assert ("float64" in claim.method) != listed
        assert (claim.tolerance > 0) != listed
        assert (claim.evidence is not None) == listed


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


def test_gains_without_bystanders_are_proposed():
    found = transfers(PD)
    assert not found.effects.takes_from_bystanders
    assert found.objection == ""
    assert "Not proposed" not in found.findings[0].sentence
    assert found.effects.change == {"player 1": pytest.approx(4.05), "player 2": pytest.approx(4.05)}
    assert (found.effects.welfare_before, found.effects.welfare_after) == (1, 3)


def test_agents_rewards_decide_what_it_costs_and_utilities_what_it_is_worth():
    careless = np.array(PD.payoffs)
    careless[..., 0] *= 10
    found = transfers(Delegation(PD, rewards=careless))
    assert found.numbers["price"] == pytest.approx(20 + 2)
    assert found.effects.after[0] == 3  # its agent pursues another reward: money does not reach the principal
    assert found.effects.after[1] > 5


def test_play_as_observed_is_what_it_is_compared_with():
    found = transfers(Delegation(PD, observed=[[1, 1], [1, 1]]))
    assert found.effects.before == pytest.approx((2.25, 2.25))
    assert transfers(Problem(PD, [[0, 1], [0, 0]])).effects.before == (0, 5)


def test_what_cannot_be_seen_cannot_be_paid_for():
    found = transfers(PD, ("C", "C"), observed=[])
    assert isinstance(found, Impossible)
    assert "does not tell the moves apart" in found.because
    assert "gain no more than 2" in found.nearest
    fined = transfers(PD, ("C", "C"), kind="fines", observed=[])
    assert isinstance(fined, Impossible)


def test_facts_that_say_who_did_what_are_enough():
    commons = games.Commons(players=3)
    found = transfers(commons, kind="balanced", concept="equilibrium", observed=["harvest"])
    assert isinstance(found, Proposal)
    assert found.needs.observed == "harvest"


@pytest.mark.parametrize(
    "arguments",
    [
        {"margin": 0},
        {"margin": -1},
        {"margin": float("nan")},
        {"kind": "bribes"},
        {"target": ("C",)},
        {"target": ("C", "E")},
        {"observed": ["harvest"]},
    ],
)
def test_bad_input_is_refused(arguments):
    with pytest.raises(InputError):
        transfers(PD, **arguments)


def test_an_unknown_fact_is_told():
    with pytest.raises(UnknownName, match="harvest"):
        transfers(games.Commons(players=2), observed=["harvests"])


@pytest.mark.parametrize("played", [np.zeros((2, 2)), np.ones((2, 3)) / 6])
def test_play_that_is_no_distribution_is_refused(played):
    with pytest.raises(InputError):
        Problem(PD, played)


def test_what_cannot_be_listed_is_refused():
    with pytest.raises(TooLarge):
        transfers(Symmetric(lambda own, others: 1.0 * others, players=60, moves=("a", "b"), amounts=(0, 1)))
