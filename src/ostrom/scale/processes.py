"""Processes on this machine, each with one thread."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Annotated, Any

from ..core.record import Interval
from ._executor import Executor, Lost, Result, Task, lost
from ._job import done, environment, one_thread, opened, packed

TRIES = 3
"""How often a task is given to a worker before it is given up."""


class Processes(Executor):
    """Processes on this machine, each with one thread: a worker that dies is replaced, and its task begun again.

    Workers are started afresh and share nothing with this process; they end with it, even when it is killed.

    Parameters
    ----------
    workers : how many; more than there are cores gains nothing.
    """

    workers: Annotated[int, Interval(ge=1)] = 2  # type: ignore[misc]  # a parameter here

    def run(self, function: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[tuple[int, Result]]:
        """As they end. The tasks that are worked on are lost when the caller stops asking."""
        waiting, tries = deque((number, packed(function, task)) for number, task in enumerate(tasks)), Counter[int]()
        crew: dict[Any, _Worker] = {}
        given_up, done_before = {}, False
        try:
            while waiting or crew:
                while waiting and len(crew) < self.workers:
                    worker = _Worker()
                    crew[worker.pipe] = worker
                    worker.give(*waiting.popleft())
                for pipe in wait(list(crew)):
                    worker = crew[pipe]
                    number, job = worker.holds
                    try:
                        outcome = pipe.recv_bytes()  # type: ignore[union-attr]
                    except (EOFError, OSError):
                        how = crew.pop(pipe).end()
                        tries[number] += 1
                        if tries[number] < TRIES:
                            waiting.appendleft((number, job))
                            continue
                        given_up[number] = lost(number, tasks[number], TRIES, how)
                        if not done_before:
                            raise given_up[number] from None
                        continue
                    if waiting:
                        worker.give(*waiting.popleft())
                    else:
                        crew.pop(pipe).end()
                    done_before = True
                    yield number, opened(outcome)
            if given_up:
                raise Lost(given_up)
        finally:
            for worker in crew.values():
                worker.end()


class _Worker:
    """A process of ours, and the task it holds."""

    def __init__(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        self.pipe, theirs = spawn.Pipe()
        self.holds: tuple[int, bytes] = (-1, b"")
        self.process = spawn.Process(target=_work, args=(theirs,), daemon=True)
        with environment(one_thread()):
            self.process.start()
        theirs.close()  # so that the pipe ends with the worker

    def give(self, number: int, job: bytes) -> None:
        """Send a task; one that is dead already is noticed when its answer is read."""
        self.holds = number, job
        with suppress(OSError):
            self.pipe.send_bytes(job)

    def end(self) -> str:
        """End the process, whatever it does; how it ended."""
        self.pipe.close()
        if self.process.is_alive():
            self.process.kill()
        self.process.join()
        code = self.process.exitcode or 0
        return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _work(pipe: Connection) -> None:
    """Do what comes, until nothing more does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who interrupts the whole is answered by the process that started us
    threading.Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            job = pipe.recv_bytes()
        except EOFError:
            return
        pipe.send_bytes(done(job))


def _end_with_parent() -> None:
    """A worker of a process that was killed would go on writing while the next one has begun."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
