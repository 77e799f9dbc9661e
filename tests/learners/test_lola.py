"""LOLA: exact values against play summed by hand, its gradient against differences, and the estimate against both."""

import numpy as np
import pytest

pytest.importorskip("jax")
import jax
import jax.numpy as jnp

import ostrom as om
from ostrom.core.errors import InputError
from ostrom.learners import LOLA, Trained, play, train
from ostrom.learners import _memory_one as memory_one
from ostrom.learners._lesson import enrol, track_of
from ostrom.learners._lookahead import ascent
from ostrom.learners._table import Group, space_of
from ostrom.learners._unroll import unroll
from ostrom.worlds import Lake, MatrixWorld

IPD = om.NormalForm([[[-1, -1], [-3, 0]], [[0, -3], [-2, -2]]], moves=("C", "D"))
WORLD = MatrixWorld.of(IPD, horizon=16)
ROWS = np.array([0] + [(a + 1) + 3 * (b + 1) for a in range(2) for b in range(2)])
"""The rows of the table of a world for the first round and each last joint move."""
PAIR = memory_one.pair_of(memory_one.game_of("test", WORLD))


def by_hand(payoffs, scores, discount, rounds=400):
    """The discounted sum of both, from how likely each joint move is in each round."""
    first, second, _ = payoffs.shape
    odds = []
    for own, size in zip(scores, (first, second), strict=True):
        shown = np.exp(np.concatenate([np.zeros((len(own), 1)), own], 1)[:, :size])
        odds.append(shown / shown.sum(1, keepdims=True))
    at, total = np.outer(odds[0][0], odds[1][0]), np.zeros(2)
    for time in range(rounds):
        total += discount**time * np.einsum("ab,abp->p", at, payoffs)
        after = np.zeros_like(at)
        for a in range(first):
            for b in range(second):
                row = 1 + a * second + b
                after += at[a, b] * np.outer(odds[0][row], odds[1][row])
        at = after
    return total


def differences(function, at, step=1e-4):
    """The gradient of a scalar function, by central differences in float64."""
    found = np.zeros_like(at)
    for place in np.ndindex(at.shape):
        up, down = at.copy(), at.copy()
        up[place] += step
        down[place] -= step
        found[place] = (function(up) - function(down)) / (2 * step)
    return found


@pytest.mark.parametrize("sizes", [(2, 2), (2, 3), (3, 1)])
def test_values_are_those_of_play_summed_round_by_round(sizes):
    random = np.random.default_rng(sum(sizes))
    game = om.NormalForm(random.normal(size=(*sizes, 2)))
    pair = memory_one.pair_of(game)
    scores = random.normal(size=(2, *pair.shape))
    wanted = by_hand(game.payoffs, scores, 0.9)
    assert np.allclose(memory_one.value(pair, jnp.asarray(scores, jnp.float32), 0.9), wanted, atol=1e-4)


@pytest.mark.slow
def test_a_step_is_the_one_of_the_paper_by_differences():
    """∇₁V₁ + look · ∇₂V₁ · ∇₁∇₂V₂, and the same for the second seat, from values summed by hand."""
    random, look, discount = np.random.default_rng(0), 0.7, 0.8
    scores = random.normal(size=(2, 5, 1))

    def gains(seat, of, at):
        def worth(own):
            moved = at.copy()
            moved[of] = own
            return by_hand(IPD.payoffs, moved, discount, 90)[seat]

        return differences(worth, at[of])

    def wanted(seat):
        other = 1 - seat
        towards = gains(seat, other, scores)

        def met(own):
            moved = scores.copy()
            moved[seat] = own
            return (towards * gains(other, other, moved)).sum()

        return gains(seat, seat, scores) + look * differences(met, scores[seat], 1e-3)

    looks = jnp.full(2, look)
    found = ascent(lambda at: memory_one.value(PAIR, at, discount), jnp.asarray(scores, jnp.float32), looks)
    assert np.allclose(found, np.stack([wanted(0), wanted(1)]), atol=2e-3)


@pytest.mark.slow
def test_who_looks_ahead_cooperates_and_who_does_not_defects():
    looking, naive = LOLA().exact(WORLD, seeds=16), LOLA(look=0.0).exact(WORLD, seeds=16)
    assert naive.ends.max() < -1.99
    assert looking.ends.mean() > -1.4
    assert looking.payoffs.shape == (16, 501, 2)
    assert looking.odds.sum(-1) == pytest.approx(1, abs=1e-5)


@pytest.mark.slow
def test_a_pair_is_the_same_alone():
    """To float32's last digits, which grow as pairs go on learning."""
    many = LOLA(rate=0.1).exact(WORLD, seeds=16)
    alone = LOLA(rate=0.1).exact(WORLD, seeds=1, seed=2, steps=20)
    assert np.allclose(many.payoffs[2, :21], alone.payoffs[0], atol=1e-4)
    assert not np.allclose(many.payoffs[1, :21], alone.payoffs[0], atol=1e-2)


