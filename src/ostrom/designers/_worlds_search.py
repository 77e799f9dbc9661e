"""Successive halving over kinds of rules and their numbers, and an evolution strategy round the best of them.

Halving (Karnin, Koren and Somekh, 2013): many rules are tried with short trainings, and those that do best with longer
ones. Then a few steps of an evolution strategy with rank weights (Hansen and Ostermeier, 2001, without covariances)
move the numbers of the best. All rules are trained from the same seeds, so that luck is shared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.game import Array
from ._worlds_bench import PROBE, Arm, Bench, Rules, ramp
from ._worlds_space import Family

KEPT, LONGER = 3, 2
"""One of so many goes on to the next round, with trainings so many times as long. (Not more: how learners do early on
may say the opposite of how they do in the end, as of a commons that beginners cannot yet empty.)"""
FEW = 4
"""Rules up to which there is no further round."""
CHILDREN = 4
"""Rules that are tried in a step of the evolution strategy, in pairs."""
SPREAD = 0.15
"""How far they first lie from their parent, as a share of the range."""


@dataclass(frozen=True)
class Plan:
    """How a budget of steps is spent.

    Attributes
    ----------
    steps : the budget, over all trainings, seeds and copies; `length` : steps of a full training in each seed.
    rounds : of the halving, how many rules and how long a training of each; `generations` of the evolution strategy.
    seeds : trainings of each rule; `checks` : trainings of `length` in each seed that the verification takes.
    lesson : steps of the shortest training; a few of them measure the pace.
    """

    steps: int
    length: int
    rounds: tuple[tuple[int, int], ...]
    generations: int
    seeds: int
    checks: int
    lesson: int

    @staticmethod
    def of(steps: int, rules: int, generations: int, seeds: int, checks: int, lesson: int) -> Plan:
        """The plan that spends at most `steps`; `rules` are tried at first. Raises `InputError` for too few."""
        counts = [rules] if rules else []
        while counts and counts[-1] > FEW:
            counts.append(-(-counts[-1] // KEPT))
        shares = [float(LONGER) ** -(len(counts) - 1 - k) for k in range(len(counts))]
        full = 1 + sum(n * share for n, share in zip(counts, shares, strict=True)) + CHILDREN * generations + checks
        # every training takes at least one lesson, and whole ones
        spare = steps - sum(PROBE) * seeds * lesson
        length = int(max(spare, 0) / (full * seeds)) // lesson * lesson
        short = [max(int(length * share) // lesson, 1) * lesson for share in shares]
        plan = Plan(steps, length, tuple(zip(counts, short, strict=True)), generations, seeds, checks, lesson)
        if length < lesson or plan.needed > steps:
            least = int(np.ceil((full + sum(counts) + sum(PROBE)) * seeds * lesson / (shares[0] if shares else 1)))
            raise InputError(
                f"{steps:,} steps are too few for {rules} rules in {seeds} seeds.",
                f"A lesson takes {lesson:,} steps, and every training at least one.",
                f"Give steps={least:,} or more, or fewer rules or seeds.",
            )
        return plan

    @property
    def needed(self) -> int:
        """Steps that will be taken."""
        tried = sum(count * length for count, length in self.rounds)
        return self.seeds * (
            sum(PROBE) * self.lesson + tried + (1 + CHILDREN * self.generations + self.checks) * self.length
        )

    @property
    def words(self) -> str:
        """The plan in a sentence."""
        if not self.rounds:
            checks = f"{self.checks} trainings of {self.length:,} in each of {self.seeds} seeds to check"
            return f"{self.needed:,} steps in all: replies are computed, then {checks}"
        tried = ", ".join(f"{count} for {length:,}" for count, length in self.rounds)
        more = f", {CHILDREN * self.generations} near the best" if self.generations else ""
        return (
            f"{self.needed:,} steps in all: rules {tried} steps in each of {self.seeds} seeds{more}, "
            f"then {self.checks} trainings of {self.length:,} to check"
        )


@dataclass(frozen=True, eq=False)
class Tried:
    """A rule that was tried.

    Attributes
    ----------
    family, place, rules : its kind, where in its range, and itself.
    worths : `float[K]`, its welfare in each seed (one number where replies were computed).
    steps : for how long learners had learned in each seed; `arm` : what became of them; None where nobody learned.
    """

    family: Family
    place: Array
    rules: Rules
    worths: Array
    steps: int = 0
    arm: Arm | None = None

    @property
    def mean(self) -> float:
        """Mean welfare over seeds."""
        return float(self.worths.mean())


class Search:
    """The search, one rule after the other; `tried` holds all of them so far, so that it can be stopped."""

    def __init__(
        self, bench: Bench, plan: Plan, learner: Any, seed: int, pieces: int, note: Callable[[Tried], object]
    ) -> None:
        self.bench, self.plan, self.learner, self.seed = bench, plan, learner, seed
        self.pieces, self.note, self.tried = pieces, note, []

    def run(self, kinds: Sequence[Family]) -> None:
        """Halve, and then move the numbers of the best."""
        count = self.plan.rounds[0][0]
        left = [(kind, place) for kind, places in _dealt(kinds, count) for place in places]
        for number, (count, steps) in enumerate(self.plan.rounds):
            done = [self._try(kind, place, steps) for kind, place in left[:count]]
            keep = self.plan.rounds[number + 1][0] if number + 1 < len(self.plan.rounds) else 1
            done.sort(key=lambda one: -one.mean)
            left = [(one.family, one.place) for one in done[:keep]]
        self._evolve(self.best)

    @property
    def best(self) -> Tried:
        """What did best among those with the longest training."""
        longest = max(one.steps for one in self.tried)
        return max((one for one in self.tried if one.steps == longest), key=lambda one: one.mean)

    def _evolve(self, parent: Tried) -> None:
        """Rank-weighted steps from the parent; pairs lie on opposite sides of it."""
        draw, middle, spread = np.random.default_rng(self.seed), parent.place, SPREAD
        for _ in range(self.plan.generations):
            sides = draw.standard_normal((CHILDREN // 2, len(middle)))
            places = np.clip(middle + spread * np.concatenate([sides, -sides]), 0.0, 1.0)
            children = [self._try(parent.family, place, self.plan.length) for place in places]
            ranked = sorted([*children, parent], key=lambda one: -one.mean)[: CHILDREN // 2]
            weight = np.log(len(ranked) + 0.5) - np.log(np.arange(1, len(ranked) + 1))
            middle = np.average([one.place for one in ranked], axis=0, weights=weight)
            parent, spread = ranked[0], 0.6 * spread

    def _try(self, family: Family, place: Array, steps: int) -> Tried:
        rules = family.at(place)
        known = next((one for one in self.tried if one.steps == steps and one.rules == rules), None)
        if known is not None:
            return known
        rising = ramp(family, place, self.pieces) if steps >= self.pieces * self.bench.lesson(self.learner) else []
        arm = self.bench.arm(family.name, rules, self.learner, steps, self.seed, rising)
        self.tried.append(Tried(family, np.asarray(place, float), arm.rules, arm.worth, steps, arm))
        self.note(self.tried[-1])
        return self.tried[-1]


def _dealt(kinds: Sequence[Family], count: int) -> Iterator[tuple[Family, Array]]:
    """As many places for each kind, the first kinds one more where it does not come out even."""
    each, more = divmod(count, len(kinds))
    for number, kind in enumerate(kinds):
        yield kind, kind.places(each + (number < more))
