"""Whether a rule does better than nothing where it was not tuned: other seeds, other learners, other co-players."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ..core.claim import Claim, Verdict
from ..diagnosis._student_interval import Mean
from ._worlds_bench import FRESH, Announced, Arm, Bench, Lottery, Rules, split

NEW = 15_485_863
"""How far from the seeds of the search those of the verification are."""
THE_RULE, NOTHING, TOLD, MOVED = "the rule", "doing nothing", "told, not enforced", "money moved at random"
ARMS = (THE_RULE, NOTHING, TOLD, MOVED)
SHOWN = 3
"""Bots of the world that are met, at most."""


@dataclass(frozen=True, eq=False)
class Checked:
    """One check: `where`, in words, and an arm for the rule and for each thing it is compared with."""

    where: str
    arms: Mapping[str, Arm]
    seeds: tuple[int, ...]

    @property
    def rule(self) -> Arm:
        """The arm of the rule."""
        return self.arms[THE_RULE]

    def over(self, name: str) -> Mean:
        """What the rule is worth more than an arm, seed by seed, with a 95 % interval (Student)."""
        return Mean.of(self.rule.worth - self.arms[name].worth)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """That the rule is worth more than each of the others."""
        return tuple(self._claim(name) for name in self.arms if name != THE_RULE)

    def _claim(self, name: str) -> Claim:
        more = self.over(name)
        verdict: Verdict = "supported" if more.above_zero else "refuted" if more.below_zero else "unknown"
        rule, other = self.rule, self.arms[name]
        said = f"{self.where}, welfare under the rule is higher than with {name}: {rule.mean.words} against "
        numbers = {"n": more.n, "interval": [more.low, more.high], "level": 0.95, "seeds": list(self.seeds)}
        worst = int(np.argmin(rule.worth - other.worth))
        witness = {"seed": self.seeds[worst], "rule": float(rule.worth[worst]), name: float(other.worth[worst])}
        method = f"{more.n} trainings each, the same seeds"
        return Claim(
            f"{said}{other.mean.words}, {more.words} more.", verdict, method, 0.0, numbers,
            witness if verdict == "refuted" else None,
        )  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        arms = {
            name: {"worth": arm.worth.tolist(), "paid": arm.paid.tolist(), "bare": arm.bare.tolist()}
            | {"bystanders": {who: got.tolist() for who, got in arm.bystanders.items()}}
            for name, arm in self.arms.items()
        }
        over = {name: asdict(self.over(name)) for name in self.arms if name != THE_RULE}
        return {"where": self.where, "seeds": list(self.seeds), "arms": arms, "more than": over}


class Check:
    """The checks, one after the other; `done` holds those made so far."""

    def __init__(self, bench: Bench, learners: Sequence[Any], seed: int) -> None:
        self.bench, self.learners, self.seed = bench, learners, seed + NEW
        self.done: tuple[Checked, ...] = ()

    @property
    def trainings(self) -> int:
        """How many trainings, of all seeds each, are needed at most."""
        return len(ARMS) * len(self.learners)

    def of(self, rules: Rules, length: int) -> tuple[Checked, ...]:
        """All checks of the rules."""
        for number, learner in enumerate(self.learners):
            at = self.seed + number * FRESH
            words = "learners of the same kind, with other seeds" if number == 0 else "other learners"
            where = f"Among {words} ({type(learner).__name__})"
            arms = self._arms(rules, learner, length, at)
            self.done = (*self.done, Checked(where, arms, self._seeds(at)))
        self.done = (*self.done, *self._among_bots(self.done[0]))
        return self.done

    def _arms(self, rules: Rules, learner: Any, length: int, seed: int) -> dict[str, Arm]:
        arms: dict[str, Arm] = {}
        for name in ARMS:
            self.bench.tell(f"Verifying with {type(learner).__name__}: {name}")
            laid = self._laid(name, rules, arms)
            if laid is not None:
                arms[name] = self.bench.arm(name, laid, learner, length, seed)
        return arms

    def _laid(self, name: str, rules: Rules, arms: Mapping[str, Arm]) -> Rules | None:
        """The rules of an arm; None where no money moves that could move without a reason."""
        if name == MOVED:
            each = arms[THE_RULE].moved / self.bench.world.horizon
            return (Lottery(amount=each),) if each > 0 else None
        return {THE_RULE: rules, NOTHING: (), TOLD: tuple(map(Announced, rules))}[name]

    def _among_bots(self, first: Checked) -> list[Checked]:
        """The same learners with one of the world's bots in the last seat; all bots are met at once."""
        bots: dict[str, Any] = {}
        for name, bot in self.bench.world.bots().items():
            if bot not in bots.values() and len(bots) < SHOWN:
                bots[name] = bot
        met: dict[str, list[Arm]] = {}
        for arm in (THE_RULE, NOTHING) if bots else ():
            self.bench.tell(f"Verifying beside bots: {arm}")
            one = first.arms[arm]
            tables = [[*casting[:-1], bot] for bot in bots.values() for casting in one.tables]
            met[arm] = split(self.bench.measured(arm, one.rules, one.learner, tables, first.seeds[0] + 1), len(bots))
        return [
            Checked(f"With a {name} bot in one seat", {arm: each[k] for arm, each in met.items()}, first.seeds)
            for k, name in enumerate(bots)
        ]

    def _seeds(self, first: int) -> tuple[int, ...]:
        return tuple(first + k for k in range(self.bench.seeds))
