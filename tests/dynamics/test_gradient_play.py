"""Gradient play: steps by a quadratic program and by numerical derivatives, spirals out and, looking ahead, rest."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.dynamics import gradient_play
from ostrom.dynamics.gradient_play import nearest

PENNIES = NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
UNIT = 2.0  # the largest difference an own move makes in matching pennies
POINTS = hnp.arrays(float, st.integers(1, 5), elements=st.floats(-3, 3))
FORMS = pytest.mark.parametrize("form", ["projected", "softmax"])
LOOKS = pytest.mark.parametrize("look", ["none", "extra", "optimistic"])


def starts(game, count, seed=0):
    rng = np.random.default_rng(seed)
    return tuple(rng.dirichlet(np.ones(size), size=count) for size in game.sizes)


@settings(max_examples=60)
@given(POINTS)
def test_the_nearest_mixture_is_that_of_every_support(point):
    """Brute force: on each support the nearest point shifts all its coordinates alike."""
    best = None
    for size in range(1, len(point) + 1):
        for support in map(list, itertools.combinations(range(len(point)), size)):
            x = np.zeros(len(point))
            x[support] = point[support] + (1 - point[support].sum()) / size
            far = ((x - point) ** 2).sum()
            if x.min() >= -1e-12 and (best is None or far < best[0] - 1e-15):
                best = far, x
    assert nearest(point) == pytest.approx(best[1], abs=1e-9)


def test_one_projected_step_by_hand():
    start = (np.array([0.8, 0.2]), np.array([0.4, 0.6]))  # worth -0.2 and 0.2; for player 2 -0.6 and 0.6
    first, second = gradient_play(PENNIES, start, rounds=2, rate=0.1 * UNIT).last
    assert first == pytest.approx([0.78, 0.22])
    assert second == pytest.approx([0.34, 0.66])
    # One step ahead player 1 sees -0.32 and 0.32, player 2 -0.56 and 0.56.
    first, second = gradient_play(PENNIES, start, rounds=2, rate=0.1 * UNIT, look="extra").last
    assert first == pytest.approx([0.768, 0.232])
    assert second == pytest.approx([0.344, 0.656])


def test_the_optimistic_step_by_hand():
    start = (np.array([0.8, 0.2]), np.array([0.4, 0.6]))
    first, _ = gradient_play(PENNIES, start, rounds=3, rate=0.1 * UNIT, look="optimistic").last
    assert first == pytest.approx([0.78 + 0.1 * (2 * -0.32 + 0.2), 0.22 + 0.1 * (2 * 0.32 - 0.2)])


@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 2)])
def test_softmax_steps_follow_the_gradient_in_logits(shape):
    """The change of log odds over the rate is the numerical derivative of the own payoff by the logits."""
    table = np.random.default_rng(shape).random((*shape, len(shape)))
    game = NormalForm(table)
    start = tuple(x[0] for x in starts(game, 1))
    unit = max(np.ptp(own, -1).max() for own in game.deviation_payoffs(_diagonal(game)))
    after = gradient_play(game, start, rounds=2, rate=1e-3 * unit, form="softmax").last
    for i, (x, y) in enumerate(zip(start, after, strict=True)):
        slope = np.zeros(len(x))
        for a in range(len(x)):
            worth = []
            for step in (1e-5, -1e-5):
                z = np.log(x) + step * (np.arange(len(x)) == a)
                mixture = (*start[:i], np.exp(z) / np.exp(z).sum(), *start[i + 1 :])
                worth.append(game.expected_payoffs(mixture)[i])
            slope[a] = (worth[0] - worth[1]) / 2e-5
        change = (np.log(y) - np.log(x)) / 1e-3
        assert change - change.mean() == pytest.approx(slope - slope.mean(), abs=1e-5)


def _diagonal(game):
    moves = np.arange(max(game.sizes))
    return tuple(np.eye(size)[moves % size] for size in game.sizes)


def test_plain_play_spirals_out_and_looking_ahead_spirals_in():
    """Matching pennies: the distance from even odds grows in every plain step, and shrinks with a look ahead."""
    start = (np.array([0.6, 0.4]), np.array([0.5, 0.5]))

    def far(rounds, look):
        x, y = gradient_play(PENNIES, start, rounds=rounds, rate=0.05, look=look).last
        return np.hypot(x[0] - 0.5, y[0] - 0.5)

    assert far(2, "none") < far(20, "none") < far(60, "none")
    assert far(2, "extra") > far(100, "extra") > far(400, "extra")
    assert far(4000, "extra") < 1e-3
    assert far(4000, "optimistic") < 1e-3


@LOOKS
@pytest.mark.parametrize("seed", range(2))
def test_projected_play_has_the_regret_of_zinkevich(look, seed):
    """Plain: 2 / (2 rate) + rate |worth|² rounds / 2, with worths of at most 1; ahead far less is left in zero-sum."""
    row = np.random.default_rng(seed).uniform(0, 1, (4, 4))
    game = NormalForm(np.stack([row, 1 - row], axis=-1))
    unit = max(np.ptp(own, -1).max() for own in game.deviation_payoffs(_diagonal(game)))
    play = gradient_play(game, starts(game, 8, seed), rounds=2000, rate=0.2 * unit, look=look)
    assert (play.regrets * 2000 <= 2 / (2 * 0.2) + 0.2 * 4 * 2000 / 2).all()
    assert game.regrets(play.average).sum(-1) == pytest.approx(play.regrets.sum(-1), abs=1e-9)
    if look != "none":
        assert game.regrets(play.last).max() < 0.05


@FORMS
@LOOKS
def test_a_dominant_move_is_learnt_and_units_do_not_matter(form, look):
    table = np.array([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], float)
    game = NormalForm(table)
    start = tuple((x + 0.5) / 2 for x in starts(game, 20))  # where a move is rare, softmax is slow to find it
    play = gradient_play(game, start, rounds=1000, form=form, look=look)
    assert all(x[:, 1].min() > 0.9 for x in play.last)
    other = gradient_play(NormalForm(100 * table - 7), start, rounds=1000, form=form, look=look)
    assert np.concatenate(other.last) == pytest.approx(np.concatenate(play.last), abs=1e-9)


def test_what_has_no_weight_is_never_played_by_softmax_and_found_by_projection():
    game = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]])
    start = (np.array([1.0, 0.0]), np.array([0.5, 0.5]))
    assert gradient_play(game, start, rounds=500, form="softmax").last[0].tolist() == [1, 0]
    assert gradient_play(game, start, rounds=500).last[0].tolist() == [0, 1]


@pytest.mark.parametrize(
    ("error", "how", "said"),
    [
        (InputError, {"rounds": 0}, "0 rounds"),
        (InputError, {"rate": 0.0}, r"rate of 0\.0"),
        (InputError, {"rate": float("nan")}, "rate of nan"),
        (UnknownName, {"form": "natural"}, "form of gradient play"),
        (UnknownName, {"look": "back"}, "way to look ahead"),
    ],
)
def test_bad_input_is_refused(error, how, said):
    with pytest.raises(error, match=said):
        gradient_play(PENNIES, PENNIES.uniform(), **how)
