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
from .exact import ExactGame

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

ENTRIES = 4
"""Entries of a list that are said; of a longer one only how many there are."""


def suits(evidence: Mapping[str, Any], verdict: str) -> bool:
    """Whether evidence of that kind can make a claim "proved", or "refuted"; a coarse equilibrium can do both."""
    kind = str(evidence.get("kind", ""))
    return (kind in WITNESSES) == (verdict == "refuted") or kind == "coarse" or kind not in KINDS


def said(evidence: Mapping[str, Any]) -> str:
    """What evidence states, in words: "dominant: target (C, C), lead 1/20"."""
    rest = ", ".join(f"{key} {_shown(value)}" for key, value in evidence.items() if key != "kind")
    return f"{evidence.get('kind', '')}: {rest}" if rest else str(evidence.get("kind", ""))


def _shown(value: Any) -> str:
    if not isinstance(value, list | tuple):
        return str(value)[:200]
    plain = len(value) <= ENTRIES and not any(isinstance(entry, list | tuple | dict) for entry in value)
    return f"({', '.join(map(str, value))})"[:200] if plain else f"of {len(value)} rows"


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
        return KINDS[kind](game, **stated)
    except InputError:
        raise
    except (TypeError, ValueError, AttributeError, LookupError, ArithmeticError, RecursionError) as error:
        raise InputError(
            f"The evidence of kind {kind!r} cannot be read: {error}.",
            "It does not have the form that this kind has.",
            f"See ostrom.core.evidence for {KINDS[kind].__name__}.",
        ) from None
