"""What is said about a game too large to list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..core.claim import Finding
from ._large_found import Ends, Extreme, Found, Place
from ._tables import counted, everybody, listed, opened, percent

VISIBLE = 0.005
"""Share of what is at stake below which a part is not worth a sentence."""

NAMED = 4
"""Equilibria, and ends of paths, named in a sentence."""

SOURCES = {
    "replicator dynamics": "Replicator dynamics, one population of all players; Taylor and Jonker (1978)",
    "regret matching": "Regret matching in one population; Hart and Mas-Colell (2000)",
}


def findings(found: Found) -> tuple[Finding, ...]:
    """What is lost, where play leads, which moves are worth it, what it means for each, and where play may settle."""
    return (*_lost(found), *_places(found), *_moves(found), *_effects(found), *_settled(found), *_dynamics(found))


def _lost(found: Found) -> Iterator[Finding]:
    if found.optimum is None or found.gap is None or found.headline is None or found.conflict is None:
        said = f"The best outcome of {found.name} is not known: only where learning leads can be seen."
        yield Finding("facets", said, found.players)
        return
    stake = found.stake if found.stake is not None else abs(found.optimum.place.welfare)
    share = found.gap / stake if stake > 0 else 0.0
    said = f"{percent(share)} of what was possible is lost"
    if found.stake is None:
        said = f"Against the best {_best(found.optimum)}, {percent(share)} of its worth is lost"
    said = said if share > VISIBLE else "Nothing is lost"
    parts = {"coordination": found.coordination, "conflict": found.conflict}
    visible = [name for name, part in parts.items() if abs(part) > VISIBLE * stake]
    if share > VISIBLE:
        kinds = (f"{name} {100 * parts[name] / stake:+.0f} %" for name in visible)
        said += f", all of it in {visible[0]}" if len(visible) == 1 else f": {listed(tuple(kinds))}"
    worst, played, best = found.headline
    numbers = {
        "gap": {"mean": found.gap, "sum": found.gap * len((*found.players, *found.bystanders)), "percent": 100 * share},
        "equilibria": {"worst": worst, "played": played, "best": best, "status": _status(found)},
        **parts,
        "optimum": found.optimum.place.welfare,
        "open": found.optimum.open,
        "worst outcome": None if found.worst is None else found.worst.place.welfare,
        "played": found.played.welfare,
        "precision": "inf",
    }
    yield Finding("facets", f"{said}.", (*found.players, *found.bystanders), numbers, "Impact gap at λ = ∞")


def _status(found: Found) -> str:
    return found.settled.status if found.settled else "partial"


def _places(found: Found) -> Iterator[Finding]:
    """Where play leads and what would be best."""
    said = f"As agents who act for themselves and play perfectly, {found.played.words} ({found.how})"
    if found.optimum is not None:
        said += f"; {_known(found.optimum)} when {found.optimum.place.words}"
    numbers: dict[str, Any] = {"played": _numbers(found.played), "how": found.how}
    for name, extreme in (("optimum", found.optimum), ("worst outcome", found.worst)):
        if extreme is not None:
            numbers[name] = {**_numbers(extreme.place), "status": extreme.status, "method": extreme.method}
    yield Finding("facets", f"{said}.", found.players, numbers)


def _best(optimum: Extreme) -> str:
    return "outcome" if optimum.status == "complete" else "outcome found"


def _known(optimum: Extreme) -> str:
    if optimum.status == "complete":
        return "all together do best, for example,"
    bound = "" if optimum.open is None else f" (and no outcome is better by more than {optimum.open:.3g} each)"
    return f"the best found{bound} is"


def _numbers(place: Place) -> dict[str, Any]:
    counts = None if place.counts is None else list(place.counts)
    shares = {"player": place.player, "bystanders": list(place.bystanders)}
    return {"where": place.words, "counts": counts, "welfare": place.welfare, "regret": place.regret, **shares}


def _moves(found: Found) -> Iterator[Finding]:
    """Which moves are worth making whatever the others do, and the temptation to leave the optimum."""
    if found.choices is None or found.optimum is None:
        return
    choices, who, source = found.choices, opened(everybody(found.players)), "Gale, Kuhn and Tucker (1950)"
    numbers = {"dominant": choices.dominant, "strict": choices.strict, "dominated": dict(choices.dominated)}
    if choices.dominant is not None:
        how = "does best with" if choices.strict else "does at least as well as otherwise with"
        tail = "" if choices.strict else " than with anything else"
        said = f"{who} {how} {choices.dominant}{tail}, whatever the others do"
        lost = choices.strict and found.gap is not None and found.gap > VISIBLE * (found.stake or 0.0)
        said += f"; yet when all do, all together lose {found.gap:.4g} each on average." if lost else "."
        yield Finding("moves", said, found.players, numbers, source)
    elif choices.dominated:
        out = listed(tuple(choices.dominated))
        verb = "is" if len(choices.dominated) == 1 else "are"
        said = f"For {everybody(found.players)}, {out} {verb} never worth playing, whatever the others do."
        yield Finding("moves", said, found.players, numbers, source)
    yield _tempted(found, choices.temptation, choices.lead)


def _tempted(found: Found, temptation: float, lead: tuple[float, float] | None) -> Finding:
    """Greed at the optimum and, with two moves, between what the curves of Schelling's diagram differ."""
    numbers = {"temptation": temptation, "lead": None if lead is None else list(lead)}
    small = 1e-9 * max(1.0, abs(found.played.welfare))
    said = f"At that optimum a player would gain up to {temptation:.4g} by leaving it alone (greed)."
    if temptation <= small:
        said = "At that optimum nobody would gain by leaving it alone (no greed)."
    if lead is not None:
        said += f" The second move pays from {lead[0]:.4g} to {lead[1]:.4g} more than the first, by what the others do."
    return Finding("moves", said, found.players, numbers, "Schelling (1973)")


