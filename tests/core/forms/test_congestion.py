import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.congestion import Congestion


@st.composite
def games(draw):
    players, resources = draw(st.integers(2, 4)), draw(st.integers(1, 4))
    bits = st.lists(st.integers(0, 1), min_size=resources, max_size=resources)
    uses = [draw(st.lists(bits, min_size=1, max_size=3)) for _ in range(players)]
    row = st.lists(st.integers(-9, 9), min_size=players + 1, max_size=players + 1)
    return Congestion(uses, draw(st.lists(row, min_size=resources, max_size=resources)))


def mixtures(game, seed, batch=()):
    draw = np.random.default_rng(seed)
    return tuple(draw.dirichlet(np.ones(size), batch) for size in game.sizes)


@given(games())
def test_payoffs_are_what_counting_users_says(game):
    for profile in itertools.product(*map(range, game.sizes)):
        users = [
            sum(int(use[move, r]) for use, move in zip(game.uses, profile, strict=True))
            for r in range(len(game.resources))
        ]
        expected = [
            -sum(game.costs[r, users[r]] for r in range(len(users)) if use[move, r])
            for use, move in zip(game.uses, profile, strict=True)
        ]
        assert game.payoffs_at(np.array(profile)).tolist() == expected


@given(games(), st.integers(0, 99))
def test_the_oracle_is_the_tables(game, seed):
    for batch in ((), (3,), (2, 2)):
        mixture = mixtures(game, seed, batch)
        for own, table in zip(game.deviation_payoffs(mixture), game.dense().deviation_payoffs(mixture), strict=True):
            assert own.shape == table.shape
            assert np.allclose(own, table, rtol=0, atol=1e-12)


def test_mixtures_of_different_batches_broadcast():
    game = Congestion([[1, 0], [0, 1]], [[0, 1, 2], [0, 2, 3]])
    first, second = game.deviation_payoffs((np.full((4, 1, 2), 0.5), np.full((3, 2), 0.5)))
    assert first.shape == second.shape == (4, 3, 2)


def test_large_batches_are_cut_and_put_together(monkeypatch):
    game = Congestion([[1, 0], [0, 1]], [[0, 1, 5, 9], [0, 2, 2, 7]])
    mixture = mixtures(game, 1, (50,))
    whole = game.deviation_payoffs(mixture)
    monkeypatch.setattr("ostrom.core.forms.congestion.CHUNK", 40)
    assert all(np.array_equal(a, b) for a, b in zip(whole, game.deviation_payoffs(mixture), strict=True))


def test_a_hundred_players_against_the_binomial_distribution():
    players, odds = 100, 0.3
    costs = np.random.default_rng(0).uniform(0, 9, (2, players + 1))
    game = Congestion([[1, 0], [0, 1]], costs)
    got = game.deviation_payoffs((np.array([odds, 1 - odds]),) * players)
    for move, q in enumerate((odds, 1 - odds)):
        load = [math.comb(players - 1, k) * q**k * (1 - q) ** (players - 1 - k) for k in range(players)]
        expected = -sum(chance * costs[move, k + 1] for k, chance in enumerate(load))
        assert all(math.isclose(own[move], expected, rel_tol=1e-12) for own in got)


def test_sure_players_do_not_upset_the_expectation():
    game = Congestion([[1, 0], [0, 1]], [[0, 1, 2, 3], [0, 5, 5, 5]])
    for profile in itertools.product((0, 1), repeat=3):
        mixture = game.pure(profile)
        for own, table in zip(game.deviation_payoffs(mixture), game.dense().deviation_payoffs(mixture), strict=True):
            assert np.array_equal(own, table)


@given(games(), st.data())
def test_what_a_player_gains_the_potential_gains(game, data):
    profile = np.array([data.draw(st.integers(0, size - 1)) for size in game.sizes])
    player = data.draw(st.integers(0, len(game.players) - 1))
    other = profile.copy()
    other[player] = data.draw(st.integers(0, game.sizes[player] - 1))
    gain = game.payoffs_at(other)[player] - game.payoffs_at(profile)[player]
    assert math.isclose(game.potential(other) - game.potential(profile), gain, abs_tol=1e-9)


@given(games(), st.data())
def test_best_replies_end_in_a_pure_equilibrium(game, data):
    start = [data.draw(st.integers(0, size - 1)) for size in game.sizes]
    found = game.pure_equilibrium(start)
    assert found.regret <= 1e-9
    assert game.dense().regret(found.points[0]) <= 1e-9
    assert found.status == "partial"


def test_facts_say_who_uses_what():
    game = Congestion([[1, 0], [1, 1]], [[0, 1, 1], [0, 1, 1]], resources=["lane", "bridge"], kind="link")
    assert [fact.name for fact in game.facts] == ["link:lane", "link:bridge"]
    facts = game.facts_at(np.array([[0, 1], [1, 1]]))
    assert facts["link:bridge"].tolist() == [[0, 1], [1, 1]]
    assert facts["link:lane"].tolist() == [[1, 1], [1, 1]]


def test_a_hundred_players_are_no_table():
    game = Congestion([[1, 0], [0, 1]], np.ones((2, 101)))
    with pytest.raises(TooLarge):
        game.dense()


@pytest.mark.parametrize(
    ("uses", "costs"),
    [
        ([[1, 0], [0, 1]], [[0, 1, math.nan], [0, 1, 2]]),
        ([[1, 0], [0, 1]], [[0, 1, math.inf], [0, 1, 2]]),
        ([[1, 0], [0, 1]], [[0, 1, 2]]),
        ([[2, 0], [0, 1]], [[0, 1, 2], [0, 1, 2]]),
        ([[[1, 0]], [[1, 0]], [[0, 1]]], [[0, 1, 2], [0, 1, 2]]),
        ([[[1, 0]], [[1]]], [[0, 1, 2], [0, 1, 2]]),
        ([[1]], [["many", "few"]]),
        ([[1]], [[0]]),
        ([[1]], [0, 1]),
    ],
)
def test_what_does_not_fit_is_refused(uses, costs):
    with pytest.raises(InputError):
        Congestion(uses, costs)


def test_names_have_to_fit():
    with pytest.raises(InputError):
        Congestion([[1]], [[0, 1, 2]], players=["Ann", "Ann"])
    with pytest.raises(InputError):
        Congestion([[1]], [[0, 1, 2]], moves=[["go"]])
