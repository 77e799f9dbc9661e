"""Logs from files nobody vouches for, plain or gzipped: streamed, and every complaint names the file and the place."""

from __future__ import annotations

import difflib
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NoReturn, Protocol

from ..core.errors import InputError
from ..core.event import Event
from ._jsonl import LONGEST

HEAD = 2**20
"""Bytes by which a format is recognised."""

MARK = b"\xef\xbb\xbf"
"""The byte order mark that some programs put in front of UTF-8."""

DAMAGE = (EOFError, OSError, zlib.error, UnicodeDecodeError)
"""What Python raises for a file that is damaged or ends too soon."""


class Feed(Protocol):
    """Turns the lines of a log into events, one line at a time, and remembers what later lines need."""

    def feed(self, number: int, line: bytes) -> Iterator[tuple[int, Event]]:
        """The events of a line, each with the number under which it is found in the source."""
        ...


@dataclass(frozen=True)
class Place:
    """Where something stands in a file; spelled out only when there is a complaint."""

    name: str
    number: int
    kind: str = "Line"

    def __str__(self) -> str:
        return f"{self.kind} {self.number} of {self.name}"

    def refuse(self, what: str, why: str = "", do: str = "Mend or remove it.") -> NoReturn:
        """Raise an `InputError` about this place."""
        raise InputError(f"{self} {what}.", why, do)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The bytes of a file, unpacked if it is gzipped (told by how it begins, not by its name)."""
    try:
        plain = open(path, "rb")  # noqa: SIM115
    except (OSError, ValueError) as error:
        near = difflib.get_close_matches(path.name, _beside(path), n=3) if isinstance(error, FileNotFoundError) else ()
        reason = error.strerror if isinstance(error, OSError) else str(error)
        do = f"Did you mean {' or '.join(near)}?" if near else "Check the path."
        raise InputError(f"{str(path)!r} cannot be read: {reason}.", "", do) from None
    with plain:
        try:
            packed = plain.read(2) == b"\x1f\x8b"
            plain.seek(0)
            yield io.BufferedReader(gzip.GzipFile(fileobj=plain), 2**16) if packed else plain  # type: ignore[arg-type]
        except DAMAGE as error:
            do = "Fetch it again, or cut it off before the break."
            raise InputError(f"{path.name} breaks off: {error}.", "It is damaged, or its end is missing.", do) from None


def head(path: Path) -> bytes:
    """How a file begins, unpacked, as far as it can be read."""
    found = b""
    with suppress(InputError), opened(path) as stream:
        while len(found) < HEAD and (piece := stream.read1(2**16)):  # type: ignore[attr-defined]
            found += piece
    return found.removeprefix(MARK)


def lines(path: Path, blank: bool = False) -> Iterator[tuple[int, bytes]]:
    """The lines of a file with their numbers from 1, without those that are `blank` unless asked for."""
    number = 0
    with opened(path) as stream:
        while line := stream.readline(LONGEST + 1):
            number += 1
            if len(line) > LONGEST:
                Place(path.name, number).refuse(f"is longer than {LONGEST >> 20} MB", do="Give one record per line.")
            line = line.removeprefix(MARK) if number == 1 else line
            if blank or not line.isspace():
                yield number, line


def fed(path: Path, feed: Feed) -> Iterator[tuple[int, Event]]:
    """The events of a whole file, line by line."""
    for number, line in lines(path):
        yield from feed.feed(number, line)


def _beside(path: Path) -> list[str]:
    try:
        return [entry.name for entry in islice(path.parent.iterdir(), 10_000)]
    except (OSError, ValueError):
        return []
