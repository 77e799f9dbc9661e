"""What a game in stages can come to, by backward induction: whether some outcome is good enough, and every one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.claim import Claim
from ..core.lifts.induction import Outcome
from ..core.lifts.staged import Staged
from ..core.welfare import as_welfare
from ._case import ROUNDING, Audit, Case

METHOD = "backward induction over pure play, in float64"


@dataclass(frozen=True)
class Stages(Audit):
    """Whether what is wanted is a subgame-perfect outcome of a game in stages, and whether every one is as good.

    Parameters
    ----------
    game : the game, whose table of plans of action an audit is asked about.
    welfare : of what each gets, payments included; default the mean over all principals.
    """

    game: Staged
    welfare: Any = None

    def answer(self, case: Case) -> tuple[Claim, ...]:
        """The two claims; the first alone where nothing can be said."""
        return stages(self.game, case.wanted, self.welfare)


def stages(game: Staged, wanted: float, welfare: Any = None) -> tuple[Claim, ...]:
    """Whether some, and whether every, pure subgame-perfect outcome has at least the welfare `wanted`."""
    some, tolerance = f"Some pure subgame-perfect outcome has a welfare of at least {wanted:.6g}.", _slack(wanted)
    if reason := _private(game):
        return (Claim(some, "unknown", METHOD, numbers={"reason": reason}),)
    found = game.subgame_perfect()
    told = list(_worths(game, found.points, welfare))
    best = max(told, key=lambda one: one[0], default=None)
    numbers = {"outcomes": len(told), "status": found.status}
    if best is not None and best[0] >= wanted - tolerance:
        return Claim(some, "proved", METHOD, tolerance, numbers), subgame_perfect(game, wanted, welfare)
    if best is None or found.status != "complete":
        return (Claim(some, "unknown", METHOD, tolerance, numbers),)
    return (Claim(some, "refuted", METHOD, tolerance, numbers, _witness(*best)),)


def subgame_perfect(game: Staged, wanted: float, welfare: Any = None) -> Claim:
    """Whether every pure subgame-perfect outcome of a game in stages has at least the welfare `wanted`.

    Backward induction over pure play (Selten 1965). "unknown" where views are private, where some subgame has no pure
    equilibrium, and where a motivational rule makes outcomes say what agents want instead of what they are paid.
    """
    statement = f"Every pure subgame-perfect outcome has a welfare of at least {wanted:.6g}."
    if reason := _private(game):
        return Claim(statement, "unknown", METHOD, numbers={"reason": reason})
    found, tolerance = game.subgame_perfect(), _slack(wanted)
    told = list(_worths(game, found.points, welfare))
    for worth, point in told:
        if worth < wanted - tolerance:
            return Claim(statement, "refuted", METHOD, tolerance, {"outcomes": len(told)}, _witness(worth, point))
    verdict = "proved" if found.status == "complete" and told else "unknown"
    return Claim(statement, verdict, METHOD, tolerance, {"outcomes": len(told), "status": found.status})


def _private(game: Staged) -> str:
    """Why outcomes do not say what is asked; empty where they do."""
    if not game.public:
        return "views are private"
    if game.bystanders and game.plays.dice:
        return "outcomes do not say what bystanders get as dice fall"
    return "outcomes say what agents want, not what they are paid" if game.charter.motivates else ""


def _worths(game: Staged, points: tuple[Outcome, ...], welfare: Any) -> Iterator[tuple[float, Outcome]]:
    """The welfare of each outcome, of players and bystanders."""
    judge = as_welfare(welfare)
    for point in points:
        outside = game.plays.bystanders[list(point.rows[:1])].ravel()  # without dice an outcome is one play
        yield float(judge.on_table(np.array([*point.payoffs, *outside]))), point


def _slack(wanted: float) -> float:
    return ROUNDING * max(1.0, abs(wanted))


def _witness(worth: float, point: Outcome) -> dict[str, Any]:
    path = ["; ".join(" ".join(choice) for choice in stage) for stage in point.path]
    return {"welfare": worth, "payoffs": list(point.payoffs), "path": path}
