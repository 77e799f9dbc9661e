"""Rounds under a charter, asked for by hand: what may be done, what becomes of it, and what is paid, row by row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np

from ..core.charter import Charter, Round, clamp
from ..core.errors import InputError
from ..core.game import Array, Game
from ..core.ground import Part
from ..core.institution import Institution, View
from ..core.lifts.govern import ground_of
from ..core.lifts.plays import prospects
from ._principle_seen import Moves, Records, Seen, fallen, key

ROWS, RECORDS, FOLLOWED = 256, 16, 32
"""Joint choices and records up to which all are looked at; beyond, half as many choices are drawn. From each record
`FOLLOWED` rounds are followed."""


class Probe:
    """A charter on a finite game, with rounds to ask about. `sampled` turns True when not all of them are looked at."""

    def __init__(self, game: Game, institutions: Sequence[Institution], seed: int = 0) -> None:
        if getattr(game, "nonatomic", False):
            raise InputError(
                f"{game.name} has crowds for players.",
                "Who may do what to whom is asked seat by seat.",
                "Give a game of single players.",
            )
        self.game, self.charter, self.seed = game, Charter(ground_of(game), institutions), seed
        self.players, self.ground, self.sampled = len(game.players), self.charter.ground, False
        self.stage = {part.name: number for number, stage in enumerate(self.ground.stages) for part in stage}
        base = self.charter.grounds[0].parts
        self.added = tuple(part for name, part in self.ground.parts.items() if name not in base)
        self.act = self.ground.parts.get("act")
        self._prospects, self._here = prospects(game), np.ones(self.players, bool)
        self._asked: dict[Any, Seen] = {}
        self.lucks, every = fallen(self.charter.dice(self._scene(self.founded, ())), seed)
        self.sampled |= not every

    def names(self, seats: Sequence[int]) -> tuple[str, ...]:
        """Players by seat."""
        return tuple(self.game.players[seat] for seat in seats)

    @cached_property
    def founded(self) -> Records:
        """The records of the first round."""
        return self.charter.found()

    def labels(self, part: Part, seat: int) -> tuple[str, ...]:
        """The labels of a part that a seat has; none where it is continuous or somebody else's."""
        return part.labels_of(seat) if part.has(seat) else ()

    def ask(self, records: Records, moves: Moves, luck: Sequence[Moves], weight: Array) -> Seen:
        """What becomes of these rounds."""
        rows = len(weight)
        scene = self._scene(records, luck)
        masks, legal = {}, np.ones(rows, bool)
        for number, stage in enumerate(self.ground.stages):
            permitted = self.charter.permitted(scene, moves, number)
            for part in stage:
                mask = np.asarray(permitted[part.name])
                masks[part.name] = np.broadcast_to(mask, (rows, *mask.shape[-2:]))
                legal &= self._kept(part, moves[part.name], masks[part.name])
        levels = self.charter.descend(scene, moves)
        profiles = np.maximum(levels[0]["act"], 0)
        scene = replace(scene, facts=self.game.facts_at(profiles))
        before = np.broadcast_to(self.game.payoffs_at(profiles), (rows, self.players))
        added = [
            np.broadcast_to(self.charter.settle(scene, levels, before, wishes=w), before.shape) - before
            for w in (False, True)
        ]
        return Seen(moves, tuple(luck), weight, legal, masks, levels, scene.facts, before, *added)

    def rounds(self, records: Records) -> Seen:
        """Rounds that begin with these records: all of them where they are few, else permitted ones that are drawn."""
        known = key(records)
        if known not in self._asked:
            self._asked[known] = self._rounds(records)
        return self._asked[known]

    def _rounds(self, records: Records) -> Seen:
        sizes = [
            len(self.labels(part, seat)) or (3 if part.continuous and part.has(seat) else 1)
            for part in self.ground.parts.values()
            for seat in range(self.players)
        ]
        every = math.prod(sizes) <= ROWS and not any(part.continuous for part in self.ground.parts.values())
        self.sampled |= not every
        if every:
            codes = np.array(list(product(*map(range, sizes))), np.int32).reshape(math.prod(sizes), len(sizes))
        else:
            codes = np.random.default_rng(self.seed).integers(0, np.array(sizes), (ROWS // 2, len(sizes)))
        seen = self.crossed(records, self._moves(codes))
        return seen if every else self._only(seen, self.legalised(records, seen.moves, seen.luck), records)

    def crossed(self, records: Records, moves: Moves) -> Seen:
        """Each row of `moves` with each fall of the dice: row r with fall l is row `r · L + l`."""
        rows, falls = len(next(iter(moves.values()))), len(self.lucks[1])
        luck = tuple({k: np.tile(v, (rows, 1)) for k, v in layer.items()} for layer in self.lucks[0])
        many = {name: np.repeat(made, falls, 0) for name, made in moves.items()}
        return self.ask(records, many, luck, np.tile(self.lucks[1], rows))

    def legalised(self, records: Records, moves: Moves, luck: Sequence[Moves]) -> dict[str, Array]:
        """The same moves, each one that is not permitted when it is made replaced by the first that is."""
        made, scene = dict(moves), self._scene(records, luck)
        for number, stage in enumerate(self.ground.stages):
            permitted = self.charter.permitted(scene, made, number)
            for part in stage:
                fixed = np.asarray(clamp(made[part.name], permitted[part.name], np))
                made[part.name] = np.where(self._theirs(part), fixed, made[part.name])
        return made

    def after(self, records: Records, seen: Seen, row: int) -> Records:
        """The records for the round after the one in `row`."""
        luck = tuple({k: v[row] for k, v in layer.items()} for layer in seen.luck)
        levels = [{k: v[row] for k, v in level.items()} for level in seen.levels]
        scene = replace(self._scene(records, luck), facts={k: v[row] for k, v in seen.facts.items()})
        return self.charter.remember(scene, levels, seen.before[row])

    def view(self, records: Records, seen: Seen, stage: int) -> View:
        """What the seats see as a stage opens."""
        return self.charter.inform(self._scene(records, seen.luck), seen.moves, stage)

    @cached_property
    def records(self) -> tuple[Records, ...]:
        """Records that can be reached, the founding ones first; `sampled` unless these are all."""
        found, known = [self.founded], {key(self.founded)}
        if self.charter.memory == "none":
            return tuple(found)
        for records in found:  # grows while it is walked
            seen = self.rounds(records)
            rows = np.flatnonzero(seen.legal)
            for row in self.some(rows, FOLLOWED):
                after = self.after(records, seen, int(row))
                if key(after) not in known and len(found) < RECORDS:
                    known.add(key(after))
                    found.append(after)
                self.sampled |= key(after) not in known
        return tuple(found)

    def some(self, rows: Array, most: int) -> Array:
        """All of these row numbers, or so many of them, drawn; then `sampled`."""
        if len(rows) <= most:
            return rows
        self.sampled = True
        return np.sort(np.random.default_rng(self.seed + 1).choice(rows, most, replace=False))

    def taken(self, seen: Seen, rows: Array) -> tuple[Moves, tuple[Moves, ...], Array]:
        """Moves, luck and weights of some rows, to be asked about again."""
        luck = tuple({k: v[rows] for k, v in layer.items()} for layer in seen.luck)
        return {k: v[rows] for k, v in seen.moves.items()}, luck, seen.weight[rows]

    def _only(self, seen: Seen, moves: Moves, records: Records) -> Seen:
        return self.ask(records, moves, seen.luck, seen.weight)

    def _scene(self, records: Records, luck: Sequence[Moves]) -> Round:
        return Round(records, tuple(luck), present=self._here, prospects=self._prospects)

    def _theirs(self, part: Part) -> Array:
        return np.array([part.has(seat) for seat in range(self.players)])

    def _kept(self, part: Part, made: Array, mask: Array) -> Array:
        """`bool[N]`: whether all who have the part made a permitted move in it."""
        if part.continuous:
            inside = (made >= mask[..., 0]) & (made <= mask[..., 1])
        else:
            inside = np.take_along_axis(mask, np.maximum(made, 0)[..., None], -1)[..., 0]
        return np.all(inside | ~self._theirs(part), axis=-1)

    def _moves(self, codes: Array) -> dict[str, Array]:
        """Moves by part, from codes part by part and seat by seat; of a number 0, 1 and 2 are low, middle, high."""
        made = {}
        for number, (name, part) in enumerate(self.ground.parts.items()):
            own = codes[:, number * self.players : (number + 1) * self.players]
            if part.continuous:
                own = part.low + (part.high - part.low) * own / 2
            blank = np.nan if part.continuous else -1
            made[name] = np.where(self._theirs(part), own, blank).astype(float if part.continuous else np.int32)
        return made
