"""What tests of institutions share: every complete play of a table, made again in the one-step world of its game."""

import numpy as np
import pytest

from ostrom.core.charter import Charter
from ostrom.core.lifts.govern import ground_of
from ostrom.core.lifts.plays import Plays


@pytest.fixture(scope="session")
def same_in_a_world():
    """`same_in_a_world(game, *institutions)`: compiled, all plays pay and permit as on the table (`float[N, P]`)."""
    jax = pytest.importorskip("jax", reason="worlds need JAX: pip install 'ostrom[worlds]'")
    from ostrom.core.seeds import words
    from ostrom.worlds.matrix import MatrixWorld

    key = np.array(words(1), np.uint32)

    def check(game, *institutions):
        plays = Plays(game, Charter(ground_of(game), institutions))
        world = MatrixWorld.of(game).under(*institutions)

        def play(luck, moves):
            state = world.reset(key)._replace(luck=luck)
            return world.mask(state)["act"], world.step(key, state, moves)[1]

        masks, paid = jax.jit(jax.vmap(play))(plays.scene.luck, plays.moves)
        assert (np.array(masks) == plays.masks[0]["act"])[plays.legal].all()
        assert np.allclose(np.array(paid)[plays.legal], plays.payoffs[plays.legal], atol=1e-4, rtol=1e-4)
        return plays.payoffs[plays.legal]

    return check
