"""Learners under a rule: trained anew for each rule, and measured by what the world itself pays."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..core.agent import Policy
from ..core.game import Array
from ..core.institution import Around, Institution, Now, View
from ..core.rooms import load
from ..core.welfare import Welfare
from ..core.world import World
from ..diagnosis._student_interval import Mean

Rules = tuple[Institution, ...]
BARE, PAID = "before rules", "paid"
FRESH = 104_729
"""How far apart the seeds are of a training and of the episodes in which it is measured."""


PROBE = (1, 4)
"""Lessons by which the pace is measured."""
MEETS = 1.5
"""How much longer it takes to compile a training and a measurement than a training."""


@dataclass(frozen=True)
class Pace:
    """Seconds that it takes to compile a kind of rule, and that a step takes."""

    compiling: float = 0.0
    step: float = 0.0


@dataclass(frozen=True, eq=False)
class Arm:
    """What became of K trainings under some rules.

    Attributes
    ----------
    name, rules : which; `learner` : who was trained, in words.
    worth : `float[K]`, mean welfare of an episode, of what the world pays before rules and bystanders have.
    paid, bare : `float[K, P]`, what each seat is paid after the rules, and before them.
    bystanders : name -> `float[K]`.
    tables : who plays, for each training; `steps` : for how long each was.
    """

    name: str
    rules: Rules
    learner: str
    worth: Array
    paid: Array
    bare: Array
    bystanders: Mapping[str, Array]
    tables: tuple[Any, ...] = field(repr=False)
    steps: int = 0

    @property
    def mean(self) -> Mean:
        """Its worth, with the interval over trainings."""
        return Mean.of(self.worth)

    @property
    def moved(self) -> float:
        """Money that the rules take from a seat or give it in a whole episode, on average."""
        return float(np.abs(self.bare - self.paid).mean())


class Bench:
    """A world in which learners are trained under this rule and that, and a count of the steps it took."""

    def __init__(
        self,
        world: World,
        welfare: Welfare,
        bystanders: Mapping[str, str],
        seeds: int,
        episodes: int,
        tell: Callable[[str], object] = lambda stage: None,
    ) -> None:
        self.world, self.welfare, self.bystanders = world, welfare, dict(bystanders)
        self.seeds, self.episodes, self.tell = seeds, episodes, tell
        self.spent, self.total, self.pace = 0, 0, Pace()

    def paced(self, learner: Any) -> None:
        """Measure how long compiling takes, and a lesson, with a few of them in the world as it is."""
        for lessons in PROBE:
            began = time.perf_counter()
            self.taught((), learner, lessons * self.lesson(learner), 0)
            took = time.perf_counter() - began
            if lessons == PROBE[0]:
                compiled = took
            else:
                self.pace = Pace(
                    max(compiled - took / lessons, 0.0), took / (lessons * self.lesson(learner) * self.seeds)
                )

    def left(self, kinds: int) -> float:
        """Seconds for the rest of the steps, while so many kinds of rules are still to be compiled."""
        return max(self.total - self.spent, 0) * self.pace.step + MEETS * kinds * self.pace.compiling

    def arm(self, name: str, rules: Rules, learner: Any, steps: int, seed: int, ramp: Sequence[Rules] = ()) -> Arm:
        """Train all seats anew under the rules (or through those of `ramp` to them), and measure what came of it."""
        tables = self.taught(rules, learner, steps, seed, ramp)
        return replace(self.measured(name, rules, type(learner).__name__, tables, seed + FRESH), steps=steps)

    def taught(self, rules: Rules, learner: Any, steps: int, seed: int, ramp: Sequence[Rules] = ()) -> Sequence[Any]:
        """Who plays after `steps` steps in each of the seeds."""
        further = load("learners", "further").further
        seats = range(len(self.world.ground.players))
        phases = [*ramp, rules]
        lesson = learner.length * learner.copies
        shares = np.diff(np.linspace(0, max(steps // lesson, len(phases)), len(phases) + 1).astype(int))
        tables: Any = [[Policy()] * len(seats)] * self.seeds
        for number, (now, lessons) in enumerate(zip(phases, shares, strict=True)):
            who = learner if number == 0 else None
            at = seed + number * self.seeds
            tables = further(self.under(now), tables, seats, int(lessons) * lesson, learner=who, seed=at)
            self.spent += int(lessons) * lesson * self.seeds
        return tables

    def measured(self, name: str, rules: Rules, learner: str, tables: Sequence[Any], seed: int) -> Arm:
        """What those at the tables make of the world under the rules, in fresh episodes."""
        meet, world = load("learners", "meet").meet, self.under(rules)
        met = meet(world, tables, episodes=self.episodes, seed=seed)
        outside = {who: met.facts[fact].sum(-1) for who, fact in self.bystanders.items()}
        bare, paid = met.facts[BARE], met.facts[PAID]
        utilities = np.concatenate([bare, *(amount[..., None] for amount in outside.values())], -1)
        worth = np.asarray(self.welfare(utilities), float).mean(1)
        means = {who: amount.mean(1) for who, amount in outside.items()}
        return Arm(name, rules, learner, worth, paid.mean(1), bare.mean(1), means, tuple(map(tuple, tables)))

    def under(self, rules: Rules) -> World:
        """The world under rules, which also says what it paid before them."""
        told = load("learners", "_told").Told
        return told(self.world.under(*rules), 0.0, 0.0, tuple(self.bystanders.values()))

    def lesson(self, learner: Any) -> int:
        """Steps of the smallest training."""
        return learner.length * learner.copies


class Announced(Around):
    """A rule that is told to everybody, by its numbers, and enforced by nobody."""

    def inform(self, now: Now, view: View) -> View:
        """What the rule shows, and its numbers."""
        told = [now.xp.asarray(leaf, now.xp.float32).reshape(-1) for leaf in self.rule.flatten()[0]]
        return super().inform(now, view).show(rule=now.xp.concatenate([now.xp.zeros(1), *told]))

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """Everything."""
        return mask

    def enact(self, now: Now, moves: Mapping[str, Any]) -> Mapping[str, Any]:
        """What was chosen."""
        return moves

    def settle(self, now: Now, payoffs: Any) -> Any:
        """Nobody pays."""
        return payoffs


class Lottery(Institution):
    """Every round each seat pays `amount`, and one that is drawn gets all of it: money that moves without a reason."""

    amount: float = 1.0

    def dice(self, now: Now) -> dict[str, Any]:
        """Who gets it."""
        return {"winner": np.full((1, now.players), 1 / now.players)}

    def settle(self, now: Now, payoffs: Any) -> Any:
        """All who are present pay, and the winner gets what they paid (what an absent one would get is not paid)."""
        seats = now.xp.arange(now.players)
        won = (now.luck["winner"][..., :1] == seats) & now.xp.asarray(now.present)
        paying = now.xp.asarray(now.present) & won.any(-1, keepdims=True)
        owed = now.xp.where(paying, self.amount, 0.0)
        return payoffs - owed + now.xp.where(won, owed.sum(-1, keepdims=True), 0.0)


def ramp(family: Any, place: Any, pieces: int) -> list[Rules]:
    """The rules at rising strengths, before the full one."""
    return [family.at(place, (k + 1) / pieces) for k in range(pieces - 1)]


def split(arm: Arm, parts: int) -> list[Arm]:
    """The arm of several groups of tables as one arm for each."""
    found = []
    for rows in np.split(np.arange(len(arm.worth)), parts):
        outside = {who: got[rows] for who, got in arm.bystanders.items()}
        tables = tuple(arm.tables[row] for row in rows)
        found.append(
            replace(
                arm, worth=arm.worth[rows], paid=arm.paid[rows], bare=arm.bare[rows], bystanders=outside, tables=tables
            )
        )
    return found
