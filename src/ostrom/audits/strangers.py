"""Among strangers: do those who were trained among their own kind also do well with others?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.claim import Claim
from ..core.errors import InputError
from ..core.rooms import load
from ._strangers_met import Casting, Encounter, among, encounters
from ._student import interval, quantile
from ._world_case import WorldAudit, WorldCase, at_most


@dataclass(frozen=True)
class Strangers(WorldAudit):
    """Whether players lose, among strangers, against the best that is known to do in their place.

    Focal players take some seats and strangers the others: one of the focal among strangers (a visitor), and one
    stranger among them (residents); with two seats, each in turn. What counts is the mean return of the focal seats,
    over whole episodes. Strangers are the world's bots, players of the same training with other seeds, players trained
    `longer` times as long, and players of another learner. The best known is whichever does best in the focal seats:
    the players themselves, a bot, one of the strangers, or somebody who learns against these strangers. So a loss is
    nothing that strangers do to everybody, but what one who knew them would not have lost; and it is a lower bound.

    A claim is "supported" when the 95 % interval of the loss over seeds lies within what is allowed, "refuted" when it
    lies above, with the worst seed, and otherwise "unknown".

    Parameters
    ----------
    steps : for which a reply to each kind of strangers is trained; None: as long as the players were; 0: none is.
    longer : how many times longer newcomers were trained; 0 leaves them out.
    other : another learner, for newcomers of a different training; None leaves them out.
    bots, seeds : whether the world's bots, and players of other seeds, are met.
    episodes : of each measurement in each seed.
    tolerance : the share of the range of returns in the focal seats that may be lost, at least 0.
    """

    steps: int | None = None
    longer: int = 0
    other: Any = None
    bots: bool = True
    seeds: bool = True
    episodes: int = 64
    tolerance: float = 0.1

    def __post_init__(self) -> None:
        if self.episodes < 1 or self.longer < 0 or not 0 <= self.tolerance < math.inf:
            raise InputError(
                f"{self.episodes} episodes, {self.longer} times longer, a tolerance of {self.tolerance}.",
                "There has to be at least one episode, and the others are at least 0.",
                "Give such numbers.",
            )

    def answer(self, case: WorldCase) -> tuple[Claim, ...]:
        """One claim for each kind of strangers and each way to sit among them."""
        met, allowed = self.met(case)
        return tuple(self._judged(case, one, allowed) for one in met)

    def met(
        self,
        subject: Any,
        players: Any = None,
        *,
        strangers: Mapping[str, Sequence[Casting]] | None = None,
        only: Sequence[str] = (),
        seed: int = 0,
    ) -> tuple[list[Encounter], float]:
        """Every encounter, and the loss that is allowed.

        Parameters
        ----------
        subject, players : a `Run`, or a world and who plays there (a list of tables has one for each seed).
        strangers : name -> a table of them for each seed; default those that the audit says.
        only : the ways to sit among them that are tried: "a pair" with two seats, and else "one among strangers" and
            "one stranger among them".
        """
        case = WorldCase.of(subject, players, seed=seed)
        strangers = self.strangers(case) if strangers is None else strangers
        if not strangers:
            raise InputError(
                f"There are no strangers to those who play {case.name}.",
                "The world has no bots, and everything else was left out.",
                "Set seeds=True, longer=10 or other=Reinforce().",
            )
        steps = case.steps if self.steps is None else self.steps
        learner = case.learner or (load("learners", "ippo").IPPO() if steps else None)
        found, spread = encounters(case, strangers, steps=steps, learner=learner, episodes=self.episodes, only=only)
        return found, self.tolerance * spread

    def strangers(self, case: WorldCase) -> dict[str, tuple[Casting, ...]]:
        """Who is met: by name, a table of them for each seed."""
        found: dict[str, tuple[Casting, ...]] = {}
        count, train = len(case.tables), load("learners", "_train").train
        if self.bots:
            found |= {f"{name} bots": ((bot,) * case.seats,) * count for name, bot in case.world.bots().items()}
        if self.seeds and case.taught:
            found["those of another seed"] = tuple(case.tables[(k + 1) % count] for k in range(count))
        newcomers = {}
        if self.longer and case.learner is not None:
            newcomers[f"those trained {self.longer} times longer"] = case.learner, self.longer * case.steps
        if self.other is not None:
            newcomers[f"those of {type(self.other).__name__}"] = self.other, max(case.steps, 1)
        for name, (learner, steps) in newcomers.items():
            run = train(case.world, learner, steps, seed=case.seed + NEW, seeds=count)
            found[name] = tuple(tuple(run.players(k)) for k in range(count))
        return found

    def loss(self, case: WorldCase, witness: Mapping[str, Any]) -> float:
        """The loss that a witness tells of, played again."""
        met, _ = self.met(case, only=(witness["mode"],))
        (one,) = [one for one in met if one.strangers == witness["strangers"]]
        return float(one.loss[witness["number"]])

    def _judged(self, case: WorldCase, met: Encounter, allowed: float) -> Claim:
        verdict, (low, high) = at_most(met.loss, allowed)
        said = f"In {case.name}, {_mode(met)}, the players get at most {allowed:.3g} each less than the best known "
        said += f"in their place: {met.focal.mean():.3g} against {met.best.mean():.3g} of {met.who}"
        said += f", and {met.own.mean():.3g} among their own kind."
        worst = int(met.loss.argmax())
        numbers = {
            "n": len(met.loss),
            "interval": [low, high],
            "level": 0.95,
            "seeds": [case.seed + k for k in range(len(met.loss))],
            "strangers": met.strangers,
            "mode": met.mode,
            "focal": met.focal.tolist(),
            "own kind": met.own.tolist(),
            "best": met.best.tolist(),
            "best is": met.who,
            "background": met.background.tolist(),
            "episodes": self.episodes,
            "tolerance": allowed,
        }
        witness = {"strangers": met.strangers, "mode": met.mode, "number": worst, "loss": float(met.loss[worst])}
        method = f"focal and background populations, {len(met.loss)} seeds, {self.episodes} episodes each"
        return Claim(said, verdict, method, allowed, numbers, witness if verdict == "refuted" else None)


def spelled(values: Any) -> str:
    """A mean over seeds and half the width of its 95 % interval (Student 1908), `3.2 ± 0.4`."""
    low, high = interval(np.asarray(values, float))
    return f"{(low + high) / 2:.1f} ± {(high - low) / 2:.1f}"


NEW = 15_485_863
"""How far from the seeds of the players those of newcomers are."""


def _mode(met: Encounter) -> str:
    return {
        "a pair": f"with one of {met.strangers}",
        "one among strangers": f"one among {met.strangers}",
        "one stranger among them": f"with one of {met.strangers} among them",
    }[met.mode]


def crossed(case: WorldCase, players: Mapping[str, Sequence[Casting]], episodes: int = 64) -> tuple[Any, Any]:
    """The cross-play matrix `float[N, N]` and its 95 % margins: what the row gets with the column in the other seats.

    Each name has a table of players for each seed; where a name meets itself, those of one seed meet those of the next,
    so that nobody meets its own training. Seats are taken as in `modes`, by a visitor.
    """
    count, names = len(case.tables), list(players)
    seatings = [(seat,) for seat in ([0] if case.alike else range(case.seats))]
    tables = [
        among(players[one][k], players[other][(k + (one == other)) % count], seats)
        for seats in seatings
        for one in names
        for other in names
        for k in range(count)
    ]
    kinds = case.kinds(*players.values())
    returns = case.returns(tables, episodes, kinds).reshape(len(seatings), len(names), len(names), count, -1)
    own = np.mean([returns[n][..., list(seats)].mean(-1) for n, seats in enumerate(seatings)], 0)
    return own.mean(-1), quantile(count - 1) * own.std(-1, ddof=1) / math.sqrt(count)
