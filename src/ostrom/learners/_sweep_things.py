"""Worlds, rules and learners of a sweep: as text that workers make them from, and which of them go together."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..core import catalogue
from ..core.errors import InputError, OstromError
from ..core.institution import Institution
from ..core.world import World
from ._fits import refuse_misfits
from ._header import parts_of, player_of
from ._written import made_of, written

Things = Any
"""Names (`"lake:players=3"`) or objects, in a list, or by what the table shall call them: `{"the lake": Lake()}`."""
NONE, AND = "none", " + "
"""No rule at all, and what stands between rules that are laid round a world together, the innermost first."""


def texts_of(things: Things, kind: str) -> dict[str, str]:
    """What the table calls each thing -> the text that makes it."""
    if isinstance(things, str) or not isinstance(things, Iterable):
        things = (things,)
    pairs = things.items() if isinstance(things, Mapping) else ((None, thing) for thing in things)
    found = {}
    for name, thing in pairs:
        text = thing.strip() if isinstance(thing, str) else AND.join(map(_text, _several(thing)))
        found[name or text or NONE] = "" if text == NONE else text
    if not found:
        raise InputError(f"The sweep has no {kind}.", do=f"Name at least one {kind}.")
    return found


def _several(thing: Any) -> Sequence[Any]:
    """Rules that are laid round a world together, or the one thing."""
    return thing if isinstance(thing, tuple | list) else () if thing is None else (thing,)


def _text(thing: Any) -> str:
    if text := written(thing):
        return text
    raise InputError(
        f"{thing!r:.120} has no name that a worker could make it from.",
        "Tasks are written down in words, for other processes and for a sweep that goes on.",
        "Give it as text: the import path of its class, with parameters (their_file.Theirs:rate=0.4).",
    )


def made(world: str, under: str, learner: str) -> tuple[World, Any]:
    """The world under its rules, and who plays. Raises `InputError` where they cannot be, or not together."""
    base = _one("worlds", world, World)
    found = base.under(*(_one("institutions", text, Institution) for text in under.split(AND) if text))
    own = "." in learner.partition(":")[0]
    return found, catalogue.build("learners", learner) if own else player_of(parts_of(base)[0], learner)


def _one(room: str, text: str, kind: type[Any]) -> Any:
    """A thing by its name; by its import path, where the name is one (which only who starts a sweep can write)."""
    return catalogue.build(room, text, kind) if "." in text.partition(":")[0] else made_of(text, kind)


def fitting_of(*names: Mapping[str, str]) -> tuple[list[tuple[str, ...]], tuple[str, ...]]:
    """Worlds, rules and learners that go together, by name, and sentences about those that do not."""
    fitting, refused = [], {}
    for chosen in itertools.product(*names):
        try:
            world, player = made(*(texts[name] for texts, name in zip(names, chosen, strict=True)))
            refuse_misfits(world, player)
            jax.eval_shape(lambda key, world=world: _one_step(world, key), np.zeros(2, np.uint32))
            fitting.append(chosen)
        except OstromError as error:
            refused[chosen] = error
    for chosen, error in refused.items():
        if not all(any(other[k] == name for other in fitting) for k, name in enumerate(chosen)):
            raise error
    said = [
        f"{world} under {rule} with {who}: {error.what} {error.do}".rstrip()
        for (world, rule, who), error in refused.items()
    ]
    return fitting, tuple(said)


def _one_step(world: World, key: Any) -> Any:
    """A step whatever the moves: rules that ask for what there is not say so."""
    return world.step(key, world.reset(key), world.ground.unknown_moves((), jnp))
