"""The least core: divisions by which the group that gains most by leaving gains as little as can be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from ..core.forms.coalitional import Coalitional
from ..core.solution import Status
from ._excess import Program, refuse_many


@dataclass(frozen=True)
class LeastCore:
    """What the group that gains most by leaving gains at the least, and a division that leaves it so much.

    Attributes
    ----------
    players : names.
    epsilon : the least largest excess, in float64: what leaving would have to cost a group (or each of its members) so
        that none leaves. Not above 0 where the core is not empty.
    exact : the same in rationals, proved by `weights`; None where it could not be.
    values : a division that has it, in float64.
    weights : coalitions by name with positive weights that cover every player equally often: the mean of what they
        lack is epsilon whatever is divided how.
    status : "complete" where epsilon is proved, otherwise "partial".
    """

    players: tuple[str, ...]
    epsilon: float
    exact: Fraction | None
    values: tuple[float, ...]
    weights: Mapping[tuple[str, ...], Fraction] = field(default_factory=dict)
    status: Status = "complete"
    method: str = "linear programming (HiGHS) with coalitions as they complain, proved in rationals"


def least_core(game: Coalitional, *, per_member: bool = False) -> LeastCore:
    """The smallest ε for which the ε-core is not empty (Shapley and Shubik 1966; Maschler, Peleg and Shapley 1979).

    By default the strong ε-core, where leaving costs a group ε in all; with `per_member` the weak one, where it costs
    each of its members ε. All coalitions but that of all count. Of one player there are none, and ε is 0.

    Raises `TooLarge` beyond 20 players.

    Examples
    --------
    >>> majority = Coalitional.weighted_voting(2, [1, 1, 1])
    >>> least_core(majority).exact, least_core(majority, per_member=True).exact
    (Fraction(1, 3), Fraction(1, 6))
    """
    refuse_many(game)
    if game.count == 1:
        return LeastCore(game.players, 0.0, Fraction(0), (float(game.worth[1]),))
    level, epsilon, near = Program(game, per_member=per_member).least()
    values = tuple(map(float, near))
    if level is None:
        return LeastCore(game.players, float(epsilon), None, values, status="partial")
    weights = {game.members(mask): weight for mask, weight in level.weights.items()}
    return LeastCore(game.players, float(level.excess), level.excess, values, weights)
