"""The designer of norms: closed forms, strategies tried one by one, the rules themselves, and the leading eight."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import games
from ostrom.core.delegation import Delegation
from ostrom.core.errors import InputError, TooLarge, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.designers._norm_claims import following
from ostrom.designers._norm_found import Search
from ostrom.designers._patience import lowest, patience, shown
from ostrom.designers._proposal import Impossible
from ostrom.designers._remedy import Problem
from ostrom.designers._standings import RULES, Stage, distinctions, forgiven, tried
from ostrom.designers.norm import norm
from ostrom.dynamics import stable_norms
from ostrom.institutions.mistakes import Mistakes
from ostrom.institutions.reputation import Reputation

PD = games.PrisonersDilemma()
DISCRIMINATE, GRIM = RULES.index("DCDC"), RULES.index("DDDC")


def stage_of(game):
    problem = Problem(game)
    return Stage.of(problem.rewards, problem.worth, *((k,) * len(game.players) for k in (0, 1)))


def dilemma(rng):
    sucker, punishment, reward, temptation = (int(k) for k in np.sort(rng.choice(20, 4, replace=False)))
    return games.PrisonersDilemma(reward=reward, sucker=sucker, temptation=temptation, punishment=punishment)


@given(st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_least_discounts_in_closed_form(seed):
    game = dilemma(np.random.default_rng(seed))
    (r, s), (t, p) = game.payoffs[..., 0]
    stage = stage_of(game)
    stern = max(Fraction(int(t - r), int(r - s)), Fraction(int(p - s), int(r - s)))
    if stern < Fraction(99, 100):
        assert patience(stage, "GBBG", DISCRIMINATE, 0.99, 0.0).least == pytest.approx(float(stern), abs=1e-9)
    grim = (t - r) / (t - p)
    if grim < 0.99:
        assert patience(stage, "BBBG", GRIM, 0.99, 0.0).least == pytest.approx(grim, abs=1e-9)
    assert Search(Problem(game), (0, 0), 0.9, 0.0, 2, None, 0.01).no_rule == pytest.approx(grim)


def test_stern_judging_holds_from_two_thirds():
    found = norm(PD)
    assert found.institution == Reputation("GBBG", "C")
    assert (found.numbers["norm"], found.numbers["rule"], found.numbers["bad"]) == ("GBBG", "DC", "D")
    assert found.numbers["least discount"] == pytest.approx(2 / 3, abs=1e-12)
    assert found.numbers["binding"] == "2 - 3 δ ≤ 0"  # a round of 5 for 3, and then one of 0 for 3
    assert found.numbers["no rule"] == pytest.approx(0.5)
    assert found.numbers["forgiven"] == {"row": 1, "column": 1}
    assert found.numbers["welfare after a wrong entry"] == pytest.approx(0.1 * 2.5 + 0.9 * 3)
    assert [claim.verdict for claim in found.claims] == ["proved", "proved", "refuted", "proved"]
    assert found.governed.payoffs[0, 0] == pytest.approx([3, 3])
    assert found.governed.payoffs[1, 0] == pytest.approx([0.1 * (5 + 0) + 0.81 * 3, 0.1 * (0 + 0.9 * 5) + 0.81 * 3])


def brute(stage, letters, rule, discount, error):
    """The most that any of the 16 ways to look at both standings adds for the first player at any state that is met,
    by rounds followed one after the other."""
    states, enter = list(product((False, True), repeat=2)), {True: 1 - error, False: error}
    cases = list(product((False, True), repeat=3))
    verdict = {key: letter == "G" for key, letter in zip(cases, letters[:4] + letters[-4:], strict=True)}
    acts = {key: letter == "C" for key, letter in zip(states, RULES[rule], strict=True)}

    def judge(state, did):
        good = [verdict[state[i], state[1 - i], did[i]] for i in (0, 1)]
        return {nxt: enter[nxt[0] == good[0]] * enter[nxt[1] == good[1]] for nxt in states}

    pays = {tuple(row): pay[0] for row, pay in zip(stage.bits.tolist(), stage.floats.pays, strict=True)}
    met, left = set(), [(True, True)]
    while left:
        state = left.pop()
        if state not in met:
            met.add(state)
            left += [n for did in product((False, True), repeat=2) for n, odds in judge(state, did).items() if odds]

    def worth(strategy):
        value = dict.fromkeys(states, 0.0)
        for _ in range(300):
            last, value = value, {}
            for state in states:
                did = strategy[state], acts[state[1], state[0]]
                later = sum(odds * last[nxt] for nxt, odds in judge(state, did).items())
                value[state] = (1 - discount) * pays[did] + discount * later
        return value

    resident = worth({state: acts[state] for state in states})
    ways = [dict(zip(states, way, strict=True)) for way in product((False, True), repeat=4)]
    return max(other[s] - resident[s] for other in map(worth, ways) for s in met)


def test_nobody_gains_where_no_strategy_does():
    seen = set()
    for seed in range(5):
        rng = np.random.default_rng(seed)
        stage = stage_of(dilemma(rng))
        for letters, error in (("GBBG", 0.0), ("GGBG", 0.05), ("".join(rng.choice(list("GB"), 8)), 0.1 * (seed % 2))):
            one = tried(stage, letters, 0.8, error)
            for rule in {DISCRIMINATE, GRIM, int(rng.integers(16))}:
                if abs(one.loss[rule]) > 1e-6:
                    gains = brute(stage, letters, rule, 0.8, error) > 1e-9
                    assert gains == (one.loss[rule] < 0)
                    seen.add(bool(gains))
    assert seen == {True, False}


@pytest.mark.parametrize("letters", ["GBBG", "BGBG", "GGBGGBBG", "BGBGGGBG"])
@pytest.mark.parametrize("error", [0.0, 0.1])
@pytest.mark.parametrize("game", [PD, games.PublicGoods(players=3, endowment=2)], ids=lambda game: game.name)
def test_the_rules_themselves_say_the_same(letters, error, game):
    high, low = game.moves[0][-1] if len(game.moves[0]) == 3 else "C", game.moves[0][0]
    good, bad = (high, low) if high != "C" else ("C", "D")
    problem = Problem(game)
    moves = [(own.index(good), own.index(bad)) for own in game.moves]
    stage = Stage.of(problem.rewards, problem.worth, *map(tuple, zip(*moves, strict=True)))
    rule = Reputation(letters, good)
    repeated = game.repeated(0.8).under(Mistakes(rule, error) if error else rule)
    one = tried(stage, letters, 0.8, error)
    for k in (DISCRIMINATE, GRIM) if len(game.players) == 2 else (DISCRIMINATE,):
        strategy = following(RULES[k], good, bad)
        assert repeated.value(strategy)[0] == pytest.approx(one.value[k, -1, :-1])
        assert (repeated.gains(strategy).max() <= 1e-9) == (one.loss[k] >= -1e-9)


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_polynomials_and_bisection_agree(seed):
    rng = np.random.default_rng(seed)
    stage, letters = stage_of(dilemma(rng)), "".join(rng.choice(list("GB"), 8))
    one = tried(stage, letters, 0.9, 0.0)
    for k in np.flatnonzero(one.keeps & (one.loss > 1e-6)):
        exact = patience(stage, letters, int(k), 0.9, 0.0)
        near = lowest(lambda at, k=k: bool(tried(stage, letters, at, 0.0).loss[k] >= -1e-9), 0.9)
        assert exact.least == pytest.approx(near, abs=1e-6)
        if exact.binding:
            assert sum(float(c) * exact.least**n for n, c in enumerate(exact.binding)) == pytest.approx(0, abs=1e-6)


def test_the_leading_eight_come_out_on_top():
    game = games.PrisonersDilemma(reward=1, sucker=-1, temptation=2, punishment=0)  # help worth 2 costs 1
    found = norm(game, order=3, error=0.02)
    told = found.numbers["among strangers"]
    assert (told["benefit"], told["cost"], told["error"]) == (2, 1, 0.02)
    leading = {(n, r) for n, r, _ in stable_norms(benefit=2, cost=1, execution=0.02, assignment=0.02).leading(0.94)}
    top = [(n[:4] + n[-4:], r[:2] + r[-2:]) for n, r, share in told["stable"] if share >= 0.94]
    eight = {
        (f"{bad}G{self}", "CCDC" if bad == "BGB" else "DCDC")
        for bad in ("BGB", "GBB", "GGB", "BBB")
        for self in ("GBBG", "GGBG")
    }
    assert eight <= set(top) <= leading
    assert all(share < 0.75 for n, r, share in told["stable"] if (n[:4] + n[-4:], r[:2] + r[-2:]) not in leading)
    assert (found.numbers["norm"], found.numbers["rule"]) == ("BGBGGBBG", "CCDC")
    assert "among strangers" not in norm(PD).numbers  # a one-sided gain of 2 and one of 1: no donation


def test_errors_cost_welfare_and_patience():
    before = norm(PD)
    for error in (0.01, 0.1):
        after = norm(PD, error=error)
        assert after.effects.welfare_after < before.effects.welfare_after
        assert after.numbers["least discount"] > before.numbers["least discount"]
        assert after.effects.welfare_after == pytest.approx(after.numbers["welfare"])
        assert after.outcome.sum() == pytest.approx(1)
        assert after.claims[1].verdict == "proved"
        before = after
    borne = before.numbers["errors borne"]
    assert isinstance(norm(PD, error=borne - 1e-3, margin=1e-6), type(before))
    one = tried(stage_of(PD), "GBBG", 0.9, borne + 1e-3)
    assert one.loss[DISCRIMINATE] < 0


def test_impatience_takes_a_norm_that_never_forgives_or_none():
    grim = norm(PD, discount=0.6)
    assert grim.numbers["rule"] == "DDDC"
    assert grim.numbers["least discount"] == pytest.approx(0.5)
    assert "never forgives" in grim.sentence
    none = norm(PD, discount=0.45)
    assert isinstance(none, Impossible)
    assert none.because.startswith("At a discount factor of 0.45 no equilibrium")
    assert none.numbers["discount"] == 0.55
    noisy = norm(PD, discount=0.7, error=0.3)
    assert isinstance(noisy, Impossible)
    assert "none of 16 norms" in noisy.because
    assert "without errors" in noisy.nearest


def test_no_discount_factor_is_enough_where_nobody_can_be_hurt():
    game = NormalForm([[[3, 3], [3, 4]], [[4, 3], [4, 4]]], moves=("C", "D"))
    found = norm(game, ("C", "C"), discount=0.99)
    assert isinstance(found, Impossible)
    assert found.numbers["no rule"] == 1


def test_what_needs_no_norm_and_what_no_norm_can_say():
    assert "nobody gains" in norm(games.StagHunt()).because
    assert "different things" in norm(games.EscapeRoom()).because


def test_a_certificate_that_others_can_check():
    found = norm(PD)
    checked = found.certificate(Problem(PD)).recheck()
    assert checked[0].answer == "confirmed"
    assert {one.answer for one in checked} <= {"confirmed", "not checked"}


def test_agents_who_pursue_something_else_are_held_by_what_they_pursue():
    rewards = PD.payoffs.copy()
    rewards[1, 0, 0], rewards[0, 1, 1] = 5.5, 5.5  # defection is worth more to the agents than to their principals
    found = norm(Delegation(PD, rewards=rewards))
    assert found.numbers["least discount"] == pytest.approx((5.5 - 3) / 3)
    assert found.numbers["no rule"] == pytest.approx((5.5 - 3) / (5.5 - 1))
    assert found.effects.after == pytest.approx((3, 3))


def test_more_players_and_moves():
    found = norm(games.PublicGoods(players=3), discount=0.95, error=0.01)
    assert found.target == ("20", "20", "20")
    assert found.numbers["bad"] == "0"
    assert found.claims[1].verdict == "proved"
    half = norm(games.PublicGoods(players=3), discount=0.95, bad="10")  # who has to punish by 10 would rather give 0
    assert isinstance(half, Impossible)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"discount": 1.0}, InputError),
        ({"discount": float("nan")}, InputError),
        ({"error": 0.6}, InputError),
        ({"order": 4}, InputError),
        ({"margin": 0}, InputError),
        ({"target": ("C", "E")}, UnknownName),
        ({"bad": "E"}, UnknownName),
    ],
)
def test_what_cannot_be_asked(given, error):
    with pytest.raises(error):
        norm(PD, **given)


def test_too_many_players():
    with pytest.raises(TooLarge, match="7 players"):
        norm(games.PublicGoods(players=7, endowment=2), discount=0.9)


def test_words():
    assert shown((Fraction(2), Fraction(-3), Fraction(0), Fraction(1))) == "2 - 3 δ + δ^3"
    assert (distinctions("GGGG"), distinctions("BGBG"), distinctions("GBBG"), distinctions("GBBGGGBG")) == (0, 1, 2, 3)
    assert forgiven(stage_of(PD), "BBBG", GRIM) == [None, None]
