"""What a negotiation came to, how far it is from what could be had, and a table of who does how well with whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from ..core.errors import InputError, TooLarge
from ..core.forms.negotiation import Negotiation
from ..core.forms.normal_form import NormalForm
from ..core.game import Array

PAIRINGS = 20_000
"""Negotiations that one table may take."""


class Step(NamedTuple):
    """One step of a negotiation: the round, who acted, what it did, and about which outcome."""

    round: int
    party: str
    act: str
    outcome: tuple[str, ...]


class Points(NamedTuple):
    """Outcomes by number that solutions single out: the largest product of gains, and the fairest relative gains."""

    nash: int
    kalai_smorodinsky: int


@dataclass(frozen=True)
class Settlement:
    """What a negotiation came to.

    Attributes
    ----------
    agreement : the option of each issue; None without an agreement.
    utilities : what each has in the end, discounted; its reservation value without an agreement.
    rounds : how many rounds it took.
    trace : all that was said, in order.
    distances : from what was reached to the nearest efficient outcome ("Pareto"), to the outcome with the largest
        product of gains ("Nash") and to the one with the most equal relative gains ("Kalai–Smorodinsky"), before
        discounting, in units of utility (Euclidean); the two last only where something betters everybody.
    negotiation, styles, seed : what was negotiated, how, and from which seed.
    """

    agreement: tuple[str, ...] | None
    utilities: tuple[float, ...]
    rounds: int
    trace: tuple[Step, ...]
    distances: Mapping[str, float]
    negotiation: Negotiation
    styles: tuple[str, ...]
    seed: int


def settled(
    negotiation: Negotiation,
    outcome: int | None,
    share: float,
    rounds: int,
    trace: Sequence[Step],
    styles: Sequence[str],
    seed: int,
) -> Settlement:
    """A settlement at an outcome, `share` of the time being over."""
    at = negotiation.reservations if outcome is None else negotiation.utilities[:, outcome]
    got = at if outcome is None else at * negotiation.discounts**share
    named = None if outcome is None else negotiation.outcome(outcome)
    return Settlement(
        named,
        tuple(got.tolist()),
        rounds,
        tuple(trace),
        distances(negotiation, at),
        negotiation,
        tuple(styles),
        seed,
    )


def distances(negotiation: Negotiation, reached: Array) -> dict[str, float]:
    """How far `reached [n]` is from the efficient outcomes and from what solutions single out."""
    front = negotiation.utilities[:, negotiation.efficient]
    found = {"Pareto": float(np.linalg.norm(front.T - reached, axis=1).min())}
    if points := points_of(negotiation):
        there = negotiation.utilities[:, list(points)].T
        nash, smorodinsky = np.linalg.norm(there - reached, axis=1)
        found |= {"Nash": float(nash), "Kalai–Smorodinsky": float(smorodinsky)}
    return found


def points_of(negotiation: Negotiation) -> Points | None:
    """What solutions single out among the efficient outcomes that better everybody; None where there is none.

    Of equal ones the first. Without lotteries, the Kalai–Smorodinsky outcome is the one whose least relative gain is
    largest, then the next least, and so on.
    """
    good = np.flatnonzero(negotiation.efficient & negotiation.rational)
    gains = negotiation.utilities[:, good] - negotiation.reservations[:, None]
    if not (gains > 0).all(0).any():
        return None
    here = (gains > 0).all(0)
    with np.errstate(divide="ignore"):
        product_of = np.where(here, np.log(np.where(here, gains, 1)).sum(0), -np.inf)
    relative = np.sort(gains / gains.max(1, keepdims=True), 0).round(12)
    order = np.lexsort((np.arange(len(good))[::-1], *relative[::-1]))
    return Points(int(good[product_of.argmax()]), int(good[order[-1]]))


@dataclass(frozen=True)
class Meetings:
    """Who does how well with whom, on average over cases and seeds.

    Attributes
    ----------
    game : the game of choosing a style, one seat for each party: all that works on tables works on it.
    agreed : `float[S, …]`, the share of negotiations that ended in an agreement, at each pairing.
    efficient : `float[S, …]`, the mean distance to the efficient outcomes.
    rounds : `float[S, …]`, the mean number of rounds.
    runs : how many negotiations each number is the mean of.
    """

    game: NormalForm
    agreed: Array
    efficient: Array
    rounds: Array
    runs: int


def meetings(
    negotiations: Any,
    names: Sequence[str],
    negotiate: Callable[[Negotiation, tuple[int, ...], int], Settlement],
    seeds: int,
    seed: int,
) -> Meetings:
    """All pairings of styles, each in every case, `seeds` times."""
    cases = [negotiations] if isinstance(negotiations, Negotiation) else list(negotiations)
    if not cases or len({one.parties for one in cases}) > 1 or len(names) < 2 or seeds < 1:
        raise InputError(
            f"{len(cases)} negotiations, {len(names)} styles, {seeds} seeds.",
            "Styles are compared in one or more negotiations between parties of the same names.",
            "Give at least one negotiation, two styles, one seed.",
        )
    count = len(cases[0].parties)
    runs = len(names) ** count * len(cases) * seeds
    if runs > PAIRINGS:
        raise TooLarge(f"{runs:,} negotiations.", f"More than {PAIRINGS:,} take long.", "Give fewer.")
    shape = (len(names),) * count
    payoffs, tables = np.zeros((*shape, count)), np.zeros((3, *shape))
    for place in product(range(len(names)), repeat=count):
        found = [negotiate(case, place, seed + k) for case in cases for k in range(seeds)]
        payoffs[place] = np.mean([one.utilities for one in found], axis=0)
        told = [(one.agreement is not None, one.distances["Pareto"], one.rounds) for one in found]
        tables[(slice(None), *place)] = np.mean(told, axis=0)
    game = NormalForm(payoffs, players=cases[0].parties, moves=tuple(names), name="choice of styles")
    return Meetings(game, tables[0], tables[1], tables[2], len(cases) * seeds)
