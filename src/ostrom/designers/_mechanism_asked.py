"""What a mechanism is for and has to keep to."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from ..core.forms.type_space import TypeSpace
from ..core.game import Array

Incentives = Literal["dominant", "bayesian"]
Participation = Literal["ex post", "interim"]
Budget = Literal["no deficit", "balanced"]


@dataclass(frozen=True)
class Terms:
    """What a mechanism is for and has to keep to; as in `design_mechanism`.

    Attributes
    ----------
    allowed : `bool[T_1, …, T_n, O]`, which outcomes may be chosen where.
    own : `[T_1, …, T_n, O]`, what outcomes are worth to a designer with an objective of its own, else None.
    """

    space: TypeSpace
    incentives: Incentives
    participation: Participation | None
    payments: bool
    budget: Budget | None
    allowed: Array
    objective: str = "welfare"
    own: Array | None = None

    def goal(self, exact: bool = False) -> tuple[Array, Array]:
        """What odds `[T_1, …, T_n, O]` and payments `[T_1, …, T_n]` add to what is to be large."""
        space = self.space
        likely = rational(space.odds) if exact else np.asarray(space.odds)
        if self.objective == "revenue":
            return 0 * likely[..., None] * np.ones(len(space.outcomes), int), likely
        if self.own is not None:
            table = rational(self.own) if exact else self.own
        elif exact:
            table = sum(worth(space, i, True).reshape(space.own(i).shape) for i in range(space.count))
        else:
            table = space.welfare
        return likely[..., None] * table, 0 * likely

    @property
    def combinations(self) -> int:
        """How many combinations of types there are."""
        return math.prod(self.space.sizes)

    def columns(self) -> int:
        """How many unknowns: the odds `[T_1, …, T_n, O]`, flat, and then the payments `[T_1, …, T_n, n]`."""
        return self.combinations * (len(self.space.outcomes) + self.payments * self.space.count)

    def beliefs(self, agent: int, exact: bool = False) -> Array:
        """`[T_i, …]`: the odds of the others' types at each own type."""
        if not exact:
            return self.space.others(agent)
        self.space.others(agent)  # its errors
        joint = np.moveaxis(rational(self.space.odds), agent, 0)
        return joint / joint.reshape(len(joint), -1).sum(1).reshape(-1, *[1] * (joint.ndim - 1))

    def split(self, x: Array) -> tuple[Array, Array | None]:
        """Unknowns as odds `[T_1, …, T_n, O]` (made to sum to one) and payments `[T_1, …, T_n, n]`."""
        count = self.combinations * len(self.space.outcomes)
        odds = np.where(self.allowed, np.maximum(x[:count].reshape(self.allowed.shape), 0), 0)
        paid = x[count:].reshape(*self.space.sizes, self.space.count) if self.payments else None
        return odds / odds.sum(-1, keepdims=True), paid

    def joined(self, odds: Array, paid: Array) -> Array:
        """A number for each of the odds, and one for each payment where there are any, as unknowns."""
        return np.concatenate([odds.ravel(), paid.ravel()]) if self.payments else odds.ravel()


def rational(table: Any) -> Array:
    """A table of floats as the fractions that they are."""
    given = np.asarray(table)
    found = np.empty(given.shape, object)
    found.ravel()[:] = [one if isinstance(one, Fraction) else Fraction(one) for one in given.ravel().tolist()]
    return found


def worth(space: TypeSpace, agent: int, exact: bool) -> Array:
    """`[T_i, O]`: the values of an agent, in fractions where wished."""
    known = space.exact[agent]
    return space.values[agent] if not exact else rational(space.values[agent] if known is None else known)
