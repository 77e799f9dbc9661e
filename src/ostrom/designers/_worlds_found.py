"""What `design_world` hands back: the rule that was found for a world, and how it does where it was not tuned."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..core.claim import Claim, Finding
from ..core.errors import InputError
from ..core.institution import Institution
from ..core.rooms import load
from ..core.world import World
from ..diagnosis._student_interval import Mean
from ._proposal import Impossible
from ._worlds_bench import Arm
from ._worlds_check import NOTHING, THE_RULE, Checked
from ._worlds_search import Plan, Tried
from ._worlds_words import findings, table

SEEN = 9
"""Episodes of which the one in the middle is shown."""


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
        return self.checked[0].over(NOTHING) if self.checked else None

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
        """A typical episode of learners in the world as it is, and of learners under the rule.

        Of each, it is the training that came to the middle, and of some episodes the one in the middle by what the
        seats got in all. `ostrom.reports.replay(*found.recordings())` shows them side by side.
        """
        play, recording = load("learners", "_play").play, load("learners", "_recording").Recording
        arms = self.checked[0].arms if self.checked else {}
        after = arms.get(THE_RULE) or (self.best.arm if self.best and self.best.arm else self.nothing)
        before = arms.get(NOTHING, self.nothing)
        made = []
        for title, arm in ((NOTHING.capitalize(), before), (" and ".join(map(repr, after.rules)), after)):
            world = self.world.under(*arm.rules)
            played = play(world, list(arm.tables[_middle(arm.worth)]), seed=seed, episodes=SEEN, states=True)
            who, number = (arm.learner,) * len(world.ground.players), _middle(played.returns.sum(-1))
            made.append(recording.of(world, played, number, title=title, players=who))
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


def _middle(values: Any) -> int:
    """The number of the (lower) median."""
    return int(np.argsort(values, kind="stable")[(len(values) - 1) // 2])
