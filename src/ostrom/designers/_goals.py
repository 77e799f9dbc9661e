"""What a restriction of moves may be for: which play must not be left stable, in clauses and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..core.errors import InputError, UnknownName
from ..core.forms.normal_form import NormalForm
from ..core.game import Array
from ._clauses import PureClauses
from ._learners import LearnerClauses
from ._remedy import ROUNDING, Problem, Profile

GoalName = Literal["unique", "best", "floor", "learner-proof"]

LEAVES = {
    "unique": "leaves {where} as the only pure equilibrium",
    "best": "leaves no pure equilibrium better than {where}",
    "floor": "leaves no pure equilibrium with a welfare below {floor:.6g}",
    "learner-proof": "leaves {where} an equilibrium, and no way for learners without regret to fall below a welfare of "
    "{floor:.6g}",
}
IS = {
    "unique": "{where} is the only pure equilibrium",
    "best": "{where} is an equilibrium, and no pure one is better",
    "floor": "{where} is an equilibrium, and no pure one has a welfare below {floor:.6g}",
    "learner-proof": "{where} is an equilibrium, and learners without regret cannot fall below a welfare of "
    "{floor:.6g}",
}


@dataclass(frozen=True)
class Goal:
    """A goal about one joint move, the target, which has to stay an equilibrium.

    Attributes
    ----------
    floor : the welfare that is asked for, at most the target's. For "unique" and "best" it is the target's.
    """

    name: GoalName
    problem: Problem
    place: Profile
    floor: float

    @classmethod
    def of(cls, name: GoalName, problem: Problem, place: Profile, floor: float | None) -> Goal:
        """The goal of that name; `InputError` for an unknown one, and for a floor that means nothing or is too high."""
        if name not in LEAVES:
            raise UnknownName("goal", str(name), LEAVES)
        wanted = float(problem.worth[place])
        if floor is None:
            return cls(name, problem, place, wanted)
        if name in ("unique", "best"):
            raise InputError(
                f"A floor of {floor!r} is given for the goal {name!r}.",
                "That goal compares with the target.",
                "Leave the floor out, or use 'floor' or 'learner-proof'.",
            )
        if not -np.inf < floor <= wanted + ROUNDING * float(np.ptp(problem.worth)):
            raise InputError(
                f"The floor is {floor!r}, and the target is worth {wanted:.6g}.",
                "The target stays an equilibrium, so less than its own welfare has to be allowed.",
                f"Ask for {wanted:.6g} at most, or name another target.",
            )
        return cls(name, problem, place, float(floor))

    def clauses(self) -> PureClauses | LearnerClauses:
        """What removals have to satisfy; `TooLarge` when that cannot be listed."""
        if self.name == "learner-proof":
            return LearnerClauses(self.problem.rewards, self.problem.worth, self.floor, self.place)
        return PureClauses(self.problem.delegation.rewards, self.unwanted(self.problem.worth, self.place))

    def words(self, sentences: dict[str, str] = LEAVES) -> str:
        """What the goal means for this target."""
        where = f"({', '.join(self.problem.game.labels(self.place))})"
        return sentences[self.name].format(where=where, floor=self.floor)

    def unwanted(self, worth: Array, place: Profile) -> Array:
        """Which joint moves must not be left as pure equilibria, `bool[A_1, …, A_P]`; never the target's `place`."""
        slack = ROUNDING * float(np.ptp(self.problem.worth))
        if self.name == "best":
            found = worth > self.floor + slack
        elif self.name == "floor":
            found = worth < self.floor - slack
        else:
            found = np.full(worth.shape, self.name == "unique")
        found[place] = False
        return found


def left_open(problem: Problem, kept: Sequence[Sequence[int]], rewards: Array | None = None) -> NormalForm:
    """The agents' game with the moves that are kept, and with other `rewards` `[A_1, …, A_P, P]` where given."""
    game, open_ = problem.game, np.ix_(*kept)
    return NormalForm(
        (problem.rewards if rewards is None else rewards)[open_],
        players=game.players,
        moves=[[own[k] for k in numbers] for own, numbers in zip(game.moves, kept, strict=True)],
        name=game.name,
        bystanders=game.bystanders,
        bystander_payoffs=problem.delegation.utilities[open_][..., len(game.players) :],
    )
