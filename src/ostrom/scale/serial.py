"""One task after the other, in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ._executor import Executor, Result, Task


class Serial(Executor):
    """One task after the other, in this process: nothing is started, sent or copied."""

    def run(self, function: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[tuple[int, Result]]:
        """In the order of the tasks."""
        for number, task in enumerate(tasks):
            yield number, function(task)
