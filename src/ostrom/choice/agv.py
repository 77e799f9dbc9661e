"""An efficient choice with a balanced budget: each is paid what it expects to bring the others."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.forms.direct_mechanism import DirectMechanism
from ..core.forms.type_space import TypeSpace
from ..core.game import Array
from ._groves import first_best, score


def agv(space: TypeSpace, *, beliefs: Sequence[Any] | None = None) -> DirectMechanism:
    """The expected externality mechanism of d'Aspremont and Gérard-Varet (1979), and of Arrow (1979).

    The outcome of the highest welfare is chosen (of equal ones the first). Each gets what its report makes the others
    expect to have together, and the others pay for that in equal parts. Payments add up to nothing at every combination
    of reports; truth is best on average where the others tell it, and types are drawn independently from what the
    mechanism believes. Nobody has to gain by taking part at every type.

    Parameters
    ----------
    space : a `TypeSpace` whose prior is independent.
    beliefs : for each agent the odds `[T_i]` that payments are reckoned with; the prior by default. Wrong ones make
        lies pay, which is what this argument is for.

    Raises `InputError` without a prior or beliefs, for types that are not independent, and for odds that are no odds.

    Examples
    --------
    >>> park = TypeSpace([[[0, -1], [0, 2]]] * 2, [[0.5, 0.5]] * 2, outcomes=("no", "park"))
    >>> agv(park).paid[0, 1].tolist(), agv(park).revenue.tolist()
    ([-0.5, 0.5], [[0.0, 0.0], [0.0, 0.0]])
    """
    count = space.count
    odds = _beliefs(space, beliefs)
    weights, bonuses = np.ones(count), np.zeros(len(space.outcomes))
    chosen = first_best(score(space, range(count), weights, bonuses))
    paid = np.zeros((*space.sizes, count))
    for i in range(count if count > 1 else 0):
        brought = _expected(space, i, chosen, odds)
        paid[..., i] -= brought
        for j in range(count):
            if j != i:
                paid[..., j] += brought / (count - 1)
    return DirectMechanism(space, chosen, paid, name="expected externality")


def _expected(space: TypeSpace, agent: int, chosen: Array, odds: Sequence[Array]) -> Array:
    """What the others expect to have together, by an agent's report, on that agent's axis."""
    some = [j for j in range(space.count) if j != agent]
    left = score(space, some, np.ones(space.count), np.zeros(len(space.outcomes)))
    left = np.broadcast_to(left, (*space.sizes, left.shape[-1]))
    worth = np.moveaxis(np.take_along_axis(left, chosen[..., None], -1)[..., 0], agent, 0)
    mean = np.tensordot(worth, reduce(np.multiply.outer, [odds[j] for j in some]), axes=len(some))
    shape = [1] * space.count
    shape[agent] = space.sizes[agent]
    return mean.reshape(shape)


def _beliefs(space: TypeSpace, beliefs: Sequence[Any] | None) -> list[Array]:
    if beliefs is not None:
        try:
            given = list(beliefs)
        except TypeError:
            raise InputError(f"The beliefs are {beliefs!r:.80}.", do="Give odds of each agent's types.") from None
        prior = TypeSpace(space.values, given).odds
    elif space.odds is not None and not space.independent:
        raise InputError(
            f"The types of {space.name} are not independent.",
            "What an agent expects of the others would depend on its own type.",
            "Give an independent prior, or the odds to reckon with as beliefs=.",
        )
    else:
        prior = space.odds
    if prior is None:
        raise InputError(f"{space.name} has no prior.", "Payments depend on what is expected.", "Give prior=.")
    return [prior.sum(tuple(j for j in range(space.count) if j != i)) for i in range(space.count)]
