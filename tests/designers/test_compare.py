"""Every approach side by side: in which order, what weighs how much, and what is looked at."""

import json
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ostrom import InputError, NormalForm, compare, design, games
from ostrom.audits import Coalitions, Evasion
from ostrom.audits._case import Case
from ostrom.core.errors import UnknownName
from ostrom.designers._compare import _front
from ostrom.designers._design import APPROACHES
from ostrom.designers._looks import chance, groups
from ostrom.designers._ranking import order, swayed
from ostrom.designers._rates import _largest, _nearest
from ostrom.designers._weights import WEIGHTS, anyway, parts_of, worst_of

FEW = settings(max_examples=5)
NAMES = sorted(APPROACHES)


@cache
def dilemma(**more):
    return design(games.PrisonersDilemma(), among=["fines"], **more)


def made_up(gain, worst, weight, objection="", approach="fines"):
    """A line that gains, risks and weighs so much: welfare in the prisoner's dilemma goes from 1 to 3."""
    line = dilemma().lines[0]
    effects = replace(line.proposal.effects, welfare_after=1 + gain)
    proposal = replace(line.proposal, effects=effects, objection=objection, approach=approach)
    return replace(line, proposal=proposal, worst=worst, burden={"money": weight})


def sort(lines):
    return sorted(lines, key=lambda line: order(dilemma().problem, line))


def one_line():
    share = st.integers(0, 8).map(lambda k: k / 8)
    return st.builds(made_up, share, share, share, st.sampled_from(["", "", "it does not"]))


@given(st.lists(one_line(), min_size=2, max_size=5))
def test_objections_come_last_and_more_gain_comes_first(lines):
    ranked = [(bool(line.proposal.objection), -line.proposal.gained) for line in sort(lines)]
    assert ranked == sorted(ranked)


@given(st.lists(one_line(), min_size=2, max_size=5))
def test_a_line_that_another_beats_is_never_first(lines):
    first = sort(lines)[0]
    for other in lines:
        if other.proposal.objection == first.proposal.objection:
            better = np.array([other.proposal.gained, other.worst, -other.weight])
            own = np.array([first.proposal.gained, first.worst, -first.weight])
            assert not ((better >= own).all() and (better > own).any())


def test_the_order_in_which_lines_are_found_changes_nothing():
    lines = [made_up(1, 0, 0.5, approach=name) for name in ("tax", "fines", "advice")] + [made_up(2, 0, 3)]
    ranked = {tuple(line.proposal.approach for line in sort(some)) for some in permutations(lines)}
    assert ranked == {("fines", "advice", "fines", "tax")}


@pytest.mark.parametrize("among", [NAMES, NAMES[::-1]])
def test_the_order_in_which_approaches_are_named_changes_nothing(among):
    found = design(games.Chicken(), among=among, seconds=2)
    assert [line.proposal.approach for line in found.lines][:2] == ["fines", "tax"]


def test_weights_decide_and_have_to_be_known():
    among = ["fines", "restriction"]
    assert dilemma().lines[0].burden == pytest.approx(
        {"money": 0.25, "information": 0.5} | dict.fromkeys(["forbidden", "cost", "harm", "risk", "wishes"], 0)
    )
    usual, strict = (design(games.PrisonersDilemma(), among=among, weights=w) for w in (None, {"money": 2}))
    assert [found.best.approach for found in (usual, strict)] == ["fines", "restriction"]
    with pytest.raises(UnknownName, match="risks"):
        design(games.PrisonersDilemma(), among=among, weights={"risks": 2})
    with pytest.raises(InputError, match="weight of risk is -1"):
        compare(games.PrisonersDilemma(), among=among, weights={"risk": -1})


@pytest.mark.parametrize("game", [games.StagHunt(), games.PrisonersDilemma()])
def test_what_is_said_to_sway_the_ranking_does(game):
    """Looking again with the changed weight is the oracle, and with all others the first line stays."""
    among = ["tax", "restriction", "advice"]
    usual = design(game, among=among)
    told = {(part, factor): name for part, factor, name in swayed(usual.problem, usual.lines)}
    for part, weight in WEIGHTS.items():
        for factor in (2.0, 0.5):
            found = design(game, among=among, weights={part: factor * weight})
            assert found.best.approach == told.get((part, factor), usual.best.approach)


