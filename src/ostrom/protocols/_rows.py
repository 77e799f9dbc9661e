"""What protocols share: a row with one entry changed, and who of many are honest."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")


def put(row: tuple[T, ...], place: int, entry: T) -> tuple[T, ...]:
    """The row with another entry at a place."""
    return (*row[:place], entry, *row[place + 1 :])


@lru_cache(maxsize=1_000)
def honest(parties: tuple[str, ...], faulty: frozenset[str]) -> tuple[int, ...]:
    """The numbers of the parties that are not faulty."""
    return tuple(k for k, party in enumerate(parties) if party not in faulty)
