"""The verb `design_world`: institutions for a world, searched over learners that are trained anew under each of them.

Two levels: outside a rule and its numbers, inside learners who adapt to it. What is found is verified with seeds,
learners and co-players that it was not tuned on, beside doing nothing, telling the rule without enforcing it, and money
moved without a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..core.claim import Claim, Finding
from ..core.errors import InputError, UnknownName
from ..core.institution import Institution
from ..core.rooms import load
from ..core.welfare import as_welfare
from ..core.world import World
from ..diagnosis._student_interval import Mean
from ..learners._seating import alike, name_of
from ._proposal import Impossible
from ._worlds_bench import Arm, Bench
from ._worlds_check import Check, Checked
from ._worlds_replies import applies, by_replies
from ._worlds_search import Plan, Search, Tried
from ._worlds_space import Scale, families
from ._worlds_words import findings, table

AMONG = ("tax", "quota")
LOOK = 8
"""Episodes of random play by which ranges are chosen."""
PLENTY = 4_000_000
PLACES = 3
"""Rules of each kind that are tried at first."""
LARGEST = 4096
"""Joint moves up to which replies are computed in a world of one step."""


@dataclass(frozen=True, eq=False)
class WorldDesign:
    """The institution that was found for a world, and how it does where it was not tuned.

    Attributes
    ----------
    name : of the world.
    plan : how the budget was to be spent; `spent` : steps that were.
    nothing : the world as it is, as the search saw it; `tried` : every rule that was tried, in order.
    best : the one that did best; None where there was none.
    checked : what became of it with other seeds, learners and co-players.
    impossible : what was asked for and does not fit the world, with why.
    stopped : whether the search was interrupted, so that `best` is the best so far.
    """

    name: str
    world: World = field(repr=False)
    plan: Plan
    nothing: Arm = field(repr=False)
    tried: tuple[Tried, ...] = field(repr=False)
    best: Tried | None = field(repr=False)
    checked: tuple[Checked, ...] = field(repr=False)
    impossible: tuple[Impossible, ...]
    spent: int
    stopped: bool = False

    @property
    def institutions(self) -> tuple[Institution, ...]:
        """The rules that were found, the first one innermost; `InputError` where there are none."""
        if self.best is None:
            raise InputError(
                f"No institution was found for {self.name}.",
                " ".join(one.because for one in self.impossible) or "The search was stopped before it had tried one.",
                "Name others with among=….",
            )
        return self.best.rules

    @property
    def institution(self) -> Institution:
        """The rule that was found (the innermost, of several)."""
        return self.institutions[0]

    @property
    def gained(self) -> Mean | None:
        """What it gains over doing nothing on the seeds and learners of the first check; None where none was made."""
        return self.checked[0].over("doing nothing") if self.checked else None

    @property
    def claims(self) -> tuple[Claim, ...]:
        """That it does better than doing nothing and than what it is compared with, wherever that was asked."""
        return tuple(claim for one in self.checked for claim in one.claims)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What there is to say, in sentences with their numbers."""
        return findings(self)

    @property
    def summary(self) -> str:
        """One paragraph."""
        return " ".join(finding.sentence for finding in self.findings)

    def table(self) -> str:
        """All arms of every check, a line each."""
        return table(self)

    def recordings(self, seed: int = 0) -> tuple[Any, Any]:
        """An episode of learners in the world as it is, and of learners under the rule, from the same seed.

        `ostrom.reports.replay(*found.recordings())` shows them side by side.
        """
        play, recording = load("learners", "_play").play, load("learners", "_recording").Recording
        arms = self.checked[0].arms if self.checked else {}
        after = arms.get("the rule") or (self.best.arm if self.best and self.best.arm else self.nothing)
        before = arms.get("doing nothing", self.nothing)
        made = []
        for title, arm in (("Doing nothing", before), (" and ".join(map(repr, after.rules)), after)):
            world = self.world.under(*arm.rules)
            played = play(world, list(arm.tables[0]), seed=seed, states=True)
            made.append(recording.of(world, played, title=title, players=(arm.learner,) * len(world.ground.players)))
        return made[0], made[1]

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "kind": "world design",
            "name": self.name,
            "institutions": [repr(rule) for rule in self.best.rules] if self.best else [],
            "plan": self.plan.words,
            "spent": self.spent,
            "stopped": self.stopped,
            "nothing": self.nothing.worth.tolist(),
            "tried": [
                {"rules": list(map(repr, one.rules)), "steps": one.steps, "worth": one.worths.tolist()}
                for one in self.tried
            ],
            "checked": [one.to_dict() for one in self.checked],
            "impossible": [{"approach": one.approach, "because": one.because} for one in self.impossible],
            "summary": self.summary,
        }


