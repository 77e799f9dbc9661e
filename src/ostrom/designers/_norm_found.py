"""The search for norms: every one with every action rule, and what is told of those that will do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np

from ..core.errors import TooLarge, UnknownName
from ._folk import no_rule
from ._patience import Patience, holds, lowest, patience
from ._remedy import Problem, Profile
from ._standings import RULES, Stage, distinctions, forgiven, tried

PLAYERS = 6
SHOWN = 5
"""Pairs that are told of, if no more are as good as the best."""


@dataclass(frozen=True, eq=False)
class Found:
    """A norm and an action rule that keep the target.

    Attributes
    ----------
    norm, rule, bad : four or eight letters, the number of the rule in `RULES`, and the label of the bad move.
    loss : what the best single departure at any state loses. welfare, spoilt : per round, from the start and after one
        wrong entry (of anybody, on average).
    """

    stage: Stage
    norm: str
    rule: int
    bad: str
    loss: float
    welfare: float
    spoilt: float

    @property
    def letters(self) -> str:
        """The rule, in two letters where one's own standing does not count."""
        rule = RULES[self.rule]
        return rule[:2] if rule[:2] == rule[2:] else rule

    @property
    def complexity(self) -> int:
        """What norm and rule distinguish."""
        return distinctions(self.norm) + distinctions(RULES[self.rule])


@dataclass(frozen=True, eq=False)
class Search:
    """What is asked: the target, a discount factor, odds of errors, the order of norms, what leaving has to lose."""

    problem: Problem
    place: Profile
    discount: float
    error: float
    order: int
    bad: str | None
    lead: float

    @property
    def good(self) -> str:
        """The label of the target."""
        return self.problem.game.labels(self.place)[0]

    @cached_property
    def stages(self) -> dict[str, Stage]:
        """The round, by what is done to those in bad standing. Raises `UnknownName` and `TooLarge`."""
        game = self.problem.game
        if len(game.players) > PLAYERS:
            raise TooLarge(
                f"{len(game.players)} players have {2 ** len(game.players):,} standings.",
                f"All of them are looked at, up to {PLAYERS} players.",
                "Ask dynamics.stable_norms about large populations.",
            )
        common = sorted(set.intersection(*map(set, game.moves)) - {self.good})
        if self.bad is not None and self.bad not in common:
            raise UnknownName("bad move that all have", self.bad, common)
        stages = {}
        for label in common if self.bad is None else [self.bad]:
            moves = tuple(own.index(label) for own in game.moves)
            stages[label] = Stage.of(self.problem.rewards, self.problem.worth, self.place, moves)
        return stages

    @property
    def norms(self) -> list[str]:
        """All of the order; where one's own standing does not count in four letters."""
        every = ("".join(letters) for letters in product("BG", repeat=4 if self.order == 2 else 8))
        return [one[:4] if one[:4] == one[4:] else one for one in every]

    def found(self, discount: float, error: float) -> Iterator[Found]:
        """Every pair that will do at such a discount factor and error."""
        for bad, stage in self.stages.items():
            slips = len(stage.bits) - 1 - stage.weights
            for norm in self.norms:
                one = tried(stage, norm, discount, error)
                for k in np.flatnonzero(one.keeps & (one.loss >= self.lead)).tolist():
                    welfare = one.value[k, :, -1]
                    spoilt = float(welfare[slips].mean())
                    yield Found(stage, norm, k, bad, float(one.loss[k]), float(welfare[-1]), spoilt)

    @cached_property
    def all(self) -> list[Found]:
        """Every pair that will do as asked, by welfare."""
        scale = float(np.ptp(self.problem.worth)) or 1.0
        return sorted(
            self.found(self.discount, self.error),
            key=lambda one: (-round(one.welfare / scale, 9), -round(one.spoilt / scale, 9)),
        )

    def best(self) -> list[Found]:
        """The best pairs in order; empty where none will do."""
        if not self.all:
            return []
        scale, first = float(np.ptp(self.problem.worth)) or 1.0, self.all[0]

        def rank(one: Found) -> tuple[Any, ...]:
            value = tuple(-round(amount / scale, 9) for amount in (one.welfare, one.spoilt))
            return *value, round(self.patience(one).least, 9), len(one.norm), one.complexity, one.norm, one.rule

        same = [one for one in self.all if max(first.welfare - one.welfare, first.spoilt - one.spoilt) < 1e-8 * scale]
        return sorted(self.all[: max(len(same), SHOWN)], key=rank)[:SHOWN]

    def patience(self, one: Found) -> Patience:
        """From which discount factor on it is an equilibrium, at the asked error and without the margin."""
        return patience(one.stage, one.norm, one.rule, self.discount, self.error)

    def borne(self, one: Found) -> float:
        """The odds of errors up to which it is an equilibrium, at the asked discount factor and without the margin."""
        above = lowest(lambda left: holds(one.stage, one.norm, one.rule, self.discount, 0.5 - left), 0.5 - self.error)
        return 0.5 - above

    def forgiven(self, one: Found) -> dict[str, int | None]:
        """Rounds from a wrong entry until all play the target again, by player."""
        return dict(zip(self.problem.game.players, forgiven(one.stage, one.norm, one.rule), strict=True))

    @cached_property
    def no_rule(self) -> float:
        """Below this discount factor no equilibrium plays the target, whatever anybody remembers; 1 is at none."""
        return no_rule(np.asarray(self.problem.delegation.rewards, float), self.place)
