"""A game under its charter with some layers not enforced: whether the target stands, and what is played otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np

from ..core.errors import TooLarge
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Game
from ..core.institution import Institution
from ..institutions._silent import names_of, with_silent
from ..solvers.pure_equilibria import pure_equilibria
from ._case import ROUNDING, Case

LAYERS = 10
"""Layers up to which all sets of them are tried."""

Set = frozenset[int]


@dataclass(frozen=True, eq=False)
class Left:
    """What is left when some layers are not enforced.

    Attributes
    ----------
    case : the target in the game that is left.
    gain : the most that anybody gains by leaving the target alone; negative where all lose by it, -inf where none can.
    player, move : who gains that, and by what.
    """

    case: Case
    gain: float
    player: int
    move: int

    @property
    def holds(self) -> bool:
        """Whether the target is an equilibrium."""
        return self.gain <= self.case.slack

    @cached_property
    def equilibria(self) -> tuple[tuple[int, ...], ...]:
        """All pure equilibria."""
        return pure_equilibria(self.case.game).profiles

    @property
    def worst(self) -> float | None:
        """Welfare of the worst pure equilibrium, payments left out; None where there is none."""
        return min((float(self.case.worth[place]) for place in self.equilibria), default=None)

    def told(self) -> dict[str, Any]:
        """In plain values: who leaves by what, and where nobody leaves from then."""
        game = self.case.game
        moved = {"player": game.players[self.player], "move": game.moves[self.player][self.move]}
        shown = [list(game.labels(place)) for place in self.equilibria[:8]]
        lost = None if self.worst is None else self.case.wanted - self.worst
        leaving = moved | {"equilibria then": shown, "welfare lost at the worst": lost} if not self.holds else {}
        return {"holds": self.holds, "gain from leaving": plain(self.gain)} | leaving


@dataclass(eq=False)
class Charters:
    """All charters that are left when sets of layers are not enforced; each is worked out once."""

    base: Game
    rules: tuple[Institution, ...]
    target: Sequence[str]
    welfare: Any = None
    _left: dict[Set, Left] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.rules) > LAYERS:
            raise TooLarge(
                f"A charter of {len(self.rules)} layers can fail in {2 ** len(self.rules):,} ways.",
                f"All are tried up to {LAYERS} layers.",
                "Take layers together that only fail together, or ask about part of the charter.",
            )
        self.names = names_of(self.rules)

    def without(self, failing: Set) -> Left:
        """What is left without those layers. Raises `UnknownName` where the target is not there any more."""
        if failing not in self._left:
            table = self.base.under(*with_silent(self.rules, failing)).dense()
            case = Case.of(table, self.target, welfare=self.welfare)
            self._left[failing] = Left(case, *_temptation(table, case.place))
        return self._left[failing]

    @cached_property
    def breaking(self) -> tuple[Set, ...]:
        """The minimal sets whose joint failure breaks the target: none of their parts does. Smallest first."""
        found: list[Set] = []
        for size in range(len(self.rules) + 1):
            for failing in map(frozenset, combinations(range(len(self.rules)), size)):
                if not any(known <= failing for known in found) and not self.without(failing).holds:
                    found.append(failing)
        return tuple(found)

    def words(self, failing: Set) -> str:
        """The layers of a set by name."""
        return " and ".join(self.names[k] for k in sorted(failing)) or "no layer"


def _temptation(game: NormalForm, place: tuple[int, ...]) -> tuple[float, int, int]:
    """`(gain, player, move)` of the departure from a joint move that gains its maker most."""
    best = (-np.inf, 0, place[0])
    for i, size in enumerate(game.sizes):
        own: Array = game.payoffs[(*place[:i], slice(None), *place[i + 1 :], i)]
        best = max([best, *((float(own[m] - own[place[i]]), i, m) for m in range(size) if m != place[i])])
    return best


def plain(gain: float) -> float | None:
    """A gain as it is told; None where nobody has another move."""
    return gain if gain > -np.inf else None


def slack_of(one: Left, other: Left) -> float:
    """Differences of gains up to this count as none."""
    return ROUNDING * max(float(np.ptp(one.case.game.payoffs)), float(np.ptp(other.case.game.payoffs)))
