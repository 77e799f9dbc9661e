"""What is said about power."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import comb

from ..core.claim import Finding
from ._power_found import Seizure
from ._power_parts import PowerParts
from ._power_shut_words import MINIMAX, NAMED, group, near, number, shut_out_findings
from ._tables import counted, listed, opened

LONG = 6
"""Players up to which what each has is told one by one."""

CORE = "Gillies (1959); Bondareva (1963), Shapley (1967)"
STRONG = "Aumann (1959); Bernheim, Peleg and Whinston (1987)"
VETO = "Shapley (1962): who belongs to every winning coalition"


def findings(power: PowerParts) -> tuple[Finding, ...]:
    """One finding for each kind of power that somebody has."""
    return (
        *_seizures(power),
        *shut_out_findings(power),
        *_leaving(power),
        *_blocks(power),
        *_core(power),
        *_indices(power),
    )


def _seizures(power: PowerParts) -> Iterator[Finding]:
    if not power.seizures:
        return
    worst = sorted(power.seizures, key=lambda one: (len(one.group), one.left - one.they_had))
    said = [_seize(one, power.where) for one in worst[:NAMED]]
    if len(worst) > NAMED:
        said.append(f"So can {counted(len(worst) - NAMED, 'other group')}.")
    numbers = [vars(one) | {"group": list(one.group), "others": list(one.others)} for one in power.seizures]
    who = tuple(name for name in power.players if any(name in one.group for one in power.seizures))
    yield Finding("power", " ".join(said), who, {"seize": numbers}, MINIMAX)


def _seize(one: Seizure, where: str) -> str:
    said = f"{group(one.group)} can seize {number(one.secured)} whatever others do, against {number(one.had)} {where}; "
    said += f"{listed(one.others)} would have at most {number(one.left)} instead of {number(one.they_had)}"
    return opened(said + ".")


def _leaving(power: PowerParts) -> Iterator[Finding]:
    if not power.at:
        return
    where, leaves, stays = f"({', '.join(power.at)})", power.leaves, power.stays
    if leaves is None:
        said = f"No group would leave {where} together so that each of it gains."
        yield Finding("power", said, power.players, {"at": list(power.at)}, STRONG)
        return
    told = stays or leaves
    gains = ", ".join(f"{name} {number(gain)}" for name, gain in told.gains.items())
    said = f"{group(told.players)} would leave {where} for ({', '.join(told.to)}) (gains: {gains})"
    after = (
        "no part of it would go on from there" if stays else "but from there part of it would go on: it would not last"
    )
    alone = len(told.players) == 1
    numbers = {"at": list(power.at), "to": list(told.to), "gains": dict(told.gains), "lasts": stays is not None}
    yield Finding("power", opened(said + ("." if alone else f"; {after}.")), told.players, numbers, STRONG)


def _blocks(power: PowerParts) -> Iterator[Finding]:
    numbers = {"able": [list(one) for one in power.able], "blockers": [list(one) for one in power.blockers]}
    vetoes, vote = power.vetoes, power.kind == "vote"
    if vetoes:
        said = "nothing passes" if vote else "no agreement pays"
        if len(vetoes) == len(power.players):
            said += " unless all join in: each has a veto."
        else:
            said += f" without {listed(vetoes)} ({'a veto' if len(vetoes) == 1 else 'each has a veto'})."
        yield Finding("power", opened(said), vetoes, numbers, VETO)
    elif power.able and not vote:
        size, count = len(power.able[0]), len(power.able)
        every = count == comb(len(power.players), size) and all(len(one) == size for one in power.able)
        who = f"any {size} players together" if every else group(power.able[0])
        more = f", and so can {counted(count - 1, 'other group')}" if count > 1 and not every else ""
        said = f"Nobody has a veto: {who} can count on more than they have {power.where}, whatever others do{more}."
        yield Finding("power", said, power.able[0], numbers, VETO)
    elif power.kind == "game":
        said = f"No agreement pays: no group can count on more in sum than it has {power.where}."
        yield Finding("power", said, power.players, numbers, MINIMAX)


def _core(power: PowerParts) -> Iterator[Finding]:
    core = power.core
    if core.empty is None or (power.kind == "game" and not power.able):
        return
    if not core.empty:
        shown = _each(power.players, core.values)
        sure = "can count on doing" if power.kind == "game" else "does"
        said = f"There is a division that no group {sure} better by leaving ({shown}): the core is not empty."
        yield Finding("power", said, power.players, {"in the core": list(core.values)}, CORE)
        return
    said = "The core is empty: whatever is agreed, some group does better by leaving"
    if core.balanced:
        groups, weights = list(core.balanced), list(core.balanced.values())
        if len(set(weights)) == 1:
            shown = "; ".join(map(listed, groups[:NAMED])) + ("; …" if len(groups) > NAMED else "")
            shown += f", each for {weights[0]} of its time,"
        else:
            shown = "; ".join(f"{listed(group)} for {core.balanced[group]}" for group in groups[:NAMED])
            shown += ("; …" if len(groups) > NAMED else "") + " of their time"
        said += f" ({shown} would have {number(float(core.shortfall))} more than all together)"
    shares = [[list(group), str(weight)] for group, weight in core.balanced.items()]
    yield Finding("power", said + ".", power.players, {"balanced": shares, "shortfall": float(core.shortfall)}, CORE)


def _indices(power: PowerParts) -> Iterator[Finding]:
    shares = power.shapley.values
    numbers = {"Shapley": dict(power.shapley.shares), "Banzhaf": dict(power.banzhaf.shares)}
    if power.kind == "vote":
        said = f"Of all orders in which voters may join, these decide: {_each(power.players, shares)}."
        if power.dummies:
            never = "never decides" if len(power.dummies) == 1 else "never decide"
            said += f" {opened(listed(power.dummies))} {never}."
        yield Finding("power", said, power.players, numbers, "Shapley and Shubik (1954)")
    else:
        said = f"What each adds on average to those before it (Shapley): {_each(power.players, shares)}."
        yield Finding("power", said, power.players, numbers, "Shapley (1953)")


def _each(players: Sequence[str], amounts: Sequence[float]) -> str:
    """`32 each`, or who has how much, the most first."""
    if all(near(one, amounts[0]) for one in amounts):
        return f"{number(amounts[0])} each"
    ranked = sorted(zip(players, amounts, strict=True), key=lambda pair: -pair[1])
    shown = ", ".join(f"{name} {number(amount)}" for name, amount in ranked[:LONG])
    return shown + (", …" if len(ranked) > LONG else "")
