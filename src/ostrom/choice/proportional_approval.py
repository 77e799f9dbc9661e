"""The committee that is worth most to voters to whom a second member they approve of is worth less than the first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from ..core.errors import InputError
from ..core.forms.ballots import Ballots
from ._committee import Approvals, Committee, Step, in_turn, spoken
from ._decision import listed
from ._thiele import Thiele

LOOK = 5_000_000
"""Pairs of a committee and a ballot up to which all are looked at; beyond, HiGHS searches."""


def proportional_approval(
    ballots: Ballots,
    seats: int,
    *,
    weights: str | Sequence[Any] = "proportional",
    order: Sequence[str] | None = None,
    within: int = 1,
    most: int = 100,
    seconds: float = 60.0,
) -> Committee:
    """The committee with the highest sum over voters of 1 + 1/2 + 1/3 + …, a term for each member they approve of.

    Proportional approval voting (Thiele 1895); it is EJR+ (Brill and Peters 2023). Other weights give the rest of his
    family.

    Parameters
    ----------
    ballots : with 0 for what a ballot approves and -1 for the rest; counts may be weights.
    seats : how many are elected, 1 to m.
    weights : "proportional" for 1, 1/2, 1/3, …; "coverage" for 1, 0, 0, … (Chamberlin and Courant 1983: as many as can
        be have somebody); "approval" for 1, 1, 1, … (those with the most approvals); or numbers of your own that do not
        rise, one for each seat.
    order : names, all of them: of tied committees the one with the first of them is `members`; by default the order of
        the alternatives.
    within : of ranked ballots the best so many places are approved.
    most : tied committees that are listed, at least 1; `complete` says whether these are all. Where HiGHS searches,
        each takes one more program, and the declared order decides among those found.
    seconds : for one program.

    Returns
    -------
    The committee; `score` is its sum and `scores` what it would lose without each member, in fractions. Where it is
    feasible all committees are looked at, in whole numbers. Else a mixed-integer program searches (HiGHS, to a gap of
    0); committees that are as good within its tolerances, 1e-6 a voter and seat, are compared in whole numbers.

    Raises
    ------
    InputError : numbers or an order that do not fit; `UnknownName` for other weights, or a name in `order`.
    TooLarge : a program that was not settled in time.

    Examples
    --------
    >>> ballots = Ballots([[0, 0, -1], [-1, -1, 0]], [3, 1], ("a", "b", "c"))
    >>> proportional_approval(ballots, 2).members, proportional_approval(ballots, 2, weights="coverage").tied
    (('a', 'b'), (('a', 'c'), ('b', 'c')))
    """
    if most < 1 or not seconds > 0:
        raise InputError(f"{most} committees in {seconds} seconds.", do="Give most=1 or more, and some time.")
    given = Approvals.of(ballots, seats, order, within)
    thiele = Thiele.of(given, weights)
    few = math.comb(len(given.names), given.seats) * len(given.table) <= LOOK
    found, complete = thiele.looked_through(most) if few else thiele.programmed(most, seconds)
    chosen, best = sorted(given.first(found)), thiele.score(found[0])
    lost = [Fraction(best - thiele.score([k for k in chosen if k != one]), thiele.unit) for one in chosen]
    score = Fraction(best, thiele.unit)
    return Committee(
        _called(weights),
        given.names,
        given.named(chosen),
        tuple(given.named(one) for one in found),
        tuple(lost),
        score,
        (_told(given, score, found, complete, chosen),),
        int(len(found) > 1),
        complete,
    )


def sequential_proportional_approval(
    ballots: Ballots,
    seats: int,
    *,
    weights: str | Sequence[Any] = "proportional",
    order: Sequence[str] | None = None,
    within: int = 1,
) -> Committee:
    """Elect whoever adds most to the score of `proportional_approval`, one member after the other (Thiele 1895).

    It reaches at least 1 - 1/e of the best score (Nemhauser, Wolsey and Fisher 1978), and a larger committee contains
    the smaller.

    Parameters
    ----------
    ballots, seats, weights, order, within : as for `proportional_approval`; `order` says who goes first in a tie.

    Returns
    -------
    The committee; `scores` hold what each member added, `score` their sum, in fractions.

    Raises
    ------
    As `proportional_approval`.

    Examples
    --------
    >>> sequential_proportional_approval(Ballots([[0, 0, -1], [-1, -1, 0]], [3, 1], ("a", "b", "c")), 2).members
    ('a', 'b')
    """
    given = Approvals.of(ballots, seats, order, within)
    thiele = Thiele.of(given, weights)

    def step(members: frozenset[int], state: None) -> Step:
        gains = thiele.gains(members)
        top = max(gains.values())
        score = Fraction(top, thiele.unit)
        return {k: None for k, gain in gains.items() if gain == top}, score, f"{spoken(score)} added to the score"

    found = in_turn(f"sequential {_called(weights)}", given, None, step)
    return replace(found, score=sum(found.scores, Fraction(0)))


def _called(weights: str | Sequence[Any]) -> str:
    known = {"proportional": "proportional approval", "coverage": "Chamberlin and Courant", "approval": "approvals"}
    return known[weights] if isinstance(weights, str) else "Thiele's rule with weights of its own"


def _told(given: Approvals, score: Fraction, found: list, complete: bool, chosen: list[int]) -> str:
    who, more = listed(given.named(chosen)), "" if complete else "; whether there are more was not looked at"
    if len(found) == 1:
        return f"{who} have the highest score, {spoken(score)}{more}."
    many = f"{len(found)} committees tie for the highest score, {spoken(score)}{more}"
    return f"{many}. The one whose members are first in the declared order is {who}."
