"""Trained among its own kind, and then among strangers: what is lost, and how much of it training in company repairs.

    python examples/strangers.py
    python examples/strangers.py sides signalling schooled --seeds 6

In each world players are trained together, in several seeds, and then one of them sits among strangers it has never
met. "own kind" is what a seat gets where it was trained, "strangers" what it gets among them, "best known" what the
best reply found gets in its place (the players themselves, a bot, one of the strangers, or somebody trained against
these very strangers), and "loss" the difference, with 95 % intervals over seeds. Then somebody is trained as long in a
company: the others are drawn anew for each episode from earlier players and bots, among whom the strangers of the test
are not. "in company" is what that one gets among the same strangers, and "loss left" what the best known has beyond.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from _in_worlds import DILEMMA, LEARNER, command, read

import ostrom as om
from ostrom.audits.strangers import Strangers, spelled
from ostrom.core.agent import Policy, Sight
from ostrom.learners import IPPO, Company, Net, further, train
from ostrom.worlds import MatrixWorld, Signalling, Stock


class Copies(Policy):
    """Does what the other did the step before, and at first the move of number `first` (tit for tat)."""

    first: int = 0

    def act(self, sight: Sight, memory: Mapping[str, Any]) -> tuple[dict[str, Any], Mapping[str, Any]]:
        """One move."""
        xp, last = sight.xp, sight.seen["last"]
        other = xp.where(sight.seat == 0, last[1], last[0])
        return {"act": sight.scores("act", xp.where(other < 0, self.first, other))}, memory


class Always(Policy):
    """The move of this number, whatever happens."""

    number: int = 0

    def act(self, sight: Sight, memory: Mapping[str, Any]) -> tuple[dict[str, Any], Mapping[str, Any]]:
        """One move."""
        return {"act": sight.scores("act", self.number)}, memory


class Grim(Policy):
    """Cooperates until the other has defected once, and then never again."""

    def begin(self) -> Mapping[str, Any]:
        """Nothing has happened."""
        return {"angry": np.array(False)}

    def act(self, sight: Sight, memory: Mapping[str, Any]) -> tuple[dict[str, Any], Mapping[str, Any]]:
        """One move."""
        xp, last = sight.xp, sight.seen["last"]
        angry = memory["angry"] | (xp.where(sight.seat == 0, last[1], last[0]) == 1)
        return {"act": sight.scores("act", xp.where(angry, 1, 0))}, {"angry": angry}


class GrimTaker(Policy):
    """Takes its part of what grows back until somebody has taken more, and from then on the most there is.

    Parameters
    ----------
    amounts : what can be taken; `share` : the share of the stock that is everybody's part.
    """

    amounts: tuple[int, ...] = (0, 5, 10, 20)
    share: float = 1 / 6

    def begin(self) -> Mapping[str, Any]:
        """Nothing has happened."""
        return {"angry": np.array(False), "fair": np.array(np.inf, np.float32)}

    def act(self, sight: Sight, memory: Mapping[str, Any]) -> tuple[dict[str, Any], Mapping[str, Any]]:
        """One amount."""
        xp, amounts = sight.xp, sight.xp.asarray(self.amounts)
        fair = xp.asarray(self.share * sight.seen["stock"] * (1 + 1e-5), xp.float32)
        angry = memory["angry"] | (sight.seen["last"] > memory["fair"]).any()
        wanted = xp.where(angry, len(self.amounts) - 1, (amounts <= fair).sum() - 1)
        return {"act": sight.scores("act", wanted)}, {"angry": angry, "fair": fair}


@dataclass(frozen=True)
class Setup:
    """A world, the strangers of the test, who is in the company one trains in, and the seats that are tried.

    The company also has players of `early` earlier trainings. `school` : whether the strangers learned in that company,
    too. `learner`, `steps` : who learns, and for how long.
    """

    world: om.World
    strangers: Mapping[str, Policy]
    company: Sequence[Policy]
    seats: tuple[int, ...] = (0,)
    early: int = 2
    school: bool = False
    learner: Any = LEARNER
    steps: int = 50_000


SIDES = om.NormalForm([[[1, 1], [0, 0]], [[0, 0], [1, 1]]], moves=("left", "right"), name="keep to a side")
STOCK = Stock.small()
TALK = Signalling(3, 3, 3, rounds=10)
TALKER = IPPO(net=Net((32,)), rate=5e-3, discount=0.5, trace=1.0, entropy=0.03, length=20)
"""A word pays one step after it was said, and rounds have nothing to do with each other: hence the short view."""
SETUPS = {
    "sides": Setup(MatrixWorld.of(SIDES, horizon=10), {}, (), (0, 1), early=8),
    "dilemma": Setup(
        DILEMMA,
        {"tit for tat": Copies()},
        (Always(0), Always(1), Grim()),
        (0, 1),
    ),
    "stock": Setup(
        STOCK,
        {"reciprocal": STOCK.bots()["reciprocal"]},
        (STOCK.bots()["cooperative"], GrimTaker()),
        early=0,
        steps=100_000,
    ),
    "signalling": Setup(TALK, {}, (), (0, 1), early=8, learner=TALKER),
    "schooled": Setup(TALK, {}, (TALK.bots()["separating"],), (0, 1), early=0, school=True, learner=TALKER),
}
ALONE = ("a pair", "one among strangers")
FAR = 1_000
"""How far from the seeds of the players those of the company are; those of the strangers lie twice as far."""


@dataclass(frozen=True)
class Result:
    """What was measured about one kind of strangers, `float[K]` each."""

    world: str
    strangers: str
    own: np.ndarray
    focal: np.ndarray
    best: np.ndarray
    who: str
    repaired: np.ndarray

    @property
    def loss(self) -> np.ndarray:
        """Of those who were trained among their own kind."""
        return self.best - self.focal

    @property
    def left(self) -> np.ndarray:
        """Of those who were trained in company."""
        return self.best - self.repaired


def measured(name: str, steps: int | None, seeds: int, seed: int, episodes: int = 64) -> list[Result]:
    """What those trained among their own kind lose among strangers, and those trained in company."""
    setup = SETUPS[name]
    world, count, steps = setup.world, len(setup.world.ground.players), steps or setup.steps
    own, early, late = (train(world, setup.learner, steps, seeds=seeds, seed=seed + place * FAR) for place in range(3))
    strangers = {f"{kind} bots": [[bot] * count] * seeds for kind, bot in setup.strangers.items()}
    if setup.school:
        strangers["others of that school"] = in_company(setup, late, early, steps, seed + 2 * FAR)
    else:
        strangers["others trained alike"] = [late.players(k) for k in range(seeds)]
    met, _ = Strangers(steps=2 * steps, episodes=episodes).met(own, strangers=strangers, only=ALONE, seed=seed)
    taught = in_company(setup, own, early, steps, seed)
    again, _ = Strangers(steps=0, episodes=episodes).met(world, taught, strangers=strangers, only=ALONE, seed=seed)
    return [
        Result(name, one.strangers, one.own, one.focal, one.best, one.who, other.focal)
        for one, other in zip(met, again, strict=True)
    ]


def in_company(setup: Setup, own: Any, early: Any, steps: int, seed: int) -> list[list[Any]]:
    """The tables of a run, with players who learned among a company in the seats that are tried."""
    count = len(setup.world.ground.players)
    tables = [own.players(k) for k in range(own.seeds)]
    for seat in setup.seats:
        known = [
            early.players(k)[other]
            for k in range(min(setup.early, early.seeds))
            for other in range(count)
            if other != seat
        ]
        company = Company.of(setup.world, [*known, *setup.company])
        among = [[company] * count for _ in tables]
        learned = further(setup.world, among, (seat,), steps, learner=setup.learner, seed=seed)
        for casting, new in zip(tables, learned, strict=True):
            casting[seat] = new[seat]
    return tables


def main(words: list[str] | None = None) -> None:
    """Read the command line, and print the table."""
    usual = "of each training in each seed (default 50000, in the stock 100000)"
    given = read(command(__doc__, SETUPS, steps=usual, seeds=8), SETUPS, words)
    head = ("own kind", "strangers", "best known", "loss", "in company", "loss left")
    print(f"{'world':<11}{'strangers':<22}" + "".join(f"{title:>14}" for title in head))
    for name in given.worlds:
        for one in measured(name, given.steps, given.seeds, given.seed):
            cells = map(spelled, (one.own, one.focal, one.best, one.loss, one.repaired, one.left))
            print(
                f"{name:<11}{one.strangers:<22}" + "".join(f"{cell:>14}" for cell in cells) + f"  {one.who}", flush=True
            )


if __name__ == "__main__":
    main()
