"""Organisations: agents that are made of members and of a rule by which these decide.

A member is any policy. All see what the seat of the organisation sees, and each keeps a memory of its own. What comes
out are the exact odds of what is decided when every member draws by itself; nothing is sampled on the way.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..core.agent import NEVER, Policy, Sight
from ..core.errors import InputError, UnknownName
from ._minds import own, together

Array = Any


class Organisation(Policy, ABC):
    """Members who decide together; each of the others of this file has a rule for it.

    Parameters
    ----------
    members : policies, at least one; an organisation may be a member too.

    Raises `InputError` where there are no members, or where one is no policy.
    """

    members: tuple[Policy, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.members:
            raise InputError(f"{type(self).__name__}(members=()) has nobody who decides.", do="Give at least one.")
        for member in self.members:
            if not isinstance(member, Policy):
                raise InputError(
                    f"{type(self).__name__} has the member {member!r:.80}.",
                    "A member says with what odds it would choose, as a policy does; a trained player only draws.",
                    "Give policies: bots of the world, members of the room agents, or a Policy of your own.",
                )

    @abstractmethod
    def decide(self, part: str, odds: Array, sight: Sight) -> Array:
        """Odds `float[A]` of what is decided in a part, from those of every member `float[N, A]`, rows of sum 1."""

    def settle_on(self, part: str, numbers: Array, sight: Sight) -> Array:
        """The number that is decided in a continuous part, from those of the members `float[N]`."""
        raise InputError(
            f"{type(self).__name__} is to decide on {part!r}, which is a number.",
            "Hardly ever do two members want the same number, so there is no number with many votes.",
            "Let an organisation of the kind Median decide.",
        )

    def begin(self) -> dict[str, Array]:
        """What every member keeps in mind at first."""
        return together({number: member.begin() for number, member in enumerate(self.members)})

    def act(self, sight: Sight, memory: Mapping[str, Array]) -> tuple[dict[str, Array], dict[str, Array]]:
        """Log-odds of what is decided in each part, or the number."""
        answers = [member.act(sight, own(memory, number)) for number, member in enumerate(self.members)]
        wishes, xp, decided = [scores for scores, _ in answers], sight.xp, {}
        for part, permitted in sight.mask.items():
            if permitted.dtype == bool:
                each = [_odds(scores.get(part, 0.0), permitted, xp) for scores in wishes]
                odds = self.decide(part, xp.stack(each), sight)
                decided[part] = xp.where(odds > 0, xp.log(xp.where(odds > 0, odds, 1.0)), NEVER)
            else:
                low, high = permitted[0], permitted[1]
                each = [xp.clip(xp.asarray(scores.get(part, (low + high) / 2)), low, high) for scores in wishes]
                decided[part] = self.settle_on(part, xp.stack(each), sight)
        return decided, together({number: kept for number, (_, kept) in enumerate(answers)})


class Lottery(Organisation):
    """One member, drawn by lot, decides (random dictator; the odds are the linear opinion pool of Stone, 1961).

    Parameters
    ----------
    weights : of the members, at least 0 and not all 0; () is even.

    Raises `InputError` for weights that are not as many as members, negative, not finite, or all 0.
    """

    weights: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        weights = np.array(self.weights or [1.0] * len(self.members), float)
        if len(weights) != len(self.members) or not (weights >= 0).all() or not 0 < weights.sum() < np.inf:
            raise InputError(
                f"Lottery(weights={self.weights}) is to draw one of {len(self.members)} members.",
                "A member is drawn with odds of its weight among all weights.",
                "Give every member one weight of at least 0, and somebody more than 0.",
            )

    def decide(self, part: str, odds: Array, sight: Sight) -> Array:
        """The weighted mean of the members' odds."""
        weights = np.array(self.weights or [1.0] * len(self.members))
        return (sight.xp.asarray(weights / weights.sum(), odds.dtype)[:, None] * odds).sum(0)


