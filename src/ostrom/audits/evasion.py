"""How much enforcement is enough? What is left of an institution when payments fail, err, or reach only some."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..core.claim import Claim
from ..core.errors import InputError
from ..core.game import Game
from ._amounts import Amounts, Number, along, departures, told
from ._broken import about_breaches
from ._case import Audit, Case
from ._unbound import about_the_unbound


@dataclass(frozen=True)
class Evasion(Audit):
    """Whether the target stays an equilibrium when the institution reaches less than everything it is meant to reach.

    Up to four claims. Payments come about only with some chance: it stays from the chance `gain / fine` on (Becker
    1968). Where payments are fines on moves of one's own, moves are also mistaken: who keeps to its part is charged
    the largest of its fines by mistake, and others slip through. Only some are bound: "bound" players keep to their
    parts whatever up to `unbound` others do, who pay and receive nothing (a fault-tolerant equilibrium, Eliaz 2002).
    And where moves were taken away: what a breach has to cost, so that nobody gains by it.

    Parameters
    ----------
    detection : the chance, from 0 to 1, that payments come about, or that a breach is caught; claims are about that
        chance and any larger one.
    false_alarms, misses : chances, from 0 to 1, that an inspection errs about who kept to its part, and about others.
    unbound : how many players the institution does not reach.
    sanction : what a breach costs when it is caught; default: the claim is about the least that is enough.
    base : the game without the restriction; default: the one that was governed.

    Raises `InputError` for chances outside 0 to 1, and numbers below 0.

    Examples
    --------
    >>> from ostrom import games, institutions
    >>> taxed = games.PrisonersDilemma().under(institutions.Tax(on="D", rate=3.0))
    >>> first = Evasion()(taxed, ("C", "C"))[0]
    >>> first.verdict, round(first.numbers["smallest chance"], 4)
    ('proved', 0.6667)
    """

    detection: float = 0.9
    false_alarms: float = 0.05
    misses: float = 0.05
    unbound: int = 1
    sanction: float | None = None
    base: Game | None = None

    def __post_init__(self) -> None:
        for name in ("detection", "false_alarms", "misses"):
            if not 0 <= getattr(self, name) <= 1:
                raise InputError(f"{name} is {getattr(self, name)}.", do="Give a chance, from 0 to 1.")
        for name, value in (("unbound", self.unbound), ("sanction", self.sanction or 0)):
            if not value >= 0:
                raise InputError(f"{name} is {value}.", do="Give a number of at least 0.")

    def answer(self, case: Case) -> tuple[Claim, ...]:
        """Claims about payments where there are any, and about breaches where moves were taken away."""
        numbers = Amounts.of(case)
        broken = about_breaches(case, numbers, self.base, self.detection, self.sanction)
        if not case.adds.any():
            return broken or (_nothing(case),)
        noisy = _fines(case, numbers) and (self.false_alarms or self.misses)
        payments = (
            _deters(case, numbers, self.detection, 0.0, 0.0),
            *([_deters(case, numbers, self.detection, self.false_alarms, self.misses)] if noisy else []),
            about_the_unbound(case, numbers, self.unbound),
        )
        return (*payments, *broken)


def chance_needed(
    gain: Number, fine: Number, false_alarms: Number = 0, misses: Number = 0, mistaken: Number | None = None
) -> Number | None:
    """The smallest chance p of inspection from which on a fine deters; None where no chance is enough.

    That is p ((1 - misses) fine - false_alarms mistaken) ≥ gain for it and for every larger chance up to 1 (Becker
    1968). `gain` is what the move brings without fines; `mistaken` what is charged by mistake, by default `fine`.

    >>> round(chance_needed(2.0, 5.0), 9), round(chance_needed(2.0, 5.0, 0.1, 0.1), 9)
    (0.4, 0.5)
    """
    bite = (1 - misses) * fine - false_alarms * (fine if mistaken is None else mistaken)
    if gain > bite:
        return None
    return gain / bite if gain > 0 else 0 * bite


class _Leaving(NamedTuple):
    """A way to leave the target: what it gains without payments, and costs in payments."""

    player: int
    move: int
    gain: Number
    fine: Number
    largest: Number


def _leaving(case: Case, numbers: Amounts) -> Iterator[_Leaving]:
    for i, move in departures(case):
        bare, adds, part = along(numbers.bare, case.place, i), along(numbers.adds, case.place, i), case.place[i]
        yield _Leaving(i, move, bare[move] - bare[part], adds[part] - adds[move], adds[part] - adds.min())


def _deters(case: Case, numbers: Amounts, detection: float, false_alarms: float, misses: float) -> Claim:
    """That payments hold the target which come about by chance, and (with noise) go wrong."""
    chance, alarms, slips = map(numbers.read, (detection, false_alarms, misses))
    noise = {"alarms": alarms, "misses": slips} if alarms or slips else {}
    statement = f"{case.where} stays an equilibrium when payments come about with a chance of {told(chance)} or more"
    if noise:
        statement += f", charge {told(alarms)} of those who keep to it by mistake, and miss {told(slips)} of the others"
    method = "closed form of what each departure gains, at both ends of the range of chances"
    ways = list(_leaving(case, numbers))
    needed = [chance_needed(way.gain - numbers.slack, way.fine, alarms, slips, way.largest) for way in ways]
    found = {"asked for": detection, "smallest chance": None}
    if all(one is not None for one in needed):
        found |= _enough(case, ways, needed, alarms, slips, chance)
    if all(one is not None and one <= chance for one in needed):
        evidence = {"kind": "deters", "target": case.target, "chance": chance, **noise}
        return case.settled(statement + ".", True, evidence, method, numbers=found)

    def left(pair: tuple[_Leaving, Number]) -> Number:
        way, odds = pair
        return way.gain - odds * ((1 - slips) * way.fine - alarms * way.largest)

    way, odds = worst = max(((way, odds) for way in ways for odds in (chance, numbers.read(1))), key=left)
    witness = {"player": case.game.players[way.player], "move": case.game.moves[way.player][way.move], "chance": odds}
    evidence = {"kind": "evades", "target": case.target, **witness, "gain": left(worst), **noise}
    return case.settled(statement + ".", False, evidence, method, numbers=found)


def _enough(
    case: Case, ways: list[_Leaving], needed: list[Any], alarms: Number, slips: Number, chance: Number
) -> dict[str, Any]:
    """The chance from which on the target stays, what decides it, and how a larger fine would move it."""
    enough, way = max(zip(needed, ways, strict=True), key=lambda pair: pair[0], default=(0, None))
    if way is None or enough <= 0:
        return {"smallest chance": 0.0}
    bites = 1 - slips - (alarms if way.largest == way.fine else 0)
    return {
        "smallest chance": float(enough),
        "player": case.game.players[way.player],
        "move": case.game.moves[way.player][way.move],
        "gain without payments": float(way.gain),
        "fine": float(way.fine),
        "change of the chance per unit of fine": -float(enough * enough * bites / way.gain),
        "payments times": float(enough / chance) if chance else None,
    }


def _fines(case: Case, numbers: Amounts) -> bool:
    """Whether payments depend on one's own move alone (but for what one cannot change), and none rewards leaving."""
    for i, part in enumerate(case.place):
        adds = numbers.adds[..., i].swapaxes(i, 0)
        owed = (adds[part] - adds).reshape(len(adds), -1)
        if (owed < -numbers.slack).any() or (owed.max(1) - owed.min(1) > numbers.slack).any():
            return False
    return True


def _nothing(case: Case) -> Claim:
    evidence = {"kind": "within", "fine": 0, "payment": 0}
    return case.settled("Nobody pays or receives anything: there is nothing to evade.", True, evidence, "all payments")
