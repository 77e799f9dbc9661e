"""Who pays for better traffic: travel time before and after, tolls, and what the two are worth together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..core.claim import Finding
from ..core.errors import InputError
from ..core.forms.network import Network
from ..solvers.assignment import Assignment, user_equilibrium

LITTLE = 1e-6
"""Share of a trip's worth below which a change is not worth mentioning."""
SOURCE = "Arnott, de Palma and Lindsey (1994), The Welfare Effects of Congestion Tolls with Heterogeneous Commuters"


@dataclass(frozen=True)
class Share:
    """What a change of a network means for some trips, on average over them.

    Attributes
    ----------
    whose, trips : who makes them, and how many.
    value : money that a unit of time is worth to them.
    before, after : travel time.
    paid : tolls paid after, less those paid before, in money.
    change : what it is worth to them in money: value of the time saved, less what they pay; below 0 they lose.
    """

    whose: str
    trips: float
    value: float
    before: float
    after: float
    paid: float
    change: float


@dataclass(frozen=True)
class Burden:
    """Who gains and who loses when one network takes the place of another.

    Attributes
    ----------
    crowds : every population (origin, destination and class of drivers).
    origins, classes : the same trips by where they start, and by their class of drivers ("" where it has no name).
    revenue : tolls collected, less those collected before, in money. It is not part of anybody's change.
    refund : what each trip would get back if all were given equal parts of the revenue.
    """

    crowds: tuple[Share, ...]
    origins: tuple[Share, ...]
    classes: tuple[Share, ...]
    revenue: float
    refund: float

    @property
    def losers(self) -> tuple[Share, ...]:
        """Populations that lose, those that lose most first; nothing is given back to them."""
        return tuple(sorted((s for s in self.crowds if s.change < -_visible(s)), key=lambda s: s.change))

    @property
    def losers_after_refund(self) -> tuple[Share, ...]:
        """Populations that lose although they get an equal part of the revenue."""
        return tuple(s for s in self.losers if s.change + self.refund < -_visible(s))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Who loses and by how much, in a sentence with its numbers."""
        return tuple(self._found())

    def _found(self) -> Iterator[Finding]:
        losers, still = self.losers, self.losers_after_refund
        if losers:
            sentence = (
                f"Of {len(self.crowds)} groups of drivers {len(losers)} {_are(losers)} worse off, most of all those "
                f"from {losers[0].whose} (by {-losers[0].change:.3g} a trip)"
            )
            if self.revenue > 0:
                sentence += f"; with the revenue given back in equal parts {len(still) or 'none'} {_are(still)}"
        else:
            sentence = "No group of drivers is worse off"
        numbers = {
            "change": {share.whose: share.change for share in self.crowds},
            "revenue": self.revenue,
            "refund": self.refund,
        }
        yield Finding("who pays", f"{sentence}.", tuple(share.whose for share in losers), numbers, SOURCE)


def burden(before: Network, after: Network, *, gap: float = 1e-8) -> Burden:
    """Who gains and who loses when drivers of `before` drive on `after` (tolled, or with links closed).

    Both are solved for user equilibrium to a relative `gap`. Times are means over a population's trips; where routes of
    equal cost differ in time and toll, they depend on which of them are driven, and cost does not. Raises `InputError`
    when the two networks have not the same populations.
    """
    return burden_of(before, after, user_equilibrium(before, gap=gap), user_equilibrium(after, gap=gap))


def burden_of(before: Network, after: Network, driven: Assignment, led: Assignment) -> Burden:
    """The same when the assignments are known."""
    if before.players != after.players or not np.array_equal(before.values, after.values):
        raise InputError(
            f"{before.name} and {after.name} have not the same drivers.",
            "Who gains and who loses can be said of the same people only.",
            "Give the same demands and classes.",
        )
    paid = led.paid(after.tolls) - driven.paid(before.tolls)
    columns = (before.demand, before.values, driven.pair_times, led.pair_times, paid)
    table = np.stack([*columns, before.values * (driven.pair_times - led.pair_times) - paid], -1)
    revenue = float(before.demand @ paid)
    return Burden(
        _grouped(before.players, table),
        _grouped([origin for origin, _ in before.pairs], table),
        _grouped(before.kinds, table),
        revenue,
        revenue / float(before.demand.sum()),
    )


def _grouped(names: tuple[str, ...] | list[str], table: np.ndarray) -> tuple[Share, ...]:
    """Rows with one name as one, weighted by trips, in the order in which names appear."""
    rows = []
    for name in dict.fromkeys(names):
        own = table[[k for k, other in enumerate(names) if other == name]]
        trips = float(own[:, 0].sum())
        rows.append(Share(name, trips, *(own[:, 0] @ own[:, 1:] / trips).tolist()))
    return tuple(rows)


def _visible(share: Share) -> float:
    return LITTLE * share.value * max(share.before, share.after)


def _are(some: tuple[Share, ...]) -> Literal["is", "are"]:
    return "is" if len(some) <= 1 else "are"
