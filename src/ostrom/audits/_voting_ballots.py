"""Ballots as rows of ranks with how many cast each: all there are of a form, and in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, permutations, product
from typing import Any, Literal

from ..core.errors import InputError
from ..core.forms.ballots import UNRANKED, Ballots

Form = Literal["orders", "truncated", "weak", "approvals"]
"""Ballots that may be cast: strict orders of all, strict orders of some, orders with ties, or sets."""

Row = tuple[int, ...]
Parts = tuple[tuple[Row, int], ...]


def parts_of(ballots: Ballots) -> Parts:
    """Ballots as rows with how many cast each."""
    return tuple(zip(map(tuple, ballots.ranks.tolist()), ballots.counts.tolist(), strict=True))


def elections(parts: Iterable[tuple[Row, int]], names: Sequence[str]) -> Ballots:
    """Rows with how many cast each as `Ballots`."""
    parts = list(parts)
    return Ballots([row for row, _ in parts], [many for _, many in parts], names)


def orders(size: int) -> list[Row]:
    """All strict orders as rows of ranks, in lexicographic order."""
    return list(permutations(range(size)))


def every_ballot(size: int, form: Form) -> list[Row]:
    """All ballots of a form, as rows of ranks; at least something is mentioned."""
    if form == "orders":
        return orders(size)
    if form == "weak":
        return [row for row in product(range(size), repeat=size) if set(row) == set(range(max(row) + 1))]
    if form not in ("truncated", "approvals"):
        raise InputError(f"Ballots of the form {form!r}.", do='Say "orders", "truncated", "weak" or "approvals".')
    rows: list[Row] = []
    for count in range(1, size + 1):
        chosen = permutations(range(size), count) if form == "truncated" else combinations(range(size), count)
        for some in chosen:
            place = {k: rank if form == "truncated" else 0 for rank, k in enumerate(some)}
            rows.append(tuple(place.get(k, UNRANKED) for k in range(size)))
    return rows


def told(parts: Iterable[tuple[Row, int]], names: Sequence[str]) -> list[list[Any]]:
    """Ballots for a witness, in order: `[written, how many]`."""
    return [[spelled(row, names), many] for row, many in parts if many]


def spelled(row: Row, names: Sequence[str]) -> str:
    """A row of ranks as `Ballots.of` reads it."""
    return Ballots([row], alternatives=names).written(0)


def heard(written: Sequence[Sequence[Any]], alternatives: Sequence[str]) -> Ballots:
    """Ballots of a witness again, row by row."""
    rows = [Ballots.of([one], alternatives).ranks[0] for one, _ in written]
    return Ballots(rows, [many for _, many in written], alternatives)


def strict_only(parts: Parts) -> None:
    """`InputError` for ballots with ties or gaps: the axioms are about strict orders."""
    for row, _ in parts:
        if sorted(row) != list(range(len(row))):
            raise InputError(
                f"A ballot with the ranks {row}.",
                "The axioms are looked at where every ballot is a strict order of all alternatives.",
                "Complete the ballots and break their ties first.",
            )


def distinct(rows: list[Row]) -> Iterator[list[Row]]:
    """All orders of the rows, those that look the same once."""
    if not rows:
        yield []
    for k, row in enumerate(rows):
        if k == 0 or row != rows[k - 1]:
            for rest in distinct(rows[:k] + rows[k + 1 :]):
                yield [row, *rest]
