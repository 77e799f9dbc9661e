"""Greed at the welfare optimum and fear at the worst pure equilibrium: social dilemmas of any size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.forms.normal_form import NormalForm
from ..core.forms.symmetric import Symmetric
from ..core.game import Array
from ..core.welfare import Welfare
from ..solvers.pure_equilibria import pure_equilibria
from ._orders import Name
from ._tables import TIE

Profile = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class GreedAndFear:
    """What each player gains by leaving `best` alone, and loses by playing its part of it against `worst`.

    `gain` is what each gets more at `best` than at `worst`; differences up to `slack` are none. `dominant` tells
    whether `best` and `worst` are the same joint move and it is made of dominant moves.
    """

    best: Profile
    worst: Profile
    gain: Array
    greed: Array
    fear: Array
    slack: Array
    dominant: bool

    @property
    def name(self) -> Name:
        """The dilemma this is of the kind of, when all players agree in all signs."""
        greedy = self.greed > self.slack
        if self.best == self.worst:
            return "harmony" if self.dominant else "none"
        if (self.gain <= self.slack).any() or (self.fear <= self.slack).any() or greedy.any() != greedy.all():
            return "none"
        return "prisoner's dilemma" if greedy.all() else "stag hunt"


def in_table(game: NormalForm, welfare: Welfare) -> GreedAndFear | None:
    """In a game given by its table; None when it has no pure equilibrium, or too many to look at all."""
    found = pure_equilibria(game)
    if not found.profiles or found.status != "complete":
        return None
    worth = welfare.on_table(game.utilities_at(game.profiles())).reshape(game.sizes)
    worst = min(found.profiles, key=lambda profile: worth[profile])
    best = _optimum(game, worth, worst, set(found.profiles))
    here, there, seats = game.payoffs[best], game.payoffs[worst], range(len(best))
    slack = TIE * np.ptp(game.payoffs.reshape(-1, len(seats)), axis=0)
    return GreedAndFear(
        best=best,
        worst=worst,
        gain=here - there,
        greed=np.array([_own(game, i, best).max() for i in seats]) - here,
        fear=there - np.array([_own(game, i, worst)[best[i]] for i in seats]),
        slack=slack,
        dominant=len(found) == 1 and all(_dominant(game, i, best[i], slack[i]) for i in seats),
    )


def among_alike(game: Symmetric, welfare: Welfare) -> GreedAndFear | None:
    """Among players who are alike, looking only at joint moves in which all do the same; None without equilibrium."""
    size, count = len(game.moves[0]), len(game.players)
    same = np.tile(np.arange(size)[:, None], count)
    one_else = np.repeat(same[:, None], size, axis=1)
    one_else[..., 0] = np.arange(size)
    worth = game.payoffs_at(one_else)[..., 0]  # [what the others do, what one does]
    all_same, slack = np.diag(worth), TIE * np.ptp(game.payoffs)
    stable = np.flatnonzero(worth.max(axis=1) - all_same <= slack)
    if not len(stable):
        return None
    good = welfare.on_table(game.utilities_at(same))
    top = np.flatnonzero(good >= good.max() - TIE * np.ptp(good))
    best = int(next((move for move in top if move in stable), top[0]))  # no greed is made up where several tie
    worst = int(stable[np.argmin(good[stable])])
    return GreedAndFear(
        best=(best,) * count,
        worst=(worst,) * count,
        gain=np.full(count, all_same[best] - all_same[worst]),
        greed=np.full(count, worth[best].max() - all_same[best]),
        fear=np.full(count, all_same[worst] - worth[worst, best]),
        slack=np.full(count, slack),
        dominant=len(stable) == 1
        and bool((game.payoffs <= game.payoffs[best] + slack).all())
        and not _better_apart(game, welfare, float(good[best]), float(np.ptp(good))),
    )


def _better_apart(game: Symmetric, welfare: Welfare, good: float, spread: float) -> bool:
    """Whether all would be better off if not all did the same: then what each does best is not best for all."""
    worth = welfare.on_table(game.utilities_at(game.representatives))
    return bool(worth.max() > good + TIE * max(spread, float(np.ptp(worth))))


def _optimum(game: NormalForm, worth: Array, worst: Profile, equilibria: set[Profile]) -> Profile:
    """The joint move of highest welfare. Among several an equilibrium, so that no greed is made up; or else the one
    in which the gain over `worst` is spread most evenly."""
    top = [tuple(int(k) for k in place) for place in np.argwhere(worth >= worth.max() - TIE * np.ptp(worth))]
    ranges = np.ptp(game.payoffs.reshape(-1, len(worst)), axis=0)
    gains = (game.payoffs - game.payoffs[worst]) / np.where(ranges > 0, ranges, 1.0)
    return max(top, key=lambda place: (place in equilibria, gains[place].min()))


def _own(game: NormalForm, player: int, profile: Profile) -> Array:
    """What each of a player's moves pays when the others play `profile`."""
    return game.payoffs[(*profile[:player], slice(None), *profile[player + 1 :], player)]


def _dominant(game: NormalForm, player: int, move: int, slack: float) -> bool:
    """Whether a move is a best reply to everything the others may do."""
    own = np.moveaxis(game.payoffs[..., player], player, 0)
    return bool((own.max(axis=0) <= own[move] + slack).all())
