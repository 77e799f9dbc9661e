"""Errors of other people's code that is asked from within compiled code: they come out as they are.

JAX turns whatever is raised in a callback into a `JaxRuntimeError` that quotes a traceback. So an error that is raised
on purpose, and an interruption, are noted as they pass, and raised again outside.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import jax

from ..core.errors import OstromError

_noted: list[BaseException] = []


def noted(asked: Callable[..., Any]) -> Callable[..., Any]:
    """A callback whose errors are noted as they pass."""

    @wraps(asked)
    def ask(*about: Any) -> Any:
        try:
            return asked(*about)
        except (OstromError, KeyboardInterrupt) as error:
            _noted[:] = [error]
            raise

    return ask


@contextmanager
def outspoken() -> Iterator[None]:
    """Raise what a callback raised on purpose within, instead of the `JaxRuntimeError` that quotes it."""
    _noted.clear()
    try:
        yield
    except (jax.errors.JaxRuntimeError, ValueError) as error:  # ValueError where what was computed is only read later
        if _noted and not isinstance(error, OstromError):
            raise _noted.pop() from None
        raise


def _is_unexpected(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, OstromError | KeyboardInterrupt)


logging.getLogger("jax._src.callback").addFilter(_is_unexpected)  # it logs what is going to be said anyway
