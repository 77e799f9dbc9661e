"""Truth as a dominant strategy: Groves mechanisms, the pivot (Vickrey–Clarke–Groves), and affine maximisers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.forms.direct_mechanism import DirectMechanism
from ..core.forms.type_space import TypeSpace
from ..core.game import Array
from ._groves import groves_of, numbers, pivot


def clarke(space: TypeSpace, *, weights: Any = None, bonuses: Any = None) -> DirectMechanism:
    """Choose the outcome of the highest welfare; each pays by how much its presence lowers the welfare of the others.

    Truth is dominant, and nobody gets money. With weights or bonuses it is the affine maximiser of Roberts (1979): the
    outcome with the highest bonus plus weighted sum of values. What the others could have is taken over all outcomes,
    with the agent's values left out; of outcomes that are equally good the first is chosen.

    Parameters
    ----------
    space : the `TypeSpace`; no prior is needed.
    weights : above 0, one for each agent; equal by default. bonuses : one for each outcome, in weighted value.

    Raises `InputError` for weights that are not above 0, and for numbers that do not fit.

    Source: Vickrey (1961); Clarke (1971); Groves (1973); Roberts (1979).

    Examples
    --------
    >>> bids = [[[0, 3, 0]], [[0, 0, 5]]]
    >>> sold = clarke(TypeSpace(bids, outcomes=("kept", "first", "second")))
    >>> sold.odds.argmax(-1).tolist(), sold.paid.tolist()
    ([[2]], [[[0.0, 3.0]]])
    """
    return pivot(space, _weights(space, weights), numbers(bonuses, len(space.outcomes), "bonuses", 0.0))


def groves(
    space: TypeSpace, charges: Sequence[Any] | None = None, *, weights: Any = None, bonuses: Any = None
) -> DirectMechanism:
    """The same choice with other payments: each pays a charge of its own, less what the outcome is worth to the others.

    Whatever the charges, truth is dominant, since nobody's charge depends on its own report; without them everybody is
    given the welfare of the others.

    Parameters
    ----------
    charges : for each agent a table over the others' types, `[T_1, …, T_n]` without its own axis; nothing by default.
        In weighted value, as bonuses are. Others as for `clarke`.

    Raises `InputError` for charges that do not fit.

    Source: Groves (1973); Green and Laffont (1977), Holmström (1979): on smoothly connected types there are no others.
    """
    try:
        given = [0.0] * space.count if charges is None else list(charges)
    except TypeError:
        raise InputError(f"The charges are {charges!r:.80}.", do="Give each agent a table.") from None
    if len(given) != space.count:
        raise InputError(f"{len(given)} charges for {space.count} agents.", do="Give each agent a table.")
    tables = [_charge(space, i, own) for i, own in enumerate(given)]
    bonus = numbers(bonuses, len(space.outcomes), "bonuses", 0.0)
    return groves_of(space, tables, _weights(space, weights), bonus, "Groves")


def _charge(space: TypeSpace, agent: int, given: Any) -> Array:
    others = tuple(size for j, size in enumerate(space.sizes) if j != agent)
    try:
        table = np.asarray(given, float)
    except (TypeError, ValueError) as error:
        raise InputError(f"Charges are no numbers: {error}.", do="Give a table over the others' types.") from None
    if table.shape not in ((), others) or not np.isfinite(table).all():
        raise InputError(
            f"The charge of {space.agents[agent]} has shape {table.shape}, or is not finite.",
            "It may depend on what the others say, and on nothing else.",
            f"Give finite numbers of shape {others}.",
        )
    return np.expand_dims(np.broadcast_to(table, others), agent)


def _weights(space: TypeSpace, given: Any) -> Array:
    weights = numbers(given, space.count, "weights", 1.0)
    if (weights <= 0).any():
        raise InputError(
            f"Weights {weights.tolist()}.", "Payments are counted in each agent's weight.", "Give weights above 0."
        )
    return weights
