"""What all say of moves to be allotted, as a game: who gets which, and what it pays."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import TooLarge
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Game
from ..core.ground import Ground, Part
from ..core.institution import Now
from ..institutions.allotment import Allotment
from ._remedy import ROUNDING, Problem, Profile

WISHES = 400_000
"""Joint wishes that are allotted for, at most."""

LEFT = 30_000
"""Of those, once wishes that come to the same are one, how many make a game that is looked at."""

DIGITS = 12
"""Digits of the largest amount to which prices are sums and differences of amounts; what is beyond is arithmetic."""


class Said(NormalForm):
    """What all say, and what that pays once everybody does what it is allotted.

    Attributes
    ----------
    base : the game whose moves are allotted.
    adds : what is paid for being allotted, `float[A_1, …, A_P, P]`, at most 0.
    acts : what is played, `int[A_1, …, A_P, P]`, as numbers of moves of the base.
    """

    def __init__(self, base: Game, payoffs: Array, adds: Array, acts: Array, **more: Any) -> None:
        super().__init__(payoffs, **more)
        self.base, self.adds, self.acts = base, adds, acts


@dataclass(frozen=True, eq=False)
class Allotted:
    """The game of what all say under a rule, what each joint wish is worth, and which of them each wish is, by seat."""

    institution: Allotment
    game: Said
    worth: Array
    same: tuple[Array, ...]

    def settles(self, wanted: Collection[Profile], plain: Sequence[str]) -> Profile | None:
        """A joint wish that leads to one of these joint moves and that nobody has a reason to leave; None without one.

        If there is one, nobody could say anything better whatever the others say; else it is one that costs most to
        leave. Of several it is the `plain` one, if that is among them, one wish by label for each; else the first.
        """
        payoffs, seats = self.game.payoffs, range(len(self.game.players))
        slack = ROUNDING * float(np.ptp(payoffs))
        leads = np.zeros(self.game.sizes, bool)
        for place in wanted:
            leads |= (self.game.acts == np.array(place)).all(-1)
        losses = np.stack([_loss(payoffs[..., i], i) for i in seats], -1)
        surely = leads.copy()
        for i in seats:
            axes = tuple(k for k in seats if k != i)
            surely &= (losses[..., i] >= -slack).all(axis=axes, keepdims=True)
        if surely.any():
            return self._one(surely, plain)
        rest = leads & (losses >= -slack).all(-1)
        if not rest.any():
            return None
        least = np.where(rest, losses.min(-1), -np.inf)
        rest &= least >= least.max() - slack
        return self._one(rest, plain)

    def _one(self, mask: Array, plain: Sequence[str]) -> Profile:
        if not plain:  # nobody has said what is expected of it
            return tuple(int(k) for k in np.argwhere(mask)[0])
        wishes = self.institution.wishes
        said = tuple(int(own[wishes.index(text)]) for own, text in zip(self.same, plain, strict=True))
        return said if mask[said] else tuple(int(k) for k in np.argwhere(mask)[0])


def allotted(problem: Problem, institution: Allotment) -> Allotted:
    """What all can say under the rule, as a game; of wishes that always come to the same, the first.

    Raises `TooLarge` where there are too many.
    """
    game, labels = problem.game, institution.wishes
    count = len(game.players)
    if len(labels) ** count > WISHES:
        raise _too_large(len(institution.moves), len(labels) ** count, WISHES)
    ground = institution.menu(Ground(game.players, play=((Part("act", game.moves),),)))
    said = np.moveaxis(np.indices((len(labels),) * count), 0, -1)
    now = Now(ground, {}, {"act": np.full_like(said, -1), "wish": said})
    codes = np.array([[own.index(label) for label in institution.moves] for own in game.moves])
    acts = codes[np.arange(count), institution.allotted(now)]
    adds = institution.settle(now, np.zeros(said.shape))
    adds = np.round(adds, DIGITS - math.floor(math.log10(max(institution.amounts[-1], 1e-9)))) + 0.0
    kept, same = [], []
    for seat in range(count):  # wishes of a seat that never make a difference are one
        rows = np.moveaxis(np.concatenate([acts, adds], -1), seat, 0).reshape(acts.shape[seat], -1)
        _, found, inverse = np.unique(rows, axis=0, return_index=True, return_inverse=True)
        first = np.sort(found)
        same.append(np.searchsorted(first, found[inverse.ravel()]))
        acts, adds = np.take(acts, first, axis=seat), np.take(adds, first, axis=seat)
        kept.append(tuple(labels[k] for k in first))
    if acts[..., 0].size > LEFT:
        raise _too_large(len(institution.moves), acts[..., 0].size, LEFT)
    at = tuple(np.moveaxis(acts, -1, 0))
    table = Said(
        problem.agents,
        np.asarray(problem.delegation.rewards, float)[at] + adds,
        adds,
        acts,
        players=game.players,
        moves=kept,
        name=f"{game.name} allotted by {institution.by}",
        bystanders=game.bystanders,
        bystander_payoffs=problem.delegation.utilities[..., count:][at],
    )
    return Allotted(institution, table, problem.worth[at], tuple(same))


def _loss(own: Array, axis: int) -> Array:
    """What a player loses at least by saying something else, at every joint wish; infinite where it cannot."""
    if own.shape[axis] == 1:
        return np.full(own.shape, np.inf)
    top = np.sort(own, axis=axis)
    best, second = (np.take(top, [k], axis=axis) for k in (-1, -2))
    return own - np.where(own >= best, second, best)


def _too_large(moves: int, size: int, most: int) -> TooLarge:
    return TooLarge(
        f"There are {size:,} things that all together could say of {moves} moves.",
        f"Up to {most:,} are looked at.",
        "Allot fewer moves, or see task allocation and auctions for what is best.",
    )
