"""The designer of enforcement: worked examples, brute force over plans, slopes by differences, and the whole curve."""

import math
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ostrom import games
from ostrom.core.delegation import Delegation
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.designers._inspections import Inspections
from ostrom.designers._inspector import Inspector
from ostrom.designers._proposal import Impossible, Proposal
from ostrom.designers._remedy import Problem
from ostrom.designers.enforcement import enforcement, enforcement_curve
from ostrom.institutions import Enforced, Fines
from ostrom.solvers import vertex_enumeration

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], players=("row", "column"), moves=("C", "D"))
ERRORS = st.sampled_from([0.0, 0.1, 0.25])
BRIBES = st.sampled_from([math.inf, 7.0, 3.0])
WRONG = st.sampled_from([None, 0.0, 2.0])


def tempting(gains):
    """A game in which each player's second move gains it that much, whatever the others do, and hurts them more."""
    table = np.zeros((*(2,) * len(gains), len(gains)))
    for joint in product((0, 1), repeat=len(gains)):
        done = np.array(joint) * gains
        table[joint] = done - 3 * (done.sum() - done)
    return NormalForm(table, players=tuple("abcde"[: len(gains)]), moves=("C", "D"))


def widely(gains):
    """The same without harm to others."""
    table = np.stack(np.meshgrid(*([0.0, gain] for gain in gains), indexing="ij"), -1)
    return NormalForm(table, players=tuple("abcdefghij"[: len(gains)]), moves=("C", "D"))


def leads(payoffs, place):
    """By how much each player's part is better than its best other move, where the others play theirs."""
    found = []
    for i, part in enumerate(place):
        own = payoffs[(*place[:i], slice(None), *place[i + 1 :], i)]
        found.append(own[part] - np.delete(own, part).max())
    return np.array(found)


@pytest.mark.parametrize(("errors", "least"), [({}, 0.4), ({"missed": 0.1, "mistaken": 0.1}, 0.5)])
def test_becker(errors, least):
    """A gain of 2 and a fine of 5: 2 / 5, and with errors of a tenth 2 / (5 · 0.8)."""
    found = enforcement(PD, fine=5, margin=1e-9, **errors)
    assert [one["least detection"] for one in found.numbers["players"].values()] == pytest.approx([least] * 2)
    assert found.institution.detection == pytest.approx(least, rel=1e-5)
    assert found.numbers["cost"] == pytest.approx(2 * least, rel=1e-5)
    assert found.claims[0].verdict == "proved"


@given(st.integers(0, 10_000), ERRORS, ERRORS, BRIBES, WRONG, st.booleans())
@settings(max_examples=40, deadline=None)
def test_the_target_is_held_at_the_least_odds_and_not_with_fewer(seed, missed, mistaken, bribe, wrong, apart):
    rng = np.random.default_rng(seed)
    game = NormalForm(rng.integers(-3, 4, (2, 3, 2)) * 1.0, moves=(("a", "b"), ("a", "b", "c")))
    problem = Problem(game, np.full((2, 3), 1 / 6))
    asked = {"fine": 9.0, "missed": missed, "mistaken": mistaken, "bribe": bribe, "wrong": wrong, "apart": apart}
    found, place = enforcement(problem, margin=1e-7, **asked), problem.target()
    if not isinstance(found, Proposal):
        return
    held = game.under(found.institution).payoffs
    assert held == pytest.approx(found.governed.payoffs)
    assert leads(held, place).min() >= 0
    least = max(one["least detection"] for one in found.numbers["players"].values())
    if least > 0:
        fewer = replace(found.institution, detection=found.institution.detection * (1 - 1e-3))
        assert leads(game.under(fewer).payoffs, place).min() < 0


