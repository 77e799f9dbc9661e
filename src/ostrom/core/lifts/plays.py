"""Every complete play of one round, as rows: dice, then the parts of each stage, seat by seat.

One call per hook and stage covers all rows. From the rows a table is made when nothing is staged and nothing private,
and a tree with information sets otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from ..agent import Look
from ..charter import Charter, Round
from ..errors import CarrierError, DeclarationError, TooLarge
from ..game import Game, amount
from ..ground import Part
from ..institution import View
from ..seeds import check_odds

ROW_LIMIT = 1_000_000
DICE_LIMIT = 100_000
LISTED = 50_000
"""Joint moves up to which all are read to know the most that a move can bring."""


@dataclass(frozen=True)
class Die:
    """One die of one layer: its odds `[R, K]`."""

    level: int
    name: str
    odds: np.ndarray


class Plays:
    """All complete plays of one round of `game` under `charter`, starting from `records`.

    Attributes
    ----------
    rows : the number N of complete plays.
    chance : `float[N]`, the probability of the row's dice.
    legal : `bool[N]`, whether every move was permitted when it was made.
    payoffs : `float[N, P]` after settlement; `bystanders` : `float[N, B]`.
    choice : per stage `int[N, P]`, the seat's combined choice over its parts (0 where it has none).
    widths : per stage `int[P]`, how many combined choices each seat has (1 where it has none).
    info : per stage `int[N, P]`, which rows a seat cannot tell apart when it chooses.
    opened : what was chosen in opening stages, when this is a later round; `first` is then the first stage to play.
    """

    def __init__(
        self, game: Game, charter: Charter, records: Any = None, opened: Mapping[str, np.ndarray] | None = None
    ) -> None:
        self.game, self.charter = game, charter
        self.records = charter.found() if records is None else records
        self.opened = opened or {}
        self.first = len(charter.ground.opening) if self.opened else 0
        self.players, ground = len(game.players), charter.ground
        scene = Round(self.records, present=np.ones(self.players, bool), prospects=prospects(game))
        self.dice = _dice(charter, scene)
        self._lay_out(ground)
        self.scene = replace(scene, luck=self._luck(len(charter.institutions)))
        self.views, self.masks = [], []
        for stage in range(len(ground.stages)):
            self.views.append(self._view(stage))
            self.masks.append(charter.permitted(self.scene, self.moves, stage))

    def _view(self, stage: int) -> View:
        """What is shown as a stage opens, all of it with an axis of rows in front.

        A value that is the same in all rows comes without that axis, and may by chance be as long as there are rows;
        how many axes it has is known from the view of a single row.
        """
        alone = replace(self.scene, luck=tuple({n: faces[0] for n, faces in one.items()} for one in self.scene.luck))
        first = self.charter.inform(alone, {name: made[0] for name, made in self.moves.items()}, stage)
        view = self.charter.inform(self.scene, self.moves, stage)

        def spread(values: Mapping[str, Any], single: Mapping[str, Any]) -> dict[str, np.ndarray]:
            arrays = {name: np.asarray(value) for name, value in values.items()}
            return {
                name: value if value.ndim > np.ndim(single[name]) else np.broadcast_to(value, (self.rows, *value.shape))
                for name, value in arrays.items()
            }

        return replace(view, public=spread(view.public, first.public), seat=spread(view.seat, first.seat))

    def _lay_out(self, ground: Any) -> None:
        axes = [odds.shape[1] for die in self.dice for odds in [die.odds] for _ in range(odds.shape[0])]
        self.dice_axes, slots = len(axes), []
        if math.prod(axes) > DICE_LIMIT:
            raise TooLarge(
                f"The dice of these institutions fall in {amount(math.prod(axes))} ways.",
                f"Exact play on a table lists them all, up to {DICE_LIMIT:,}.",
                "Use fewer seats, or play it in a world or a society, where dice are rolled.",
            )
        for stage in ground.stages[self.first :]:
            for seat in range(self.players):
                for part in stage:
                    if part.continuous:
                        raise CarrierError(
                            f"The part {part.name!r} is a number between {part.low:g} and {part.high:g}.",
                            "A finite game has finitely many moves.",
                            "Give the part labels, or use a world or a society.",
                        )
                    if part.has(seat):
                        slots.append((part, seat))
                        axes.append(len(part.labels_of(seat)))
        self.rows = math.prod(axes)
        if self.rows > ROW_LIMIT:
            raise TooLarge(
                f"{self.game.name} under this charter has {amount(self.rows)} complete plays.",
                f"A round is solved exactly up to {ROW_LIMIT:,}.",
                "Use fewer players, moves or stages, or a representation that needs no table.",
            )
        self.faces = np.array(np.unravel_index(np.arange(self.rows), axes), np.int32).reshape(len(axes), self.rows)
        self.moves = ground.unknown_moves((self.rows,))
        for (part, seat), made in zip(slots, self.faces[self.dice_axes :], strict=True):
            self.moves[part.name][:, seat] = made
        for name, made in self.opened.items():
            self.moves[name][:] = made
        for name, part in ground.parts.items():
            absent = [seat for seat in range(self.players) if not part.has(seat)]
            self.moves[name][:, absent] = -1

    def _luck(self, layers: int) -> tuple[dict[str, np.ndarray], ...]:
        luck: tuple[dict[str, np.ndarray], ...] = tuple({} for _ in range(layers))
        axis = 0
        for die in self.dice:
            count = die.odds.shape[0]
            luck[die.level][die.name] = self.faces[axis : axis + count].T
            axis += count
        return luck

    @cached_property
    def chance(self) -> np.ndarray:
        """`float[N]`: the probability with which the row's dice fall so."""
        chance, axis = np.ones(self.rows), 0
        for die in self.dice:
            for row in die.odds:
                chance *= row[self.faces[axis]]
                axis += 1
        return chance

    @cached_property
    def settled(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, Any]:
        """`(payoffs [N, P], bystanders [N, B], base profiles [N, P], scene with facts)`."""
        seen = self.charter.descend(self.scene, self.moves)
        profiles = np.maximum(seen[0]["act"], 0)
        scene = replace(self.scene, facts=self.game.facts_at(profiles))
        payoffs = self.charter.settle(scene, seen, self.game.payoffs_at(profiles))
        return (
            np.broadcast_to(payoffs, (self.rows, self.players)),
            self.game.bystander_payoffs_at(profiles),
            profiles,
            scene,
        )

    def _require_steady(self) -> None:
        """Raise `DeclarationError` where settling the same moves twice gives two answers: no claim could hold."""
        again = self._settle(self.game.payoffs_at(self.settled[2]), True)
        if not np.array_equal(self.payoffs, again, equal_nan=True):
            raise DeclarationError(
                f"{self.charter} settles the same moves differently when it is asked twice.",
                "A rule that remembers outside its record can be neither checked nor replayed.",
                "Let settle read `now` only; keep what lasts in found and remember.",
            )

    @cached_property
    def added(self) -> np.ndarray:
        """`float[N, P]`: what settlement adds to payoffs; without their rounding where it does not look at them."""
        self._require_steady()
        return self._added(self.payoffs, wishes=True)

    @cached_property
    def payments(self) -> np.ndarray:
        """`float[N, P]`: the money in what settlement adds: without what motivational rules make players want."""
        return self._added(self.paid, wishes=False) if self.charter.motivates else self.added

    @cached_property
    def paid(self) -> np.ndarray:
        """`float[N, P]`: what players are paid; what they want (`payoffs`) differs under motivational rules."""
        return self._settle(self.game.payoffs_at(self.settled[2]), False) if self.charter.motivates else self.payoffs

    def _added(self, payoffs: np.ndarray, wishes: bool) -> np.ndarray:
        before = self.game.payoffs_at(self.settled[2])
        bare = self._settle(np.zeros_like(before), wishes)
        close = np.abs(bare - (payoffs - before)) <= 1e-9 * (np.abs(before) + np.abs(bare))
        return bare if close.all() else payoffs - before

    def _settle(self, payoffs: np.ndarray, wishes: bool) -> np.ndarray:
        seen = self.charter.descend(self.scene, self.moves)
        return np.broadcast_to(self.charter.settle(self.settled[3], seen, payoffs, wishes=wishes), payoffs.shape)

    @property
    def payoffs(self) -> np.ndarray:
        """`float[N, P]`: what the players get after settlement."""
        return self.settled[0]

    @property
    def bystanders(self) -> np.ndarray:
        """`float[N, B]`: what the bystanders get."""
        return self.settled[1]

    def records_after(self, row: int) -> tuple[Mapping[str, np.ndarray], ...]:
        """The records for the next round when this round went as `row` says."""
        moves = {name: made[row] for name, made in self.moves.items()}
        luck = tuple({name: faces[row] for name, faces in layer.items()} for layer in self.scene.luck)
        scene = replace(self.scene, luck=luck)
        seen = self.charter.descend(scene, moves)
        profile = np.maximum(seen[0]["act"], 0)
        scene = replace(scene, facts=self.game.facts_at(profile))
        return self.charter.remember(scene, seen, self.game.payoffs_at(profile))

    def opened_by(self, row: int) -> dict[str, np.ndarray]:
        """What was chosen in the opening stages; it stays as it is for the whole episode."""
        opening = [part.name for stage in self.charter.ground.opening for part in stage]
        return {name: self.moves[name][row] for name in opening}

    def parts_at(self, stage: int, seat: int) -> list[Part]:
        """The parts that `seat` chooses at `stage`."""
        return [part for part in self.charter.ground.stages[stage] if part.has(seat)]

    @cached_property
    def widths(self) -> list[np.ndarray]:
        """Per stage `int[P]`: how many combined choices each seat has."""
        return [
            np.array([math.prod(len(p.labels_of(i)) for p in self.parts_at(s, i)) for i in range(self.players)])
            for s in range(len(self.charter.ground.stages))
        ]

    @cached_property
    def choice(self) -> list[np.ndarray]:
        """Per stage `int[N, P]`: the seat's combined choice, parts as digits, the last one fastest."""
        made = []
        for stage in range(len(self.charter.ground.stages)):
            combined = np.zeros((self.rows, self.players), np.int64)
            for seat in range(self.players):
                for part in self.parts_at(stage, seat):
                    combined[:, seat] = combined[:, seat] * len(part.labels_of(seat)) + self.moves[part.name][:, seat]
            made.append(combined)
        return made

    @cached_property
    def allowed(self) -> list[list[np.ndarray]]:
        """Per stage and seat `bool[N, W]`: which combined choices are permitted there."""
        return [[self._allowed(s, i) for i in range(self.players)] for s in range(len(self.charter.ground.stages))]

    def _allowed(self, stage: int, seat: int) -> np.ndarray:
        combined = np.ones((self.rows, 1), bool)
        for part in self.parts_at(stage, seat):
            mask = self.masks[stage][part.name]
            own = np.broadcast_to(mask, (self.rows, *mask.shape[-2:]))[:, seat, : len(part.labels_of(seat))]
            combined = (combined[:, :, None] & own[:, None, :]).reshape(self.rows, -1)
        return combined

    @cached_property
    def legal(self) -> np.ndarray:
        """`bool[N]`: whether every move of the row was permitted when it was made."""
        legal = np.ones(self.rows, bool)
        for stage, seats in enumerate(self.allowed):
            for seat, mask in enumerate(seats):
                legal &= mask[np.arange(self.rows), self.choice[stage][:, seat]]
                if not mask.any(-1).all():
                    names = ", ".join(type(i).__name__ for i in self.charter.institutions)
                    raise CarrierError(
                        f"{self.game.players[seat]} has no permitted move at stage {stage} under {names}.",
                        "Together these rules forbid everything.",
                        "Loosen one of them.",
                    )
        return legal

    @cached_property
    def info(self) -> list[np.ndarray]:
        """Per stage `int[N, P]`: numbers of information sets; rows with equal numbers look the same to the seat."""
        return [self._info(stage) for stage in range(len(self.charter.ground.stages))]

    def _info(self, stage: int) -> np.ndarray:
        sets = np.zeros((self.rows, self.players), np.int64)
        shared = _columns(self.views[stage].public.values())
        for seat in range(self.players):
            told = _columns(value[:, seat] for value in self.views[stage].seat.values())
            own = [self.choice[s][:, seat : seat + 1] for s in range(stage)]
            columns = [*shared, *told, *own, self.allowed[stage][seat]]
            _, sets[:, seat] = np.unique(np.concatenate(columns, 1, dtype=float), axis=0, return_inverse=True)
        return sets

    @property
    def staged(self) -> bool:
        """Whether the round is more than one simultaneous move: several stages, or somebody is told something first."""
        return len(self.info) - self.first > 1 or any((sets != sets[0]).any() for sets in self.info)

    def look(self, stage: int, seat: int, row: int) -> Look:
        """What `seat` sees at `stage` in the play `row`."""
        parts, allowed = self.parts_at(stage, seat), {}
        for part in parts:
            mask = np.broadcast_to(self.masks[stage][part.name], (self.rows, self.players, part.width(self.players)))
            allowed[part.name] = tuple(
                label for label, ok in zip(part.labels_of(seat), mask[row, seat], strict=False) if ok
            )
        sees = seen_by(self.views[stage], self.charter.ground.parts, seat, self.players, row)
        return Look(seat, self.game.players[seat], stage, allowed, sees)


