import numpy as np
import pytest

from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.normal_form import NormalForm
from ostrom.diagnosis.sampled_game import sampled_game
from ostrom.games import PrisonersDilemma, StagHunt
from ostrom.solvers import pure_equilibria

MOVES = (("a", "b"), ("x", "y"))


def noisy(table, spread):
    """A simulator of a table with normal noise."""

    def simulate(at, seed):
        return np.asarray(table)[at] + spread * np.random.default_rng(seed).normal(size=np.shape(table)[-1])

    return simulate


def test_the_dilemma_is_found_and_nothing_else():
    found = sampled_game(noisy(PrisonersDilemma().payoffs, 1.0), (("C", "D"), ("C", "D")), samples=4000)
    assert found.settled
    assert found.equilibria[0][0] == ("D", "D")
    assert found.probability[0, 0] < 0.05
    assert found.counts.sum() < 4000
    assert "(D, D)" in found.findings[0].sentence


def test_what_is_stated_is_what_happens():
    """Over many games, of joint moves called equilibria with odds p about a share p are (means drawn far and wide)."""
    rng = np.random.default_rng(0)
    said, true = [], []
    for k in range(150):
        table = rng.normal(0, 3.0, (2, 2, 2))
        found = sampled_game(noisy(table, 3.0), MOVES, samples=24, seed=k)
        stable = np.zeros((2, 2))
        for profile in pure_equilibria(NormalForm(table)).profiles:
            stable[profile] = 1
        said += found.probability.ravel().tolist()
        true += stable.ravel().tolist()
    said, true = np.array(said), np.array(true)
    for low, high in ((0.0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.01)):
        inside = (said >= low) & (said < high)
        error = 3 * np.sqrt(0.25 / inside.sum())
        assert true[inside].mean() == pytest.approx(said[inside].mean(), abs=error + 0.05)


def test_intervals_hold_the_truth():
    covered = [
        (np.abs(found.game.payoffs - StagHunt().payoffs) <= found.margins).mean()
        for found in (sampled_game(noisy(StagHunt().payoffs, 2.0), MOVES, samples=24, seed=k) for k in range(60))
    ]
    assert np.mean(covered) == pytest.approx(0.95, abs=0.03)


def test_samples_go_where_it_is_open():
    """Of eight joint moves only those round a close call matter."""
    table = np.zeros((2, 4, 2))
    table[0, :, 0] = 10.0  # the first player never doubts
    table[0, :, 1] = [5.0, 4.8, -20, -30]
    table[1, :, 1] = [0, 1, 2, 3]
    found = sampled_game(noisy(table, 1.0), (("a", "b"), ("w", "x", "y", "z")), samples=600)
    assert found.counts[0, :2].min() > 3 * found.counts[1].max()
    assert found.next()[0][0] == "a"


def test_the_same_seed_gives_the_same_game():
    one, two = (sampled_game(noisy(StagHunt().payoffs, 2.0), MOVES, samples=60, seed=5) for _ in range(2))
    assert one.game.payoffs.tobytes() == two.game.payoffs.tobytes()
    assert one.probability.tobytes() == two.probability.tobytes()


@pytest.mark.parametrize("simulate", [lambda at, seed: [1.0], lambda at, seed: [np.nan, 1.0]])
def test_simulators_that_say_nothing_are_refused(simulate):
    with pytest.raises(InputError, match="simulator"):
        sampled_game(simulate, MOVES)


def test_too_few_samples_and_too_many_moves_are_refused():
    with pytest.raises(InputError, match="three times"):
        sampled_game(noisy(StagHunt().payoffs, 1.0), MOVES, samples=5)
    with pytest.raises(TooLarge):
        sampled_game(noisy(StagHunt().payoffs, 1.0), (list(map(str, range(200))),) * 2)
