"""Could a group band together? Joint departures, those that would last, and those that side payments make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.claim import Claim
from ..core.errors import InputError, TooLarge
from ..core.game import Array
from ._case import Audit, Case
from ._proofness import credible


@dataclass(frozen=True)
class Coalitions(Audit):
    """Whether any group of players gains by leaving the target together.

    First whether some group has a joint departure by which each member gains (Aumann 1959: strong equilibrium). Where
    one has, whether some departure would last: one from which no part of the group would depart in turn (Bernheim,
    Peleg and Whinston 1987: coalition-proofness). Where members can pay each other, a gain in total is enough.

    Parameters
    ----------
    up_to : the most players a group may have; default all.
    side_payments : whether to ask about gains in total as well.
    seconds : time budget for departures that last; past it the verdict is "unknown".

    Raises `InputError` for `up_to` below 1.

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> game = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
    >>> [claim.verdict for claim in Coalitions()(game, ("D", "D"))]
    ['refuted', 'proved']
    """

    up_to: int | None = None
    side_payments: bool = False
    seconds: float = 10.0

    def __post_init__(self) -> None:
        if self.up_to is not None and self.up_to < 1:
            raise InputError(f"Groups of up to {self.up_to} players.", do="Give a whole number of at least 1.")

    def answer(self, case: Case) -> tuple[Claim, ...]:
        """That no group gains member by member; if one does, that it would not last; on request, none in total."""
        largest = min(self.up_to or len(case.place), len(case.place))
        departures = _Departures(case)
        claims = [*_each(case, departures, largest)]
        if claims[0].verdict != "proved":
            claims.append(_lasting(case, largest, self.seconds))
        return (*claims, _in_total(case, departures, largest)) if self.side_payments else tuple(claims)


class _Departures:
    """Every joint move seen from the target: who moves `[N, P]`, how many, and what each player gains `[N, P]`."""

    def __init__(self, case: Case) -> None:
        places = case.game.profiles()
        self.places, self.moves = places, places != np.array(case.place)
        self.count = self.moves.sum(1)
        self.gains = case.game.payoffs.reshape(len(places), -1) - case.game.payoffs[case.place]

    def least(self) -> Array:
        """The least gain of all who move, `[N]`; -inf at the target."""
        return np.where(self.count > 0, np.where(self.moves, self.gains, np.inf).min(1), -np.inf)


def _each(case: Case, departures: _Departures, largest: int) -> list[Claim]:
    """No group gains member by member; where one does, also up to which size none does."""
    least = departures.least()
    found = (least > case.slack) & (departures.count <= largest)
    method = f"the movers' gains at every joint move, {case.game.size:,} in all"
    safe = int(departures.count[found].min()) - 1 if found.any() else largest
    numbers = {"holds for groups of up to": safe}
    whole = _no_group(case, safe, largest, method, numbers) if safe else []
    if safe == largest:
        return whole
    smallest = found & (departures.count == safe + 1)
    row = int(np.where(smallest, least, -np.inf).argmax())
    return [_departure(case, departures, row, _statement(case, largest), method, numbers), *whole[: safe > 1]]


def _statement(case: Case, largest: int) -> str:
    return f"No group of up to {largest} can leave {case.where} so that each member gains."


def _no_group(case: Case, safe: int, largest: int, method: str, numbers: dict[str, Any]) -> list[Claim]:
    said = _statement(case, safe)
    if safe == largest:
        said += " Coalition-proofness follows."
    evidence = {"kind": "no coalition", "target": case.target, "up_to": safe}
    return [case.settled(said, True, evidence, method, numbers=numbers)]


def _departure(
    case: Case, departures: _Departures, row: int, statement: str, method: str, numbers: dict[str, Any], **more: Any
) -> Claim:
    """A refutation by the joint move in that row; `more` goes into the evidence."""
    group = more.pop("group", np.flatnonzero(departures.moves[row]).tolist())
    names, to = [case.game.players[i] for i in group], case.game.labels(departures.places[row])
    gains = {case.game.players[i]: float(departures.gains[row, i]) for i in group}
    evidence = {"kind": "coalition", "at": case.target, "to": to, "players": names, **more}
    witness = {"players": names, "at": case.target, "to": to, "gains": gains}
    return case.settled(statement, False, evidence, method, witness=witness, numbers=numbers)


def _lasting(case: Case, largest: int, seconds: float) -> Claim:
    """Coalition-proofness."""
    statement = f"No group of up to {largest} gains by leaving {case.where} for where no part of it would leave again."
    method = "departures that last, from the smallest groups to the largest"
    try:
        found = credible(case.game.payoffs, case.place, largest, case.slack, seconds)
    except TooLarge as error:
        return Claim(statement, "unknown", method, numbers={"reason": error.what})
    except TimeoutError:
        return Claim(statement, "unknown", method, numbers={"reason": f"more than {seconds:g} seconds"})
    if found is None:
        evidence = {"kind": "coalition proof", "target": case.target, "up_to": largest}
        return case.settled(statement, True, evidence, method)
    row = int(np.ravel_multi_index(found[1], case.game.sizes))
    return _departure(case, _Departures(case), row, statement, method, {}, group=list(found[0]), stays=True)


def _in_total(case: Case, departures: _Departures, largest: int) -> Claim:
    """No group gains in total; who does not move belongs to it for what it gains, the largest gains first."""
    statement = (
        f"No group of up to {largest} gains in total by leaving {case.where}, whatever its members pay each other."
    )
    method = f"total gains at every joint move, {case.game.size:,} in all"
    gains, moves = departures.gains, departures.moves
    idle = np.where(moves, -np.inf, gains)
    order = np.argsort(-idle, axis=1, kind="stable")
    ranks = np.argsort(order, axis=1, kind="stable")
    group = moves | ((idle > 0) & (ranks < (largest - departures.count)[:, None]))
    total = np.where(group, gains, 0.0).sum(1)
    total[(departures.count == 0) | (departures.count > largest)] = -np.inf
    row = int(total.argmax())
    numbers = {"largest gain in total": float(total[row])}
    if total[row] <= case.slack:
        evidence = {"kind": "no total gain", "target": case.target, "up_to": largest}
        return case.settled(statement, True, evidence, method, numbers=numbers)
    members = np.flatnonzero(group[row]).tolist()
    return _departure(case, departures, row, statement, method, numbers, group=members, in_total=True)