@given(st.lists(st.tuples(*[st.integers(0, 3)] * 3, st.booleans()), min_size=1, max_size=7))
def test_the_front_is_that_of_brute_force(values):
    base = compare_few().lines[1]
    lines = [
        replace(base, welfare=float(w), worst=float(x), burden=float(b), objection="no" * bad)
        for w, x, b, bad in [(0, 0, 0, False), *values]
    ]
    open_to = [(k, (one.welfare, one.worst, -one.burden)) for k, one in enumerate(lines) if not one.objection]
    front = [
        k
        for k, own in open_to
        if not any(all(x >= y for x, y in zip(other, own, strict=True)) and other != own for _, other in open_to)
    ]
    assert list(_front(lines)) == front


@cache
def compare_few(seed=0):
    return compare(games.StagHunt(), among=["advice", "fines", "contract", "promises"], runs=3, seed=seed)


def test_doing_nothing_is_one_line_and_the_worst_that_may_happen_anyway_that_of_another_solver():
    """The worst coarse correlated equilibrium by SciPy's own program."""
    game = games.StagHunt()
    payoffs = game.payoffs
    rows = []
    for i, size in enumerate(game.sizes):
        for move in range(size):
            left = np.repeat(payoffs.take([move], axis=i), size, axis=i)[..., i] - payoffs[..., i]
            rows.append(left.ravel())
    worst = linprog(payoffs.mean(-1).ravel(), np.array(rows), np.zeros(len(rows)), np.ones((1, game.size)), [1.0])
    nothing = compare_few().lines[0]
    assert nothing.approach == "doing nothing"
    assert nothing.worst == pytest.approx(worst.fun, abs=1e-6)
    assert (nothing.welfare, nothing.burden, nothing.proposed, nothing.losers) == (3.0, 0.0, False, ())


@FEW
@given(st.lists(st.integers(-5, 5), min_size=6, max_size=6))
def test_in_a_zero_sum_game_nothing_is_proposed(numbers):
    """The control: whoever proposes something here invents a gain."""
    matrix = np.array(numbers, float).reshape(2, 3)
    found = compare(NormalForm(np.stack([matrix, -matrix], -1)), runs=2, seconds=1)
    assert all(line.objection for line in found.lines[1:])
    assert found.design.best is None
    assert found.front == (0,)
    assert all(np.isnan(line.learners) for line in found.lines[1:])


def test_the_same_seed_gives_the_same_bytes_and_another_changes_the_learners_only():
    def told(found, *without):
        lines = [{k: v for k, v in vars(line).items() if k not in without} for line in found.lines]
        return json.dumps([lines, found.front, found.design.because], default=str)

    again = compare(games.StagHunt(), among=["advice", "fines", "contract", "promises"], runs=3)
    other = compare_few(seed=1)
    assert told(compare_few()) == told(again) != told(other)
    assert told(compare_few(), "learners", "interval") == told(other, "learners", "interval")


@given(st.lists(st.integers(0, 4), min_size=24, max_size=24), st.integers(0, 7))
def test_groups_are_those_of_the_audit(numbers, row):
    game = NormalForm(np.array(numbers, float).reshape(2, 2, 2, 3))
    case = Case.of(game, game.labels(np.unravel_index(row, game.sizes)))
    assert groups(case) == Coalitions().answer(case)[0].numbers["holds for groups of up to"]


@pytest.mark.parametrize("game", [games.PrisonersDilemma(), games.Chicken(), games.EscapeRoom(), games.StagHunt()])
def test_chances_are_those_of_the_audit(game):
    for line in design(game, among=["fines", "promises", "tax"]).lines:
        case = Case.of(line.proposal.governed, line.proposal.target, worth=line.proposal.worth)
        assert chance(case) == pytest.approx(Evasion().answer(case)[0].numbers["smallest chance"], abs=1e-7)


