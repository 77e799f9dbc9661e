"""Play that can be had again with one thing changed: what experiments on players who may act together need."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

Array = np.ndarray
Talk = Callable[[str], str | None]
"""What becomes of a message on its way; None is silence."""


@dataclass(frozen=True, eq=False)
class Script:
    """One run of S sessions side by side, and what is changed in it.

    Attributes
    ----------
    rounds : how many are played.
    seed : for all luck. Runs with the same seed meet the same luck, round by round, whatever else is changed.
    forced : round -> (player, `int[S]`): the move that the player makes in that round; -1 lets it choose.
    swapped : player i of session s meets those of sessions s + 1, s + 2, …: nobody sits with whom it learned.
    wiped : nobody remembers what was played.
    channel : what becomes of every message; None leaves them as they are.
    """

    rounds: int
    seed: int
    forced: Mapping[int, tuple[int, Array]] = field(default_factory=dict)
    swapped: bool = False
    wiped: bool = False
    channel: Talk | None = None


Replay = Callable[[Script], Array]
"""Plays a script: the moves by number, `int[S, rounds, P]`. Anything that can be replayed is one."""


@dataclass(frozen=True, eq=False)
class Seen:
    """What a player sees in a round.

    Attributes
    ----------
    seat, time : its number, and that of the round, from 0.
    moves : by number, of all players so far, `int[t, P]`.
    heard : what each said in this round, None who did not; () while they speak.
    luck : four numbers in [0, 1), this player's own in this round, to draw with.
    news : one that all players of a session are shown: a shock to costs, a headline.
    """

    seat: int
    time: int
    moves: Array
    heard: tuple[str | None, ...]
    luck: Array
    news: float


Player = Callable[[Seen], int]
"""Chooses a move by number. One with a method `speak(seen)` is asked before the move what it says to all."""


@dataclass(frozen=True, eq=False)
class Tables:
    """Replays players who know a move for every last joint move, or one move only: what Q-learners have learned.

    Attributes
    ----------
    greedy : per player `int[S, A_1, …, A_P]`, or `int[S]` without memory, as in `Learnt.greedy`.
    sizes : how many moves each player has.
    start : `int[S, P]`, the joint move before the first round; drawn evenly if None.
    tremble : odds that a move is drawn evenly instead.
    """

    greedy: tuple[Array, ...]
    sizes: tuple[int, ...]
    start: Array | None = None
    tremble: float = 0.0

    talks = False

    def __call__(self, script: Script) -> Array:
        """The moves of a run."""
        count, size = len(self.greedy[0]), int(np.prod(self.sizes))
        tables = [self._own(i, script.swapped, count, size) for i in range(len(self.sizes))]
        strides = np.array([int(np.prod(self.sizes[i + 1 :])) for i in range(len(self.sizes))])
        rng = np.random.default_rng([script.seed, 0])
        states = rng.integers(size, size=(script.rounds + 1, count, len(self.sizes)))
        shaken = rng.random((script.rounds, count, len(self.sizes))) < self.tremble
        drawn = (rng.random(shaken.shape) * self.sizes).astype(int)
        last = states[-1, :, :1] if self.start is None else (np.asarray(self.start) @ strides)[:, None]
        rows, out = np.arange(count), np.empty((count, script.rounds, len(self.sizes)), np.int64)
        for time in range(script.rounds):
            seen = states[time] if script.wiped else np.broadcast_to(last, (count, len(self.sizes)))
            moves = np.stack([table[rows, seen[:, i]] for i, table in enumerate(tables)], 1)
            moves = impose(np.where(shaken[time], drawn[time], moves), script.forced.get(time))
            out[:, time], last = moves, (moves @ strides)[:, None]
        return out

    def _own(self, player: int, swapped: bool, count: int, size: int) -> Array:
        own = np.asarray(self.greedy[player])
        flat = own.reshape(count, -1)
        flat = np.broadcast_to(flat, (count, size)) if flat.shape[1] == 1 else flat
        return np.roll(flat, -player, 0) if swapped else flat


@dataclass(frozen=True, eq=False)
class Seated:
    """Replays players that are functions of what they see, and may speak before they move; one list for each session.

    Wiped, a player sees no moves at all. A player that keeps something in mind of its own cannot be replayed.
    """

    sessions: Sequence[Sequence[Player]]

    @property
    def talks(self) -> bool:
        """Whether anybody speaks."""
        return any(hasattr(player, "speak") for seats in self.sessions for player in seats)

    def __call__(self, script: Script) -> Array:
        """The moves of a run."""
        return np.stack([self._session(number, script) for number in range(len(self.sessions))])

    def _session(self, number: int, script: Script) -> Array:
        count = len(self.sessions[number])
        seats = [self.sessions[(number + i * script.swapped) % len(self.sessions)][i] for i in range(count)]
        rng = np.random.default_rng([script.seed, number])
        luck, news = rng.random((script.rounds, count, 4)), rng.random(script.rounds)
        out = np.zeros((script.rounds, count), np.int64)
        for time in range(script.rounds):
            past = out[: 0 if script.wiped else time]
            seen = [Seen(i, time, past, (), luck[time, i], float(news[time])) for i in range(count)]
            said = tuple(_said(player, one, script.channel) for player, one in zip(seats, seen, strict=True))
            out[time] = [int(player(replace(one, heard=said))) for player, one in zip(seats, seen, strict=True)]
            forced = script.forced.get(time)
            if forced is not None and forced[1][number] >= 0:
                out[time, forced[0]] = forced[1][number]
        return out


def _said(player: Player, seen: Seen, channel: Talk | None) -> str | None:
    speak = getattr(player, "speak", None)
    said = None if speak is None else speak(seen)
    return said if channel is None or said is None else channel(said)


def impose(moves: Array, forced: tuple[int, Array] | None) -> Array:
    """Moves `int[S, P]` with those of one player set, where it is told what to do."""
    if forced is None:
        return moves
    player, wanted = forced
    moves = moves.copy()
    moves[:, player] = np.where(wanted >= 0, wanted, moves[:, player])
    return moves
