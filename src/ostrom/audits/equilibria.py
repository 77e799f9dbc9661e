"""Does it hold? Whether nobody gains by leaving what is wanted, and whether play can settle anywhere worse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.claim import Claim
from ..core.errors import TooLarge
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Game
from ..core.lifts.staged import Staged
from ..core.welfare import as_welfare
from ..solvers.correlated import Correlated, correlated
from ..solvers.pure_equilibria import pure_equilibria
from ..solvers.vertex_enumeration import vertex_enumeration

TOLERANCE = 1e-9
"""In float64, the share of a range of numbers below which a difference counts as none."""

MOVES = 12
"""Moves a player of a two-player game may have for all its equilibria to be looked at."""

SHOWN = 5
"""Joint moves of a distribution that a witness lists, the likeliest first."""


@dataclass(frozen=True)
class Equilibria:
    """Check that a joint move of a finite game is where play settles.

    Calling it with a game answers with two claims, each by a method that stands alone: the target is the only
    equilibrium (of two players with few moves, mixed ones included; otherwise the only pure one); and no coarse
    correlated equilibrium, which learners without regret may reach, has less welfare than the target.

    Parameters
    ----------
    target : the joint move, by label.
    welfare : what is jointly good, as `core.welfare.as_welfare` reads it; default the mean over all principals.
    worth : welfare of every joint move, `float[A_1, …, A_P]`, instead of `welfare`: money that institutions move is no
        gain, so give the welfare before payments where the game's payoffs hold them.
    seconds : time budget of each claim; past it the verdict is "unknown".

    Examples
    --------
    >>> game = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
    >>> [claim.verdict for claim in Equilibria(("D", "D"))(game)]
    ['proved', 'proved']
    >>> [claim.witness for claim in Equilibria(("C", "C"))(game)][0]
    {'player': 'player 1', 'move': 'D', 'gain': 2.0}
    """

    target: tuple[str, ...]
    welfare: Any = None
    worth: Any = None
    seconds: float = 5.0

    def __call__(self, game: Game) -> tuple[Claim, ...]:
        """The claims about `game`; raises `UnknownName` for a move it does not have, `TooLarge` beyond tables."""
        table, place = game.dense(), game.profile(self.target)
        if self.worth is None:
            utilities = np.concatenate([table.payoffs, table.bystander_payoffs], axis=-1)
            worth = as_welfare(self.welfare).on_table(utilities)
        else:
            worth = np.asarray(self.worth, float)
        few = len(table.players) == 2 and max(table.sizes) <= MOVES
        only = _only_equilibrium(table, place, self.seconds) if few else _only_pure(table, place)
        return only, _learners(table, place, worth, self.seconds)


def _only_pure(game: NormalForm, place: tuple[int, ...]) -> Claim:
    """By looking at every joint move."""
    found = pure_equilibria(game)
    statement = f"{_where(game, place)} is the only pure equilibrium."
    method, tolerance = f"{found.method}, {game.size:,} in all", 0.0 if game.exact is not None else TOLERANCE
    if witness := _leaves(game, place):
        return Claim(statement, "refuted", method, tolerance, witness=witness)
    for other in found.profiles:
        if other != place:
            witness = {"equilibrium": list(game.labels(other)), "payoffs": game.payoffs[other].tolist()}
            return Claim(statement, "refuted", method, tolerance, witness=witness)
    return Claim(statement, "proved", method, tolerance)


def _only_equilibrium(game: NormalForm, place: tuple[int, ...], seconds: float) -> Claim:
    """By enumerating all equilibria of two players exactly."""
    found = vertex_enumeration(game, seconds)
    statement = f"{_where(game, place)} is the only equilibrium, mixed ones included."
    tolerance = 0.0 if game.exact is not None else 1e-12
    if witness := _leaves(game, place):
        return Claim(statement, "refuted", "comparing every move of every player", tolerance, witness=witness)
    for point in found.points:
        if any(odds[move] < 1 for odds, move in zip(point, place, strict=True)):
            shares = [dict(zip(own, odds.tolist(), strict=True)) for own, odds in zip(game.moves, point, strict=True)]
            return Claim(
                statement, "refuted", found.method, tolerance, witness=dict(zip(game.players, shares, strict=True))
            )
    verdict = "proved" if found.status == "complete" else "unknown"
    return Claim(statement, verdict, found.method, tolerance, {"status": found.status})


def _leaves(game: NormalForm, place: tuple[int, ...]) -> dict[str, Any] | None:
    """Who would gain by leaving a joint move alone, by which move; None when nobody does."""
    payoffs = game.payoffs if game.exact is None else game.exact
    slack = 0.0 if game.exact is not None else TOLERANCE * float(np.ptp(game.payoffs))
    for i, own in enumerate(game.moves):
        worths = payoffs[(*place[:i], slice(None), *place[i + 1 :], i)]
        gains = worths - worths[place[i]]
        best = int(np.argmax(gains))
        if gains[best] > slack:
            return {"player": game.players[i], "move": own[best], "gain": float(gains[best])}
    return None


def _learners(game: NormalForm, place: tuple[int, ...], worth: Array, seconds: float) -> Claim:
    wanted, span = float(worth[place]), float(np.ptp(worth))
    statement = f"Learners without regret cannot end, on average, in less welfare than {wanted:.6g}, the target's."
    method = "worst coarse correlated equilibrium, by linear programming and weak duality in float64"
    try:
        found = correlated(game, lambda _: worth, coarse=True, worst=True, seconds=seconds)
    except TooLarge as error:
        return Claim(statement, "unknown", method, numbers={"reason": error.what})
    below = worth[worth < wanted - 1e-12 * span]
    closest = wanted - float(below.max()) if below.size else span
    tolerance = min(1e-6 * span, 1e-3 * closest) or 1e-6
    if found.bound >= wanted - tolerance:
        return Claim(statement, "proved", method, tolerance, {"worst": found.bound, "target": wanted})
    if found.joint is None or found.value >= wanted - tolerance or found.violation > tolerance:
        return Claim(statement, "unknown", method, tolerance, {"bound": found.bound, "target": wanted})
    witness = {"welfare": found.value, "distribution": _likeliest(game, found)}
    return Claim(statement, "refuted", method, tolerance, {"target": wanted}, witness)


def _likeliest(game: NormalForm, found: Correlated) -> dict[str, float]:
    joint = np.asarray(found.joint).ravel()
    order = [int(k) for k in np.argsort(-joint, kind="stable")[:SHOWN] if joint[k] > 0]
    places = (np.unravel_index(k, game.sizes) for k in order)
    return {_where(game, tuple(map(int, place))): float(joint[k]) for k, place in zip(order, places, strict=True)}


def _where(game: NormalForm, place: tuple[int, ...]) -> str:
    return f"({', '.join(game.labels(place))})"


def subgame_perfect(game: Staged, wanted: float, welfare: Any = None) -> Claim:
    """Whether every pure subgame-perfect outcome of a game in stages has at least the welfare `wanted`.

    Backward induction over pure play (Selten 1965). "unknown" where views are private, where some subgame has no pure
    equilibrium, and where bystanders are affected, whose utilities outcomes do not hold.
    """
    statement = f"Every pure subgame-perfect outcome has a welfare of at least {wanted:.6g}."
    method = "backward induction over pure play, in float64"
    if not game.public or game.bystanders:
        reason = "views are private" if not game.public else "outcomes do not say what bystanders get"
        return Claim(statement, "unknown", method, numbers={"reason": reason})
    found, judge = game.subgame_perfect(), as_welfare(welfare)
    tolerance = TOLERANCE * max(1.0, abs(wanted))
    worths = [float(judge.on_table(np.array(point.payoffs))) for point in found.points]
    for point, worth in zip(found.points, worths, strict=True):
        if worth < wanted - tolerance:
            path = ["; ".join(" ".join(choice) for choice in stage) for stage in point.path]
            witness = {"welfare": worth, "payoffs": list(point.payoffs), "path": path}
            return Claim(statement, "refuted", method, tolerance, {"outcomes": len(worths)}, witness)
    verdict = "proved" if found.status == "complete" and worths else "unknown"
    return Claim(statement, verdict, method, tolerance, {"outcomes": len(worths), "status": found.status})
