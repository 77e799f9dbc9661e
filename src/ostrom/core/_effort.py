"""How much arithmetic checking evidence again may take: whoever wrote it may have wanted it to never end."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from .errors import InputError, TooLarge
from .exact import ExactGame, fraction

MOST = 20_000_000
"""Steps, each about one sum of ordinary fractions: under a minute in all."""

LONG = 4_000
"""Digits by digits of two numbers whose sum takes about as long again as that of ordinary ones."""

LONGEST = 50_000
"""Digits of a common denominator beyond which it is not followed any further."""


def require_feasible(game: ExactGame, evidence: Mapping[str, Any]) -> None:
    """Refuse evidence that would take too long, with `TooLarge`, before anything is computed.

    Every kind of evidence goes at most once over all joint moves with all single departures, and over all its own
    entries with all moves. What a step takes grows with the digits of what is added up: those of a common denominator.
    """
    stated = [number for number in _numbers(evidence) if number.denominator > 1 or abs(number) > LONG]
    table = [number for row in (*game.payoffs, *game.adds, game.worth) for number in row]
    longest = max(map(_digits, stated), default=1) + 2 * max(map(_digits, table), default=1)
    moves, entries = sum(game.sizes), 1 + sum(1 for _ in _leaves(evidence))
    common = _common(stated) + _common(table) + longest
    nearby = min(common, moves * longest)
    steps = moves * (game.size * (1 + nearby * longest / LONG**2) + entries * (1 + common * longest / LONG**2))
    if steps > MOST:
        raise TooLarge(
            f"Checking this evidence would take about {steps:.1g} steps of arithmetic.",
            f"At most {MOST:,} are taken.",
            "Ask for evidence in simpler numbers, or about a smaller game.",
        )


def _digits(number: Fraction) -> int:
    return 1 + (number.denominator.bit_length() + number.numerator.bit_length()) // 3


def _common(numbers: list[Fraction]) -> int:
    """Digits of the least common denominator, or of what it may be at most when it is very long."""
    found = 1
    for number in {number.denominator for number in numbers}:
        found = math.lcm(found, number)
        if found.bit_length() > 3 * LONGEST:
            return sum(map(_digits, numbers))
    return found.bit_length() // 3


def _numbers(evidence: Any) -> Iterator[Fraction]:
    for leaf in _leaves(evidence):
        try:
            yield fraction(leaf)
        except InputError:  # a name
            continue


def _leaves(evidence: Any) -> Iterator[Any]:
    """What is in there that is no list and no object, however deep."""
    left = [evidence]
    while left:
        one = left.pop()
        if isinstance(one, Mapping):
            left.extend(one.values())
        elif isinstance(one, list | tuple):
            left.extend(one)
        else:
            yield one
