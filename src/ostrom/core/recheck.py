"""Checking evidence again: by its kind, in exact rationals, without any solver.

The functions in `core/evidence/` take an `ExactGame` and what a certificate states; they answer with "" when that is
true and otherwise with a sentence that says where it is not. Nothing is searched for that was not written down, except
by listing joint moves: those few files are all that has to be believed.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from .errors import InputError, UnknownName
from .evidence import changes, correlation, loopholes, minimality, play, rules, witnesses
from .exact import ExactGame, fraction, written

KINDS: dict[str, Callable[..., str]] = {
    name.replace("_", " "): found
    for module in (play, correlation, rules, loopholes, changes, minimality, witnesses)
    for name, found in vars(module).items()
    if inspect.isfunction(found) and found.__module__ == module.__name__ and not name.startswith("_")
}
"""Kinds of evidence by name: each public function of those files."""

WITNESSES = {
    *(name for name, found in KINDS.items() if found.__module__ == witnesses.__name__),
    *("evades", "unseen", "bribe", "pump", "shaken", "appears", "coarse"),
}
"""Kinds that show that something is false: the only ones that refute a claim."""

LIMITS: dict[str, int | None] = {"lead": None, "slack": None, "radius": None, "chance": 1, "alarms": 1, "misses": 1}
"""Values that are at least 0, and the most that each may be: outside they would make evidence empty."""

EITHER = {"within": ("fine", "payment"), "sabotage": ("takes", "floor")}
"""Kinds that have to state one of these."""

PLAYERS = 100
"""The largest number of players that a group may be said to have."""


def suits(evidence: Mapping[str, Any], verdict: str) -> bool:
    """Whether evidence of that kind can make a claim "proved", or "refuted"; a coarse equilibrium can do both."""
    kind = str(evidence.get("kind", ""))
    return (kind in WITNESSES) == (verdict == "refuted") or kind == "coarse" or kind not in KINDS


def said(evidence: Mapping[str, Any]) -> str:
    """What evidence states, in words: "dominant: target (C, C), lead 1/20"."""
    kind, of = str(evidence.get("kind", "")), " of the game without the institution"
    rest = ", ".join(f"{key} {_shown(value)}" for key, value in evidence.items() if key not in ("kind", "of"))
    head = f"{kind}{of if evidence.get('of') == 'before' else ''}"
    return f"{head}: {rest}" if rest else head


def _shown(value: Any) -> str:
    """A value as it was read: a number as a number, however it is written."""
    if not isinstance(value, list | tuple):
        try:
            return str(written(fraction(value)))[:200]
        except InputError:
            return str(value)[:200]
    if any(isinstance(entry, list | tuple | dict) for entry in value):
        return f"of {len(value)} rows"
    text = f"({', '.join(map(_shown, value))})"
    return text if len(text) <= 400 else f"{text[:400]}… of {len(value)} entries"


def _require_ranges(game: ExactGame, kind: str, stated: Mapping[str, Any]) -> None:
    """Refuse values with which a kind of evidence would say nothing."""
    for name, most in LIMITS.items():
        if name in stated and not 0 <= (value := fraction(stated[name])) <= (value if most is None else most):
            raise InputError(f"{kind!r} with {name} {value} says nothing.", f"It is at least 0{_up_to(most)}.")
    for name in ("up_to", "removals"):
        value = stated.get(name, 1)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= max(PLAYERS, sum(game.sizes)):
            raise InputError(
                f"{kind!r} with {name} {value!r} says nothing.", "It is a whole number, of players or moves."
            )
    for name, either in EITHER.items():
        if kind == name and all(stated.get(part) is None for part in either):
            raise InputError(f"{kind!r} without {' or '.join(either)} says nothing.")


def _up_to(most: int | None) -> str:
    return "" if most is None else f" and at most {most}"


def check(game: ExactGame, evidence: Mapping[str, Any]) -> str:
    """Empty when what the evidence states is true of the game, and otherwise why it is not.

    `evidence` names its `kind` and holds what the function of that name asks for. Raises `InputError` for a kind, a
    name or a value that cannot be read.
    """
    stated = dict(evidence)
    kind = str(stated.pop("kind", ""))
    if kind not in KINDS:
        raise UnknownName("kind of evidence", kind, KINDS)
    try:
        inspect.signature(KINDS[kind]).bind(game, **stated)
        _require_ranges(game, kind, stated)
        return KINDS[kind](game, **stated)
    except InputError:
        raise
    except (TypeError, ValueError, AttributeError, LookupError, ArithmeticError, RecursionError) as error:
        raise InputError(
            f"The evidence of kind {kind!r} cannot be read: {error}.",
            "It does not have the form that this kind has.",
            f"See ostrom.core.evidence for {KINDS[kind].__name__}.",
        ) from None
