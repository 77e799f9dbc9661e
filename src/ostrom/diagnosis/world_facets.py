"""Where the impact gap of a world comes from: corners are trained instead of solved, and measured with intervals.

The three switches are those of `facets`. In a world capability off is who was given, and on is trained until a search
for a better reply gains no more than its interval leaves open; acting as one is training for the welfare of all. A
corner that is the same as another is not trained again. Nothing here is proved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import product
from typing import Any

import numpy as np

from ..core.agent import Policy
from ..core.claim import Finding
from ..core.errors import InputError
from ..core.game import Array
from ..core.rooms import load
from ..core.world import World
from ..learners._seating import name_of, named
from ._facets_shares import averaged
from ._student_interval import Mean
from ._world_corners import Budget, Corner, Corners
from ._world_words import findings, table

SWITCHES = ("intent", "capability", "inter-agent")
On = tuple[bool, bool, bool]
GIVEN = "the players given"
"""Who plays as things are, where somebody was given."""
TRIFLE = 0.02
"""The share of what is at stake up to which a gain counts as none."""


@dataclass(frozen=True, eq=False)
class WorldFacets:
    """The impact gap of a world and its parts, in mean welfare of an episode, with 95 % intervals over seeds.

    Welfare is the mean, over seats and bystanders, of what the world itself pays; what rules take or give is left out,
    because somebody else has it. In every seed the facets sum to the gap exactly.

    Attributes
    ----------
    name, players, bystanders : of the world.
    given : who plays with all switches off, in words.
    gap, intent, capability, inter_agent : Shapley values of the switches, means over seeds with intervals.
    temptation : what a seat gains for itself by leaving those who act as one, as far as a search found.
    corners : by the switches that are on ("", "intent", "intent+capability", …).
    random : welfare when all choose evenly; `known` : when all seats are taken by one of the world's bots.
    budget : how long was trained and looked; `learner` : by whom.
    outside : whose welfare counts without a seat, by the fact that says it.
    """

    name: str
    players: tuple[str, ...]
    bystanders: tuple[str, ...]
    given: str
    gap: Mean
    intent: Mean
    capability: Mean
    inter_agent: Mean
    temptation: Mean
    corners: Mapping[str, Corner] = field(repr=False)
    random: Mean = field(repr=False)
    known: Mapping[str, Mean] = field(repr=False)
    budget: Budget = field(repr=False)
    learner: Any = field(repr=False)
    outside: Mapping[str, str] = field(repr=False)

    @property
    def played(self) -> Mean:
        """Welfare as things are."""
        return Mean.of(self.corners[""].worth)

    @property
    def perfect(self) -> Mean:
        """Welfare when each acts for its principal as well as training can make it."""
        return Mean.of(self.corners["intent+capability"].worth)

    @property
    def best(self) -> Mean:
        """Welfare with everything repaired, as far as training (or a bot) came."""
        return Mean.of(self.corners["+".join(SWITCHES)].worth)

    @property
    def tempting(self) -> bool | None:
        """Whether a seat gains more than a trifle of what is at stake by leaving those who act as one.

        None where the interval of that gain reaches to both sides of a trifle: more seeds or steps can decide.
        """
        trifle, gain = TRIFLE * self.stake, self.temptation
        low, high = (gain.value if end is None else end for end in (gain.low, gain.high))
        return True if low > trifle else False if high <= trifle else None

    @property
    def conflict(self) -> Mean | None:
        """The inter-agent line, where leaving those who act as one is tempting; else 0; None where it is not known."""
        return None if self.tempting is None else self.inter_agent if self.tempting else self._nothing

    @property
    def coordination(self) -> Mean | None:
        """The inter-agent line, where it is not: to act as one is (nearly) an equilibrium then, if one gets there."""
        return None if self.tempting is None else self._nothing if self.tempting else self.inter_agent

    @property
    def parts(self) -> dict[str, Mean]:
        """The parts that sum to the gap, by cause; "inter-agent" where it is neither conflict nor coordination yet."""
        told = {"coordination": self.coordination, "conflict": self.conflict}
        known = {name: mean for name, mean in told.items() if mean is not None}
        return {"intent": self.intent, "capability": self.capability, **(known or {"inter-agent": self.inter_agent})}

    @property
    def _nothing(self) -> Mean:
        return Mean(0.0, 0.0, 0.0, self.inter_agent.n)

    @property
    def fixed(self) -> bool:
        """Whether those who play as things are were given, and did not learn here."""
        return self.given == GIVEN

    @property
    def settled(self) -> bool:
        """Whether no search found a better reply in any corner that was trained."""
        return all(corner.settled for corner in self.corners.values())

    @property
    def stake(self) -> float:
        """The best less the worst welfare that was measured: what percentages are of."""
        worths = [float(corner.worth.mean()) for corner in self.corners.values()]
        worths += [self.random.value, *(one.value for one in self.known.values())]
        return max(worths) - min(worths)

    @property
    def taken(self) -> Mean:
        """What the rules take from the seats in an episode as things are, less what they give, over all seats."""
        off = self.corners[""]
        return Mean.of((off.bare - off.returns).sum(-1))

    @property
    def lines(self) -> dict[str, Mean]:
        """The parts that sum to the gap."""
        return {"intent": self.intent, "capability": self.capability, "inter-agent": self.inter_agent}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What there is to say, in sentences with their numbers."""
        return findings(self)

    @property
    def summary(self) -> str:
        """One paragraph."""
        return " ".join(finding.sentence for finding in self.findings)

    @property
    def table(self) -> str:
        """The gap, its parts and the corners, a line each."""
        return table(self)

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        corners = {name: _plain(corner) for name, corner in self.corners.items()}
        parts = {name: asdict(part) for name, part in (("gap", self.gap), *self.lines.items())}
        return {
            "kind": "world facets",
            "name": self.name,
            "players": list(self.players),
            "bystanders": list(self.bystanders),
            "given": self.given,
            **parts,
            "temptation": asdict(self.temptation),
            "tempting": self.tempting,
            "settled": self.settled,
            "corners": corners,
            "random": asdict(self.random),
            "budget": asdict(self.budget),
            "summary": self.summary,
            "findings": [asdict(finding) for finding in self.findings],
        }


