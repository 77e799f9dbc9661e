"""Seats that are played by policies while somebody else plays the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from ..core.agent import Policy, Sight
from ..core.errors import InputError, UnknownName
from ..core.ground import Ground
from ._seats import draw

Array = Any


class Others(NamedTuple):
    """Policies, and the numbers of the seats that each plays; alike policies are computed together."""

    policies: tuple[Policy, ...] = ()
    seats: tuple[tuple[int, ...], ...] = ()

    def begin(self) -> tuple[Any, ...]:
        """What each has in mind as an episode begins, seats first."""

        def for_all(policy: Policy, count: int) -> Any:
            return jax.tree.map(lambda leaf: jnp.repeat(jnp.asarray(leaf)[None], count, 0), dict(policy.begin()))

        return tuple(for_all(policy, len(seats)) for policy, seats in zip(self.policies, self.seats, strict=True))

    def act(
        self, ground: Ground, key: Array, memory: tuple[Any, ...], seen: Mapping[str, Array], mask: Mapping[str, Array]
    ) -> tuple[dict[str, Array], tuple[Any, ...]]:
        """`(moves part -> [P], memory)`; moves of seats that nobody here plays are 0. `key` is a `jax.random` key."""
        keys, kept = jax.random.split(key, len(ground.players)), []
        moves = {name: jnp.zeros(row.shape[0], _kind(row)) for name, row in mask.items()}
        for policy, seats, held in zip(self.policies, self.seats, memory, strict=True):
            at = np.array(seats)

            def one(own: Array, seat: Array, rows: Any, permitted: Any, mine: Any, policy: Policy = policy) -> Any:
                scores, mine = policy.act(Sight(seat, ground, rows, permitted, jnp), mine)
                return draw(own, scores, permitted), dict(mine)

            rows, permitted = ({name: value[at] for name, value in what.items()} for what in (seen, mask))
            chosen, held = jax.vmap(one)(keys[at], jnp.asarray(at, dtype=jnp.int32), rows, permitted, held)
            moves = {name: row.at[at].set(chosen[name]) for name, row in moves.items()}
            kept.append(held)
        return moves, tuple(kept)


def others_of(ground: Ground, seat: int, policies: Policy | Mapping[str, Policy]) -> Others:
    """Who plays all seats but `seat`: one policy for all, or one by name for each."""
    names = [name for number, name in enumerate(ground.players) if number != seat]
    if isinstance(policies, Policy):
        policies = dict.fromkeys(names, policies)
    if not isinstance(policies, Mapping):
        raise InputError(
            f"The other seats are to be played by {policies!r:.80}.",
            "They are played within the compiled step, by policies.",
            "Give a policy, like world.bots()['selfish'], or {name of seat: policy}; what was trained plays in play.",
        )
    for name, policy in policies.items():
        if name not in names:
            raise UnknownName("other seat", str(name), names)
        if not isinstance(policy, Policy):
            raise InputError(f"{name} is to be played by {policy!r:.80}, which is no policy.", do="Give a Policy.")
    missing = [name for name in names if name not in policies]
    if missing:
        raise InputError(
            f"Nobody plays {', '.join(missing)}.",
            "Every seat but one's own needs a policy.",
            "Give one policy for all others, or {name of seat: policy} with all of them.",
        )
    groups: dict[Policy, list[int]] = {}
    for name, policy in policies.items():
        groups.setdefault(policy, []).append(ground.players.index(name))
    return Others(tuple(groups), tuple(map(tuple, groups.values())))


def _kind(mask: Array) -> Any:
    return jnp.int32 if mask.dtype == bool else jnp.float32
