"""Lewis's game against its rules in plain Python, and against all strategies there are."""

import itertools

import numpy as np
import pytest

pytest.importorskip("jax")
import jax
import jax.numpy as jnp

from ostrom.core.agent import Sight
from ostrom.diagnosis.channel import replies
from ostrom.institutions import Tax
from ostrom.testing import check_world
from ostrom.worlds import Signalling
from ostrom.worlds.signalling import State


@jax.jit
def step(game, key, before, act):
    """State, payoffs, facts and mask after moves."""
    after, payoffs = game.step(key, before, {"act": act})
    return after, payoffs, game.facts(before, {"act": act}, after)["success"], game.mask(after)["act"]


def paid(game, case, act):
    """What sender and receiver get for act `act` (from 0) where `case` is the case."""
    fits, after = case % game.acts, (case + 1) % game.acts
    return [(1 - game.bias) * (act == fits) + game.bias * (act == after), 1.0 * (act == fits)]


@pytest.mark.parametrize("game", [Signalling(), Signalling(4, 2, 3, bias=0.25)], ids=["3x3x3", "4x2x3"])
def test_steps_follow_the_rules(game):
    random, here = np.random.default_rng(0), game.reset(np.array([1, 0], np.uint32))
    counts = [game.messages, game.acts]
    for number in range(60):
        turn = number % 2
        act = np.zeros(2, np.int32)
        act[turn] = random.integers(1, counts[turn] + 1)
        after, payoffs, success, mask = step(game, np.array([number, 9], np.uint32), here, act)
        expected = paid(game, int(here.case), act[1] - 1) if turn else [0.0, 0.0]
        assert np.allclose(payoffs, expected)
        assert np.allclose(success, expected[1])
        assert after.message == (-1 if turn else act[0] - 1)
        assert turn or after.case == here.case
        coming = 1 - turn
        asked = [0 < move <= counts[coming] for move in range(mask.shape[1])]
        assert mask[coming].tolist() == asked
        assert mask[turn].tolist() == [move == 0 for move in range(mask.shape[1])]
        here = after


def test_only_the_sender_knows_the_case_and_only_the_receiver_is_told_the_message():
    game = Signalling()
    for message, heard in ((-1, 0), (1, 2)):
        seen = game.observe(State(jnp.int32(2), jnp.int32(message))).seat
        assert np.asarray(seen["state"]).tolist() == [3, 0]
        assert np.asarray(seen["message"]).tolist() == [0, heard]


def test_every_state_is_as_likely():
    keys = np.stack([np.arange(9000), np.zeros(9000)], -1).astype(np.uint32)
    first = jax.jit(jax.vmap(Signalling().reset))(keys).case
    heard = State(jnp.int32(0), jnp.int32(0))
    later = jax.jit(jax.vmap(lambda key: Signalling().step(key, heard, {"act": np.array([0, 1])})[0]))(keys).case
    for cases in (first, later):
        assert (abs(np.bincount(np.asarray(cases), minlength=3) - 3000) < 5 * np.sqrt(2000)).all()


@pytest.mark.parametrize(("bias", "rests"), [(0.0, True), (0.4, True), (0.6, False), (1.0, False)])
def test_telling_everything_is_an_equilibrium_as_long_as_both_want_nearly_the_same(bias, rests):
    """All 27 ways to speak against who believes everything, and all 27 ways to listen to who tells everything."""
    game, honest = Signalling(bias=bias), (0, 1, 2)

    def worth(seat, says, does):
        return sum(paid(game, case, does[says[case]])[seat] for case in range(3)) / 3

    ways = list(itertools.product(range(3), repeat=3))
    gain = max(worth(0, says, honest) for says in ways) - worth(0, honest, honest)
    assert max(worth(1, honest, does) for does in ways) == worth(1, honest, honest) == 1
    assert (gain <= 1e-12) == rests
    payoffs = step(game, np.zeros(2, np.uint32), State(jnp.int32(2), jnp.int32(2)), np.array([0, 3]))[1]
    assert np.allclose(payoffs, [worth(0, honest, honest), 1])


def test_bots_stand_on_a_ladder(cast):
    """Random and deaf 1/3, two states in one message 2/3, all told 1; the world of two states is in `small`."""
    game = Signalling()
    names = ["random", "deaf", "pooling", "separating"]
    who = np.repeat([[k, k] for k in range(4)], 200, 0)
    shares = cast(game, [game.bots()[name] for name in names], who).returns[:, 0].reshape(4, -1) / game.rounds
    for share, wanted in zip(shares, [1 / 3, 1 / 3, 2 / 3, 1], strict=True):
        assert share.mean() == pytest.approx(wanted, abs=5 * np.sqrt(wanted * (1 - wanted) / (200 * 25)))


def strategies(game, bot):
    """What a bot says in each state, and does on each message, from 0; it is not random."""
    asked = [("state", game.states, game.messages), ("message", game.messages, game.acts)]
    said = []
    for seat, (name, count, choices) in enumerate(asked):
        mask = np.array([0 < move <= choices for move in range(1 + max(game.messages, game.acts))])
        sight = Sight(np.int32(seat), game.ground, {"state": 0, "message": 0}, {"act": mask})
        odds = replies(bot, sight, range(1, count + 1), name)
        assert (odds.max(1) == 1).all()
        said.append((odds.argmax(1) - 1).tolist())
    return said


@pytest.mark.parametrize(("name", "gains"), [("deaf", [0, 2 / 3]), ("pooling", [0, 0]), ("separating", [0, 0])])
def test_pooling_and_separating_are_equilibria_and_being_deaf_is_not(name, gains):
    game = Signalling()
    says, does = strategies(game, game.bots()[name])

    def worth(says, does):
        return sum(paid(game, case, does[says[case]])[1] for case in range(3)) / 3

    ways = list(itertools.product(range(3), repeat=3))
    best = [max(worth(own, does) for own in ways), max(worth(says, own) for own in ways)]
    assert [most - worth(says, does) for most in best] == pytest.approx(gains)


def test_fewer_messages_than_states_are_as_good_as_they_can_be(cast):
    """With 4 states, 2 messages and 2 acts, states 1 and 3 ask for act 1; naming the first state alone finds 3 of 4."""
    game = Signalling(4, 2, 2)
    best = max(
        sum(does[says[case]] == case % 2 for case in range(4)) / 4
        for says in itertools.product(range(2), repeat=4)
        for does in itertools.product(range(2), repeat=2)
    )
    share = cast(game, [game.bots()["separating"]], np.zeros((200, 2), int)).returns[:, 1].mean() / game.rounds
    assert best == 1
    assert share == pytest.approx(3 / 4, abs=5 * np.sqrt(3 / 16 / 5000))


def test_the_bias_can_be_differentiated():
    """A sender who is believed in everything gets 1 - bias."""
    told = State(jnp.int32(0), jnp.int32(0))
    worth = jax.grad(
        lambda bias: Signalling(bias=bias).step(np.zeros(2, np.uint32), told, {"act": np.array([0, 1])})[1][0]
    )
    assert worth(0.3) == -1


def test_it_is_a_world():
    assert check_world(Signalling(), steps=8)


@pytest.mark.slow
def test_under_institutions_it_is_a_world_too():
    assert check_world(Signalling(4, 2, 3, bias=0.25).under(Tax("success", 0.1)), steps=8)


def test_a_state_can_be_said():
    game = Signalling.small()
    assert game.words(State(np.int32(1), np.int32(-1))) == "State 2 is the case, and nothing has been said."
    assert game.words(State(np.int32(0), np.int32(1))) == "State 1 is the case, and message 2 has been sent."
