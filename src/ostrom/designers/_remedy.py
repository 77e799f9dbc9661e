"""What every remedy starts from and says: what is to be played, and for whom that is better and worse."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, reduce
from typing import Any

import numpy as np

from ..core.delegation import Delegation
from ..core.errors import InputError
from ..core.forms.normal_form import NormalForm
from ..core.game import Array
from ..diagnosis._play import PURSUED, Play

EXACT = 20_000
"""Payoffs up to which a table is worked through in rational numbers."""

ROUNDING = 1e-9
"""In float64, the share of a range of payoffs that a difference has to exceed to count."""

Profile = tuple[int, ...]


@dataclass(frozen=True)
class Effects:
    """What a remedy does to everybody.

    Attributes
    ----------
    principals : players first, then bystanders.
    before, after : the utility of each, payments to the players included.
    welfare_before, welfare_after : what is jointly good, payments left out: money that changes hands is no gain.
    takes_from_bystanders : the players together gain, and some bystander loses.
    """

    principals: tuple[str, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]
    welfare_before: float
    welfare_after: float
    takes_from_bystanders: bool

    @property
    def change(self) -> dict[str, float]:
        """By how much each principal is better off (negative: worse)."""
        pairs = zip(self.before, self.after, strict=True)
        return dict(zip(self.principals, (after - before for before, after in pairs), strict=True))


@dataclass(frozen=True)
class Problem:
    """A delegation and what its agents do now: the share of every joint move, `float[A_1, …, A_P]`."""

    delegation: Delegation
    now: Array

    @classmethod
    def of(cls, delegation: Delegation, played: Any = None) -> Problem:
        """With the play given, or else observed, or else predicted (logit, at the agents' precision).

        Raises `InputError` when what is given is no distribution over joint moves.
        """
        if played is None:
            played = delegation.observed
        now = _predicted(delegation) if played is None else np.asarray(played, float)
        if now.shape != delegation.game.sizes or not abs(now.sum() - 1) < 1e-6 or now.min() < 0:
            raise InputError(
                f"What is played now is given as a table of shape {now.shape} that sums to {now.sum():.6g}.",
                f"Shares of all joint moves have shape {delegation.game.sizes} and sum to 1.",
                "Give such a table, or leave it out to have play predicted.",
            )
        return cls(delegation, now)

    @cached_property
    def worth(self) -> Array:
        """Welfare of every joint move, `float[A_1, …, A_P]`."""
        return self.delegation.welfare.on_table(self.delegation.utilities)

    @cached_property
    def rewards(self) -> Array:
        """What the agents pursue, `[A_1, …, A_P, P]`: `Fraction`s where the table is small, float64 otherwise."""
        rewards, game = self.delegation.rewards, self.delegation.game
        if isinstance(game, NormalForm) and game.exact is not None and np.array_equal(rewards, game.payoffs):
            return game.exact
        return np.vectorize(Fraction, otypes=[object])(rewards) if rewards.size <= EXACT else rewards

    def target(self, labels: tuple[str, ...] | None) -> Profile:
        """The joint move to bring about: the one named, or a welfare optimum.

        Among several optima the one whose worst-off player has most, then the one that agents gain least by leaving.
        """
        if labels is not None:
            return self.delegation.game.profile(labels)
        top = self.worth.max() - ROUNDING * np.ptp(self.worth)
        best = [tuple(int(k) for k in place) for place in np.argwhere(self.worth >= top)]
        players, digits = self.delegation.utilities[..., : self.now.ndim], 9

        def order(place: Profile) -> tuple[float, Any]:
            least = round(float(players[place].min()), digits)
            return -least, sum(max(gains(self.rewards, place, i)) for i in range(len(place)))

        return min(best, key=order)

    def effects(self, target: Profile, payments: Array | None = None) -> Effects:
        """What changes for everybody when `target` is played instead, with `payments[P]` to the players.

        Payments reach the agent. A principal whose agent pursues another reward than its utility has nothing of them.
        """
        utilities, count, axes = self.delegation.utilities, len(self.now.shape), tuple(range(self.now.ndim))
        before, after = np.tensordot(self.now, utilities, axes=self.now.ndim), utilities[target].copy()
        if payments is not None:
            own = (self.delegation.rewards == utilities[..., :count]).all(axis=axes)
            after[:count] += np.where(own, payments, 0.0)
        change, slack = after - before, ROUNDING * np.ptp(utilities)
        return Effects(
            principals=self.delegation.principals,
            before=tuple(before.tolist()),
            after=tuple(after.tolist()),
            welfare_before=float((self.now * self.worth).sum()),
            welfare_after=float(self.worth[target]),
            takes_from_bystanders=bool(change[:count].sum() > slack and (change[count:] < -slack).any()),
        )

    def objection(self, effects: Effects) -> str:
        """Why a remedy with these effects is not proposed; empty when nothing speaks against it."""
        if effects.takes_from_bystanders and self._bystanders_count():
            losers = [name for name, change in effects.change.items() if change < 0]
            return f"The players would gain by taking from those who have no move: {', '.join(losers)} would lose."
        if effects.welfare_after <= effects.welfare_before + ROUNDING * np.ptp(self.worth):
            return "What is played now is as good."
        return ""

    def _bystanders_count(self) -> bool:
        """Whether the welfare looks at bystanders at all: whether it moves when they get more."""
        utilities, count = self.delegation.utilities, len(self.now.shape)
        richer = utilities.copy()
        richer[..., count:] += 1 + np.ptp(utilities)
        return not np.allclose(self.delegation.welfare.on_table(richer), self.worth, rtol=1e-12)

    def governed(self, payoffs: Array, kept: tuple[tuple[int, ...], ...] | None = None) -> NormalForm:
        """The agents' game with these payoffs `[A_1, …, A_P, P]`, and with the `kept` moves only (default: all)."""
        game = self.delegation.game
        kept = kept or tuple(tuple(range(size)) for size in game.sizes)
        left = np.ix_(*kept)
        return NormalForm(
            payoffs[left],
            players=game.players,
            moves=[[own[k] for k in numbers] for own, numbers in zip(game.moves, kept, strict=True)],
            name=game.name,
            bystanders=game.bystanders,
            bystander_payoffs=self.delegation.utilities[left][..., len(game.players) :],
        )


def gains(payoffs: Array, profile: Profile, player: int) -> list[Any]:
    """What each of a player's moves would add to what it gets at `profile`, in the numbers of the table."""
    own = payoffs[(*profile[:player], slice(None), *profile[player + 1 :], player)]
    return list(own - own[profile[player]])


def precision(payoffs: Array) -> tuple[str, float]:
    """How a table is compared: in words, and the tolerance."""
    return ("exact rationals", 0.0) if payoffs.dtype == object else ("float64", ROUNDING * float(np.ptp(payoffs)))


def _predicted(delegation: Delegation) -> Array:
    """The shares of joint moves when agents pursue their rewards with their precision, each for itself."""
    count = len(delegation.game.players)
    play = Play(delegation, delegation.precision or math.inf)
    return reduce(np.multiply.outer, play.alone(play.aims((PURSUED,) * count), (False,) * count))