def diagnose_world(
    world: World,
    players: Any = None,
    *,
    learner: Any = None,
    steps: int = 40_000,
    rounds: int = 2,
    search: int | None = None,
    seeds: int = 4,
    seed: int = 0,
    episodes: int = 64,
    bystanders: Mapping[str, str] | None = None,
    seconds: float | None = None,
    progress: Callable[[str], object] = lambda stage: None,
) -> WorldFacets:
    """Where the impact gap of a world, under institutions or not, comes from.

    Parameters
    ----------
    players : who plays as things are: a policy or player for all seats, or one for each; or a `Run` of
        `ostrom.learners.train` (an early checkpoint), or the number of steps for which learners have learned so far; by
        default agents who are perfect already, so that capability is no matter.
    learner : who is trained; default that of the run, or `IPPO()`.
    steps, rounds, search : steps of a training in each seed, the most trainings of a corner (each further one twice as
        long), and the further steps of a search for a reply (default as many as a training).
    seeds, seed : how many trainings of each corner, at least 2, and the first one's seed; as many as a run given has.
    episodes : of each measurement in each seed.
    bystanders : name -> the fact whose sum over the seats is what those without a seat have; default the world's own.
    seconds : no further round of training begins after so many.
    progress : is told in words what is being done.

    Raises `InputError` for fewer than two seats or seeds, or players that do not fit.
    """
    load("worlds", "_outline").require_sound(world)
    count, run = len(world.ground.players), players if hasattr(players, "minds") else None
    seeds = run.seeds if run is not None else seeds
    if count < 2 or seeds < 2 or steps < 1 or rounds < 1 or episodes < 1:
        raise InputError(
            f"{count} seats, {seeds} seeds, {steps} steps, {rounds} rounds and {episodes} episodes were given.",
            "Facets are about agents who affect each other, and an interval needs two trainings.",
            "Use a world with two seats or more, at least two seeds, and at least 1 of the others.",
        )
    learner = learner or _learner_of(run) or load("learners", "ippo").IPPO()
    budget = Budget(steps, rounds, search or steps, seeds, seed, episodes, seconds)
    outside: Mapping[str, str] = getattr(getattr(world, "base", world), "bystanders", {})
    outside = outside if bystanders is None else bystanders
    learning = players is None or run is not None or isinstance(players, int)
    tables = [] if learning else [_casting(world, players)] * seeds
    corners = Corners(world, learner, budget, outside, progress, tables)
    found = _all(corners, players, run)
    worth = {on: corner.worth for on, corner in found.items()}
    parts = [_share(worth, switch) for switch in range(3)]
    gap = worth[True, True, True] - worth[False, False, False]
    best = found[True, True, True]
    known = {name: Mean.of(corner.worth) for name, corner in corners.bots().items()}
    return WorldFacets(
        name=name_of(world),
        players=world.ground.players,
        bystanders=tuple(outside),
        given=_given(players, run),
        gap=Mean.of(gap),
        intent=Mean.of(parts[0]),
        capability=Mean.of(parts[1]),
        inter_agent=Mean.of(parts[2]),
        temptation=corners.tempted(best.tables, corners.aims(True, False)),
        corners={"+".join(name for name, one in zip(SWITCHES, on, strict=True) if one): c for on, c in found.items()},
        random=Mean.of(corners.given([[Policy()] * count] * budget.seeds).worth),
        known=known,
        budget=budget,
        learner=learner,
        outside=dict(outside),
    )