def test_institutions_change_what_is_learned():
    """With a tax of 3 on defection cooperating dominates; a mediator becomes a third move of the table."""
    taxed = LOLA(look=0.0).exact(WORLD.under(om.institutions.Tax(on="D", rate=3.0)), seeds=16)
    assert taxed.ends.min() > -1.05
    mediated = LOLA().exact(WORLD.under(om.institutions.Mediator(together="C", alone="D")), seeds=2, steps=5)
    assert mediated.game.moves[0] == ("C", "D", "delegate")
    assert mediated.odds.shape == (2, 2, 10, 3)


def test_what_cannot_be_computed_exactly_is_refused():
    with pytest.raises(InputError, match="Lake"):
        LOLA().exact(Lake())
    with pytest.raises(InputError, match="discounts"):
        LOLA(discount=0.9).exact(WORLD, LOLA(discount=0.8))
    with pytest.raises(InputError, match="1 of 2 seats"):
        train(WORLD, [LOLA(length=4, copies=2), LOLA(length=4, copies=2, look=0.0)], 8)


@pytest.mark.slow
def test_the_estimate_from_play_is_the_exact_gradient():
    """Many episodes of two fixed minds that value states as they are: the step comes near to the one computed."""
    learner, copies = LOLA(rate=1.0, look=1.0, discount=0.7, spread=0.7), 4000
    groups, start = (Group(learner, (0, 1)),), enrol(WORLD, (learner,), ((0, 1),), np.zeros((1, 2), np.uint32), copies)
    minds, stand = jax.tree.map(lambda leaf: leaf[0], (start.minds[0], start.stand))
    before = np.asarray(minds.scores)
    minds = minds._replace(values=jnp.asarray(worth_of_states(before[:, ROWS], 0.7)))

    @jax.jit
    def after(minds, stand):
        lived = unroll(WORLD, groups, (minds,), stand, jnp.uint32(0), 16, space_of(WORLD))[1]
        return learner.improve(jax.random.key(0), minds, track_of(groups[0], lived, 0), jnp.float32(0))[0].scores

    moved = np.asarray(after(minds, stand)) - before
    exact = ascent(lambda at: memory_one.value(PAIR, at, 0.7), jnp.asarray(before[:, ROWS]), jnp.ones(2))
    assert np.corrcoef(moved[:, ROWS].ravel(), np.asarray(exact).ravel())[0, 1] > 0.98
    assert np.allclose(moved[:, ROWS], exact, atol=0.15)
    assert not moved[:, np.setdiff1d(np.arange(9), ROWS)].any()


def worth_of_states(scores, discount):
    """`float[2, 9]`: what is to come for both in each state, by going round after round backwards."""
    odds = [1 / (1 + np.exp(own)) for own in scores[..., 0]]  # of C, at first and after each joint move
    worth = np.zeros((5, 2))
    for _ in range(200):
        paid = IPD.payoffs.reshape(4, 2) + discount * worth[1:]
        joint = np.stack([np.outer([c, 1 - c], [d, 1 - d]).ravel() for c, d in zip(*odds, strict=True)])
        worth = joint @ paid
    found = np.zeros((2, 9), np.float32)
    found[:, ROWS] = worth.T
    return found


@pytest.mark.slow
def test_estimating_from_play_it_cooperates_where_naive_learners_defect():
    """Sixteen pairs each; Foerster et al. (2018) report -1.17 (0.34) and -1.98. Smaller batches are too noisy."""
    world = MatrixWorld.of(IPD, horizon=64)
    ends = {}
    for look in (1.0, 0.0):
        run = train(world, LOLA(rate=0.3, look=look, copies=256), 64 * 256 * 200, seeds=16)
        ends[look] = run.metrics["payoff"][:, -10:].mean((1, 2))
    assert ends[0.0].max() < -1.95
    assert ends[1.0].mean() > -1.5
    assert np.median(ends[1.0]) > -1.4


def test_minds_are_played_by_the_loop_as_they_are_valued():
    """The mean discounted return of many episodes is the exact value, to its standard error."""
    learner, discount, random = LOLA(discount=0.7), 0.7, np.random.default_rng(3)
    scores = random.normal(size=(2, 5, 1)).astype(np.float32)
    players, mind = [], learner.begin(jax.random.key(0), space_of(WORLD))
    for seat in range(2):
        table = np.zeros((9, 1), np.float32)
        table[ROWS] = scores[seat]
        players.append(Trained(learner, mind._replace(scores=jnp.asarray(table))))
    played = play(WORLD, players, seed=1, episodes=4000)
    found = (played.payoffs * discount ** np.arange(16)[None, :, None]).sum(1)
    wanted = by_hand(IPD.payoffs, scores, discount, 16)
    assert (np.abs(found.mean(0) - wanted) < 4 * found.std(0) / 4000**0.5).all()
