"""The core: divisions from which no group can leave and have more, or a proof that there are none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.exact import simple
from ..core.forms.coalitional import Coalitional
from ..core.solution import Status
from ._excess import Program, excesses, lexical, refuse_many


@dataclass(frozen=True)
class Core:
    """Whether there is a division that no group can better by leaving.

    Attributes
    ----------
    players : names.
    empty : whether there is none; None where that could not be settled.
    values, exact : a division in the core, in floats and in rationals (its prenucleolus, far from every group's
        complaint); empty where the core is.
    balanced : of an empty core, coalitions by name with weights that add up to 1 for each player (Bondareva 1963,
        Shapley 1967): each player gives its time to them in these shares, and together they are worth more than all.
    shortfall : by how much more, at the most: the least that somebody from outside would have to add to what all are
        worth so that the core is not empty (cost of stability; Bachrach and others 2009).
    """

    players: tuple[str, ...]
    empty: bool | None
    values: tuple[float, ...] = ()
    exact: tuple[Fraction, ...] = ()
    balanced: Mapping[tuple[str, ...], Fraction] = field(default_factory=dict)
    shortfall: Fraction = Fraction(0)
    status: Status = "complete"
    method: str = "linear programming (HiGHS), proved in rationals"


def core_of(game: Coalitional) -> Core:
    """A division in the core, or the balanced coalitions that show it to be empty.

    Gillies (1959); empty just where balanced coalitions are worth more than all (Bondareva 1963; Shapley 1967). Either
    answer is checked in rationals on every coalition.

    Raises `TooLarge` beyond 20 players.

    Examples
    --------
    >>> core_of(Coalitional.weighted_voting(2, [1, 1, 1], ["a", "b", "c"])).balanced
    {('a', 'b'): Fraction(1, 2), ('a', 'c'): Fraction(1, 2), ('b', 'c'): Fraction(1, 2)}
    """
    refuse_many(game)
    if game.count == 1:
        return Core(game.players, False, (float(game.worth[1]),), (game.rational(1),))
    level, _, _ = Program(game, per_member=True).least()
    if level is None:
        return Core(game.players, None, status="partial")
    if level.excess > 0:
        balanced = {mask: weight * game.count for mask, weight in sorted(level.weights.items())}
        shortfall = worth_balanced(game, balanced) - game.rational(game.everybody)
        return Core(
            game.players,
            True,
            balanced={game.members(mask): weight for mask, weight in balanced.items()},
            shortfall=shortfall,
        )
    exact = lexical(game, floors=False).exact
    if exact is None or left_by(game, exact):
        return Core(game.players, None, status="partial")
    return Core(game.players, False, tuple(map(float, exact)), exact)


def left_by(game: Coalitional, shares: Sequence[Any]) -> tuple[str, ...]:
    """The group that gains most by leaving a division, by name; () where none does: then it is in the core.

    Floats count as the simplest fractions that round to them. Raises `InputError` where what all are worth is not
    divided.
    """
    exact = tuple(share if isinstance(share, Fraction) else simple(float(share)) for share in shares)
    if len(exact) != game.count or sum(exact) != game.rational(game.everybody):
        raise InputError(
            f"The shares {tuple(map(float, exact))} are no division of {game.name}.",
            f"{game.count} players have {float(game.rational(game.everybody)):g} to divide.",
            "Give each player its share, so that they add up.",
        )
    left, _ = excesses(game, exact)
    worst = int(np.argmax(left))
    return game.members(worst) if left[worst] > 0 else ()


def worth_balanced(game: Coalitional, balanced: Mapping[int, Fraction]) -> Fraction:
    """What weighted coalitions, by mask, are worth together; `InputError` where they do not cover each player once."""
    for i, player in enumerate(game.players):
        if sum(weight for mask, weight in balanced.items() if mask >> i & 1) != 1:
            raise InputError(f"The weights of the coalitions of {player} do not add up to 1.", do="Balance them.")
    return sum((weight * game.rational(mask) for mask, weight in balanced.items()), Fraction(0))
