"""One side's preferences as a table of ranks, from a table or from lists of names; and seats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..core.errors import InputError, TooLarge, UnknownName
from ..core.game import Array

CELLS = 25_000_000
"""Pairs beyond which no table is read."""

MANY = 1 << 31
"""Above every rank."""


def places(own: Any) -> list[list[str]]:
    """A list of names, best first, as a list of places; a string is one name, a list within the list is a tie."""
    if isinstance(own, str) or not isinstance(own, Sequence):
        raise InputError(f"{own!r} is no list of names.", do="Give each a list of names, best first.")
    several = (list, tuple, set, frozenset)
    return [sorted(map(str, place)) if isinstance(place, several) else [str(place)] for place in own]


def written(side: Mapping[Any, Any], others: tuple[str, ...]) -> Array:
    """`int64[N, M]`: lists by name as ranks, -1 for who is not named."""
    _fits(len(side), len(others))
    index = {name: k for k, name in enumerate(others)}
    ranks = np.full((len(side), len(others)), -1, np.int64)
    for row, (who, own) in zip(ranks, side.items(), strict=True):
        for rank, place in enumerate(places(own)):
            for name in place:
                if name not in index:
                    raise UnknownName(f"one whom {who} could rank", name, others)
                if row[index[name]] >= 0:
                    raise InputError(f"{who} names {name} twice.", do="Name each at most once.")
                row[index[name]] = rank
    return ranks


def table(given: Any, shape: tuple[int, ...] | None) -> Array:
    """Ranks that were given as a table, checked, of that shape if one is asked for."""
    try:
        raw = np.asarray(given)
        with np.errstate(invalid="ignore"):  # what is no number is found below
            ranks = raw.astype(np.int64)
        whole = raw.dtype.kind in "iu" or (raw.dtype.kind == "f" and bool((raw == ranks).all()))
    except (TypeError, ValueError, OverflowError, RuntimeWarning):
        whole, ranks = False, np.zeros(0, np.int64)
    if not whole or ranks.ndim != 2 or ranks.min(initial=-1) < -1 or ranks.max(initial=0) >= MANY:
        raise InputError(
            "The preferences are no table of ranks.",
            "Rows are who ranks, columns what is ranked: 0 is the best, equal numbers tie, -1 is not acceptable.",
            "Give such whole numbers; or lists of names, best first, in a mapping from names.",
        )
    _fits(*ranks.shape)
    if shape is not None and ranks.shape != shape:
        raise InputError(f"One side is of shape {shape[::-1]}, the other {ranks.shape}.", do=f"Give shape {shape}.")
    return ranks


def _fits(rows: int, columns: int) -> None:
    if not rows or not columns:
        raise InputError(f"{rows} on one side and {columns} on the other.", do="Give at least one of each.")
    if rows * columns > CELLS:
        raise TooLarge(f"A table of {rows:,} by {columns:,}.", f"More than {CELLS:,} pairs.", "Shorten one side.")


def seats_of(given: Any, things: tuple[str, ...]) -> Array:
    """`int64[M]`: the seats of each, from one number, one each, or by name."""
    if isinstance(given, Mapping):
        if stray := [str(name) for name in given if str(name) not in things]:
            raise UnknownName("receiver", stray[0], things)
        given = [{str(name): many for name, many in given.items()}.get(thing, 1) for thing in things]
    try:
        seats = np.asarray(given)
        seats = np.broadcast_to(seats, (len(things),)) if seats.ndim == 0 else seats
        fine = seats.dtype.kind in "iu" and seats.shape == (len(things),)
        fine = fine and bool(((seats >= 0) & (seats <= MANY)).all())
    except ValueError:
        fine, seats = False, np.zeros(0)
    if not fine:
        raise InputError(f"Capacities {given!r} for {len(things)}.", do="Give each a whole number of at least 0.")
    return seats.astype(np.int64)