def cheapest(game, place, cap, missed, mistaken, costs, lead):
    """The least cost of odds and expected fines by a linear program of its own: fines are chosen with the odds.

    Variables are odds p, then what each move has to expect as a fine f ≤ p · cap, then what mistakes charge, v ≥ f.
    """
    rows, right, moves = [], [], [(i, m) for i, n in enumerate(game.sizes) for m in range(n) if m != place[i]]
    count = len(place)
    width = count + len(moves) + count
    for k, (i, move) in enumerate(moves):
        gain = game.payoffs[(*place[:i], move, *place[i + 1 :], i)] - game.payoffs[(*place, i)]
        if gain + lead <= 0:
            continue
        f, v = count + k, count + len(moves) + i
        row = np.zeros((3, width))
        row[0, [f, v]] = [-(1 - missed), mistaken]
        row[1, [f, i]] = [1, -cap]
        row[2, [v, i]] = [-1, cap]  # who is condemned by mistake pays the largest charge
        rows.append(row)
        right += [-gain - lead, 0, 0]
    bounds = [(0, 1)] * count + [(0, None)] * (width - count)
    found = linprog([*costs, *[0] * (width - count)], A_ub=np.concatenate(rows), b_ub=right, bounds=bounds)
    return found.fun if found.status == 0 else None


@pytest.mark.parametrize("seed", range(30))
def test_no_plan_is_cheaper_by_a_program_that_chooses_fines_and_odds_together(seed):
    rng = np.random.default_rng(seed)
    game = NormalForm(rng.integers(0, 6, (2, 3, 2)), moves=(("a", "b"), ("a", "b", "c")))
    problem, costs = Problem(game, np.full((2, 3), 1 / 6)), [1.0, 2.5]
    found = enforcement(problem, fine=6, missed=0.1, mistaken=0.1, inspection=costs, apart=True, margin=0.01)
    place, lead = problem.target(), 0.01 * problem.scale
    if leads(game.payoffs, place).min() >= lead:
        assert "holds without inspections" in found.because
        return
    wanted = cheapest(game, place, 6.0, 0.1, 0.1, costs, lead)
    if wanted is None:
        assert isinstance(found, Impossible)
    else:
        assert found.bound == pytest.approx(wanted)
        assert found.size == pytest.approx(wanted, rel=1e-4)
        assert leads(game.under(found.institution).payoffs, place).min() >= lead - 1e-9


def test_no_cheaper_plan_on_a_grid():
    """Odds and fines in steps, all of them tried on the table: none that holds the target costs less."""
    game = tempting([1.0, 2.0])
    found = enforcement(game, fine=4, missed=0.1, mistaken=0.2, inspection=[1, 3], apart=True, margin=1e-9)
    costs, held = [], 0
    for p, q in product(np.linspace(0, 1, 21), repeat=2):
        for fines in product((2.0, 4.0), repeat=2):
            rule = Fines((("a", "D", fines[0]), ("b", "D", fines[1])), shared=False)
            plan = Inspections(rule, 1.0, 0.1, 0.2, 4.0, odds=(("a", p), ("b", q)))
            if leads(game.under(plan).payoffs, (0, 0)).min() >= -1e-12:
                held += 1
                costs.append(p + 3 * q)
    assert held > 10
    assert found.numbers["least cost"] <= min(costs) + 1e-9
    assert min(costs) - found.numbers["least cost"] < 0.2  # a step of the grid, 0.05, for each


def test_fines_are_no_larger_than_it_takes():
    """Inspected as often as b, a would be deterred by half the fine: the largest fine is for who gains most."""
    found = enforcement(tempting([1.0, 2.0]), fine=4, margin=1e-6)
    assert found.institution.detection == pytest.approx(0.5, rel=1e-4)
    assert {who: amount for who, _, amount in found.institution.rule.schedule} == pytest.approx({"a": 2, "b": 4}, 1e-3)


def test_a_visit_that_sees_several():
    """Three visits see two each of three players: half of each is enough for all, a cover that is not whole."""
    game = tempting([2.0, 2.0, 2.0])
    pairs = [("a", "b"), ("b", "c"), ("a", "c")]
    found = enforcement(game, fine=2.5, together=pairs, inspection=1.0, margin=1e-9, apart=True)
    assert found.numbers["least cost"] == pytest.approx(1.5 * 0.8)
    assert [odds for _, odds in found.numbers["visits"]] == pytest.approx([0.4] * 3, rel=1e-4)
    assert found.numbers["slopes"]["gain"] == pytest.approx(1.5 / 2.5)
    alone = enforcement(game, fine=2.5, inspection=0.75, margin=1e-9)
    assert alone.numbers["least cost"] == pytest.approx(3 * 0.75 * 0.8)


