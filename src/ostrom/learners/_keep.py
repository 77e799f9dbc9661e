"""A training on disk: a header, a line of metrics for every lesson, and the state to go on from, replaced whole.

The state is written before it is pointed at, and lines beyond it are cut off when a training goes on, so that whatever
moment it was stopped at, the files end up as if it had not been.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jax
import numpy as np

from ..core.errors import InputError

STATE, METRICS, HEADER = "state.npz", "metrics.jsonl", "run.json"


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
    leaves = {f"leaf{number:05d}": np.asarray(leaf) for number, leaf in enumerate(jax.tree.leaves(state))}
    import io

    held = io.BytesIO()
    np.savez(held, lessons=np.int64(lessons), lines=np.int64(lines), **leaves)
    write(folder / STATE, held.getvalue())


def load_state(folder: Path, like: Any) -> tuple[Any, int, int] | None:
    """`(state, lessons, bytes of metrics)` as last saved, in the structure of `like`; None when nothing was."""
    if not (folder / STATE).exists():
        return None
    try:
        with np.load(folder / STATE, allow_pickle=False) as kept:
            leaves, structure = jax.tree.flatten(like)
            read = [kept[f"leaf{number:05d}"] for number in range(len(leaves))]
            lessons, lines = int(kept["lessons"]), int(kept["lines"])
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise InputError(
            f"{folder / STATE} cannot be read: {error}.",
            "The state of a training is a file of arrays, written whole.",
            "Delete the folder and train again, or give another folder.",
        ) from None
    if any(a.shape != b.shape or a.dtype != b.dtype for a, b in zip(read, leaves, strict=True)):
        raise InputError(
            f"{folder / STATE} is of another training: its arrays have other shapes.",
            "A training goes on with the world, players and seeds it began with.",
            "Give the folder of this training, or a new one.",
        )
    return jax.tree.unflatten(structure, read), lessons, lines


def cut_lines(folder: Path, size: int) -> None:
    """Metrics as they were when the state was saved."""
    with open(folder / METRICS, "ab") as file:
        file.truncate(size)


def add_lines(folder: Path, lines: list[Mapping[str, Any]]) -> int:
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
        folder.mkdir(parents=True, exist_ok=True)
        write(path, (json.dumps(header, indent=1) + "\n").encode())
        return
    try:
        known = json.loads(path.read_bytes())
    except ValueError:
        known = {}
    known = known if isinstance(known, dict) else {}
    for name, value in header.items():
        if known.get(name) != json.loads(json.dumps(value)):
            raise InputError(
                f"{folder} holds another training: {name} was {known.get(name)!r} and is {value!r} now.",
                "A training goes on with the world, players and seeds it began with.",
                "Give the folder of this training, or a new one.",
            )