def design_world(
    world: World,
    *,
    among: Iterable[Any] = AMONG,
    on: Sequence[str] | None = None,
    ranges: Mapping[str, tuple[float, float]] | None = None,
    welfare: Any = None,
    bystanders: Mapping[str, str] | None = None,
    learner: Any = None,
    others: Sequence[Any] | None = None,
    steps: int = PLENTY,
    rules: int | None = None,
    generations: int = 1,
    seeds: int = 4,
    seed: int = 0,
    episodes: int = 32,
    rising: int = 1,
    progress: Callable[[str], object] = lambda stage: None,
) -> WorldDesign:
    """Look for the rule under which learners do best together, by what the world itself pays.

    Parameters
    ----------
    among : institutions by name or class (laid on every fact that varies), as texts ("tax:on=harvest"), as they are
        (their numbers are searched), or tuples of them (searched together).
    on : the facts or moves that rules may be laid on.
    ranges : parameter -> least and most, where the declared range is open and the scale of the world is not wanted.
    welfare : what is jointly good, of an episode; default the mean over seats and bystanders.
    bystanders : name -> the fact whose sum over the seats is what those without a seat have; default the world's own.
    learner : who is trained in the search; default `IPPO` with a small network, one mind where seats are alike.
    others : learners of the verification besides; default `Reinforce`.
    steps : the budget, over all trainings, seeds and copies, verification included. It is kept.
    rules, generations : rules that are tried at first (by default three of each kind that fits, and at least one), and
        steps of the evolution strategy round the best.
    seeds, seed, episodes : trainings of each rule (at least 2), the first one's seed, and episodes of a measurement.
    rising : phases in which a rule's strength rises during a training; 1 is full strength from the start. In the
        verification it always is.
    progress : is told in words what is being done, the plan first.

    Interrupted (Ctrl-C), the best so far is returned. Raises `InputError` for fewer than two seeds, or a budget that is
    too small.
    """
    if seeds < 2 or (rules is not None and rules < 1) or episodes < 1 or rising < 1:
        raise InputError(
            f"{seeds} seeds, {rules} rules, {episodes} episodes and {rising} phases were given.",
            "An interval needs two seeds, and there is at least one of the others.",
            "Give more.",
        )
    outside = getattr(getattr(world, "base", world), "bystanders", {}) if bystanders is None else bystanders
    learner = learner or _learner(world, "ippo")
    others = (_learner(world, "reinforce"),) if others is None else tuple(others)
    for one in (learner, *others):
        if not getattr(one, "learns", False):
            raise InputError(f"{one!r} learns nothing.", "Rules are searched over learners.", "Name one that learns.")
    for name in outside.values():
        if name not in world.ground.facts:
            raise UnknownName("fact", name, world.ground.facts)
    bench = Bench(world, as_welfare(welfare), outside, seeds, episodes, progress)
    check = Check(bench, (learner, *others), seed)
    lesson = max(bench.lesson(one) for one in (learner, *others))
    among = [among] if isinstance(among, str | type | Institution) else list(among)
    progress("Looking at what rules can be laid on")
    kinds, impossible = families(world, among, _scale(world), on, ranges or {})
    computed = applies(world, LARGEST)
    count = 0 if computed or not kinds else max(rules or 0, PLACES * len(kinds) if rules is None else len(kinds), 1)
    plan = Plan.of(steps, count, generations if count else 0, seeds, check.trainings, lesson)
    progress(f"Plan: {plan.words}")
    bench.total = plan.needed
    bench.paced(learner)
    progress(f"About {_span(bench.left(len(kinds) + check.trainings))} from here")
    nothing = bench.arm("doing nothing", (), learner, plan.length, seed)
    search = Search(bench, plan, learner, seed, rising, lambda one: progress(_said(one, bench)))
    best, stopped, checked = None, False, ()
    try:
        if computed:
            by_replies(world, kinds, bench.welfare, outside, search.note, search.tried)
        elif kinds:
            search.run(kinds)
        if search.tried:
            best = search.tried[-1] if computed else search.best
            checked = check.of(best.rules, plan.length)
    except KeyboardInterrupt:
        stopped, checked = True, check.done
    if stopped and search.tried:
        best = search.best
    return WorldDesign(
        name_of(world),
        world,
        plan,
        nothing,
        tuple(search.tried),
        best,
        checked,
        tuple(impossible),
        bench.spent,
        stopped,
    )


def _scale(world: World) -> Scale:
    """How much happens in a step of random play."""
    rollouts = load("worlds", "rollouts")
    played = [rollouts.rollout(world, rollouts.uniform, number) for number in range(LOOK)]
    facts = {
        name: np.concatenate([np.asarray(one.facts[name], float).ravel() for one in played]) for name in played[0].facts
    }
    payoffs = np.concatenate([np.asarray(one.payoffs, float).ravel() for one in played])
    return Scale(float(np.ptp(payoffs)) or 1.0, facts, world.horizon)


def _learner(world: World, name: str) -> Any:
    """Somebody quick to compile and to learn: a small network, of one mind where seats are alike.

    Both look about twenty steps ahead; one gradient takes Reinforce a tenth of the steps, because it takes only one.
    """
    net = load("learners", "_nets").Net((32,))
    given: dict[str, Any] = {"net": net, "rate": 5e-3, "discount": 0.95, "shared": alike(world)}
    if name == "ippo":
        return load("learners", "ippo").IPPO(**given, epochs=2, length=50)
    return load("learners", "reinforce").Reinforce(**given, trace=0.95, length=25, copies=4)


def _said(one: Tried, bench: Bench) -> str:
    rules = " and ".join(map(repr, one.rules))
    return f"{bench.spent / bench.total:.0%} of the steps behind: {rules} is worth {Mean.of(one.worths).words}"


def _span(seconds: float) -> str:
    return f"{max(seconds, 1):.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
