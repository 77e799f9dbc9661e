"""The corners of the impact facets in a world: who plays there, trained until a search for replies finds nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..core.agent import Policy
from ..core.errors import InputError
from ..core.game import Array
from ..core.institution import Around, Institution
from ..core.rooms import load
from ..core.world import World
from ._student_interval import Mean

Casting = Sequence[Any]
BARE, PAID = "before rules", "paid"


@dataclass(frozen=True)
class Budget:
    """How long is trained and looked.

    Attributes
    ----------
    steps : of the first training of each corner, in each seed, over all copies; each further round takes twice as many.
    rounds : the most trainings of one corner; `search` : steps of each search for a reply.
    seeds, seed : trainings `seed`, `seed + 1`, …; `episodes` : of each measurement, in each seed.
    seconds : no further round begins after so many (which makes the answer depend on the machine); None is no limit.
    """

    steps: int
    rounds: int
    search: int
    seeds: int
    seed: int
    episodes: int
    seconds: float | None


@dataclass(frozen=True, eq=False)
class Corner:
    """One corner: who plays, what it is worth, and how sure it is that nothing better was there to learn.

    Attributes
    ----------
    how : "given", "trained", or what does better than what was trained: the name of the world's bots, or those who
        act each for itself.
    worth : `float[K]`, mean welfare of an episode in each seed; `returns float[K, P]`, what each seat is paid; `bare`
        the same before the rules; `bystanders` name -> `float[K]`.
    steps : for which was trained in each seed; `gain` : what the last search for a reply gained; None: nobody looked.
    tables : who plays, for each seed.
    """

    how: str
    worth: Array
    returns: Array
    bare: Array
    bystanders: Mapping[str, Array]
    steps: int
    gain: Mean | None
    tables: tuple[Casting, ...]

    @property
    def settled(self) -> bool:
        """Whether the search for a reply gained no more than its interval leaves open."""
        return self.gain is None or not self.gain.above_zero


class Corners:
    """Trains and measures corners of one world; the same corner is not trained twice. `tables` are those given."""

    def __init__(
        self,
        world: World,
        learner: Any,
        budget: Budget,
        bystanders: Mapping[str, str],
        tell: Callable[[str], object],
        tables: Sequence[Casting] = (),
    ) -> None:
        self.world, self.learner, self.budget, self.tell, self.tables = world, learner, budget, tell, tables
        self.facts, self.seats = dict(bystanders), len(world.ground.players)
        self.alike = load("learners", "_seating").alike(world)
        self.began = time.monotonic()
        self.trained: dict[str, Corner] = {}
        plain = _unwished(world) if self.motivated else world
        self.worlds = {
            "own": told(world, bystanders),
            "one": told(world, bystanders, welfare=1.0),
            "own wish": told(plain, bystanders),
            "one wish": told(world, bystanders, rewards=1.0),
        }

    @property
    def motivated(self) -> bool:
        """Whether rules change what players want, so that their rewards are not their principals' utilities."""
        charter = getattr(self.world, "charter", None)
        return charter is not None and charter.motivates

    def aims(self, intent: bool, together: bool) -> str:
        """What is pursued: each own rewards or utilities, or all the mean of them. Some of these coincide."""
        if not self.motivated:
            return "one" if together else "own"
        if together:
            return "one" if intent else "one wish"
        return "own wish" if intent else "own"

    def learned(self, aim: str) -> Corner:
        """The corner in which all pursue an aim, perfectly as far as training goes."""
        if aim not in self.trained:
            self.tell(f"Training for {AIMS[aim]}")
            self.trained[aim] = self._learned(aim)
        return self.trained[aim]

    def given(self, tables: Sequence[Casting], steps: int = 0) -> Corner:
        """The corner in which these play as they are."""
        return self.measured("given", tables, steps, None)

    def early(self, aim: str, learners: Any, steps: int) -> Corner:
        """The corner in which learners have learned for an aim as long as those who were given."""
        self.tell(f"Training for {AIMS[aim]}, for as long as those given")
        seeds = self.budget.seeds
        if learners is self.learner:
            return self.measured("given", self._trained(aim, steps), steps, None)
        run = load("learners", "_train").train(self.worlds[aim], learners, steps, seed=self.budget.seed, seeds=seeds)
        return self.measured("given", [run.players(k) for k in range(seeds)], run.steps, None)

    def tempted(self, tables: Sequence[Casting], aim: str = "own") -> Mean:
        """What the seat that gains most gains for itself by leaving those who act as one: they may play other parts."""
        self.tell("Searching for what one seat gains by leaving")
        return self._search(aim, tables, range(min(self.seats, TRIED)))

    def measured(self, how: str, tables: Sequence[Casting], steps: int, gain: Mean | None, luck: int = 1) -> Corner:
        """What a corner is worth, in fresh episodes; with another `luck`, in others."""
        seeds = [self.budget.seed + luck * FRESH + k for k in range(len(tables))]
        meet = load("learners", "meet").meet
        met = meet(self.worlds["own"], tables, episodes=self.budget.episodes, seeds=seeds, kinds=self.kinds())
        bare, paid = met.facts[BARE].mean(1), met.facts[PAID].mean(1)
        others = {name: met.facts[fact].sum(-1).mean(1) for name, fact in self.facts.items()}
        worth = (bare.sum(-1) + sum(others.values())) / (bare.shape[-1] + len(others))
        return Corner(how, np.asarray(worth), paid, bare, others, steps, gain, tuple(map(tuple, tables)))

    def bots(self, luck: int = 1) -> dict[str, Corner]:
        """What all seats get when all of them are taken by one of the world's bots."""
        return {
            name: self.measured(f"{name} bots", [[bot] * self.seats] * self.budget.seeds, 0, None, luck)
            for name, bot in self.world.bots().items()
        }

    def kinds(self) -> tuple[Any, ...]:
        """Everybody who plays here, so that all is compiled once."""
        return kinds(self.world, self.learner, self.tables)

    def _learned(self, aim: str) -> Corner:
        budget = self.budget
        tables, steps = self._trained(aim, budget.steps), budget.steps
        gain = self._search(aim, tables)
        for round_ in range(1, budget.rounds):
            late = budget.seconds is not None and time.monotonic() - self.began > budget.seconds
            if not gain.above_zero or late:
                break
            more = budget.steps * 2**round_
            tables = self._trained(aim, more, tables, round_)
            steps, gain = steps + more, self._search(aim, tables)
        found = self.measured("trained", tables, steps, gain)
        return self._known_better(found) if aim == "one" else found

    def _trained(self, aim: str, steps: int, tables: Sequence[Casting] = (), round_: int = 0) -> Sequence[Casting]:
        """All seats after so many steps: beginners, or those at the tables going on."""
        every = range(self.seats)
        beginners = [[Policy()] * self.seats] * self.budget.seeds
        return load("learners", "further").further(
            self.worlds[aim],
            tables or beginners,
            [every] * self.budget.seeds if self.seats <= FEW else every,
            steps,
            learner=None if tables else self.learner,
            seed=self.budget.seed + round_ * self.budget.seeds,
            kinds=self.kinds(),
        )

    def _known_better(self, found: Corner) -> Corner:
        """Those who act as one can also play as the bots do, or as if each were for itself, where that is better."""
        known = self.bots(luck=2)
        own = self.learned("own wish" if self.motivated else "own")
        known["each for itself"] = self.measured("", own.tables, own.steps, None, luck=2)
        best = max(known, key=lambda name: known[name].worth.mean())
        if not Mean.of(known[best].worth - found.worth).above_zero:
            return found
        if best == "each for itself":
            return replace(own, how="no better than each for itself")
        return replace(self.bots()[best], steps=found.steps)

    def _search(self, aim: str, tables: Sequence[Casting], seats: Sequence[int] | None = None) -> Mean:
        """What the seat that gains most gains by a reply, with its interval over seeds."""
        found = load("learners", "exploit").exploit(
            self.worlds[aim],
            tables,
            self.budget.search,
            learner=None if _learned(tables) else self.learner,
            seats=((0,) if self.alike else None) if seats is None else seats,
            episodes=self.budget.episodes,
            seed=self.budget.seed,
            kinds=self.kinds(),
        )
        return Mean.of(found.most)


