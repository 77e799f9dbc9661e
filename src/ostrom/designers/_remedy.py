"""What every remedy starts from and says: what is to be played, and for whom that is better and worse."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

import numpy as np

from ..audits._case import ARITHMETIC, fractions
from ..core.delegation import Delegation, as_delegation
from ..core.errors import InputError
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Game, require_interaction
from ..core.lifts.staged import Staged
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


class Problem:
    """A delegation, what its agents do now, and what everything is worth.

    Parameters
    ----------
    delegation : whose agents are to be governed.
    played : the share of every joint move now, `float[A_1, …, A_P]`; default as observed, or else as predicted (logit,
        at the agents' precision), when it is first asked for.

    Raises `InputError` when what is given is no distribution over joint moves, and for fewer than two players or moves.
    """

    def __init__(self, delegation: Game | Delegation, played: Any = None) -> None:
        self.delegation = as_delegation(delegation)
        self.game, self._played = self.delegation.game, played
        require_interaction(self.game)
        if played is not None:
            self._played = _distribution(np.asarray(played, float), self.game.sizes)

    @cached_property
    def now(self) -> Array:
        """The share of every joint move now."""
        if self._played is not None:
            return self._played
        observed = self.delegation.observed
        return _predicted(self.delegation) if observed is None else observed

    @cached_property
    def worth(self) -> Array:
        """Welfare of every joint move, `float[A_1, …, A_P]`: all the same where only the arithmetic makes it differ."""
        worth = self.delegation.welfare.on_table(self.delegation.utilities)
        noise = ARITHMETIC * max(float(np.abs(self.delegation.utilities).max()), float(np.abs(worth).max()))
        return np.full(worth.shape, worth.mean()) if np.ptp(worth) <= noise else worth

    @cached_property
    def rewards(self) -> Array:
        """What the agents pursue, `[A_1, …, A_P, P]`: `Fraction`s where the table is small, float64 otherwise."""
        rewards = self.delegation.rewards
        if isinstance(self.game, NormalForm) and self.game.exact is not None and self.own_rewards:
            return self.game.exact
        return fractions(rewards) if rewards.size <= EXACT else rewards

    @cached_property
    def own_rewards(self) -> bool:
        """Whether the agents pursue what the game pays."""
        payoffs = self.game.payoffs if isinstance(self.game, NormalForm) else self.game.dense().payoffs
        return np.array_equal(self.delegation.rewards, payoffs)

    @cached_property
    def agents(self) -> Game:
        """The game the agents play, by the rewards they pursue."""
        if self.own_rewards:
            return self.game
        return NormalForm(
            self.delegation.rewards,
            players=self.game.players,
            moves=self.game.moves,
            name=self.game.name,
            bystanders=self.game.bystanders,
            bystander_payoffs=self.delegation.utilities[..., len(self.game.players) :],
            facts=self.game.facts,
        )

    @cached_property
    def payments(self) -> Array:
        """What rules that are there already pay, `float[A_1, …, A_P, P]`; 0 where there are none."""
        return np.asarray(getattr(self.agents, "payments", np.zeros((*self.game.sizes, len(self.game.players)))), float)

    @property
    def scale(self) -> float:
        """The range of what agents pursue: of the player who has most at stake."""
        return float(np.ptp(self.delegation.rewards.reshape(-1, len(self.game.players)), axis=0).max()) or 1.0

    def target(self, labels: Sequence[str] | None = None) -> Profile:
        """The joint move to bring about: the one named, or a welfare optimum.

        Among several optima the one whose worst-off player has most, then the one that agents gain least by leaving,
        then the one in which most do the same.
        """
        if labels is not None:
            return self.game.profile(tuple(labels))
        top = self.worth.max() - ROUNDING * np.ptp(self.worth)
        best = [tuple(int(k) for k in place) for place in np.argwhere(self.worth >= top)]
        players, digits = self.delegation.utilities[..., : len(self.game.players)], 9

        def order(place: Profile) -> tuple[float, Any, int]:
            least = round(float(players[place].min()), digits)
            tempted = sum(max(gains(self.rewards, place, i)) for i in range(len(place)))
            return -least, tempted, len(set(self.game.labels(place)))

        return min(best, key=order)

    def of_own_move(self, fact: str) -> bool:
        """Whether how much a player has of a fact depends on its own move alone."""
        amounts = self.game.facts_at(self.game.profiles())[fact].reshape(*self.game.sizes, -1)
        for i in range(amounts.shape[-1]):
            own = np.moveaxis(amounts[..., i], i, 0).reshape(amounts.shape[i], -1)
            if np.ptp(own, axis=1).max() > ROUNDING * max(float(np.abs(own).max()), 1e-300):
                return False
        return True

    def surely(self, place: Profile) -> Array:
        """The odds of joint moves when that one is played."""
        odds = np.zeros(self.game.sizes)
        odds[place] = 1.0
        return odds

    def effects(self, outcome: Array, payments: Array | None = None) -> Effects:
        """What changes for everybody when joint moves have the odds `outcome` instead, with `payments[P]` on average.

        Payments reach the agent. A principal whose agent pursues another reward than its utility has nothing of them.
        """
        utilities, count, axes = self.delegation.utilities, len(self.game.players), tuple(range(self.now.ndim))
        before, after = (np.tensordot(odds, utilities, axes=self.now.ndim) for odds in (self.now, outcome))
        if payments is not None:
            own = (self.delegation.rewards == utilities[..., :count]).all(axis=axes)
            after[:count] += np.where(own, payments, 0.0)
        change, slack = after - before, ROUNDING * np.ptp(utilities)
        return Effects(
            principals=self.delegation.principals,
            before=tuple(before.tolist()),
            after=tuple(after.tolist()),
            welfare_before=float((self.now * self.worth).sum()),
            welfare_after=float((outcome * self.worth).sum()),
            takes_from_bystanders=bool(change[:count].sum() > slack and (change[count:] < -slack).any()),
        )

    def objection(self, effects: Effects) -> str:
        """Why a remedy with these effects is not proposed; empty when nothing speaks against it."""
        if effects.takes_from_bystanders and self._bystanders_count():
            losers = [name for name, change in effects.change.items() if change < 0]
            return f"The players would gain by taking from those who have no move: {', '.join(losers)} would lose."
        slack = ROUNDING * np.ptp(self.worth) + ARITHMETIC * np.abs(self.worth).max()
        if effects.welfare_after <= effects.welfare_before + slack:
            return "What is played now is as good."
        return ""

    def _bystanders_count(self) -> bool:
        """Whether the welfare looks at bystanders at all: whether it moves when they get more."""
        utilities, count = self.delegation.utilities, len(self.now.shape)
        richer = utilities.copy()
        richer[..., count:] += 1 + np.ptp(utilities)
        return not np.allclose(self.delegation.welfare.on_table(richer), self.worth, rtol=1e-12)

    def worth_under(self, governed: Game) -> Array:
        """Welfare of every joint move of a governed game whose moves are some of this game's, before payments."""
        kept = [[own.index(label) for label in left] for own, left in zip(self.game.moves, governed.moves, strict=True)]
        return self.worth[np.ix_(*kept)]


def combined(game: Game) -> str:
    """Why nothing can be laid on the moves of a game, where each is several choices made at once; empty else."""
    if isinstance(game, Staged):
        return (
            f"in {game.name}, which is played in stages, a move is a whole plan of action, and rules are laid on moves."
        )
    charter = getattr(game, "charter", None)
    parts = [] if charter is None else [part.name for part in charter.ground.play[-1]]
    if len(parts) < 2:
        return ""
    return f"in {game.name} a move is several choices at once ({' and '.join(parts)}), and rules are laid on each."


def _distribution(played: Array, sizes: tuple[int, ...]) -> Array:
    if played.shape != sizes or not abs(played.sum() - 1) < 1e-6 or played.min() < 0:
        raise InputError(
            f"What is played now is given as a table of shape {played.shape} that sums to {played.sum():.6g}.",
            f"Shares of all joint moves have shape {sizes} and sum to 1.",
            "Give such a table, or leave it out to have play predicted.",
        )
    return played


def require_margin(margin: float) -> None:
    """Refuse a margin that is no share above 0."""
    if not 0 < margin < np.inf:
        raise InputError(f"The margin is {margin!r}.", "It makes the target better than the rest.", "Give 0.01.")


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