@pytest.mark.parametrize("apart", [True, False])
def test_prices_of_visits_are_what_the_cost_moves_by(apart):
    """The slopes by the duals of the cover, against the cost with each number a little different."""
    gains, asked = [1.0, 2.0, 1.5], {"fine": 5.0, "missed": 0.1, "mistaken": 0.05, "bribe": 9.0, "wrong": 3.0}
    more = {"together": [("a", "b"), ("b", "c"), ("a",)], "inspection": [2.0, 1.5, 0.7], "apart": apart}

    def cost(by=0.0, **changed):
        game = tempting([gain + by for gain in gains])
        return enforcement(game, ("C",) * 3, margin=1e-9, **{**asked, **more, **changed}).numbers["least cost"]

    slopes, h = enforcement(tempting(gains), ("C",) * 3, margin=1e-9, **asked, **more).numbers["slopes"], 1e-5
    assert slopes["gain"] == pytest.approx((cost(h) - cost(-h)) / (2 * h), rel=1e-4)
    for name in ("fine", "missed", "mistaken", "bribe"):
        ends = [cost(**{name: asked[name] + step}) for step in (h, -h)]
        assert slopes[name] == pytest.approx((ends[0] - ends[1]) / (2 * h), rel=1e-4, abs=1e-9)
    assert slopes["fine"] < 0 < slopes["missed"]


@given(st.floats(0.5, 3), st.floats(4, 9), st.floats(2, 12), ERRORS, ERRORS, st.sampled_from([None, 2.5, 30.0]))
@settings(max_examples=60, deadline=None)
def test_slopes_by_differences(gain, fine, bribe, missed, mistaken, wrong):
    one = Inspector(fine, bribe, missed, mistaken, wrong)
    if min(abs(fine - bribe), abs(bribe - (wrong or 0))) < 1e-3 or one.bite <= 0.1:
        return
    h, slopes = 1e-6, one.slopes(gain)

    def odds(by, name):
        other = one if name == "gain" else replace(one, **{name: getattr(one, name) + by})
        return (gain + by * (name == "gain")) / other.bite

    for name in ("gain", "fine", "bribe", *(n for n in ("missed", "mistaken") if getattr(one, n) > 0)):
        assert slopes[name] == pytest.approx((odds(h, name) - odds(-h, name)) / (2 * h), rel=1e-3, abs=1e-6)


CASES = [
    {"missed": 0.0, "mistaken": 0.0, "wrong": None},
    {"missed": 0.1, "mistaken": 0.1, "wrong": None},
    {"missed": 0.2, "mistaken": 0.3, "wrong": 1.5},
]


@pytest.mark.parametrize("errors", CASES, ids=["exact", "errors", "mistakes cost less"])
@pytest.mark.parametrize("gains", [[2.0, 2.0], [0.5, 3.0, 1.0]], ids=["alike", "apart"])
def test_the_whole_curve_is_the_closed_form(errors, gains):
    """Every chance × fine × bribe: read off the table, and max g - p ((1 - β) min(F, b) - α min(w, b)) by hand."""
    grid = {"detection": np.linspace(0, 1, 6), "fine": [1.0, 2.0, 5.0, 8.0], "bribe": [0.5, 1.5, 2.5, 6.0, math.inf]}
    left = enforcement_curve(tempting(gains), ("C",) * len(gains), **grid, **errors)
    p, fine, bribe = np.meshgrid(*grid.values(), indexing="ij")
    wrong = fine if errors["wrong"] is None else errors["wrong"]
    worth = (1 - errors["missed"]) * np.minimum(fine, bribe) - errors["mistaken"] * np.minimum(wrong, bribe)
    assert left == pytest.approx(max(gains) - p * worth, abs=1e-9)
    assert left.shape == (6, 4, 5)
    assert left.min() < 0 < left.max()


