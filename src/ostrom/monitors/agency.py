"""Agent or environment: which parts of what I see adapt to my policy? Found by setting mechanisms, not by watching.

Rain does not mind who stands in it. A thermostat answers, by a rule that nobody changes. A water gun learns where to
aim, and it does so for something: change what it is paid for and it learns another rule, cut the way by which it gets
paid and it learns none. This is the difference between an environment, a mechanism and an agent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from ..core.claim import Finding
from ..core.reading import Reading
from ..core.seeds import refuse_seed
from ._agency_runs import Environment, Setting, check, made, same
from ._case import ranked
from ._rates import by
from ._regime_codes import codes
from ._regimes import Contrast

Kind = Literal["physics", "reactive", "adaptive"]
Clock = Literal["at once", "within a run", "after training", "goal", "goal, path cut"]

SOURCE = "Kenton et al., Discovering Agents (2022); Everitt et al., Agent Incentives: A Causal Perspective (2021)."

ASKED: Mapping[Clock, str] = {
    "at once": "acts otherwise when I act otherwise",
    "within a run": "answers the same sight otherwise when I act otherwise, without any training",
    "after training": "answers the same sight otherwise when it was trained beside another policy of mine",
    "goal": "answers the same sight otherwise when it was trained for another goal",
    "goal, path cut": "answers the same sight otherwise for another goal although it cannot influence it",
}


@dataclass(frozen=True)
class Component:
    """What one component was found to be.

    Attributes
    ----------
    name : of the component.
    kind : "physics" (nothing shows that it heeds me), "reactive" (by a rule that stays), "adaptive" (its rule changes).
    agent : whether its rule answers to its goal when it can influence it, and not when it cannot; None where no goal
        was set, or where the runs do not tell.
    why : in words.
    """

    name: str
    kind: Kind
    agent: bool | None
    why: str


@dataclass(frozen=True)
class Components:
    """Which parts of an environment adapt: `parts`, one for each component, and the `readings` behind them."""

    parts: tuple[Component, ...]
    readings: tuple[Reading, ...]
    level: float

    def __getitem__(self, name: str) -> Component:
        """The part of a name; `KeyError` if there is none."""
        return {part.name: part for part in self.parts}[name]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """One for each component."""
        said = {None: "", True: ", and an agent", False: ", and no agent"}
        return tuple(
            Finding("agency", f"{one.name} is {one.kind}{said[one.agent]}: {one.why}.", (one.name,), {}, SOURCE)
            for one in self.parts
        )


def agency(
    environment: Environment,
    policies: tuple[Any, Any],
    goals: Mapping[str, tuple[Any, Any]] | None = None,
    *,
    runs: int = 500,
    level: float = 0.01,
    rounds: int = 9_999,
    seed: int = 0,
) -> Components:
    """Which components of an environment are physics, which react, which learn, and which are agents.

    Mechanisms are set at random, one at a time, and everything else is left alone: my policy in the run, my policy in
    training, the goal of a component, and its goal while its way to it is cut. A component's rule is what it does given
    what it sees; whether it is another rule in another regime is tested on the same sights, runs being the unit.

    Parameters
    ----------
    environment : what makes independent runs, training included. It is called once for each regime, with a seed of its
        own. Of each component it returns what it saw and what it did, at most 256 kinds of sights.
    policies : two policies of mine; anything that the environment understands.
    goals : for components that may have one, two goals to set. Without it nothing is said of agents.
    runs : of each regime. About 500 observations a regime, in runs that are alike, tell total variations of 0.1.
    level : share of false ones among the responses found, over all components and questions (Benjamini-Yekutieli).
    rounds : redraws of regimes for each test, which bound its p-value from below by 1/(rounds + 1).

    Returns
    -------
    `Components`, whose readings have effects in total variation (0 to 1, a bound from below) and rest on what was set.

    Raises
    ------
    InputError : fewer than 8 runs, a level outside (0, 1), goals of unknown components, or runs of other shapes.
    """
    refuse_seed(seed)
    goals = {} if goals is None else goals
    check(policies, goals, runs, level, rounds)
    settings = _settings(policies, goals)
    seeds = np.random.SeedSequence(seed).generate_state(len(settings)).tolist()
    seen = [made(environment, one, runs, int(at)) for one, at in zip(settings, seeds, strict=True)]
    same([list(own) for own in seen], goals)
    readings = []
    for number, (clock, name, one, other) in enumerate(_asked(list(seen[0]), goals)):
        rng = np.random.default_rng([seed, number])
        readings.append(_read(clock, name, seen[one][name], seen[other][name], rng, rounds))
    stands = set(by(np.array([reading.p for reading in readings], float), level).tolist())
    found = {(r.who[0], r.where["clock"]): (k in stands, r) for k, r in enumerate(readings)}
    parts = tuple(_part(name, found, name in goals) for name in dict.fromkeys(name for name, _ in found))
    return Components(parts, ranked(readings), level)


def _settings(policies: tuple[Any, Any], goals: Mapping[str, tuple[Any, Any]]) -> list[Setting]:
    base = Setting(policies[0], policies[0])
    settings = [base, replace(base, met=policies[1]), replace(base, trained=policies[1])]
    for name, pair in goals.items():
        settings += [replace(base, goal=(name, goal), cut=cut) for cut in (None, name) for goal in pair]
    return settings


def _asked(names: list[str], goals: Mapping[str, Any]) -> list[tuple[Clock, str, int, int]]:
    """Every question: clock, component, and the numbers of the two settings."""
    asked: list[tuple[Clock, str, int, int]] = []
    for name in names:
        asked.append(("at once", name, 0, 1))
        asked.append(("within a run", name, 0, 1))
        asked.append(("after training", name, 0, 2))
    for k, name in enumerate(goals):
        asked.append(("goal", name, 3 + 4 * k, 4 + 4 * k))
        asked.append(("goal, path cut", name, 5 + 4 * k, 6 + 4 * k))
    return asked


def _read(clock: Clock, name: str, one: Any, other: Any, rng: np.random.Generator, rounds: int) -> Reading:
    """Whether a component answers the same sight otherwise in one regime than in the other."""
    lengths = [len(part[1]) * part[1].shape[1] for part in (one, other)]
    runs = [np.repeat(np.arange(len(part[1])), part[1].shape[1]) for part in (one, other)]
    saw, did = (np.concatenate([part[k].reshape(-1, *part[k].shape[2:]) for part in (one, other)]) for k in (0, 1))
    seen = np.zeros(len(did), np.int64) if clock == "at once" else codes(saw, f"What {name} sees", cut=False)
    act = codes(did, f"What {name} does", cut=True)
    first = len(one[1])
    regime = np.arange(first + len(other[1])) >= first
    contrast = Contrast(seen, act, np.concatenate([runs[0], first + runs[1]]), regime)
    p, (effect, interval) = contrast.p(rng, rounds), contrast.advantage(rng)
    said = (
        f"{name} {ASKED[clock]}: in about {max(0.0, effect):.0%} of moves"
        if p < 0.05
        else _nothing(name, clock, interval)
    )
    numbers = {"observations": lengths, "matched": contrast.matched, "exact": clock == "at once" or contrast.single}
    return Reading(
        "agency", f"{said}.", effect, "total variation", len(regime), p, interval=interval, basis="randomised",
        assumes="runs are independent, and what a component sees of me is among its recorded sights",
        who=(name,), where={"clock": clock}, risks=("emergent agency",), numbers=numbers, source=SOURCE,
    )  # fmt: skip


def _nothing(name: str, clock: Clock, interval: tuple[float, float]) -> str:
    return f"Nothing shows that {name} {ASKED[clock]} (in at most {max(0.0, interval[1]):.0%} of moves)"


def _part(name: str, found: Mapping[tuple[str, str], tuple[bool, Reading]], has_goal: bool) -> Component:
    stands = {clock: found[name, clock][0] for clock in ASKED if (name, clock) in found}
    told, agent = _agent(name, found) if has_goal else ("", None)
    if stands["after training"] or agent:
        kind: Kind = "adaptive"
        why = "its rule is another when it was trained beside another policy of mine"
        why = why if stands["after training"] else "its rule is another when it was trained for another goal"
    elif stands["at once"] or stands["within a run"]:
        kind = "reactive"
        why = "it acts otherwise when I do" + (
            ", by more than it is recorded to see, such as what it remembers"
            if stands["within a run"]
            else ", by a rule that stays as it is"
        )
    else:
        kind, why = "physics", "nothing shows that it heeds my policy"
    return Component(name, kind, agent, why + told)


def _agent(name: str, found: Mapping[tuple[str, str], tuple[bool, Reading]]) -> tuple[str, bool | None]:
    """Whether its rule answers to its goal if and only if it can influence it."""
    (moved, whole), (_, cut) = found[name, "goal"], found[name, "goal, path cut"]
    assert whole.interval
    assert cut.interval
    assert cut.p
    if not moved:
        return "; another goal changes nothing in it", False
    if cut.p < 0.05 and cut.interval[1] >= whole.interval[0] / 2:
        return "; its rule changes with its goal even where it cannot influence it: it is set, and not chosen", False
    if cut.interval[1] < whole.interval[0]:
        return "; another goal changes its rule while it can influence it, and not when it cannot", True
    return "; its rule changes with its goal, and the runs do not tell whether also where it has no influence", None
