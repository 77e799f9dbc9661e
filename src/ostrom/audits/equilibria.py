"""Does it hold? Whether nobody gains by leaving what is wanted, and whether play can settle anywhere else."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ..core.claim import Claim
from ..core.recheck import check
from ..solvers.pure_equilibria import pure_equilibria
from ..solvers.vertex_enumeration import vertex_enumeration
from ._case import Audit, Case, fractions
from ._stages import subgame_perfect as subgame_perfect
from ._uniqueness import only_correlated

MOVES = 12
"""Moves a player of a two-player game may have for all its equilibria to be looked at."""


@dataclass(frozen=True)
class Equilibria(Audit):
    """Whether nobody gains by leaving the target alone, and whether it is the only equilibrium.

    That no other equilibrium exists, mixed ones included, is shown by prices under which every correlated equilibrium
    is the target, where there are such prices; for two players with few moves otherwise by enumerating all equilibria
    exactly; and otherwise the claim is about pure equilibria only, and says so.

    Parameters
    ----------
    seconds : time budget of each claim; past it the verdict is "unknown".

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> game = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
    >>> [claim.verdict for claim in Equilibria()(game, ("D", "D"))]
    ['proved', 'proved']
    >>> Equilibria()(game, ("C", "C"))[0].witness
    {'at': ('C', 'C'), 'player': 'player 1', 'move': 'D', 'gain': Fraction(2, 1)}
    """

    seconds: float = 10.0

    def answer(self, case: Case) -> tuple[Claim, ...]:
        """That the target is an equilibrium; and, where it is, that it is the only one."""
        first = _is_equilibrium(case)
        return (first, _only(case, self.seconds)) if first.verdict != "refuted" else (first,)


def _is_equilibrium(case: Case) -> Claim:
    statement = f"Nobody gains by leaving {case.where} alone."
    method = "comparing every move of every player"
    worst, i, move = max(_gains(case), key=lambda departure: departure[0])
    if worst > (0 if case.exact is not None else case.slack):
        evidence = {
            "kind": "gain",
            "at": case.target,
            "player": case.game.players[i],
            "move": case.game.moves[i][move],
            "gain": worst,
        }
        return case.settled(statement, False, evidence, method)
    evidence = {"kind": "no gain", "target": case.target, "lead": -min(worst, Fraction(0))}
    return case.settled(statement, True, evidence, method, numbers={"least loss from leaving": -float(worst)})


def _gains(case: Case) -> list[tuple[Fraction, int, int]]:
    """`(gain, player, move)` of every single departure from the target."""
    if case.exact is not None:
        return list(case.exact.gains(case.exact.number(case.target))) or [(Fraction(0), 0, 0)]
    found, place = [], case.place
    for i, size in enumerate(case.game.sizes):
        worths = case.game.payoffs[(*place[:i], slice(None), *place[i + 1 :], i)]
        gains = (worths - worths[place[i]]).tolist()
        found += [(Fraction(gains[move]), i, move) for move in range(size) if move != place[i]]
    return found or [(Fraction(0), 0, 0)]


def _only(case: Case, seconds: float) -> Claim:
    """The strongest of the three claims of uniqueness that can be shown."""
    everything = f"{case.where} is the only equilibrium, mixed ones included."
    if (evidence := only_correlated(case, seconds)) is not None:
        return case.settled(everything, True, evidence, "every correlated equilibrium is the target, by priced gains")
    pure = _only_pure(case)
    few = len(case.game.players) == 2 and max(case.game.sizes) <= MOVES
    if pure.verdict != "proved" or not few:
        return pure
    found = vertex_enumeration(case.game, seconds)
    for point in found.points:
        if any(odds[move] < 1 for odds, move in zip(point, case.place, strict=True)):
            return _mixes(case, everything, found.method, [_odds(own) for own in point])
    if found.status != "complete":
        return Claim(everything, "unknown", found.method, numbers={"status": found.status})
    tolerance = 0.0 if case.game.exact is not None else 1e-12
    return Claim(everything, "proved", found.method, tolerance, {"status": found.status})


def _odds(own: np.ndarray) -> list[Fraction]:
    """Odds in rationals that sum to 1."""
    exact = list(fractions(own))
    return [share / sum(exact) for share in exact]


def _mixes(case: Case, statement: str, method: str, odds: list[list[Fraction]]) -> Claim:
    """A mixed equilibrium as the witness, with the rounding that its odds need."""
    evidence: dict[str, Any] = {"kind": "mixed", "odds": odds}
    if case.exact is not None and check(case.exact, evidence):
        evidence["slack"] = Fraction(case.slack).limit_denominator(10**12) + Fraction(1, 10**12)
    seats = zip(case.game.players, case.game.moves, odds, strict=True)
    shown = {player: dict(zip(own, map(float, shares), strict=True)) for player, own, shares in seats}
    return case.settled(statement, False, evidence, method, witness=shown)


def _only_pure(case: Case) -> Claim:
    """By looking at every joint move."""
    statement = f"{case.where} is the only pure equilibrium."
    found = pure_equilibria(case.game)
    other = next((place for place in found.profiles if place != case.place), None)
    method = f"best replies at every joint move, {case.game.size:,} in all"
    if other is None:
        return case.settled(statement, True, {"kind": "only pure", "target": case.target}, method)
    evidence = {"kind": "settles", "at": case.game.labels(other)}
    witness = {"equilibrium": list(case.game.labels(other)), "payoffs": case.game.payoffs[other].tolist()}
    return case.settled(statement, False, evidence, method, witness=witness)
