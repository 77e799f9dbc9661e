"""Multipliers of lies as a witness names them, and back."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from ..core.forms.type_space import TypeSpace
from ..core.game import Array


def named_multipliers(space: TypeSpace, lies: Sequence[Array]) -> list[tuple[Any, ...]]:
    """`(agent, type, report, others' types, multiplier)` of those above 0; no others where lies are `[T_i, T_i]`."""
    found = []
    for i, own in enumerate(lies):
        rest = _rest(space, i)
        for place in np.argwhere(own > 0).tolist():
            told: list[Any] = [space.agents[i], *(space.types[i][kind] for kind in place[:2])]
            if own.ndim == 3:
                said = np.unravel_index(place[2], [space.sizes[j] for j in rest]) if rest else ()
                told.append([space.types[j][int(kind)] for j, kind in zip(rest, said, strict=True)])
            found.append((*told, str(own[tuple(place)])))
    return found


def multipliers_of(space: TypeSpace, named: Sequence[Sequence[Any]]) -> list[Array]:
    """For each agent `Fraction[T_i, T_i]`, or `[T_i, T_i, others' types]` where those are named.

    Raises `ValueError` for what there is not, and for a multiplier below 0.
    """
    whole, wide = int(np.prod(space.sizes)), bool(named) and len(named[0]) == 5
    lies = [np.full((size, size, *([whole // size] if wide else [])), Fraction(0), object) for size in space.sizes]
    for agent, kind, report, *others, multiplier in named:
        i = space.agents.index(agent)
        place, rest = [space.types[i].index(kind), space.types[i].index(report)], _rest(space, i)
        if others:
            said = [space.types[j].index(own) for j, own in zip(rest, others[0], strict=True)]
            place.append(int(np.ravel_multi_index(said, [space.sizes[j] for j in rest])) if rest else 0)
        lies[i][tuple(place)] = Fraction(multiplier)
    if any((own < 0).any() for own in lies):
        raise ValueError("A multiplier is below 0.")
    return lies


def _rest(space: TypeSpace, agent: int) -> list[int]:
    return [j for j in range(space.count) if j != agent]
