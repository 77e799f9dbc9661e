"""Sets of payoffs against QuantEcon's (stored), against equilibria that are known, and against brute force."""

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.automaton import Automaton
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.dynamics import (
    equilibrium_payoffs,
    rational_payoffs,
    repeated_equilibrium,
    repeated_play,
    secured_payoffs,
)
from ostrom.dynamics._polygons import above, hull
from ostrom.games import MatchingPennies, PrisonersDilemma, PublicGoods

STORED = json.loads((Path(__file__).parent / "data" / "quantecon_payoff_sets.json").read_text(encoding="utf-8"))
few = settings(max_examples=25, deadline=None)


def same(one, other, within):
    gaps = np.abs(np.asarray(one)[:, None] - np.asarray(other)[None]).max(-1)
    return len(one) == len(other) and gaps.min(0).max() < within and gaps.min(1).max() < within


@pytest.mark.parametrize("case", STORED["cases"], ids=lambda case: case["game"])
def test_the_corners_are_those_of_quantecon(case):
    """Abreu and Sannikov's algorithm there, operators on whole sets here; the first case is their paper's."""
    found = equilibrium_payoffs(NormalForm(case["payoffs"]), case["discount"])
    assert found.status == "complete"
    assert same(found.corners, case["corners"], 1e-6)


def test_a_dilemma_just_patient_enough():
    """Mutual cooperation needs δ = 1/2; already at 0.3 taking turns is paid, and at 0.2 nothing but defection."""
    game = PrisonersDilemma()
    low = equilibrium_payoffs(game, 0.2)
    assert low.corners == pytest.approx(np.array([[1.0, 1.0]]), abs=1e-6)
    turns = equilibrium_payoffs(game, 0.3).corners
    assert same(turns, [[1, 1], [4, 1], [1, 4]], 1e-6)  # (1 - δ) 0 + δ w = 1 with w on the line of turns
    for delta, distance in ((0.49, 0.1), (0.51, 0.0)):
        nearest = np.abs(equilibrium_payoffs(game, delta).corners - [3, 3]).max(-1).min()
        assert nearest > distance if distance else nearest < 1e-6
    high = equilibrium_payoffs(game, 0.51)
    assert np.abs(high.corners - [3, 3]).max(-1).min() < 1e-6
    assert high.corners.min(0) == pytest.approx([1, 1], abs=1e-6)


@pytest.mark.parametrize("seed", range(8))
def test_what_perfect_automata_are_paid_is_in_the_set(seed):
    """Every pair of pure two-state automata that is perfect at δ = 0.7 is paid something inside."""
    rng, delta = np.random.default_rng(seed), 0.7
    game = NormalForm(rng.integers(-5, 6, size=(2, 2, 2)).astype(float))
    corners = equilibrium_payoffs(game, delta).corners
    for _ in range(60):
        pair = [Automaton(np.eye(2)[rng.integers(2, size=2)], rng.integers(2, size=(2, 2, 2))) for _ in range(2)]
        if repeated_equilibrium(game, pair, discount=delta).subgame_perfect:
            paid = repeated_play(game, pair, discount=delta).payoffs
            grown = hull(np.concatenate([corners, [paid]]))
            assert same(grown, corners, 1e-6) or np.abs(corners - paid).max(-1).min() < 1e-6


def test_sets_grow_with_patience_up_to_what_is_rational():
    """With public lots they do (Abreu, Pearce and Stacchetti 1990), and the folk theorem bounds them."""
    game, before = PrisonersDilemma(), np.zeros((0, 2))
    bound = rational_payoffs(game).corners
    for delta in (0.2, 0.5, 0.6, 0.8, 0.95):
        corners = equilibrium_payoffs(game, delta).corners
        assert same(hull(np.concatenate([corners, before]), 1e-7), corners, 1e-5)
        assert same(hull(np.concatenate([bound, corners]), 1e-7), bound, 1e-5)
        before = corners
    assert same(before, bound, 1e-6)


