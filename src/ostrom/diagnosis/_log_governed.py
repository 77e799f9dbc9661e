"""Recorded mechanisms as changes of the game, each in its most natural instance.

Nothing here looks at play under a mechanism. What all should do (the *target*) is the welfare optimum of the base
game, what one does to be safe (the *fallback*) is the move with the best worst case. A mediator plays the target when
all delegate to it. A contract fines whoever leaves the target, and holds when all sign. Who plays again and again, or
is known for what it did, has one more thing to choose: to do its part as long as the others do theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np

from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Mixture
from ..formats.coopeval import transfers
from ._log_arms import is_symmetric


class Rules:
    """The base game as it is. `alike`: all seats are, so that whoever sits in them does the same."""

    def __init__(self, base: NormalForm, more: int = 0) -> None:
        self.base, self.target, self.fallback = base, target(base), fallback(base)
        self.sizes = tuple(size + more for size in base.sizes)
        self.alike = is_symmetric(base) and len(set(self.target)) == len(set(self.fallback)) == 1

    def table(self, belief: Mixture) -> Array:
        """Points of all seats at every joint choice, `float[1, S_1, …, S_P, P]`."""
        return self.base.payoffs[None]

    def _played(self, good: Sequence[Array]) -> Array:
        """Points `float[S_1, …, S_P, P]` when the extra choice is to do one's part if all others are good, else safe.

        `good[i]`, `bool[S_i]`, says which choices in seat i are.
        """
        places, fine = np.indices(self.sizes), np.meshgrid(*good, indexing="ij")
        acts = []
        for seat, (size, part, safe) in enumerate(zip(self.base.sizes, self.target, self.fallback, strict=True)):
            others = np.ones(self.sizes, bool)
            for other in range(len(self.sizes)):
                others &= fine[other] if other != seat else True
            acts.append(np.where(places[seat] < size, places[seat], np.where(others, part, safe)))
        return self.base.payoffs[tuple(acts)]

    def _choices(self, *chosen: Sequence[int]) -> list[Array]:
        """Per seat `bool[S_i]`: whether it is one of these choices."""
        return [np.isin(np.arange(size), own) for size, own in zip(self.sizes, zip(*chosen, strict=True), strict=True)]


class Mediated(Rules):
    """One more choice, to delegate: the mediator plays the target when all do, else the fallback for those who did."""

    def __init__(self, base: NormalForm) -> None:
        super().__init__(base, 1)
        self._points = self._played(self._choices(base.sizes))[None]

    def table(self, belief: Mixture) -> Array:
        """Points of all seats at every joint choice, the last choice of each being to delegate."""
        return self._points


class Reciprocal(Rules):
    """One more choice, to reciprocate: do one's part while all others are in good standing, else fall back.

    All start in good standing; who departs has lost it after one round. With a partner for good, or where it is known
    why somebody did not do its part, who reciprocates keeps it (Friedman 1971; Sugden 1986; Kandori 1992). Where only
    the last deed is known (`spoiled`), falling back spoils one's own image, however just it was (Nowak and Sigmund
    1998; Leimar and Hammerstein 2001). `seen` is what each round counts for, summing to 1.
    """

    def __init__(self, base: NormalForm, seen: Array, spoiled: bool) -> None:
        super().__init__(base, 1)
        self.seen, self.spoiled = seen, spoiled
        self._first = self._played([np.ones(size, bool) for size in self.sizes])
        self._images = list(product((True, False), repeat=len(self.sizes))) if spoiled else [(True,) * len(self.sizes)]
        self._others = ~np.eye(len(self.sizes), dtype=bool)
        self._later = np.stack([self._played(self._standing(images)) for images in self._images])

    def table(self, belief: Mixture) -> Array:
        """Points of all seats at every joint choice, averaged over the rounds; the last choice is to reciprocate."""
        chances = self._chances(belief) if self.spoiled else np.full((1, 1), self.seen[1:].sum())
        return self.seen[0] * self._first + np.tensordot(chances, self._later, 1)

    def _standing(self, images: Sequence[bool]) -> list[Array]:
        """Per seat, which choices are good after the first round, when reciprocators have these images."""
        kept = self._choices(self.target)
        return [np.append(own[:-1], image) for own, image in zip(kept, images, strict=True)]

    def _chances(self, belief: Mixture) -> Array:
        """How much all later rounds together count with each combination of reciprocators' images, `float[B, 2^P]`."""
        kept = np.stack([own[:, part] for own, part in zip(belief, self.target, strict=True)])
        reciprocal = np.stack([own[:, -1] for own in belief])
        met, fine = np.ones_like(kept), []
        for _ in self.seen[1:]:
            fine.append(np.where(self._others[..., None], met, 1.0).prod(1))
            met = kept + reciprocal * fine[-1]
        good = np.array(fine).reshape(len(fine), *kept.shape)
        chance = np.stack([1 - good, good])[np.array(self._images, int), :, np.arange(len(kept))].prod(1)
        return np.tensordot(self.seen[1:], chance, (0, 1)).T


def fines(base: NormalForm) -> Array:
    """What the most natural contract pays, `float[A_1, …, A_P, P]`: to leave the target costs all that is at stake.

    That is the difference between the base game's greatest and least payoff. It goes to the others in equal parts, as
    the records' contracts do.
    """
    aim, stake = target(base), float(np.ptp(base.payoffs))
    paid = np.zeros_like(base.payoffs)
    for place in np.ndindex(*base.sizes):
        names = [str(seat) for seat in range(len(place))]
        due = {name: -stake * (move != part) for name, move, part in zip(names, place, aim, strict=True)}
        paid[place] = transfers(due, names)
    return paid


def target(base: NormalForm) -> tuple[int, ...]:
    """What all should do: the joint move of greatest mean points; of several, the best for its worst-off player."""
    welfare = base.payoffs.mean(-1)
    best = np.argwhere(welfare >= welfare.max() - 1e-9 * max(float(np.ptp(welfare)), 1e-300))
    return tuple(max(best.tolist(), key=lambda place: round(float(base.payoffs[tuple(place)].min()), 9)))


def fallback(base: NormalForm) -> tuple[int, ...]:
    """What each can do to be safe: the pure move whose worst case is best; of several, the first."""
    own = (np.moveaxis(base.payoffs[..., seat], seat, 0).reshape(size, -1) for seat, size in enumerate(base.sizes))
    return tuple(int(points.min(1).argmax()) for points in own)
