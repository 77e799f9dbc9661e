"""Fictitious play: a slow loop of our own, the theorems about where frequencies go, and a cycle that never ends."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.dynamics import fictitious_play
from ostrom.dynamics._play import play
from ostrom.dynamics.fictitious_play import _rule
from ostrom.dynamics.no_regret import Play
from ostrom.games import RockPaperScissors

TABLES = st.sampled_from([(2, 2), (3, 2), (2, 3, 2)]).flatmap(
    lambda shape: hnp.arrays(int, (*shape, len(shape)), elements=st.integers(-5, 5))
)
COORDINATION = NormalForm([[[1, 1], [0, 0]], [[0, 0], [1, 1]]])
PENNIES = NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
SHAPLEY = NormalForm(np.stack([np.eye(3), np.roll(np.eye(3), 1, axis=1)], axis=-1))
MOVES = st.lists(st.integers(0, 1), min_size=3, max_size=3)


def starts(game, count, seed=0):
    rng = np.random.default_rng(seed)
    return tuple(rng.dirichlet(np.ones(size), size=count) for size in game.sizes)


def slowly(table, profile, rounds):
    """Frequencies of each player's moves, in whole numbers: sums over every joint move, one after another."""
    counts = [[int(move == own) for move in range(size)] for own, size in zip(profile, table.shape, strict=False)]
    for _ in range(rounds - 1):
        best = []
        for player, own in enumerate(counts):
            worth = [0] * len(own)
            for joint in np.ndindex(*table.shape[:-1]):
                times = [counts[other][move] for other, move in enumerate(joint) if other != player]
                worth[joint[player]] += int(np.prod(times)) * int(table[joint][player])
            best.append(worth.index(max(worth)))
        for own, move in zip(counts, best, strict=True):
            own[move] += 1
    return counts


@settings(max_examples=25)
@given(TABLES, MOVES)
def test_frequencies_are_those_of_a_slow_loop(table, moves):
    """From pure starts, with whole payoffs, the loop has no rounding at all, ties included."""
    game = NormalForm(table)
    profile = [move % size for move, size in zip(moves, game.sizes, strict=False)]
    play = fictitious_play(game, game.pure(profile), rounds=30, ties="lowest")
    for ours, theirs in zip(play.average, slowly(table, profile, 30), strict=True):
        assert (ours * 30).round(9).tolist() == theirs


@settings(max_examples=15)
@given(TABLES, st.integers(0, 99), st.sampled_from(["split", "lowest"]))
def test_every_round_is_a_best_answer_and_the_books_are_right(table, seed, ties):
    game, start = NormalForm(table), starts(NormalForm(table), 3, seed)
    welfare = table.min(-1)
    before = fictitious_play(game, start, rounds=7, ties=ties)
    after = fictitious_play(game, start, rounds=8, ties=ties, worth=welfare)
    worths = game.deviation_payoffs(before.average)
    for x, worth in zip(after.last, worths, strict=True):
        assert (x * worth).sum(-1) == pytest.approx(worth.max(-1))
        assert x.sum(-1) == pytest.approx(1)
    played = [fictitious_play(game, start, rounds=k + 1, ties=ties).last for k in range(8)]
    assert after.payoffs == pytest.approx(np.mean([game.expected_payoffs(x) for x in played], axis=0))
    seats = "abc"[: len(game.sizes)]
    one = ",".join([seats, *(f"s{k}" for k in seats)]) + "->s"
    assert after.worth == pytest.approx(np.mean([np.einsum(one, welfare, *x) for x in played], axis=0))


def test_ties_are_split_or_go_to_the_first():
    level = (np.array([0.5, 0.5]), np.array([0.5, 0.5]))
    assert fictitious_play(PENNIES, level, rounds=2).last[0].tolist() == [0.5, 0.5]
    assert fictitious_play(PENNIES, level, rounds=2, ties="lowest").last[0].tolist() == [1, 0]


def test_a_tie_is_seen_although_the_sums_round():
    """Ten rounds of a tenth each do not sum to 1, and a third is no binary number."""
    game = NormalForm(0.1 * RockPaperScissors().payoffs + 1e3)
    play = fictitious_play(game, game.uniform(), rounds=50)
    assert np.concatenate(play.last) == pytest.approx(np.full(6, 1 / 3), abs=1e-15)


def test_zero_sum_frequencies_reach_equilibrium_while_play_does_not():
    """Robinson 1951, at the rate that Karlin conjectured: below twice the payoff range over the root of rounds."""
    game = RockPaperScissors()
    for rounds in (500, 2000):
        play = fictitious_play(game, starts(game, 20), rounds=rounds)
        assert (game.regrets(play.average).sum(-1) < 4 / np.sqrt(rounds)).all()
    assert game.regrets(play.last).max() >= 1


