"""Styles of making and answering offers, each a small rule on what it has seen so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError, UnknownName
from ._seat import ACCEPT, Seat, Style


@dataclass(frozen=True)
class TimeDependent(Style):
    """Asks for less as time passes: of what it can gain, it gives up the share `time ** (1 / beta)`.

    Below 1 it is tough until late (boulware), above 1 it gives way early (conceder), 1 is linear. From Faratin, Sierra
    and Jennings (1998), the polynomial family. Raises `InputError` for a `beta` that is not above 0.
    """

    beta: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.beta < np.inf:
            raise InputError(f"beta is {self.beta}.", do="Give a finite number above 0.")

    @property
    def name(self) -> str:
        """Boulware, linear or conceder, with its beta."""
        kind = "linear" if self.beta == 1 else "boulware" if self.beta < 1 else "conceder"
        return kind if self.beta in (0.2, 1.0, 5.0) else f"{kind} {self.beta:g}"

    def turn(self, seat: Seat) -> int:
        """Accepts what is worth no less than its own next offer."""
        return seat.answer(seat.nearest(seat.best - seat.time ** (1 / self.beta) * (seat.best - seat.reservation)))


@dataclass(frozen=True)
class Aspiration(Style):
    """Takes whatever reaches its level of aspiration, which falls as the target of `TimeDependent` does.

    Of what reaches it, it offers what has most options in common with the last offer it heard; of these the nearest to
    its level.

    Offers by likeness: Faratin, Sierra and Jennings (2002). Raises as `TimeDependent`.
    """

    beta: float = 0.25

    def __post_init__(self) -> None:
        TimeDependent(self.beta)

    @property
    def name(self) -> str:
        """Aspiration, with its beta where it is not the usual one."""
        return "aspiration" if self.beta == 0.25 else f"aspiration {self.beta:g}"

    def turn(self, seat: Seat) -> int:
        """Accepts what reaches the level."""
        level = seat.best - seat.time ** (1 / self.beta) * (seat.best - seat.reservation)
        table = seat.table
        if table is None:
            return int(seat.order[0])
        if seat.worth[table] >= level:
            return ACCEPT
        good = seat.order[: seat.at_least(level)]
        alike = (seat.places[good] == seat.places[table]).sum(1)
        return int(good[len(good) - 1 - alike[::-1].argmax()])


@dataclass(frozen=True)
class TitForTat(Style):
    """Gives up as much as others' last two offers, `lag` apart, gave it: in its own utility (Faratin et al. 1998).

    Where offers get worse it takes back what it gave. Raises `InputError` for a lag below 1.
    """

    lag: int = 1

    def __post_init__(self) -> None:
        if self.lag < 1:
            raise InputError(f"A lag of {self.lag}.", do="Give at least 1.")

    @property
    def name(self) -> str:
        """Tit for tat, with its lag where it is not 1."""
        return "tit for tat" if self.lag == 1 else f"tit for tat {self.lag}"

    def turn(self, seat: Seat) -> int:
        """Accepts what is worth no less than its own next offer."""
        asked = seat.worth[seat.made[-1]] if seat.made else seat.best
        if len(seat.heard) > self.lag:
            asked -= seat.worth[seat.heard[-1]] - seat.worth[seat.heard[-1 - self.lag]]
        return seat.answer(seat.nearest(min(max(float(asked), seat.reservation), seat.best)))


@dataclass(frozen=True)
class Micro(Style):
    """MiCRO: goes down its list by one outcome whenever others have made no fewer different offers than it has.

    Otherwise it repeats one of its offers, drawn from the seed. It accepts what is worth no less than the least that it
    has offered, or would offer now. Needs no clock and no model of others. From de Jonge (2022).
    """

    @property
    def name(self) -> str:
        """Micro."""
        return "micro"

    def turn(self, seat: Seat) -> int:
        """Accepts what is worth no less than the least that it would offer."""
        mine = len(set(seat.made))
        ready = mine < len(seat.order) and mine <= len(set(seat.heard))
        least = int(seat.order[mine if ready else mine - 1])
        if seat.answer(least) == ACCEPT:
            return ACCEPT
        return least if ready else int(seat.made[int(seat.drawn.integers(len(seat.made)))])


@dataclass(frozen=True)
class Hardliner(Style):
    """Offers what is best for itself and takes nothing less."""

    @property
    def name(self) -> str:
        """Hardliner."""
        return "hardliner"

    def turn(self, seat: Seat) -> int:
        """Accepts only what is best."""
        return seat.answer(int(seat.order[0]))


STYLES: Mapping[str, Style] = {
    "boulware": TimeDependent(0.2),
    "linear": TimeDependent(1.0),
    "conceder": TimeDependent(5.0),
    "tit for tat": TitForTat(),
    "micro": Micro(),
    "aspiration": Aspiration(),
    "hardliner": Hardliner(),
}
"""The usual ones by name."""


def style_of(given: Any) -> Style:
    if isinstance(given, str):
        if given not in STYLES:
            raise UnknownName("style", given, STYLES)
        return STYLES[given]
    if not isinstance(given, Style):
        raise InputError(f"{given!r:.60} is no style.", do=f"Give a `Style`, or one of {', '.join(STYLES)}.")
    return given


def named(styles: Sequence[Any]) -> tuple[Style, ...]:
    """Styles, each under a name of its own."""
    read = tuple(style_of(one) for one in styles)
    if len({one.name for one in read}) < len(read):
        raise InputError(f"Two styles share a name: {[one.name for one in read]}.", do="Give each once.")
    return read
