"""Whether to build something for all: asked so that nobody gains by saying more or less than it is worth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core._numbers import number
from ..core.errors import InputError
from ..core.forms.direct_mechanism import DirectMechanism
from ..core.forms.type_space import TypeSpace
from ._groves import numbers, pivot
from ._item_values import labels, value_lists


def public_project(
    values: Sequence[Any],
    cost: float,
    *,
    shares: Any = None,
    prior: Any = None,
    agents: Sequence[str] | None = None,
) -> DirectMechanism:
    """Build if and only if it is worth its cost to all together; who turns the decision pays what it costs the others.

    The cost is borne in fixed shares. Values in the mechanism's space are what is left of an agent's value after its
    share, so that payments are the pivot's taxes alone: they are at least 0, and are lost to the agents (Green and
    Laffont: an efficient rule with dominant truth cannot balance in general).

    Parameters
    ----------
    values : for each agent what the project is worth to each of its types.
    cost : at least 0. shares : of the cost, one for each agent, adding up to 1; equal by default.
    prior, agents : as for `TypeSpace`.

    Raises `InputError` for a cost below 0, shares that do not add up to 1, and values that are no lists.

    Source: Clarke (1971); Green and Laffont (1979).

    Examples
    --------
    >>> bridge = public_project([[0, 80], [0, 30], [0, 20]], 90)
    >>> bridge.space.outcomes[bridge.odds[1, 1, 0].argmax()], bridge.paid[1, 1, 0].tolist()
    ('built', [30.0, 0.0, 0.0])
    """
    tables = value_lists(values)
    cost = number(cost, "cost", 0.0)
    parts = numbers(shares, len(tables), "shares", 1 / len(tables))
    if abs(parts.sum() - 1) > 1e-9:
        raise InputError(f"Shares {parts.tolist()} add up to {parts.sum():g}.", do="Give shares that add up to 1.")
    net = [np.stack([own - part * cost, np.zeros(len(own))], -1) for own, part in zip(tables, parts, strict=True)]
    space = TypeSpace(
        net,
        prior,
        outcomes=("built", "not built"),  # in this order: a project just worth its cost is built
        types=[labels(own) for own in tables],
        agents=agents,
        name="public project",
    )
    found = pivot(space)
    return DirectMechanism(space, found.odds, found.paid, name="public project, pivot")
