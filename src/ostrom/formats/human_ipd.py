"""Decisions of people in repeated prisoner's dilemmas, in the columns of Nay and Vorobeychik (2016), as arrays.

One decision a row, a match in consecutive rows from period 1. Read are `group` (which experiment and treatment),
`period`, `my.decision` (coop or defect), `my.decision1` and `other.decision1` (1 or 0 in the round before, empty in the
first), `r`, `s`, `t`, `p` (payoffs) and `delta` (odds of another round). Source: github.com/JohnNay/datafsm.
"""

from __future__ import annotations

import csv
import gzip
import io
import math
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ostrom.core.errors import InputError

from ._text import TEXT_LIMIT, bad, decode, listed, load

CORNERS = ("r", "s", "t", "p")
NEEDED = ("group", "period", "my.decision", "my.decision1", "other.decision1", *CORNERS, "delta")
DECISIONS = {"coop": True, "defect": False}

Columns = dict[str, np.ndarray]


def load_human_ipd(path: str | Path) -> Columns:
    """The decisions in a file of comma-separated values, plain or gzipped, as `read_human_ipd` gives them."""
    path = Path(path)
    if path.suffix != ".gz" or not path.is_file():
        return read_human_ipd(load(path), str(path))
    try:
        with gzip.open(path, "rb") as stream:
            raw = stream.read(TEXT_LIMIT + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{str(path)!r} cannot be unpacked: {error}.", do="Give a whole gzip file.") from None
    return read_human_ipd(decode(raw, str(path)), str(path))


def read_human_ipd(text: str, where: str = "this text") -> Columns:
    """N decisions as arrays, in the words of `ostrom.diagnosis.behaviour.Choices`.

    Returns
    -------
    `game` (the group) and `match` (a number) of each, `cooperated bool[N]`, `own` and `other float[N]` (NaN in a first
    round), `payoffs float[N, 4]` as R, S, T, P, `continues float[N]`.

    Raises `InputError` naming `where` and the line: columns that are missing, cells that are no numbers or neither
    decision, periods that do not follow one another, a first round with a round before it.
    """
    rows = list(csv.reader(io.StringIO(text, newline="")))
    header = rows[0] if rows else []
    missing = [name for name in NEEDED if name not in header]
    if missing or len(rows) < 2:
        raise bad(
            where, 1, f"there are columns {listed(header) or 'without names'} and {max(0, len(rows) - 1)} decisions.",
            f"Missing: {listed(missing) or 'decisions'}.", f"Give one decision a row under {listed(NEEDED)}.",
        )  # fmt: skip
    for line, row in enumerate(rows[1:], 2):
        if len(row) != len(header):
            raise bad(where, line, f"{len(row)} cells under {len(header)} columns.", "", "Mend or remove the row.")
    column = {name: [row[header.index(name)].strip() for row in rows[1:]] for name in NEEDED}
    cooperated = np.array([_decision(cell, where, line) for line, cell in enumerate(column["my.decision"], 2)])
    before = {name: _numbers(column[name], where, name, (0.0, 1.0)) for name in ("my.decision1", "other.decision1")}
    first = _first_rounds(_numbers(column["period"], where, "period"), np.isnan(np.stack([*before.values()])), where)
    return {
        "game": np.array([cell.removesuffix(".0") for cell in column["group"]]),
        "cooperated": cooperated,
        "own": before["my.decision1"],
        "other": before["other.decision1"],
        "payoffs": np.stack([_numbers(column[name], where, name) for name in CORNERS], -1),
        "continues": _numbers(column["delta"], where, "delta"),
        "match": np.cumsum(first),
    }


def _decision(cell: str, where: str, line: int) -> bool:
    if cell not in DECISIONS:
        raise bad(where, line, f"the decision is {cell[:40]!r}.", "", f"Write {listed(list(DECISIONS))}.")
    return DECISIONS[cell]


def _numbers(cells: Sequence[str], where: str, name: str, only: tuple[float, ...] = ()) -> np.ndarray:
    """A column of finite numbers, or of those in `only` and NaN where a cell is empty."""
    found = np.empty(len(cells))
    for place, cell in enumerate(cells):
        try:
            found[place] = math.nan if only and not cell else float(cell)
        except ValueError:
            found[place] = math.inf
        empty = bool(only) and not cell
        if not empty and not (found[place] in only if only else math.isfinite(found[place])):
            wanted = f"{' or '.join(f'{value:g}' for value in only)}, or nothing" if only else "a finite number"
            raise bad(where, place + 2, f"{name} is {cell[:40]!r}.", f"It has to be {wanted}.", "Correct this entry.")
    return found


def _first_rounds(period: np.ndarray, unknown: np.ndarray, where: str) -> np.ndarray:
    """Where a match begins, `bool[N]`; refuses periods that skip, and rounds before where there was none."""
    first = period == 1
    follows = np.r_[False, period[1:] == period[:-1] + 1]
    wrong = ~(first | follows) | (unknown != first).any(0)
    if wrong.any():
        place = int(np.argmax(wrong))
        after = f"{period[place - 1]:g}" if place else "nothing"
        known = 2 - int(unknown[:, place].sum())
        raise bad(
            where,
            place + 2,
            f"period {period[place]:g} stands after {after}, with {known} of two moves of the round before.",
            "Matches stand in consecutive rows from period 1, which alone has no round before.",
            "Sort or mend the rows.",
        )
    return first
