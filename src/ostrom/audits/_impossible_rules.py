"""All deterministic rules without money by which nobody gains by a lie, and that can choose every outcome."""

from __future__ import annotations

from collections.abc import Iterator
from math import factorial

import numpy as np

from ..core.forms.type_space import TypeSpace
from ..core.game import Array


class OutOfSteps(Exception):
    """The search was cut short."""


def unrestricted(space: TypeSpace) -> bool:
    """Whether every agent may have every strict order of the outcomes."""
    count = len(space.outcomes)
    if count > 8 or min(space.sizes) < factorial(count):
        return False
    orders = [
        {tuple(np.argsort(-row).tolist()) for row in own if len(set(row.tolist())) == count} for own in space.values
    ]
    return all(len(own) == factorial(count) for own in orders)


def dictator(space: TypeSpace, rule: Array) -> int | None:
    """The first agent that always has an outcome that is best for it among those the rule ever chooses; or None."""
    reached = np.unique(rule)
    for i in range(space.count):
        own = np.moveaxis(rule, i, 0).reshape(space.sizes[i], -1)
        values = space.values[i]
        if (np.take_along_axis(values, own, 1) == values[:, reached].max(1, keepdims=True)).all():
            return i
    return None


def truthful_rules(space: TypeSpace, steps: int) -> Iterator[Array]:
    """Every such rule, `int[T_1, …, T_n]`, by search with propagation. `OutOfSteps` after so many choices.

    A rule that can choose all outcomes chooses the one that all like best, if there is one: from a profile where it is
    chosen agents move there one by one, and none that is alone in liking it best would let go of it.
    """
    count = len(space.outcomes)
    domains = np.full(space.sizes, (1 << count) - 1, object).ravel()
    for place in np.ndindex(*space.sizes):
        tops = [np.flatnonzero(own[k] == own[k].max()) for own, k in zip(space.values, place, strict=True)]
        if all(len(top) == 1 for top in tops) and len({int(top[0]) for top in tops}) == 1:
            domains[np.ravel_multi_index(place, space.sizes)] = 1 << int(tops[0][0])
    search = _Search(space, steps)
    start = search.narrowed(domains.tolist(), range(len(domains)))
    whole = (1 << count) - 1
    for found in search.solutions(start) if start is not None else ():
        reached = 0
        for domain in found:
            reached |= domain
        if reached == whole:
            yield np.array([domain.bit_length() - 1 for domain in found]).reshape(space.sizes)


class _Search:
    """Depth first; each combination of types has a set of outcomes it may still have, as bits."""

    def __init__(self, space: TypeSpace, steps: int) -> None:
        self.sizes, self.steps = space.sizes, steps
        self.strides = [int(np.prod(space.sizes[i + 1 :])) for i in range(space.count)]
        self.allowed = [_allowed(own) for own in space.values]

    def solutions(self, domains: list[int]) -> Iterator[list[int]]:
        """All ways to fix every combination."""
        stack = [domains]
        while stack:
            now = stack.pop()
            open_ = [k for k, domain in enumerate(now) if domain & (domain - 1)]
            at = min(open_, key=lambda k, now=now: now[k].bit_count(), default=None)
            if at is None:
                yield now
                continue
            rest = now[at]
            while rest:
                self.steps -= 1
                if self.steps < 0:
                    raise OutOfSteps
                one = rest & -rest
                rest ^= one
                tried = now.copy()
                tried[at] = one
                after = self.narrowed(tried, [at])
                if after is not None:
                    stack.append(after)

    def narrowed(self, domains: list[int], changed: range | list[int]) -> list[int] | None:
        """The domains without what some neighbour rules out, to a fixed point; None where nothing is left."""
        queue = list(changed)
        while queue:
            at = queue.pop()
            for i, size in enumerate(self.sizes):
                mine = at // self.strides[i] % size
                for other in range(size):
                    if other == mine:
                        continue
                    near = at + (other - mine) * self.strides[i]
                    fits, left, rest = self.allowed[i][mine][other], 0, domains[at]
                    while rest:
                        one = rest & -rest
                        rest ^= one
                        left |= fits[one.bit_length() - 1]
                    left &= domains[near]
                    if not left:
                        return None
                    if left != domains[near]:
                        domains[near] = left
                        queue.append(near)
        return domains


def _allowed(values: Array) -> list[list[list[int]]]:
    """`[type][other type][outcome of the type]`: the outcomes of the other type, as bits, by which neither would rather
    say it is the other."""
    count = values.shape[1]
    fits = (values[:, None, :, None] >= values[:, None, None, :]) & (
        values[None, :, None, :] >= values[None, :, :, None]
    )
    return (fits * (1 << np.arange(count, dtype=object))).sum(-1).tolist()