def test_the_curve_has_its_zero_where_the_designer_says():
    found = enforcement(PD, fine=5, bribe=2.5, margin=1e-9)
    least = found.numbers["players"]["row"]["least detection"]
    assert least == pytest.approx(0.8)
    assert enforcement_curve(PD, detection=[least], fine=[5], bribe=[2.5]) == pytest.approx(0, abs=1e-9)
    told = found.numbers["curve"]
    grid = enforcement_curve(PD, detection=[float(p) for p in told], fine=[5], bribe=[2.5])
    assert list(told.values()) == pytest.approx(np.maximum(grid[:, 0, 0], 0), abs=1e-9)


@pytest.mark.parametrize(("cost", "mistaken"), [(0.5, 0.0), (0.8, 0.1)])
def test_the_inspection_game(cost, mistaken):
    """Who inspects for what it collects: in the mixed equilibrium it does so with odds g / D, and the other violates
    with the share at which an inspection pays for itself. All equilibria by the double description method."""
    found = enforcement(PD, fine=5, missed=0.2, mistaken=mistaken, inspection=cost, margin=1e-9)
    one = found.numbers["players"]["row"]
    legal, owed = 5 * mistaken, 5 * 0.8
    table = [[[0, 0], [-legal, legal - cost]], [[2, 0], [2 - owed, owed - cost]]]
    (point,) = vertex_enumeration(NormalForm(table, moves=(("keep", "violate"), ("rest", "inspect")))).points
    assert float(point[1][1]) == pytest.approx(one["least detection"])
    assert float(point[0][1]) == pytest.approx(one["pays for itself"])


def test_the_honest_pay_what_is_said():
    found = enforcement(PD, fine=5, missed=0.1, mistaken=0.1, wrong=4.0)
    paid = PD.payoffs[0, 0] - PD.under(found.institution).payoffs[0, 0]
    assert found.numbers["paid by mistake"] == pytest.approx(paid.sum())
    assert found.numbers["players"]["row"]["paid by mistake"] == pytest.approx(paid[0])
    assert found.effects.change["row"] == pytest.approx(2 - paid[0])


@given(st.floats(0.5, 6), ERRORS, ERRORS, BRIBES, WRONG, st.sampled_from([1.0, 0.5]))
@settings(max_examples=60, deadline=None)
def test_where_it_is_impossible_each_way_out_is_one(gain, missed, mistaken, bribe, wrong, most):
    one = Inspector(4.0, bribe, missed, mistaken, wrong, most)
    if one.chance(gain) is not None:
        return
    for name, amount in one.remedies(gain).items():
        step = 1e-6 if name in ("missed", "mistaken") else -1e-6  # a little more of an error, or less of an amount
        for by in (0.0, step):
            mended = replace(one, **dict.fromkeys(name.split(" and "), amount + by))
            assert mended.bite * most == pytest.approx(gain, abs=1e-4)
            assert by == 0 or mended.bite * most < gain


def test_what_is_impossible_is_told_with_what_would_do():
    cheap = enforcement(PD, fine=5, bribe=1.5)
    assert isinstance(cheap, Impossible)
    assert "A fine above the bribe of 1.5 buys nothing." in cheap.because
    assert cheap.nearest == "It takes an inspector who takes no less than 2.05."
    small = enforcement(PD, fine=1.5)
    assert small.nearest == "It takes a fine of 2.05."
    assert small.numbers["gain left"] == pytest.approx(0.5)
    coin = enforcement(PD, fine=100, missed=0.5, mistaken=0.5)
    assert "right no more than wrong" in coin.nearest or "condemning" in coin.nearest
    rare = enforcement(PD, fine=4, most=0.25)
    assert "charges of no more than 1, inspected with odds of 0.25: leaving (C, C) pays." in rare.because
    nearly = enforcement(PD, fine=2.01)
    assert nearly.because.endswith("leaving (C, C) costs less than the margin.")
    harmony = NormalForm([[[4, 4], [3, 2]], [[2, 3], [1, 1]]], moves=("C", "D"))
    assert "holds without inspections" in enforcement(harmony, fine=5).because