def told(world: World, bystanders: Mapping[str, str], *, welfare: float = 0.0, rewards: float = 0.0) -> World:
    """The world as corners are trained in it: it pays the same, or tells its players of the welfare of all."""
    return load("learners", "_told").Told(world, welfare, rewards, tuple(bystanders.values()))


def kinds(world: World, learner: Any, tables: Sequence[Casting] = ()) -> tuple[Any, ...]:
    """Everybody who plays in corners: the learner, who chooses evenly, the world's bots, and those who were given."""
    frozen, scripted = load("learners", "_frozen"), load("learners", "_scripted").Scripted
    bots = [scripted(one) for one in (Policy(), *world.bots().values())]
    return frozen.joined(frozen.joined((learner,), bots), frozen.kinds_of(tables))


def enough(world: World) -> int:
    """Episodes of a measurement in each seed: as many as there is time for, between 8 and 64."""
    return min(64, max(8, STEPS // world.horizon))


STEPS = 3200
"""Steps of a measurement that there is time for."""

FEW = 8
"""Seats up to which one compilation serves every choice of who learns."""

TRIED = 4
"""Seats in which a search is made for what one gains by leaving."""

FRESH = 104_729
"""How far apart the seeds are of episodes in which something is chosen and in which it is measured."""

AIMS = {
    "own": "what each is paid",
    "one": "the welfare of all",
    "own wish": "what each principal is paid",
    "one wish": "the mean of what all want",
}


def _learned(tables: Sequence[Casting]) -> bool:
    return all(getattr(getattr(one, "learner", None), "learns", False) for casting in tables for one in casting)


def _unwished(world: World) -> World:
    """The world without the rules that change what players want, seen as before."""
    rules = getattr(world, "institutions", ())
    kept = [rule for rule in rules if not _wishes(rule)]
    plain = load("worlds", "governed").GovernedWorld(getattr(world, "base", world), kept)
    if plain.ground != world.ground:
        raise InputError(
            "A rule that changes what players want changes their moves as well.",
            "Without it the players would be in another world.",
            "Split it into two institutions, one for the moves and one for the wishes.",
        )
    return plain


def _wishes(rule: Any) -> bool:
    """Whether it settles in what players want."""
    while isinstance(rule, Around):
        rule = rule.rule
    return rule.kind == "motivational" and type(rule).settle is not Institution.settle
