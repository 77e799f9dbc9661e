"""What else an agent could say, and what an outcome is worth to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations, permutations
from math import comb, factorial
from typing import Any, Literal, NamedTuple

import numpy as np

from ..core.errors import InputError, TooLarge
from ..core.game import Array

Of = Literal["ranks", "values"]

SLACK = 1e-9
"""The share of the largest value that a gain has to exceed to be one."""


class Lies(NamedTuple):
    """Other reports of one agent, and whether they are all that there are."""

    rows: list[Array]
    whole: bool


def read(preferences: Any, of: Of) -> Array:
    """`[N, M]`: whole ranks of at least -1, or finite values; `InputError` for others."""
    try:
        table = np.asarray(preferences)
        whole = table.dtype.kind in "iu" or (table.dtype.kind == "f" and bool((table % 1 == 0).all()))
        numbers = table.astype(np.int64 if of == "ranks" and whole else float)
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"Preferences are no table of numbers: {error}.", do=f"Give {of}[agent, thing].") from None
    fine = whole and bool((numbers >= -1).all()) if of == "ranks" else bool(np.isfinite(numbers).all())
    if numbers.ndim != 2 or not numbers.size or not fine:
        raise InputError(
            f"Preferences of shape {numbers.shape} are no table of {of}.",
            "Ranks are whole numbers, 0 the best and -1 not acceptable; values are finite.",
            "Give such a table [agent, thing].",
        )
    return numbers


def answer(rule: Callable[[Array], Any], said: Array, liars: Sequence[int] = ()) -> Any:
    """What the rule answers to these reports; where it fails `InputError` says at which, and whose they are.

    `TooLarge` passes: it is no fault of a report.
    """
    try:
        return rule(said.copy())
    except TooLarge:
        raise
    except Exception as error:
        raise _failed(error, said, liars) from error


def _failed(error: Exception, said: Array, liars: Sequence[int]) -> InputError:
    told = "; ".join(f"agent {i} says {said[i].tolist()!r:.100}" for i in liars) or f"all say {said.tolist()!r:.200}"
    what = f"The rule failed where {told}: {type(error).__name__}: {error!s:.200}".rstrip(".") + "."
    if said.dtype.kind == "i" and (said[list(liars) or slice(None)] == -1).any():
        return InputError(
            what,
            "A list with -1 leaves that thing out, and such lists are lies as well.",
            "Have the rule take -1 for not acceptable, or try complete lists only: shorter=False.",
        )
    return InputError(what, "It has to answer whatever is reported.", "Mend the rule.")


def worth_of(of: Of) -> Callable[[int, Array, Any], float]:
    """What an outcome is worth to an agent of these true preferences, by default."""
    return _ranked if of == "ranks" else _valued


def _ranked(agent: int, row: Array, outcome: Any) -> int:
    """Minus the rank of what it got; nothing is behind all that is acceptable, and what is not so is behind that."""
    try:
        got = int(getattr(outcome, "partners", outcome)[agent])
        ranked = -1 <= got < len(row)
    except (TypeError, ValueError, IndexError, KeyError):
        got, ranked = -1, False
    if not ranked:
        raise InputError(
            f"The rule answers {outcome!r:.120}.",
            f"Agent {agent} has to get the number of one of {len(row)} things, or -1 for nothing.",
            "Return that for each row, or give worth=.",
        )
    nothing = int(row.max()) + 1
    return -nothing if got < 0 else -int(row[got]) if row[got] >= 0 else -nothing - 1


def _valued(agent: int, row: Array, outcome: Any) -> float:
    try:
        owners = np.asarray(getattr(outcome, "owners", outcome))
        fits = owners.shape == row.shape and owners.dtype.kind in "iu"
    except ValueError:
        fits = False
    if not fits:
        raise InputError(
            f"The rule answers {outcome!r:.120}.",
            f"Each of {len(row)} goods has to get the number of its owner.",
            "Return that for each good, or give worth=.",
        )
    return float(row[owners == agent].sum())


def lies_of(row: Array, of: Of, shorter: bool, most: int, drawn: np.random.Generator) -> Lies:
    """All other reports of somebody with this row where there are at most so many; else obvious ones and drawn ones."""
    if of == "ranks" and orders(len(row), shorter) <= most:
        return Lies(_others(strict_rows(len(row), shorter), row), True)
    if of == "values" and factorial(min(len(row), 20)) <= most:
        return Lies(_others([row[list(order)] for order in permutations(range(len(row)))], row), True)
    obvious = _obvious(row, shorter) if of == "ranks" else []
    random = [_random(row, of, shorter, drawn) for _ in range(max(most - len(obvious), 0))]
    return Lies(_others([*obvious, *random][:most], row), False)


def orders(things: int, shorter: bool) -> int:
    """How many strict lists of so many things there are, of all of them or also of some."""
    sizes = range(things + 1) if shorter else (things,)
    return sum(comb(things, size) * factorial(size) for size in sizes)


def strict_rows(things: int, shorter: bool) -> list[Array]:
    """Every strict list as a row of ranks, the complete ones first."""
    sizes = range(things, -1, -1) if shorter else (things,)
    return [
        _row(order, things)
        for size in sizes
        for some in combinations(range(things), size)
        for order in permutations(some)
    ]


def _row(order: Sequence[int], things: int) -> Array:
    row = np.full(things, -1, np.int64)
    row[list(order)] = np.arange(len(order))
    return row


def _others(rows: Sequence[Array], truth: Array) -> list[Array]:
    """Rows that differ from the truth, each once."""
    known = {truth.tobytes()}
    return [row for row in rows if not (row.tobytes() in known or known.add(row.tobytes()))]


def _obvious(row: Array, shorter: bool) -> list[Array]:
    """One thing moved to the top; the list cut after each place; one thing left out."""
    line = [int(k) for k in np.argsort(row, kind="stable") if row[k] >= 0]
    rows = [_row([k, *(j for j in line if j != k)], len(row)) for k in line]
    if shorter:
        rows += [_row(line[:cut], len(row)) for cut in range(len(line))]
        rows += [_row([j for j in line if j != k], len(row)) for k in line]
    return rows


def _random(row: Array, of: Of, shorter: bool, drawn: np.random.Generator) -> Array:
    order = drawn.permutation(len(row))
    if of == "values":
        return row[order]
    return _row(order[: int(drawn.integers(1, len(row) + 1))].tolist() if shorter else order.tolist(), len(row))


def witness_of(
    group: Sequence[int], truth: Array, said: Array, before: Any, after: Any, gains: Sequence[float]
) -> dict[str, Any]:
    """Who lies, all preferences as they are and as they are said, what comes of both, and what each liar gains."""
    return {
        "agents": list(group),
        "truth": truth.tolist(),
        "said": said.tolist(),
        "outcome of truth": _plain(before),
        "outcome of lie": _plain(after),
        "gains": [float(one) for one in gains],
    }


def _plain(outcome: Any) -> list[Any]:
    for name in ("partners", "owners"):
        outcome = getattr(outcome, name, outcome)
    return [one.item() if isinstance(one, np.generic) else one for one in outcome]
