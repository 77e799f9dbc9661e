"""Ask everybody what they want, then decide and collect: a direct mechanism, as a table over reports."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from ..errors import InputError
from ..game import Array
from .bayesian import Bayesian
from .normal_form import _numbers
from .type_space import TypeSpace

SLACK = 1e-9
"""What odds may lack of being odds."""


class DirectMechanism:
    """What is decided and what each pays, at every combination of reported types.

    Parameters
    ----------
    space : the `TypeSpace` it is for.
    chosen : whole numbers `[T_1, …, T_n]`, the outcome at each combination of reports; or odds `[T_1, …, T_n, O]`.
    paid : `[T_1, …, T_n, n]`, what each agent pays (negative: gets), in units of value; nothing by default.

    Attributes
    ----------
    odds : `float64[T_1, …, T_n, O]`, of each outcome. paid : `float64[T_1, …, T_n, n]`.

    Raises `InputError` for tables that do not fit, outcomes that there are not, and odds that are no odds.

    Source: the revelation principle, Gibbard (1973), Myerson (1979).

    Examples
    --------
    >>> space = TypeSpace([[[0, 1], [0, 3]]], [[0.5, 0.5]], outcomes=("kept", "sold"))
    >>> posted = DirectMechanism(space, [0, 1], [[0], [2]], name="posted price 2")
    >>> posted.worth(0).tolist()
    [[0.0, -1.0], [0.0, 1.0]]
    """

    def __init__(self, space: TypeSpace, chosen: Any, paid: Any = None, *, name: str = "mechanism") -> None:
        self.space, self.name = space, name
        _, given = _numbers(chosen, "chosen outcomes")
        count = len(space.outcomes)
        if given.shape == space.sizes and not ((given % 1 != 0) | (given < 0) | (given >= count)).any():
            self.odds = np.eye(count)[given.astype(int)]
        elif given.shape == (*space.sizes, count) and (given >= -SLACK).all():
            self.odds = given
        else:
            raise InputError(
                f"Chosen outcomes of shape {given.shape} do not fit types {space.sizes} and {count} outcomes.",
                do="Give the number of an outcome at each combination of types, or the odds of every outcome.",
            )
        if not np.allclose(self.odds.sum(-1), 1, rtol=0, atol=SLACK):
            raise InputError("Odds of outcomes do not sum to one.", do="Divide them by their sum.")
        _, self.paid = _numbers(np.zeros((*space.sizes, space.count)) if paid is None else paid, "payments")
        if self.paid.shape != (*space.sizes, space.count):
            raise InputError(
                f"Payments of shape {self.paid.shape}.", do=f"Give shape {(*space.sizes, space.count)}: one per agent."
            )

    @property
    def deterministic(self) -> bool:
        """Whether no lot is drawn."""
        return bool(((self.odds == 0) | (self.odds == 1)).all())

    def worth(self, agent: int) -> Array:
        """`float64[T_i, T_i, …]`: what an agent of a type (first axis) gets from a report (second), by others' reports.

        The others' axes follow in their order. The diagonal of the first two is what the truth gets.
        """
        values, odds = self.space.values[agent], np.moveaxis(self.odds, agent, 0)
        return np.tensordot(values, odds, axes=(1, -1)) - np.moveaxis(self.paid[..., agent], agent, 0)

    def gains(self, agent: int) -> Array:
        """`float64[T_i, T_i, …]`: what each lie gains a type over the truth, by the others' reports."""
        worth = self.worth(agent)
        truth = np.moveaxis(np.diagonal(worth, axis1=0, axis2=1), -1, 0)
        return worth - truth[:, None]

    @cached_property
    def utilities(self) -> Array:
        """`float64[T_1, …, T_n, n]`: what each gets when all tell the truth."""
        own = [(self.odds * self.space.own(i)).sum(-1) for i in range(self.space.count)]
        return np.stack(own, -1) - self.paid

    @property
    def welfare(self) -> Array:
        """`float64[T_1, …, T_n]`: the sum of values (money moves, it is not made) when all tell the truth."""
        return (self.odds * self.space.welfare).sum(-1)

    @property
    def revenue(self) -> Array:
        """`float64[T_1, …, T_n]`: what all pay together; below 0 somebody outside has to add money."""
        return self.paid.sum(-1)

    def game(self) -> Bayesian:
        """The Bayesian game of reports: each type may report any. Needs a prior; `TooLarge` beyond what trees hold."""
        space = self.space
        axes = space.count
        table = np.zeros((*space.sizes, *space.sizes, axes))
        for i in range(axes):
            worth = self.worth(i)  # [true, reported, others' reports]
            reported = np.moveaxis(worth, 1, 1 + i)  # [true, r_1, …, r_n]
            shape = [1] * axes
            shape[i] = space.sizes[i]
            table[..., i] = reported.reshape(*shape, *space.sizes)
        return Bayesian.of_types(
            table, space._known(), types=space.types, moves=space.types, players=space.agents, name=self.name
        )

    def __repr__(self) -> str:
        return f"DirectMechanism({self.name!r} of {self.space!r})"
