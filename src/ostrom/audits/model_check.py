"""Does a protocol keep its promises, in whatever order steps come and whoever is faulty?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..core.claim import Claim, Verdict
from ..core.errors import InputError
from ..core.protocol import DEVIATIONS, Protocol, refused_kinds
from ._end_components import circle, round_trip, stop
from ._explore import Explored, explore, explore_all, in_words, step_between, way_to
from ._faults import Faults, fault_sets


@dataclass(frozen=True)
class ModelChecked:
    """What was found of a protocol.

    Attributes
    ----------
    claims : that there is no deadlock, each safety property, then each liveness property.
    states, steps : how many states can be reached and how many steps lead on from them, over all sets of faulty
        parties; of what was looked at where the search is partial.
    status : "complete", or "partial" where the budget ended first; nothing is proved then.
    reached : liveness property -> the shortest trace to a state where it holds when nobody is faulty; None where there
        is no such state among those found.
    """

    claims: tuple[Claim, ...]
    states: int
    steps: int
    status: Literal["complete", "partial"]
    reached: Mapping[str, list[tuple[str, str]] | None]

    @property
    def verdict(self) -> Verdict:
        """The worst of all claims: refuted before unknown before proved."""
        found = {claim.verdict for claim in self.claims}
        return "refuted" if "refuted" in found else "unknown" if "unknown" in found else "proved"


def model_check(
    protocol: Protocol,
    faulty: int | Collection[str] = 0,
    *,
    kinds: Collection[str] = DEVIATIONS,
    limit: int = 1_000_000,
) -> ModelChecked:
    """Explores every state that a protocol can come to, breadth first, and answers with claims that replay.

    Safety and the absence of deadlocks are asked of every state that can be reached; a refutation is a shortest trace,
    which `protocol.follow` replays. Liveness is asked of every way to go on: what has to come about does, with
    certainty, as long as nobody honest is held up for ever (weak fairness) and chance draws every step whose odds are
    above 0 sooner or later. A refutation is a trace to a stop, or a trace and a circle after it. What an honest party
    draws or is free to choose counts as able to go any way.

    Parameters
    ----------
    protocol : what is checked.
    faulty : which parties may leave the protocol: names, or a number: every set of at most so many in turn, one of
        those that differ only by who of `protocol.alike` is in them.
    kinds : the deviations they may make; with "silent" among them they may also stop for good at any time.
    limit : states kept for one question (safety; each liveness property), over all sets of faulty parties together;
        beyond it the answer is "partial". At least 1; the first state of every set is looked at in any case.

    Returns
    -------
    ModelChecked
        `proved` only where all states were explored, for every set of faulty parties (tolerance 0).

    Raises
    ------
    InputError : states that cannot be hashed, payments at an end that are not one finite number each, numbers out of
        range. UnknownName : a party or kind there is not.

    Examples
    --------
    >>> from ostrom.protocols import TwoPhaseCommit
    >>> found = model_check(TwoPhaseCommit(participants=3))
    >>> found.states, found.verdict
    (288, 'proved')

    Source: Baier and Katoen, Principles of Model Checking (2008).
    """
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise InputError(f"limit is {limit!r}.", "It counts states.", "Give a whole number of at least 1.")
    chosen = refused_kinds(kinds)
    sets, parties = fault_sets(protocol, faulty), frozenset(protocol.parties)
    faults = [Faults(parties, who, chosen, many) for who, many in sets.items()]
    safety, liveness = protocol.safety(), protocol.liveness()
    searches = list(zip(faults, explore_all(protocol, faults, limit, watch=list(safety.items())), strict=True))
    claims = [_no_deadlock(protocol, searches)]
    claims += [_safe(protocol, name, searches) for name in safety]
    for name, holds in liveness.items():
        until = explore_all(protocol, faults, limit, halt=holds, edges=True)  # all that comes before it comes about
        claims.append(_live(protocol, name, list(zip(faults, until, strict=True))))
    whole = all(found.complete for _, found in searches)
    return ModelChecked(
        tuple(claims),
        sum(found.expanded for _, found in searches),
        sum(found.steps for _, found in searches),
        "complete" if whole else "partial",
        {name: _first(protocol, limit, holds) for name, holds in liveness.items()},
    )


Searches = list[tuple[Faults, Explored]]


def _no_deadlock(protocol: Protocol, searches: Searches) -> Claim:
    said = "Play never comes to a stand where it should go on."
    bad = next(((faults, found, found.stuck) for faults, found in searches if found.stuck is not None), None)
    return _of_states(protocol, said, searches, bad)


def _safe(protocol: Protocol, name: str, searches: Searches) -> Claim:
    bad = next(((faults, found, found.reached[name]) for faults, found in searches if name in found.reached), None)
    return _of_states(protocol, f"Always: {name}.", searches, bad)


def _of_states(protocol: Protocol, said: str, searches: Searches, bad: tuple[Faults, Explored, int] | None) -> Claim:
    method = "breadth-first search of all reachable states"
    if bad is None:
        return _passed(said, searches, method)
    faults, found, number = bad
    trace = way_to(protocol, faults, found, number)
    witness = {"faulty": sorted(faults.who), "trace": trace, "in words": in_words(trace)}
    return Claim(said, "refuted", method, 0.0, _numbers(searches), witness)


def _live(protocol: Protocol, name: str, searches: Searches) -> Claim:
    said, method = f"Sooner or later: {name}.", "stops and fair end components of the states before it"
    for faults, found in searches:
        if witness := _never(protocol, faults, found):
            return Claim(said, "refuted", method, 0.0, _numbers(searches), {"faulty": sorted(faults.who), **witness})
    return _passed(said, searches, method)


def _never(protocol: Protocol, faults: Faults, found: Explored) -> dict[str, Any] | None:
    """A way to go on for ever, or to stop, before what should come about has."""
    at = stop(found, faults.idle)
    if at is not None:
        trace = way_to(protocol, faults, found, at)
        return {"trace": trace, "then": "nothing", "in words": f"{in_words(trace)}; and then nothing more"}
    ring = circle(found, faults.parties, faults.idle)
    if ring is None:
        return None
    walk, states = round_trip(found, ring, faults.idle), found.states
    trace = way_to(protocol, faults, found, min(ring.states))
    loop = [step_between(protocol, faults, states[k], states[at], who) for k, who, at in walk]
    return {"trace": trace, "then": loop, "in words": f"{in_words(trace)}; and then for ever: {in_words(loop)}"}


def _first(protocol: Protocol, limit: int, holds: Any) -> list[tuple[str, str]] | None:
    """The shortest trace to where a property holds when nobody is faulty."""
    honest = Faults(frozenset(protocol.parties))
    found = explore(protocol, honest, limit, [("", lambda state, who: not holds(state, who))])
    return way_to(protocol, honest, found, found.reached[""]) if "" in found.reached else None


def _passed(said: str, searches: Searches, method: str) -> Claim:
    if all(found.complete for _, found in searches):
        return Claim(said, "proved", method, 0.0, _numbers(searches))
    return Claim(said, "unknown", method, numbers={**_numbers(searches), "reason": "the budget of states ended first"})


def _numbers(searches: Searches) -> dict[str, Any]:
    partial = any(not found.complete for _, found in searches)
    return {
        "states": sum(found.expanded for _, found in searches),
        "steps": sum(found.steps for _, found in searches),
        "sets of faulty parties": sum(faults.stands_for for faults, _ in searches),
        "sets looked at": len(searches),
        "status": "partial" if partial else "complete",
    }
