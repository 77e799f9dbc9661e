"""`sweep`: trainings in every world, under every rule, with every learner; many tasks, one table."""

from __future__ import annotations

import hashlib
import json
import math
import re
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import jax

from .. import __version__
from ..core.errors import InputError, OstromError
from ..scale._executor import Executor, Lost
from ..scale.serial import Serial
from . import _keep
from ._bounds import refuse_counts
from ._sweep_table import Row, Sweep, require_arrow, rows_of
from ._sweep_things import NONE, Things, fitting_of, made, texts_of
from ._train import Progress, train

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
    """How far a sweep is: tasks done and in all, about how many seconds are left, what was left out, and how many tasks
    went wrong so far (they count as done)."""

    done: int
    tasks: int
    left: float
    left_out: tuple[str, ...]
    failed: int = 0


class Failed(NamedTuple):
    """What went wrong in a task."""

    said: str


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

    A task that goes wrong does not keep the others from being done: it is told in `failed`, and tried again by the same
    sweep. Raises `InputError` for names that nobody knows, for a world, rule or learner that fits nowhere (what fits
    somewhere is left out where it does not), and where all tasks go wrong. Raises `MissingExtra` without pyarrow.
    """
    require_arrow()
    executor = Serial() if executor is None else executor
    folder = Path(to).absolute()
    refuse_counts("sweep", seeds=seeds, chunk=chunk, **({} if copies is None else {"copies": copies}))
    if steps < 1:
        raise InputError(f"sweep(steps={steps}) has nothing to do.", do="Give 1 or more.")
    names = [texts_of(things, kind) for things, kind in ((worlds, "world"), (under, "rule"), (learners, "learner"))]
    fitting, left_out = fitting_of(*names)
    chunks = [(first, min(chunk, seed + seeds - first)) for first in range(seed, seed + seeds, chunk)]
    tasks = [
        _task(folder, chosen, tuple(names[k][name] for k, name in enumerate(chosen)), *part, steps, copies)
        for chosen in fitting
        for part in chunks
    ]
    found = {task: rows for task in tasks if (rows := _read(task)) is not None}
    todo = [task for task in tasks if task not in found]
    tell, failed = _Teller(told, len(tasks), left_out, executor), dict[Task, str]()
    first = {} if told is None else dict(_outcomes(executor, begun, todo[:1]))
    failed |= {task: what.said for task, what in first.items() if isinstance(what, Failed)}
    took = {task: what for task, what in first.items() if not isinstance(what, Failed)}
    tell(len(found), took, len(failed))
    for task, what in _outcomes(executor, learned, [task for task in todo if task not in failed]):
        if isinstance(what, Failed):
            failed[task] = what.said
        else:
            found[task], seconds = what
            _write(task, found[task])
            took.setdefault(task, seconds)
        tell(len(found), took, len(failed))
    told_of = tuple(f"{_named(task)}: {failed[task]}" for task in tasks if task in failed)
    if told_of and not found:
        raise InputError(
            f"No task of the sweep could be done. {told_of[0]}", "", "Mend that, or leave out what does not work."
        )
    swept = Sweep(tuple(row for task in tasks for row in found.get(task, ())), left_out, told_of)
    folder.mkdir(parents=True, exist_ok=True)
    _keep.write(folder / TABLE, swept.parquet())
    return swept


def learned(task: Task) -> tuple[list[Row], float] | Failed:
    """Do a task, or the rest of it: its rows, and the seconds that took."""
    began = time.perf_counter()
    try:
        rows = list(rows_of(task.names, _train(task)))
    except Exception as error:  # whatever goes wrong in one task, in somebody else's world too, the others are done
        return Failed(_said(error))
    return rows, time.perf_counter() - began


class _Enough(Exception):
    """The pace is known."""


def begun(task: Task) -> float | Failed:
    """About how many seconds a task takes, after its first lessons; these are kept."""
    began, left = time.perf_counter(), 0.0

    def look(at: Progress) -> None:
        nonlocal left
        left = at.left
        raise _Enough

    try:
        _train(task, look)
    except _Enough:
        pass
    except Exception as error:
        return Failed(_said(error))
    return time.perf_counter() - began + left


def _said(error: Exception) -> str:
    """What went wrong, in a sentence or two; of an error in somebody's code, where."""
    if isinstance(error, OstromError):
        return f"{error.what} {error.why}".strip()
    place = traceback.extract_tb(error.__traceback__)[-1]
    said = " ".join(str(error).split())[:300]
    return f"{type(error).__name__}: {said} (in {place.filename}, line {place.lineno})."


def _outcomes(executor: Executor, function: Callable[[Task], Any], tasks: Sequence[Task]) -> Iterator[tuple[Task, Any]]:
    """Each task with what came of it, as they end; `Failed` for one that no worker survived."""
    try:
        for number, outcome in executor.run(function, tasks):
            yield tasks[number], outcome
    except Lost as lost:
        for number, error in lost.errors.items():
            yield tasks[number], Failed(f"{error.what} {error.why}")


def _named(task: Task) -> str:
    """A task in words."""
    world, rule, learner = task.names
    last = task.seed + task.seeds - 1
    seeds = f"seed {task.seed}" if last == task.seed else f"seeds {task.seed} to {last}"
    return f"{world} under {rule} with {learner}, {seeds}"


def _train(task: Task, told: Callable[[Progress], None] | None = None) -> Any:
    world, learner = made(*task.texts)
    return train(
        world, learner, task.steps, seed=task.seed, seeds=task.seeds, copies=task.copies, to=task.folder, told=told
    )


class _Teller(NamedTuple):
    """Says how far it is: what is left takes as long as what was measured."""

    told: Callable[[Stage], None] | None
    tasks: int
    left_out: tuple[str, ...]
    executor: Executor

    def __call__(self, done: int, took: Mapping[Task, float], failed: int) -> None:
        if self.told is not None:
            rounds = math.ceil((self.tasks - done - failed) / self.executor.workers)
            each = sum(took.values()) / len(took) if took else 0.0
            self.told(Stage(done + failed, self.tasks, rounds * each, self.left_out, failed))


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