def test_dominance_asks_for_more():
    """In this game D gains 1 at the target, and 3 where the other plays D."""
    game = NormalForm([[[4, 4], [0, 5]], [[5, 0], [3, 3]]], moves=("C", "D"))
    found = {
        how: enforcement(game, ("C", "C"), fine=6, concept=how, margin=1e-9) for how in ("equilibrium", "dominant")
    }
    assert found["equilibrium"].institution.detection == pytest.approx(1 / 6, rel=1e-5)
    assert found["dominant"].institution.detection == pytest.approx(3 / 6, rel=1e-5)
    paid = game.under(found["dominant"].institution).payoffs
    assert (paid[0, :, 0] >= paid[1, :, 0]).all()


def test_inspections_that_cost_more_than_they_bring_are_not_proposed():
    assert enforcement(PD, fine=5, inspection=0.1).objection == ""
    assert "Inspections cost" in enforcement(PD, fine=5, inspection=9.0).objection


def test_agents_rewards_decide_and_who_gains_nothing_is_left_alone():
    careless = np.array(PD.payoffs)
    careless[..., 0] = [[9, 9], [0, 0]]
    found = enforcement(Delegation(PD, rewards=careless), ("C", "C"), fine=5, apart=True, margin=1e-9)
    assert isinstance(found.institution, Inspections)
    assert dict(found.institution.odds) == pytest.approx({"row": 0, "column": 0.4}, rel=1e-5)
    assert [who for who, *_ in found.institution.rule.schedule] == ["column"]


def test_odds_by_player_are_those_of_the_table():
    rule = Fines((("*", "D", 5.0),), shared=False)
    by_player = Inspections(rule, 0.5, 0.1, 0.2, 3.0, odds=(("row", 0.8), ("column", 0.4)))
    for i, odds in enumerate((0.4, 0.2)):
        same = PD.under(Enforced(rule, odds, 0.1, 0.2, 3.0)).payoffs[..., i]
        assert PD.under(by_player).payoffs[..., i] == pytest.approx(same)
    with pytest.raises(UnknownName, match="judge"):
        PD.under(Inspections(rule, odds=(("judge", 0.5),)))
    for odds in ((("row", 1.5),), (("row", 0.5), ("row", 0.5))):
        with pytest.raises(InputError, match="one row"):
            Inspections(rule, odds=odds)


def test_many_seats_are_governed_on_average():
    """The results of inspections of ten seats cannot all be listed; what is to be expected is the same."""
    few, many = ([1.0, 2.0, 0.0], [1.0, 2.0, 0.0] + [0.5] * 7)
    asked = {"fine": 5.0, "missed": 0.1, "mistaken": 0.2, "wrong": 3.0, "bribe": 4.5, "margin": 1e-6}
    found = {len(gains): enforcement(widely(gains), ("C",) * len(gains), **asked) for gains in (few, many)}
    assert found[10].institution.detection == found[3].institution.detection
    assert found[10].claims[0].verdict == "proved"
    part = found[10].governed.payments[(slice(None),) * 3 + (0,) * 7][..., :3]
    assert part == pytest.approx(found[3].governed.payments)


@pytest.mark.parametrize(
    "asked",
    [
        {"fine": 0},
        {"fine": math.inf},
        {"fine": math.nan},
        {"missed": 1.5},
        {"mistaken": math.nan},
        {"most": -0.1},
        {"bribe": -1},
        {"wrong": math.inf},
        {"inspection": -1},
        {"inspection": [1, 2, 3]},
        {"inspection": math.nan},
        {"together": [("row",)]},
        {"margin": 0},
        {"concept": "unique"},
    ],
)
def test_numbers_that_cannot_be_used(asked):
    with pytest.raises(InputError):
        enforcement(PD, **{"fine": 5.0, **asked})


def test_names_that_are_not_there():
    with pytest.raises(UnknownName):
        enforcement(PD, fine=5, together=[("row", "judge"), ("column",)])
    with pytest.raises(UnknownName):
        enforcement(PD, ("C", "E"), fine=5)
    with pytest.raises(InputError):
        enforcement_curve(games.PrisonersDilemma(), detection=[1.5], fine=[5])
