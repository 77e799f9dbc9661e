"""What a party of a negotiation knows at its turn, and what a style of negotiating is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

import numpy as np

from ..core.forms.negotiation import Negotiation
from ..core.game import Array

ACCEPT = -1
"""What a turn returns to accept the offer on the table."""


@dataclass
class Seat:
    """What one party knows at its turn: its own worth of outcomes, the clock, and what was offered.

    Attributes
    ----------
    worth : `float[K]`, its own utilities. reservation : what it has without an agreement.
    order : outcomes that are worth no less than that to it, the best first; of equal ones the first.
    time : the share of time that has passed, 0 in the first round and 1 in the last.
    heard : outcomes that others offered. made : those it offered itself.
    places : `int[K, m]`, the option of each issue by outcome.
    drawn : its own random numbers.
    """

    worth: Array
    reservation: float
    places: Array
    drawn: np.random.Generator
    time: float = 0.0
    heard: list[int] = field(default_factory=list)
    made: list[int] = field(default_factory=list)
    order: Array = field(init=False)
    rising: Array = field(init=False)

    def __post_init__(self) -> None:
        order = np.argsort(-self.worth, kind="stable")
        self.order = order[self.worth[order] >= self.reservation]
        self.rising = -self.worth[self.order]  # for binary search; falls from the best in worth

    @property
    def best(self) -> float:
        """The most that an agreement can be worth to it."""
        return float(self.worth[self.order[0]])

    @property
    def table(self) -> int | None:
        """The offer on the table."""
        return self.heard[-1] if self.heard else None

    def at_least(self, target: float) -> int:
        """How many outcomes are worth `target` or more; the best one counts always."""
        return max(int(np.searchsorted(self.rising, -target + 1e-12, side="right")), 1)

    def nearest(self, target: float) -> int:
        """The outcome that is worth the least of those worth `target` or more; of equal ones the first."""
        last = self.order[self.at_least(target) - 1]
        return int(self.order[np.searchsorted(self.rising, -self.worth[last], side="left")])

    def answer(self, offer: int) -> int:
        """Accept what is worth no less than one's own next offer, else make it (Faratin, Sierra and Jennings 1998)."""
        table = self.table
        return ACCEPT if table is not None and self.worth[table] >= self.worth[offer] else offer


class Style(ABC):
    """How a party takes its turn; subclass it for another way of negotiating."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What it is called in tables."""

    @abstractmethod
    def turn(self, seat: Seat) -> int:
        """The number of the outcome that it offers, or `ACCEPT` (-1)."""


def seats_of(negotiation: Negotiation, seed: int) -> list[Seat]:
    drawn = np.random.default_rng(seed).spawn(len(negotiation.parties))
    return [
        Seat(own, float(least), negotiation.places, mine)
        for own, least, mine in zip(negotiation.utilities, negotiation.reservations, drawn, strict=True)
    ]
