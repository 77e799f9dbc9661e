"""What the impact facets say, in sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..core.claim import Finding
from ._facets_shares import Share
from ._tables import listed, opened

if TYPE_CHECKING:
    from ._facets_found import Facets

SOURCE = "Shapley values of the switches intent, capability and inter-agent; play by logit equilibrium"
VISIBLE = 0.5
"""Percent of what is at stake below which a part is not worth a sentence."""

MEANING = {
    "intent": "agents pursue something else than their principals want",
    "outer intent": "what was specified is not what the principals want",
    "inner intent": "agents pursue something else than was specified",
    "capability": "agents do not play as well as they could",
    "coordination": "there is a better equilibrium than the one they settle on; a convention or advice can close this",
    "conflict": "at any equilibrium some gain by what costs the whole more; only changed incentives or commitments can "
    "close this",
    "unexplained": "play was worse than the best fitting model of it",
}
HELPFUL = {
    "intent": "agents that pursue something else do the whole good, faithful ones would lose this",
    "outer intent": "what was specified does the whole good, pursuing the principals' own wishes would lose this",
    "inner intent": "agents that stray from what was specified do the whole good, faithful ones would lose this",
    "capability": "imprecise play does the whole good, more capable agents would lose this to each other",
    "coordination": "the equilibrium that agents themselves like best is worse for their principals",
    "conflict": "acting as one would serve what the agents pursue, and harm their principals",
    "unexplained": "play was better than the best fitting model of it",
}
BOUND = {"coordination": "at least", "conflict": "at most"}
"""How a part is known when not all equilibria could be looked at: a better one may exist."""


def findings(found: Facets) -> tuple[Finding, ...]:
    """The headline, then one finding for every part, for selection, for who is behind it and whom it costs."""
    told = [_headline(found), *_parts(found), *_precision(found), *_selection(found), *_shares(found), *_effects(found)]
    return tuple(told)


def _headline(found: Facets) -> Finding:
    worst, played, best = found.headline
    numbers = {
        "gap": {"mean": found.gap, "sum": found.summed(found.gap), "percent": found.percent(found.gap)},
        "equilibria": {"worst": worst, "logit": played, "best": best, "all": found.all_equilibria},
        "optimum": found.optimum,
        "worst outcome": found.worst_outcome,
        "played": found.played,
        "observed": found.observed,
    }
    return Finding("facets", _lost(found), (*found.players, *found.bystanders), numbers, SOURCE)


def _lost(found: Facets) -> str:
    if found.stake <= 1e-12 * max(abs(found.optimum), abs(found.worst_outcome)):
        return "There is nothing to gain: every outcome is worth the same to all together."
    visible = {name: part for name, part in found.lines.items() if abs(found.percent(part)) >= VISIBLE}
    lost = sum(found.lines.values())
    if found.percent(lost) < VISIBLE:
        said = "Nothing is lost: what is played is as good for all together as anything could be"
        return f"{said}{', because faults cancel: ' + _listing(found, visible) if visible else ''}."
    said = f"{found.percent(lost):.0f} % of what was possible is lost"
    leading = max(visible, key=lambda name: visible[name])
    if abs(visible[leading] - lost) <= 1e-3 * lost and len(visible) == 1:
        return f"{said}, all of it in {leading}."
    if len(visible) == 1:
        return f"{said}, nearly all of it in {leading}."
    return f"{said}: {_listing(found, visible)}."


def _listing(found: Facets, parts: dict[str, float]) -> str:
    return listed(tuple(f"{name} {found.percent(part):+.0f} %" for name, part in parts.items()))


def _parts(found: Facets) -> list[Finding]:
    told = []
    for name, part in found.lines.items():
        if abs(found.percent(part)) < VISIBLE:
            continue
        bound = BOUND.get(name, "") if not found.all_equilibria else ""
        numbers = {"mean": part, "sum": found.summed(part), "percent": found.percent(part), "bound": bound}
        meaning = (MEANING if part > 0 else HELPFUL)[name]
        said = f"{opened(name)}{bound and ' ' + bound} {_amount(found, part)}: {meaning}."
        told.append(Finding("facets", said, found.players, numbers, SOURCE))
    return told


def _amount(found: Facets, part: float) -> str:
    """A part in percent, per principal and in sum; what arithmetic left of nothing is nothing."""
    part = 0.0 if abs(found.percent(part)) < 1e-9 else part
    total = found.summed(part)
    summed = "" if total is None else f", {total:.4g} in sum"
    return f"{found.percent(part):+.0f} % ({part:.4g} per principal{summed})"


def _precision(found: Facets) -> list[Finding]:
    if not found.fitted:
        return []
    said = f"What was observed is explained best by a precision of {found.precision:.3g} (0 is blind chance)."
    if math.isinf(found.precision):
        said = "What was observed is explained best by perfect play."
    if found.precision == 0:
        said = "What was observed is explained no better by any precision than by blind chance."
    numbers = {"precision": found.precision, "observed": found.observed}
    return [Finding("precision", said, found.players, numbers, SOURCE)]


def _selection(found: Facets) -> list[Finding]:
    worst, played, best = (found.percent(gap) for gap in found.headline)
    numbers = {"selection": found.selection, "swing": found.swing, "bifurcations": list(found.bifurcations)}
    kind = "equilibrium" if found.all_equilibria else "equilibrium found"
    apart = f"the gap is {best:.0f} % at the best {kind}, {played:.0f} % as played, {worst:.0f} % at the worst"
    if found.selection == "fragile":
        swing = f"a change of one percent in what moves are worth can change a facet by {100 * found.swing:.0f} %"
        said = f"Which equilibrium is played is fragile: {swing} of what is at stake; {apart}."
        if worst - best < VISIBLE:  # nothing hangs on which; another percent would lead to play that is none now
            said = f"How much is lost is fragile: {swing} of what is at stake, as it can lead to other play."
    elif worst - best >= VISIBLE:
        said = f"Agents could settle elsewhere: {apart}."
    else:
        return []
    return [Finding("selection", said, found.players, numbers, SOURCE)]


def _shares(found: Facets) -> list[Finding]:
    told = []
    for facet, total in (("intent", found.intent), ("capability", found.capability)):
        own = [share for share in found.by_agent if share.facet == facet]
        if abs(found.percent(total)) >= VISIBLE:
            most = _largest(own, total)
            who = listed(tuple(share.who[0] for share in most))
            said = f"Of {facet} {_amount(found, total)}, the largest part is due to {who}"
            told.append(_share_finding(f"{said}: {_amount(found, most[0].value)}{' each' * (len(most) > 1)}.", own))
    line = sum(share.value for share in found.by_pair) + found.beyond_pairs
    if len(found.by_pair) > 1 and abs(found.percent(line)) >= VISIBLE:
        most = _largest(list(found.by_pair), line)
        said = f"Of what perfect players do to each other, {_amount(found, line)}, the largest part lies between "
        said += listed(tuple(" and ".join(share.who) for share in most[:3])) + (", and others" if len(most) > 3 else "")
        said += f": {_amount(found, most[0].value)}{' each' * (len(most) > 1)}."
        said += f" Regard between pairs leaves {_amount(found, found.beyond_pairs)}."
        told.append(_share_finding(said, list(found.by_pair)))
    elif found.by_pair and abs(found.percent(found.beyond_pairs)) >= VISIBLE:
        said = (
            f"Regard of each for the other leaves {_amount(found, found.beyond_pairs)} of what they do to each other."
        )
        told.append(_share_finding(said, list(found.by_pair)))
    return told


def _largest(shares: list[Share], total: float) -> list[Share]:
    """The shares that go furthest in the direction of the total, ties within a percent of it."""
    top = max(share.value * math.copysign(1, total) for share in shares)
    return [share for share in shares if share.value * math.copysign(1, total) >= top - 0.01 * abs(total)]


def _share_finding(said: str, shares: list[Share]) -> Finding:
    orders = shares[0].orders
    if orders:
        said += f" (Sampled over {orders} random orders, with 95 % intervals.)"
    rows = [{"who": list(share.who), "mean": share.value, "margin": share.margin} for share in shares]
    return Finding("shares", said, tuple(name for share in shares for name in share.who), {"shares": rows}, SOURCE)


def _effects(found: Facets) -> list[Finding]:
    slack = 1e-9 * max(abs(found.optimum), abs(found.worst_outcome), found.stake)
    losers = [name for name, (now, _) in found.effects.items() if found.reach[name] < now - slack]
    if not losers or found.percent(found.gap) < VISIBLE:
        return []
    silent = [name for name in losers if name in found.bystanders]
    said = f"At the optimum {listed(tuple(losers))} would have less than now"
    said += f", and {listed(tuple(silent))} would have no say in it." if silent else ": they have to be compensated."
    numbers = {name: {"played": now, "optimum": best} for name, (now, best) in found.effects.items()}
    return [Finding("effects", said, tuple(losers), numbers, SOURCE)]
