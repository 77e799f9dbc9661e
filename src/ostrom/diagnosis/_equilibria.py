"""What is known about the equilibria of a game, and what is said about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ..core.claim import Finding
from ..core.game import Mixture
from ..core.solution import Solution
from ..solvers.correlated import Correlated
from ._tables import listed, percent, where

KEPT = 100
"""Equilibria kept when there are more: half of them best, half worst."""

NAMED = 4
"""Equilibria named in a sentence; of more only the number is said."""


@dataclass(frozen=True, eq=False)
class Point:
    """An equilibrium, `mixture[i]` of shape `[A_i]`, and what it is worth.

    `profile` is the joint move it lies at, None where somebody mixes; `utilities` are the principals', players first.
    """

    mixture: Mixture
    profile: tuple[int, ...] | None
    utilities: tuple[float, ...]
    welfare: float


@dataclass(frozen=True)
class Efficiency:
    """How good the worst and the best equilibrium are, by the measure that means something.

    Attributes
    ----------
    measure : "price of anarchy" where no utility is negative (optimum over equilibrium) or none positive (cost of
        equilibrium over least cost), so that 1 is best; else "normalised efficiency", from 0 (as bad as the worst
        joint move) to 1 (as good as the best).
    worst, best : of the worst and the best equilibrium; of prices the second is the price of stability. Infinite
        where the equilibrium is worth nothing.
    """

    measure: Literal["price of anarchy", "normalised efficiency"]
    worst: float
    best: float


@dataclass(frozen=True, eq=False)
class Equilibria:
    """Equilibria of the agents' game, by the rewards they pursue, with what they are worth to the principals.

    Attributes
    ----------
    players, moves : names.
    nash : all extreme equilibria of a small two-player game, or else all pure ones, with status, method and note.
    listed_all : whether `nash` looks at all equilibria or at the pure ones only.
    points : the same with their welfare, best first; the `KEPT` best and worst where there are more.
    limit, reached : where the logit branch leads from uniform play, and whether it was followed to its end.
    bounds : the best and the worst correlated, then the best and the worst coarse correlated equilibrium, by welfare;
        empty when the linear programs would be too large.
    optimum, worst_outcome : welfare of the best and of the worst joint move.
    worst, best : welfare over `nash` and `limit`.
    efficiency : of those two; None when nothing is at stake.
    """

    players: tuple[str, ...]
    moves: tuple[tuple[str, ...], ...]
    nash: Solution = field(repr=False)
    listed_all: bool
    points: tuple[Point, ...]
    limit: Point
    reached: bool
    bounds: tuple[Correlated, ...] = field(repr=False)
    optimum: float
    worst_outcome: float
    worst: float
    best: float
    efficiency: Efficiency | None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """How many equilibria there are, where play leads, how good that is, and what advice and learning could do."""
        return (_nash(self), _limit(self), *_efficiency(self), *_correlated(self))


def _nash(e: Equilibria) -> Finding:
    count, kind = len(e.nash), "equilibrium" if e.listed_all else "pure equilibrium"
    kinds = kind.replace("equilibrium", "equilibria")
    if count == 0:
        said = f"There is no {kind}: from every joint move somebody wants to leave."
    elif count == 1:
        said = f"There is one {kind}, {where(e.moves, e.nash.points[0])}."
    else:
        named = listed(tuple(where(e.moves, point.mixture) for point in e.points)) if count <= NAMED else ""
        pure = sum(point.profile is not None for point in e.points) if e.listed_all and count <= len(e.points) else 0
        said = f"There are {count:,} {kinds}{f', {pure} of them pure' if 0 < pure < count else ''}"
        said += f": {named}." if named else "."
    if e.nash.status != "complete":
        said = f"{said[:-1]}, and there may be more ({e.nash.status})."
    numbers = {
        "count": count,
        "status": e.nash.status,
        "regret": e.nash.regret,
        "method": e.nash.method,
        "note": e.nash.note,
        "looked at": "all equilibria" if e.listed_all else "pure equilibria",
    }
    return Finding("equilibria", said, e.players, numbers, "Nash (1951)")


def _limit(e: Equilibria) -> Finding:
    said = f"Starting from chance and playing ever more precisely leads to {where(e.moves, e.limit.mixture)}, "
    said += f"which is worth {e.limit.welfare:.4g} of {e.optimum:.4g} possible."
    if not e.reached:
        said += " (The branch could not be followed to its end; this is its last point.)"
    numbers = {"welfare": e.limit.welfare, "optimum": e.optimum, "mixture": [x.tolist() for x in e.limit.mixture]}
    return Finding("equilibria", said, e.players, numbers, "Logit branch; McKelvey and Palfrey (1995), Turocy (2005)")


def _efficiency(e: Equilibria) -> list[Finding]:
    if e.efficiency is None:
        return []
    over = "equilibrium" if e.listed_all else "equilibrium found (pure ones and the limit)"
    worst, best = e.efficiency.worst, e.efficiency.best
    if e.efficiency.measure == "price of anarchy":
        said = f"The price of anarchy is {worst:.4g} (optimum against worst {over}), the price of stability {best:.4g}."
    else:
        said = f"From the worst outcome to the optimum, the worst {over} gets {percent(worst)} of the way"
        said += f", the best {percent(best)}."
    numbers = {"measure": e.efficiency.measure, "worst": worst, "best": best}
    return [Finding("equilibria", said, e.players, numbers, "Koutsoupias and Papadimitriou (1999)")]


def _correlated(e: Equilibria) -> list[Finding]:
    if e.efficiency is None:
        return []
    if not e.bounds or any(bound.joint is None for bound in e.bounds):
        why = "they did not come to an end in time" if e.bounds else "the linear programs would be too large"
        said = f"Correlated equilibria were left out: {why}."
        return [Finding("equilibria", said, e.players, {"status": [bound.status for bound in e.bounds]})]
    best, coarse_worst = e.bounds[0], e.bounds[3]
    advice = (
        f"advice that everybody does best to follow could bring welfare to {best.value:.4g}, and no further"
        if best.value > e.best + 1e-7 * (e.optimum - e.worst_outcome)
        else "advice that everybody does best to follow brings nothing beyond the best equilibrium"
    )
    said = f"{advice[0].upper()}{advice[1:]}; learners without regret can end up as low as {coarse_worst.value:.4g}."
    numbers = {bound.concept: bound.value for bound in e.bounds}
    numbers["largest violation"] = max(bound.violation for bound in e.bounds)
    return [Finding("equilibria", said, e.players, numbers, "Aumann (1974); Moulin and Vial (1978)")]
