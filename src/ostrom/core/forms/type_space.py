"""Who may want what: the types of each agent, what every outcome is worth to each, and how likely types are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property, reduce
from typing import Any

import numpy as np

from ..errors import InputError, TooLarge
from ..game import Array
from .normal_form import _move_names, _names, _numbers

CELLS = 20_000_000
"""Combinations of types and outcomes beyond which no table is made."""

AGENTS = 60
"""Agents at most: a table has an axis for each, and NumPy has 64."""


class TypeSpace:
    """What a mechanism has to decide: outcomes, and agents of whom only they themselves know what they want.

    Types are private values: what an outcome is worth to an agent depends on its own type alone. Money, where a
    mechanism uses it, counts in the same unit and is subtracted (quasi-linear utility).

    Parameters
    ----------
    values : for each agent a table `[T_i, O]`, what each outcome is worth to each of its types.
    prior : for each agent the odds `[T_i]` of its types, drawn independently; or one table `[T_1, …, T_n]` of joint
        odds; or None where nothing is known of them (then only what holds at every combination of types can be said).
    outcomes, types, agents : names; `types` one list for all or one for each agent.

    Attributes
    ----------
    values : a tuple of `float64[T_i, O]`. exact : the same as `Fraction`s, for agents whose values were given so, else
        None. odds : `float64[T_1, …, T_n]`, or None.

    Raises
    ------
    InputError : tables that do not fit each other, numbers that are not finite, odds that are no odds, names twice.
    TooLarge : more than twenty million combinations of types by outcomes or agents, or more than 60 agents.

    Source: Harsanyi (1967); Myerson (1981).

    Examples
    --------
    >>> sale = TypeSpace([[[0, 1], [0, 3]]], [[0.5, 0.5]], outcomes=("kept", "sold"), types=("low", "high"),
    ...     agents=("buyer",))
    >>> sale.sizes, sale.best.tolist()
    ((2,), [1, 1])
    """

    def __init__(
        self,
        values: Sequence[Any],
        prior: Any = None,
        *,
        outcomes: Sequence[str] | None = None,
        types: Any = None,
        agents: Sequence[str] | None = None,
        name: str = "type space",
    ) -> None:
        try:
            read = [_numbers(own, f"values of agent {k + 1}") for k, own in enumerate(values)]
        except TypeError:
            raise InputError(f"The values are {values!r:.80}.", do="Give values[agent][type, outcome].") from None
        self.values = tuple(own for _, own in read)
        self.exact = tuple(exact for exact, _ in read)
        if not read or any(own.ndim != 2 or 0 in own.shape for own in self.values):
            raise InputError(
                f"Values of shapes {[own.shape for own in self.values]}.",
                "Each agent needs a table of at least one type by at least one outcome.",
                "Give values[agent][type, outcome].",
            )
        if len({own.shape[1] for own in self.values}) > 1:
            raise InputError(
                f"Agents value {[own.shape[1] for own in self.values]} outcomes.", do="Give all the same outcomes."
            )
        self.sizes = tuple(len(own) for own in self.values)
        wide = max(self.values[0].shape[1], len(read))
        if len(read) > AGENTS or math.prod(self.sizes) * wide > CELLS:
            raise TooLarge(
                f"{math.prod(self.sizes):,} combinations of types of {len(read)} agents, {self.values[0].shape[1]:,} "
                "outcomes.",
                f"Tables by agents or outcomes of more than {CELLS:,}, or for more than {AGENTS} agents, are not made.",
                "Give fewer agents, types or outcomes.",
            )
        self.name = name
        self.outcomes = named(outcomes, self.values[0].shape[1], "outcome")
        try:
            self.types = _move_names(types, self.sizes)
        except TypeError:
            raise InputError(f"Types called {types!r:.80}.", do="Give lists of names.") from None
        self.agents = named(agents, len(self.values), "agent")
        self.odds, self.independent = self._read(prior)

    @property
    def count(self) -> int:
        """How many agents there are."""
        return len(self.values)

    @cached_property
    def welfare(self) -> Array:
        """`float64[T_1, …, T_n, O]`: the sum of values of each outcome at each combination of types."""
        return self.welfare_of(range(self.count))

    def welfare_of(self, some: Any) -> Array:
        """`float64[T_1, …, T_n, O]`: the sum of values of some agents (by number), at everybody's types."""
        total = np.zeros((*self.sizes, len(self.outcomes)))
        for i in some:
            total += self.own(i)
        return total

    def own(self, agent: int) -> Array:
        """`float64[1, …, T_i, …, 1, O]`: the values of one agent, its types on its own axis."""
        shape = [1] * self.count
        shape[agent] = self.sizes[agent]
        return self.values[agent].reshape(*shape, -1)

    @property
    def best(self) -> Array:
        """`int[T_1, …, T_n]`: the outcome of the highest welfare; of equal ones the first."""
        return self.welfare.argmax(-1)

    def others(self, agent: int) -> Array:
        """`float64[T_i, …]`: at each type of an agent, the odds of the others' types, its own axis put first.

        Raises `InputError` without a prior, and for a type that never comes.
        """
        joint = np.moveaxis(self._known(), agent, 0)
        whole = joint.reshape(len(joint), -1).sum(1)
        if never := [self.types[agent][k] for k in np.flatnonzero(whole <= 0)]:
            raise InputError(
                f"{self.agents[agent]} is never {never[0]!r}.",
                "It cannot know what to believe.",
                "Leave that type out.",
            )
        return joint / whole.reshape(-1, *[1] * (joint.ndim - 1))

    def expected(self, table: Any) -> Any:
        """The mean over types, drawn from the prior, of a table `[T_1, …, T_n, …]`."""
        return np.tensordot(self._known(), np.asarray(table, float), axes=self.count)

    def _known(self) -> Array:
        if self.odds is None:
            raise InputError(f"{self.name} has no prior.", "What is expected depends on odds.", "Give prior=.")
        return self.odds

    def _read(self, prior: Any) -> tuple[Array | None, bool]:
        if prior is None:
            return None, False
        if self._apart(prior):
            tables = [_odds(own, (size,), who) for own, size, who in zip(prior, self.sizes, self.agents, strict=True)]
            return reduce(np.multiply.outer, tables), True
        joint = _odds(prior, self.sizes, "everybody")
        margins = [joint.sum(tuple(j for j in range(self.count) if j != i)) for i in range(self.count)]
        return joint, bool(np.allclose(joint, reduce(np.multiply.outer, margins), rtol=0, atol=1e-12))

    def _apart(self, prior: Any) -> bool:
        """Whether it lists odds of each agent's types: as many rows, each of them odds (a joint table sums to one)."""
        if not isinstance(prior, Sequence) or len(prior) != self.count or any(np.ndim(own) != 1 for own in prior):
            return False
        return all(abs(float(_numbers(own, "odds")[1].sum()) - 1) <= 1e-9 for own in prior)

    def __repr__(self) -> str:
        return f"TypeSpace({self.name!r}: types {self.sizes}, {len(self.outcomes)} outcomes)"


def named(given: Any, count: int, kind: str) -> tuple[str, ...]:
    """`count` names, no two the same: those given, or numbered ones. Raises `InputError`."""
    try:
        names = _names(None if given is None else list(given), count, kind)
    except TypeError:
        raise InputError(f"The {kind} names are {given!r:.80}.", do=f"Give a list of {count} names.") from None
    if len(set(names)) < count:
        twice = next(one for one in names if names.count(one) > 1)
        raise InputError(f"Two {kind}s are called {twice!r:.80}.", do="Give each its own name.")
    return names


def _odds(given: Any, shape: tuple[int, ...], whose: str) -> Array:
    _, odds = _numbers(given, f"odds of {whose}")
    if odds.shape != shape or (odds < 0).any() or not math.isclose(float(odds.sum()), 1, abs_tol=1e-9):
        raise InputError(
            f"The odds of {whose} have shape {odds.shape} and sum {float(odds.sum()):.12g}.",
            f"Odds of shape {shape} are not negative and sum to one.",
            "Give prior as a list of odds, one per agent, or as one joint table.",
        )
    return odds