def in_world(subject: Any) -> tuple[World, Any] | None:
    """The world, and who plays there, of a world or of what was trained in one; None of anything else."""
    if isinstance(subject, World):
        return subject, None
    return (subject.world, subject) if hasattr(subject, "minds") else None


def _all(corners: Corners, players: Any, run: Any) -> dict[On, Corner]:
    """Every corner, those that coincide trained once."""
    found: dict[On, Corner] = {}
    fixed = corners.given(corners.tables) if corners.tables else None
    early: dict[str, Corner] = {}
    for intent, capable, together in product((False, True), repeat=3):
        on = intent, capable, together
        aim = corners.aims(intent, together)
        if capable or players is None:
            found[on] = corners.learned(aim)
        elif fixed is not None:
            found[on] = fixed
        else:
            if aim not in early:
                early[aim] = _early(corners, players, run, aim)
            found[on] = early[aim]
    return found


def _early(corners: Corners, steps: Any, run: Any, aim: str) -> Corner:
    """Learners who have come so far; those of the run, or as far as they at another aim."""
    if run is None:
        return corners.early(aim, corners.learner, steps)
    if aim == "own":
        return corners.given([run.players(k) for k in range(run.seeds)], run.steps)
    by_seat = {seat: group.learner for group in run.groups for seat in group.seats}
    return corners.early(aim, [by_seat[seat] for seat in range(len(corners.world.ground.players))], run.steps)


def _casting(world: World, players: Any) -> list[Any]:
    """A player for each seat; bots may be named."""
    names = world.ground.players
    if isinstance(players, Mapping):
        missing = [name for name in names if name not in players]
        if missing:
            raise InputError(f"Nobody was given for {missing[0]}.", do="Give a player for every seat.")
        players = [players[name] for name in names]
    return [named(world, one) for one in (players if isinstance(players, list | tuple) else [players] * len(names))]


def _share(worth: Mapping[On, Array], switch: int) -> Array:
    """The Shapley value of a switch in every seed, `float[K]`."""

    def gained(one: bool, other: bool) -> Array:
        rest = [one, other]
        off, on = ((*rest[:switch], state, *rest[switch:]) for state in (False, True))
        return worth[on] - worth[off]  # type: ignore[index]

    return np.asarray(averaged(gained))  # type: ignore[arg-type]


def _learner_of(run: Any) -> Any:
    """The learner that was trained in a run, if one was."""
    return None if run is None else next((g.learner for g in run.groups if g.learner.learns), None)


def _given(players: Any, run: Any) -> str:
    if players is None:
        return "agents who have learned all they can"
    steps = players if isinstance(players, int) else run.steps if run is not None else 0
    return f"players trained for {steps:,} steps" if steps else GIVEN


def _plain(corner: Corner) -> dict[str, Any]:
    return {
        "how": corner.how,
        "worth": corner.worth.tolist(),
        "returns": corner.returns.tolist(),
        "bystanders": {name: got.tolist() for name, got in corner.bystanders.items()},
        "steps": corner.steps,
        "gain": None if corner.gain is None else asdict(corner.gain),
        "settled": corner.settled,
    }
