"""Principles 3 and 7: who can change the rules, and whether others undo what they decide."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.game import Game
from ..core.institution import Institution
from ._principle_changes import Power, charges, few, powers, relative, varied
from ._principle_probe import Probe
from ._principle_seen import TOLERANCE
from ._principle_words import Principle, units
from ._tables import listed

DOES = {
    "permits": "what {whom} may do",
    "moves": "what is done in the place of {whom}",
    "payments": "what the moves of {whom} cost, by {size}",
}


def said(probe: Probe, power: Power) -> str:
    """A power in words."""
    does = DOES[power.what].format(whom=probe.game.players[power.whom], size=units(power.size))
    when = " in the next round" if power.later else ""
    choice = f"{power.label!r} instead of {power.other!r} in {power.part!r}"
    return f"{probe.game.players[power.seat]}, by {choice}, changes {does}{when}"


def collective_choice(probe: Probe, held: Sequence[Power], bound: set[int]) -> Principle:
    """3: whether most of those whom the rules bind can change, by what they choose, what others may do or pay."""
    name = ("collective choice", "3")
    voice = {power.seat for power in held} & bound
    numbers = {"voice": sorted(probe.names(sorted(voice))), "bound": sorted(probe.names(sorted(bound)))}
    if not bound:
        return Principle(*name, "not applicable", "The rules bind nobody.", sampled=probe.sampled)
    if held and 2 * len(voice) > len(bound):
        share = f"{len(voice)} of the {len(bound)} who are bound can change the rules"
        words = f"{share}: {said(probe, held[0])}."
        return Principle(*name, "holds", words, probe.names(sorted(voice)), numbers, probe.sampled)
    if held:
        who = probe.names(sorted({power.seat for power in held}))
        words = f"Only {listed(who)} can change the rules, of those who are bound {len(voice)} of {len(bound)}: "
        return Principle(*name, "fails", words + said(probe, held[0]) + ".", who, numbers, probe.sampled)
    empty = [part.name for part in probe.added]
    words = "Nobody who is bound can change the rules" + (
        f": {listed(tuple(map(repr, empty)))} changes for nobody else what it may do, or what its moves cost."
        if empty
        else "."
    )
    return Principle(*name, "fails", words, sampled=probe.sampled)


def right_to_organise(game: Game, institutions: Sequence[Institution], seed: int = 0) -> Principle:
    """7: whether what the members of an inner layer decide still has its effect under the layers round it."""
    name = ("right to organise", "7")
    levels = range(1, len(institutions))
    whole, own = Probe(game, institutions, seed), []
    for level in levels:
        inner = Probe(game, institutions[:level], seed)
        parts = {part.name for part in inner.added} - {
            part.name for part in Probe(game, institutions[: level - 1]).added
        }
        own += [(level, inner, power) for power in powers(inner) if power.part in parts and not power.later]
        whole.sampled |= inner.sampled
    left = _remaining(whole, own)
    if not left:
        words = "No layer in which players decide lies within another one."
        return Principle(*name, "not applicable", words, sampled=whole.sampled)
    kept, level, inner, power = min(left.values(), key=lambda one: one[0])
    around = listed(tuple(type(rule).__name__ for rule in institutions[level:]))
    numbers = {"layer": type(institutions[level - 1]).__name__, "left": kept, "what": power.what}
    who = inner.names((power.seat, power.whom))
    if kept <= TOLERANCE:
        words = (
            f"Under {around} what is decided in {power.part!r} has no effect any more. Without, {said(inner, power)}."
        )
        return Principle(*name, "fails", words, who, numbers, whole.sampled)
    words = f"What is decided in {power.part!r} still has {min(kept, 1):.0%} of its effect under {around}: "
    return Principle(*name, "holds", words + said(inner, power) + ".", who, numbers, whole.sampled)


def _remaining(whole: Probe, own: Sequence[tuple[int, Probe, Power]]) -> dict[tuple[int, str], tuple]:
    """Per layer and kind of power what is left of the one that is hurt least, with that layer alone and the power."""
    left: dict[tuple[int, str], tuple] = {}
    for level, inner, power in own:
        alone, place = _left(inner, power), (level, power.what)
        if alone > TOLERANCE:  # others show in records that are looked at no further
            kept = _left(whole, power) / alone
            if place not in left or kept > left[place][0]:
                left[place] = kept, level, inner, power
    return left


def _left(probe: Probe, power: Power) -> float:
    """The size of a power under a charter: a difference of payments, or the share of rounds in which it shows."""
    most, part = 0.0, probe.ground.parts[power.part]
    for records in probe.records[:2]:
        seen = few(probe, records)
        either = varied(probe, records, seen, part, power.seat)
        one, other = either[power.other], either[power.label]
        both = one.legal & other.legal
        if power.what == "payments":
            gap = charges(probe, records, one, power.whom) - charges(probe, records, other, power.whom)
            most = max(most, relative(gap))
        elif power.what == "moves":
            most = max(
                most,
                float((one.deeds[:, power.whom] != other.deeds[:, power.whom])[both].mean() if both.any() else 0.0),
            )
        else:
            apart = (one.masks["act"][:, power.whom] != other.masks["act"][:, power.whom]).any(-1)
            most = max(most, float(apart.mean()))
    return most
