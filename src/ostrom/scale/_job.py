"""A task on its way to a worker and its result on the way back, as bytes; and how many threads a worker may use."""

from __future__ import annotations

import os
import pickle
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ..core.errors import InputError, OstromError

ONE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "PJRT_NPROC", "NPROC"), "1")
"""Libraries of linear algebra, and XLA's pool of threads."""
ALONE = "--xla_cpu_multi_thread_eigen=false"
"""XLA's products of matrices."""


def one_thread() -> dict[str, str]:
    """Variables under which a process computes with one thread, and takes memory of a GPU only as it needs it."""
    flags = os.environ.get("XLA_FLAGS", "")
    return {
        **ONE,
        "XLA_FLAGS": flags if ALONE in flags else f"{flags} {ALONE}".strip(),
        "XLA_PYTHON_CLIENT_PREALLOCATE": os.environ.get("XLA_PYTHON_CLIENT_PREALLOCATE", "false"),
    }


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Processes that are started in here have these variables."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def packed(function: Callable[[Any], Any], task: Any) -> bytes:
    """What a worker is sent. Raises `InputError` for what cannot be."""
    try:
        return pickle.dumps((function, task))
    except Exception as error:
        raise InputError(
            f"{function!r:.80} with {task!r:.80} cannot be sent to a worker: {type(error).__name__}: {error!s:.200}.",
            "Functions are sent by name, and tasks as pickles.",
            "Define the function at the top of a module, and give it what it needs in its task.",
        ) from None


def done(job: bytes) -> bytes:
    """Do a packed task. Whatever happens is packed again."""
    try:
        function, task = pickle.loads(job)
        return pickle.dumps((True, function(task)))
    except Exception as error:
        error.add_note(f"In a worker:\n{''.join(traceback.format_exception(error))}")
        return _sendable(error)


def done_there(job: bytes, path: tuple[str, ...]) -> bytes:
    """The same in a process that was not started by us: one thread, and modules from where we have them."""
    os.environ.update(one_thread())
    sys.path.extend(place for place in path if place not in sys.path)
    return done(job)


def opened(outcome: bytes) -> Any:
    """The result that `done` packed, or its error raised."""
    fine, what = pickle.loads(outcome)
    if fine:
        return what
    raise what


def _sendable(error: Exception) -> bytes:
    """The error itself if it survives the journey, else one that says the same."""
    try:
        sent = pickle.dumps((False, error))
        pickle.loads(sent)
        return sent
    except Exception:
        said = (error.what, error.why, error.do) if isinstance(error, OstromError) else ()
        plain = InputError(*said) if said else RuntimeError(f"{type(error).__name__}: {error}")
        plain.__notes__ = list(getattr(error, "__notes__", ()))
        return pickle.dumps((False, plain))
