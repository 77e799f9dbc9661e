"""The least that coalitions can be made to complain, one linear program after the other, with exact weights for each.

The excess of a coalition is what it is worth less what its members get. The program makes the largest excess as small
as possible, over divisions that give some coalitions exactly what is fixed for them. Coalitions enter it only when they
complain most. What it finds is then read as fractions and proved by weak duality; nothing rests on floats.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from ..core.errors import TooLarge
from ..core.forms.coalitional import Coalitional
from ..core.game import Array
from ._highs import Linear, solve_lp
from ._rational import _solved
from ._span import Span, sums

NEAR, USED = 1e-9, 1e-8
"""Share of the largest worth by which an excess counts as larger, and a weight as more than 0."""

MORE = 64
"""Coalitions that enter the program at a time."""

STEPS = 400
"""Times that coalitions may enter."""

MOST = 20
"""Players up to which all coalitions are looked at."""


@dataclass(frozen=True)
class Level:
    """A least largest excess and what proves it.

    The coalitions of `weights`, all above 0 and adding up to 1 (times their members, where an excess counts per
    member), and the players of `floors`, held to what they are worth alone, together are a combination of coalitions
    that are fixed: so the mean excess over `weights` is no less than `excess` whatever is divided how.
    """

    excess: Fraction
    weights: Mapping[int, Fraction]
    floors: Mapping[int, Fraction] = field(default_factory=dict)


@dataclass
class Program:
    """Divisions of what all are worth, some coalitions fixed; `floors`: nobody below what it is worth alone.

    Attributes
    ----------
    per_member : whether an excess counts per member.
    fixed : what coalitions get, by mask, exactly; independent of each other. The coalition of all comes first.
    """

    game: Coalitional
    per_member: bool = False
    floors: bool = False
    fixed: dict[int, Fraction] = field(default_factory=dict)

    def __post_init__(self) -> None:
        count, everybody = self.game.count, self.game.everybody
        self.span = Span(count)
        self.worth = self.game.worth / (np.abs(self.game.worth).max() or 1.0)
        members = np.maximum(sums(np.ones(count, dtype=np.int64)), 1)
        self.scale = members if self.per_member else np.ones_like(members)
        self.started: set[int] = {1 << i for i in range(count)} | {everybody ^ (1 << i) for i in range(count)}
        self.fix(everybody, self.game.rational(everybody))

    def fix(self, mask: int, amount: Fraction) -> None:
        """From here on a coalition gets exactly so much; nothing happens where that follows already."""
        if self.span.add(mask):
            self.fixed[mask] = amount

    @property
    def settled(self) -> bool:
        """Whether only one division is left."""
        return self.span.rank == self.game.count

    def division(self) -> tuple[Fraction, ...] | None:
        """What each gets when only one division is left."""
        rows = [(self.span.row(mask), amount) for mask, amount in self.fixed.items()]
        found = _solved(rows, self.game.count)
        return None if found is None else tuple(found)

    def least(self) -> tuple[Level | None, float, Array]:
        """The least largest excess of coalitions that are not fixed, proved and in floats, and a division with it."""
        unit, open_ = float(np.abs(self.game.worth).max() or 1.0), ~self.span.holds()
        alone = np.flatnonzero(open_[1 << np.arange(self.game.count)]) if self.floors else np.zeros(0, int)
        rows = [mask for mask in sorted(self.started) if open_[mask]]
        for _ in range(STEPS):
            found = self._solve(rows, alone, unit)
            if found.x is None or found.duals_ub is None or found.duals_eq is None:
                break
            x, level = found.x[:-1], found.x[-1]
            short = np.where(open_, (self.worth - sums(x)) / self.scale - level, -np.inf)
            short[rows] = -np.inf
            worst = np.argsort(-short, kind="stable")[:MORE]
            fresh = [int(mask) for mask in worst if short[mask] > NEAR]
            if not fresh:
                weights, prices = -found.duals_ub, found.duals_eq
                used = [mask for mask, weight in zip(rows, weights, strict=False) if weight > USED]
                held = [int(i) for i, weight in zip(alone, weights[len(rows) :], strict=True) if weight > USED]
                paid = [mask for mask, price in zip(self.fixed, prices, strict=True) if abs(price) > USED]
                self.started.update(used)
                return self._proved(used, held, paid), level * unit, x * unit
            rows += fresh
        return None, np.nan, np.full(self.game.count, np.nan)

    def _solve(self, rows: list[int], alone: Array, unit: float) -> Linear:
        """The program over these coalitions, with floors for players `alone`."""
        count, taken = self.game.count, np.array(rows)
        table = -np.hstack([_bits(taken, count), self.scale[taken][:, None]])
        table = np.vstack([table, -np.eye(count, count + 1)[alone]])
        right = -self.worth[np.concatenate([taken, 1 << alone])]
        held = np.hstack([_bits(np.array(list(self.fixed)), count), np.zeros((len(self.fixed), 1))])
        amounts = np.array([float(amount) for amount in self.fixed.values()]) / unit
        return solve_lp(np.append(np.zeros(count), 1.0), table, right, held, amounts, lower=-np.inf)

    def _proved(self, used: list[int], held: list[int], paid: list[int]) -> Level | None:
        """Weights in fractions on coalitions, floors and fixed coalitions, and what they prove; None where nothing.

        Members are covered as often by the first two as by the third, and weights times sizes add up to 1.
        """
        columns = [self.span.row(mask) for mask in (*used, *(1 << i for i in held))]
        columns += [-self.span.row(mask) for mask in paid]
        sizes = [Fraction(int(self.scale[mask])) for mask in used] + [Fraction(0)] * (len(columns) - len(used))
        equations = [(row, Fraction(0)) for row in np.array(columns, dtype=object).T]
        equations.append((np.array(sizes, dtype=object), Fraction(1)))
        solved = _solved(equations, len(columns))
        if solved is None or min(solved[: len(used) + len(held)]) <= 0 or _apart(solved, equations):
            return None
        weights, floors = dict(zip(used, solved, strict=False)), dict(zip(held, solved[len(used) :], strict=False))
        excess = sum((w * self.game.rational(mask) for mask, w in weights.items()), Fraction(0))
        excess += sum((w * self.game.rational(1 << i) for i, w in floors.items()), Fraction(0))
        for mask, price in zip(paid, solved[len(used) + len(held) :], strict=True):
            excess -= price * self.fixed[mask]
        return Level(excess, weights, floors)


class Lexical(NamedTuple):
    """The division with lexically smallest excesses: in rationals, where it was found so, in floats, and its levels."""

    exact: tuple[Fraction, ...] | None
    near: tuple[float, ...]
    levels: tuple[Level, ...]


def lexical(game: Coalitional, floors: bool) -> Lexical:
    """One program after the other, each fixing what proves it, until one division is left."""
    program, levels = Program(game, floors=floors), []
    near = np.full(game.count, float(game.worth[-1]) / game.count)
    while not program.settled:
        level, _, near = program.least()
        if level is None:
            return Lexical(None, tuple(near.tolist()), tuple(levels))
        levels.append(level)
        for mask in level.weights:
            program.fix(mask, game.rational(mask) - level.excess)
        for i in level.floors:
            program.fix(1 << i, game.rational(1 << i))
    return Lexical(program.division(), tuple(near.tolist()), tuple(levels))


def refuse_many(game: Coalitional) -> None:
    """Raise `TooLarge` beyond `MOST` players."""
    if game.count > MOST:
        raise TooLarge(
            f"{game.name} has {game.count} players.",
            f"Up to {MOST} players all 2^n coalitions are looked at.",
            "Ask for the Shapley value, which can be sampled.",
        )


def excesses(game: Coalitional, shares: tuple[Fraction, ...]) -> tuple[Array, int]:
    """The excess of every coalition, exactly: whole numbers by mask, over one denominator."""
    whole, denominator = game.whole
    unit = math.lcm(denominator, *(share.denominator for share in shares))
    got = np.array([int(share * unit) for share in shares], dtype=object)
    small = max(map(abs, got.tolist())) * len(got) < 2**61 and int(np.abs(whole).max()) * (unit // denominator) < 2**61
    kind = np.int64 if small else object
    return whole.astype(kind) * (unit // denominator) - sums(got.astype(kind)), unit


def _apart(solved: list[Fraction], equations: list[tuple[Array, Fraction]]) -> bool:
    return any(sum(a * x for a, x in zip(left, solved, strict=True)) != right for left, right in equations)


def _bits(masks: Array, count: int) -> Array:
    return (masks[:, None] >> np.arange(count) & 1).astype(float)
