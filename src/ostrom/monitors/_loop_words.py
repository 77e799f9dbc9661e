"""What is said of loops: who is in one, by how much, and what ends it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ._loop_fit import Fit
from ._loop_series import Series


def told(numbers: Series, fit: Fit, most: float, after: int, loops: list[Any], ends: list[Any]) -> str:
    low, high = fit.interval
    said = f"A disturbance {'grows' if fit.radius >= 1 else 'shrinks'} by a factor of {fit.radius:.3g} a round in the "
    said += f"long run (95 % {low:.3g} to {high:.3g})"
    said += f", after it has grown {most:.3g} times in {after} rounds." if 1.5 < most < np.inf else "."
    if loops:
        members, gain, a_round = loops[0]
        said += f" The strongest loop is {' → '.join(names(numbers, (*members, members[0])))}: "
        said += f"{gain:.3g} times once all have answered, that is {a_round:.3g} times a round."
    if ends:
        a, b, share = ends[0]
        said += f" It comes to rest if {numbers.names[a]} answers {numbers.names[b]} with at most {share:.2f} of what "
        said += "it does."
    return said


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
