"""What a charter is: what each layer declares and was seen to change, and the design principles of all of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..core.errors import OstromError
from ..core.game import Game, amount
from ..core.institution import Around, Institution
from ..core.lifts.repeated import Repeated
from ..diagnosis.kinds import Kinds, kinds
from ..diagnosis.principles import Principles, principles
from ..institutions._silent import names_of

SMALL = 64
"""Joint moves up to which rules are asked what they do, so that a report does not keep anybody waiting."""


@dataclass(frozen=True)
class Layer:
    """One institution of a charter.

    Attributes
    ----------
    name : its class, numbered where several are of one, with what it wraps: "Lapses (Fines)".
    kinds : Kollock's kinds; those that it was seen to be of, or the declared one where `seen` is False.
    declared : `kind`, `formal`, `central`, `emergent`, `memory`, `budget` and `enforced_by`, as the rule says them.
    mismatches : what it declares and cannot be, in words.
    """

    name: str
    kinds: tuple[str, ...]
    seen: bool
    declared: Mapping[str, Any]
    mismatches: tuple[str, ...] = ()


@dataclass(frozen=True)
class CharterSeen:
    """The layers of a charter, innermost first, and Ostrom's design principles for all of it.

    Attributes
    ----------
    principles : None where the rules were not asked; `unasked` then says why.
    """

    layers: tuple[Layer, ...]
    principles: Principles | None
    unasked: str = ""


def seen_charter(game: Any, seed: int = 0) -> CharterSeen | None:
    """What the institutions round a game are, repeated or not; None where there are none.

    Rules are asked what they do where the game has at most `SMALL` joint moves of single players. Where they cannot be
    asked nothing is raised: then the layers are as they declare themselves.
    """
    rules: tuple[Institution, ...] = tuple(getattr(game, "institutions", ()))
    if not rules:
        return None
    base = game.game if isinstance(game, Repeated) else game.base
    too_many = _out_of_reach(base)
    layers = tuple(_layers(rules, None if too_many else base, seed))
    if too_many:
        return CharterSeen(layers, None, too_many)
    try:
        return CharterSeen(layers, principles(base, *rules, seed=seed))
    except OstromError as error:
        return CharterSeen(layers, None, f"The rules were not asked what they do. {error.what}")


def _out_of_reach(base: Any) -> str:
    """Why rules cannot be asked on this game in a moment, in a sentence; empty where they can."""
    said = "so the layers are as they declare themselves, and no design principle was looked for."
    if not isinstance(base, Game) or getattr(base, "nonatomic", False):
        return f"There are no single players who could be asked about their moves, {said}"
    size = math.prod(map(len, base.moves))
    return f"The game has {amount(size)} joint moves, {said}" if size > SMALL else ""


def _layers(rules: Sequence[Institution], base: Game | None, seed: int) -> Iterator[Layer]:
    names = ("kind", "formal", "central", "emergent", "memory", "budget", "enforced_by")
    for name, rule in zip(names_of(rules), rules, strict=True):
        declared, found = {one: getattr(rule, one) for one in names}, _kinds(rule, base, seed)
        seen = found is not None and bool(found.kinds)
        of = found.kinds if found is not None and seen else (declared["kind"],)
        yield Layer(_whole(name, rule), of, seen, declared, found.mismatches if found is not None else ())


def _kinds(rule: Institution, base: Game | None, seed: int) -> Kinds | None:
    """What a rule is by itself on the bare game; None where it cannot be asked (it may be about another layer)."""
    if base is None:
        return None
    try:
        return kinds(rule, base, seed)
    except OstromError:
        return None


def _whole(name: str, rule: Institution) -> str:
    return f"{name} ({_whole(type(rule.rule).__name__, rule.rule)})" if isinstance(rule, Around) else name
