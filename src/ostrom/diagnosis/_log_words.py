"""What a diagnosed log shows, in sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from ..core.claim import Finding
from ._log_arms import Arm, Sending
from ._log_intervals import Estimate
from ._log_play import Observed

GAMES = {
    "prisoners_dilemma": "the prisoner's dilemma",
    "travellers_dilemma": "the traveller's dilemma",
    "stag_hunt": "the stag hunt",
    "trust_game": "the trust game",
    "public_goods": "the public goods game",
}
MECHANISMS = {
    "no_mechanism": "without any mechanism",
    "contracting": "with contracts",
    "mediation": "with a mediator",
    "repetition": "when it is repeated",
    "reputation": "with reputations",
    "reputation_first_order": "with first-order reputations",
}

GAIN = "The possible gain is what lies between the worst and the best outcome of the base game, in mean points."
CLUSTERED = (
    "Intervals are clustered by model and by pairing (pigeonhole bootstrap, Owen 2007), their percentiles stretched as "
    "Student's t asks for few models."
)
EMPIRICAL = "Empirical game over the agents: Walsh et al. (2002), Wellman (2006)."


def findings(arms: Sequence[Arm]) -> Iterator[Finding]:
    """The findings on every arm, then on the records as a whole."""
    for arm in arms:
        yield _welfare(arm)
        if arm.observed is not None and arm.realised is not None:
            yield _facets(arm, arm.observed)
        if arm.sending is not None:
            yield _sent(arm, arm.sending)
    yield from _unsent(arms)
    yield from _holes(arms)
    yield from _agreement(arms)


def name(arm: Arm) -> str:
    """A game and mechanism in words."""
    cell = arm.cell
    words = MECHANISMS.get(cell.mechanism, f"under {_spaced(cell.mechanism)}")
    more = "" if cell.variant == cell.mechanism else f" ({cell.variant})"
    return f"{GAMES.get(cell.game, _spaced(cell.game))} {words}{more}"


def _welfare(arm: Arm) -> Finding:
    each, agents = arm.points.each, tuple(arm.points.agents)
    got = f"In {name(arm)} the {len(agents)} agents ({each.models} models) got {_two(each.value)} points each"
    if arm.realised is None:
        end = f"{_by_seat(arm)}. There is nothing to gain: whatever is played, the points add up to the same."
    else:
        end = f" of {_two(arm.optimum)} ({each.interval}){_by_seat(arm)}. {_share(arm, arm.realised.value)}"
    numbers = {
        "cell": arm.cell.name,
        "worst": arm.worst,
        "optimum": arm.optimum,
        "points": asdict(each),
        "seats": [asdict(seat) for seat in arm.points.seats],
        "agents": {agent: asdict(estimate) for agent, estimate in arm.points.agents.items()},
        "realised": arm.realised and asdict(arm.realised),
        "added": arm.added and asdict(arm.added),
        "closed": arm.closed,
    }
    return Finding("welfare", got + end, agents, numbers, f"{GAIN} {CLUSTERED}")


def _by_seat(arm: Arm) -> str:
    if arm.symmetric or not arm.points.seats:
        return ""
    seats = zip(arm.cell.base.players, arm.points.seats, strict=True)
    return ", " + " and ".join(f"{player} {_two(seat.value)}" for player, seat in seats)


def _share(arm: Arm, realised: float) -> str:
    left = f"That leaves {_percent(1 - realised)} of the possible gain on the table"
    if arm.added is None or arm.closed is None:
        return f"{left}."
    sure = arm.added.low is None or arm.added.high is None or arm.added.low > 0 or arm.added.high < 0
    doubt = "" if sure else "; among other models it might be nothing"
    by = f"{_signed(arm.added.value)} points, {arm.added.interval}{doubt}"
    if arm.closed < 0:
        return f"{left}, {_percent(-arm.closed)} more than play without any mechanism leaves ({by})."
    return f"{left}; it closes {_percent(arm.closed)} of what play without any mechanism leaves ({by})."


def _facets(arm: Arm, observed: Observed) -> Finding:
    found = arm.facets
    parts = {line: value for line, value in found.lines.items() if line != "unexplained"}
    ranked = sorted((item for item in parts.items() if _matters(arm, item[1])), key=lambda item: -abs(item[1]))
    leaves = ", ".join(f"{line} {_two(value)}" for line, value in ranked)
    sentence = f"{_fit(arm.precision)} leaves {_two(found.gap)} points" + (f": {leaves}." if leaves else ".")
    if arm.unexplained and _matters(arm, found.unexplained):
        better = "better" if found.unexplained < 0 else "worse"
        sentence += f" They did {_two(abs(found.unexplained))} points {better} than that; {_doubt(arm.unexplained)}."
    numbers = {
        "cell": arm.cell.name,
        "precision": arm.precision and _plain(asdict(arm.precision)),
        "unexplained": arm.unexplained and asdict(arm.unexplained),
        "observed": found.observed,
        "gap": found.gap,
        "lines": dict(found.lines),
        "selection": found.selection,
        "play": observed.source,
        "pooled": [mixture.tolist() for mixture in observed.pooled],
    }
    return Finding("facets", sentence, arm.cell.base.players, numbers, f"The base game with {observed.source}.")


def _fit(precision: Estimate | None) -> str:
    if precision is None or precision.value == 0:
        return "Play by blind chance comes nearest to what they did, if each looks after itself in the base game; it"
    ends = (
        ""
        if precision.low is None
        else f" ({100 * precision.level:g} % interval {_short(precision.low)} to {_short(precision.high or 0)})"
    )
    fitted = f"their fitted precision is {_short(precision.value)}{ends}"
    return f"If each looks after itself in the base game, {fitted}; such play"


def _doubt(unexplained: Estimate) -> str:
    if unexplained.low is None or unexplained.high is None or unexplained.low > 0 or unexplained.high < 0:
        return "self-interest does not explain it"
    return "self-interest does not explain it here, though among other models it might"


def _plain(numbers: dict[str, Any]) -> dict[str, Any]:
    """The same with infinities as words, which JSON has no numbers for."""
    return {key: "inf" if value == math.inf else value for key, value in numbers.items()}


def _short(precision: float) -> str:
    return "∞" if math.isinf(precision) else f"{precision:.2g}"


def _matters(arm: Arm, points: float) -> bool:
    """Whether it is at least half a percent of what is at stake."""
    return abs(points) >= 0.005 * (arm.optimum - arm.worst)


def _sent(arm: Arm, sent: Sending) -> Finding:
    """Which agents principals would send."""
    if sent.settled is None or sent.any_stable < 0.5:
        end = "no choice is stable: whoever is sent, some principal would rather have sent another."
    else:
        pays = " to ".join(dict.fromkeys(_two(points) for points in sent.settled))
        end = f"principals who each choose for themselves settle on {pays} points of {_two(sent.best)}. {_who(sent)}"
    numbers = {
        "cell": arm.cell.name,
        "agents": list(sent.play.agents),
        "stable": sent.stable.tolist(),
        "against_all": sent.against_all.tolist(),
        "any_stable": sent.any_stable,
        "settled": sent.settled and list(sent.settled),
        "best": sent.best,
    }
    start = f"When agents are chosen to be sent into {name(arm)},"
    return Finding("sending", f"{start} {end}", sent.play.agents, numbers, EMPIRICAL)


def _who(sent: Sending) -> str:
    seats = ["They"] if sent.play.symmetric else [player.capitalize() for player in sent.play.game.players]
    said = []
    for seat, shares in zip(seats, sent.stable, strict=False):
        named = [(agent.rpartition("/")[2], share) for agent, share in zip(sent.play.agents, shares, strict=True)]
        often = ", ".join(agent for agent, share in named if share >= 0.5) or "anybody"
        never = ", ".join(agent for agent, share in named if share <= 0.05)
        said.append(f"{seat} may well send {often}" + (f", and hardly ever {never}." if never else "."))
    return " ".join(said)


def _unsent(arms: Sequence[Arm]) -> Iterator[Finding]:
    for reason in dict.fromkeys(arm.not_sent for arm in arms if arm.sending is None):
        silent = [arm for arm in arms if arm.sending is None and arm.not_sent == reason]
        sentence = f"Which agent principals would send cannot be told in {'; '.join(map(name, silent))}. {reason}"
        yield Finding("sending", sentence, numbers={"cells": [arm.cell.name for arm in silent]}, source=EMPIRICAL)


def _holes(arms: Sequence[Arm]) -> Iterator[Finding]:
    for arm in arms:
        seen = arm.observed.runs if arm.observed else ()
        if missing := sorted(set(arm.points.runs) - set(seen)):
            sentence = f"Of {name(arm)} the decisions in {', '.join(missing)} were not recorded, only what they paid."
            yield Finding("records", sentence, numbers={"cell": arm.cell.name, "runs": missing})
        if arm.observed and arm.observed.incomplete:
            rounds = arm.observed.incomplete
            sentence = f"In {rounds} rounds of {name(arm)} some seat was not recorded; they are left out of the play."
            yield Finding("records", sentence, numbers={"cell": arm.cell.name, "rounds": rounds})


def _agreement(arms: Sequence[Arm]) -> Iterator[Finding]:
    """Whether the recorded points are what the games, and signed contracts, pay for the recorded moves."""
    checked = [(arm, arm.observed) for arm in arms if arm.observed]
    for arm, seen in checked:
        if seen.agreeing < seen.rounds:
            sentence = (
                f"In {seen.rounds - seen.agreeing} of {seen.rounds} rounds of {name(arm)} the recorded points are not "
                f"what the game pays; first in {seen.disagreement}."
            )
            numbers = {"cell": arm.cell.name, "rounds": seen.rounds, "agreeing": seen.agreeing}
            yield Finding("records", sentence, numbers=numbers)
    rounds, agreeing = (sum(getattr(seen, count) for _, seen in checked) for count in ("rounds", "agreeing"))
    if rounds and rounds == agreeing:
        sentence = f"The recorded points are what the games and signed contracts pay, in every round ({rounds:,})."
        yield Finding("records", sentence, numbers={"rounds": rounds, "agreeing": agreeing})


def _spaced(words: str) -> str:
    return words.replace("_", " ")


def _two(points: float) -> str:
    """Two decimals, never a negative zero."""
    return f"{round(points, 2) + 0.0:.2f}"


def _signed(points: float) -> str:
    return f"{round(points, 2) + 0.0:+.2f}"


def _percent(share: float) -> str:
    return f"{round(100 * share) + 0:d} %"
