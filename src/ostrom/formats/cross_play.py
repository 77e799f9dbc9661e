"""From records of who met whom and what each got to the empirical game over the agents.

The game principals are in before anything is played: which agent do I send? Its moves are the agents, its payoffs the
mean points of the recorded meetings (empirical game: Walsh, Das, Tesauro and Kephart 2002; Wellman 2006).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

import numpy as np

from ..core.errors import InputError
from ..core.forms.normal_form import NormalForm, refuse_large
from ..core.game import Array

Meeting = tuple[Sequence[str], Sequence[float]]
"""The agents in seat order, and what each of them got."""


@dataclass(frozen=True)
class CrossPlay:
    """An empirical game and the meetings it stands on.

    Attributes
    ----------
    game : one player per seat, one move per agent (by name, sorted); payoffs are mean points.
    counts : `int[K, …, K]`, how many meetings stand behind every joint move.
    seated : `int[N, P]`, who sat where in each meeting, as numbers of agents; `points` : `float[N, P]`.
    symmetric : whether seats were taken to be interchangeable, so that meetings in any order of seats are pooled.
    """

    game: NormalForm
    counts: Array
    seated: Array
    points: Array
    symmetric: bool

    @property
    def agents(self) -> tuple[str, ...]:
        """The names of the K agents."""
        return self.game.moves[0]

    def resampled(self, times: int, seed: int) -> Array:
        """Payoff tables `float[times, K, …, K, P]`, each from meetings drawn anew within every pairing.

        The nonparametric bootstrap of what was seen of these very agents (Wiedenbeck, Cassell and Wellman 2014). A
        pairing that met once, or always with the same result, does not vary: no luck of the draw was seen there.
        """
        rng = np.random.default_rng(seed)
        keys = np.sort(self.seated, axis=1) if self.symmetric else self.seated
        _, pairing, sizes = np.unique(keys, axis=0, return_inverse=True, return_counts=True)
        weights = np.empty((times, len(keys)))
        for number, size in enumerate(sizes):
            weights[:, pairing.ravel() == number] = rng.multinomial(size, np.full(size, 1 / size), size=times)
        return _means(self.seated, self.points, self.symmetric, self.counts.shape, weights)


def cross_play(meetings: Iterable[Meeting], symmetric: bool = False, name: str = "cross-play") -> CrossPlay:
    """The empirical game of recorded meetings.

    Parameters
    ----------
    meetings : `(agents, payoffs)` each, one entry per seat. An agent may sit in several seats.
    symmetric : the seats are interchangeable: a meeting then counts for every order of its seats, and the game is
        symmetric.

    Raises
    ------
    InputError : no meetings; seats that do not fit; a payoff that is not finite; an agent who never met some other
        (an empirical game with holes would have to be guessed).
    """
    seats, points = _checked(meetings)
    agents = sorted({agent for seated in seats for agent in seated})
    players = len(points[0])
    refuse_large((len(agents),) * players, name)
    number = {agent: k for k, agent in enumerate(agents)}
    seated = np.array([[number[agent] for agent in row] for row in seats])
    counts = _counts(seated, symmetric, (len(agents),) * players)
    _refuse_holes(counts, agents)
    table = _means(seated, np.array(points), symmetric, counts.shape, np.ones((1, len(seated))))[0]
    return CrossPlay(NormalForm(table, moves=agents, name=name), counts, seated, np.array(points), symmetric)


def read_cross_play(path: str | Path, symmetric: bool = False) -> CrossPlay:
    """Read meetings from CSV with a header: a column `agent…` per seat and a column `payoff…` per seat, in seat order.

    Raises `InputError` with the number of the line that cannot be used.
    """
    path = Path(path)
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return cross_play(_csv_meetings(csv.reader(file), path.name), symmetric, path.stem)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path.name} cannot be read: {error}.", do="Give a CSV file in UTF-8.") from None


def _csv_meetings(lines: Iterable[list[str]], name: str) -> Iterable[Meeting]:
    lines = iter(lines)
    header = [title.strip().lower() for title in next(lines, [])]
    who = [k for k, title in enumerate(header) if title.startswith("agent")]
    got = [k for k, title in enumerate(header) if title.startswith("payoff")]
    if not who or len(who) != len(got):
        raise InputError(
            f"The header of {name} is {', '.join(header)[:80] or 'empty'}.",
            f"It names {len(who)} agents and {len(got)} payoffs.",
            "Begin with a line like: agent 1,agent 2,payoff 1,payoff 2",
        )
    for number, line in enumerate(lines, start=2):
        if not line:
            continue
        try:
            yield [line[k].strip() for k in who], [float(line[k]) for k in got]
        except (IndexError, ValueError):
            raise InputError(
                f"Line {number} of {name} is {','.join(line)[:80]!r}.",
                f"It needs {len(header)} columns, with numbers for the payoffs.",
                "Mend or remove the line.",
            ) from None


def _checked(meetings: Iterable[Meeting]) -> tuple[list[Sequence[str]], list[Sequence[float]]]:
    seats, points = [], []
    for number, (agents, payoffs) in enumerate(meetings, start=1):
        players = len(points[0]) if points else len(agents)
        if not (len(agents) == len(payoffs) == players >= 2) or not all(agents):
            raise InputError(
                f"Meeting {number} has agents {tuple(agents)} and payoffs {tuple(payoffs)}.",
                f"Every meeting of this table has {max(players, 2)} named agents and as many payoffs.",
                "Mend or leave out this meeting.",
            )
        if not all(isfinite(payoff) for payoff in payoffs):
            raise InputError(f"Meeting {number} paid {tuple(payoffs)}.", do="Give finite numbers.")
        seats.append(agents)
        points.append(payoffs)
    if not seats:
        raise InputError("No meeting was recorded.", do="Give at least one meeting of every pairing.")
    return seats, points


def _counts(seated: Array, symmetric: bool, shape: tuple[int, ...]) -> Array:
    """Meetings behind every joint move; interchangeable seats pool every order of the same agents."""
    met, moves = np.zeros(shape, int), np.moveaxis(np.indices(shape), 0, -1)
    if symmetric:
        seated, moves = np.sort(seated, axis=-1), np.sort(moves, axis=-1)
    np.add.at(met, tuple(seated.T), 1)
    return met[tuple(np.moveaxis(moves, -1, 0))]


def _means(seated: Array, points: Array, symmetric: bool, shape: tuple[int, ...], weights: Array) -> Array:
    """Weighted mean points `float[B, K, …, K, P]` of the meetings, `weights` of shape `[B, N]`."""
    moves = np.indices(shape).reshape(len(shape), -1).T
    means = _by_place(_places(seated, shape, symmetric), points, weights, len(moves) * max(shape[0], len(shape)))
    return means[:, _places(moves, shape, symmetric)].reshape(len(weights), *shape, len(shape))


def _places(moves: Array, shape: tuple[int, ...], symmetric: bool) -> Array:
    """Where each player's points at joint moves `[N, P]` are gathered, `int[N, P]`: by joint move and seat, or, where
    seats are interchangeable, by who is there and which of them one is."""
    who = np.sort(moves, axis=-1) if symmetric else moves
    joint = np.asarray(np.ravel_multi_index(tuple(who.T), shape))[:, None]
    return joint * shape[0] + moves if symmetric else joint * len(shape) + np.arange(len(shape))


def _by_place(places: Array, points: Array, weights: Array, size: int) -> Array:
    """Weighted means `float[B, size]` of the points gathered at every place; NaN where there are none."""
    order = np.argsort(places.ravel(), kind="stable")
    here, starts = np.unique(places.ravel()[order], return_index=True)
    meeting = np.repeat(np.arange(len(points)), points.shape[1])[order]
    total = np.add.reduceat(weights[:, meeting] * points.ravel()[order], starts, axis=1)
    means = np.full((len(weights), size), np.nan)
    means[:, here] = total / np.add.reduceat(weights[:, meeting], starts, axis=1)
    return means


def _refuse_holes(counts: Array, agents: Sequence[str]) -> None:
    holes = np.argwhere(counts == 0)
    if len(holes):
        first = [" with ".join(str(agents[k]) for k in hole) for hole in holes[:3]]
        raise InputError(
            f"{len(holes)} of {counts.size} seatings of {len(agents)} agents never met, first {'; '.join(first)}.",
            "An empirical game needs what every choice of agents would get; guessing it would invent results.",
            "Record these meetings, leave out an agent, or say that seats are interchangeable (symmetric).",
        )
