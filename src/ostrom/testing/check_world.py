"""Is a world what it has to be? The public conformance kit for worlds, one's own included. Needs JAX."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.rooms import load
from ..core.world import World
from ._episode import TOLERANCE, Episode, Step, fail, moved, sampled
from ._world_tells import can_be_shown, ends_for_good, has_bots, keeps_ranges


def check_world(world: World, seed: int = 0, steps: int | None = None) -> tuple[str, ...]:
    """Play a world at random and hold it to what every carrier and learner relies on.

    Parameters
    ----------
    world : an instance, bare or under institutions.
    seed : of the play; `steps` : how many steps of it are looked at, by default the horizon, at most 40.

    Returns one sentence per check. Raises `DeclarationError` (what was seen, and what to do) on the first failure.
    Sampled: a failure is certain, a pass is evidence for the states that were reached.
    """
    load("worlds", "rollouts")  # tells JAX of records, and says the install line where it is missing
    with load("worlds", "_callbacks").outspoken():
        played = sampled(world, seed, steps or min(world.horizon, 40))
        return tuple(check(world, played) for check in _CHECKS)


def _has_shapes(world: World, played: Episode) -> str:
    """Everything has the shapes that the ground promises."""
    ground = world.ground
    seats, expected = len(ground.players), {}
    for name, part in ground.parts.items():
        expected[f"mask of {name!r}"] = (seats, 2 if part.continuous else part.width(seats))
    for step in played.steps:
        shapes = {f"mask of {name!r}": mask.shape for name, mask in step.seen["mask"].items()}
        shapes |= {f"fact {name!r}": amount.shape for name, amount in (step.facts | step.seen["sights"]).items()}
        shapes |= {"payoffs": step.payoffs.shape, "present": step.seen["present"].shape}
        wanted = expected | dict.fromkeys(
            [f"fact {name!r}" for name in ground.facts] + ["payoffs", "present"], (seats,)
        )
        if shapes != wanted:
            odd = sorted(name for name in shapes.keys() | wanted.keys() if shapes.get(name) != wanted.get(name))[0]
            fail(
                world,
                f"gives {odd} the shape {shapes.get(odd)}, and its ground promises {wanted.get(odd)}",
                "Seats stand on the first axis; `measures` names exactly what facts and sights give.",
            )
        for name, value in step.seen["seat"].items():
            if value.shape[:1] != (seats,):
                fail(
                    world,
                    f"tells {name!r} in the shape {value.shape}",
                    f"One row for each of {seats} seats comes first.",
                )
    return "shapes: masks, facts, sights and payoffs are those of the ground"


def _keeps_structure(world: World, played: Episode) -> str:
    """States keep their structure, shapes and types (what scan needs)."""
    import jax

    def described(state: Any) -> Any:
        leaves, structure = jax.tree.flatten(state)
        return structure, [(np.shape(leaf), np.asarray(leaf).dtype) for leaf in leaves]

    for step in played.steps:
        if described(step.state) != described(step.after):
            fail(
                world,
                f"changes its state from {described(step.state)} to {described(step.after)}",
                "Keep the structure, shapes and types of the state that reset gives.",
            )
    return "states keep their structure, shapes and types"


def _is_finite(world: World, played: Episode) -> str:
    for number, step in enumerate(played.steps):
        for name, values in {"payoffs": step.payoffs, **step.facts, **step.seen["sights"]}.items():
            if not np.isfinite(values).all():
                fail(world, f"gives {name} = {values} at step {number}", "Keep every number finite.")
    return f"finite: payoffs and facts in {len(played.steps)} steps"


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
        again = [moved(world, step.key, step.state, step.moves) for _ in range(2)]
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


_CHECKS: tuple[Callable[[World, Episode], str], ...] = (
    _has_shapes,
    _keeps_structure,
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
