"""What is asked of a mechanism, read and refused where it makes no sense."""

from __future__ import annotations

import math
from typing import Any, get_args

import numpy as np

from ..core.errors import InputError, TooLarge, UnknownName
from ..core.forms.type_space import TypeSpace
from ..core.game import Array
from ._mechanism_asked import Budget, Incentives, Participation, Terms

ENTRIES = 20_000_000
"""Entries beyond which no program is written."""


def terms_of(
    space: TypeSpace, objective: Any, incentives: Any, participation: Any, payments: bool, budget: Any, allowed: Any
) -> Terms:
    """The terms; raises as `design_mechanism`."""
    for kind, word, known in (
        ("kind of incentives", incentives, get_args(Incentives)),
        ("kind of participation", participation, (None, *get_args(Participation))),
        ("budget", budget, (None, *get_args(Budget))),
    ):
        if not (word is None or isinstance(word, str)) or word not in known:
            raise UnknownName(kind, str(word), [str(one) for one in known])
    if space.odds is None:
        raise InputError(
            f"{space.name} has no prior.",
            "What is best on average depends on how likely types are.",
            "Give TypeSpace(…, prior=…).",
        )
    named = isinstance(objective, str)
    if named and objective not in ("welfare", "revenue"):
        raise UnknownName("objective", objective, ("welfare", "revenue"), "Or give a table of your own values.")
    if named and objective == "revenue" and not payments:
        raise InputError("Revenue without payments.", "Nobody pays anything.", "Give payments=True.")
    entries = sum(size * (size - 1) * math.prod(space.sizes) // size for size in space.sizes) * 2 * len(space.outcomes)
    if entries > ENTRIES:
        raise TooLarge(
            f"Incentives of {space.name} have {entries:,} entries.",
            f"A program of more than {ENTRIES:,} does not fit in reasonable memory.",
            "Give fewer types, agents or outcomes.",
        )
    own = None if named else _table(space, objective, "values of the designer", float)
    may = np.ones((*space.sizes, len(space.outcomes)), bool)
    if allowed is not None:
        may = _table(space, allowed, "allowed outcomes", bool)
    if not may.any(-1).all():
        at = tuple(int(k) for k in np.argwhere(~may.any(-1))[0])
        names = ", ".join(space.types[i][k] for i, k in enumerate(at))
        raise InputError(f"Nothing is allowed at ({names}).", do="Allow at least one outcome everywhere.")
    return Terms(
        space, incentives, participation, bool(payments), budget, may, objective if named else "own values", own
    )


def _table(space: TypeSpace, given: Any, what: str, kind: type) -> Array:
    shape = (*space.sizes, len(space.outcomes))
    try:
        table = np.asarray(given, kind)
        fits = table.shape in (shape, shape[-1:]) and bool(np.isfinite(table).all())
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"The {what} are no table: {error}.", do="Give one number per outcome.") from None
    if not fits:
        raise InputError(
            f"The {what} have shape {table.shape}.",
            f"They are finite, one per outcome, {shape[-1:]}, or one per combination of types and outcome, {shape}.",
            "Give one of these.",
        )
    return np.broadcast_to(table, shape)
