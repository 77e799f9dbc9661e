"""Whether the rules round a world did anything in what was played: forbade a move, or changed what was paid."""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import numpy as np

from ..core.institution import Around, Institution
from ..core.rooms import in_words
from ..core.world import World
from ..worlds.governed import GovernedWorld
from ._play import Played, play
from ._table import Players
from ._told import BARE, PAID, Told

MOST = 50_000
"""Steps of all episodes together up to which states are kept."""
CHANGED = 1e-6
"""The share of the largest payoff up to which a payoff counts as unchanged."""


class Felt(NamedTuple):
    """What rules did in some episodes: in how many moves of a seat something was forbidden that the world permits, of
    how many; and by how much payoffs were changed, summed without their signs."""

    forbidden: int
    moves: int
    changed: float


def play_under(
    world: World, players: Players, *, seed: int = 0, episodes: int = 1, states: bool = False
) -> tuple[Played, Felt | None]:
    """What `play` returns, and what the rules did in it; None where there are no rules, where they act for the seats,
    and where more was played than states can be kept of."""
    few = episodes * world.horizon <= MOST
    if not isinstance(world, GovernedWorld) or "act" not in world.ground.parts or world.charter.enacts or not few:
        return play(world, players, seed=seed, episodes=episodes, states=states), None
    told = play(Told(world), players, seed=seed, episodes=episodes, states=True)
    facts = {name: amount for name, amount in told.facts.items() if name not in (BARE, PAID)}
    played = told._replace(facts=facts, states=told.states.world if states else None)
    counts = np.asarray(told.lasting)[..., None]
    bare, paid = (np.asarray(told.facts[name], float) * counts for name in (BARE, PAID))
    gap = np.cumsum(paid - bare, 1)[:, _closing(world, paid.shape[1])]  # a round is paid when it closes
    differing = np.abs(np.diff(gap, axis=1, prepend=0.0))
    changed = float(differing[differing > CHANGED * max(1.0, float(np.abs(bare).max()))].sum())
    return played, Felt(*_forbidden(world, told.states.world, counts), changed)


def idle(world: World, felt: Felt | None, over: str) -> str:
    """A sentence on rules that did nothing in what was played, `over` some episodes; "" where they did something."""
    rules = list(map(_inner, getattr(world, "institutions", ())))
    forbids = [rule for rule in rules if type(rule).permit is not Institution.permit]
    pays = [rule for rule in rules if type(rule).settle is not Institution.settle]
    acting = [rule for rule in rules if rule in forbids or rule in pays]
    if felt is None or not acting or felt.forbidden or felt.changed:
        return ""
    who = f"the {in_words(type(acting[0]).__name__)}" if len(acting) == 1 else "the rules"
    did = [*(["forbade"] if forbids else []), *(["took or gave"] if pays else [])]
    without = "it" if len(acting) == 1 else "them"
    said = f"{over} {who} never {' or '.join(did)} anything"
    return f"{said}: without {without} the same moves would have been open, and paid the same."


def _closing(world: GovernedWorld, steps: int) -> list[int]:
    """The steps that close a round."""
    opening, stages = len(world.ground.opening), len(world.ground.stages)
    return [t for t in range(opening, steps) if (t - opening + 1) % (stages - opening) == 0]


def _forbidden(world: GovernedWorld, states: Any, counts: np.ndarray) -> tuple[int, int]:
    """In how many moves of a seat, of how many, something was forbidden that the world itself permits."""
    base, opening = world.base, len(world.ground.opening) + len(world.ground.before)

    def at(state: Any) -> tuple[Any, Any, Any]:
        return world.mask(state)["act"], base.mask(state.opened)["act"], world.present(state)

    mask, free, present = map(np.asarray, jax.jit(jax.vmap(jax.vmap(at)))(states))
    there = present & counts & (np.asarray(states.stage) == opening)[..., None]
    if world.ground.part("act").continuous:
        less = (mask[..., 0] > free[..., 0]) | (mask[..., 1] < free[..., 1])
    else:
        less = (free & ~mask[..., : free.shape[-1]]).any(-1)
    return int((less & there).sum()), int(there.sum())


def _inner(rule: Any) -> Any:
    """The rule inside those that only blur or move it."""
    while isinstance(rule, Around):
        rule = rule.rule
    return rule
