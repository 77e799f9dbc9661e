"""What is said about the facets of a world."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from ..core.claim import Finding
from ._student_interval import Mean
from ._tables import listed, percent

WorldFacets = Any

VISIBLE = 0.02
"""Share of what is at stake below which a part is not worth a word."""
OPEN = "inter-agent"
"""What the part between agents is called where it is neither conflict nor coordination yet."""


def findings(found: WorldFacets) -> tuple[Finding, ...]:
    """What is lost and to what, what it means for whom, and how sure that is."""
    return (*_lost(found), *_temptation(found), *_effects(found), *_treasury(found), *_sure(found))


def table(found: WorldFacets) -> str:
    """The gap, its parts and the corners, a line each."""
    lines = [f"{name:<34}{mean.words:>18}" for name, mean in (("gap", found.gap), *found.lines.items())]
    for name, corner in found.corners.items():
        told = f"welfare with {name or 'nothing'} repaired"
        lines.append(f"{told:<50}{Mean.of(corner.worth).words:>18}  {corner.how}")
    return "\n".join(lines)


def _lost(found: WorldFacets) -> Iterator[Finding]:
    stake = found.stake
    numbers: dict[str, Any] = {name: asdict(mean) for name, mean in (("gap", found.gap), *found.lines.items())}
    numbers |= {"played": asdict(found.played), "best": asdict(found.best), "stake": stake}
    who = (*found.players, *found.bystanders)
    if stake <= 0 or found.gap.value <= VISIBLE * stake or not _clear(found.gap):
        unsure = stake > 0 and found.gap.value > VISIBLE * stake
        said = "it is not clear whether anything is lost" if unsure else "nothing is lost that training finds"
        said = f"In {found.name} {said}: welfare is {found.played.words} an episode as things are, "
        said += f"{found.best.words} with everything repaired."
        yield Finding("facets", said, who, numbers, "Impact gap by trained corners")
        return
    shown = {name: mean for name, mean in found.parts.items() if abs(mean.value) > VISIBLE * stake}
    said = f"In {found.name} {percent(found.gap.value / stake)} of what was seen to be possible is lost, "
    said += f"{found.gap.words} an episode each"
    if len(shown) == 1:
        said += f", all of it {'between agents' if OPEN in shown else f'in {next(iter(shown))}'}."
    else:
        said += f": {listed(tuple(f'{name} {_signed(mean)}' for name, mean in shown.items()))}."
    if OPEN in shown:
        said += f" Whether the inter-agent part is conflict or coordination is not decided by {_effort(found.budget)}."
    yield Finding("facets", said, who, numbers, "Impact gap by trained corners")


def _temptation(found: WorldFacets) -> Iterator[Finding]:
    gain = found.temptation
    said = f"From acting as one a seat gains {gain.words} by leaving alone (greed)."
    if found.tempting is None:
        said = (
            f"From acting as one a seat gains {gain.words} by leaving alone: that can be nothing, or enough to leave. "
        )
        said += "More seeds or longer training (--seeds, --steps) can tell."
    elif not found.tempting:
        more = f"more than a trifle ({gain.words})" if gain.above_zero else f"({gain.words})"
        said = f"From acting as one no seat was found to gain {more} by leaving alone."
    yield Finding("moves", said, found.players, asdict(gain), "Search for a best reply by training")


def _effects(found: WorldFacets) -> Iterator[Finding]:
    """Bystanders: what they have as things are and with everything repaired."""
    off, on = found.corners[""], found.corners["intent+capability+inter-agent"]
    for name in found.bystanders:
        now, then = Mean.of(off.bystanders[name]), Mean.of(on.bystanders[name])
        said = f"{name.capitalize()} have {now.words} an episode as things are, {then.words} with everything repaired."
        yield Finding("effects", said, (name,), {"now": asdict(now), "then": asdict(then)})


def _treasury(found: WorldFacets) -> Iterator[Finding]:
    taken = found.taken
    if abs(taken.value) > 1e-6 * max(1.0, abs(found.played.value)) and not found.intent.value:
        verb = "take" if taken.value > 0 else "give"
        amount = Mean.of([abs(taken.value)]).words if taken.low is None else _absolute(taken).words
        said = f"The rules {verb} {amount} an episode from all seats together, which is not counted as lost."
        said = said.replace("from", "to") if verb == "give" else said
        yield Finding("treasury", said, found.players, asdict(taken))


def _sure(found: WorldFacets) -> Iterator[Finding]:
    budget, least = found.budget, min(corner.steps for corner in found.corners.values() if corner.gain is not None)
    said = f"Trained, not solved: {budget.seeds} seeds, at least {least:,} steps a corner, intervals of 95 % over seeds"
    loose = [(name, corner) for name, corner in found.corners.items() if not corner.settled]
    if loose:
        name, corner = loose[0]
        said += f"; with {name or 'nothing'} repaired a search still gained {corner.gain.words if corner.gain else ''}"
        said += ", so that is not where learning ends"
    others = sorted({corner.how for corner in found.corners.values() if corner.how not in ("given", "trained")})
    if others:
        said += f"; acting as one is {listed(tuple(others))}, which does better than what was trained for it"
    yield Finding("method", f"{said}.", (), asdict(budget))


def _effort(budget: Any) -> str:
    return f"{budget.seeds} seeds of {budget.steps:,} steps"


def _signed(mean: Mean) -> str:
    return f"{mean.words}" if mean.value < 0 else f"+{mean.words}"


def _absolute(mean: Mean) -> Mean:
    if mean.value >= 0 or mean.low is None or mean.high is None:
        return mean
    return Mean(-mean.value, -mean.high, -mean.low, mean.n)


def _clear(mean: Mean) -> bool:
    return mean.low is None or mean.low > 0
