"""Do learners get there? What those who learn by themselves really end in, from many random starts."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, get_args

import numpy as np

from ..core.claim import Claim, Verdict
from ..core.errors import InputError, TooLarge, UnknownName
from ..core.game import Array, Mixture, amount
from ._case import ROUNDING, Audit, Case
from ._student import interval, wilson

Rule = Literal["hedge", "regret matching", "fictitious play", "q-learning", "q-learning with memory"]
RULES: tuple[Rule, ...] = get_args(Rule)

SLOWER = 10
"""Q-learners hear of one payoff a round where the others hear of every move's, and get so many times the rounds."""

EXPLORES = 10.0
"""Their exploration falls like exp(-10 t / rounds): in the second half they explore in 0.13 % of the rounds."""

DISCOUNT = 0.9
"""What a payoff a round later is worth to Q-learners who remember."""

WORK = 1_000_000_000
"""Payoffs looked at, over all rounds and runs of a rule that hears of every move, beyond which it is not run."""

PLAYED = 50_000_000
"""Rounds over all runs beyond which a rule is not run."""

BATCH = 4_000_000
"""Payoffs looked at in one step: runs are taken so many at a time."""


@dataclass(frozen=True)
class Learners(Audit):
    """Whether independent learners come to be worth as much as the target, by running them.

    Each rule is run from random starts, all players alike; welfare is averaged over the second half of the rounds of
    each run, and counts up to the target's, so that no run makes up for another. A claim is "supported" when the 95 %
    interval of the mean over runs (Student's t; runs are independent, rounds within one are not) lies no further below
    the target's welfare than the tolerance, "refuted" with the worst run when it lies further below, and otherwise
    "unknown". That is evidence about these rules from starts drawn evenly; `WorstCase` bounds all learners without
    regret.

    Parameters
    ----------
    seeds : how many runs of each rule, at least 2. A run is the same whatever the number of runs.
    rounds : of each run, at least 2; Q-learners play ten times as many.
    rules : which; default hedge, regret matching, fictitious play, and Q-learning without and with memory of the last
        joint move.
    tolerance : the share of the range of welfare that a run may fall short, at least 0.

    Raises `InputError` for numbers outside these ranges, `UnknownName` for another rule.

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> game = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
    >>> [claim.verdict for claim in Learners(rounds=200, rules=("hedge",))(game, ("C", "C"))]
    ['refuted']
    """

    seeds: int = 32
    rounds: int = 1000
    rules: Sequence[Rule] = RULES
    tolerance: float = 0.01

    def __post_init__(self) -> None:
        for rule in self.rules:
            if rule not in RULES:
                raise UnknownName("rule of learning", str(rule), RULES)
        if self.seeds < 2 or self.rounds < 2 or not 0 <= self.tolerance < math.inf:
            raise InputError(
                f"{self.seeds} seeds, {self.rounds} rounds, a tolerance of {self.tolerance}.",
                "An interval needs two runs at least, a second half two rounds, and a tolerance is at least 0.",
                "Give such numbers.",
            )

    def answer(self, case: Case) -> tuple[Claim, ...]:
        """One claim for each rule."""
        return tuple(self._judged(case, rule) for rule in self.rules)

    def welfare(self, case: Case, rule: Rule, runs: Sequence[int]) -> Array:
        """The mean welfare in the second half of the rounds of these runs, `float[len(runs)]`: a witness replayed."""
        step = max(1, BATCH // case.game.size)
        parts = [runs[first : first + step] for first in range(0, len(runs), step)]
        learn = _no_regret if _slower(rule) == 1 else _q_learners
        return np.concatenate([learn(case, rule, part, self.rounds) for part in parts])

    def _judged(self, case: Case, rule: Rule) -> Claim:
        allowed = max(self.tolerance * float(np.ptp(case.worth)), ROUNDING * float(np.abs(case.worth).max()))
        said = f"Learners by {rule} fall short of the target's welfare of {case.wanted:.6g} by at most {allowed:.3g}."
        method = f"{rule} from {self.seeds} random starts"
        try:
            self._refuse_long(case, rule)
            found = self.welfare(case, rule, range(self.seeds))
        except TooLarge as error:
            return Claim(said, "unknown", method, numbers={"reason": error.what})
        least, numbers = case.wanted - allowed, self._numbers(case, rule, found, allowed)
        low, high = numbers["interval"]
        verdict: Verdict = "supported" if low >= least else "refuted" if high < least else "unknown"
        run = int(found.argmin())
        worst = {"rule": rule, "seed": case.seed, "run": run, "rounds": self.rounds, "welfare": float(found[run])}
        said = f"{said} {self.seeds - numbers['reached']} of {self.seeds} runs fell short by more."
        return Claim(said, verdict, method, allowed, numbers, worst if verdict == "refuted" else None)

    def _numbers(self, case: Case, rule: Rule, found: Array, allowed: float) -> dict[str, Any]:
        """What stands behind a claim; `interval` is that of the mean of welfare up to the target's."""
        counted = np.minimum(found, case.wanted)
        reached = int((found >= case.wanted - allowed).sum())
        return {
            "n": self.seeds,
            "reached": reached,
            "interval of share": wilson(reached, self.seeds),
            "mean": float(found.mean()),
            "mean up to the target": float(counted.mean()),
            "interval": interval(counted),
            "level": 0.95,
            "seeds": [case.seed],
            "rounds": self.rounds * _slower(rule),
            "wanted": case.wanted,
            "tolerance": allowed,
        }

    def _refuse_long(self, case: Case, rule: Rule) -> None:
        played = self.seeds * self.rounds * _slower(rule)
        if played > PLAYED:
            raise TooLarge(f"{amount(played)} rounds would have to be played.", f"At most {PLAYED:,} are.")
        work = case.game.payoffs.size * self.seeds * self.rounds
        if work > WORK and _slower(rule) == 1:
            raise TooLarge(f"{amount(work)} payoffs would have to be looked at.", f"At most {WORK:,} are.")


def _slower(rule: Rule) -> int:
    return SLOWER if rule.startswith("q-learning") else 1


def _no_regret(case: Case, rule: Rule, runs: Sequence[int], rounds: int) -> Array:
    """Rules that hear what every move would have been worth: the second half is the whole without the first."""
    from ..dynamics.fictitious_play import fictitious_play
    from ..dynamics.no_regret import hedge, regret_matching

    named: dict[str, Callable[..., Any]] = {
        "hedge": hedge,
        "regret matching": regret_matching,
        "fictitious play": fictitious_play,
    }
    learn = partial(named[rule], case.game, _starts(case, runs), worth=case.worth)
    half = rounds // 2
    return (learn(rounds).worth * rounds - learn(half).worth * half) / (rounds - half)


def _starts(case: Case, runs: Sequence[int]) -> Mixture:
    """Mixtures drawn evenly, each run's from its own stream."""
    streams = [np.random.default_rng([case.seed, run]) for run in runs]
    drawn = [[stream.dirichlet(np.ones(size)) for size in case.game.sizes] for stream in streams]
    return tuple(np.stack(own) for own in zip(*drawn, strict=True))


def _q_learners(case: Case, rule: Rule, runs: Sequence[int], rounds: int) -> Array:
    """Rules that hear of their own payoff only; in the second half they hardly explore any more."""
    from ..dynamics.q_learning import q_learning

    memory = int(rule.endswith("memory"))
    longer = SLOWER * rounds
    seeds = [int(np.random.SeedSequence([case.seed, run]).generate_state(1, np.uint64)[0]) for run in runs]
    found = q_learning(
        case.game,
        seeds,
        rounds=longer,
        memory=memory,
        discount=DISCOUNT * memory,
        epsilon=(1.0, EXPLORES / longer),
        share=0.5,
        worth=case.worth,
    )
    return np.asarray(found.worth)
