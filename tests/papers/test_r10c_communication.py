"""R10c: a speaker can mean what it says while nobody listens (Lowe et al., 2019).

Two types of speaker, one message each; the listener does as it is told, or is deaf. Reference values: speaker
consistency and causal influence both ln 2 = 0.693147 with the obedient listener; ln 2 and 0 with the deaf one.
"""

import math

import numpy as np
import pytest

from ostrom.core.agent import Sight
from ostrom.diagnosis.channel import causal_influence, channel, replies, speaker_consistency

OBEDIENT, DEAF = np.eye(2), np.array([[1.0, 0.0], [1.0, 0.0]])


def test_r10c_on_tables():
    assert speaker_consistency(np.eye(2) / 2) == pytest.approx(0.693147, abs=5e-7)
    assert causal_influence(OBEDIENT) == pytest.approx(0.693147, abs=5e-7)
    assert causal_influence(DEAF) == 0


def test_r10c_asking_the_bots_of_the_signalling_game():
    pytest.importorskip("jax")
    from ostrom.worlds import Signalling

    world, mask = Signalling.small(), {"act": np.array([False, True, True])}
    for name, influence in (("separating", math.log(2)), ("deaf", 0.0)):
        bot = world.bots()[name]
        speaks = Sight(np.int32(0), world.ground, {"state": 1, "message": 0}, mask)
        hears = Sight(np.int32(1), world.ground, {"state": 0, "message": 1}, mask)
        assert speaker_consistency(replies(bot, speaks, [1, 2], "state") / 2) == pytest.approx(math.log(2), abs=1e-12)
        assert causal_influence(replies(bot, hears, [1, 2])) == pytest.approx(influence, abs=1e-12)


@pytest.mark.slow
def test_r10c_from_plays_of_the_signalling_game():
    pytest.importorskip("jax")
    from ostrom.learners import play
    from ostrom.worlds import Signalling

    world = Signalling.small()
    for name, influence in (("separating", math.log(2)), ("deaf", 0.0)):
        played = play(world, world.bots()[name], episodes=200, states=True)
        said, did, case = played.moves["act"][:, ::2, 0], played.moves["act"][:, 1::2, 1], played.states.case[:, ::2]
        found = channel(said, case, did)
        assert found.consistency.value == pytest.approx(math.log(2), abs=1e-3)
        assert found.influence.value == pytest.approx(influence, abs=1e-3)
        assert (found.influence.low > 0.6) == (name == "separating")
