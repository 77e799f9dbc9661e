"""What if somebody is not out for itself? Spite, altruism, and sabotage by those who do not mind their own loss."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ..core.claim import Claim
from ..core.errors import InputError
from ..core.exact import fraction
from ..core.game import Array
from ._case import Audit, Case


@dataclass(frozen=True)
class Spite(Audit):
    """Whether the target survives a player who minds what others get, and what a saboteur can take from them.

    A player with regard s counts its own payoff plus s times the sum of the others' (Ledyard 1995); below 0 that is
    spite (Levine 1998). The largest weights at which nobody gains by leaving are closed forms: own loss over what the
    others gain or lose by it. A saboteur does whatever it can, at any cost (Halpern's t-immunity; Abraham, Dolev, Gonen
    and Halpern 2006).

    Parameters
    ----------
    spite, altruism : the weights, in [0, 1], that any one player has to be able to have.
    up_to : how many players sabotage at the same time, at least 1.
    floor : the mean payoff that has to be left for those who do not move; default nothing is asked.

    Raises `InputError` for numbers outside these ranges.

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> game = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
    >>> [claim.verdict for claim in Spite(altruism=0.5)(game, ("D", "D"))]
    ['proved', 'refuted', 'proved']
    """

    spite: float = 0.1
    altruism: float = 0.1
    up_to: int = 1
    floor: float | None = None

    def __post_init__(self) -> None:
        if not (0 <= self.spite <= 1 and 0 <= self.altruism <= 1 and self.up_to >= 1):
            raise InputError(
                f"Spite {self.spite}, altruism {self.altruism}, up to {self.up_to} saboteurs.",
                "Weights lie in [0, 1], and somebody has to sabotage.",
                "Give such numbers.",
            )

    def answer(self, case: Case) -> tuple[Claim, ...]:
        """That spite, and altruism, up to those weights changes nothing; and what sabotage takes."""
        departures = _departures(case)
        spiteful = _regard(case, departures, "spite", -fraction(self.spite))
        altruist = _regard(case, departures, "altruism", fraction(self.altruism))
        return (spiteful, altruist, *_sabotage(case, self.up_to, self.floor))


Departure = tuple[int, int, Fraction, Fraction]
"""Player, move, own gain, and what the others together gain."""


def _departures(case: Case) -> list[Departure]:
    """Every single departure from the target, in fractions."""
    found, place = [], case.place
    for i, size in enumerate(case.game.sizes):
        for move in range(size):
            if move != place[i]:
                there = _payoffs(case, (*place[:i], move, *place[i + 1 :]))
                gains = [after - before for before, after in zip(_payoffs(case, place), there, strict=True)]
                found.append((i, move, gains[i], sum(gains, Fraction(0)) - gains[i]))
    return found


def _payoffs(case: Case, place: tuple[int, ...]) -> list[Fraction]:
    if case.exact is not None:
        return list(case.exact.payoffs[int(np.ravel_multi_index(place, case.game.sizes))])
    return [Fraction(float(payoff)) for payoff in case.game.payoffs[place]]


def _regard(case: Case, departures: list[Departure], kind: str, weight: Fraction) -> Claim:
    """That one player with that weight, or any between it and 0, still gains nothing by leaving."""
    statement = f"Nobody gains by leaving {case.where} alone, with {kind} of a weight of up to {float(abs(weight)):g}."
    method = "own gains and others' at every move of every player"
    numbers = {"largest weights": _thresholds(case, departures, -1 if kind == "spite" else 1)}
    slack = 0 if case.game.exact is not None else Fraction(case.slack)
    ends = (Fraction(0), weight)
    worst = max(departures, key=lambda d: max(d[2] + w * d[3] for w in ends), default=None)
    if worst is not None and max(worst[2] + w * worst[3] for w in ends) > slack:
        i, move, own, others = worst
        at = next(w for w in ends if own + w * others > slack)  # 0 where it is no equilibrium to begin with
        leaves = {"player": case.game.players[i], "move": case.game.moves[i][move], "weight": at}
        evidence = {"kind": "gain with regard", "at": case.target, **leaves, "gain": own + at * others}
        witness = {**leaves, "at": case.target, "own gain": own, "what others gain": others}
        return case.settled(statement, False, evidence, method, witness=witness, numbers=numbers)
    evidence = {
        "kind": "no gain with regard",
        "target": case.target,
        "lowest": min(ends),
        "highest": max(ends),
    }
    return case.settled(statement, True, evidence, method, numbers=numbers)


def _thresholds(case: Case, departures: list[Departure], sign: int) -> dict[str, float | str]:
    """Per player the largest weight of that sign at which no departure pays; "any" where none ever does."""
    largest: dict[str, float | str] = dict.fromkeys(case.game.players, "any")
    for i, _, own, others in departures:
        player = case.game.players[i]
        if own > case.slack:
            largest[player] = 0.0
        elif sign * others > 0:
            before = largest[player]
            limit = max(float(-own / abs(others)), 0.0)
            largest[player] = min(limit, before) if isinstance(before, float) else limit
    return largest


def _sabotage(case: Case, up_to: int, floor: float | None) -> list[Claim]:
    """What those who move take at most from those who do not; and that these keep the floor, if one is given."""
    places, lost, left = _sabotaged(case, up_to)
    takes, row = lost.sum(1).max(), int(left.argmin())
    who = "one player" if up_to == 1 else f"up to {up_to} players"
    whatever, method = f"Whatever {who} may do at {case.where}, the others", f"every joint move of {who}"
    numbers = {
        "most taken from one": float(lost.max()),
        "most taken from all": float(takes),
        "least left": float(left[row]),
    }
    evidence: dict[str, Any] = {"kind": "sabotage", "target": case.target, "up_to": up_to}
    said = f"{whatever} together lose at most {float(takes):g}."
    bound = case.settled(said, True, {**evidence, "takes": takes}, method, numbers=numbers)
    if floor is None:
        return [bound]
    said, asked = f"{whatever} keep at least {floor:g} on average.", fraction(floor)
    if left[row] >= asked:
        return [bound, case.settled(said, True, {**evidence, "floor": asked}, method, numbers=numbers)]
    to = case.game.labels(places[row])
    names = [case.game.players[i] for i in np.flatnonzero(places[row] != np.array(case.place))]
    evidence = {"kind": "sabotaged", "at": case.target, "to": to, "floor": asked}
    witness = {"players": names, "at": case.target, "to": to, "left": float(left[row])}
    return [bound, case.settled(said, False, evidence, method, witness=witness, numbers=numbers)]


def _sabotaged(case: Case, up_to: int) -> tuple[Array, Array, Array]:
    """Joint moves `[N, P]` at which so many move and somebody does not; what each of these loses `[N, P]` (who moves:
    0), and what they are left with on average `[N]`."""
    payoffs, places = _table(case), case.game.profiles()
    moves = places != np.array(case.place)
    others = (~moves).sum(1)
    here = (others > 0) & (len(case.place) - others <= up_to)
    lost = np.where(moves, 0, payoffs[int(np.ravel_multi_index(case.place, case.game.sizes))] - payoffs)[here]
    count = others[here].astype(payoffs.dtype)  # Python's whole numbers beside fractions
    return places[here], lost, np.where(moves, 0, payoffs)[here].sum(1) / count


def _table(case: Case) -> Array:
    """Payoffs `[N, P]`: in fractions where the table is small."""
    if case.exact is None:
        return case.game.payoffs.reshape(case.game.size, -1)
    table = np.empty((case.game.size, len(case.place)), object)
    table[:] = case.exact.payoffs
    return table
