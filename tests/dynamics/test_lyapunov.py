"""Chaos: exponents known in closed form, tangent vectors against SciPy, published chaos, and order that is none."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.dynamics import lyapunov, one_population
from ostrom.dynamics._tangents import Tangents
from ostrom.games import MatchingPennies, PrisonersDilemma

MWU = "multiplicative weights"


def symmetric(row):
    return one_population(NormalForm(np.stack([row, np.transpose(row)], axis=-1)))


def cycle(tie):
    return np.array([[tie, -1.0, 1.0], [1.0, tie, -1.0], [-1.0, 1.0, tie]])


def sato(tie):
    """Rock-paper-scissors in which a tie is worth `tie` to one and costs the other as much: zero-sum."""
    return NormalForm(np.stack([cycle(tie), cycle(-tie).T], axis=-1))


def roads(a, b):
    """Two roads on which drivers delay each other; in equilibrium the share b takes the first."""
    return symmetric(-np.diag([a * (1 - b), a * b]))


def adapted(x, a, b):
    """A round of multiplicative weights there, with rate 1: x / (x + (1 - x) exp(a (x - b)))."""
    return x / (x + (1 - x) * np.exp(a * (x - b)))


def exponent_of_map(a, b, rounds=100_000):
    x, total = 0.3, 0.0
    for k in range(2 * rounds):
        pushed = np.exp(a * (x - b))
        slope = pushed * (1 - a * x * (1 - x)) / (x + (1 - x) * pushed) ** 2
        total += np.log(abs(slope)) if k >= rounds else 0.0
        x = adapted(x, a, b)
    return total / rounds


@pytest.mark.parametrize(
    ("a", "b", "verdict", "period"),
    [(5.0, 0.5, "settles", None), (20.0, 0.5, "cycles", 2), (20.0, 0.7, "cycles", 3), (40.0, 0.7, "chaotic", None)],
)
def test_drivers_who_react_strongly(a, b, verdict, period):
    """Palaiopanos and others (2017), Chotibut and others (2020): rest up to a = 2 / (b (1 - b)), then cycles; period
    three, which means chaos somewhere (Li and Yorke 1975); and chaos. The exponent is the mean of log |f'|."""
    found = lyapunov(roads(a, b), (np.array([0.3, 0.7]),), MWU, rate=1.0, time=4000)
    assert (found.verdict, found.period) == (verdict, period)
    assert found.exponent == pytest.approx(exponent_of_map(a, b, 20_000), abs=0.005 + np.ptp(found.interval))


def test_rest_of_that_map_is_lost_where_it_should_be():
    for a, verdict in ((7.9, "settles"), (8.1, "cycles")):
        assert lyapunov(roads(a, 0.5), (np.array([0.45, 0.55]),), MWU, rate=1.0, time=3000).verdict == verdict


def test_where_all_settle_the_exponent_is_an_eigenvalue():
    """At defection the share of cooperators falls like exp(-t) (payoffs 0 and 1); learners of temperature 1/10 spiral
    in to mixing like exp(-t / 10); and good rock-paper-scissors like exp(-t / 6)."""
    found = lyapunov(PrisonersDilemma(), ((0.9, 0.1), (0.6, 0.4)), time=100)
    assert (found.verdict, found.exponent) == ("settles", pytest.approx(-1, abs=1e-3))
    learners = lyapunov(MatchingPennies(), ((0.7, 0.3), (0.6, 0.4)), "q-learning", noise=0.1, time=220)
    assert (learners.verdict, learners.exponent) == ("settles", pytest.approx(-0.1, abs=1e-3))
    good = lyapunov(symmetric(cycle(0.0) + 0.5 * (np.abs(cycle(0.0)))), ((0.5, 0.3, 0.2),), time=200)
    assert (good.verdict, good.exponent) == ("settles", pytest.approx(-1 / 6, abs=1e-3))


def test_zero_sum_cycles_are_no_chaos():
    """One population of rock-paper-scissors goes round; two who miss no tie wander on a torus."""
    found = lyapunov(symmetric(cycle(0.0)), ((0.5, 0.3, 0.2),), time=300)
    assert found.verdict == "cycles"
    assert abs(found.growth) < 3
    torus = lyapunov(sato(0.0), ((0.5, 0.01, 0.49), (0.5, 0.25, 0.25)), time=300)
    assert torus.verdict == "quasi-periodic"
    assert abs(torus.growth) < 5
    assert "no chaos was seen" in torus.sentence


