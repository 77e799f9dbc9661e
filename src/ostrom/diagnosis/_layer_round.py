"""One round of a log under one charter: how likely it is, and what the rules remember after it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np

from ..core.charter import Charter, Round
from ..core.errors import InputError, TooLarge
from ..core.game import Array, Game
from ..core.lifts.plays import prospects
from ..core.seeds import check_odds
from ._layer_rounds import Seen

FACES = 20_000
"""Ways in which dice that are not in the log may have fallen in a round, up to which all are tried."""

CENT = 1e-6
"""Differences of pay up to this count as none."""


@dataclass(frozen=True, eq=False)
class State:
    """What lasts between rounds: the layers' records, and what was chosen in opening stages."""

    records: tuple[Mapping[str, Array], ...]
    opened: Mapping[str, Array]

    @cached_property
    def key(self) -> tuple[Any, ...]:
        """Equal for states that are the same."""
        kept = [(n, np.asarray(v).tobytes()) for layer in self.records for n, v in sorted(layer.items())]
        return (*kept, *((n, v.tobytes()) for n, v in sorted(self.opened.items())))


class Hypothesis:
    """A charter of which some layers do not work, on the game that was played."""

    def __init__(self, game: Game, charter: Charter) -> None:
        self.game, self.charter, self.players = game, charter, len(game.players)
        self.prospects = prospects(game)

    def after(self, state: State, seen: Seen) -> list[tuple[float, State]]:
        """`(likelihood, next state)` of every way in which the round can have gone as it was seen; [] for none.

        The likelihood is that of the dice: what seats choose among what is permitted is not judged.
        """
        scene = Round(state.records, (), {}, self.prospects, {}, seen.present, seen.time)
        chance, luck = self._fallen(scene, seen)
        scene = replace(scene, luck=luck)
        moves, alive = self._played(scene, state, seen, len(chance))
        alive &= chance > 0
        if not alive.any():
            return []
        below = self.charter.descend(scene, moves)
        profile = np.maximum(below[0]["act"], 0)
        base, facts = self.game.payoffs_at(profile), self.game.facts_at(profile)
        scene = replace(scene, facts=facts)
        paid = np.broadcast_to(self.charter.settle(scene, below, base), base.shape)
        alive &= self._as_paid(paid, facts, seen)
        return self._remembered(scene, moves, below, base, np.where(alive, chance, 0.0))

    def _fallen(self, scene: Round, seen: Seen) -> tuple[Array, tuple[dict[str, Array], ...]]:
        """Odds `float[N]` and faces `int[N, R]` by layer and name: as they fell, or all ways in which they may have."""
        dice = [
            (k, name, check_odds(type(self.charter.institutions[k]).__name__, name, odds))
            for k, layer in enumerate(self.charter.dice(scene))
            for name, odds in layer.items()
        ]
        luck: tuple[dict[str, Array], ...] = tuple({} for _ in self.charter.institutions)
        rows = [row for _, _, odds in dice for row in odds]
        if seen.faces is not None:
            fallen = [face for k, name, odds in dice for face in _faces(seen, k, name, len(odds))]
            ways = np.array(fallen, np.int32)[None]
        elif math.prod(len(row) for row in rows) > FACES:
            raise TooLarge(
                f"The dice of a round can have fallen in {math.prod(len(row) for row in rows):,} ways.",
                f"They are not in the log, and all are tried up to {FACES:,}.",
                "Give the log with its rows of the channel 'rolled'.",
            )
        else:
            ways = np.array(list(product(*(range(len(row)) for row in rows))), np.int32)
        chance, at = np.ones(len(ways)), 0
        for k, name, odds in dice:
            luck[k][name] = ways[:, at : at + len(odds)]
            for row in odds:
                chance = chance * row[ways[:, at]]
                at += 1
        return chance, luck

    def _played(self, scene: Round, state: State, seen: Seen, rows: int) -> tuple[dict[str, Array], Array]:
        """The moves `[N, P]`, and in which rows exactly those were asked who answered, and did what they may."""
        ground = self.charter.ground
        moves, alive = ground.unknown_moves((rows,)), np.ones(rows, bool)
        for name, made in state.opened.items():
            moves[name][:] = made
        for stage in range(len(ground.opening) if state.opened else 0, len(ground.stages)):
            masks = self.charter.permitted(scene, moves, stage)
            for seat in range(self.players):
                parts = [part for part in ground.stages[stage] if part.has(seat)]
                if parts:
                    played = ground.stages[stage] in ground.play
                    alive &= self._answered(parts, seat, masks, moves, seen, played)
        return moves, alive

    def _answered(self, parts: Any, seat: int, masks: Any, moves: Any, seen: Seen, played: bool) -> Array:
        """Take a seat's answers into `moves`, as the referee does; `bool[N]`: where that is as it was seen."""
        rows = len(next(iter(moves.values())))
        own = {p.name: np.broadcast_to(masks[p.name], (rows, self.players, masks[p.name].shape[-1])) for p in parts}
        free = np.full(rows, played)
        for part in parts:
            free = free | (True if part.continuous else own[part.name][:, seat].sum(-1) > 1)
        answers = {p.name: seen.answers[p.name][seat] for p in parts if seat in seen.answers.get(p.name, {})}
        fine = (bool(seen.present[seat]) & free) == bool(answers)
        for part in parts:
            mask = own[part.name][:, seat]
            if part.name in answers:
                made = answers[part.name]
                fine &= (mask[:, 0] <= made) & (made <= mask[:, 1]) if part.continuous else mask[:, int(made)]
                moves[part.name][:, seat] = made
            else:
                fine &= not answers
                moves[part.name][:, seat] = mask[:, 0] if part.continuous else np.argmax(mask, -1)
        return fine

    def _as_paid(self, paid: Array, facts: Mapping[str, Array], seen: Seen) -> Array:
        """`bool[N]`: where everybody who was present was paid so, and produced so much."""
        if set(seen.paid) != set(np.flatnonzero(seen.present).tolist()):
            return np.zeros(len(paid), bool)
        fine = np.ones(len(paid), bool)
        for seat, got in seen.paid.items():
            fine &= abs(paid[:, seat] - got) <= CENT * max(1.0, abs(got))
            for name, amount in seen.facts[seat].items():
                fine &= abs(facts[name][:, seat] - amount) <= CENT * max(1.0, abs(amount)) if name in facts else True
        return fine

    def _remembered(
        self, scene: Round, moves: Mapping[str, Array], below: Any, base: Array, weight: Array
    ) -> list[tuple[float, State]]:
        """The states that follow, each with the odds of all the rows that lead to it."""
        opening = [part.name for stage in self.charter.ground.opening for part in stage]
        found: dict[Any, tuple[float, State]] = {}
        rows = np.flatnonzero(weight).tolist()
        if self.charter.memory == "none" and not opening:
            return [(float(weight.sum()), State(scene.records, {}))] if rows else []
        for row in rows:
            one = replace(
                scene,
                luck=tuple({name: face[row] for name, face in layer.items()} for layer in scene.luck),
                facts={name: amount[row] for name, amount in scene.facts.items()},
            )
            seen = [{name: made[row] for name, made in level.items()} for level in below]
            records = self.charter.remember(one, seen, base[row])
            state = State(records, {name: moves[name][row] for name in opening})
            odds, state = found.get(state.key, (0.0, state))
            found[state.key] = odds + float(weight[row]), state
        return list(found.values())


def _faces(seen: Seen, layer: int, name: str, count: int) -> list[int]:
    """The faces of one layer's dice as the log has them; `InputError` where it has others."""
    there = seen.faces[layer].get(name, ()) if seen.faces is not None and layer < len(seen.faces) else ()
    if len(there) != count:
        raise InputError(
            f"In round {seen.time} the log has {len(there)} faces of the dice {name!r}, and the charter rolls {count}.",
            "The log is of other rules.",
            "Give the charter it was played under, or leave out the rows of the channel 'rolled'.",
        )
    return [int(face) for face in there]
