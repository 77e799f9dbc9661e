"""A charter of one simultaneous stage, asked about joint moves one batch at a time instead of all at once.

This is how institutions reach games that never become a table: nothing is listed, the onion is called at the joint
moves somebody asks for.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from ..charter import Charter, Round
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
        scene = Round(charter.found(), present=np.ones(self.seats, bool), prospects=prospects(game))
        self.odds = [
            {name: check_odds(type(rule).__name__, name, table) for name, table in layer.items()}
            for rule, layer in zip(charter.institutions, charter.dice(scene), strict=True)
        ]
        self.scene, self.kept, self.names = scene, [], []
        masks = charter.permitted(self.scenes[0][1], charter.ground.unknown_moves(), 0)
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
        """What the base game is given, `int[..., P]`, for combined choices.

        Raises `CarrierError` where chance decides what is carried out; then ask `carried_out` or `averaged`.
        """
        found = self.carried_out(profiles)
        if len(found) > 1:
            raise CarrierError(
                f"Under {self.charter} dice decide what is carried out, and {self.game.name} is no table.",
                "Without a table a choice has to become one certain move of the game below.",
                "Use few enough players for a table, or play it in a world or a society.",
            )
        return found[0][1]

    def carried_out(self, profiles: Array) -> list[tuple[Any, Array]]:
        """`(chance, int[..., P])`: all that the base game may be given for combined choices, and how likely each is."""
        moves, odds, bases = self.moves(np.asarray(profiles)), [], []
        for weight, scene in self.scenes if self.charter.enacts else self.scenes[:1]:
            base = np.maximum(self.charter.descend(scene, moves)[0]["act"], 0)
            known = next((k for k, one in enumerate(bases) if np.array_equal(one, base)), None)
            if known is None:
                odds.append(weight)
                bases.append(base)
            else:
                odds[known] = odds[known] + weight
        if len(bases) == 1:
            return [(1.0, bases[0])]
        if np.ndim(odds[0]):
            raise TooLarge(
                f"The dice of {self.charter} decide what every seat does, and fall in too many ways.",
                "Averaging seat by seat is exact only where what the others do does not depend on dice.",
                "Use fewer seats, or play it in a world or a society.",
            )
        return list(zip(odds, bases, strict=True))

    def averaged(self, read: Callable[[Array], Array], profiles: Array) -> Array:
        """What `read` says of the base game's joint moves, `float[..., K]`, on average over the dice."""
        seen = [chance * np.asarray(read(base), float) for chance, base in self.carried_out(profiles)]
        return np.sum(seen, axis=0)

    def payoffs_at(self, profiles: Array, *, wishes: bool = True) -> Array:
        """Expected payoffs `float[..., P]` after settlement; dice are integrated out exactly.

        Without `wishes` what players are paid: motivational rules are left out.
        """
        moves, total = self.moves(np.asarray(profiles)), 0.0
        if self.charter.enacts and np.ndim(self.scenes[0][0]):
            self.carried_out(profiles)  # which refuses what cannot be averaged seat by seat
        for weight, scene in self.scenes:
            seen = self.charter.descend(scene, moves)
            base = np.maximum(seen[0]["act"], 0)
            scene = replace(scene, facts=self.game.facts_at(base))
            total = total + weight * self.charter.settle(scene, seen, self.game.payoffs_at(base), wishes=wishes)
        return np.asarray(total)

    @property
    def scenes(self) -> list[tuple[Any, Round]]:
        """`(weight [P] or 1, scene with its dice fallen)`: what payoffs are summed over."""
        return [(weight, self._with_luck(luck)) for weight, luck in self._falls]

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The base game's facts at what is carried out of combined choices, on average over the dice."""

        def carried(source: Fact) -> Fact:
            return Fact(source.name, source.unit, lambda p: self.averaged(source.read, p), source.seen_by)

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

    def _with_luck(self, luck: list[dict[str, Array]]) -> Round:
        return replace(self.scene, luck=tuple(luck))
