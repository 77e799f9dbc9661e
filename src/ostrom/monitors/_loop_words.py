"""What is said of loops: who is in one, by how much, and what ends it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ._loop_choice import Choice
from ._loop_fit import Fit
from ._loop_series import Series


def told(numbers: Series, fit: Fit, most: float, after: int, loops: list[Any], ends: list[Any]) -> str:
    low, high = fit.interval
    said = f"A disturbance {'grows' if fit.radius >= 1 else 'shrinks'} by a factor of {fit.radius:.3g} a round in the "
    said += f"long run (95 % {low:.3g} to {high:.3g})"
    said += f", after it has grown {most:.3g} times in {after} rounds." if 1.5 < most < np.inf else "."
    if loops:
        members, gain, a_round = loops[0]
        path = " → ".join([*names(numbers, members), numbers.names[members[0]] if len(members) > 1 else "itself"])
        said += f" The strongest loop is {path}: {gain:.3g} times once all have answered, that is {a_round:.3g} times "
        said += "a round by itself, without the other answers."
    if ends:
        a, b, share = ends[0]
        other = numbers.names[b] if b != a else "what it was itself"
        said += f" It comes to rest if {numbers.names[a]} answers {other} with at most {share:.2f} of what it does."
    return said


def without(choice: Choice) -> str:
    """What is not read, and what that hides."""
    count, read = len(choice.left_out), len(choice.series.names)
    if not count:
        return ""
    said = f" It is read of {read} of {read + count} numbers"
    said += f", those that grew most in the first {choice.early} rounds, alone or in pairs, and in the rounds after" * (
        choice.early > 0
    )
    said += f": a loop through the other {count} is not seen, or looks like one of a number with itself."
    return said


def still(numbers: Series) -> str:
    """How few rounds it rests on, where nothing moves in most."""
    steps = numbers.steps
    moved = int((numbers.values[steps] != numbers.values[steps - 1]).any(1).sum())
    return f" Something moved in only {moved} of {len(steps)} rounds." if 2 * moved < len(steps) else ""


def multipliers(numbers: Series, members: Sequence[int], at: np.ndarray) -> tuple[list[Any], str]:
    """What each sets as a multiple of the number it saw before, on average over some rounds `at`, `int64[…]`.

    Also in words, with which bound on one of them ends growth.
    """
    ordered = sorted(members, key=lambda k: (numbers.turn[k], k))
    each = []
    for place, k in enumerate(ordered):
        last = ordered[place - 1]
        seen = numbers.values[at if numbers.turn[last] < numbers.turn[k] else at - 1, last]
        ratio = np.exp(np.log(numbers.values[at, k] / seen).mean())
        each.append([numbers.names[k], numbers.names[last], float(ratio)])
    gain = float(np.prod([ratio for *_, ratio in each]))
    if len(each) < 2 or gain <= 1:
        return each, f"A bound on {numbers.names[ordered[0]]} ends it." if gain > 1 else ""
    said = ", ".join(f"{one} is {ratio:.6g} times {other}" for one, other, ratio in each)
    one, other, ratio = max(each, key=lambda part: part[2])
    return each, f"{said}: {gain:.6g} once round. It ends if {one} is at most {ratio / gain:.6g} times {other}."


def names(numbers: Series, places: Sequence[int]) -> list[str]:
    return [numbers.names[k] for k in places]


def listed(numbers: Series, places: Sequence[int]) -> str:
    return " and ".join([", ".join(names(numbers, places[:-1])), numbers.names[places[-1]]][len(places) == 1 :])


def agents(numbers: Series, places: Sequence[int]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(numbers.who[k] for k in places if numbers.who[k]))


def unread(numbers: Series) -> str:
    """How many numbers are too many even to look at how they grow."""
    count = len(numbers.left_out)
    return f" {count} numbers more, set less often or later by name, were not looked at." if count else ""
