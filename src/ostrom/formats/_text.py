"""What readers share: text within limits, numbers kept exactly, errors that name the file and the line."""

from __future__ import annotations

import difflib
import io
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import IO, Any

from ostrom.core.errors import InputError, TooLarge

TEXT_LIMIT = 16 * 2**20
"""Bytes of text beyond which a file is refused: a table that large is better built from arrays."""

NUMBER_LIMIT = 1_000_000
"""Payoffs read from text, counted before the first is read."""

LARGEST = 10**100
"""Payoffs beyond this lose their digits in every sum and square."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]+/[0-9]+|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?)")
_NOT_FINITE = {"nan", "inf", "infinity"}


def load(path: str | Path) -> str:
    """The text of a UTF-8 file, or of standard input for `-`; refused beyond `TEXT_LIMIT`.

    Raises `InputError` for a file that is missing (offers the nearest name), unreadable, too large or not text.
    """
    if str(path) == "-":
        return decode(_head(sys.stdin.buffer), "standard input")
    path = Path(path)
    try:
        with path.open("rb") as stream:
            return decode(_head(stream), str(path))
    except FileNotFoundError:
        raise InputError(f"There is no file {str(path)!r}.", "", _nearest(path)) from None
    except InputError:
        raise
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"{str(path)!r} cannot be read: {reason}.", do="Give a file that you may read.") from None


def decode(raw: bytes, where: str) -> str:
    """Bytes as text; an `InputError` names the line of the first byte that is not UTF-8, or the first NUL."""
    if len(raw) > TEXT_LIMIT:
        raise TooLarge(
            f"{where} is longer than {TEXT_LIMIT // 2**20} MiB.",
            "So much text takes long to read and would not make a game that can be analysed as a table.",
            "Build the game from arrays in Python (NormalForm, Symmetric), or split the file.",
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise bad(
            where, raw.count(b"\n", 0, error.start) + 1, f"byte {error.start + 1} is not UTF-8.",
            "Names could not be told apart.", "Save the file as UTF-8 text.",
        ) from None  # fmt: skip
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise bad(where, line, "there is a NUL character.", "It is not a text file.", "Save the file as UTF-8 text.")
    return text


def save(text: str, path: str | Path) -> None:
    """Write UTF-8 text whole or not at all: beside the place first, under a name of its own, then moved there."""
    path, beside = Path(path).resolve(), None
    if path.exists() and not path.is_file():
        raise InputError(f"{str(path)!r} is no ordinary file.", "It would be replaced.", "Choose another place.")
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".ostrom-", suffix=".part", delete=False) as stream:
            beside = Path(stream.name)
            stream.write(text.encode())
        beside.chmod(0o666 & ~_umask())
        beside.replace(path)
    except OSError as error:
        if beside is not None:
            beside.unlink(missing_ok=True)
        raise InputError(f"{str(path)!r} cannot be written: {error.strerror}.", do="Choose another place.") from None


def _umask() -> int:
    """What a new file of this process may not allow (reading it means setting it for a moment)."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are neither blank nor comments (`#`), stripped, with their numbers; one at a time."""
    for place, line in enumerate(io.StringIO(text, newline=None), 1):
        if (line := line.strip()) and not line.startswith("#"):
            yield place, line


def bad(where: str, line: int | None, what: str, why: str = "", do: str = "") -> InputError:
    """The error for something wrong at a line of a text."""
    return InputError(f"{where}, line {line}: {what}" if line else f"{where}: {what}", why, do)


@contextmanager
def at(where: str, line: int | None = None) -> Iterator[None]:
    """Put the place in front of any `InputError` raised inside."""
    try:
        yield
    except InputError as error:
        kind = TooLarge if isinstance(error, TooLarge) else InputError
        place = f"{where}, line {line}" if line else where
        raise kind(f"{place}: {error.what}", error.why, error.do) from None


def number(token: str) -> Fraction:
    """A decimal, a power (`2.5e-3`) or a quotient (`1/3`), kept exactly; `InputError` says why it is not one."""
    token = token.strip()
    if token.lower().lstrip("+-") in _NOT_FINITE:
        raise InputError(
            f"the payoff {token!r} is not finite.",
            "Expectations over an infinite or missing number mean nothing.",
            "Give a finite number (a very large penalty instead of -inf).",
        )
    by_zero = "/" in token and not token.partition("/")[2].strip("0")
    if len(token) > 400 or by_zero or not _NUMBER.fullmatch(token):
        raise InputError(
            f"{token[:40]!r} is not a number.", "A payoff is written 3, -0.5, 2.5e-3 or 1/3.", "Correct this entry."
        )
    value = Fraction(token)
    if abs(value) > LARGEST:
        raise InputError(f"the payoff {token[:40]} is beyond 1e100.", "Its sums have no digits left.", "Rescale it.")
    return value


def require_few(count: int) -> None:
    """Refuse more than `NUMBER_LIMIT` payoffs before any of them is read."""
    if count > NUMBER_LIMIT:
        raise TooLarge(
            f"the table would hold {count:,} payoffs.",
            f"More than {NUMBER_LIMIT:,} are not read from text.",
            "Build the game from arrays in Python (NormalForm, Symmetric).",
        )


def written(value: Any) -> str:
    """A number as text that reads back as the same number: `1/3`, `-2`, `0.1`; never with an exponent."""
    if isinstance(value, Fraction):
        return str(value)
    text = f"{Decimal(repr(float(value))):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def distinct(labels: Sequence[str]) -> tuple[str, ...]:
    """The labels with blanks numbered and repetitions told apart, since files may leave them blank or repeat them."""
    taken, used, last, result = set(labels), set(), {}, []
    for position, label in enumerate(labels, 1):
        chosen = stem = label or str(position)
        while chosen in taken and (not label or label in used):
            last[stem] = last.get(stem, 1) + 1
            chosen = f"{stem} ({last[stem]})"
        used.add(label)
        taken.add(chosen)
        result.append(chosen)
    return tuple(result)


def require_plain(labels: Iterable[str], marks: str = "") -> None:
    """Refuse to write names that would be read back as something else: blank, padded, `#…`, or holding `marks`."""
    for label in labels:
        if not label or label != label.strip() or label.startswith("#") or any(mark in label for mark in marks):
            raise InputError(
                f"The name {label!r} cannot stand in such a table.",
                "It would be read back as something else.",
                "Write .json instead, or rename it.",
            )


def listed(names: Iterable[str]) -> str:
    """A short list for an error message."""
    names = list(names)
    return ", ".join(map(repr, names[:8])) + (f", … ({len(names)} in all)" if len(names) > 8 else "")


def _head(stream: IO[bytes]) -> bytes:
    return stream.read(TEXT_LIMIT + 1)


def _nearest(path: Path) -> str:
    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return f"The folder {str(path.parent)!r} does not exist either."
    near = difflib.get_close_matches(path.name, names, n=3)
    return f"Did you mean {' or '.join(near)}?" if near else "Check the path."
