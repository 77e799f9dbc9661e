"""What is said about who could shut out whom, and how amounts and groups are written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import comb

from ..core.claim import Finding
from ._power_found import ShutOut
from ._power_parts import PowerParts
from ._tables import counted, listed, opened

NAMED = 3
"""Groups of one kind that are told one by one."""

MINIMAX = "Minimax with agreed lots: von Neumann and Morgenstern (1944)"


def shut_out_findings(power: PowerParts) -> Iterator[Finding]:
    if power.kind != "game":
        return
    said = [_of_players(power)] if _of_players(power) else []
    alike = power.players if said else ()
    for name in (name for name in power.principals if name not in alike):
        found = [one for one in power.shut_outs if one.outsider == name]
        if found:
            said.append(_shut(found, power))
    if len(said) > NAMED:
        said = [*said[:NAMED], f"So it is with {counted(len(said) - NAMED, 'other')}."]
    numbers = [vars(one) | {"group": list(one.group)} for one in power.shut_outs]
    nobody = "Nobody can be shut out: no group can hold anybody outside it below what it has."
    yield Finding("power", " ".join(said) or nobody, power.principals, {"shut out": numbers}, MINIMAX)


def _of_players(power: PowerParts) -> str:
    """One sentence where every group of one size can do the same to every other player; "" elsewhere."""
    found = [one for one in power.shut_outs if one.outsider in power.players]
    if (
        not found
        or len(power.players) < 3
        or not _same(found, len(power.players) * comb(len(power.players) - 1, len(found[0].group)))
    ):
        return ""
    one = found[0]
    who = "Any player" if len(one.group) == 1 else f"Any {len(one.group)} players together"
    return f"{who} can hold any other at {number(one.held)}, against {number(one.had)} {power.where}: {_it(one)}."


def _shut(found: Sequence[ShutOut], power: PowerParts) -> str:
    """About one outsider: the smallest groups, of these one that holds it lowest."""
    one = min(found, key=lambda one: (len(one.group), one.held))
    able = len(power.players) - (one.outsider in power.players)
    if len(found) > 1 and _same(found, comb(able, len(one.group))):
        who = "any player" if len(one.group) == 1 else f"any {len(one.group)} players together"
    else:
        who = group(one.group) + (f" (or {counted(len(found) - 1, 'other group')})" if len(found) > 1 else "")
    said = f"{who} can hold {one.outsider} at {number(one.held)}, against {number(one.had)} {power.where}"
    if abs(one.cost) > 1e-6 * max(abs(one.held), abs(one.had), 1e-300):
        whose = "itself" if len(one.group) == 1 else "themselves"
        said += f", at a cost of {number(one.cost)} to {whose}" if one.cost > 0 else f", and gain {number(-one.cost)}"
    return opened(f"{said}: {_it(one) if one.outsider in power.players else 'it has no say in that'}.")


def _it(one: ShutOut) -> str:
    return "it could shut it out" if len(one.group) == 1 else "they could shut it out"


def _same(found: Sequence[ShutOut], count: int) -> bool:
    """Whether these are so many groups, all of one size, that can do the same."""
    first = found[0]
    return len(found) == count and all(
        len(one.group) == len(first.group) and near(one.held, first.held) and near(one.had, first.had) for one in found
    )


def near(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-6 * max(abs(one), abs(other), 1e-300)


def number(value: float) -> str:
    return f"{round(value, 12) + 0.0:.4g}"


def group(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{listed(names)} together"
