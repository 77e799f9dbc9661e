"""Games known from samples: what is stated happens as often as stated, and samples go where it is open."""

import numpy as np
import pytest
from scipy.stats import t

from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.normal_form import NormalForm
from ostrom.diagnosis import _sampled_tables
from ostrom.diagnosis._sampled_tables import _shrunk, _spreads, _tables
from ostrom.diagnosis._sampled_tally import Tally
from ostrom.diagnosis.sampled_game import observed_game, sampled_game
from ostrom.games import PrisonersDilemma, StagHunt
from ostrom.solvers import pure_equilibria

MOVES = (("a", "b"), ("x", "y"))
PENNIES = np.array([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])


def noisy(table, spread):
    """A simulator of a table with normal noise."""

    def simulate(at, seed):
        return np.asarray(table)[at] + spread * np.random.default_rng(seed).normal(size=np.shape(table)[-1])

    return simulate


def seen(table, spread, each, rng):
    """As many observations of every joint move: profiles and payoffs."""
    profiles = np.repeat(np.argwhere(np.ones(table.shape[:-1])), each, axis=0)
    return profiles, table[tuple(profiles.T)] + spread * rng.normal(size=(len(profiles), table.shape[-1]))


def stable(table):
    found = np.zeros(table.shape[:-1])
    for profile in pure_equilibria(NormalForm(table)).profiles:
        found[profile] = 1
    return found


def calibrated(said, true, slack=0.03):
    """By how much shares in five bins are off what is stated, beyond three standard errors and `slack`, at worst."""
    said, true = np.concatenate(said), np.concatenate(true)
    excess = []
    for low in (0, 0.2, 0.4, 0.6, 0.8):
        inside = (said >= low) & (said <= low + 0.2)
        error = 3 * np.sqrt((said[inside] * (1 - said[inside])).sum()) / inside.sum()
        excess.append(max(0, abs(said[inside].mean() - true[inside].mean()) - error - slack))
    return max(excess)


@pytest.fixture
def fewer_tables(monkeypatch):
    monkeypatch.setattr(_sampled_tables, "MOST", 300)


def test_the_dilemma_is_found_and_nothing_else():
    found = sampled_game(noisy(PrisonersDilemma().payoffs, 1.0), (("C", "D"), ("C", "D")), samples=4000)
    assert found.settled
    assert found.equilibria[0][0] == ("D", "D")
    assert found.probability[0, 0] < 0.05
    assert found.counts.sum() < 4000
    assert "(D, D)" in found.findings[0].sentence
    assert "sample" not in found.findings[0].sentence.partition("samples")[2]


@pytest.mark.parametrize(("spread", "each"), [(1.0, 4), (3.0, 10)])
def test_what_is_stated_is_what_happens(fewer_tables, spread, each):
    """Of joint moves called equilibria with odds p a share p are, whether payoffs or their noise vary more."""
    rng = np.random.default_rng(0)
    said, true, flat = [], [], []
    for _ in range(1500):
        table = rng.normal(size=(2, 2, 2))
        profiles, payoffs = seen(table, spread, each, rng)
        said.append(observed_game(profiles, payoffs, MOVES).probability.ravel())
        true.append(stable(table).ravel())
        flat.append(by_student_alone(payoffs.reshape(2, 2, each, 2), rng).ravel())
    assert calibrated(said, true) == 0
    if spread > 1:  # the planted failure: each mean by itself believes the largest of several too much
        assert calibrated(flat, true) > 0


def by_student_alone(samples, rng):
    each = samples.shape[2]
    error = samples.std(2, ddof=1) / np.sqrt(each)
    drawn = samples.mean(2) + error * rng.standard_t(each - 1, size=(300, 2, 2, 2))
    rows = drawn[..., 0] >= drawn[..., 0].max(1, keepdims=True)
    return (rows & (drawn[..., 1] >= drawn[..., 1].max(2, keepdims=True))).mean(0)


def test_stopping_where_it_is_settled_keeps_what_is_stated(fewer_tables):
    said, true = [], []
    for seed in range(60):
        table = np.random.default_rng(seed).normal(size=(2, 2, 2))
        said.append(sampled_game(noisy(table, 1.0), MOVES, samples=80, seed=seed).probability.ravel())
        true.append(stable(table).ravel())
    assert calibrated(said, true) == 0


def test_payoffs_are_drawn_as_in_the_eight_schools():
    """Rubin (1981); quantiles of schools A and C in Gelman et al., Bayesian Data Analysis, table 5.3."""
    means, errors = np.array([28.0, 8, -3, 7, -1, 1, 18, 12]), np.array([15.0, 10, 16, 11, 9, 11, 10, 18]) ** 2
    rng = np.random.default_rng(0)
    drawn = _shrunk(means, errors, _spreads(means, errors, 20_000, rng), rng.standard_normal((20_000, 8)), rng)
    assert np.quantile(drawn[:, 0], [0.25, 0.5, 0.75, 0.975]) == pytest.approx([7, 10, 16, 31], abs=2)
    assert np.quantile(drawn[:, 2], [0.25, 0.5, 0.75]) == pytest.approx([2, 7, 11], abs=2)


def test_noise_that_players_share_stays_shared():
    """Where one draw moves both payoffs, drawn tables move both."""
    rng = np.random.default_rng(1)
    tally = Tally.empty((2, 2))
    for at in np.ndindex(2, 2):
        for _ in range(200):
            shock = rng.normal()
            tally.add(at, np.array(at) * 50.0 + [shock, -shock + 0.1 * rng.normal()])
    drawn, _ = _tables(tally, 4000, rng)
    assert np.corrcoef(drawn[:, 0].T)[0, 1] < -0.9
    assert abs(np.corrcoef(drawn[:, 0, 0], drawn[:, 1, 0])[0, 1]) < 0.1


