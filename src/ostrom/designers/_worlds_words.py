"""What is said about an institution that was found for a world."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from ..core.claim import Finding
from ..diagnosis._student_interval import Mean
from ._worlds_check import MOVED, NOTHING, THE_RULE

WorldDesign = Any
VISIBLE = 0.02
"""Share of the welfare below which a change for somebody is not worth a word."""


def findings(found: WorldDesign) -> tuple[Finding, ...]:
    """What was found, how it does elsewhere, for whom it is better and worse, and how sure that is."""
    if found.best is None:
        return *_nothing(found), *_cannot(found)
    return *_first(found), *_checks(found), *_effects(found), *_cannot(found), *_method(found)


def table(found: WorldDesign) -> str:
    """All arms of every check, a line each: welfare, and what the rule is worth more."""
    lines = [f"{'':<52}{'welfare':>18}{'the rule has more':>20}"]
    for one in found.checked:
        lines.append(one.where)
        for name, arm in one.arms.items():
            more = "" if name == THE_RULE else one.over(name).words
            lines.append(f"  {name:<50}{arm.mean.words:>18}{more:>20}".rstrip())
    return "\n".join(lines)


def _nothing(found: WorldDesign) -> Iterator[Finding]:
    yield Finding("design", f"No institution was found for {found.name}.")


def _first(found: WorldDesign) -> Iterator[Finding]:
    rules = " and ".join(map(repr, found.institutions))
    said = f"For {found.name} {rules} did best of {len(found.tried)} rules that were tried"
    said += " before the search was stopped." if found.stopped else "."
    yield Finding("design", said, (), {"rules": rules, "worth": found.best.worths.tolist()})


def _checks(found: WorldDesign) -> Iterator[Finding]:
    """For every check, what the rule gains over doing nothing, and whether that is certain."""
    for one in found.checked:
        gain, other = one.over(NOTHING), one.arms[NOTHING].mean
        said = f"{one.where}, welfare is {one.rule.mean.words} an episode under it and {other.words} without, "
        said += f"a difference of {gain.words}{_sure(gain)}"
        rest = [f"{name}: {one.over(name).words}" for name in one.arms if name not in (THE_RULE, NOTHING)]
        said += f" ({', '.join(rest)})." if rest else "."
        yield Finding("verification", said, (), asdict(gain), "Trained anew under each rule, the same seeds")
    if found.checked and MOVED not in found.checked[0].arms:
        yield Finding("verification", "The rule moves no money, so that there is none to move at random.")


def _sure(gain: Mean) -> str:
    if gain.above_zero:
        return ""
    return ", which is worse" if gain.below_zero else ", which may be chance"


def _effects(found: WorldDesign) -> Iterator[Finding]:
    """Who has less than before: seats after all payments, and bystanders."""
    if not found.checked:
        return
    rule, other = found.checked[0].rule, found.checked[0].arms[NOTHING]
    scale = max(abs(other.worth.mean()), 1e-9)
    seats = {name: Mean.of(rule.paid[:, k] - other.paid[:, k]) for k, name in enumerate(found.world.ground.players)}
    outside = {name: Mean.of(rule.bystanders[name] - other.bystanders[name]) for name in rule.bystanders}
    for name, change in seats.items():
        if change.below_zero and abs(change.value) > VISIBLE * scale:
            said = f"{name.capitalize()} gets less under it, after all payments: {change.words} an episode."
            yield Finding("effects", said, (name,), asdict(change))
    for name, change in outside.items():
        verb = "less" if change.value < 0 else "more"
        said = (
            f"{name.capitalize()}, who have no seat, have {change.words.lstrip('-')} {verb} an episode than without it."
        )
        yield Finding("effects", said, (name,), asdict(change))
    if outside and any(change.above_zero for change in seats.values()):
        losing = tuple(name for name, change in outside.items() if change.below_zero)
        if losing:
            yield Finding("cartel", f"Seats gain by taking from {' and '.join(losing)}.", losing)
    kept = Mean.of((rule.bare - rule.paid).sum(-1))
    if abs(kept.value) > VISIBLE * scale:
        verb = "takes from" if kept.value > 0 else "hands out to"
        said = f"It {verb} all seats together {abs(kept.value):.4g} an episode, which is not counted as lost or won."
        yield Finding("treasury", said, found.world.ground.players, asdict(kept))


def _cannot(found: WorldDesign) -> Iterator[Finding]:
    for one in found.impossible:
        yield Finding("impossible", f"{one.approach.capitalize()}: {one.because} {one.nearest}".strip())


def _method(found: WorldDesign) -> Iterator[Finding]:
    said = (
        f"Searched, not solved: {found.spent:,} steps, {found.plan.seeds} seeds a rule, intervals of 95 % over seeds."
    )
    if not found.checked:
        said += " It was stopped before it was verified: nothing is claimed."
    yield Finding("method", said, (), {"plan": found.plan.words, "spent": found.spent})
