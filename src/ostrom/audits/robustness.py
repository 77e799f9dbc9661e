"""How wrong may the payoffs be? The largest change in any of them that leaves every claim standing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..core.claim import Claim
from ..core.errors import InputError
from ._amounts import Amounts, Number, told
from ._case import Audit, Case
from ._floor import about_learners
from ._margins import Margin, best_gains, dominance, leaving, others


@dataclass(frozen=True)
class Robustness(Audit):
    """Whether what holds of the target also holds when every payoff may be wrong by up to `radius`.

    A change adds to each payoff of each player, at each joint move, a number of its own between -radius and +radius;
    what joint moves are worth, and what the institution adds, stay. The radius of a claim is half its least margin:
    what somebody loses by leaving the target, or gains by leaving another joint move, changes by twice the radius at
    most, and some change does that. For learners it is bounded: from below by prices, from above by another pure
    equilibrium that a change makes. A radius of None has no bound. Asked is about what holds without a change: that
    the target is an equilibrium, that its parts are dominant, that there is no other pure equilibrium, and that
    learners without regret end in nothing worse.

    Parameters
    ----------
    radius : the change of a payoff that everything has to survive; default a hundredth of the range of payoffs
        without payments.
    seconds : time budget for the claim about learners.

    Raises `InputError` for a radius below 0.

    Examples
    --------
    >>> from ostrom import games
    >>> [(claim.verdict, claim.numbers["radius"]) for claim in Robustness(0.1)(games.PrisonersDilemma(), ("D", "D"))]
    [('proved', 0.5), ('proved', 0.5), ('proved', 0.5), ('proved', None)]
    """

    radius: float | None = None
    seconds: float = 10.0

    def __post_init__(self) -> None:
        if self.radius is not None and not 0 <= self.radius < np.inf:
            raise InputError(f"radius is {self.radius}.", do="Give a finite number of at least 0, in units of payoff.")

    def answer(self, case: Case) -> tuple[Claim, ...]:
        """One claim for everything that holds in the game as it is; the first is that the target is an equilibrium."""
        numbers = Amounts.of(case)
        radius = numbers.span / 100 if self.radius is None else numbers.read(self.radius)
        within = f"whatever change of up to {told(radius)} there is in each payoff."
        own = leaving(case, numbers)
        claims = [_kept(case, f"{case.where} stays an equilibrium, {within}", own, "no gain", radius, numbers)]
        if own.size < -numbers.slack:
            return tuple(claims)
        if (firm := dominance(case, numbers)).size >= -numbers.slack:
            statement = f"Each part of {case.where} stays a best reply to whatever the others do, {within}"
            claims.append(_kept(case, statement, firm, "dominant", radius, numbers))
        gains = best_gains(case, numbers)
        if (rest := others(case, gains)).size > numbers.slack:
            claims.append(
                _alone(case, f"No other joint move becomes a pure equilibrium, {within}", rest, radius, numbers)
            )
        claims += about_learners(case, numbers, gains, radius, within, self.seconds)
        known = [claim.numbers["radius"] for claim in claims if claim.numbers["radius"] is not None]
        return (
            replace(claims[0], numbers={**claims[0].numbers, "smallest radius": min(known, default=None)}),
            *claims[1:],
        )


def _kept(case: Case, statement: str, margin: Margin, kind: str, radius: Number, numbers: Amounts) -> Claim:
    """That what everybody loses by leaving its part is at least twice the radius, there or everywhere."""
    method = "half the least loss from leaving, in closed form"
    found = _numbers(margin.size, radius, numbers)
    if margin.size >= 2 * radius - numbers.slack:
        evidence = {"kind": kind, "target": case.target, "lead": 2 * radius}
        return case.settled(statement, True, evidence, method, numbers=found)
    evidence: dict[str, Any] = {"kind": "shaken", "at": case.game.labels(margin.place)}
    evidence |= {"player": case.game.players[margin.player], "move": case.game.moves[margin.player][margin.move]}
    evidence |= {"radius": radius, "gain": 2 * radius - margin.size}
    return case.settled(statement, False, evidence, method, numbers=found)


def _alone(case: Case, statement: str, margin: Margin, radius: Number, numbers: Amounts) -> Claim:
    """That at every other joint move somebody gains more than twice the radius."""
    method = f"half the least of the best gains at all joint moves, {case.game.size:,} in all"
    found = _numbers(margin.size, radius, numbers)
    if margin.size > 2 * radius + numbers.slack:
        evidence = {"kind": "no other", "target": case.target, "radius": radius}
        return case.settled(statement, True, evidence, method, numbers=found)
    evidence = {"kind": "appears", "to": case.game.labels(margin.place), "radius": radius}
    return case.settled(statement, False, evidence, method, numbers=found)


def _numbers(margin: Number, radius: Number, numbers: Amounts) -> dict[str, Any]:
    half = max(float(margin), 0.0) / 2 if margin < np.inf else None
    ranges = None if half is None or not numbers.span else half / float(numbers.span)
    return {"radius": half, "asked for": float(radius), "in ranges of payoffs": ranges}
