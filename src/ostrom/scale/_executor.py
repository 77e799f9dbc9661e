"""The seam between work and where it is done."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from ..core.errors import InputError
from ..core.record import Record

Task = TypeVar("Task")
Result = TypeVar("Result")


class Executor(Record, ABC):
    """Runs a function over tasks. Which executor it is changes how long that takes, and nothing that comes of it.

    Class attributes
    ----------------
    workers : how many tasks are worked on at once (of some executors a parameter).
    """

    workers: ClassVar[int] = 1

    @abstractmethod
    def run(self, function: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[tuple[int, Result]]:
        """`(number of the task, result)` for each task once, in the order in which they end.

        A task may be begun again when its worker was lost: what the function writes down, it writes so that this does
        no harm. Where there are workers, function, tasks and results are pickled, and the function can be imported.

        What the function raises ends the run, and is raised here. Raises `InputError` for what cannot be sent; and
        `Lost`, when all others are done, for tasks whose workers are lost again and again (at once, as a plain
        `InputError`, where no task has been done at all: then no other would be either).
        """


class Lost(InputError):
    """Tasks that no worker survived; `errors` says what became of each, by its number."""

    def __init__(self, errors: Mapping[int, InputError]) -> None:
        first = errors[min(errors)]
        super().__init__(first.what, first.why, first.do)
        self.errors = dict(errors)


def lost(number: int, task: Any, times: int, how: str) -> InputError:
    """The error for a task that no worker survives."""
    return InputError(
        f"Task {number} ({task!r:.120}) lost its worker {times} times: {how}.",
        "Mostly memory runs out, or a script starts workers without asking first whether it is the main one.",
        "Use fewer workers; in a script, start the work under: if __name__ == '__main__':",
    )
