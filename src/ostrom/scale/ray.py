"""A Ray cluster: of this machine, or of many."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated

from ..core.errors import MissingExtra
from ..core.record import Interval
from ._executor import Executor, Lost, Result, Task, lost
from ._job import done_there, environment, one_thread, opened, packed

RETRIES = 2
"""How often Ray begins a task again whose worker was lost."""
QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0"}
"""Nothing is reported to anybody, and workers are started as we were: with the same Python and packages."""


class Ray(Executor):
    """A Ray cluster, of this machine or of many, one thread a task. Needs Ray: `pip install 'ostrom[ray]'`.

    A cluster that this program is connected to already is used as it is. Otherwise one is started (or the one at
    `address` is joined) for as long as the tasks take.

    Parameters
    ----------
    workers : how many tasks are worked on at once.
    address : of a cluster, as `ray.init` takes it; "local" is a new one on this machine.
    """

    workers: Annotated[int, Interval(ge=1)] = 2  # type: ignore[misc]  # a parameter here
    address: str = "local"

    def run(self, function: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[tuple[int, Result]]:
        """As they end. Raises `MissingExtra` where Ray is not installed."""
        with environment(QUIET):
            try:
                import ray
                import ray.exceptions
            except ModuleNotFoundError:
                raise MissingExtra("ray", "ray") from None
        jobs = [packed(function, task) for task in tasks]
        if not jobs:
            return
        ours, path = not ray.is_initialized(), tuple(sys.path)
        if ours:
            own = {"num_cpus": self.workers, "include_dashboard": False} if self.address == "local" else {}
            with environment(one_thread() | QUIET):
                ray.init(address=self.address, log_to_driver=False, logging_level=logging.ERROR, **own)
        try:
            remote = ray.remote(num_cpus=1, max_retries=RETRIES)(done_there)
            waiting, running = list(enumerate(jobs))[::-1], {}
            given_up, done_before = {}, False
            while waiting or running:
                while waiting and len(running) < self.workers:
                    number, job = waiting.pop()
                    running[remote.remote(job, path)] = number
                (ended, *_), _ = ray.wait(list(running))
                number = running.pop(ended)
                try:
                    outcome = ray.get(ended)
                except ray.exceptions.RayError as error:
                    given_up[number] = lost(number, tasks[number], 1 + RETRIES, type(error).__name__)
                    if not done_before:
                        raise given_up[number] from None
                    continue
                done_before = True
                yield number, opened(outcome)
            if given_up:
                raise Lost(given_up)
        finally:
            if ours:
                ray.shutdown()
