"""What a log shows of conduct and of what came of it, in arrays: episode by episode, round by round, seat by seat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.event import Event
from ..core.game import Array, Game

NOBODY, ALL = "nobody", "all others"
"""What `PeerPunishment` calls a seat that hits none of the others, and one that hits all."""


@dataclass(frozen=True, eq=False)
class Behaviour:
    """Conduct of P seats in E episodes of up to T rounds, and what became of it.

    Attributes
    ----------
    moves : `int[E, T, P]`, the number of the label that each seat chose; -1 where it chose none, or it is not known.
    labels : the labels, in the order of their numbers.
    facts : `float[E, T, P]` each, by name ("harvest"), NaN where not known.
    taken : `float[E, T, P]`, what was taken from each seat on balance, in units of payoff; negative is given, NaN not
        known.
    named : `bool[E, T, P, P]`, entry (i, j): whether i named j to be punished.
    standing : `int[E, T, P]`, as each round opens: 1 good, 0 bad, -1 not known.
    partner : `int[E, T, P]`, whom each seat met when it moved, -1 all others; None is all others always.
    players : names of the seats; by default numbers.

    Of `taken`, `named` and `standing` each is None where the log says nothing of it. Raises `InputError` where shapes,
    numbers of labels or of seats do not fit.
    """

    moves: Array
    labels: tuple[str, ...]
    facts: Mapping[str, Array] = field(default_factory=dict)
    taken: Array | None = None
    named: Array | None = None
    standing: Array | None = None
    partner: Array | None = None
    players: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        moves = _whole("moves", self.moves, -1, len(self.labels) - 1)
        if moves.ndim != 3 or not moves.size:
            raise InputError(
                f"The moves have shape {moves.shape}.",
                "They are those of E episodes, T rounds and P seats, at least one of each.",
                "Give int[E, T, P]; of one episode, moves[None].",
            )
        seats = moves.shape[-1]
        set_ = object.__setattr__
        set_(self, "moves", moves)
        set_(self, "labels", tuple(self.labels))
        set_(self, "players", tuple(self.players) or tuple(map(str, range(seats))))
        set_(self, "facts", {name: _floats(name, fact, moves.shape) for name, fact in self.facts.items()})
        if self.taken is not None:
            set_(self, "taken", _floats("taken", self.taken, moves.shape))
        if self.named is not None:
            named = _whole("named", self.named, 0, 1).astype(bool)
            _fits("named", named, (*moves.shape, seats))
            set_(self, "named", named & ~np.eye(seats, dtype=bool))
        for name, most in (("standing", 1), ("partner", seats - 1)):
            if getattr(self, name) is not None:
                made = _whole(name, getattr(self, name), -1, most)
                _fits(name, made, moves.shape)
                set_(self, name, made)
        if len(self.players) != seats:
            raise InputError(f"{len(self.players)} players for {seats} seats.", do="Name each seat once.")

    @property
    def acted(self) -> Array:
        """`bool[E, T, P]`: who made a move that is known."""
        return self.moves >= 0

    @property
    def met(self) -> Array:
        """`bool[E, T, P, P]`: entry (i, j) says that i met j."""
        seats, others = self.moves.shape[-1], ~np.eye(self.moves.shape[-1], dtype=bool)
        everybody = others & np.ones((*self.moves.shape, seats), bool)
        if self.partner is None:
            return everybody & self.acted[..., None, :]
        one = self.partner[..., None] == np.arange(seats)
        return np.where(self.partner[..., None] >= 0, one & others, everybody & self.acted[..., None, :])

    @staticmethod
    def of(events: Iterable[Event], game: Game | None = None, word: str = "punish") -> Behaviour:
        """Read an event table as live sessions write it.

        What was taken is what `game` pays for the moves less what was paid; without a game it is not known. Rounds in
        which a seat that was paid made no move of the game's are left out of it.
        """
        rows: dict[tuple[int, int], dict[str, dict[str, Event]]] = {}
        players: list[str] = list(game.players) if game else []
        for event in events:
            if event.channel in ("act", "paid", word) and event.agent:
                rows.setdefault((event.episode, event.t), {}).setdefault(event.channel, {})[event.agent] = event
                if event.agent not in players:
                    players.append(event.agent)
        if not any("act" in row for row in rows.values()):
            raise InputError(
                "The log shows no moves.",
                "Norms are about what is done: rows of the channel 'act'.",
                "Give the events of live sessions, or a Behaviour.",
            )
        return _Reader(rows, tuple(players), game, word).behaviour()


class _Reader:
    """Fills the arrays, round by round."""

    def __init__(self, rows: Mapping[Any, Any], players: tuple[str, ...], game: Game | None, word: str) -> None:
        self.rows, self.players, self.game, self.word = rows, players, game, word
        self.episodes = {episode: e for e, episode in enumerate(sorted({episode for episode, _ in rows}))}
        times: dict[int, list[int]] = {}
        for episode, t in sorted(rows):
            times.setdefault(episode, []).append(t)
        self.place = {(e, t): (self.episodes[e], k) for e, ts in times.items() for k, t in enumerate(ts)}
        self.shape = (len(times), max(map(len, times.values())), len(players))
        seen = {str(event.action) for row in rows.values() for event in row.get("act", {}).values()}
        known = list(dict.fromkeys(label for own in game.moves for label in own)) if game else []
        self.labels = (*known, *sorted(seen - set(known)))

    def behaviour(self) -> Behaviour:
        moves, taken = np.full(self.shape, -1), np.full(self.shape, np.nan)
        named, standing = np.zeros((*self.shape, self.shape[-1]), bool), np.full(self.shape, -1)
        facts: dict[str, Array] = {}
        for key, row in self.rows.items():
            place = self.place[key]
            for name, event in row.get("act", {}).items():
                moves[place][self.players.index(name)] = self.labels.index(str(event.action))
                self._stand(standing[place], event)
            for name, event in row.get("paid", {}).items():
                for fact, amount in event.facts.items():
                    if isinstance(amount, int | float):
                        facts.setdefault(fact, np.full(self.shape, np.nan))[place][self.players.index(name)] = amount
            self._take(taken[place], row)
            for name, event in row.get(self.word, {}).items():
                met = [event.action in (ALL, other) for other in self.players]
                named[place][self.players.index(name)] = met
        punishes = any(self.word in row for row in self.rows.values())
        return Behaviour(
            moves,
            self.labels,
            facts,
            taken if np.isfinite(taken).any() else None,
            named if punishes else None,
            standing if (standing >= 0).any() else None,
            players=self.players,
        )

    def _stand(self, standing: Array, event: Event) -> None:
        seen = event.observation.get("standing") if isinstance(event.observation, Mapping) else None
        if seen is not None and np.shape(seen) == standing.shape:
            standing[:] = np.asarray(seen, int)

    def _take(self, taken: Array, row: Mapping[str, Mapping[str, Event]]) -> None:
        acts, paid = row.get("act", {}), row.get("paid", {})
        if self.game is None or set(acts) != set(self.players) or set(paid) != set(self.players):
            return
        labels = [str(acts[name].action) for name in self.players]
        if all(label in own for label, own in zip(labels, self.game.moves, strict=True)):
            due = self.game.payoffs_at(np.array(self.game.profile(labels)))
            taken[:] = due - [float(paid[name].payoff or 0.0) for name in self.players]


def _whole(name: str, values: Any, least: int, most: int) -> Array:
    array = np.asarray(values)
    if array.dtype == bool:
        array = array.astype(int)
    if array.dtype.kind not in "iu" or (array.size and not (least <= array.min() and array.max() <= most)):
        raise InputError(
            f"{name} holds {str(values)[:60]}.", f"It holds whole numbers from {least} to {most}.", "Give such numbers."
        )
    return array.astype(int)


def _floats(name: str, values: Any, shape: tuple[int, ...]) -> Array:
    array = np.asarray(values, float)
    _fits(name, array, shape)
    if np.isinf(array).any():
        raise InputError(f"{name} holds an infinite amount.", do="Give finite ones, NaN where they are not known.")
    return array


def _fits(name: str, array: Array, shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise InputError(
            f"{name} has shape {array.shape}.",
            f"The moves call for {shape}.",
            "Give one entry for each seat and round.",
        )
