"""What a report says of a game too large to list: the loss by cause, the places worth knowing, where learning leads."""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnosis._large_found import Ends, Place
from ..diagnosis.large import LargeDiagnosis
from ._chart_bars import share_picture
from ._chart_facets import waterfall
from ._page import Cell, Picture, Table, table
from ._words import number, tidy

BYSTANDERS = 8
"""Bystanders up to which each has a column of its own."""


def large_loss(found: LargeDiagnosis) -> Iterator[Picture | Table | None]:
    """The waterfall from play to the best outcome, and the same as a table."""
    if found.optimum is None or found.gap is None or found.conflict is None or not found.stake:
        return
    stake = found.stake
    steps = [("coordination", tidy(found.coordination, stake)), ("conflict", tidy(found.conflict, stake))]
    steps = [(cause, value) for cause, value in steps if value]
    yield waterfall(steps, found.played.welfare, found.optimum.place.welfare, "utilitarian", stake)
    rows = [(cause, value, round(100 * value / stake, 1)) for cause, value in (*steps, ("lost in all", found.gap))]
    known = "" if found.optimum.status == "complete" else " The best is the best that was found."
    yield table(
        "The loss by cause, on average over all principals",
        ("cause", "per principal", "of what is at stake, %"),
        rows,
        note=f"At stake is {number(stake)}.{known}",
        marked=frozenset({len(rows) - 1}),
    )


def large_places(found: LargeDiagnosis) -> Table | None:
    """Where play leads, the equilibria at both ends, and the outcomes at both ends."""
    settled = found.settled
    places = {
        "best for all": found.optimum and found.optimum.place,
        "as played": found.played,
        "best equilibrium": settled and settled.best,
        "worst equilibrium": settled and settled.worst,
        "worst for all": found.worst and found.worst.place,
    }
    known = [(kind, place) for kind, place in places.items() if place is not None]
    return table(
        "Places worth knowing",
        ("", "what is played", "welfare", "a player", *found.bystanders[:BYSTANDERS], "gain by leaving"),
        [_row(kind, place) for kind, place in known],
        note=f"Where play leads is known by {found.how}. Gain by leaving: the most that a player would add alone.",
    )


def _row(kind: str, place: Place) -> tuple[Cell, ...]:
    regret = tidy(place.regret, max(1.0, abs(place.welfare)))
    return (kind, place.words, place.welfare, place.player, *place.bystanders[:BYSTANDERS], regret)


def large_ends(found: LargeDiagnosis) -> Iterator[Picture]:
    """Where dynamics lead, where that is more than one place."""
    yield from (_ends(one) for one in found.dynamics if len(one.ends) > 1)


def _ends(one: Ends) -> Picture:
    rows = [(end.words, end.share, *end.interval) for end in one.ends]
    return share_picture(rows, f"Where {one.method} leads from {one.starts} random starts, with 95 % intervals.")