def test_small_circles_have_the_period_of_the_linear_motion():
    """Near the middle of rock-paper-scissors, 2 π √3 for eigenvalues ± i / √3."""
    found = lyapunov(symmetric(cycle(0.0)), ((0.34, 0.33, 0.33),), time=200)
    assert found.period == pytest.approx(2 * np.pi * np.sqrt(3), rel=1e-3)


@pytest.mark.slow
def test_sato_akiyama_farmer_2002_hamiltonian_chaos():
    """Ties worth ±1/2: from (0.5, 0.01 k, 0.5 - 0.01 k) chaos for small k, with exponents of a few hundredths."""
    found = lyapunov(sato(0.5), ((0.5, 0.01, 0.49), (0.5, 0.25, 0.25)), time=1000)
    assert found.verdict == "chaotic"
    assert 0.02 < found.interval[0] < found.interval[1] < 0.12
    assert "cannot be foretold" in found.sentence


def test_bad_rock_paper_scissors_goes_from_corner_to_corner():
    found = lyapunov(symmetric(cycle(0.0) - 0.5 * np.abs(cycle(0.0))), ((0.5, 0.3, 0.2),), time=500)
    assert found.verdict == "heteroclinic"


@pytest.mark.slow
def test_shapleys_cycle_under_smoothed_fictitious_play():
    game = NormalForm(np.stack([np.eye(3), np.roll(np.eye(3), 1, axis=1)], axis=-1))
    found = lyapunov(game, ((0.5, 0.3, 0.2), (0.2, 0.5, 0.3)), "logit", noise=0.1, time=40)
    assert found.verdict == "cycles"
    calm = lyapunov(game, ((0.5, 0.3, 0.2), (0.2, 0.5, 0.3)), "logit", noise=1.0, time=40)
    assert calm.verdict == "settles"


def test_tangent_vectors_against_scipy():
    """The variational equations written out in logarithms of shares, for a game of two with three moves each."""
    a, b = cycle(0.5), cycle(-0.5)
    moving = Tangents(sato(0.5), (np.array([0.5, 0.1, 0.4]), np.array([0.5, 0.25, 0.25])), "replicator", 1, 1, 3)
    middle = np.kron(np.eye(2), np.eye(3) - 1 / 3)

    def derivative(logs):
        x = np.exp(logs) / np.exp(logs).sum()
        return np.diag(x) - np.outer(x, x)

    def field(_, y):
        (u, v), (du, dv) = np.split(y[:6], 2), np.split(y[6:], 2)
        x, z = np.exp(u) / np.exp(u).sum(), np.exp(v) / np.exp(v).sum()
        speed = middle @ np.concatenate([a @ z, b @ x])
        turn = middle @ np.concatenate([a @ derivative(v) @ dv, b @ derivative(u) @ du])
        return np.concatenate([speed, turn])

    begin = np.concatenate([moving.at[0], moving.vector[0]])
    theirs = solve_ivp(field, (0, 20), begin, rtol=1e-10, atol=1e-12).y[:, -1]
    grown = sum(moving.advance(5.0) for _ in range(4))
    assert moving.at[0] == pytest.approx(theirs[:6], abs=1e-4)
    assert grown[0] == pytest.approx(np.log(np.linalg.norm(theirs[6:])), abs=1e-3)


def test_one_seed_one_answer():
    asked = MatchingPennies(), ((0.7, 0.3), (0.6, 0.4)), MWU
    one, same = (lyapunov(*asked, time=200, seed=3) for _ in range(2))
    assert (one.exponent, one.interval) == (same.exponent, same.interval)


def test_nonsense_is_refused():
    game, x = PrisonersDilemma(), ((0.9, 0.1), (0.6, 0.4))
    with pytest.raises(UnknownName, match="no dynamics"):
        lyapunov(game, x, "newton")
    for change in ({"rate": 0.0}, {"noise": -1.0}, {"time": 0.0}, {"time": float("inf")}):
        with pytest.raises(InputError, match="positive and finite"):
            lyapunov(game, x, **change)
    with pytest.raises(InputError, match="some of its shares are 0"):
        lyapunov(game, ((1.0, 0.0), (0.6, 0.4)))
