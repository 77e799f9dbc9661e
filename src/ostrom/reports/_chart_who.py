"""Who says what to whom: agents on a circle, an arrow for every pair that messages went between."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np

from ..core.log import Log
from ..core.reading import Reading
from ._chart_marks import ARROW, Values, at, mark
from ._page import Picture
from ._theme import LIGHT
from ._words import name, plural

MOST = 24
"""Agents that are drawn; where there are more, those with the most messages."""

SIZE, MARGIN = 420, 60
ALL = "everybody"


def who_picture(log: Log, alarms: tuple[Reading, ...]) -> Picture | None:
    """The graph of messages; arrows that an alarm is about are coloured. None where nobody says anything."""
    pairs = messages_between(log)
    flagged = {(reading.who[0], other) for reading in alarms for other in reading.who[1:] if other != reading.who[0]}
    for pair in flagged:
        pairs.setdefault(pair, 0)
    weight = Counter[str]()
    for (speaker, listener), count in pairs.items():
        weight[speaker] += count
        weight[listener] += count
    drawn = [agent for agent, _ in weight.most_common(MOST)]
    kept = {pair: count for pair, count in pairs.items() if set(pair) <= set(drawn)}
    if not kept:
        return None
    chart = _chart(sorted(drawn), kept, flagged)
    top = sorted(kept.items(), key=lambda item: (-item[1], item[0]))[:5]
    said = "; ".join(f"{name(a)} to {name(b)}: {plural(n, 'message')}" for (a, b), n in top)
    left = "" if len(weight) <= MOST else f" The {MOST} agents with most messages of {len(weight)}."
    caption = f"Who says what to whom. Width: messages; orange: what an alarm is about.{left}"
    return Picture(caption, f"{plural(len(drawn), 'agent')}. Most messages: {said}.", chart)


def messages_between(log: Log) -> Counter[tuple[str, str]]:
    """How many messages went from whom to whom; what is said to everybody goes to each other agent."""
    found: Counter[tuple[str, str]] = Counter()
    spoken = np.flatnonzero(log.get("message").present)
    if not len(spoken):
        return found
    agents, receivers = log.get("agent"), log.get("receivers")
    codes = np.stack([agents.codes[spoken], receivers.codes[spoken]])
    for (speaker, group), count in zip(*_counted(codes), strict=True):
        who = agents.values[speaker]
        heard = log.agents if group < 0 else receivers.values[group]
        if who and (group >= 0 or len(log.agents) <= MOST):
            found.update({(who, other): count for other in heard if other != who})
        elif who:
            found[who, ALL] += count
    return found


def _counted(codes: np.ndarray) -> tuple[list[list[int]], list[int]]:
    pairs, counts = np.unique(codes, axis=1, return_counts=True)
    return pairs.T.tolist(), counts.tolist()


def _chart(agents: list[str], pairs: dict[tuple[str, str], int], flagged: set[tuple[str, str]]) -> dict[str, Any]:
    middle, radius = SIZE / 2, SIZE / 2 - MARGIN
    turn = [2 * math.pi * k / len(agents) for k in range(len(agents))]
    spot = {
        a: (middle + radius * math.sin(w), middle + radius * math.cos(w)) for a, w in zip(agents, turn, strict=True)
    }
    most = max([*pairs.values(), 1])
    lines: Values = []
    heads: Values = []
    for k, (pair, count) in enumerate(sorted(pairs.items(), key=lambda item: (item[0] in flagged, item[1]))):
        path = _bent(np.array(spot[pair[0]]), np.array(spot[pair[1]]))
        colour = "alarm" if pair in flagged else "messages"
        wide = 1 + 6 * math.sqrt(count / most)
        lines += [{"x": x, "y": y, "n": n, "k": k, "w": wide, "c": colour} for n, (x, y) in enumerate(path.tolist())]
        way = path[8] - path[7]
        angle = math.degrees(math.atan2(way[0], way[1]))
        heads.append({"x": path[8][0], "y": path[8][1], "angle": angle, "size": 60 + 25 * wide})
    paint = {
        "field": "c",
        "type": "nominal",
        "scale": {"domain": ["messages", "alarm"], "range": [LIGHT["line"], LIGHT["orange"]]},
        "legend": None,
    }
    names = [{"x": x, "y": y, "name": name(a), "right": x >= middle} for a, (x, y) in spot.items()]
    place = {"x": at("x"), "y": at("y")}
    stroke = {"stroke": paint, "strokeWidth": at("w", scale=None, legend=None), "detail": {"field": "k"}}
    shape = {"angle": at("angle", scale=None), "size": at("size", scale=None, legend=None)}
    head = {"filled": True, "opacity": 1, "fill": LIGHT["ink"], "stroke": LIGHT["paper"], "strokeWidth": 1}
    layers = [
        mark("line", lines, {**place, **stroke, "order": at("n")}, interpolate="monotone", clip=False),
        mark("point", heads, {**place, **shape}, shape=ARROW, **head),
        mark("circle", names, place, size=90, color=LIGHT["ink"], opacity=1),
    ]
    halo = {"stroke": LIGHT["paper"], "strokeWidth": 4, "strokeJoin": "round"}
    for right in (True, False):
        some = [one for one in names if one["right"] == right]
        side = {"dx": 9 if right else -9, "align": "left" if right else "right", "limit": MARGIN + 70}
        where = {**place, "text": {"field": "name"}}
        if some:
            layers += [mark("text", some, where, **side, **halo), mark("text", some, where, **side)]
    frame = {"domain": [0, SIZE], "nice": False}
    return {
        "width": SIZE + 120,
        "height": SIZE,
        "layer": layers,
        "encoding": {"x": at("x", scale={"domain": [-60, SIZE + 60], "nice": False}, axis=None),
                     "y": at("y", scale=frame, axis=None)},
    }  # fmt: skip


def _bent(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """A slightly bowed path, so that both ways between two agents can be told apart."""
    along = end - start
    aside = np.array([along[1], -along[0]]) * 0.08
    share = np.linspace(0, 1, 13)[:, None]
    return start + along * share + aside * 4 * share * (1 - share)
