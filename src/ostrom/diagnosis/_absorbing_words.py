"""What `absorbing` says of recurrent sets and the ways out of them."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from ..core.game import Array
from ._tables import listed, opened

SAID = 6
"""Sets whose ways out are told one by one."""


class Absorbing(Protocol):
    """What the sentences are made from; see `absorbing.Absorbing`."""

    @property
    def moves(self) -> tuple[tuple[str, ...], ...]: ...
    @property
    def players(self) -> tuple[str, ...]: ...
    @property
    def population(self) -> int | None: ...
    @property
    def rule(self) -> str: ...
    @property
    def sets(self) -> tuple[Array, ...]: ...
    @property
    def resistance(self) -> Array: ...
    @property
    def worth(self) -> Array: ...
    @property
    def stable(self) -> tuple[int, ...]: ...
    @property
    def radius(self) -> tuple[int | None, ...]: ...
    @property
    def coradius(self) -> tuple[int | None, ...]: ...


def sentences(found: Absorbing) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the sets, and the sentences: where rare mistakes lead first."""
    names = tuple(_name(found, states) for states in found.sets)
    said = [_stable(found, names)]
    order = np.argsort([-(radius or 0) for radius in found.radius], kind="stable")
    if len(names) > 1:
        said += [_way_out(found, names, int(k)) for k in order[:SAID]]
    return names, tuple(said)


def _name(found: Absorbing, states: Array) -> str:
    """All hare; 33 to 34 hawk and 66 to 67 dove of 100; (stag, stag)."""
    if found.population is None:
        first = ", ".join(own[k] for own, k in zip(found.moves, states[0], strict=True))
        return f"({first})" if len(states) == 1 else f"{len(states)} joint moves around ({first})"
    moves, most, least = found.moves[0], states.max(0), states.min(0)
    there = [k for k in range(len(moves)) if most[k]]
    if len(there) == 1:
        return f"all {moves[there[0]]}"
    parts = [f"{_range(least[k], most[k])} {moves[k]}" for k in there]
    return f"{listed(tuple(parts))} of {found.population}"


def _range(low: int, high: int) -> str:
    return f"{low}" if low == high else f"{low} to {high}"


def _how(found: Absorbing) -> str:
    does = "imitate what does better" if found.rule == "imitation" else "reply best"
    return f"the {len(found.players)} players {does}" if found.population is None else f"{found.population} {does}"


def _stable(found: Absorbing, names: tuple[str, ...]) -> str:
    if len(names) == 1:
        return f"Where {_how(found)}, everything leads to {names[0]}, and nothing out of it."
    stable = [names[k] for k in found.stable]
    if len(stable) > SAID:
        return f"Where {_how(found)} and mistakes are rare, {len(stable)} of {len(names)} states are as likely to last."
    said = f"Where {_how(found)} and mistakes are rare, they are nearly always at {' or '.join(stable)}"
    if len(stable) > 1:
        return f"{said}, to each of which as few mistakes lead."
    (k,) = found.stable
    best = int(found.worth.argmax())
    said += f": it takes at most {_mistakes(found.coradius[k])} to get there and {found.radius[k]} to leave"
    gap = found.worth[best] - found.worth[k]
    if gap > 1e-9 * max(1.0, np.abs(found.worth).max()):
        said += (
            f", though at {names[best]} they would earn {found.worth[best]:.3g} each instead of {found.worth[k]:.3g}"
        )
    return f"{said}."


def _way_out(found: Absorbing, names: tuple[str, ...], k: int) -> str:
    radius = found.radius[k] or 0
    costs = np.where(np.arange(len(names)) == k, np.iinfo(int).max, found.resistance[k])
    nearest = [names[j] for j in np.flatnonzero(costs == radius)]
    to = listed(tuple(nearest)) if len(nearest) <= 3 else f"{len(nearest)} other states"
    many, lasts = found.population or len(found.players), "absorbs" if len(found.sets[k]) == 1 else "lasts"
    if radius == 1:
        return f"{opened(names[k])}: one who changes is enough to lead out, to {to}."
    if radius == many:
        return f"{opened(names[k])} {lasts}: nothing short of all {many} changing at once leads out."
    return f"{opened(names[k])} {lasts}: no one alone leads out, it takes {radius} of {many} at once, to {to}."


def _mistakes(count: int | None) -> str:
    return "1 mistake" if count == 1 else f"{count} mistakes"
