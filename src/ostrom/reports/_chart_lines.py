"""Lines over one axis, each named at its end: what moves pay by what others do, numbers from round to round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..core.forms.reactions import Reactions
from ..core.forms.symmetric import Symmetric
from ._chart_marks import Values, at, labelled, mark
from ._page import Picture
from ._replay_grid import SEATS
from ._theme import LIGHT
from ._words import name, number

WIDTH, HEIGHT, APART = 380, 220, 16
"""Pixels of a picture, and between the names of two lines."""

NAMED, ROUNDS = 12, 24
"""Moves up to which each is named on an axis; rounds of a loop that are drawn."""


def crowd_picture(game: Symmetric) -> Picture:
    """What a player gets by what all others do: for two moves by how many do each, otherwise when all do the same."""
    return _two_moves(game) if len(game.moves[0]) == 2 else _all_the_same(game)


def _two_moves(game: Symmetric) -> Picture:
    """Schelling's diagram (1973)."""
    first, second = map(name, game.moves[0])
    count = len(game.players)
    others = (np.arange(count - 1) < np.arange(count)[:, None]).astype(int)
    profiles = [np.concatenate([np.full((count, 1), own), others], axis=1) for own in (0, 1)]
    paid = game.payoffs_at(np.stack(profiles))[..., 0]
    lines = {f"who plays {move}": own.tolist() for move, own in zip((first, second), paid, strict=True)}
    words = f"What a player gets by how many of the {count - 1} others play {second}: from {number(paid.min())} to "
    words += f"{number(paid.max())}."
    caption = f"What each move pays, by how many of the others play {second}."
    return Picture(caption, words, _lines(lines, np.arange(count), f"others who play {second}", "payoff"))


def _all_the_same(game: Symmetric) -> Picture:
    """Doing what all do, and the best that one could do instead."""
    moves, count = game.moves[0], len(game.players)
    same = np.tile(np.arange(len(moves))[:, None], count)
    each = np.repeat(same[:, None], len(moves), axis=1)
    each[..., 0] = np.arange(len(moves))
    paid = game.payoffs_at(each)[..., 0]
    lines = {"the best reply": paid.max(axis=1).tolist(), "doing the same": np.diag(paid).tolist()}
    top = int(np.argmax(np.diag(paid)))
    words = f"When all do the same, {name(moves[top])} pays each most: {number(float(paid[top, top]))}; "
    words += f"whoever leaves it alone gets up to {number(float(paid[top].max()))}."
    caption = "What a player gets when all others do the same: doing it too, and the best it could do instead."
    step = -(-len(moves) // NAMED)
    axis = labelled(moves)
    axis["values"] = axis["values"][::step]
    return Picture(caption, words, _lines(lines, np.arange(len(moves)), "what all others do", "payoff", axis))


def loop_picture(loop: Reactions) -> Picture:
    """The numbers from round to round; on a scale of multiples where they are positive and grow beyond all bounds."""
    path = loop.path(ROUNDS)
    lines = {player: path[:, k].tolist() for k, player in enumerate(loop.players)}
    steep = bool((path > 0).all() and path.max() > 20 * path.min())
    words = "; ".join(f"{name(who)} from {number(own[0])} to {number(own[-1])}" for who, own in lines.items())
    caption = f"The numbers of the first {len(path) - 1} {loop.round}s" + (
        ", equal steps up being equal factors." if steep else "."
    )
    return Picture(caption, words + ".", _lines(lines, np.arange(len(path)), loop.round, loop.unit, log=steep))


def _lines(
    lines: Mapping[str, Sequence[float]],
    across: np.ndarray,
    below: str,
    beside: str,
    axis: dict[str, Any] | None = None,
    log: bool = False,
) -> dict[str, Any]:
    layers = []
    places = _places(lines, log)
    for k, (own, values) in enumerate(lines.items()):
        colour = LIGHT[SEATS[k % len(SEATS)]]
        rows: Values = [{"x": int(x), "y": float(y)} for x, y in zip(across, values, strict=True)]
        here = {"x": at("x"), "y": at("y")}
        layers.append(mark("line", rows, here, color=colour, strokeWidth=2))
        if len(rows) <= 30:
            layers.append(mark("point", rows, here, color=colour, filled=True, size=28, opacity=1))
        end: Values = [{"x": int(across[-1]), "y": places[own], "text": name(own)}]
        layers.append(mark("text", end, {**here, "text": {"field": "text"}}, align="left", dx=8, fill=colour))
    step = -(-len(across) // NAMED)
    whole = {"values": across[::step].tolist(), "format": "d"} if axis is None else {"labelAngle": 0, **axis}
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "layer": layers,
        "encoding": {
            "x": at("x", axis={"title": below, **whole}, scale={"nice": False}),
            "y": at("y", axis={"title": beside}, scale={"type": "log"} if log else {"zero": False}),
        },
    }


def _places(lines: Mapping[str, Sequence[float]], log: bool) -> dict[str, float]:
    """How high the name of each line stands: at its end, and never on another name."""
    scale, back = (np.log, np.exp) if log else (np.asarray, np.asarray)
    every = scale(np.array([value for values in lines.values() for value in values], float))
    gap = APART / HEIGHT * (float(np.ptp(every)) or 1.0)
    placed, below = {}, -np.inf
    for own in sorted(lines, key=lambda own: lines[own][-1]):
        below = max(float(scale(np.float64(lines[own][-1]))), below + gap)
        placed[own] = float(back(below))
    return placed
