"""A charter of one simultaneous stage, asked about joint moves one batch at a time instead of all at once.

This is how institutions reach games that never become a table: nothing is listed, the onion is called at the joint
moves somebody asks for.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from ..charter import Charter, Scene
from ..errors import CarrierError, TooLarge
from ..game import Array, Fact, Game
from ..seeds import check_odds
from .plays import prospects

COMBINED_DICE = 64
"""Joint faces of all dice up to which they are simply enumerated."""


class OneStage:
    """`game` under `charter`, whose seats each make one combined choice, at the same time and knowing the same.

    Attributes
    ----------
    names : per seat, the names of the permitted combined choices.
    kept : per seat `int[A_i]`, their numbers among all combinations of labels.

    Raises `CarrierError` for charters with several stages or private views; those need a table.
    """

    def __init__(self, game: Game, charter: Charter) -> None:
        self.game, self.charter, self.seats = game, charter, len(game.players)
        self.parts = charter.ground.play[-1]
        if len(charter.ground.stages) > 1 or charter.overrides("inform"):
            raise CarrierError(
                f"{charter} makes a game in stages or with private views.",
                f"{game!r} is too large to be a table, and only tables become trees.",
                "Use fewer players or moves, or play it in a world or a society.",
            )
        scene = Scene(charter.found(), present=np.ones(self.seats, bool), prospects=prospects(game))
        self.odds = [
            {name: check_odds(type(rule).__name__, name, table) for name, table in layer.items()}
            for rule, layer in zip(charter.institutions, charter.dice(scene), strict=True)
        ]
        masks = charter.permitted(scene, charter.ground.unknown_moves(), 0)
        self.scene, self.kept, self.names = scene, [], []
        for seat in range(self.seats):
            names, open_ = [""], np.ones(1, bool)
            for part in self.parts:
                if part.has(seat):
                    labels = part.labels_of(seat)
                    names = [f"{name} + {label}" if name else label for name in names for label in labels]
                    open_ = (open_[:, None] & masks[part.name][seat, : len(labels)]).reshape(-1)
            if not open_.any():
                raise CarrierError(
                    f"{game.players[seat]} has no permitted move.", "The rules together forbid everything."
                )
            self.kept.append(np.flatnonzero(open_))
            self.names.append([names[k] for k in self.kept[-1]])

    def moves(self, profiles: Array) -> dict[str, Array]:
        """The parts `int32[..., P]` of permitted combined choices `int[..., P]`."""
        left = np.stack([self.kept[i][profiles[..., i]] for i in range(self.seats)], -1)
        moves = {}
        for part in reversed(self.parts):
            sizes = np.array([len(part.labels_of(i)) if part.has(i) else 1 for i in range(self.seats)])
            has = np.array([part.has(i) for i in range(self.seats)])
            moves[part.name] = np.where(has, left % sizes, -1).astype(np.int32)
            left = left // sizes
        return {part.name: moves[part.name] for part in self.parts}

    def base_profiles(self, profiles: Array) -> Array:
        """What the base game is given, `int[..., P]`, for combined choices; dice show their first face."""
        return np.maximum(self.charter.descend(self._with_luck(self._first_faces()), self.moves(profiles))[0]["act"], 0)

    def payoffs_at(self, profiles: Array) -> Array:
        """Expected payoffs `float[..., P]` after settlement; dice are integrated out exactly."""
        moves, total = self.moves(np.asarray(profiles)), 0.0
        for weight, scene in self.scenes:
            seen = self.charter.descend(scene, moves)
            base = np.maximum(seen[0]["act"], 0)
            scene = replace(scene, facts=self.game.facts_at(base))
            total = total + weight * self.charter.settle(scene, seen, self.game.payoffs_at(base))
        return np.asarray(total)

    @property
    def scenes(self) -> list[tuple[Any, Scene]]:
        """`(weight [P] or 1, scene with its dice fallen)`: what payoffs are summed over."""
        return [(weight, self._with_luck(luck)) for weight, luck in self._falls]

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The base game's facts, read at what the base is given for combined choices."""

        def carried(source: Fact) -> Fact:
            return Fact(
                source.name, source.unit, lambda p: source.read(self.base_profiles(np.asarray(p))), source.seen_by
            )

        return tuple(carried(source) for source in self.game.facts)

    @cached_property
    def _falls(self) -> list[tuple[Array, list[dict[str, Array]]]]:
        """`(weight [P] or 1, faces)` over which payoffs are summed."""
        dice = [table for layer in self.odds for table in layer.values()]
        if math.prod(table.shape[1] ** table.shape[0] for table in dice) <= COMBINED_DICE:
            return list(self._jointly())
        if all(table.shape[0] == self.seats for table in dice) and self._own_dice_only():
            return list(self._by_seat())
        raise TooLarge(
            f"The dice of {', '.join(type(i).__name__ for i in self.charter.institutions)} fall in too many ways.",
            "Only dice thrown for each seat and read by that seat alone can be averaged seat by seat.",
            "Use fewer seats, or play it in a world or a society.",
        )

    def _own_dice_only(self) -> bool:
        return all(
            rule.scope == "additive" for rule, layer in zip(self.charter.institutions, self.odds, strict=True) if layer
        )

    def _jointly(self) -> Iterator[tuple[Any, list[dict[str, Array]]]]:
        rows = [row for layer in self.odds for table in layer.values() for row in table]
        for faces in itertools.product(*(range(len(row)) for row in rows)):
            yield math.prod(row[face] for row, face in zip(rows, faces, strict=True)), self._dealt(iter(faces))

    def _by_seat(self) -> Iterator[tuple[Any, list[dict[str, Array]]]]:
        """All seats throw the same faces at once; each reads its own, so seat i's weights are its own odds."""
        tables = [table for layer in self.odds for table in layer.values()]
        for faces in itertools.product(*(range(table.shape[1]) for table in tables)):
            weight = np.prod([table[:, face] for table, face in zip(tables, faces, strict=True)], axis=0)
            yield weight, self._dealt(iter([face for face in faces for _ in range(self.seats)]))

    def _dealt(self, faces: Iterator[int]) -> list[dict[str, Array]]:
        return [
            {name: np.array([next(faces) for _ in range(table.shape[0])], np.int32) for name, table in layer.items()}
            for layer in self.odds
        ]

    def _first_faces(self) -> list[dict[str, Array]]:
        return [{name: np.zeros(table.shape[0], np.int32) for name, table in layer.items()} for layer in self.odds]

    def _with_luck(self, luck: list[dict[str, Array]]) -> Scene:
        return replace(self.scene, luck=tuple(luck))
