"""Playing many casts of scripted players side by side, in one compilation."""

import contextlib
import warnings
from types import SimpleNamespace

import numpy as np
import pytest

from ostrom.core.agent import NEVER, Sight

with warnings.catch_warnings(), contextlib.suppress(ImportError):
    warnings.simplefilter("ignore", DeprecationWarning)  # where pygame is there, PettingZoo's tests import old names
    import pettingzoo.test  # noqa: F401


@pytest.fixture(scope="session")
def cast():
    """`cast(world, bots, who)`: episodes `[E, T, …]` in which seat p of episode e is played by `bots[who[e, p]]`.

    Every seat computes all bots and one of them is heeded, so that a whole table of pairs is compiled once. Chance is
    drawn by NumPy.
    """
    jax = pytest.importorskip("jax")
    jnp = jax.numpy

    def chosen(world, bots, state, memory, who, luck):
        view, seats = world.observe(state), len(who)
        public = {name: jnp.broadcast_to(value, (seats, *jnp.shape(value))) for name, value in view.public.items()}
        seen = {**public, **{name: jnp.asarray(rows) for name, rows in view.seat.items()}}

        def one(seat, row, mask, own, number, noise):
            sight = Sight(seat, world.ground, row, {"act": mask}, jnp)
            answers = [bot.act(sight, kept) for bot, kept in zip(bots, own, strict=True)]
            scores = jnp.stack([jnp.zeros(mask.shape) + said.get("act", 0.0) for said, _ in answers])[number]
            return jnp.argmax(jnp.where(mask, scores, NEVER) + noise).astype(jnp.int32), [
                dict(kept) for _, kept in answers
            ]

        mask = jnp.broadcast_to(world.mask(state)["act"], luck.shape)
        act, memory = jax.vmap(one)(jnp.arange(seats, dtype=jnp.int32), seen, mask, memory, who, luck)
        return {"act": act}, memory

    def play(world, bots, who, steps=None, seed=0):
        who, random = np.asarray(who), np.random.default_rng(seed)
        length, width = steps or world.horizon, world.ground.part("act").width(who.shape[1])
        keys = random.integers(0, 2**32, (len(who), length + 1, 2), dtype=np.uint32)
        luck = random.gumbel(size=(len(who), length, who.shape[1], width)).astype(np.float32)

        def episode(keys, who, luck):
            def step(carry, given):
                (state, memory), (key, noise) = carry, given
                moves, memory = chosen(world, bots, state, memory, who, noise)
                after, payoffs = world.step(key, state, moves)
                facts, sights = world.facts(state, moves, after), world.sights(state)
                return (after, memory), (payoffs, facts, sights, moves["act"], state)

            begun = [jax.tree.map(lambda leaf: jnp.stack([leaf] * len(who)), dict(bot.begin())) for bot in bots]
            return jax.lax.scan(step, (world.reset(keys[0]), begun), (keys[1:], luck))[1]

        names = ("payoffs", "facts", "sights", "act", "states")
        played = jax.tree.map(np.asarray, jax.jit(jax.vmap(episode))(keys, who, luck))
        return SimpleNamespace(**dict(zip(names, played, strict=True)), returns=np.asarray(played[0], float).sum(1))

    return play