def prospects(game: Game) -> dict[str, np.ndarray]:
    """Fact -> `float[P, A]`: the most that each move can bring of every fact, over what the others may do.

    In games too large to list, only facts of the own move alone are known before play; the others are left out.
    """
    listed = game.size <= LISTED and not getattr(game, "nonatomic", False)
    profiles = game.profiles() if listed else _around(game)
    read = {fact.name: np.asarray(fact.read(profiles), float) for fact in game.facts}
    found = {}
    for name, amounts in read.items():
        most, least = (_over_own_moves(game, profiles, amounts, over) for over in (np.fmax, np.fmin))
        if listed or np.array_equal(most, least):
            found[name] = most
    return found


def _over_own_moves(game: Game, profiles: np.ndarray, amounts: np.ndarray, over: np.ufunc) -> np.ndarray:
    """The largest or smallest amount per seat and own move, `float[P, A]`; -inf where a seat has no such move."""
    table = np.full((len(game.players), max(game.sizes)), np.nan)
    for seat in range(len(game.players)):
        over.at(table[seat], profiles[:, seat], amounts[:, seat])
    return np.where(np.isnan(table), -np.inf, table)


def _around(game: Game) -> np.ndarray:
    """Joint moves in which every own move meets several crowds: everybody alike, and moves that differ by seat."""
    moves, seats = np.arange(max(game.sizes))[:, None], np.arange(len(game.players))
    sizes = np.array(game.sizes)
    return np.concatenate([np.minimum(moves, sizes - 1), (moves + seats) % sizes, (moves + seats // 2) % sizes])


def seen_by(view: View, parts: Mapping[str, Part], seat: int, players: int, at: int | None = None) -> dict[str, Any]:
    """A view as one seat sees it, in plain values: labels instead of numbers, its own row of what is told.

    `at` is the row to look at when the view's arrays are batched over rows.
    """
    sees: dict[str, Any] = {}
    for name, value in view.public.items():
        value = _pick(value, at)
        part = parts.get(name)
        if part is None or part.continuous:
            sees[name] = value.tolist()
        else:
            sees[name] = tuple(
                None if v < 0 else part.labels_of(i)[int(v)] for i, v in enumerate(np.broadcast_to(value, players))
            )
    for name, value in view.seat.items():
        own, part = _pick(value, at)[seat], parts.get(name)
        if part is None or part.continuous:
            sees[name] = np.asarray(own).tolist()
        else:
            own_only: list[str | None] = [None] * players
            own_only[seat] = part.labels_of(seat)[int(own)] if own >= 0 else None
            sees[name] = tuple(own_only)
    return sees


def _pick(value: Any, at: int | None) -> np.ndarray:
    return np.asarray(value) if at is None else np.asarray(value)[at]


def _columns(values: Iterable[np.ndarray]) -> list[np.ndarray]:
    """What rows may differ in as columns; what is spread over all rows tells nothing and is left out."""
    return [value.reshape(len(value), -1).astype(float) for value in values if len(value) == 1 or value.strides[0]]


def _dice(charter: Charter, scene: Round) -> list[Die]:
    dice = []
    for level, declared in enumerate(charter.dice(scene)):
        owner = type(charter.institutions[level]).__name__
        dice += [Die(level, name, check_odds(owner, name, odds)) for name, odds in declared.items()]
    return dice
