"""The terms of an agreement on a joint move: what keeps it, who can afford it, and how the surplus is divided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..core.exact import simple
from ..core.game import Array, Game
from ..institutions.agreement import Agreement
from ._bargaining import Rule, divided
from ._payments import Concept, lacking, short, upwards
from ._remedy import ROUNDING, Problem, Profile


@dataclass(frozen=True)
class Terms:
    """What is agreed.

    Attributes
    ----------
    place : the joint move that is promised.
    pay, damages : `[P]`: what each receives while all keep it (sums to 0), and owes for breaking it.
    gains : `[P]`: what each has more than without an agreement. surplus : all of it.
    """

    place: Profile
    pay: Array
    damages: Array
    gains: Array
    surplus: float


@dataclass(frozen=True)
class Refused:
    """Why nothing can be agreed on at a joint move, and the nearest thing; `limit` names what stands in the way."""

    because: str
    nearest: str
    limit: str


@dataclass(frozen=True)
class Table:
    """What everything is negotiated over.

    Attributes
    ----------
    problem : the players and what they pursue.
    without : `[P]`: what each has without an agreement.
    told : per player which moves are told apart, `bool[A_i, A_i]`.
    weights, rule : how the surplus is divided. concept, lead : how and by how much keeping it has to be better.
    cap : nobody ever pays or is paid more, for keeping it or for breaking it; None is no limit.
    detection : the chance that a breach is found; one that is not found is taken for keeping it.
    """

    problem: Problem
    without: Array
    told: tuple[Array, ...]
    weights: Array
    rule: Rule
    concept: Concept
    lead: float
    cap: float | None
    detection: float = 1.0

    @cached_property
    def rewards(self) -> Array:
        """What the players pursue, `[A_1, …, A_P, P]`."""
        return np.asarray(self.problem.delegation.rewards, float)

    def terms(self, place: Profile) -> Terms | Refused:
        """The terms for a joint move, or why there are none."""
        has, noise = self.rewards[place], ROUNDING * self.problem.scale
        surplus = float((has - self.without).sum())
        if surplus <= noise:
            said = f"all together have {has.sum():.4g} there, and {self.without.sum():.4g} without an agreement."
            return Refused(f"There is nothing to divide: {said}", "Aim where the total is greater.", "surplus")
        unseen = self._unseen(place)
        if unseen:
            return unseen
        kept, other = (
            self._owed(np.array([max(gains, default=-np.inf) for gains in column]))
            for column in self._temptations(place)
        )
        cap = np.inf if self.cap is None else self.cap
        room = self._room(has, kept, other, cap)
        if room is None:
            return self._too_little(has, kept, other)
        pay = _summing(divided(surplus, *room, self.weights, self.rule) + self.without - has, self.lead)
        damages = np.maximum(np.maximum(kept - pay, other), 0.0)
        damages = np.minimum(upwards(damages, self.lead), np.maximum(cap, damages))
        return Terms(place, pay, damages, has + pay - self.without, surplus)

    def _unseen(self, place: Profile) -> Refused | None:
        """Whether somebody gains by a move that nobody can tell from the promised one."""
        game = self.problem.game
        for i, part in enumerate(place):
            lack = self._against(place, i)[0] if self.concept == "equilibrium" else lacking(self.rewards, place, i)
            for move, gain in enumerate(lack.reshape(len(lack), -1).max(1)):
                if move != part and not self.told[i][part, move] and gain > ROUNDING * self.problem.scale:
                    label, name = game.moves[i][move], game.players[i]
                    said = f"{name} gains up to {gain:.4g} by {label}, and nobody can tell that from"
                    nearest = "Observe something that tells them apart."
                    return Refused(f"{said} {game.moves[i][part]}.", nearest, "observed")
        return None

    def _against(self, place: Profile, i: int) -> tuple[Array, Array]:
        """What each own move gains over one's part where the others keep the agreement, and elsewhere: `[A_i, any]`."""
        lack = lacking(self.rewards, place, i)
        if self.concept == "equilibrium":
            others = tuple(part for k, part in enumerate(place) if k != i)
            return lack[(slice(None), *others)].reshape(len(lack), 1), np.zeros((len(lack), 0))
        keep = [~told[part] for k, (told, part) in enumerate(zip(self.told, place, strict=True)) if k != i]
        kept = np.stack(np.meshgrid(*keep, indexing="ij"), -1).all(-1).ravel()
        lack = lack.reshape(len(lack), -1)
        return lack[:, kept], lack[:, ~kept]

    def _temptations(self, place: Profile) -> tuple[list[Array], list[Array]]:
        """Per player, what the moves that are told to break it gain, where the others keep it and where they do not."""
        pairs = [self._against(place, i) for i in range(len(place))]
        told = [self.told[i][part] for i, part in enumerate(place)]
        return (
            [kept[seen].ravel() for (kept, _), seen in zip(pairs, told, strict=True)],
            [other[seen].ravel() for (_, other), seen in zip(pairs, told, strict=True)],
        )

    def _owed(self, gains: Array) -> Array:
        """What breaking it has to cost: the gain and the lead, more by as much as breaches are missed (Becker 1968)."""
        costs = gains + self.lead
        return np.where(costs > 0, costs / self.detection, costs)

    def _room(self, has: Array, kept: Array, other: Array, cap: float) -> tuple[Array, Array] | None:
        """The least and the most that each can gain within the cap, on pay and on damages; None where that is no room.

        Nobody signs for less than 0.
        """
        more, noise = has - self.without, ROUNDING * self.problem.scale
        least, most = np.maximum(more + np.maximum(-cap, kept - cap), 0.0), more + cap
        fits = (least <= most + noise).all() and least.sum() - noise <= more.sum() <= most.sum() + noise
        return (least, np.maximum(least, most)) if fits and other.max() <= cap + noise else None

    def _too_little(self, has: Array, kept: Array, other: Array) -> Refused:
        """The least cap with which there are terms, by bisection."""
        low = float(self.cap or 0.0)
        high = (4 * float(np.abs(self.rewards).max()) + self.lead) / self.detection + float(np.abs(self.without).sum())
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if self._room(has, kept, other, middle) is None else (low, middle)
        because = f"Nobody can be made to pay more than {self.cap:.4g}, and {high:.4g} are needed."
        return Refused(because, "Allow larger payments, or a smaller margin.", "cap")


