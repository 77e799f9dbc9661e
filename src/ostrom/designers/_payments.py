"""Payments under which a joint move is worth playing: closed forms where there are any, a linear program otherwise."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ..core.errors import TooLarge
from ..core.game import Array, amount
from ..solvers._highs import Linear, Sparse, solve_lp
from ._remedy import Profile

Concept = Literal["dominant", "equilibrium"]

ENTRIES = 3_000_000
"""Numbers in a linear program beyond which it is not built."""

PLACES = 2
"""Digits that amounts keep below the first digit of the lead."""


def lacking(payoffs: Array, place: Profile, i: int) -> Array:
    """What each own move gains over the part of the target, `[A_i, others…]`, whatever the others do (float64)."""
    own = np.moveaxis(payoffs[..., i], i, 0)
    return own - own[place[i]]


def prices(payoffs: Array) -> Array:
    """k of every joint move at once, `float[A_1, …, A_P]` (Monderer and Tennenholtz 2004): 0 at equilibria."""
    own = (payoffs[..., i] for i in range(payoffs.shape[-1]))
    return np.sum([column.max(axis=i, keepdims=True) - column for i, column in enumerate(own)], axis=0)


def dues(payoffs: Array, lead: float) -> Array:
    """What each player has to be given at each joint move not to leave it, `[A_1, …, A_P, P]` ≥ 0.

    With that, every other move brings it at least `lead` less.
    """
    due = np.zeros(payoffs.shape)
    for i, size in enumerate(payoffs.shape[:-1]):
        if size > 1:
            own = np.moveaxis(payoffs[..., i], i, 0)
            others = np.stack([np.delete(own, move, axis=0).max(axis=0) for move in range(size)])
            due[..., i] = np.moveaxis(np.maximum(others - own + lead, 0.0), 0, i)
    return due


def promised(payoffs: Array, place: Profile, lead: float, concept: Concept = "dominant") -> Array:
    """The cheapest promises `[A_1, …, A_P, P]` ≥ 0: to each for playing its part, as much as its best other move adds.

    What is better already by the lead is left alone. For an equilibrium they are made at the target alone.
    """
    payments = np.zeros(payoffs.shape)
    for i, size in enumerate(payoffs.shape[:-1]):
        if size == 1:
            continue
        lack = np.delete(lacking(payoffs, place, i), place[i], axis=0).max(axis=0)
        owed = np.maximum(lack + lead, 0.0)
        if concept == "equilibrium":
            others = tuple(move for k, move in enumerate(place) if k != i)
            owed = np.where(np.arange(owed.size).reshape(owed.shape) == _number(others, owed.shape), owed, 0.0)
        np.moveaxis(payments[..., i], i, 0)[place[i]] = owed
    return payments


def fined(payoffs: Array, place: Profile, lead: float, concept: Concept = "dominant") -> list[Array]:
    """The smallest fine on each move of each player, `[A_i]`: what it can gain over the target's part, and the lead."""
    fines = []
    for i in range(len(place)):
        lack = lacking(payoffs, place, i)
        others = tuple(move for k, move in enumerate(place) if k != i)
        most = lack.reshape(len(lack), -1).max(axis=1) if concept == "dominant" else lack[(slice(None), *others)]
        fine = np.maximum(most + lead, 0.0)
        fine[place[i]] = 0.0
        fines.append(fine)
    return fines


def upwards(amounts: Array, lead: float) -> Array:
    """Amounts rounded up to short decimals, by far less than the lead."""
    places = short(lead)
    return np.round(np.ceil(np.round(amounts * 10.0**places, 6)) / 10.0**places, max(places, 0))


def short(lead: float) -> int:
    """Decimals that amounts keep beside such a lead."""
    return min(PLACES - math.floor(math.log10(lead)), 300)


def _number(place: tuple[int, ...], shape: tuple[int, ...]) -> int:
    return int(np.ravel_multi_index(place, shape)) if shape else 0


