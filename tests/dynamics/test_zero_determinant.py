"""Lines between payoffs against opponents drawn at random, with published strategies, and against best replies."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ostrom.core.automaton import Automaton
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.dynamics import best_reply, enforced_relation, extortion_ceiling, repeated_play, strategy, zero_determinant
from ostrom.games import PrisonersDilemma

few = settings(max_examples=40, deadline=None)
GAME = PrisonersDilemma()
slopes = st.one_of(st.floats(1, 20), st.just(math.inf))


@few
@given(slopes, st.floats(1.2, 2.8), st.floats(0.05, 1), st.sampled_from([None, 0.6, 0.9]), st.integers(0, 10_000))
def test_the_line_holds_against_anybody(slope, baseline, share, discount, seed):
    try:
        enforcer = zero_determinant(slope, baseline, GAME, discount=discount, share=share)
    except InputError:
        assume(False)
    rng = np.random.default_rng(seed)
    other = Automaton(rng.dirichlet([1, 1], size=4), rng.integers(4, size=(4, 2, 2)))  # of any kind, not memory-one
    own, theirs = repeated_play(GAME, [enforcer, other], discount=discount).payoffs
    assert (own - baseline) / slope == pytest.approx(theirs - baseline, abs=1e-7)
    found = enforced_relation(enforcer, GAME, discount=discount)
    assert found.slope == pytest.approx(slope, rel=1e-6) or slope > 1e6
    assert found.baseline == pytest.approx(baseline, abs=1e-6) or slope < 1.001


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(0.02, 0.98), min_size=5, max_size=5), st.sampled_from([None, 0.7]), st.floats(0, 0.2))
def test_a_relation_is_found_only_where_it_holds(p, discount, noise):
    one = Automaton.memory_one(*p[:4], first=p[4])
    found = enforced_relation(one, GAME, noise=noise, discount=discount)
    rng, gaps = np.random.default_rng(1), []
    for _ in range(6):
        other = Automaton.memory_one(*rng.random(4), first=rng.random())
        played = repeated_play(GAME, [one.noisy(noise), other], discount=discount).payoffs
        gaps.append([*played, 1.0])
    if found:
        assert np.array(gaps) @ [found.alpha, found.beta, found.gamma] == pytest.approx(0, abs=1e-6)
    else:
        assert np.linalg.matrix_rank(np.array(gaps) - np.mean(gaps, axis=0), tol=1e-12) != 1


@pytest.mark.parametrize(
    ("name", "kind", "slope", "baseline"),
    [
        ("extort-2", "extortionate", 2, 1),
        ("zd-gtft-2", "generous", 2, 3),
        ("equaliser", "equaliser", math.inf, 2),
        ("tit for tat", "fair", 1, None),
    ],
)
def test_published_strategies(name, kind, slope, baseline):
    found = enforced_relation(strategy(name), GAME)
    assert found.kind == kind
    assert found.slope == pytest.approx(slope)
    assert found.baseline is None if baseline is None else found.baseline == pytest.approx(baseline)


@pytest.mark.parametrize("name", ["cooperator", "defector", "random"])
def test_who_does_the_same_whatever_happens_leaves_a_line(name):
    one, found, rng = strategy(name), enforced_relation(strategy(name), GAME), np.random.default_rng(0)
    assert found.kind == "line"
    for _ in range(5):
        own, theirs = repeated_play(GAME, [one, Automaton.memory_one(*rng.random(4))]).payoffs
        assert found.alpha * own + found.beta * theirs + found.gamma == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("name", ["win-stay lose-shift", "grim", "firm but fair", "grofman"])
def test_others_enforce_nothing(name):
    assert enforced_relation(strategy(name), GAME) is None


def test_published_odds_are_made_again():
    assert zero_determinant(2, 1, GAME).memory_one_odds() == pytest.approx([8 / 9, 1 / 2, 1 / 3, 0])
    assert zero_determinant(2, 3, GAME, share=1).memory_one_odds() == pytest.approx([1, 1 / 8, 1, 1 / 4])
    assert zero_determinant(math.inf, 2, GAME, share=1).memory_one_odds() == pytest.approx([2 / 3, 0, 2 / 3, 1 / 3])


def test_slips_break_the_line_unless_payoffs_add_up():
    """Noise adds ε (1 - 2 g) with g = (1, 1, 0, 0): where payoffs add up, as in a donation game, it is on the plane."""
    assert enforced_relation(strategy("extort-2"), GAME, noise=0.05) is None
    donation = PrisonersDilemma(reward=2, sucker=-1, temptation=3, punishment=0)
    found = enforced_relation(zero_determinant(2, 0, donation), donation, noise=0.05)
    assert found.kind == "line"
    assert found.baseline > 0


@pytest.mark.parametrize("slope", [1.5, 2.0, 5.0, 50.0])
def test_a_best_reply_leaves_the_extortioner_at_the_ceiling(slope):
    for game in (GAME, PrisonersDilemma(-1, -3, 0, -2)):
        punishment = game.payoffs[1, 1, 0]
        enforcer = zero_determinant(slope, punishment, game)
        reply = best_reply(game, [enforcer, enforcer], 1)
        own, other = repeated_play(game, [enforcer, reply.strategy]).payoffs
        assert (own, other) == pytest.approx(extortion_ceiling(slope, game), abs=1e-9)


@few
@given(st.floats(1.2, 10))
def test_the_shortest_future_in_which_extortion_works(slope):
    """δ ≥ max(1 - a / b, c / (a + c)) from the bounds of odds that begin with D (Hilbe, Traulsen and Sigmund 2015)."""
    a, b, c = (1 - 1 / slope) * (3 - 1), (1 - 0) / slope + (5 - 1), (5 - 1) / slope + (1 - 0)
    least = max(1 - a / b, c / (a + c))
    with pytest.raises(InputError, match="No strategy enforces"):
        zero_determinant(slope, 1, GAME, discount=least - 1e-4)
    enforcer = zero_determinant(slope, 1, GAME, discount=least + 1e-4)
    assert enforced_relation(enforcer, GAME, discount=least + 1e-4).slope == pytest.approx(slope, rel=1e-6)


@pytest.mark.parametrize(
    ("asked", "match"),
    [
        (lambda: zero_determinant(0.5, 1, GAME), "slope=0.5"),
        (lambda: zero_determinant(2, float("nan"), GAME), "baseline=nan"),
        (lambda: enforced_relation([1, 0, 1, 0], GAME, discount=0.5, first=float("nan")), "first round are nan"),
        (lambda: zero_determinant(2, 0.5, GAME), "No strategy enforces slope 2 at baseline 0.5"),
        (lambda: zero_determinant(2, 1, GAME, discount=0.3), "with discount factor 0.3"),
        (lambda: zero_determinant(2, 1, GAME, discount=1.0), "discount factor is 1"),
        (lambda: enforced_relation(strategy("tit for two tats"), GAME), "no memory-one strategy"),
        (lambda: enforced_relation([0.5, 0.5], GAME), "no memory-one strategy"),
        (lambda: enforced_relation(strategy("tit for tat"), NormalForm(np.eye(2)[..., None] * [1, 2])), "no symmetric"),
        (lambda: extortion_ceiling(0.9, GAME), "slope 0.9"),
    ],
)
def test_what_cannot_be_is_refused(asked, match):
    with pytest.raises(InputError, match=match):
        asked()


def test_strategies_may_be_named():
    found = enforced_relation("Extort 2", GAME)
    assert found is not None
    assert (found.kind, found.slope) == ("extortionate", pytest.approx(2))
    assert enforced_relation("Pavlov", GAME) is None
    with pytest.raises(InputError, match="no finite automaton"):
        enforced_relation("soft majority", GAME)
    with pytest.raises(InputError, match="tit for two tats is no memory-one strategy"):
        enforced_relation("tit for two tats", GAME)
    with pytest.raises(UnknownName, match="extort-2"):
        enforced_relation("extortion-2", GAME)