def due(game: Game, agreement: Agreement) -> Array:
    """What everybody gets or pays at every joint move once all have signed, `[A_1, …, A_P, P]`."""
    same = agreement.same or ((),) * len(game.players)
    rows = zip(game.moves, agreement.promise, same, strict=True)
    keeps = np.stack(np.meshgrid(*(np.isin(own, (part, *more)) for own, part, more in rows), indexing="ij"), -1)
    owed = np.where(keeps, 0.0, agreement.damages)
    shared = (owed.sum(-1, keepdims=True) - owed) / (len(game.players) - 1)
    return np.where(keeps.all(-1, keepdims=True), agreement.pay, shared - owed)


def _summing(pay: Array, lead: float) -> Array:
    """Payments that sum to 0 in rationals too: as simple fractions if they are some, or else as decimals."""
    if sum(map(simple, pay.tolist())) == 0:
        return pay + 0.0
    places = min(short(lead) + 6, 300)
    pay = np.round(pay, places)
    pay[-1] = round(-float(pay[:-1].sum()), places)
    return pay + 0.0


def told_apart(problem: Problem, observed: Sequence[str] | None) -> tuple[Array, ...]:
    """Per player, which of its moves are told apart by facts (of own moves) that are seen; all where None is given."""
    if observed is None:
        return tuple(~np.eye(size, dtype=bool) for size in problem.game.sizes)
    facts, told = problem.game.facts_at(problem.game.profiles()), []
    for i, size in enumerate(problem.game.sizes):
        apart = np.zeros((size, size), bool)
        for name in observed:
            own = np.moveaxis(facts[name][..., i].reshape(problem.game.sizes), i, 0).reshape(size, -1)[:, 0]
            apart |= np.abs(own[:, None] - own) > ROUNDING * max(float(np.abs(own).max()), 1e-300)
        told.append(apart)
    return tuple(told)
