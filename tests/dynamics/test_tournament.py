"""Tournaments against matches written out, exact long-run payoffs, and what is refused."""

from itertools import product

import numpy as np
import pytest

from ostrom.core.automaton import Automaton
from ostrom.core.errors import InputError, TooLarge, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.dynamics import ecology, payoff_matrix, strategies, strategy, tournament
from ostrom.games import PrisonersDilemma, PublicGoods

SOME = ("tit for tat", "defector", "grim", "soft majority", "gradual", "alternator")
THREE = PublicGoods(players=3, levels=2)
ALONE = Automaton.pure([0], np.zeros((1, 2, 2), int), name="alone")


def match(one, other, turns):
    """Two pure automata round by round."""
    game, states, paid = PrisonersDilemma().payoffs, [one.start, other.start], np.zeros(2)
    for _ in range(turns):
        a, b = (int(each.odds[state].argmax()) for each, state in zip((one, other), states, strict=True))
        paid += game[a, b]
        states = [int(one.table[states[0], a, b]), int(other.table[states[1], b, a])]
    return paid / turns


def test_payoffs_are_those_of_matches_written_out():
    names = ["tit for tat", "bully", "prober", "davis", "nydegger", "contrite tit for tat", "cycler CCD"]
    found = tournament(names, turns=77)
    for i, j in product(range(len(names)), repeat=2):
        wanted = match(strategy(names[i]), strategy(names[j]), 77)
        assert found.payoffs[i, j] == pytest.approx(wanted if i != j else [wanted.mean()] * 2)
    assert found.scores == pytest.approx(found.payoffs[..., 0].mean(1))
    assert found.rounds == 77 * len(names) * (len(names) + 1) // 2  # nothing is left to chance: once each
    assert found.ranking[0] == names[int(found.scores.argmax())]


def test_long_noisy_matches_come_near_the_exact_payoffs():
    names = ["tit for tat", "win-stay lose-shift", "generous tit for tat", "defector"]
    exact = payoff_matrix([strategy(name) for name in names], PrisonersDilemma(), noise=0.05)
    found = tournament(names, turns=4000, noise=0.05, repetitions=20)
    assert found.payoffs == pytest.approx(exact, abs=0.03)


def test_the_chance_of_ending_is_a_discount():
    """Matches that end with odds 0.2 pay in sum what δ = 0.8 pays; per round, the ratio of means is the same."""
    names = ["grim", "suspicious tit for tat", "alternator", "tit for tat"]
    exact = payoff_matrix([strategy(name) for name in names], PrisonersDilemma(), discount=0.8)
    found = tournament(names, ending=0.2, repetitions=4000, seed=3)
    assert found.payoffs == pytest.approx(exact, abs=0.06)


def test_the_same_seed_gives_the_same_bytes_and_another_does_not():
    runs = [tournament(list(strategies()), turns=50, repetitions=2, noise=0.01, seed=seed) for seed in (1, 1, 2)]
    for name in ("payoffs", "scores", "wins", "cooperation"):
        one, again, other = (getattr(run, name).tobytes() for run in runs)
        assert one == again
        assert one != other


def test_wins_and_cooperation():
    found = tournament(["cooperator", "defector", "random"], turns=100, repetitions=5)
    assert found.cooperation[0].tolist() == [1, 1, 1]
    assert found.cooperation[1].tolist() == [0, 0, 0]
    assert found.cooperation[2] == pytest.approx([0.5] * 3, abs=0.1)
    assert found.wins[:2].tolist() == [0, 2]  # the defector beats both, in every repetition
    assert 1 <= found.wins[2] <= 2


def test_without_self_play_nobody_meets_itself():
    found = tournament(SOME, self_play=False)
    assert np.isnan(found.payoffs[range(6), range(6)]).all()
    rest = found.payoffs[..., 0][~np.eye(6, dtype=bool)].reshape(6, 5)
    assert found.scores == pytest.approx(rest.mean(1))


def test_automata_of_three_players_and_more_moves():
    game = PublicGoods(players=3, levels=3)
    constant = [Automaton(np.eye(3)[[move]], np.zeros((1, 3, 3, 3), int), name=f"always {move}") for move in range(3)]
    found = tournament(constant, game, turns=5)
    for joint in product(range(3), repeat=3):
        assert found.payoffs[joint] == pytest.approx(game.payoffs_at(np.array(joint)))
    assert found.payoffs.shape == (3, 3, 3, 3)
    assert found.cooperation.tolist() == [1, 0, 0]
    mean = np.mean([np.moveaxis(found.payoffs[..., seat], seat, 0).reshape(3, -1).mean(1) for seat in range(3)], 0)
    assert found.scores == pytest.approx(mean)


def test_a_game_whose_seats_differ_is_played_from_both():
    game = NormalForm(np.arange(8.0).reshape(2, 2, 2))
    found = tournament(["cooperator", "defector"], game, turns=3)
    assert found.payoffs == pytest.approx(game.payoffs)
    counting = tournament(["soft majority", "adaptive", "downing", "defector"], game, turns=40)
    assert counting.payoffs[0, 3] == pytest.approx((game.payoffs[0, 1] + 39 * game.payoffs[1, 1]) / 40)


def test_what_does_well_spreads():
    """Axelrod's ecology: defectors live off cooperators and go with them."""
    path = ecology(tournament(["tit for tat", "defector", "cooperator"]), start=[0.1, 0.1, 0.8], generations=200)
    assert path.sum(1) == pytest.approx(1)
    assert path[5, 1] > path[0, 1]
    assert path[-1, 1] < 1e-6
    table = np.array([[1.0, 2.0], [0.5, 3.0]])
    share = np.array([0.4, 0.6])
    grown = share * (table @ share)
    assert ecology(table, start=share, generations=1)[1] == pytest.approx(grown / grown.sum())


@pytest.mark.parametrize(
    ("asked", "error", "match"),
    [
        (lambda: tournament(["tit for tat", "tat for tit"]), UnknownName, "tat for tit"),
        (lambda: tournament([]), InputError, "0 strategies"),
        (lambda: tournament(["grim"], self_play=False), InputError, "at least one, or two"),
        (lambda: tournament(SOME, turns=0), InputError, "turns=0"),
        (lambda: tournament(SOME, turns=float("nan")), InputError, "turns=nan"),
        (lambda: tournament(SOME, turns=float("inf")), InputError, "turns=inf"),
        (lambda: tournament(SOME, repetitions=1.5), InputError, r"repetitions=1\.5"),
        (lambda: tournament([ALONE] * 2, THREE, self_play=False), InputError, "meets itself"),
        (lambda: ecology([]), InputError, "shape"),
        (lambda: tournament(SOME, ending=0.0), InputError, r"ending=0\.0"),
        (lambda: tournament(SOME, noise=float("nan")), InputError, "noise=nan"),
        (lambda: tournament(["gradual"], PublicGoods(players=3, levels=2)), InputError, "gradual counts"),
        (lambda: tournament(["grim"], PublicGoods(players=3, levels=2)), InputError, "grim has moves"),
        (lambda: tournament(SOME, turns=10**9), TooLarge, "rounds"),
        (lambda: tournament(SOME, repetitions=10**9), TooLarge, "strategies at tables of 2"),
        (lambda: ecology([[1.0, -1.0], [0.0, 1.0]]), InputError, "the least -1"),
        (lambda: ecology([[1.0, 1.0], [0.0, 1.0]], start=[0.5, 0.6]), InputError, "no shares"),
    ],
)
def test_what_cannot_be_played_is_refused(asked, error, match):
    with pytest.raises(error, match=match):
        asked()
