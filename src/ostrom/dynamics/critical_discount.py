"""How patient players must be for automata to be an equilibrium of a repeated game, exactly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from ..core.automaton import Automaton
from ..core.errors import InputError
from ..core.game import Game
from ._lassos import Lasso, one_shot, path, rational, replies
from ._polynomials import Polynomial, at, minus, never_negative, roots, times
from ._products import Meeting, seated

Condition = dict[Polynomial, tuple[int, Lasso]]
"""What must not be negative, with the player and the deviation that it is about."""


@dataclass(frozen=True)
class CriticalDiscount:
    """For which discount factors a profile of pure automata is an equilibrium.

    Attributes
    ----------
    threshold : the least δ from which on it is one, for all δ up to 1; None where it is none for the very patient.
        A `Fraction` where it is rational (with a denominator up to 10,000), else known to 2^-60.
    intervals : of all δ in [0, 1) for which it is one, ends included, but for an end of 1. A single δ is one
        too, where it is rational.
    subgame_perfect : whether it was asked to be an equilibrium from every state, not only from the first round.
    binding : who would deviate how just below the threshold, or at δ near 1 where there is none.
    """

    threshold: Fraction | None
    intervals: tuple[tuple[Fraction, Fraction], ...]
    subgame_perfect: bool
    binding: str


def critical_discount(
    game: Game, strategies: Sequence[str | Automaton], *, subgame_perfect: bool = True
) -> CriticalDiscount:
    """The least discount factor from which on pure automata are an equilibrium of `game` played for ever.

    Payoffs of what repeats itself are rational functions of δ, so that each deviation that could pay is a polynomial
    inequality; their roots are isolated in rational numbers. With `subgame_perfect`, one other move in any joint state
    is compared, which is enough (one-shot deviation principle; Blackwell 1965). Without, every plan against the others'
    automata from the first round on is. `strategies` are automata, one per seat, or their names (`strategies()`).

    Raises
    ------
    InputError : strategies that do not fit, or that draw their moves (ask `repeated_equilibrium` at a given δ).
    UnknownName : names nobody knows. TooLarge : too many joint states, or ways to deviate.
    """
    profile = seated(game, strategies)
    for one in profile:
        if not one.is_pure:
            raise InputError(
                f"{one.name or 'An automaton'} draws its moves.",
                "What it gets is no simple function of δ.",
                "Ask repeated_equilibrium(…, discount=δ) at the discount factors that matter.",
            )
    conditions: Condition = {}
    payoffs = [rational(own) for own in game.payoffs_at(game.profiles()).T]
    for seat, planned, other in _deviations(game, profile, subgame_perfect):
        upper, lower = planned.worth(payoffs[seat])
        theirs, below = other.worth(payoffs[seat])
        lead = minus(times(upper, below), times(theirs, lower))
        if not never_negative(lead):
            conditions.setdefault(lead, (seat, other))
    return _answer(game, conditions, subgame_perfect)


def _deviations(game: Game, strategies: Sequence[Automaton], everywhere: bool) -> Iterator[tuple[int, Lasso, Lasso]]:
    met = Meeting(game, strategies, wanders=everywhere)
    planned = path(met, 0)
    for seat in range(len(strategies)):
        if everywhere:
            yield from ((seat, *pair) for pair in one_shot(met, seat))
        else:
            yield from ((seat, planned, other) for other in replies(game, strategies, seat))


def _answer(game: Game, conditions: Condition, everywhere: bool) -> CriticalDiscount:
    """Between two roots no condition changes its sign, so the middle speaks for all."""
    ends = sorted({Fraction(0), Fraction(1), *(root for lead in conditions for root in roots(lead))})
    intervals: list[tuple[Fraction, Fraction]] = []
    for low, high in pairwise(ends):
        for first, last in ((low, low), (low, high)):  # the end itself, then what lies between
            if not all(at(lead, (first + last) / 2) >= 0 for lead in conditions):
                continue
            joined = bool(intervals) and intervals[-1][1] == first
            intervals = [*intervals[:-1], (intervals[-1][0], last)] if joined else [*intervals, (first, last)]
    lasts = bool(intervals) and intervals[-1][1] == 1
    threshold = intervals[-1][0] if lasts else None
    below = next(((a + b) / 2 for a, b in pairwise(ends) if b == (threshold if lasts else 1)), None)
    return CriticalDiscount(threshold, tuple(intervals), everywhere, _binding(game, conditions, below))


def _binding(game: Game, conditions: Condition, below: Fraction | None) -> str:
    """The deviation that gains most there, in words."""
    if below is None:
        return ""
    seat, other = conditions[min(conditions, key=lambda lead: at(lead, below))]
    labels = [game.moves[seat][move] for move in game.profiles()[:, seat]]
    first, cycle = ([labels[move] for move in part] for part in (other.first, other.cycle))
    return f"{game.players[seat]} plays {', '.join(first)}{', then ' if first else ''}{', '.join(cycle)} for ever"
