"""The designer of asking: the off-switch game by integration, expectations by hand, and the game with its questions."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from ostrom import games
from ostrom.core.delegation import Delegation
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.designers._asking_proposal import _willing
from ostrom.designers._asking_worth import Answers
from ostrom.designers._proposal import Impossible
from ostrom.designers._remedy import Problem
from ostrom.designers._wants import Wishful
from ostrom.designers.asking import asking, incentive_to_defer, with_principals
from ostrom.institutions import Escalation

ROBOT = (("act", "off"), ("work", "rest"))


def switch(worth):
    """A robot whose act is worth that to its principal, and somebody else who works."""
    table = np.zeros((2, 2, 2))
    table[0, :, 0], table[:, 0, 1] = worth, 1.0
    return table


def gaussian(mean, spread, nodes=400):
    """What an act may be worth: the middles of so many slices of a normal distribution that are as likely."""
    points = norm.ppf((np.arange(nodes) + 0.5) / nodes, mean, spread)
    return [(1 / nodes, switch(point)) for point in points]


@pytest.mark.parametrize("mean", [-2.0, -0.5, 0.0, 0.3, 1.5])
@pytest.mark.parametrize(("spread", "noise"), [(1.0, 0.0), (0.5, 0.0), (1.0, 0.7), (2.0, 3.0)])
def test_the_incentive_to_defer_by_integration(mean, spread, noise):
    def let(u):
        return norm.cdf(u / noise) if noise else float(u > 0)

    density = norm(mean, spread).pdf
    ends = (mean - 9 * spread, mean + 9 * spread)
    deferred, _ = quad(lambda u: u * let(u) * density(u), *ends, points=[0.0], limit=200)
    assert incentive_to_defer(mean, spread, noise) == pytest.approx(deferred - max(mean, 0.0), abs=1e-7)
    if not noise:
        size, _ = quad(lambda u: abs(u) * density(u), *ends, points=[0.0], limit=200)
        assert incentive_to_defer(mean, spread) == pytest.approx((size - abs(mean)) / 2, abs=1e-7)
        assert incentive_to_defer(mean, spread) >= 0


@given(st.floats(-3, 3), st.floats(0, 3), st.floats(0, 3))
@settings(max_examples=50, deadline=None)
def test_it_falls_with_noise_and_is_nothing_without_doubt(mean, spread, noise):
    """Hadfield-Menell et al. (2017): who is sure has no reason to defer, and a worse judge is a worse reason."""
    assert incentive_to_defer(mean, 0.0, noise) <= 1e-12
    assert incentive_to_defer(mean, spread, noise) <= incentive_to_defer(mean, spread) + 1e-12


@pytest.mark.parametrize("mean", [-0.8, 0.4])
def test_the_off_switch_game_is_a_case_of_it(mean):
    found = asking(NormalForm(switch(mean), moves=ROBOT), wants=gaussian(mean, 1.0), cost=0.05)
    robot = found.numbers["agents"]["player 1"]
    assert robot["threshold"] == pytest.approx(incentive_to_defer(mean, 1.0), abs=2e-3)
    assert robot["own threshold"] == pytest.approx(robot["threshold"])
    assert robot["of information"] == pytest.approx(robot["gain"])
    assert found.institution == Escalation((("player 1", "principal of player 1"),), 0.05)


@pytest.mark.parametrize("precision", [0.5, 2.0, 8.0])
def test_a_principal_who_errs_by_integration(precision):
    """A logit human lets the robot act with odds 1 / (1 + exp(-λ U)), as in the paper."""
    mean, density = 0.4, norm(0.4, 1.0).pdf
    deferred, _ = quad(lambda u: u * density(u) / (1 + math.exp(-precision * u)), -9, 9, limit=200)
    game = NormalForm(switch(mean), moves=ROBOT)
    found = asking(game, wants=gaussian(mean, 1.0), precision=precision)
    assert found.numbers["agents"]["player 1"]["gain"] == pytest.approx(deferred - mean, abs=2e-3)


def several(seed, sizes=(2, 3), count=3):
    """A random game, and what its principals may want."""
    rng = np.random.default_rng(seed)
    odds = rng.dirichlet(np.ones(count))
    tables = rng.integers(-4, 5, (count, *sizes, len(sizes))).astype(float)
    game = NormalForm(np.tensordot(odds, tables, 1), moves=tuple(tuple("abc"[:size]) for size in sizes))
    return game, list(zip(odds.tolist(), tables, strict=True))


@given(st.integers(0, 10_000), st.sampled_from([1.0, 0.8]), st.sampled_from([math.inf, 1.5]), st.booleans())
@settings(max_examples=40, deadline=None)
def test_what_answers_are_worth_by_hand(seed, discount, precision, own):
    """Expectations one by one: over what is wanted, what the others do now, and what is answered."""
    game, wants = several(seed)
    rng = np.random.default_rng(seed + 1)
    now = rng.dirichlet(np.ones(6)).reshape(2, 3)
    rewards = game.payoffs if own else rng.integers(-4, 5, game.payoffs.shape).astype(float)
    subject = Problem(Delegation(game, rewards=rewards), now)
    found = asking(subject, wants=wants, discount=discount, precision=precision, cost=0.01, effort=0.02)
    for i, player in enumerate(game.players):
        others, mine = now.sum(axis=i), now.sum(axis=1 - i)
        asked = alone = own_asked = own_alone = 0.0
        for odds, table in wants:
            pursued = table if own else rewards
            worth, reward = np.zeros(game.sizes[i]), np.zeros(game.sizes[i])
            for a, b in product(range(game.sizes[i]), range(game.sizes[1 - i])):
                place = (a, b) if i == 0 else (b, a)
                worth[a] += others[b] * table[(*place, i)]
                reward[a] += others[b] * pursued[(*place, i)]
            if math.isinf(precision):
                answer = np.eye(len(worth))[max(range(len(worth)), key=lambda a: (round(worth[a], 9), reward[a]))]
            else:
                answer = np.exp(precision * worth) / np.exp(precision * worth).sum()
            asked, alone = asked + odds * discount * (answer @ worth), alone + odds * (mine @ worth)
            own_asked, own_alone = own_asked + odds * discount * (answer @ reward), own_alone + odds * (mine @ reward)
        told = found.numbers["agents"][player]
        assert told["gain"] == pytest.approx(asked - alone)
        assert told["threshold"] == pytest.approx(asked - alone - 0.02)
        assert told["own threshold"] == pytest.approx(own_asked - own_alone)
        assert told["of information"] + told["of objectives"] == pytest.approx(told["gain"])
        if discount == 1 and math.isinf(precision):
            assert told["of information"] >= -1e-9  # Howard (1966): knowing never hurts who decides


@pytest.mark.parametrize("seed", range(12))
def test_the_threshold_is_where_the_agent_stops_asking_in_the_game_itself(seed):
    """Principals have seats and are told what is wanted; best replies over all plans of the agent, on the tree.

    What the others do now is independent, and what the agent does is its best reply to it.
    """
    game, wants = several(seed, (2, 3), 3)
    column = np.random.default_rng(seed).dirichlet(np.ones(3))
    best = int((game.payoffs[..., 0] @ column).argmax())
    wishful = Wishful.of(Problem(game, np.eye(2)[best][:, None] * column), wants)
    answers = Answers(wishful, math.inf, 1.0)
    least = answers.worth(0).own_gain
    assert least >= -1e-9
    for cost in (0.0, 0.7 * least, 1.3 * least, least + 1):
        rule = Escalation((("player 1", "principal of player 1"),), cost)
        gain = _willing(answers, [0], rule).numbers["gains"]["player 1"]
        assert gain == pytest.approx(max(0.0, cost - least), abs=1e-9)


@pytest.mark.parametrize(("cost", "held"), [(0.55, True), (0.65, False)])
def test_who_is_unsure_asks_just_below_the_threshold(cost, held):
    """An act is worth 1 or -2, with odds .6 and .4: alone nothing is gained, and an answer is worth .6."""
    wants = [(0.6, switch(1.0)), (0.4, switch(-2.0))]
    game = NormalForm(switch(-0.2), moves=ROBOT)
    found = asking(game, wants=wants, cost=0.55, margin=1e-6)
    assert [claim.verdict for claim in found.claims] == ["proved"] * 4
    assert found.effects.welfare_after - found.effects.welfare_before == pytest.approx(0.05 / 2)
    rule = Escalation(found.institution.principals, cost)
    staged = with_principals(game, wants, ["player 1"]).under(rule)

    def plan(look):
        if "answer player 1" in look.choices:
            told = "do act" if look.sees["wanted"] == 0 else "do off"
            options = look.choices["answer player 1"]
            return {"answer player 1": told if told in options else options[0]}
        if "act" in look.choices:
            allowed = look.choices["act"]
            return {"act": "off" if allowed == ("act", "off") else allowed[0]}
        return dict.fromkeys(look.choices, "yes")

    gains = staged.gains(plan)
    assert gains[0] == pytest.approx(0.0 if held else 0.05, abs=1e-9)
    assert gains[2] == pytest.approx(0.0, abs=1e-9)


def test_nobody_but_the_principal_knows():
    wants = [(0.6, switch(1.0)), (0.4, switch(-2.0))]
    staged = with_principals(NormalForm(switch(-0.2), moves=ROBOT), wants).under(
        Escalation((("player 1", "principal of player 1"),))
    )
    assert not staged.public
    looks = {}

    def watch(look):
        looks.setdefault(look.player, set()).add(look.sees["wanted"])
        return {part: options[0] for part, options in look.choices.items()}

    staged.value(watch)
    assert looks["player 1"] == {-1}
    assert looks["principal of player 1"] == {0, 1}


def test_who_is_sure_and_wants_something_else_does_not_ask():
    """The robot likes to act, its principal would have it off: the answer is worth 1, and costs the robot 1."""
    sure = Delegation(NormalForm(switch(-1.0), moves=ROBOT), rewards=switch(1.0))
    found = asking(sure)
    robot = found.numbers["agents"]["player 1"]
    assert (robot["of information"], robot["of objectives"]) == (0, 1)
    assert (robot["pays"], robot["asks"], robot["reward"]) == (True, False, 1)
    assert found.objection.endswith("it takes a payment for each question: 1 to player 1.")
    assert found.claims[-1].verdict == "refuted"
    assert found.claims[-1].numbers["gains"]["player 1"] == pytest.approx(robot["reward"])


def test_who_errs_is_glad_to_be_told():
    """It acts in 4 of 5 rounds where off is better by 1 for both: an answer saves .8."""
    seen = Delegation(NormalForm(switch(-1.0), moves=ROBOT), observed=[[4, 1], [1, 0]], precision=1.0)
    found = asking(seen, cost=0.5)
    assert found.numbers["agents"]["player 1"]["own threshold"] == pytest.approx(0.8)
    assert found.objection == ""
    assert found.effects.change == pytest.approx({"player 1": 0.3, "player 2": 0.0})


def test_waiting_and_answering_cost_something_too():
    wants = [(0.6, switch(1.0)), (0.4, switch(-2.0))]
    game = NormalForm(switch(-0.2), moves=ROBOT)
    found = asking(game, wants=wants, cost=0.1, effort=0.05, discount=0.9)
    robot = found.numbers["agents"]["player 1"]
    assert robot["threshold"] == pytest.approx(0.9 * 0.6 - 0.05)
    assert robot["own threshold"] == pytest.approx(0.9 * 0.6)
    assert found.institution.principals == (("player 1", "principal of player 1"),)
    assert (found.institution.cost, found.institution.effort) == pytest.approx((0.1 + 0.1 * 0.6, 0.05))
    assert found.effects.change["player 1"] == pytest.approx(0.9 * 0.6 - 0.15)
    assert found.claims[-1].verdict == "proved"


def two(first, second):
    """Two robots who do not meet; what their acts are worth."""
    table = switch(first)
    table[..., 1] = switch(second)[..., 0].T
    return table


def test_two_who_do_not_meet_both_ask():
    wants = [(0.25, two(a, b)) for a, b in product((1.0, -1.0), repeat=2)]
    found = asking(NormalForm(np.zeros((2, 2, 2)), moves=("act", "off")), wants=wants, cost=0.2)
    assert found.target == ("ask", "ask")
    assert found.outcome.tolist() == [[0.25, 0.25], [0.25, 0.25]]
    assert [claim.verdict for claim in found.claims] == ["proved"] * 4
    assert found.objection == ""


def test_who_hears_what_others_are_answered_need_not_ask():
    """Both principals always want the same, and answers are heard by all: each would rather have the other ask."""
    wants = [(0.5, two(1.0, 1.0)), (0.5, two(-1.0, -1.0))]
    found = asking(NormalForm(np.zeros((2, 2, 2)), moves=("act", "off")), wants=wants, cost=0.2)
    assert found.outcome.tolist() == [[0.5, 0], [0, 0.5]]
    assert found.claims[-1].verdict == "refuted"
    assert found.claims[-1].witness["gain"] == pytest.approx(0.2)
    assert "gains 0.2 by another plan" in found.objection


def test_what_does_not_pay_is_told_with_what_would():
    wants = [(0.6, switch(1.0)), (0.4, switch(-2.0))]
    cannot = asking(NormalForm(switch(-0.2), moves=ROBOT), wants=wants, cost=0.5, effort=0.2)
    assert isinstance(cannot, Impossible)
    assert cannot.because == "An answer brings 0.6 at most (player 1), and costs 0.7."
    assert cannot.nearest == "It pays below 0.4."
    assert isinstance(asking(games.PrisonersDilemma()), Impossible)


def test_a_target_has_to_be_what_is_answered():
    sure = Delegation(NormalForm(switch(-1.0), moves=ROBOT), rewards=switch(1.0))
    assert asking(sure, ("off", "work")).target == ("ask", "work")
    assert "do not always come to (act, work)" in asking(sure, ("act", "work")).because


def test_bystanders_are_counted():
    """What the principal wants costs a bystander more than it brings."""
    game = NormalForm(
        switch(-1.0), moves=ROBOT, bystanders=("child",), bystander_payoffs=np.array([[[0], [0]], [[-3.0], [-3]]])
    )
    found = asking(Delegation(game, rewards=switch(1.0)))
    assert found.effects.change["child"] == pytest.approx(-3)
    assert found.effects.takes_from_bystanders


def test_a_move_that_is_called_ask():
    game = NormalForm(switch(-0.2), moves=(("ask", "off"), ("work", "rest")))
    found = asking(game, wants=[(0.6, switch(1.0)), (0.4, switch(-2.0))])
    assert found.governed.moves[0] == ("ask", "off", "ask!")
    assert found.claims[-1].verdict == "proved"


@pytest.mark.parametrize(
    "asked",
    [
        {"cost": -1},
        {"cost": math.inf},
        {"effort": math.nan},
        {"discount": 1.5},
        {"precision": 0},
        {"precision": math.nan},
        {"margin": 0},
        {"wants": []},
        {"wants": [(0.5, switch(1.0))]},
        {"wants": [(1.0, np.zeros((2, 2)))]},
        {"wants": [(1.0, switch(math.nan))]},
    ],
)
def test_numbers_that_cannot_be_used(asked):
    with pytest.raises(InputError):
        asking(NormalForm(switch(1.0), moves=ROBOT), **asked)
    with pytest.raises(InputError):
        incentive_to_defer(0.0, -1.0)
