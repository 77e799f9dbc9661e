"""What breaking a rule gains and resting loses in a game played for ever, and whether anybody gains at any state."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..core.agent import Choice, Look, Strategy
from ..core.errors import InputError, UnknownName
from ..institutions.graduated_sanctions import GraduatedSanctions
from ._remedy import Problem, Profile, gains

CLOSE = 1e-9
"""Share of the range of payoffs within which nobody gains."""


@dataclass(frozen=True)
class Stake:
    """What a player gains now by the forbidden move, and loses in each round of rest, while the others keep to it."""

    gain: float
    loss: float

    def least_discount(self, lead: float) -> float:
        """From which discount factor on resting for ever outweighs the gain and a lead."""
        return (self.gain + lead) / (self.gain + lead + self.loss) if self.loss > 0 else math.inf

    def rounds(self, discount: float, lead: float) -> int | None:
        """The least k with loss · δ(1 - δ^k)/(1 - δ) ≥ gain + lead; None where no k does."""
        if self.gain <= 0:
            return 0
        kept = 1 - (self.gain + lead) * (1 - discount) / (self.loss * discount) if self.loss * discount > 0 else -1.0
        return None if kept <= 0 else max(1, math.ceil(math.log(kept) / math.log(discount) - 1e-9))


def tempting_moves(problem: Problem, place: Profile) -> set[str]:
    """The labels by which somebody gains at the target."""
    return {
        problem.game.moves[i][move]
        for i in range(len(place))
        for move, gain in enumerate(gains(problem.rewards, place, i))
        if gain > CLOSE * problem.scale
    }


def rests_from(problem: Problem, on: str, rest: str | None) -> tuple[str, ...]:
    """The moves that may be left to whoever rests: all that everybody has."""
    common = set(problem.game.moves[0]).intersection(*problem.game.moves[1:])
    known = {label for own in problem.game.moves for label in own}
    for label in filter(None, (on, rest)):
        if label not in known:
            raise UnknownName("move", label, known)
    if rest is not None and (rest not in common or rest == on):
        raise InputError(f"{rest!r} cannot be the rest from {on!r}.", "All need it, and it is another move.")
    return tuple(sorted(common - {on})) if rest is None else (rest,)


def stakes_of(problem: Problem, place: Profile, on: str, rest: str) -> list[Stake]:
    """What every player gains and loses while all others keep to the target."""
    found = []
    for i, own in enumerate(problem.game.moves):
        added = dict(zip(own, map(float, gains(problem.rewards, place, i)), strict=True))
        found.append(Stake(added.get(on, 0.0), -added[rest]))
    return found


def keeps(problem: Problem, place: Profile, rest: str) -> Strategy:
    """Play one's part of the target where that is allowed, and rest where it is not."""
    wanted = dict(zip(problem.game.players, problem.game.labels(place), strict=True))

    def strategy(look: Look) -> Choice:
        own = wanted[look.player]
        return {"act": own if own in look.choices["act"] else rest}

    return strategy


def rule_of(on: str, rest: str, rounds: int) -> GraduatedSanctions:
    """Exclusion without a fine, at the first violation and at every later one."""
    return GraduatedSanctions(on, 0.0, (0.0,), exclusion=rounds, rest=rest)


def most_gained(problem: Problem, place: Profile, on: str, rest: str, rounds: int, discount: float) -> float:
    """The most that any strategy of anybody adds, per round, at any state."""
    repeated = problem.agents.repeated(discount).under(rule_of(on, rest, rounds))
    return float(repeated.gains(keeps(problem, place, rest)).max())