def _effects(found: Found) -> Iterator[Finding]:
    """What players get on average, and every bystander, where it matters."""
    places = {"as things are": found.played}
    if found.settled and found.settled.worst and found.settled.best:
        worst, best = found.settled.worst, found.settled.best
        kind = "pure equilibrium" if found.settled.status == "complete" else "equilibrium found"
        if best.welfare - worst.welfare > 1e-9 * max(1.0, abs(best.welfare)):
            places |= {f"at the worst {kind}": worst, f"at the best {kind}": best}
    if found.optimum is not None:
        places["at the optimum" if found.optimum.status == "complete" else "at the best found"] = found.optimum.place
    got = {when: place.player for when, place in places.items()}
    yield _gets(f"{everybody(found.players)} gets on average", found.players, got)
    for k, name in enumerate(found.bystanders):
        yield _gets(
            f"{name} get" + "s" * (not name.endswith("s")), (name,), {w: p.bystanders[k] for w, p in places.items()}
        )
    if found.cartel is not None:
        losers = [
            name
            for name, then, now in zip(found.bystanders, found.cartel.bystanders, found.played.bystanders, strict=True)
            if then < now
        ]
        gain = found.cartel.player - found.played.player
        said = (
            f"If the players acted as one for themselves alone, each would gain {gain:.4g} on average by taking from "
        )
        said += f"{listed(tuple(losers))}: a remedy has to count {'them' if len(losers) > 1 else 'that party'} in."
        yield Finding("effects", said, (*found.players, *losers), {"gain per player": gain, **_numbers(found.cartel)})


def _gets(who: str, names: tuple[str, ...], got: dict[str, float]) -> Finding:
    return Finding(
        "effects", opened(f"{who} {listed(tuple(f'{u:.4g} {w}' for w, u in got.items()))}."), names, dict(got)
    )


def _settled(found: Found) -> Iterator[Finding]:
    if found.settled is None:
        return
    places, complete = found.settled.places, found.settled.status == "complete"
    regret = max(place.regret for place in places)
    named = "; ".join(place.words for place in places[:NAMED]) + ("; …" if len(places) > NAMED else "")
    if found.kind == "other":
        said = f"Learning leads to {named}, where somebody would gain up to {regret:.3g} by another move."
    elif found.kind == "alike" and places[0].counts is None:
        said = f"There is no pure equilibrium; in a mixed one that was found {named} (regret {regret:.2g})."
    else:
        count = "one pure equilibrium" if len(places) == 1 else f"{len(places)} pure equilibria"
        alike = ", up to the names of the seats" if found.kind == "alike" else ", by load"
        said = f"There {'is' if len(places) == 1 else 'are'} {count}{alike}{'' if complete else ', and perhaps more'}"
        said += f": {named}."
    numbers = {
        "count": len(places),
        "status": found.settled.status,
        "method": found.settled.method,
        "places": [_numbers(place) for place in places[:NAMED]],
        "largest regret": regret,
    }
    yield Finding("equilibria", said, found.players, numbers, "Nash (1951)")


def _dynamics(found: Found) -> Iterator[Finding]:
    for one in found.dynamics:
        yield _followed(found, one)


def _followed(found: Found, one: Ends) -> Finding:
    parts = [f"{percent(end.share)} end {end.words}" for end in one.ends[:NAMED]]
    more = " and others elsewhere" if len(one.ends) > NAMED else ""
    start = counted(one.starts, "sampled starting point")
    said = f"In one population under {one.method}, of {start} {listed(tuple(parts))}{more}."
    numbers = {
        "starts": one.starts,
        "seed": one.seed,
        "ends": [{"where": end.words, "share": end.share, "interval": list(end.interval)} for end in one.ends],
    }
    return Finding("basins", said, found.players, numbers, SOURCES.get(one.method, ""))