def test_where_frequencies_are_at_rest_joint_play_may_miss_every_time():
    """Two who start apart change sides together for ever (Fudenberg and Kreps 1993)."""
    start = (np.array([0.7, 0.3]), np.array([0.3, 0.7]))
    play = fictitious_play(COORDINATION, start, rounds=1000, worth=COORDINATION.payoffs[..., 0])
    assert COORDINATION.regret(play.average) < 0.01
    assert play.payoffs == pytest.approx([0.42 / 1000] * 2)  # the first round, and nothing since
    assert play.worth == pytest.approx(0.42 / 1000)


@pytest.mark.parametrize("seed", range(3))
def test_identical_interests_are_learnt(seed):
    """Monderer and Shapley 1996: frequencies come to equilibrium where all have one interest, three players too."""
    table = np.random.default_rng(seed).random((3, 2, 3))
    game = NormalForm(np.repeat(table[..., None], 3, axis=-1))
    play = fictitious_play(game, starts(game, 20, seed), rounds=500)
    assert game.regrets(play.average).max() < 0.02


def test_shapleys_game_goes_round_for_ever():
    """Shapley 1964: runs grow in proportion to time, so frequencies keep moving and never come near the only Nash."""
    start = SHAPLEY.pure((0, 1))
    far = []
    for rounds in (100, 300, 1000):
        play = fictitious_play(SHAPLEY, start, rounds=rounds)
        far.append(SHAPLEY.regrets(play.average).sum())
    assert SHAPLEY.regret(SHAPLEY.uniform()) < 1e-12
    assert min(far) > 0.2


def test_a_dominant_move_is_learnt_by_every_start():
    game = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]])
    start = tuple(x.reshape(5, 10, 2) for x in starts(game, 50))
    play = fictitious_play(game, start, rounds=100, worth=game.payoffs.mean(-1))
    assert isinstance(play, Play)
    assert all(x[..., 1].min() == 1 for x in play.last)
    assert play.payoffs.shape == (5, 10, 2)
    assert play.worth == pytest.approx(play.payoffs.mean(-1))


@pytest.mark.parametrize(
    ("error", "how", "said"),
    [
        (InputError, {"rounds": 0}, "0 rounds of fictitious play"),
        (UnknownName, {"ties": "random"}, "no way to break ties called 'random'"),
        (InputError, {"worth": np.zeros(2)}, r"shape \(2,\)"),
        (InputError, {"worth": np.full((2, 2), np.nan)}, "finite number per joint move"),
    ],
)
def test_bad_input_is_refused(error, how, said):
    with pytest.raises(error, match=said):
        fictitious_play(PENNIES, PENNIES.uniform(), **how)


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("shape", [(2, 2), (3, 4), (5, 5)])
def test_frequencies_are_those_of_nashpy(shape):
    """From the same counts; payoffs are random numbers, so that there are no ties, which Nashpy breaks by lot."""
    nashpy = pytest.importorskip("nashpy")
    table = np.random.default_rng(shape).random((*shape, 2))
    game = NormalForm(table)
    start = tuple(x[0] for x in starts(game, 1))
    *_, counts = nashpy.Game(table[..., 0], table[..., 1]).fictitious_play(iterations=200, play_counts=list(start))
    play = fictitious_play(game, start, rounds=201)
    assert np.concatenate(play.average) * 201 == pytest.approx(np.concatenate(counts), abs=1e-9)


@pytest.mark.parametrize("ties", ["split", "lowest"])
@pytest.mark.parametrize("seed", range(4))
def test_run_by_run_is_round_by_round(seed, ties):
    """Two players by runs, against the loop that games of more players take; small whole payoffs tie often."""
    table = np.random.default_rng(seed).integers(-2, 3, (4, 3, 2))
    game, welfare = NormalForm(table), table.sum(-1)
    start = tuple(x.reshape(2, 3, -1) for x in starts(game, 6, seed))
    ours = fictitious_play(game, start, rounds=150, ties=ties, worth=welfare)
    slow = play(game, start, 150, _rule(game, ties), "slowly", welfare)
    for one, two in ((ours.last, slow.last), (ours.average, slow.average)):
        assert np.concatenate(one, -1) == pytest.approx(np.concatenate(two, -1), abs=1e-9)
    assert ours.payoffs == pytest.approx(slow.payoffs)
    assert ours.regrets == pytest.approx(slow.regrets, abs=1e-9)
    assert ours.worth == pytest.approx(slow.worth)
