"""Is a world what it has to be? The public conformance kit for worlds, one's own included. Needs JAX."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from ..core.rooms import load
from ..core.seeds import words
from ..core.world import World
from ._episode import TOLERANCE, Episode, Step, fail, moved, sampled
from ._world_tells import can_be_shown, ends_for_good, has_bots, keeps_ranges


def check_world(world: World, seed: int = 0, steps: int | None = None) -> tuple[str, ...]:
    """Play a world at random and hold it to what every carrier and learner relies on.

    Parameters
    ----------
    world : an instance, bare or under institutions.
    seed : of the play; `steps` : how many steps of it are looked at, by default the horizon, at most 40.

    Returns one sentence per check. Raises `DeclarationError` (what was seen, and what to do) on the first failure, and
    `InputError` for what is no world. Sampled: a failure is certain, a pass is evidence for the states that were
    reached.
    """
    load("worlds", "rollouts")  # says the install line where JAX is missing
    words(seed)  # which says what a seed is
    load("worlds", "_outline").require_sound(world, named=True)
    if steps is not None:
        load("learners", "_bounds").refuse_counts("check_world", steps=steps)
    with load("worlds", "_callbacks").outspoken():
        played = sampled(world, seed, steps or min(world.horizon, 40))
        return (*_TRACED, *(check(world, played) for check in _CHECKS))


def _is_finite(world: World, played: Episode) -> str:
    for number, step in enumerate(played.steps):
        numbers = {"payoffs": step.payoffs, **step.facts, **step.seen["sights"]}
        shown = {f"{name!r} in its view": step.seen[of][name] for of in ("public", "seat") for name in step.seen[of]}
        for name, values in (numbers | shown).items():
            if not np.isfinite(values).all():
                fail(world, f"gives {name} = {values} at step {number}", "Keep every number finite.")
    return f"finite: payoffs, facts and what is seen in {len(played.steps)} steps"


def _lets_absent_rest(world: World, played: Episode) -> str:
    away = 0
    for number, step in enumerate(played.steps):
        absent = ~step.seen["present"]
        away += int(absent.sum())
        choices = {name: mask[absent] for name, mask in step.seen["mask"].items() if mask.dtype == bool}
        if any((mask.sum(-1) != 1).any() for mask in choices.values()) or step.payoffs[absent].any():
            fail(world, f"asks or pays absent seats at step {number}", "Give them one legal move and a payoff of 0.")
    return f"absent seats rest and are paid nothing ({away} seat-steps)" if away else "absent seats: none were"


def _keeps_prospects(world: World, played: Episode) -> str:
    for number, step in enumerate(played.steps):
        for name, most in step.seen["prospects"].items():
            reach = np.take_along_axis(most, step.moves["act"][:, None], -1)[:, 0]
            beyond = step.facts[name] - reach > TOLERANCE * (1 + np.abs(reach))
            if beyond.any():
                seat = int(np.argmax(beyond))
                fail(
                    world,
                    f"let seat {seat} have {step.facts[name][seat]:g} of {name!r} at step {number}, "
                    f"where its prospects were at most {reach[seat]:g}",
                    "Prospects are the most a move could bring, whatever the others do.",
                )
    known = sorted(played.steps[0].seen["prospects"])
    return f"prospects are kept: {', '.join(known)}" if known else "prospects: none declared"


def _is_deterministic(world: World, played: Episode) -> str:
    """The same question has one answer, compiled or not."""
    import jax

    for number, step in enumerate(played.steps[:: max(1, len(played.steps) // 3)][:3]):
        state = jax.tree.map(jax.numpy.asarray, step.state)
        call = partial(moved, world, step.key, state, step.moves)
        again = [load("worlds", "_outline").asked(world, "step, not compiled,", call) for _ in range(2)]
        for answer, how, slack in ((again[1], "asked again", 0.0), (_answer(step), "compiled", TOLERANCE)):
            pairs = zip(jax.tree.leaves(again[0]), jax.tree.leaves(answer), strict=True)
            if not all(np.allclose(a, b, rtol=slack, atol=slack, equal_nan=True) for a, b in pairs):
                fail(
                    world, f"answers otherwise when {how}, in sampled step {number}", "Read only key, state and moves."
                )
    return "deterministic: asked again and compiled, it answers the same"


def _answer(step: Step) -> tuple[Any, Any, Any]:
    return step.after, step.payoffs, step.facts


def _treats_seats_alike(world: World, played: Episode) -> str:
    if world.reseated(played.steps[0].state, np.arange(len(world.ground.players))) is None:
        return "seats: not declared alike"
    random = np.random.default_rng(1)
    for number, step in enumerate(played.steps):
        order = random.permutation(len(world.ground.players))
        state, moves = world.reseated(step.state, order), {name: made[order] for name, made in step.moves.items()}
        _, payoffs, facts = played.move(world, step.key, state, moves)
        seen = played.look(world, state)
        told = {**seen["mask"], **seen["prospects"], **seen["seat"], "payoffs": payoffs, **facts}
        meant = {
            **step.seen["mask"],
            **step.seen["prospects"],
            **step.seen["seat"],
            "payoffs": step.payoffs,
            **step.facts,
        }
        odd = [name for name in told if not np.allclose(told[name], meant[name][order], TOLERANCE, TOLERANCE)]
        if odd:
            fail(
                world,
                f"says that all seats are alike, but {odd[0]} changes with who sits where (step {number})",
                "Let reseated return None, or treat seats alike.",
            )
    return "seats are alike, as declared"


_TRACED = (
    "shapes: masks, facts, sights and payoffs are those of the ground",
    "states keep their structure, shapes and types",
)
"""What holds of a world whose methods have been traced."""

_CHECKS: tuple[Callable[[World, Episode], str], ...] = (
    _is_finite,
    _lets_absent_rest,
    _keeps_prospects,
    _is_deterministic,
    _treats_seats_alike,
    keeps_ranges,
    ends_for_good,
    can_be_shown,
    has_bots,
)
