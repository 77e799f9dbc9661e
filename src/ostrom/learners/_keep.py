"""A training on disk: a header, a line of metrics for every lesson, and the state to go on from, replaced whole.

The state is written before it is pointed at, and lines beyond it are cut off when a training goes on, so that whatever
moment it was stopped at, the files end up as if it had not been.
"""

from __future__ import annotations

import io
import json
import math
import os
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jax
import numpy as np

from ..core.errors import InputError

STATE, METRICS, HEADER = "state.npz", "metrics.jsonl", "run.json"
AGAIN = "Train again into a new folder, or get the folder once more from whoever made it."
LENGTH, HIDDEN = "lessons", ("digest", "minds")
STEPS, LAST = (LENGTH, "length", "copies"), (LENGTH, *HIDDEN)
"""Whose product are the steps; and what follows from the rest, and is compared last."""
LARGEST = 2**26
"""Bytes of a header beyond which it is none."""


def write(path: Path, data: bytes) -> None:
    """A file that is there whole or not at all."""
    beside = path.with_name(path.name + ".part")
    with open(beside, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def save_state(folder: Path, state: Any, lessons: int, lines: int) -> None:
    """The state after `lessons` lessons, with `lines` bytes of metrics written before it."""
    leaves = {_leaf(number): np.asarray(leaf) for number, leaf in enumerate(jax.tree.leaves(state))}
    held = io.BytesIO()
    np.savez(held, **leaves, lessons=np.int64(lessons), lines=np.int64(lines))  # type: ignore[arg-type]
    write(folder / STATE, held.getvalue())


def load_state(folder: Path, like: Any) -> tuple[Any, int, int] | None:
    """`(state, lessons, bytes of metrics)` as last saved, in the structure of `like`; None when nothing was.

    What the file says of itself is compared with `like` before anything is read, and it is read as numbers only.
    """
    if not _there(folder / STATE):
        return None
    leaves, structure = jax.tree.flatten(like)
    try:
        with zipfile.ZipFile(folder / STATE) as kept:
            read = [_read(kept, _leaf(number), leaf) for number, leaf in enumerate(leaves)]
            lessons, lines = (int(_read(kept, name, np.int64(0))) for name in ("lessons", "lines"))
            if lessons < 0 or lines < 0:
                raise ValueError(f"it tells of {lessons} lessons and {lines} bytes")
    except InputError:
        raise
    except (OSError, EOFError, KeyError, ValueError, NotImplementedError, zipfile.BadZipFile) as error:
        raise InputError(
            f"{folder / STATE} cannot be read: {_told(error)}.",
            "The state of a training is a file of arrays, written whole.",
            AGAIN,
        ) from None
    return jax.tree.unflatten(structure, read), lessons, lines


def _leaf(number: int) -> str:
    return f"leaf{number:05d}"


def _read(kept: zipfile.ZipFile, name: str, like: Any) -> np.ndarray:
    """One array of the shape and type of `like`; `ValueError` for another."""
    with kept.open(f"{name}.npy") as file:
        if np.lib.format.read_magic(file) != (1, 0):
            raise ValueError(f"{name} is no array of this format")
        shape, fortran, kind = np.lib.format.read_array_header_1_0(file)
        if (shape, kind) != (like.shape, like.dtype) or (fortran and len(shape) > 1):
            raise InputError(
                f"{kept.filename} is of another training: an array is {kind}{list(shape)} and not "
                f"{like.dtype}{list(like.shape)}.",
                "A training goes on with the world, players and seeds it began with.",
                "Give the folder of this training, or a new one.",
            )
        size = math.prod(shape) * kind.itemsize
        data = file.read(size + 1)
    if len(data) != size:
        raise ValueError(f"{name} holds {len(data)} bytes instead of {size}")
    return np.frombuffer(data, kind).reshape(shape).copy()


def cut_lines(folder: Path, size: int) -> None:
    """Metrics as they were when the state was saved."""
    _there(folder / METRICS)
    with open(folder / METRICS, "ab") as file:
        if file.tell() < size:
            raise _short(folder, size)
        file.truncate(size)


def read_lines(folder: Path, size: int | None = None) -> list[dict[str, Any]]:
    """The metrics in the first `size` bytes, a line for each lesson and seed. Raises `InputError` for anything else."""
    path = folder / METRICS
    data = path.read_bytes()[:size] if _there(path) else b""
    if size is not None and len(data) < size:
        raise _short(folder, size)
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(data.splitlines(), 1):
        try:
            row = json.loads(line)
            _look(row, rows[0] if rows else row)
        except (ValueError, RecursionError) as error:
            raise InputError(f"{path}, line {number} is not what was written: {_told(error)}.", "", AGAIN) from None
        rows.append(row)
    return rows


def refuse_others(folder: Path, rows: Sequence[Mapping[str, Any]], lessons: int, seeds: int) -> None:
    """Raise `InputError` where metrics are not those of the lessons of the state, one line for each seed."""
    told = [(row["lesson"], row["seed"]) for row in rows]
    if len(told) != lessons * seeds or told != [(k, s) for k in range(lessons) for s in range(seeds)]:
        raise InputError(f"{folder / METRICS} does not tell of the {lessons} lessons of {folder / STATE}.", "", AGAIN)


def _told(error: Exception) -> str:
    """What an error says, without the dot at its end."""
    return str(error).rstrip(" .")


def _there(path: Path) -> bool:
    """Whether there is such a file. Raises `InputError` for what is no file, like a pipe that would never end."""
    if path.exists() and not path.is_file():
        raise InputError(f"{path} is no file.", "A training is kept in plain files.", AGAIN)
    return path.exists()


def _look(row: Any, first: Any) -> None:
    """Refuse (`ValueError`) what is no line of metrics, or tells of other things than the first line."""
    if not isinstance(row, dict) or not {"lesson", "steps", "seed"} < set(row) or set(row) != set(first):
        raise ValueError("it does not tell of a lesson")
    for name, value in row.items():
        flat = _flat(value)
        if not all(one is None or type(one) in (int, float) for one in flat) or len(flat) != len(_flat(first[name])):
            raise ValueError(f"{name} is {value!r:.60}")


def _flat(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _short(folder: Path, size: int) -> InputError:
    return InputError(
        f"{folder / METRICS} is shorter than the {size} bytes it had.",
        "Some of what was told of the training is lost.",
        AGAIN,
    )


def add_lines(folder: Path, lines: Sequence[Mapping[str, Any]]) -> int:
    """Append metrics; how many bytes there are now."""
    with open(folder / METRICS, "ab") as file:
        file.write("".join(json.dumps(line, allow_nan=False) + "\n" for line in lines).encode())
        file.flush()
        os.fsync(file.fileno())
        return file.tell()


def agree(folder: Path, header: Mapping[str, Any]) -> None:
    """Write what is trained, or refuse a folder in which something else was."""
    path = folder / HEADER
    if not path.exists():
        if folder.is_dir() and any(other.suffix != ".part" for other in folder.iterdir()):
            raise InputError(
                f"{folder} holds other files, and no {HEADER}.",
                "A training has a folder of its own.",
                "Give a new folder.",
            )
        lines = ",\n".join(f" {json.dumps(name)}: {json.dumps(value)}" for name, value in header.items())
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write(path, f"{{\n{lines}\n}}\n".encode())
        except (OSError, ValueError) as error:
            raise InputError(
                f"Nothing can be kept in {str(folder)!r}: {getattr(error, 'strerror', error)}.",
                "",
                "Give the name of a new folder.",
            ) from None
        return
    known, now = read_header(folder), json.loads(json.dumps(header))
    differing = [name for name in sorted(now, key=LAST.__contains__) if known.get(name) != now[name]]
    if not differing:
        return
    name = differing[0]
    told = f"{name} was {_shown(known.get(name))} and is {_shown(now[name])} now"
    if name in HIDDEN:
        told = "it was begun with other numbers in the world, its rules or the players than text shows"
    if name == LENGTH and all(type(known.get(one)) is int for one in STEPS):
        before, after = (math.prod(header[one] for one in STEPS) for header in (known, now))
        raise InputError(
            f"{folder} holds a training of {before:,} steps, and {after:,} were asked for (in whole lessons).",
            "What is learned may go by how much of a training is left, so that a longer one is another from its start.",
            f"Give --steps {before} (steps={before}), or a new folder.",
        )
    raise InputError(
        f"{folder} holds another training: {told}.",
        "A training goes on with the world, players and seeds it began with.",
        "Give the folder of this training, or a new one.",
    )


def _shown(value: Any) -> str:
    """A value of a header in a sentence: names of rules and players as they are written."""
    texts = [
        one[0] if isinstance(one, list) and one else one for one in (value if isinstance(value, list) else [value])
    ]
    return (", ".join(map(str, texts)) or "none")[:200]


def read_header(folder: Path) -> dict[str, Any]:
    """What a folder says was trained in it. Raises `InputError` where it says nothing."""
    path = folder / HEADER
    try:
        _there(path)
        if path.stat().st_size > LARGEST:
            raise ValueError(f"it is larger than {LARGEST // 2**20} MiB")
        known = json.loads(path.read_bytes())
        if not isinstance(known, dict):
            raise ValueError(f"it holds a {type(known).__name__}")
    except FileNotFoundError:
        raise InputError(
            f"{folder} is not the folder of a training: there is no {HEADER} in it.",
            "",
            "Make one with: ostrom train … -o folder",
        ) from None
    except InputError:
        raise
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path} cannot be read: {_told(error)}.", "It says what was trained.", AGAIN) from None
    return known
