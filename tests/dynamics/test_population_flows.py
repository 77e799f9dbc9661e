"""Flows: fields written out, Sandholm's two laws, closed forms, quantal responses, and where paths end."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.integrate import solve_ivp

from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.dynamics import basins, flow_field, flow_limit, one_population, population_flow
from ostrom.games import Chicken, MatchingPennies, StagHunt

TABLES = st.sampled_from([(2, 2), (3, 2), (2, 3, 2)]).flatmap(
    lambda shape: hnp.arrays(int, (*shape, len(shape)), elements=st.integers(-5, 5))
)
FLOWS = ("logit", "best response", "smith", "bnn")
RPS = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])


def symmetric(row):
    return NormalForm(np.stack([row, np.transpose(row)], axis=-1))


def starts(game, count, seed=0):
    rng = np.random.default_rng(seed)
    return tuple(rng.dirichlet(np.ones(size), size=count) for size in game.sizes)


def written_out(flow, x, worth, noise=0.1):
    """The same fields, move by move."""
    moves = range(len(x))
    if flow == "logit":
        weights = [np.exp(w / noise) for w in worth]
        return [weights[a] / sum(weights) - x[a] for a in moves]
    if flow == "best response":
        best = [a for a in moves if np.isclose(worth[a], max(worth), rtol=0, atol=1e-12)]
        return [(a in best) / len(best) - x[a] for a in moves]
    if flow == "bnn":
        mean = sum(x[a] * worth[a] for a in moves)
        lead = [max(worth[a] - mean, 0) for a in moves]
        return [lead[a] - x[a] * sum(lead) for a in moves]
    into = [sum(x[b] * max(worth[a] - worth[b], 0) for b in moves) for a in moves]
    out = [x[a] * sum(max(worth[b] - worth[a], 0) for b in moves) for a in moves]
    return [into[a] - out[a] for a in moves]


@pytest.mark.parametrize("flow", FLOWS)
@settings(max_examples=20, deadline=None)
@given(TABLES, st.integers(0, 99))
def test_fields(flow, table, seed):
    game = NormalForm(table)
    mixture = starts(game, 2, seed)
    worth = game.deviation_payoffs(mixture)
    for own, x, d in zip(flow_field(game, mixture, flow), mixture, worth, strict=True):
        for k in range(2):
            assert own[k] == pytest.approx(written_out(flow, x[k], d[k]), abs=1e-12)
        assert own.sum(-1) == pytest.approx(0, abs=1e-9)
        if flow != "logit":  # positive correlation: velocity and payoffs agree, unless at rest (Sandholm 2010)
            assert ((own * d).sum(-1) >= -1e-12).all()


@pytest.mark.parametrize("flow", ["best response", "smith", "bnn"])
@pytest.mark.parametrize(("game", "equilibrium"), [(MatchingPennies(), [0.5, 0.5]), (symmetric(RPS), [1 / 3] * 3)])
def test_rest_is_at_nash_equilibria(flow, game, equilibrium):
    """And nowhere else, unlike under imitation: at a corner that is none, moves that nobody makes come up."""
    x = np.array(equilibrium)
    assert all(np.abs(v).max() < 1e-12 for v in flow_field(game, (x, x), flow))
    corner = np.eye(len(x))[0]
    assert max(np.abs(v).max() for v in flow_field(game, (corner, corner), flow)) > 0.1


def test_best_response_paths_are_straight():
    """While the best move stays the same, x(t) = B + (x(0) - B) exp(-t)."""
    game = symmetric([[3, 0], [5, 1]])
    times = np.array([0.0, 0.5, 2.0])
    (first, _) = population_flow(game, (np.array([0.9, 0.1]), np.array([0.5, 0.5])), times, "best response")
    assert first[:, 0] == pytest.approx(0.9 * np.exp(-times), abs=1e-7)


def test_best_responses_in_rock_paper_scissors_end_at_the_triangle():
    """Losing costs more than winning brings: paths end on a triangle on which the best worth is 0 (Gaunersdorfer and
    Hofbauer 1995), for the best worth falls off like exp(-t) along every straight piece."""
    row = RPS - 0.5 * np.abs(RPS)
    (path,) = population_flow(
        one_population(symmetric(row)), (np.array([0.4, 0.32, 0.28]),), range(12), "best response"
    )
    best = (path @ row.T).max(-1)
    assert best == pytest.approx(best[0] * np.exp(-np.arange(12)), abs=3e-3)
    assert np.ptp(path[-3:], axis=0).max() > 0.1


@pytest.mark.parametrize("flow", ["logit", "smith", "bnn"])
def test_paths_against_scipy(flow):
    row = np.random.default_rng(4).normal(size=(3, 3))
    game, x = one_population(symmetric(row)), np.array([0.2, 0.5, 0.3])
    found = population_flow(game, (x,), [0.2, 0.7], flow, noise=0.5)[0]
    theirs = solve_ivp(
        lambda _, y: written_out(flow, y, row @ y, 0.5), (0, 0.7), x, t_eval=[0.2, 0.7], rtol=1e-9, atol=1e-11
    )
    assert found == pytest.approx(theirs.y.T, abs=1e-6)


def test_logit_rests_at_quantal_responses():
    game = Chicken()
    found = flow_limit(game, starts(game, 4), "logit", noise=0.7)
    assert found.rest.all()
    for x, worth in zip(found.last, game.deviation_payoffs(found.last), strict=True):
        odds = np.exp(worth / 0.7)
        assert x == pytest.approx(odds / odds.sum(-1, keepdims=True), abs=2e-6)


@pytest.mark.parametrize("flow", ["best response", "smith", "bnn"])
@pytest.mark.parametrize(("row", "exact"), [([[4, 0], [3, 3]], 1 / 4), ([[4, 1], [3, 2]], 1 / 2)])
def test_basins_of_stag_hunts(flow, row, exact):
    """With two moves in one population, every flow has the same separatrix: 3/4 and 1/2."""

    def ends(game, start):
        return flow_limit(game, start, flow)

    answer = basins(one_population(symmetric(row)), ends, starts=300)
    shares = {basin.profile: basin.share for basin in answer.basins}
    low, high = shares[0,].interval
    assert low <= exact <= high
    assert shares[0,].count + shares[1,].count == 300


@pytest.mark.parametrize("flow", FLOWS)
def test_a_mixed_equilibrium_attracts_one_population(flow):
    found = flow_limit(one_population(Chicken()), (np.array([[0.1, 0.9], [0.9, 0.1]]),), flow, noise=0.01)
    assert found.last[0] == pytest.approx(np.array([[2 / 3, 1 / 3]] * 2), abs=0.01)
    assert found.method.startswith("the ")


def test_good_rock_paper_scissors_settles_and_bad_does_not():
    """Winning more than losing: stable under all of them; losing more: none comes to rest."""
    start = (np.array([0.5, 0.3, 0.2]),)
    for flow in ("best response", "smith", "bnn"):
        good, bad = (one_population(symmetric(RPS + change * np.abs(RPS))) for change in (0.5, -0.5))
        assert flow_limit(good, start, flow).last[0] == pytest.approx(np.full(3, 1 / 3), abs=0.01)
        end = flow_limit(bad, start, flow, steps=300)
        assert not end.rest
        assert np.ptp(end.last[0]) > 0.05


def test_a_batch_is_as_if_each_were_alone():
    game, start = StagHunt(), starts(StagHunt(), 4)
    together = population_flow(game, tuple(x.reshape(2, 2, -1) for x in start), [1.0], "smith")
    for k in range(4):
        alone = population_flow(game, tuple(x[k] for x in start), [1.0], "smith")
        assert together[0][0, k // 2, k % 2] == pytest.approx(alone[0][0], abs=1e-9)


def test_nonsense_is_refused():
    game, x = StagHunt(), (np.array([0.5, 0.5]),) * 2
    with pytest.raises(UnknownName, match="no flow"):
        flow_field(game, x, "lava")
    with pytest.raises(InputError, match="noise of 0"):
        flow_field(game, x, "logit", noise=0.0)
    with pytest.raises(InputError, match="not in order"):
        population_flow(game, x, [1.0, 0.5])
    with pytest.raises(InputError, match="sums up to"):
        flow_limit(game, (np.array([0.5, 0.6]),) * 2)
