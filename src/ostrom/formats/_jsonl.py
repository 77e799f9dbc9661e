"""Lines of JSON from files nobody vouches for, plain or gzipped: streamed, and every complaint names file and line."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from ..core.errors import InputError

LONGEST = 16 * 2**20
"""Bytes in one line beyond which a file is refused (a small archive can unpack into a line that fills the memory)."""

LARGEST = 1e100
"""Size beyond which a number is refused: sums and products of what is read must stay finite."""


@dataclass(frozen=True)
class Row:
    """One JSON object and where it stands; every getter checks the type and says what else it found."""

    where: str
    data: Mapping[str, Any]

    def refuse(self, key: str, wanted: str) -> NoReturn:
        """Raise the `InputError` for a field that is absent or not what is `wanted`."""
        found = f"{key} = {_brief(self.data[key])}" if key in self.data else f"no {key!r}"
        raise InputError(f"{self.where} has {found}.", f"{key!r} has to be {wanted}.", "Mend or remove the line.")

    def text(self, key: str) -> str:
        """A string that is not empty."""
        value = self.data.get(key)
        return value if isinstance(value, str) and value else self.refuse(key, "a text")

    def whole(self, key: str, least: int = 0, most: int = 10**9) -> int:
        """A whole number from `least` to `most`."""
        value = self.data.get(key)
        fits = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
        return int(value) if fits else self.refuse(key, f"a whole number from {least} to {most}")  # type: ignore[arg-type]

    def number(self, key: str) -> float:
        """A finite number."""
        value = finite(self.data.get(key))
        return self.refuse(key, "a finite number") if value is None else value

    def numbers(self, key: str, shape: tuple[int | None, ...]) -> Any:
        """Nested lists of finite numbers of this shape, `None` standing for any length from 1."""
        value = self.data.get(key)
        sizes = " by ".join("some" if size is None else str(size) for size in shape)
        return value if _has_shape(value, shape) else self.refuse(key, f"a list of finite numbers, {sizes}")

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings, at least one, none empty."""
        value = self.data.get(key)
        fits = isinstance(value, list) and value and all(isinstance(entry, str) and entry for entry in value)
        return tuple(value) if fits else self.refuse(key, "a list of texts")  # type: ignore[arg-type]

    def rows(self, key: str) -> list[Row]:
        """A list of objects."""
        value = self.data.get(key)
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            self.refuse(key, "a list of objects")
        return [Row(f"{self.where}, in {key!r},", entry) for entry in value]

    def row(self, key: str) -> Row:
        """An object."""
        value = self.data.get(key)
        return Row(f"{self.where}, in {key!r},", value) if isinstance(value, dict) else self.refuse(key, "an object")


def read_rows(path: Path) -> Iterator[Row]:
    """Stream the objects of a JSON-lines file; blank lines are skipped.

    Raises `InputError` with the file's name and the line's number for what is not an object of UTF-8 JSON, for NaN
    and infinities, for a line over 16 MB, and for an archive that is damaged or breaks off.
    """
    number = 0
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else open(path, "rb") as lines:
            while line := lines.readline(LONGEST + 1):
                number += 1
                if line.strip():
                    yield _parse(line, f"Line {number} of {path.name}")
    except (EOFError, OSError, zlib.error) as error:
        raise InputError(
            f"{path.name} cannot be read beyond line {number}: {error}.",
            "The file is damaged, or its end is missing.",
            "Fetch it again, or leave it out.",
        ) from None


def _parse(line: bytes, where: str) -> Row:
    if len(line) > LONGEST:
        raise InputError(f"{where} is longer than {LONGEST >> 20} MB.", do="Give one record per line.")
    try:
        data = json.loads(line.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where} is not JSON: {error}.", f"It starts {_brief(line)}.", "Mend the line.") from None
    if not isinstance(data, dict):
        raise InputError(f"{where} is {_brief(data)}.", "Every line holds one JSON object.", "Mend the line.")
    return Row(where, data)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number of JSON")


def finite(value: Any) -> float | None:
    """The number as a float, or `None` for what is not a finite number (of at most 1e100)."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -LARGEST <= value <= LARGEST:
        return None
    return float(value)


def _has_shape(value: Any, shape: tuple[int | None, ...]) -> bool:
    if not shape:
        return finite(value) is not None
    fits = isinstance(value, list) and (len(value) == shape[0] if shape[0] is not None else len(value) > 0)
    return fits and all(_has_shape(entry, shape[1:]) for entry in value)


def _brief(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
