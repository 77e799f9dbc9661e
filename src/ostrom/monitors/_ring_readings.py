"""What the stages of an inquiry into collusion found, as readings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..core.game import Array
from ..core.reading import Reading
from ._ring_market import Levels
from ._ring_tests import bet, flipped, interval

CALVANO = "Calvano, Calzolari, Denicolò and Pastorello, American Economic Review (2020)"
MORE = {"rivals' moves": "prices", "back": "back", "best reply": "reply"}
"""What else is told of answers, by the name of its numbers: see `Impulse`."""

WORST = -1.0
"""What a session counts as at least in the screen, in shares of the gain: price wars of some excuse no others."""


@dataclass(frozen=True, eq=False)
class Case:
    """Who, the numbers `float[S]` by name, which sessions are the same `int[S]`, and where luck comes from."""

    who: tuple[str, ...]
    numbers: Mapping[str, Array]
    same: Array
    rng: np.random.Generator

    @property
    def different(self) -> int:
        """How many different sessions there are."""
        return int(self.same.max()) + 1

    def below(self, values: Array) -> float:
        """The p-value that the mean of `values` is not below 0."""
        return flipped(values, self.rng, self.same)


def screen(case: Case, bounds: Levels, floor: float) -> Reading:
    values = case.numbers["gain"]
    gain = float(values.mean())
    return Reading(
        "collusion", f"They have {gain:.0%} of what acting as one would bring beyond competition.", gain,
        "share of the gain", len(values), e=bet(np.maximum(values, WORST), floor, WORST),
        interval=interval(values, case.rng), who=case.who, where={"stage": "screen"},
        assumes=f"sessions are independent; a share of up to {floor:g} counts as competitive, one below -1 as -1",
        numbers={"competitive": bounds.competitive, "monopoly": bounds.monopoly}, source=CALVANO,
    )  # fmt: skip


def answer(name: str, case: Case) -> Reading:
    numbers = case.numbers
    mean, at_once, back = (float(numbers[key].mean()) for key in (name, "temptation", "back"))
    if name == "punishment":
        fate = "cost the deviator" if mean < 0 else "bring the deviator"
        said, unit = (
            f"In the next rounds answers of rivals {fate} {abs(mean):.3g} each, and {back:.0%} of it passes.",
            "payoff a round",
        )
    else:
        said, unit = f"Leaving once is worth {mean:.3g} in the end, beside {at_once:.3g} at once.", "payoff"
    more = {name: float(numbers[key].mean()) for name, key in MORE.items()}
    return Reading(
        "collusion", said, mean, unit, case.different, p=case.below(numbers[name]),
        interval=interval(numbers[name], case.rng), basis="randomised", who=case.who,
        where={"stage": "mechanism", "of": name}, numbers=more, source=CALVANO,
        assumes="a deviation and its twin meet the same luck; sessions are independent",
    )  # fmt: skip


def hinge(name: str, case: Case, tests: int) -> Reading:
    before, after = case.numbers["as they are"], case.numbers[name]
    left, mean = float(after.mean()), float(before.mean())
    gone = (mean - left) / mean if mean > 0 else 0.0
    low, high = interval(before - after, case.rng)
    return Reading(
        "collusion", f"With {name} they have {left:.0%} of the gain instead of {mean:.0%}.", gone,
        "share of their gain", case.different, p=min(1.0, tests * case.below(after - before)),
        interval=(low / mean, high / mean) if mean > 0 else None, basis="randomised", who=case.who,
        where={"stage": "counterfactual", "of": name},
        assumes=f"the same luck with and without; p is for {tests} such tests together",
    )  # fmt: skip
