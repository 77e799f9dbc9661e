"""Q-learning: a slow loop of our own on the same dice, seeds that do not depend on one another, and known ends."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.normal_form import NormalForm
from ostrom.dynamics import q_learning
from ostrom.games import MinimumEffort, PrisonersDilemma

TABLES = st.sampled_from([(2, 2), (3, 2), (2, 3, 2)]).flatmap(
    lambda shape: hnp.arrays(int, (*shape, len(shape)), elements=st.integers(-5, 5))
)
QUICK = {"rounds": 3000, "epsilon": (1.0, 2e-3)}


def slowly(table, seed, rounds, memory, alpha, discount, epsilon, counted):
    """One seed, with dictionaries and plain numbers: frequencies of joint moves and the greedy moves by state."""
    sizes, seats = table.shape[:-1], range(table.ndim - 1)
    every = list(np.ndindex(*sizes))
    states = every if memory else [()]
    values = [{(state, move): 0.0 for state in states for move in range(size)} for size in sizes]
    dice = np.random.default_rng(seed)
    state = states[int(dice.integers(len(states)))]
    frequencies = dict.fromkeys(every, 0.0)
    for time in range(rounds):
        explores, which = dice.random((2, len(sizes)))
        joint = []
        for seat in seats:
            own = [values[seat][state, move] for move in range(sizes[seat])]
            best = [move for move, value in enumerate(own) if value == max(own)]
            if explores[seat] < epsilon[0] * math.exp(-epsilon[1] * time):
                best = list(range(sizes[seat]))
            joint.append(best[int(which[seat] * len(best))])
        after = tuple(joint) if memory else ()
        for seat in seats:
            future = max(values[seat][after, move] for move in range(sizes[seat]))
            lead = table[tuple(joint)][seat] + discount * future - values[seat][state, joint[seat]]
            values[seat][state, joint[seat]] += alpha * lead
        state = after
        if time >= rounds - counted:
            frequencies[tuple(joint)] += 1 / counted
    first = [[max(range(sizes[k]), key=lambda m, k=k, s=s: values[k][s, m]) for s in states] for k in seats]
    return np.reshape(list(frequencies.values()), sizes), first


@pytest.mark.parametrize("memory", [0, 1])
@settings(max_examples=12)
@given(table=TABLES, seed=st.integers(0, 99), discount=st.sampled_from([0.0, 0.9]), alpha=st.sampled_from([0.25, 1.0]))
def test_play_is_that_of_a_slow_loop(memory, table, seed, discount, alpha):
    how = {"rounds": 120, "memory": memory, "alpha": alpha, "discount": discount, "epsilon": (0.8, 0.02)}
    learnt = q_learning(NormalForm(table), [seed], start=0.0, share=0.5, **how)
    frequencies, greedy = slowly(table, seed, counted=60, **how)
    assert learnt.joint[0] == pytest.approx(frequencies, abs=1e-12)
    assert [own[0].reshape(-1).tolist() for own in learnt.greedy] == greedy


@pytest.mark.parametrize("memory", [0, 1])
def test_a_row_is_the_same_whatever_the_other_seeds_are(memory):
    game = NormalForm(np.random.default_rng(0).random((3, 2, 4, 3)))
    how = {"rounds": 400, "memory": memory, "discount": 0.9, "worth": game.payoffs.min(-1)}
    together = q_learning(game, 7, **how)
    assert together.seeds == tuple(range(7))
    for k in (0, 3, 6):
        alone, among = q_learning(game, [k], **how), q_learning(game, [11, k, 5], **how)
        for other, row in ((alone, 0), (among, 1)):
            assert (other.joint[row] == together.joint[k]).all()
            assert (other.payoffs[row] == together.payoffs[k]).all()
            assert other.worth[row] == together.worth[k]
            assert all((x[row] == y[k]).all() for x, y in zip(other.greedy, together.greedy, strict=True))
    assert not (together.joint[0] == together.joint[1]).all()


def test_the_same_seeds_give_the_same_bytes_however_far_dice_are_thrown_ahead(monkeypatch):
    game = PrisonersDilemma()
    once = q_learning(game, 3, rounds=300)
    monkeypatch.setattr("ostrom.dynamics._q_learners.BLOCK", 50)
    assert q_learning(game, 3, rounds=300).joint.tobytes() == once.joint.tobytes()


def test_shares_payoffs_and_worth_fit_one_another():
    game = NormalForm(np.random.default_rng(1).random((2, 3, 2, 3)))
    learnt = q_learning(game, 4, rounds=200, share=0.25, memory=1, worth=game.payoffs.prod(-1))
    assert (learnt.joint.shape, learnt.counted, learnt.rounds) == ((4, 2, 3, 2), 50, 200)
    assert learnt.joint.sum(axis=(1, 2, 3)) == pytest.approx(1)
    assert learnt.payoffs == pytest.approx(np.einsum("sabc,abcp->sp", learnt.joint, game.payoffs))
    assert learnt.worth == pytest.approx(np.einsum("sabc,abc->s", learnt.joint, game.payoffs.prod(-1)))
    assert [own.shape for own in learnt.greedy] == [(4, 2, 3, 2)] * 3
    assert q_learning(game, 4, rounds=200).worth is None


@pytest.mark.parametrize("memory", [0, 1])
def test_alone_it_learns_what_is_best(memory):
    """Against a player whose moves change nothing for it, one move is best and is found by every seed."""
    row = np.array([[1.0, 1.0], [4.0, 4.0], [2.0, 2.0]])
    game = NormalForm(np.stack([row, np.zeros((3, 2))], axis=-1))
    learnt = q_learning(game, 20, memory=memory, discount=0.5, **QUICK)
    assert (learnt.greedy[0] == 1).all()
    assert learnt.payoffs[:, 0].min() > 3.8


def test_indifferent_players_draw_from_all_their_moves():
    """Exactly equal values are a tie, and ties are not always won by the move that is listed first."""
    game = NormalForm(np.zeros((2, 3, 2)))
    joint = q_learning(game, 50, rounds=200, epsilon=(0.0, 0.0), share=1.0).joint.mean(0)
    assert joint == pytest.approx(np.full((2, 3), 1 / 6), abs=5 * math.sqrt(5 / 36 / 10_000))


def test_exploration_is_as_often_as_said():
    """With D surely better from the start, C is played only when exploring, half of the times that one explores."""
    game = PrisonersDilemma()
    learnt = q_learning(game, 50, rounds=400, epsilon=(0.3, 0.0), share=1.0)
    assert learnt.joint[:, 0].sum(-1).mean() == pytest.approx(0.15, abs=5 * math.sqrt(0.15 * 0.85 / 20_000))


@pytest.mark.parametrize("memory", [0, 1])
def test_what_is_learnt_does_not_depend_on_units(memory):
    """By default first values move along with the payoffs; factors and constants that round nothing change nothing."""
    table = np.random.default_rng(2).integers(0, 8, size=(2, 3, 2)) * 12.0
    how = {"memory": memory, "discount": 0.5, "alpha": 0.25, "rounds": 40, "epsilon": (0.5, 0.0), "share": 1.0}
    once = q_learning(NormalForm(table), 8, **how)
    assert (q_learning(NormalForm(4 * table), 8, **how).joint == once.joint).all()
    assert q_learning(NormalForm(table + 12), 8, **how).joint == pytest.approx(once.joint)


def test_first_values_decide_which_equilibrium_is_kept():
    """Without exploration, who believes in the high effort keeps to it, and one seed can differ from the next."""
    game = MinimumEffort()
    high, low = np.zeros((2, 1, game.sizes[0])), 0
    high[0, 0, -1], high[1, 0, low] = 100, 100
    learnt = q_learning(game, 2, rounds=20, epsilon=(0.0, 0.0), start=[high] * len(game.players), share=0.05)
    assert learnt.joint[0].reshape(-1)[-1] == 1
    assert learnt.joint[1].reshape(-1)[0] == 1


def test_two_without_memory_end_in_defection_and_some_with_memory_cooperate():
    game = PrisonersDilemma()
    assert (q_learning(game, 20, **QUICK).joint[:, 1, 1] > 0.9).all()
    remembering = q_learning(game, 40, rounds=15_000, memory=1, discount=0.9, epsilon=(1.0, 1e-3))
    assert {(0, 0), (1, 1)} <= {np.unravel_index(row.argmax(), (2, 2)) for row in remembering.joint}


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"rounds": 0}, "0 rounds of Q-learning"),
        ({"seeds": 0}, "seeds: 0 of them"),
        ({"seeds": [-1]}, "The seed is -1"),
        ({"memory": 2}, "memory 2"),
        ({"alpha": 0.0}, r"alpha 0\.0"),
        ({"discount": 1.0}, r"discount 1\.0"),
        ({"epsilon": (1.5, 0.0)}, r"epsilon \(1\.5"),
        ({"share": 0.0}, r"share 0\.0"),
        ({"start": math.inf}, "first Q-values of row"),
        ({"start": [np.zeros(2), np.zeros(3)]}, r"first Q-values of column are of shape \(3,\)"),
        ({"start": [np.zeros(2)]}, "1 arrays of first Q-values for 2 players"),
        ({"worth": np.zeros(4)}, r"shape \(4,\)"),
    ],
)
def test_bad_input_is_refused(how, said):
    with pytest.raises(InputError, match=said):
        q_learning(PrisonersDilemma(), **how)


def test_too_many_values_are_refused_before_they_are_made():
    with pytest.raises(TooLarge, match="1000 seeds of Q-learners"):
        q_learning(NormalForm(np.zeros((20, 20, 20, 3))), 1000, memory=1)