def test_margins_are_students():
    rng = np.random.default_rng(2)
    profiles, payoffs = seen(StagHunt().payoffs + 1e9, 2.0, 5, rng)
    found = observed_game(profiles, payoffs, MOVES)
    cells = payoffs.reshape(2, 2, 5, 2)
    assert found.game.payoffs == pytest.approx(cells.mean(2), rel=1e-15)
    assert found.margins == pytest.approx(t.ppf(0.975, 4) * cells.std(2, ddof=1) / np.sqrt(5), rel=1e-6)
    assert (found.counts == 5).all()


def test_samples_go_where_it_is_open():
    """Of eight joint moves only those round a close call matter."""
    table = np.zeros((2, 4, 2))
    table[0, :, 0] = 10.0  # the first player never doubts
    table[0, :, 1] = [5.0, 4.8, -20, -30]
    table[1, :, 1] = [0, 1, 2, 3]
    found = sampled_game(noisy(table, 1.0), (("a", "b"), ("w", "x", "y", "z")), samples=600)
    assert found.counts[0, :2].min() > 3 * found.counts[1].max()
    assert found.counts[0, :2].min() > 3 * found.counts[0, 2:].max()
    assert found.next()[0][0] == "a"


@pytest.mark.slow
def test_the_same_samples_tell_more_than_spread_evenly(fewer_tables):
    """In games of 4 × 4, the squared error of the probabilities is lower by a quarter at least."""
    chosen, even = [], []
    moves = [list("abcd"), list("wxyz")]
    for seed in range(60):
        rng = np.random.default_rng(seed)
        table = rng.normal(size=(4, 4, 2))
        found = sampled_game(noisy(table, 1.0), moves, samples=400, seed=seed)
        rest = observed_game(*seen(table, 1.0, int(found.counts.sum()) // 16, rng), moves)
        for losses, one in ((chosen, found), (even, rest)):
            losses.append(((one.probability - stable(table)) ** 2).sum())
    assert np.mean(chosen) < 0.75 * np.mean(even)


def test_where_nothing_is_stable_that_is_said():
    found = sampled_game(noisy(PENNIES, 0.3), MOVES)
    assert found.none > 0.99
    assert found.settled
    assert "no joint move is likely to be an equilibrium; with probability 100% none is." in found.findings[0].sentence


def test_gains_within_the_slack_count_as_none():
    table = np.array([[[3, 3], [3, 3.2]], [[0, 0], [0, 0]]])
    strict, lax = (sampled_game(noisy(table, 0.05), MOVES, slack=slack).probability[0, 0] for slack in (0, 0.5))
    assert strict < 0.05 < 0.95 < lax


def test_without_noise_everything_is_known_at_once():
    """Three samples of each, and ties are equilibria as well."""
    table = np.array([[[1, 1], [0, 1]], [[0, 0], [0, 0]]])
    found = sampled_game(noisy(table, 0.0), MOVES)
    assert (found.counts == 3).all()
    assert found.probability.tolist() == stable(table).tolist()
    assert found.next() == ()
    assert (found.margins == 0).all()


def test_one_player_and_single_moves_are_games_too():
    """Choosing the best of three arms; and a seat that has no choice."""
    arms = sampled_game(noisy(np.array([[0.0], [1.0], [5.0]]), 0.5), (("a", "b", "c"),))
    assert arms.equilibria[0][0] == ("c",)
    alone = sampled_game(noisy(np.array([[[0.0, 1.0]], [[2.0, 1.0]]]), 0.5), (("a", "b"), ("only",)))
    assert alone.equilibria[0][0] == ("b", "only")


def test_the_same_seed_gives_the_same_game():
    one, two = (sampled_game(noisy(StagHunt().payoffs, 2.0), MOVES, samples=60, seed=5) for _ in range(2))
    assert one.game.payoffs.tobytes() == two.game.payoffs.tobytes()
    assert one.probability.tobytes() == two.probability.tobytes()


@pytest.mark.parametrize("paid", [[1.0], [np.nan, 1.0], "much", [[1, 2], [3]], None, [1e200, 0]])
def test_simulators_that_say_nothing_are_refused(paid):
    with pytest.raises(InputError, match="simulator"):
        sampled_game(lambda at, seed: paid, MOVES)


def test_what_is_no_sampled_game_is_refused():
    simulate = noisy(StagHunt().payoffs, 1.0)
    with pytest.raises(InputError, match="three times"):
        sampled_game(simulate, MOVES, samples=5)
    for wrong in ({"slack": -1}, {"slack": np.nan}, {"confidence": 0.5}, {"confidence": 1}):
        with pytest.raises(InputError, match="slack"):
            sampled_game(simulate, MOVES, **wrong)
    with pytest.raises(InputError, match="Every player has a move"):
        sampled_game(simulate, (("a", "b"), ()))
    with pytest.raises(TooLarge):
        sampled_game(simulate, (list(map(str, range(200))),) * 2)


def test_what_are_no_observations_is_refused():
    profiles, payoffs = seen(StagHunt().payoffs, 1.0, 3, np.random.default_rng(0))
    with pytest.raises(InputError, match=r"\('a', 'x'\) was seen 2 times"):
        observed_game(profiles[1:], payoffs[1:], MOVES)
    for wrong in (profiles[:, :1], profiles + 1, profiles * 0.5, profiles[1:]):
        with pytest.raises(InputError, match="Observations"):
            observed_game(wrong, payoffs, MOVES)
    with pytest.raises(InputError, match="finite"):
        observed_game(profiles, payoffs * np.nan, MOVES)