def test_matching_pennies_have_no_pure_equilibrium_to_go_back_to():
    found = equilibrium_payoffs(MatchingPennies(), 0.9)
    assert (found.status, len(found.corners)) == ("complete", 0)
    assert secured_payoffs(MatchingPennies()).pure.tolist() == [1, 1]
    assert secured_payoffs(MatchingPennies()).mixed == pytest.approx([0, 0])


def test_few_rounds_give_a_set_round_it_and_say_so():
    case = STORED["cases"][0]
    found = equilibrium_payoffs(NormalForm(case["payoffs"]), case["discount"], rounds=3)
    assert found.status == "partial"
    assert same(hull(np.concatenate([found.corners, case["corners"]])), found.corners, 1e-6)


@few
@given(st.integers(0, 10_000), st.sampled_from([(2, 2), (3, 2), (2, 3, 2)]))
def test_what_is_secured(seed, sizes):
    """Pure minmax by listing; the mixed one lies between maximin and it, and no mixture of the others beats it."""
    rng = np.random.default_rng(seed)
    game = NormalForm(rng.normal(size=(*sizes, len(sizes))))
    found = secured_payoffs(game)
    for seat in range(len(sizes)):
        rest = [range(size) for k, size in enumerate(sizes) if k != seat]
        own = range(sizes[seat])
        at = lambda move, others, seat=seat: game.payoffs[(*others[:seat], move, *others[seat:], seat)]  # noqa: E731
        pure = min(max(at(move, others) for move in own) for others in product(*rest))
        maximin = max(min(at(move, others) for others in product(*rest)) for move in own)
        assert found.pure[seat] == pytest.approx(pure)
        assert maximin - 1e-9 <= found.mixed[seat] <= pure + 1e-9
        listed = list(product(*rest))
        for _ in range(20):
            weights = rng.dirichlet(np.ones(len(listed)) * 0.3)
            reply = max(sum(w * at(move, others) for w, others in zip(weights, listed, strict=True)) for move in own)
            assert reply >= found.mixed[seat] - 1e-9


@few
@given(st.lists(st.tuples(st.integers(-5, 5), st.integers(-5, 5)), min_size=1, max_size=9), st.integers(-5, 5))
def test_polygons_against_scipy(points, least):
    from scipy.spatial import ConvexHull

    spread = np.unique(points, axis=0)
    corners = hull(np.array(points))
    if np.linalg.matrix_rank(spread - spread[0]) == 2:
        wanted = ConvexHull(spread)
        assert same(corners, spread[wanted.vertices], 1e-9)
        cut = above(corners, 0, least)
        inside = [(x, y) for x in np.linspace(-5, 5, 21) for y in np.linspace(-5, 5, 21) if x > least]
        holds = lambda equations, p: (equations[:, :2] @ p + equations[:, 2] <= 1e-9).all()  # noqa: E731
        for p in inside:
            if holds(wanted.equations, p):
                assert same(hull(np.concatenate([cut, [p]])), hull(cut), 1e-9)
        assert (cut[:, 0] >= least - 1e-12).all()
    assert len(corners) <= len(spread)


def test_more_players_are_told_where_to_ask():
    game = PublicGoods(players=3, levels=2)
    assert len(secured_payoffs(game).pure) == 3
    for ask in (lambda: equilibrium_payoffs(game, 0.5), lambda: rational_payoffs(game)):
        with pytest.raises(InputError, match="3 players"):
            ask()
    with pytest.raises(InputError, match="discount factor"):
        equilibrium_payoffs(PrisonersDilemma(), 1.0)


def test_a_future_too_small_to_be_divided_by_is_none():
    now, hardly = (equilibrium_payoffs(PrisonersDilemma(), discount).corners for discount in (0.0, 1e-320))
    assert hardly.tolist() == now.tolist() != []
