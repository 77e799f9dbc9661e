"""Numbers as they are given to functions: read, and refused in words where they are none."""

from __future__ import annotations

import math
from numbers import Real
from typing import Any

import numpy as np

from .errors import InputError


def number(
    given: Any, what: str, least: float = -math.inf, *, above: float = -math.inf, infinite: bool = False
) -> float:
    """A number of at least `least` and above `above`, finite unless `infinite`; `InputError` for anything else.

    Numbers in arrays of no dimension count; text and truth values do not.
    """
    wanted = f" of at least {least:g}" if least > -math.inf else f" above {above:g}" if above > -math.inf else ""
    try:
        if np.ndim(given):
            raise TypeError
        plain = given.item() if isinstance(given, np.generic | np.ndarray) else given
        if isinstance(plain, bool) or not isinstance(plain, Real):
            raise TypeError
        read = float(plain)
    except (TypeError, ValueError, OverflowError):
        read = math.nan
    bounded = math.isfinite(read) or (infinite and read == math.inf)
    if not bounded or read < least or (read <= above and above > -math.inf):
        raise InputError(f"The {what} is {given!r:.80}.", do=f"Give a {'' if infinite else 'finite '}number{wanted}.")
    return read


def count(given: Any, what: str, least: int = 1) -> int:
    """A whole number of at least `least`; raises `InputError` for anything else, 2.0 and True among it."""
    plain = (
        given.item() if isinstance(given, np.generic) or (isinstance(given, np.ndarray) and not given.ndim) else given
    )
    if isinstance(plain, bool) or not isinstance(plain, int) or plain < least:
        raise InputError(f"The {what} is {given!r:.80}.", do=f"Give a whole number of at least {least}.")
    return plain
