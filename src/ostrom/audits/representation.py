"""Does a committee represent all groups that are large enough and agree: how large is the largest that it deserts?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from ..core.claim import Claim
from ..core.exact import written
from ..core.forms.ballots import Ballots
from ._cohesive import Group, Quota, Seated, cohesive, least_average


def representation(
    ballots: Ballots,
    committee: Sequence[str] | Any,
    *,
    quota: Any = "hare",
    seats: int | None = None,
    within: int = 1,
    most: int = 100_000,
) -> tuple[Claim, Claim, Claim]:
    """Justified representation (JR), EJR+ and proportionality of a committee by approval, as degrees.

    JR: no group of a quota of voters who all approve of somebody is without any member it approves of (Aziz et al.
    2017). EJR+: in no group of ℓ quotas who all approve of somebody who is not elected has everybody fewer than ℓ
    members (Brill and Peters 2023). Proportionality degree: of groups of ℓ quotas who agree on ℓ alternatives, what the
    voters of the worst have on average (Skowron 2021).

    Parameters
    ----------
    ballots : with 0 for what a ballot approves and -1 for the rest; counts are voters.
    committee : names, or what a rule of committees returns.
    quota : how many voters deserve a member: "hare" for n / seats, "droop" for more than n / (seats + 1), or a number.
    seats : by default as many as there are members; give it where some were left open.
    within : of ranked ballots the best so many places are approved.
    most : sets of alternatives that are looked at for the proportionality degree; past it that claim is unknown.

    Returns
    -------
    Three claims. `holds above` is the degree: JR, or EJR+, holds at every quota above it, and fails at it and below;
    `in quotas` is the same over n / seats, and below 1 where it holds at Hare's quota: the smaller, the more
    representative. `averages` holds the proportionality degree for each ℓ at which there are such groups, and the third
    claim says that it is nowhere below (ℓ − 1) / 2, as EJR guarantees. All is counted in whole numbers. Witnesses name
    the group by the rows of `ballots`, and replay with `replay_representation`; a failure holds its largest group.

    Raises
    ------
    UnknownName : a member who is no alternative, or another quota. InputError : numbers that do not fit.

    Examples
    --------
    >>> split = Ballots([[0, 0, -1, -1], [-1, -1, 0, 0]], [6, 4])
    >>> [claim.verdict for claim in representation(split, ("a", "b"))]
    ['proved', 'proved', 'proved']
    >>> representation(split, ("a", "b"), quota="droop")[0].witness["voters"]
    4
    """
    seated = Seated.of(ballots, committee, seats, within)
    asked = Quota.of(quota, seated)
    who = ", ".join(name for name, elected in zip(seated.names, seated.elected, strict=True) if elected) or "nobody"
    return (
        _extended(seated, asked, who, "JR", range(1, 2)),
        _extended(seated, asked, who, "EJR+", range(1, seated.seats + 1)),
        _degree(seated, asked, who, most),
    )


def replay_representation(ballots: Ballots, committee: Sequence[str] | Any, witness: Mapping[str, Any]) -> bool:
    """Whether the group of a witness is what it says it is, looked up again on the ballots.

    Its voters are there, all approve of what they agree on, and have what the witness says, at most or on average.
    `within` other than 1 is read from the witness.
    """
    seated = Seated.of(ballots, committee, witness["seats"], witness["within"])
    rows, many = list(witness["ballots"]), list(witness["of each"])
    agreed = [seated.names.index(one) for one in witness["agree on"]]
    there = all(0 < take <= seated.counts[row] for row, take in zip(rows, many, strict=True))
    agree = bool(seated.approved[rows][:, agreed].all()) and len(set(rows)) == len(rows)
    have = [int(seated.have[row]) for row in rows]
    average = Fraction(sum(take * own for take, own in zip(many, have, strict=True)), sum(many))
    fits = average == Fraction(witness["average"]) and max(have) == witness["most"]
    return there and agree and fits and sum(many) == witness["voters"]


def _extended(seated: Seated, quota: Quota, who: str, axiom: str, levels: range) -> Claim:
    worst, deserted = seated.deserted(levels)
    group_of = "a quota who all approve of somebody" if axiom == "JR" else "ℓ quotas who all approve of one not elected"
    enough = "a member" if axiom == "JR" else "ℓ members"
    statement = (
        f"{who}: in every group of {group_of}, one at least approves of {enough} "
        f"({axiom}; {quota.name} quota, {_more(quota)} voters)."
    )
    share = worst * seated.seats / seated.voters
    numbers = {
        "axiom": axiom,
        "holds above": float(worst),
        "holds above, exactly": written(worst),
        "in quotas": float(share),
        "quota": float(quota.size),
        "voters": seated.voters,
        "seats": seated.seats,
    }
    method = "counting, for everybody who is not elected, supporters who have few members, in whole numbers"
    if deserted is None or not quota.reached(worst):
        return Claim(statement, "proved", method, 0.0, numbers)
    return Claim(statement, "refuted", method, 0.0, numbers, _witness(seated, deserted))


def _degree(seated: Seated, quota: Quota, who: str, most: int) -> Claim:
    averages: dict[int, tuple[Fraction, Group]] = {}
    complete = True
    for found in cohesive(seated, quota, most):
        if found is None:
            complete = False
            break
        level, alternatives, rows = found
        size = quota.needed(level)
        average = least_average(seated, rows, size)
        if level not in averages or average < averages[level][0]:
            averages[level] = average, seated.group(rows, alternatives, level, size)
    statement = (
        f"{who}: every group of ℓ quotas who all approve of ℓ alternatives has on average at least (ℓ - 1) / 2 "
        f"members (proportionality degree; {quota.name} quota, {_more(quota)} voters)."
    )
    numbers = {
        "averages": {str(level): float(averages[level][0]) for level in sorted(averages)},
        "quota": float(quota.size),
        "complete": complete,
    }
    method = "going through all sets of alternatives that enough voters agree on, in whole numbers"
    below = [group for level, (average, group) in sorted(averages.items()) if 2 * average < level - 1]
    if below:
        return Claim(statement, "refuted", method, 0.0, numbers, _witness(seated, below[0]))
    if complete:
        return Claim(statement, "proved", method, 0.0, numbers)
    return Claim(statement, "unknown", f"{method}; stopped after {most:,} sets", None, numbers)


def _witness(seated: Seated, group: Group) -> dict[str, Any]:
    have = [int(seated.have[row]) for row in group.rows]
    total = sum(many * own for many, own in zip(group.many, have, strict=True))
    return {
        "voters": group.size,
        "ballots": list(group.rows),
        "of each": list(group.many),
        "agree on": list(group.alternatives),
        "level": group.level,
        "most": max(have),
        "average": written(Fraction(total, group.size)),
        "seats": seated.seats,
        "within": seated.within,
    }


def _more(quota: Quota) -> str:
    return f"{'more than ' if quota.strict else ''}{float(quota.size):g}"
