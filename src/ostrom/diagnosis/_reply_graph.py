"""Where best replies lead when one player at a time moves: to pure equilibria, or round in circles."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..core.errors import TooLarge
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, amount
from ..solvers._components import sinks
from ._round_trip import round_trip
from ._tables import TIE

PROFILES = 200_000
"""Joint moves beyond which the graph is not drawn up."""


@dataclass(frozen=True, eq=False)
class Replies:
    """The best-reply graph over joint moves: links run where one player who gains moves to a best reply.

    Attributes
    ----------
    sinks : the strongly connected sets of joint moves that no link leaves, pure equilibria first.
    circle : joint moves on one way round in the first set that is no equilibrium; empty where there is none.
    round : for two players who are alike, moves each of which is the one best reply to the one before, as a circle of
        three or more; empty where there is none.
    """

    sinks: tuple[tuple[tuple[int, ...], ...], ...]
    circle: tuple[tuple[int, ...], ...]
    round: tuple[int, ...]

    @property
    def equilibria(self) -> int:
        """How many pure equilibria there are."""
        return sum(len(sink) == 1 for sink in self.sinks)

    @property
    def circling(self) -> int:
        """How many sets there are in which best replies go round for ever."""
        return len(self.sinks) - self.equilibria


def replies(game: NormalForm, alike: bool) -> Replies:
    """The best-reply graph of a game, and its sinks; `alike` says whether both players of two are.

    Raises `TooLarge` beyond 200,000 joint moves.
    """
    if game.size > PROFILES:
        raise TooLarge(
            f"{game.name} has {amount(game.size)} joint moves.",
            f"The graph of best replies is drawn up to {PROFILES:,}.",
            "Use fewer players or moves.",
        )
    tails, heads = _links(game)
    profiles = game.profiles()
    ends = sorted(sinks(game.size, tails, heads), key=lambda sink: (len(sink) > 1, sink[0]))
    cyclic = next((sink for sink in ends if len(sink) > 1), ())
    return Replies(
        sinks=tuple(tuple(tuple(map(int, profiles[k])) for k in sink) for sink in ends),
        circle=tuple(tuple(map(int, profiles[k])) for k in _way_round(cyclic, tails, heads)),
        round=_round(game) if alike else (),
    )


def _links(game: NormalForm) -> tuple[Array, Array]:
    """From which joint move to which, by numbers in the order of the table."""
    at = np.arange(game.size).reshape(game.sizes)
    tails, heads = [], []
    for i, size in enumerate(game.sizes):
        own, stride = game.payoffs[..., i], math.prod(game.sizes[i + 1 :])
        best, slack = own.max(axis=i, keepdims=True), TIE * np.ptp(own)
        gains = own < best - slack
        for move in range(size):
            there = np.take(own, [move], axis=i) >= best - slack
            leaving = np.broadcast_to(there, own.shape) & gains
            tail = at[leaving]
            tails.append(tail)
            heads.append(tail + (move - tail // stride % size) * stride)
    return np.concatenate(tails), np.concatenate(heads)


def _way_round(sink: tuple[int, ...], tails: Array, heads: Array) -> tuple[int, ...]:
    """A short circle in a set of joint moves."""
    if not sink:
        return ()
    after: dict[int, list[int]] = {node: [] for node in sink}
    inside = np.isin(tails, sink)
    for tail, head in zip(tails[inside].tolist(), heads[inside].tolist(), strict=True):
        after[tail].append(head)
    return round_trip(after)


def _round(game: NormalForm) -> tuple[int, ...]:
    """Follow the one best reply from each move: the first circle of three or more."""
    row = game.payoffs[..., 0]
    best = row >= row.max(axis=0) - TIE * np.ptp(row)
    answer = np.where(best.sum(axis=0) == 1, best.argmax(axis=0), -1).tolist()
    for start in range(len(answer)):
        way = [start]
        while answer[way[-1]] >= 0 and answer[way[-1]] not in way:
            way.append(answer[way[-1]])
        if answer[way[-1]] == start and len(way) > 2:
            return tuple(way)
    return ()