@dataclass(frozen=True)
class Program:
    """Payments by linear programming.

    Attributes
    ----------
    payoffs, place, lead, concept : what is to be made worth playing, and by how much.
    signals : per joint move, the number of what can be seen, `int[A_1, …, A_P]`: payments may depend on that only.
    minimise : "cost" (what is paid out at the target) or "largest" (the largest amount anybody pays or is paid).
    balanced : payments sum to 0 at every joint move; otherwise nobody ever pays.
    cap : no amount is larger; budget : no more is paid out at the target; owed : at least so much to each there, `[P]`.
    slack : how far incentives may be missed; None where that is what is minimised.
    """

    payoffs: Array
    place: Profile
    lead: float
    concept: Concept
    signals: Array
    minimise: Literal["cost", "largest"] = "cost"
    balanced: bool = False
    cap: float | None = None
    budget: float | None = None
    owed: Array | None = None
    slack: float | None = 0.0

    def without(self, limit: str) -> Program:
        """The same program with one limit lifted."""
        lifted = {
            "observed": {"signals": np.arange(self.signals.size).reshape(self.signals.shape)},
            "cap": {"cap": None},
            "budget": {"budget": None},
            "balanced": {"balanced": False},
            "voluntary": {"owed": None},
        }
        return replace(self, **lifted[limit])

    def solve(self, seconds: float) -> tuple[Linear, Array | None]:
        """`(answer, payments [A_1, …, A_P, P])`; the payments are None unless the answer is optimal.

        Variables are what each player gets at each signal, then the largest amount, then the slack.
        """
        count, seen = self.payoffs.shape[-1], int(self.signals.max()) + 1
        width = seen * count + 2
        rows, right = self._rows(seen, count, width)
        c = np.zeros(width)
        if self.slack is None:
            c[-1] = 1.0
        elif self.minimise == "largest":
            c[-2] = 1.0
        else:
            c[self._at(int(self.signals[self.place]), count)] = 1.0
        lower, upper = np.full(width, 0.0), np.full(width, np.inf)
        lower[:-2] = (-np.inf if self.cap is None else -self.cap) if self.balanced else 0.0
        upper[:-2] = np.inf if self.cap is None else self.cap
        upper[-1] = np.inf if self.slack is None else self.slack
        answer = solve_lp(c, rows, right, *self._balance(seen, count, width), lower, upper, time_limit=seconds)
        if answer.x is None:
            return answer, None
        return answer, answer.x[:-2].reshape(seen, count)[self.signals]

    def _at(self, signal: int, count: int) -> slice:
        return slice(signal * count, (signal + 1) * count)

    def _rows(self, seen: int, count: int, width: int) -> tuple[Sparse, Array]:
        """Incentives, the largest amount, the budget, and what is owed, as rows `≤`."""
        entries = [*self._incentives(count), *self._bounds(seen, count, width)]
        sizes = sum(len(places) for places, _, _ in entries)
        if sizes > ENTRIES:
            raise TooLarge(
                f"The program for payments has {amount(sizes)} entries.",
                f"More than {ENTRIES:,} take too long.",
                "Ask for an equilibrium instead of dominance, or for closed forms (no limits).",
            )
        row = np.repeat(np.arange(len(entries)), [len(places) for places, _, _ in entries])
        column = np.concatenate([places for places, _, _ in entries])
        values = np.concatenate([weights for _, weights, _ in entries])
        joined = _joined(values, row, column, (len(entries), width))
        return joined, np.array([limit for _, _, limit in entries])

    def _incentives(self, count: int) -> Iterator[tuple[Array, Array, float]]:
        """One row for every departure: payment there − payment here − slack ≤ loss − lead."""
        slack = count * (int(self.signals.max()) + 1) + 1
        for i, part in enumerate(self.place):
            lack, seen = lacking(self.payoffs, self.place, i), np.moveaxis(self.signals, i, 0)
            others = tuple(move for k, move in enumerate(self.place) if k != i)
            at = [others] if self.concept == "equilibrium" else list(np.ndindex(lack.shape[1:]))
            for move in range(len(lack)):
                for elsewhere in at if move != part else ():
                    there, here = seen[(move, *elsewhere)], seen[(part, *elsewhere)]
                    gain = float(lack[(move, *elsewhere)])
                    places = np.array([there * count + i, here * count + i, slack])
                    yield places, np.array([1.0, -1.0, -1.0]), -gain - self.lead

    def _bounds(self, seen: int, count: int, width: int) -> Iterator[tuple[Array, Array, float]]:
        largest = width - 2
        if self.minimise == "largest" and self.slack is not None:
            for k in range(seen * count):
                yield np.array([k, largest]), np.array([1.0, -1.0]), 0.0
                yield np.array([k, largest]), np.array([-1.0, -1.0]), 0.0
        own = np.arange(seen * count)[self._at(int(self.signals[self.place]), count)]
        if self.budget is not None:
            yield own, np.ones(count), self.budget
        for i, least in enumerate(() if self.owed is None else self.owed):
            yield own[i : i + 1], np.array([-1.0]), -float(least)

    def _balance(self, seen: int, count: int, width: int) -> tuple[Sparse | None, Array | None]:
        if not self.balanced:
            return None, None
        row, column = np.repeat(np.arange(seen), count), np.arange(seen * count)
        return Sparse(np.ones(seen * count), row, column, (seen, width)), np.zeros(seen)


def _joined(values: Array, row: Array, column: Array, shape: tuple[int, int]) -> Sparse:
    """The entries with those at one place added up: a payment here and there may be the same one."""
    key, where = np.unique(row * shape[1] + column, return_inverse=True)
    return Sparse(np.bincount(where, values, len(key)), key // shape[1], key % shape[1], shape)


def signals(facts: dict[str, Array] | None, sizes: tuple[int, ...]) -> Array:
    """What can be seen at every joint move, numbered, `int[A_1, …, A_P]`.

    `facts` are amounts `[A_1, …, A_P, P]` by name; None is that every move is seen.
    """
    size = int(np.prod(sizes))
    if facts is None:
        return np.arange(size).reshape(sizes)
    columns = [np.round(np.asarray(table, float).reshape(size, -1), 9) for table in facts.values()]
    seen = np.concatenate([np.zeros((size, 1)), *columns], axis=1)
    return np.unique(seen, axis=0, return_inverse=True)[1].reshape(sizes)
