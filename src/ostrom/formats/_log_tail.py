"""The fresh lines of a file that grows: half-written ones wait, and cut or replaced files begin anew."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from ..core.errors import InputError
from ._jsonl import LONGEST
from ._log_source import MARK


def refuse_no_file(path: Path) -> None:
    """Raise the `InputError` for what is there and can be no file that grows: to open a pipe could wait for ever."""
    if path.exists() and not path.is_file():
        raise InputError(
            f"{str(path)!r} is a folder, a pipe or a device.",
            "What grows is followed in a file.",
            "Follow a plain file; send what comes through a pipe to one.",
        )


class Tail:
    """Reads what was appended to a file since it was last asked.

    `say` is told in words when the file was cut or replaced, and when a line is too long to be one.
    """

    def __init__(self, path: Path, say: Callable[[str], object]) -> None:
        self.path, self.say = path, say
        self._file: BinaryIO | None = None
        self._number, self._read, self._half, self._long = 0, 0, b"", False

    def fresh(self) -> Iterator[tuple[int, bytes]]:
        """The lines that are whole and were not there before, with their numbers."""
        if self._file is None and not self._open():
            return
        yield from self._lines()
        if self._replaced() and self._open():
            yield from self._lines()

    def close(self) -> None:
        """Leave the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open(self) -> bool:
        self.close()
        refuse_no_file(self.path)
        try:
            self._file = open(self.path, "rb")  # noqa: SIM115
        except FileNotFoundError:
            return False
        except OSError as error:
            raise InputError(f"{str(self.path)!r} cannot be read: {error.strerror}.", do="Check the path.") from None
        if self._file.read(2) == b"\x1f\x8b":
            self.close()
            raise InputError(f"{self.path.name} is gzipped.", "Such a file cannot be followed.", "Follow a plain one.")
        self._file.seek(0)
        self._number, self._read, self._half, self._long = 0, 0, b"", False
        return True

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        assert self._file is not None
        while piece := self._file.readline(LONGEST):
            self._read += len(piece)
            self._half += piece
            if len(self._half) > LONGEST:
                self._half, self._long = b"", True
            if piece.endswith(b"\n"):
                line, self._half = self._half, b""
                self._number += 1
                if self._long:
                    self.say(f"Line {self._number} of {self.path.name} is longer than {LONGEST >> 20} MB: passed over.")
                    self._long = False
                else:
                    yield self._number, line.removeprefix(MARK) if self._number == 1 else line

    def _replaced(self) -> bool:
        """Whether another file stands at the path now, or this one is shorter than what was read of it."""
        assert self._file is not None
        try:
            there = self.path.stat()
        except OSError:
            return False
        mine = os.fstat(self._file.fileno())
        if (there.st_dev, there.st_ino) != (mine.st_dev, mine.st_ino):
            self.say(f"{self.path.name} was replaced; the new file is read from its first line.{self._lost()}")
            return True
        if there.st_size < self._read:
            self.say(f"{self.path.name} was cut; it is read from its first line again.{self._lost()}")
            return True
        return False

    def _lost(self) -> str:
        return f" Line {self._number + 1} was never finished and is lost." if self._half or self._long else ""