class Vote(Organisation):
    """What enough members choose is done, and otherwise the status quo (Condorcet, 1785, for the majority).

    Every member votes for the label that it draws. A label that gets a quorum of more than half of the votes is the
    only one that can, so the odds are tails of a Poisson-binomial distribution, computed exactly.

    Parameters
    ----------
    quorum : votes that are needed, more than half of the members; 0 is the least such number. All of them: unanimity.
    otherwise : the label of the status quo. Where it is not permitted, or a part has no such label, the status quo is
        the first label that is permitted; without a name it always is that one, which in a world is to rest.

    Raises `InputError` for a quorum out of range, and `UnknownName` where no part has the label.
    """

    quorum: int = 0
    otherwise: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        count = len(self.members)
        if self.quorum and not count < 2 * self.quorum <= 2 * count:
            raise InputError(
                f"Vote(quorum={self.quorum}) has {count} members.",
                "With half of the votes or less two labels could win at once, and more than all nobody gets.",
                f"Give {count // 2 + 1} to {count}, or 0 for {count // 2 + 1}.",
            )

    def decide(self, part: str, odds: Array, sight: Sight) -> Array:
        """Of each label, the odds of a quorum; what is left goes to the status quo."""
        xp, permitted = sight.xp, sight.mask[part]
        carried = _at_least(self.quorum or len(self.members) // 2 + 1, odds, xp)
        stays = self._status_quo(part, sight)
        stays = xp.where(permitted[xp.maximum(stays, 0)] & (stays >= 0), stays, xp.argmax(permitted))
        left = xp.maximum(1.0 - carried.sum(), 0.0)
        return carried + left * (xp.arange(permitted.shape[-1]) == stays)

    def _status_quo(self, part: str, sight: Sight) -> Array:
        """The number of the label of the status quo for this seat; -2 where the part has no such label."""
        parts, players = sight.ground.parts, len(sight.ground.players)
        codes = {name: one.codes(self.otherwise, players) for name, one in parts.items()}
        if self.otherwise and all((found < 0).all() for found in codes.values()):
            labels = {label for one in parts.values() for seat in range(players) for label in one.labels_of(seat)}
            raise UnknownName("label", self.otherwise, labels)
        return sight.xp.asarray(codes[part])[sight.seat]


class Median(Organisation):
    """The median of what the members choose: of labels in their order, and of numbers (Black, 1948).

    Where wishes fall off on both sides of what a member likes best, no proposal beats the median by a majority. Of an
    even number of members it is the lower of the two in the middle. Whoever says nothing about a number is taken to
    want the middle of what is permitted.
    """

    def decide(self, part: str, odds: Array, sight: Sight) -> Array:
        """The median is at most a label when at least half of the members choose at most that label."""
        xp = sight.xp
        below = _at_least((len(self.members) + 1) // 2, xp.clip(xp.cumsum(odds, 1), 0.0, 1.0), xp)
        step = below - xp.concatenate([xp.zeros_like(below[:1]), below[:-1]])
        return xp.where((odds > 0).any(0), xp.maximum(step, 0.0), 0.0)

    def settle_on(self, part: str, numbers: Array, sight: Sight) -> Array:
        """The (lower) median."""
        return sight.xp.sort(numbers)[(len(self.members) - 1) // 2]


def _at_least(quorum: int, odds: Array, xp: Any = np) -> Array:
    """Odds `float[A]` that at least `quorum` of N independent events happen, from theirs `float[N, A]`, column by
    column: the tail of a Poisson-binomial distribution, member by member."""
    none = xp.zeros_like(odds[:1])
    counts = xp.concatenate([none + 1.0, *[none] * len(odds)])
    for chance in odds:
        counts = counts * (1.0 - chance) + xp.concatenate([none, counts[:-1]]) * chance
    return counts[quorum:].sum(0)


def _odds(scores: Array, permitted: Array, xp: Any) -> Array:
    """Softmax over what is permitted."""
    scores = xp.where(permitted, scores, NEVER)
    weights = xp.where(permitted, xp.exp(scores - scores.max()), 0.0)
    return weights / weights.sum()
