"""The verb `design_world`: institutions for a world, searched over learners that are trained anew under each of them.

Two levels: outside a rule and its numbers, inside learners who adapt to it. What is found is verified with seeds,
learners and co-players that it was not tuned on, beside doing nothing, telling the rule without enforcing it, and money
moved without a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ..core.errors import InputError, UnknownName
from ..core.institution import Institution
from ..core.rooms import load
from ..core.welfare import as_welfare
from ..core.world import World
from ..diagnosis._student_interval import Mean
from ..learners._seating import alike, name_of
from ._worlds_bench import Bench
from ._worlds_check import NOTHING, Check
from ._worlds_found import WorldDesign
from ._worlds_replies import applies, by_replies
from ._worlds_search import Plan, Search, Tried
from ._worlds_space import Scale, families

AMONG = ("tax", "quota")
LOOK = 8
"""Episodes of random play by which ranges are chosen."""
PLENTY = 4_000_000
PLACES = 3
"""Rules of each kind that are tried at first."""
LARGEST = 4096
"""Joint moves up to which replies are computed in a world of one step."""


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
    load("worlds", "_outline").require_sound(world)
    outside = getattr(getattr(world, "base", world), "bystanders", {}) if bystanders is None else bystanders
    learner = learner or _learner(world, "ippo")
    others = (_learner(world, "reinforce"),) if others is None else tuple(others)
    _refuse(world, (learner, *others), outside, seeds, rules, episodes, rising)
    bench = Bench(world, as_welfare(welfare), outside, seeds, episodes, progress)
    check = Check(bench, (learner, *others), seed)
    lesson = max(bench.lesson(one) for one in (learner, *others))
    among = [among] if isinstance(among, str | type | Institution) else list(among)
    progress("Looking at what rules can be laid on")
    kinds, impossible = families(world, among, _scale(world), on, ranges or {})
    computed = applies(world, LARGEST)
    count = 0 if computed or not kinds else max(rules or PLACES * len(kinds), len(kinds))
    plan = Plan.of(steps, count, generations if count else 0, seeds, check.trainings, lesson)
    progress(f"Plan: {plan.words}")
    bench.total = plan.needed
    bench.paced(learner)
    progress(f"About {_span(bench.left(len(kinds) + check.trainings))} from here")
    nothing = bench.arm(NOTHING, (), learner, plan.length, seed)
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
    if best is None and search.tried:  # stopped before one was chosen
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


def _refuse(
    world: World,
    learners: Sequence[Any],
    outside: Mapping[str, str],
    seeds: int,
    rules: int | None,
    episodes: int,
    rising: int,
) -> None:
    """Raise `InputError` for what cannot be searched or measured, before anything is trained."""
    if seeds < 2 or (rules is not None and rules < 1) or episodes < 1 or rising < 1:
        raise InputError(
            f"{seeds} seeds, {rules} rules, {episodes} episodes and {rising} phases were given.",
            "An interval needs two seeds, and there is at least one of the others.",
            "Give more.",
        )
    for one in learners:
        if not getattr(one, "learns", False):
            raise InputError(f"{one!r} learns nothing.", "Rules are searched over learners.", "Name one that learns.")
    for name in outside.values():
        if name not in world.ground.facts:
            raise UnknownName("fact", name, world.ground.facts)


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
