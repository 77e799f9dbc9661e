"""What protocols share: a row with one entry changed, who of many are honest, and bytes and texts from outside."""

from __future__ import annotations

import hmac
from functools import lru_cache
from typing import Any, TypeVar

from ..core.errors import InputError

T = TypeVar("T")


def put(row: tuple[T, ...], place: int, entry: T) -> tuple[T, ...]:
    """The row with another entry at a place."""
    return (*row[:place], entry, *row[place + 1 :])


@lru_cache(maxsize=1_000)
def honest(parties: tuple[str, ...], faulty: frozenset[str]) -> tuple[int, ...]:
    """The numbers of the parties that are not faulty."""
    return tuple(k for k, party in enumerate(parties) if party not in faulty)


def alike(given: Any, made: str) -> bool:
    """Whether a text is the one that was made, in a time that does not tell where they differ; any text may come."""
    return isinstance(given, str) and hmac.compare_digest(given.encode(errors="surrogatepass"), made.encode())


def as_bytes(given: Any, what: str) -> bytes:
    """Bytes; `InputError` for text and numbers, which could be written in several ways."""
    if not isinstance(given, bytes | bytearray | memoryview):
        raise InputError(f"The {what} is {given!r:.60}, no bytes.", do='Encode it: "…".encode().')
    return bytes(given)


def as_list(given: Any, what: str) -> list[Any]:
    """A list; `InputError` for text and for what cannot be gone through."""
    try:
        if isinstance(given, str | bytes | dict):
            raise TypeError
        return list(given)
    except TypeError:
        raise InputError(f"The {what} are {given!r:.60}.", do="Give a list.") from None
