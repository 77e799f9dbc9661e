"""Can a world be played by a policy? Compiled for worlds, and with NumPy for live sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..core.agent import Policy, Sight
from ..core.errors import DeclarationError
from ..core.rooms import load
from ..core.world import World
from ._episode import TOLERANCE, Episode, Step


def check_bots(world: World, name: str, policy: Any, played: Episode) -> str:
    """The name of the policy, if it can play the sampled states from every seat; `DeclarationError` if it cannot."""
    import jax
    import jax.numpy as jnp

    first_line = load("worlds", "_outline").first_line

    def fail(what: str, do: str) -> None:
        raise DeclarationError(f"The bot {name!r} of {type(world).__name__} {what}.", do=do)

    if not isinstance(policy, Policy):
        fail(f"is a {type(policy).__name__}", "Bots are core.agent.Policy.")
    compiled = jax.jit(lambda seat, seen, mask, memory: _acted(world, policy, seat, seen, mask, memory, jnp))
    try:
        memory = jax.tree.map(jnp.asarray, dict(policy.begin()))
    except Exception as error:
        fail(f"raises {type(error).__name__} in begin: {first_line(error)}", "Give arrays by name, {} for none.")
    for step in played.steps[:: max(1, len(played.steps) // 3)][:3]:
        for seat in range(len(world.ground.players)):
            seen, mask = _own(step, seat)
            try:
                scores, after = compiled(np.int32(seat), seen, mask, memory)
            except jax.errors.JAXTypeError as error:
                fail(f"cannot be compiled: {first_line(error)}", "Use sight.xp, and its where instead of if.")
            except Exception as error:
                fail(
                    f"raises {type(error).__name__}: {first_line(error)}", "Mend it; it sees sight.seen and sight.mask."
                )
            odd = _odd(world, scores) or ("" if _alike(memory, after) else f"keeps {after} in mind after {memory}")
            if odd:
                fail(odd, "Scores are float[A] for each part, and memory keeps its structure, shapes and types.")
            try:
                live, _ = _acted(world, policy, np.int32(seat), seen, mask, jax.tree.map(np.asarray, memory), np)
            except Exception as error:
                fail(
                    f"raises {type(error).__name__} with NumPy: {first_line(error)}", "Use sight.xp for both libraries."
                )
            if any(not np.allclose(live[part], scores[part], TOLERANCE, TOLERANCE) for part in scores):
                fail("chooses otherwise with NumPy than compiled", "Use sight.xp and what both libraries share.")
    return name


def _own(step: Step, seat: int) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """What one seat sees and may choose."""
    told = {name: rows[seat] for name, rows in step.seen["seat"].items()}
    return {**step.seen["public"], **told}, {part: mask[seat] for part, mask in step.seen["mask"].items()}


def _acted(world: World, policy: Policy, seat: Any, seen: Any, mask: Any, memory: Any, xp: Any) -> tuple[Any, Any]:
    acted = policy.act(Sight(seat, world.ground, seen, mask, xp), memory)
    if not isinstance(acted, tuple) or len(acted) != 2 or not all(isinstance(one, Mapping) for one in acted):
        raise TypeError(f"act gives {acted!r:.60}, where two dicts are asked for, (part -> scores, memory)")
    return dict(acted[0]), dict(acted[1])


def _odd(world: World, scores: Mapping[str, Any]) -> str:
    parts, seats = world.ground.parts, len(world.ground.players)
    for name, score in scores.items():
        if name not in parts:
            return f"scores {name!r}, and the parts are {', '.join(parts)}"
        shape = () if parts[name].continuous else (parts[name].width(seats),)
        if np.shape(score) != shape or not np.isfinite(score).all():
            return f"scores {name!r} with {np.asarray(score)}, where {shape or 'one number'} is asked for"
    return ""


def _alike(memory: Any, after: Any) -> bool:
    import jax

    def form(tree: Any) -> Any:
        return jax.tree.structure(tree), [(np.shape(leaf), np.asarray(leaf).dtype) for leaf in jax.tree.leaves(tree)]

    return form(memory) == form(after)
