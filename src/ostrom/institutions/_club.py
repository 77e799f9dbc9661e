"""Some of the seats as if they were all: what a rule among them sees, and how what it says is put back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..core.ground import Ground, Part, Stage
from ..core.institution import Now, View

MOMENTS = ("opening", "before", "play", "after")


class Club:
    """The ground with some seats only, and with what a rule among them makes of it.

    Parameters
    ----------
    ground : of all seats.
    seats : those of the members, in order.
    """

    def __init__(self, ground: Ground, seats: Sequence[int]) -> None:
        self.outer, self.seats, self.players = ground, np.array(seats), len(ground.players)
        self.member = np.isin(np.arange(self.players), self.seats)
        self.place = np.where(self.member, np.searchsorted(self.seats, np.arange(self.players)), 0)
        opening, before, play, after = (
            tuple(tuple(map(self._inside, stage)) for stage in getattr(ground, moment)) for moment in MOMENTS
        )
        players = tuple(ground.players[seat] for seat in seats)
        self.bare = Ground(players, play, opening, before, after, ground.facts)
        self.ground = self.bare

    def _inside(self, part: Part) -> Part:
        """A part with the labels of the members; others' parts stay, and nobody has them."""
        labels = part.labels
        if labels and not isinstance(labels[0], str):
            labels = tuple(labels[seat] for seat in self.seats)
        who = None if part.who is None else tuple(k for k, seat in enumerate(self.seats) if part.has(int(seat)))
        return replace(part, labels=labels, who=who)

    def outside(self) -> Ground:
        """The ground of all seats with the parts and labels that the rule added for members."""
        known = self.outer.parts
        moments: dict[str, tuple[Stage, ...]] = {}
        for moment in MOMENTS:
            old = {stage[0].name: stage for stage in getattr(self.outer, moment) if stage}
            made = []
            for stage in getattr(self.ground, moment):
                before = next((old[part.name] for part in stage if part.name in old), ())
                gone = [part for part in before if part.name not in {one.name for one in stage}]
                made.append((*(self._widened(part, known.get(part.name)) for part in stage), *gone))
            moments[moment] = tuple(made)
        return replace(self.outer, **moments, aliases=self.ground.aliases)

    def _widened(self, part: Part, old: Part | None) -> Part:
        """A part of the members among all: others have what they had before, or do not have it."""
        if old is not None and part == self._inside(old):
            return old
        if old is None:
            who = tuple(int(self.seats[k]) for k in range(len(self.seats)) if part.has(k))
            labels = part.labels
            if labels and not isinstance(labels[0], str):
                labels = tuple(part.labels_of(int(self.place[seat])) for seat in range(self.players))
            return replace(part, labels=labels, who=who)
        labels = tuple(
            part.labels_of(int(self.place[seat])) if self.member[seat] else old.labels_of(seat)
            for seat in range(self.players)
        )
        return replace(old, labels=labels)

    # What members see -------------------------------------------------------------------------------------------------

    def now(self, now: Now) -> Now:
        """What a rule among the members may look at."""
        width = max((p.width(len(self.seats)) for n, p in self.bare.parts.items() if n == "act"), default=0)
        return replace(
            now,
            ground=self.ground,
            moves=self.moves(now.moves),
            facts={name: self.rows(amount) for name, amount in now.facts.items()},
            prospects={name: most[..., self.seats, :width] for name, most in now.prospects.items()},
            present=self.rows(now.present) if np.ndim(now.present) else now.present,
        )

    def rows(self, values: Any) -> Any:
        """`[..., M]`: the members' of `[..., P]`."""
        return values[..., self.seats]

    def moves(self, moves: Mapping[str, Any]) -> dict[str, Any]:
        """The members' moves."""
        return {name: self.rows(moves[name]) for name in self.ground.parts}

    def mask(self, mask: Mapping[str, Any]) -> dict[str, Any]:
        """What members may choose, as wide as their labels are."""
        cut = {}
        for name, part in self.ground.parts.items():
            own = mask[name][..., self.seats, :]
            cut[name] = own if part.continuous else own[..., : part.width(len(self.seats))]
        return cut

    # What is put back -------------------------------------------------------------------------------------------------

    def put(self, xp: Any, ours: Any, all_: Any) -> Any:
        """`[..., P]`: the members' values, and of all others what there is."""
        return xp.where(xp.asarray(self.member), ours[..., self.place], all_)

    def put_mask(self, xp: Any, ours: Any, all_: Any) -> Any:
        """`[..., P, A]`: the members' masks, and of all others what there is."""
        missing = all_.shape[-1] - ours.shape[-1]
        if missing:
            ours = xp.concatenate([ours, xp.zeros((*ours.shape[:-1], missing), dtype=ours.dtype)], -1)
        return xp.where(xp.asarray(self.member)[:, None], ours[..., self.place, :], all_)

    def put_told(self, now: Now, view: View, told: View) -> View:
        """What the rule says: in public to all, to each member alone; others are told nothing (0, False)."""
        xp, batch = now.xp, np.shape(next(iter(now.moves.values())))[:-1]
        rows = {}
        for name, value in told.seat.items():
            axis = len(batch) if batch and np.shape(value)[: len(batch)] == batch else 0
            all_ = xp.take(xp.asarray(value), xp.asarray(self.place), axis=axis)
            shape = [1] * all_.ndim
            shape[axis] = self.players
            rows[name] = xp.where(xp.asarray(self.member).reshape(shape), all_, xp.zeros_like(all_))
        return replace(view.show(**told.public).tell(**rows), hidden=told.hidden)
