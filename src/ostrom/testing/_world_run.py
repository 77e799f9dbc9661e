"""The same session once more, as a compiled world."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np

from ..core.errors import DeclarationError
from ..core.game import Game
from ..core.institution import Institution
from ..core.rooms import load
from ..core.seeds import fold, words
from ..core.society import Session
from ..core.world import STEP, World

TOLERANCE = 1e-3
"""Worlds count in float32."""


def in_a_world(institution: Institution, game: Game, session: Session) -> str:
    """Make the moves of a live session in the one-step world of its game, compiled; every round pays the same.

    Raises `DeclarationError` when a round does not, or when a hook cannot be compiled.
    """
    if find_spec("jax") is None:
        return "not checked: JAX is not installed"
    import jax

    world: World = load("worlds", "matrix").MatrixWorld.of(game, session.rounds).under(institution)
    step, key = jax.jit(world.step), np.array(words(session.seed), np.uint32)
    paid, number = np.zeros((session.rounds, len(game.players))), 0
    try:
        state = world.reset(key)
        for time in range(session.rounds):
            for moves in _moves(session, world, time):
                state, payoffs = step(fold(key, number, STEP), state, moves)
                paid[time] += np.asarray(payoffs)
                number += 1
    except jax.errors.JAXTypeError as error:
        raise DeclarationError(
            f"{type(institution).__name__} cannot be compiled for a world: {str(error).splitlines()[0]}",
            "In a world the values are not known yet when the rule is compiled.",
            "Use now.xp instead of numpy, and now.xp.where instead of a Python if on values.",
        ) from None
    live = np.zeros_like(paid)
    for event in session.log:
        if event.channel == "paid":
            live[event.t, game.players.index(event.agent)] = event.payoff
    if not np.allclose(paid, live, atol=TOLERANCE, rtol=1e-4):
        time = int(np.abs(paid - live).max(-1).argmax())
        raise DeclarationError(
            f"{type(institution).__name__} pays {live[time]} in round {time} live, {paid[time]} in a compiled world.",
            "The same moves under the same rule have to pay the same.",
            "Use now.xp and only what numpy and jax.numpy share; decide on whole numbers, not on real ones.",
        )
    return f"{number} compiled steps pay as live"


def _moves(session: Session, world: World, time: int) -> list[dict[str, np.ndarray]]:
    """The moves of one round, one step for each stage; what nobody chose is 0, the first of what is permitted."""
    parts, seats = world.ground.parts, len(session.players)
    made = {name: np.zeros(seats, np.float32 if part.continuous else np.int32) for name, part in parts.items()}
    for event in session.log:
        if event.t == time and event.channel in parts:
            seat, part = session.players.index(event.agent), parts[event.channel]
            made[part.name][seat] = event.action if part.continuous else part.labels_of(seat).index(event.action)
    return [made] * (len(world.ground.stages) - (len(world.ground.opening) if time else 0))
