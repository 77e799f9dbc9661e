"""What an audit in a world is asked about: the world, and who plays there, in several seeds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.agent import Policy
from ..core.claim import Claim, Verdict
from ..core.errors import InputError
from ..core.game import Array
from ..core.rooms import load
from ..core.world import World
from ..learners._seating import alike, name_of, named
from ._student import interval

Casting = Sequence[Any]
FRESH = 104_729
"""How far apart the seeds are of episodes in which something is chosen and in which it is measured."""


@dataclass(frozen=True, eq=False)
class WorldCase:
    """A question to an audit in a world.

    Attributes
    ----------
    world : what is played, under institutions or not.
    tables : who plays, in K seeds: for each, players for all seats in order.
    learner : what they have been trained by, or None for policies; `steps` : for how long.
    seed : for what is sampled.
    known : kinds of players for whom things have been compiled before, so that nothing is compiled again for them.
    """

    world: World
    tables: tuple[Casting, ...]
    learner: Any
    steps: int
    seed: int = 0
    known: tuple[Any, ...] = ()

    @classmethod
    def of(cls, subject: Any, players: Any = None, *, seeds: int = 4, seed: int = 0) -> WorldCase:
        """The case of a `Run` of `ostrom.learners.train`, or of a world and who plays there.

        A case stays as it is. `players` is a policy, trained player or name of a bot for all seats, or a list with one
        for each, who then play in `seeds` groups of episodes; or a list of such lists, one for each seed. Raises
        `InputError` for fewer than two seeds or seats, or nobody to play.
        """
        if isinstance(subject, WorldCase):
            return subject
        if hasattr(subject, "minds"):
            tables = tuple(tuple(subject.players(k)) for k in range(subject.seeds))
            learner = next((group.learner for group in subject.groups if group.learner.learns), None)
            found = cls(subject.world, tables, learner, subject.steps, seed)
        elif players is None:
            raise InputError(
                f"Nobody was given to play in {subject!r:.80}.",
                "An audit in a world is about who plays there.",
                "Give what train(…) returned, or a world and players.",
            )
        else:
            load("worlds", "_outline").require_sound(subject)
            tables = _tables(subject, players, seeds)
            learner = next((one.learner for one in tables[0] if hasattr(one, "mind")), None)
            found = cls(subject, tables, learner, 0, seed)
        if len(found.tables) < 2 or found.seats < 2:
            raise InputError(
                f"There are {len(found.tables)} seeds and {found.seats} seats.",
                "An interval needs two seeds, and nobody meets anybody with a single seat.",
                "Train with seeds=2 or more, in a world with two seats or more.",
            )
        return found

    @property
    def seats(self) -> int:
        """How many there are."""
        return len(self.world.ground.players)

    @property
    def name(self) -> str:
        """The world's, with the rules laid round it."""
        return name_of(self.world)

    @property
    def alike(self) -> bool:
        """Whether the world's seats are alike."""
        return alike(self.world)

    @property
    def taught(self) -> bool:
        """Whether every seat is taken by somebody who has learned."""
        return all(hasattr(one, "mind") for casting in self.tables for one in casting)

    def bots(self) -> Mapping[str, Any]:
        """Policies that can be met: the world's, and one that chooses evenly."""
        return {"random": Policy(), **self.world.bots()}

    def kinds(self, *more: Sequence[Casting]) -> tuple[Any, ...]:
        """Everybody who may sit somewhere, so that all is compiled once."""
        bots, frozen = [[bot] for bot in self.bots().values()], load("learners", "_frozen")
        found = frozen.kinds_of([*self.tables, *(one for tables in more for one in tables), *bots])
        return frozen.joined(self.known, found)

    def returns(self, tables: Sequence[Casting], episodes: int, kinds: Sequence[Any], fresh: bool = False) -> Array:
        """`float[N, P]`: mean returns at tables, of which every K belong to the K seeds, which share their luck."""
        first = self.seed + (FRESH if fresh else 0)
        seeds = [first + number % len(self.tables) for number in range(len(tables))]
        met = load("learners", "meet").meet(self.world, tables, episodes=episodes, seeds=seeds, kinds=kinds)
        return met.returns.mean(1)


def _tables(world: World, players: Any, seeds: int) -> tuple[Casting, ...]:
    """A table for each seed, of what `WorldCase.of` is given."""
    if not isinstance(players, list | tuple):
        players = [players] * len(world.ground.players)
    rows = players if isinstance(players[0], list | tuple) else [players] * seeds
    return tuple(tuple(named(world, one) for one in row) for row in rows)


class WorldAudit(ABC):
    """One question that could break what was trained in a world. Members say how hard they look."""

    def __call__(self, subject: Any, players: Any = None, *, seed: int = 0) -> tuple[Claim, ...]:
        """The claims about a `Run`, or about players in a world; as for `WorldCase.of`."""
        return self.answer(WorldCase.of(subject, players, seed=seed))

    @abstractmethod
    def answer(self, case: WorldCase) -> tuple[Claim, ...]:
        """The claims about a case."""


def at_most(losses: Array, allowed: float) -> tuple[Verdict, list[float]]:
    """Whether a mean loss is at most what is allowed, by its 95 % interval over seeds, and that interval."""
    low, high = interval(np.asarray(losses, float))
    return ("supported" if high <= allowed else "refuted" if low > allowed else "unknown"), [low, high]
