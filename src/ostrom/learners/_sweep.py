"""`sweep`: trainings in every world, under every rule, with every learner; many tasks, one table."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from .. import __version__
from ..core import catalogue
from ..core.errors import InputError, OstromError
from ..core.institution import Institution
from ..core.world import World
from ..scale._executor import Executor
from ..scale.serial import Serial
from . import _keep
from ._bounds import refuse_counts
from ._fits import refuse_misfits
from ._header import parts_of, player_of
from ._sweep_table import Row, Sweep, require_arrow, rows_of
from ._train import Progress, train
from ._written import made_of, written

Things = Any
"""Names (`"lake:players=3"`) or objects, in a list, or by what the table shall call them: `{"the lake": Lake()}`."""
NONE, AND = "none", " + "
"""No rule at all, and what stands between rules that are laid round a world together, the innermost first."""
TABLE, TASKS = "table.parquet", "tasks"


class Task(NamedTuple):
    """One training, in words: names as the table shows them, the same as text that makes the things, and numbers.

    `folder` is where it is kept: its name says all of this and the versions of ostrom and JAX, by a fingerprint.
    """

    names: tuple[str, str, str]
    texts: tuple[str, str, str]
    seed: int
    seeds: int
    steps: int
    copies: int | None
    folder: str


class Stage(NamedTuple):
    """How far a sweep is: tasks done and in all, about how many seconds are left, and what was left out."""

    done: int
    tasks: int
    left: float
    left_out: tuple[str, ...]


def sweep(
    worlds: Things,
    learners: Things,
    under: Things = (NONE,),
    *,
    steps: int,
    to: str | Path,
    seeds: int = 1,
    seed: int = 0,
    chunk: int = 4,
    copies: int | None = None,
    executor: Executor | None = None,
    told: Callable[[Stage], None] | None = None,
) -> Sweep:
    """Train every learner in every world under every rule, and put what came of it into one table.

    A task is one world, rule and learner with at most `chunk` seeds, which are computed together. The table is the same
    to the last byte for any executor and number of workers, on one machine with one `chunk` and one thread (workers
    have one; in this process, start with `PJRT_NPROC=1`).

    Parameters
    ----------
    worlds, learners : names with parameters, as in the catalogue, or objects; a learner takes all seats.
    under : rules: names or institutions, several in one with " + " between them, or "none".
    steps, copies, seed, seeds : of each training, as for `train`.
    to : a folder: `table.parquet`, and a folder for each task in `tasks`. A sweep that was stopped goes on there,
        inside tasks too; a larger one takes over the tasks that are done.
    executor : who does the tasks (`ostrom.scale`); this process if left out.
    told : is called with a `Stage` before the first task and after each; to know how long it will take, the first
        lessons of one task are measured.

    Raises `InputError` for names that nobody knows, and for a world, rule or learner that fits nowhere; what fits
    somewhere is left out where it does not. Raises `MissingExtra` without pyarrow.
    """
    require_arrow()
    executor = Serial() if executor is None else executor
    folder = Path(to).absolute()
    refuse_counts("sweep", seeds=seeds, chunk=chunk, **({} if copies is None else {"copies": copies}))
    if steps < 1:
        raise InputError(f"sweep(steps={steps}) has nothing to do.", do="Give 1 or more.")
    names = [_texts(things, kind) for things, kind in ((worlds, "world"), (under, "rule"), (learners, "learner"))]
    fitting, left_out = _fitting(*names)
    chunks = [(first, min(chunk, seed + seeds - first)) for first in range(seed, seed + seeds, chunk)]
    tasks = [
        _task(folder, chosen, tuple(names[k][name] for k, name in enumerate(chosen)), *part, steps, copies)
        for chosen in fitting
        for part in chunks
    ]
    found = {task: rows for task in tasks if (rows := _read(task)) is not None}
    todo = [task for task in tasks if task not in found]
    tell = _Teller(told, len(tasks), left_out, executor)
    took = {} if told is None else dict(executor.run(begun, todo[:1]))
    tell(len(found), took)
    for number, (rows, seconds) in executor.run(learned, todo):
        found[todo[number]] = rows
        _write(todo[number], rows)
        took.setdefault(number, seconds)
        tell(len(found), took)
    swept = Sweep(tuple(row for task in tasks for row in found[task]), left_out)
    folder.mkdir(parents=True, exist_ok=True)
    _keep.write(folder / TABLE, swept.parquet())
    return swept


def learned(task: Task) -> tuple[list[Row], float]:
    """Do a task, or the rest of it: its rows, and the seconds that took."""
    began = time.perf_counter()
    rows = list(rows_of(task.names, _train(task)))
    return rows, time.perf_counter() - began


class _Enough(Exception):
    """The pace is known."""


def begun(task: Task) -> float:
    """About how many seconds a task takes, after its first lessons; these are kept."""
    began, left = time.perf_counter(), 0.0

    def look(at: Progress) -> None:
        nonlocal left
        left = at.left
        raise _Enough

    with suppress(_Enough):
        _train(task, look)
    return time.perf_counter() - began + left


def _train(task: Task, told: Callable[[Progress], None] | None = None) -> Any:
    world, learner = _made(*task.texts)
    try:
        return train(
            world, learner, task.steps, seed=task.seed, seeds=task.seeds, copies=task.copies, to=task.folder, told=told
        )
    except InputError as error:
        where, rule, who = task.names
        raise InputError(
            f"{where} under {rule} with {who}: {error.what}",
            error.why,
            f"{error.do} Tasks that are done are kept: the same sweep without this one takes them over.".strip(),
        ) from error


class _Teller(NamedTuple):
    """Says how far it is: what is left takes as long as what was measured."""

    told: Callable[[Stage], None] | None
    tasks: int
    left_out: tuple[str, ...]
    executor: Executor

    def __call__(self, done: int, took: Mapping[int, float]) -> None:
        if self.told is not None:
            rounds = math.ceil((self.tasks - done) / self.executor.workers)
            each = sum(took.values()) / len(took) if took else 0.0
            self.told(Stage(done, self.tasks, rounds * each, self.left_out))


def _texts(things: Things, kind: str) -> dict[str, str]:
    """What the table calls each thing -> the text that makes it."""
    if isinstance(things, str) or not isinstance(things, Iterable):
        things = (things,)
    pairs = things.items() if isinstance(things, Mapping) else ((None, thing) for thing in things)
    found = {}
    for name, thing in pairs:
        text = thing.strip() if isinstance(thing, str) else AND.join(map(_text, _several(thing)))
        found[name or text or NONE] = "" if text == NONE else text
    if not found:
        raise InputError(f"The sweep has no {kind}.", do=f"Name at least one {kind}.")
    return found


def _several(thing: Any) -> Sequence[Any]:
    """Rules that are laid round a world together, or the one thing."""
    return thing if isinstance(thing, tuple | list) else () if thing is None else (thing,)


def _text(thing: Any) -> str:
    if text := written(thing):
        return text
    raise InputError(
        f"{thing!r:.120} has no name that a worker could make it from.",
        "Tasks are written down in words, for other processes and for a sweep that goes on.",
        "Give it as text: the import path of its class, with parameters (their_file.Theirs:rate=0.4).",
    )


def _made(world: str, under: str, learner: str) -> tuple[World, Any]:
    """The world under its rules, and who plays. Raises `InputError` where they cannot be, or not together."""
    base = _one("worlds", world, World)
    found = base.under(*(_one("institutions", text, Institution) for text in under.split(AND) if text))
    own = "." in learner.partition(":")[0]
    return found, catalogue.build("learners", learner) if own else player_of(parts_of(base)[0], learner)


def _one(room: str, text: str, kind: type[Any]) -> Any:
    """A thing by its name; by its import path, where the name is one (which only who starts a sweep can write)."""
    return catalogue.build(room, text, kind) if "." in text.partition(":")[0] else made_of(text, kind)


def _fitting(*names: Mapping[str, str]) -> tuple[list[tuple[str, ...]], tuple[str, ...]]:
    """Worlds, rules and learners that go together, by name, and sentences about those that do not."""
    fitting, refused = [], {}
    for chosen in itertools.product(*names):
        try:
            world, player = _made(*(texts[name] for texts, name in zip(names, chosen, strict=True)))
            refuse_misfits(world, player)
            jax.eval_shape(lambda key, world=world: _one_step(world, key), np.zeros(2, np.uint32))
            fitting.append(chosen)
        except OstromError as error:
            refused[chosen] = error
    for chosen, error in refused.items():
        if not all(any(other[k] == name for other in fitting) for k, name in enumerate(chosen)):
            raise error
    said = [f"{world} under {rule} with {who}: {error.what}" for (world, rule, who), error in refused.items()]
    return fitting, tuple(said)


def _one_step(world: World, key: Any) -> Any:
    """A step whatever the moves: rules that ask for what there is not say so."""
    return world.step(key, world.reset(key), world.ground.unknown_moves((), jnp))


def _task(folder: Path, names: Any, texts: Any, seed: int, seeds: int, steps: int, copies: int | None) -> Task:
    whole = json.dumps([texts, names, seed, seeds, steps, copies, __version__, jax.__version__])
    mark = hashlib.sha256(whole.encode()).hexdigest()[:12]
    short = [re.sub(r"\W+", "_", name.partition(":")[0])[:24] for name in names]
    place = folder / TASKS / "-".join([*short, str(seed), mark])
    return Task(tuple(names), tuple(texts), seed, seeds, steps, copies, str(place))


def _file(task: Task) -> Path:
    """The rows of a task that is done."""
    return Path(f"{task.folder}.json")


def _write(task: Task, rows: Sequence[Row]) -> None:
    _file(task).parent.mkdir(parents=True, exist_ok=True)
    _keep.write(_file(task), json.dumps(rows, allow_nan=False).encode())


def _read(task: Task) -> list[Row] | None:
    """The rows of a task, if it is done."""
    if not _file(task).exists():
        return None
    try:
        rows = [Row(*row) for row in json.loads(_file(task).read_bytes())]
        if not all((row.world, row.under, row.learner) == task.names for row in rows):
            raise ValueError("its rows are of another task")
        return rows
    except (OSError, TypeError, ValueError, RecursionError) as error:
        raise InputError(
            f"{_file(task)} cannot be read: {error!s:.200}.",
            "It holds the rows of a task, written whole.",
            "Remove it: the task is then looked up in the folder beside it.",
        ) from None