def test_a_contract_may_go_unsigned_and_a_mediator_takes_all_moves_but_one():
    found = design(games.PrisonersDilemma(), among=["contract", "mediator", "fines"])
    by = {line.proposal.approach: line for line in found.lines}
    assert by["fines"].worst == pytest.approx(3)
    assert by["contract"].worst == pytest.approx(1)
    assert by["contract"].weight - by["fines"].weight == pytest.approx(WEIGHTS["risk"])
    assert by["mediator"].burden["forbidden"] == 0.5


def test_promises_need_the_sum_at_hand_even_where_none_is_called_on():
    """In the hunt nothing is paid at the target; the sponsor's money is what all are promised at one joint move."""
    found = design(games.MinimumEffort(), among=["promises"])
    proposal = found.lines[0].proposal
    reserve = proposal.governed.adds.sum(-1).max()
    assert reserve > proposal.needs.promise + 0.1
    assert found.lines[0].burden["money"] == pytest.approx(0.5 * reserve / found.problem.scale)


def test_nobody_follows_advice_to_have_less():
    """Two firms that undercut each other gain nothing for themselves by naming a lower price still."""
    found = design(games.Bertrand(), among=["advice", "tax"], seconds=2)
    assert found.because.startswith("Little is lost")
    assert found.best.approach == "tax"
    assert found.lines[-1].proposal.approach == "advice"
    assert "nobody can be made to follow it" in found.lines[-1].proposal.objection


def test_risk_is_of_the_gain_and_only_what_is_new_counts_beyond_it():
    found = design(games.Chicken(), among=["fines"])
    problem, proposal = found.problem, found.lines[0].proposal
    floor, now, after = anyway(problem), proposal.effects.welfare_before, proposal.effects.welfare_after
    assert floor == pytest.approx(3.6)

    def risk(worst):
        return parts_of(problem, proposal, worst)["risk"]

    assert risk(after) == 0
    assert risk((now + after) / 2) == pytest.approx(0.5)
    assert risk(now) == risk(floor) == risk(float("nan")) == pytest.approx(1)
    assert risk(floor - (after - now)) == pytest.approx(2)
    assert worst_of(problem, replace(proposal, claims=())) != worst_of(problem, proposal)


def test_the_unit_of_payoffs_and_a_constant_change_no_burden():
    plain, other = games.Chicken(), NormalForm(games.Chicken().payoffs * 10 + 30, moves=("swerve", "straight"))
    found = [design(game, among=["fines", "tax", "mediator", "prosocial", "restriction"]) for game in (plain, other)]
    burdens = [{line.proposal.approach: line.weight for line in one.lines} for one in found]
    assert list(burdens[0]) == list(burdens[1])
    assert burdens[0] == pytest.approx(burdens[1], abs=1e-6)


def test_where_payoffs_bend_little_the_tax_is_the_one_of_the_textbook():
    """Pigou: the harm done to others at the optimum. A tonne costs the others 3/4, and a quarter of a tax comes back;

    output is to be sold at its cost, 54 below what a firm gains by holding back, and half of a subsidy is paid by it.
    """
    lake, market = (design(game, among=["tax"]).best.institution for game in (games.Commons(), games.Cournot()))
    assert (lake.on, lake.rate) == ("harvest", pytest.approx(1.0))
    assert (market.on, market.rate) == ("output", pytest.approx(-108.0))


@given(st.lists(st.tuples(st.integers(-6, 2), st.integers(-3, 3)), min_size=1, max_size=6), st.integers(1, 5))
def test_the_largest_lead_is_that_of_a_linear_program(pairs, lead):
    """Maximise the lead over rates and leads, by SciPy."""
    asked = [(Fraction(gain), Fraction(charge)) for gain, charge in pairs]
    rows = np.array([[-charge, 1.0] for _, charge in pairs])
    found = linprog([0.0, -1.0], rows, [-float(gain) for gain, _ in pairs], bounds=[(None, None), (None, lead)])
    most = _largest(asked, Fraction(lead))
    if found.x[1] > 0:
        assert float(most) == pytest.approx(found.x[1], abs=1e-7)
        assert all(_nearest(asked, most) * charge >= gain + float(most) - 1e-7 for gain, charge in pairs)
    else:
        assert most <= 1e-7
