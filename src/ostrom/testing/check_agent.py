"""Is a learner what it has to be? The public conformance kit for learners, one's own included. Needs JAX."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.errors import UnknownName
from ..core.rooms import load
from ..core.seeds import words
from ..core.world import World

TASKS = ("bandit", "later", "memory")
SOLVED = 0.6
"""The share of the way from choosing by chance to the best that a learner has to come in a task."""
ROOM = 1e-6
"""How far beyond its bounds a number may be, in float32."""
_PLAIN = ("bool[", "int", "uint", "float16[", "float32[")


def check_agent(
    learner: Any,
    world: World | None = None,
    seed: int = 0,
    *,
    tasks: Sequence[str] | None = None,
    steps: int | None = None,
) -> tuple[str, ...]:
    """Let a learner play and learn, and hold it to what the loop and its users rely on.

    Parameters
    ----------
    learner : an instance of `ostrom.learners.Learner`.
    world : in which it is looked at, in all seats; by default a small one with absent seats, several parts and masks
        that change at every step, without the part that is a number where the learner refuses numbers.
    seed : of what is drawn.
    tasks : what it has to learn, of "bandit" (one seat, three moves), "later" (what is paid comes a step later) and
        "memory" (do as was said two steps ago). By default the first, the second where it has a `discount`, and the
        third where it keeps numbers in mind from step to step.
    steps : for which it may learn in each task; by default 80 updates' worth, and at least 12,000.

    Returns one sentence per check. Raises `DeclarationError` (what was seen, and what to do) on the first failure, and
    `InputError` for what is no learner or no world. Sampled: a failure is certain, a pass is evidence for what was
    tried.
    """
    run = load("testing", "_agent_run")
    words(seed)  # which says what a seed is
    work = run.at_work(learner, world)
    said = [check(run, work) for check in (_keeps_structure, _is_pure)]
    rows = run.Rows(work, seed)
    said.append(_is_held_by_masks(work, rows, "before it has learned", run.fresh(work, seed)))
    if learner.learns:
        runs = [work.trained(number) for number in (seed, seed, seed + 1)]
        said += [check(run, work, runs) for check in (_is_finite, _is_seeded, _plays_on)]
        said.append(_is_held_by_masks(work, rows, "after it has learned", run.row(runs[0].minds[0], 0)))
        steps = steps if steps is not None else max(12_000, 80 * work.length * work.copies)
        said += [_solves(run, work, name, steps, seed) for name in _tasks(run, work, tasks)]
    return tuple(said)


def _keeps_structure(run: Any, work: Any) -> str:
    for name, (before, after) in run.shapes(work).items():
        if before != after:
            work.fail(
                f"changes its {name} from {before} to {after}",
                "Keep the structure, shapes and types that begin and recall give: the loop is compiled for them.",
            )
        odd = [kind for kind in before[1] if not kind.startswith(_PLAIN)]
        if odd:
            work.fail(f"keeps {odd[0]} in its {name}", "Keep arrays of plain numbers, which a file can hold.")
    return "mind and memory keep their structure, and are plain numbers"


def _is_pure(run: Any, work: Any) -> str:
    (first, constants), (second, others) = run.traced(work), run.traced(work)
    same = len(constants) == len(others) and all(map(_same, constants, others))
    if first != second or not same:
        work.fail(
            "is another program when it is compiled again",
            "Read only what is passed in: draw from the key, and keep in the mind what changes.",
        )
    return "pure: compiled again, a lesson is the same program"


def _is_held_by_masks(work: Any, rows: Any, when: str, minds: Any) -> str:
    moves = rows.act(work.learner, rows.minds(minds))
    for part, permitted in rows.mask.items():
        _look(work, when, part, np.asarray(moves[part]), permitted)
    return f"masks: nothing forbidden in {len(rows.seat)} choices of {', '.join(rows.mask)} {when}"


def _look(work: Any, when: str, part: str, chosen: np.ndarray, permitted: np.ndarray) -> None:
    if permitted.dtype == bool:
        inside = (chosen >= 0) & (chosen < permitted.shape[1])
        at = np.clip(chosen, 0, permitted.shape[1] - 1).astype(int)
        fine = inside & np.take_along_axis(permitted, at[:, None], 1)[:, 0]
    else:
        fine = (chosen >= permitted[:, 0] - ROOM) & (chosen <= permitted[:, 1] + ROOM)
    if not fine.all():
        which = int(np.argmin(fine))
        work.fail(
            f"chose {chosen[which]} in {part!r} {when}, where {permitted[which].tolist()} was permitted",
            "Give no odds to what sight.mask forbids, and keep numbers within its bounds.",
        )


def _is_finite(run: Any, work: Any, runs: list[Any]) -> str:
    leaves = run.jax.tree.leaves(runs[0].minds)
    told = {f"the metric {name!r}": row for name, row in runs[0].metrics.items() if name not in ("return", "payoff")}
    for name, values in told.items():
        if not np.isfinite(values).all():
            work.fail(f"has what is no number in {name}", "Keep everything finite: look at divisions, logs and roots.")
    metrics = f"{len(told)} metric{'' if len(told) == 1 else 's'}"
    return f"finite: {sum(leaf[0].size for leaf in leaves):,} numbers in mind, {metrics}"


def _is_seeded(run: Any, work: Any, runs: list[Any]) -> str:
    for first, again, beside in zip(*(run.jax.tree.leaves(one.minds) for one in runs), strict=True):
        if not _same(first, again):
            work.fail("learns otherwise when a seed is trained again", "Draw from the key that is passed in.")
        if not _same(first[1], beside[0]):
            work.fail("learns otherwise beside another seed", "Let seeds share nothing.")
    return "seeded: a seed learns the same again, and whoever learns beside it"


def _plays_on(run: Any, work: Any, runs: list[Any]) -> str:
    players = runs[0].players()
    meant, played = (run.played(work, these, runs[0].seed) for these in (players, run.read_again(players)))
    if not all(_same(meant[part], played[part]) for part in meant):
        work.fail("plays otherwise after its mind was written down and read", "Keep all that it learned in the mind.")
    return "what it learned plays the same when it was written down and read"


def _tasks(run: Any, work: Any, tasks: Sequence[str] | None) -> Sequence[str]:
    """The tasks that are set, or those that suit the learner."""
    for name in tasks or ():
        if name not in TASKS:
            raise UnknownName("task", name, TASKS)
    if tasks is not None:
        return tasks
    remembers = any(kind.startswith("float") and kind[-2:] != "0]" for kind in run.shapes(work)["memory"][0][1])
    fits = {"bandit": True, "later": getattr(work.learner, "discount", 0) > 0, "memory": remembers}
    return [name for name, suits in fits.items() if suits]


def _solves(run: Any, work: Any, name: str, steps: int, seed: int) -> str:
    """It comes most of the way from choosing by chance to the best."""
    world, chance, most = load("testing", "_agent_worlds").task(name)
    paid = run.train(world, work.learner, steps, seed=seed).metrics["payoff"][0, :, 0]
    late = float(paid[-max(1, len(paid) // 10) :].mean())
    if not late >= chance + SOLVED * (most - chance):
        work.fail(
            f"is paid {late:.2f} a step in the task {name!r} after {steps:,} steps; chance is paid {chance:.2f}, "
            f"the best {most:.2f}",
            "Let it learn faster or for longer (steps=…), or look at the sign of its loss.",
        )
    return f"{name}: paid {late:.2f} a step after {steps:,} steps (by chance {chance:.2f}, at most {most:.2f})"


def _same(first: Any, second: Any) -> bool:
    return np.array_equal(np.asarray(first), np.asarray(second), equal_nan=np.asarray(first).dtype.kind == "f")
