"""Long-run and discounted payoffs against matrix powers, sums written out, and play that is simulated."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.automaton import Automaton
from ostrom.core.errors import InputError, TooLarge, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.dynamics import memory_one_play, payoff_matrix, repeated_play, strategy
from ostrom.dynamics._markov_chain import limiting_matrix, stationary
from ostrom.games import PrisonersDilemma, PublicGoods

few = settings(max_examples=25, deadline=None)
GAME = PrisonersDilemma()
sharp = st.lists(st.sampled_from([0.0, 0.0, 0.4, 1.0, 1.0]), min_size=5, max_size=5)


def any_automaton(rng, states, sizes):
    odds = rng.dirichlet(np.ones(sizes[0]) * 0.4, size=states)
    return Automaton(odds, rng.integers(states, size=(states, *sizes)), int(rng.integers(states)))


def rounds(game, strategies, noise, count):
    """Expected payoffs `[count, P]` round by round, by walking the distribution over joint states in plain loops."""
    strategies = [one.noisy(noise) for one in strategies]
    now, paid = {tuple(one.start for one in strategies): 1.0}, []
    for _ in range(count):
        after, mean = {}, np.zeros(len(strategies))
        for state, weight in now.items():
            for joint in product(*map(range, game.sizes)):
                chance = weight
                for one, s, move in zip(strategies, state, joint, strict=True):
                    chance *= one.odds[s, move]
                if chance == 0:
                    continue
                mean += chance * game.payoffs_at(np.array(joint))
                to = []
                for seat, (one, s) in enumerate(zip(strategies, state, strict=True)):
                    others = joint[:seat] + joint[seat + 1 :]
                    to.append(int(one.table[(s, joint[seat], *others)]))
                after[tuple(to)] = after.get(tuple(to), 0.0) + chance
        now = after
        paid.append(mean)
    return np.array(paid)


@pytest.mark.parametrize("seed", range(6))
def test_discounted_payoffs_are_the_sum_of_what_is_paid(seed):
    rng = np.random.default_rng(seed)
    sizes = [(2, 2), (2, 3), (2, 2, 2)][seed % 3]
    game = NormalForm(rng.normal(size=(*sizes, len(sizes))))
    own = [(sizes[k], *sizes[:k], *sizes[k + 1 :]) for k in range(len(sizes))]
    strategies = [any_automaton(rng, 2, each) for each in own]
    weights = (1 - 0.7) * 0.7 ** np.arange(70)
    found = repeated_play(game, strategies, noise=0.05, discount=0.7)
    assert found.payoffs == pytest.approx(weights @ rounds(game, strategies, 0.05, 70), abs=1e-9)
    assert found.joint.sum() == pytest.approx(1)
    assert [share.sum() for share in found.moves] == pytest.approx([1] * len(sizes))


@few
@given(sharp, sharp, st.sampled_from([0.0, 0.0, 0.02]))
def test_the_limit_of_means_also_where_play_can_end_in_several_ways(p, q, noise):
    """Means over 2^k rounds by doubling the chain: (I + M + … + M^(2^k - 1)) / 2^k, from the first round."""
    one, other = Automaton.memory_one(*p[:4], first=p[4]), Automaton.memory_one(*q[:4], first=q[4])
    a, b = one.noisy(noise).odds[:, 0], other.noisy(noise).odds[[0, 2, 1, 3, 4], 0]
    both = np.stack([a * b, a * (1 - b), (1 - a) * b, (1 - a) * (1 - b)], -1)
    mean, power = np.eye(4), both[:4]
    for _ in range(40):
        mean, power = (mean + power @ mean) / 2, power @ power
        power /= power.sum(-1, keepdims=True)
    wanted = both[4] @ mean
    exact = repeated_play(GAME, [one, other], noise=noise)
    assert exact.joint.ravel() == pytest.approx(wanted, abs=1e-8)
    fast = memory_one_play(p[:4], q[:4], noise=noise, first=(p[4], q[4]))
    assert fast[0] == pytest.approx(exact.joint.ravel(), abs=1e-12)


def test_a_coin_decides_for_ever():
    """Three in ten go one way for good: two recurrent classes, weighted from the first round."""
    decided = Automaton([[0.3, 0.7], [1, 0], [0, 1]], [[[1, 1], [2, 2]], [[1, 1], [1, 1]], [[2, 2], [2, 2]]])
    cooperator = Automaton.pure([0], [[0, 0]])
    found = repeated_play(GAME, [decided, cooperator])
    assert found.payoffs == pytest.approx([0.3 * 3 + 0.7 * 5, 0.3 * 3])
    assert found.moves[0] == pytest.approx([0.3, 0.7])


def test_rare_slips_do_not_cost_digits():
    """Grim with itself meets again only where both slip at once: odds of the order of the noise, exact to 1e-12."""
    grim = Automaton.memory_one(1, 0, 0, 0)
    for noise in (1e-3, 1e-6, 1e-9):
        leaves = noise * (2 - noise)  # 1 - (1 - noise)², without losing digits
        found = repeated_play(GAME, [grim, grim], noise=noise).joint[0, 0]
        assert found == pytest.approx(noise**2 / (leaves + noise**2), rel=1e-12)


@few
@given(st.integers(0, 10_000))
def test_elimination_agrees_with_linear_algebra(seed):
    chain = np.random.default_rng(seed).dirichlet(np.ones(7) * 0.5, size=(3, 7)) + 1e-6
    chain /= chain.sum(-1, keepdims=True)
    for one, found in zip(chain, stationary(chain), strict=True):
        assert found @ one == pytest.approx(found, abs=1e-12)
        assert limiting_matrix(one) == pytest.approx(np.tile(found, (7, 1)), abs=1e-9)


def test_three_players_and_a_public_good():
    """Each cooperates while all did: for ever, until somebody slips."""
    game = PublicGoods(players=3, levels=2)
    together = int(game.payoffs_at(np.array([[1, 1, 1], [0, 0, 0]]))[:, 0].argmax())
    after = np.zeros((2, 2, 2, 2), int)
    after[1] = 1
    after[0] = 1
    after[0, together, together, together] = 0
    odds = np.eye(2)[[together, 1 - together]]
    grim = Automaton(odds, after)
    found = repeated_play(game, [grim] * 3)
    assert found.payoffs == pytest.approx(game.payoffs_at(np.array([together] * 3)))
    alone = Automaton(np.eye(2)[[1 - together]], np.zeros((1, 2, 2, 2), int))
    ended = repeated_play(game, [grim, grim, alone])
    assert ended.payoffs == pytest.approx(game.payoffs_at(np.array([1 - together] * 3)))


def test_a_table_of_payoffs_is_every_meeting():
    rng = np.random.default_rng(1)
    strategies = [Automaton.memory_one(*rng.random(4), first=rng.random()) for _ in range(4)]
    for options in ({"noise": 0.01}, {"discount": 0.8}):
        table = payoff_matrix(strategies, GAME, **options)
        for i, j in product(range(4), repeat=2):
            wanted = repeated_play(GAME, [strategies[i], strategies[j]], **options).payoffs
            assert table[i, j] == pytest.approx(wanted, abs=1e-10)
    longer = [*strategies[:1], Automaton.pure([0, 0, 1], [[0, 1], [0, 2], [0, 2]])]
    table = payoff_matrix(longer, GAME, noise=0.1)
    assert table[0, 1] == pytest.approx(repeated_play(GAME, longer, noise=0.1).payoffs)
    assert NormalForm(table).regret(NormalForm(table).uniform()) >= 0


def test_what_does_not_fit_is_refused():
    tft = Automaton.pure([0, 1], [[0, 1], [0, 1]], name="tit for tat")
    with pytest.raises(InputError, match="1 strategies for the 2 players"):
        repeated_play(GAME, [tft])
    with pytest.raises(InputError, match=r"tit for tat has moves \(2, 2\), own first, in seat 0"):
        repeated_play(PublicGoods(players=3, levels=2), [tft] * 3)
    with pytest.raises(InputError, match="discount factor is 1"):
        repeated_play(GAME, [tft, tft], discount=1)
    with pytest.raises(InputError, match="Noise of 2"):
        repeated_play(GAME, [tft, tft], noise=2)
    with pytest.raises(InputError, match="Memory-one odds"):
        memory_one_play([0.1, 0.2, 0.3, np.nan], [0.1, 0.2, 0.3, 0.4])
    with pytest.raises(InputError, match="Memory-one odds"):
        memory_one_play([0.1, 0.2], [0.1, 0.2])
    big = any_automaton(np.random.default_rng(0), 3000, (2, 2)).noisy(0.3)
    with pytest.raises(TooLarge, match="too many joint states"):
        repeated_play(GAME, [big, big])


def test_strategies_may_be_named():
    made = [strategy("tit for tat"), strategy("defector")]
    assert repeated_play(GAME, ["TFT", "defector"], discount=0.9).payoffs.tolist() == pytest.approx([0.9, 1.4])
    for discount in (None, 0.5):
        named = payoff_matrix(["tit for tat", made[1]], GAME, discount=discount)
        assert np.array_equal(named, payoff_matrix(made, GAME, discount=discount))


def test_who_is_nobody_or_no_automaton_is_told_so():
    with pytest.raises(UnknownName, match="Did you mean tit for tat"):
        repeated_play(GAME, ["tit for tit", "grim"])
    for asked in (lambda them: repeated_play(GAME, them), lambda them: payoff_matrix(them, GAME)):
        with pytest.raises(InputError, match="soft majority counts, and so is no finite automaton"):
            asked(["tit for tat", "soft majority"])
    with pytest.raises(InputError, match="1 strategies for the 2 players"):
        repeated_play(GAME, "grim")
