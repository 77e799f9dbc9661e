"""The header of a run: what was trained, as text from which it can be made again, and a fingerprint of all of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import jax
import numpy as np

from .. import __version__
from ..core.agent import Policy
from ..core.errors import UnknownName
from ..core.institution import Institution
from ..core.world import World
from ..worlds._prng import wrap
from ..worlds.governed import GovernedWorld
from . import _written
from ._learner import Learner
from ._scripted import Scripted, Trained
from ._table import Group, space_of

BOT, TRAINED = "bot", "trained"
"""Names that stand for no class: one of a world's bots, and somebody who has been trained before."""


def header(world: World, groups: tuple[Group, ...], numbers: Mapping[str, int]) -> dict[str, Any]:
    """What is trained, as JSON can hold it; what has no name at all is written as Python shows it."""
    base, rules = parts_of(world)
    return {
        "ostrom": __version__,
        "jax": jax.__version__,
        "world": _written.text_of(base),
        "under": [_written.text_of(rule) for rule in rules],
        "players": [[player_text(base, group.learner), list(group.seats)] for group in groups],
        **numbers,
        "digest": fingerprint(world, groups),
        "minds": _written.digest(*(group.learner.mind for group in groups if isinstance(group.learner, Trained))),
    }


def fingerprint(world: World, groups: tuple[Group, ...]) -> str:
    """The same for the same world and players, to the last parameter; minds that were trained before left out."""
    players = [group.learner.learner if isinstance(group.learner, Trained) else group.learner for group in groups]
    return _written.digest(world, players)


def parts_of(world: World) -> tuple[World, tuple[Institution, ...]]:
    """A world without its institutions, and these."""
    return (world.base, tuple(world.institutions)) if isinstance(world, GovernedWorld) else (world, ())


def player_text(base: World, player: Learner) -> str:
    """Who plays: `bot:selfish`, `ippo:rate=0.001`, `their_file.Theirs`; `repr` where it has no name."""
    if isinstance(player, Trained):
        return f"{TRAINED}:{player_text(base, player.learner)}"
    if not isinstance(player, Scripted):
        return _written.text_of(player)
    named = (f"{BOT}:{name}" for name, bot in base.bots().items() if bot == player.policy)
    return next(named, "") or _written.text_of(player.policy)


def player_of(base: World, text: str, own: _written.Own = MappingProxyType({})) -> Learner | Policy:
    """Who a text describes: one of the world's bots, a learner, or a policy. Raises `InputError`; runs nothing."""
    name, _, rest = (part.strip() for part in text.partition(":"))
    if name == BOT:
        bots = {"random": Policy(), **base.bots()}
        if rest not in bots:
            raise UnknownName(f"bot of {type(base).__name__}", rest, bots)
        return bots[rest]
    try:
        return _written.made_of(text, Learner, own)
    except UnknownName as unknown:
        if unknown.kind != "learner":
            raise
        try:
            return _written.made_of(text, Policy, own)
        except UnknownName as also:
            if also.kind != "policy":
                raise
            raise UnknownName("learner or policy", name, {*unknown.known, *also.known, f"{BOT}:…"}) from None


def world_of(known: Mapping[str, Any], world: World | None = None, own: _written.Own = MappingProxyType({})) -> World:
    """The world that a header describes, or the given one under the rules that it describes. Raises `InputError`."""
    if isinstance(world, GovernedWorld):
        return world
    base = _written.made_of(known["world"], World, own) if world is None else world
    return base.under(*(_written.made_of(text, Institution, own) for text in known["under"]))


def groups_of(known: Mapping[str, Any], world: World, own: _written.Own = MappingProxyType({})) -> tuple[Group, ...]:
    """The players that a header describes, in their seats. Raises `InputError`."""
    base, _ = parts_of(world)
    return tuple(Group(_seated(world, base, text, own), tuple(seats)) for text, seats in known["players"])


def _seated(world: World, base: World, text: str, own: _written.Own) -> Learner:
    if text.startswith(f"{TRAINED}:"):
        learner = _written.made_of(text.removeprefix(f"{TRAINED}:"), Learner, own)
        like = jax.eval_shape(lambda key: learner.begin(wrap(key), space_of(world)), np.zeros(2, np.uint32))
        return Trained(learner, like)
    player = player_of(base, text, own)
    return Scripted(player) if isinstance(player, Policy) else player
