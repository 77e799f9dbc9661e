"""Who says what to whom: agents on a circle, an arrow for every pair that addressed messages went between."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any

import numpy as np

from ..core.log import Log
from ..core.reading import Reading
from ..core.rooms import in_words
from ._chart_marks import ARROW, Values, at, mark
from ._monitor_groups import KINDS
from ._page import Picture
from ._theme import LIGHT
from ._words import name, plural, told_apart

MOST = 24
"""Agents that are drawn; where there are more, those with the most messages."""

MARGIN, LABEL = 34, 170
"""Pixels around the circle, and for a name beside it."""

Pairs = dict[tuple[str, str], int]


def who_picture(log: Log, alarms: tuple[Reading, ...]) -> Picture | None:
    """The graph of addressed messages, arrows that an alarm is about on top and in colour; None where there are none.

    What names no receiver is said to everybody, and draws no arrow, except between two who are alone.
    """
    pairs, broadcast = messages_between(log)
    flagged = {pair for reading in alarms for pair in between(reading)}
    for pair in flagged:
        pairs.setdefault(pair, 0)
    weight = Counter[str]()
    for pair, count in pairs.items():
        for agent in pair:
            weight[agent] += count + (len(log) if pair in flagged else 0)
    drawn = [agent for agent, _ in weight.most_common(MOST)]
    kept = {pair: count for pair, count in pairs.items() if set(pair) <= set(drawn)}
    if not kept:
        return None
    chart = _chart(sorted(drawn), kept, flagged)
    top = sorted(kept.items(), key=lambda item: (-item[1], item[0]))[:5]
    said = "; ".join(f"{name(a)} to {name(b)}: {plural(n, 'message')}" for (a, b), n in top if n)
    words = f"{plural(len(drawn), 'agent')}." + (f" Most messages: {said}." if said else "")
    alarm = "; ".join(f"{name(a)} to {name(b)}" for a, b in sorted(flagged & kept.keys())[:12])
    words += f" Alarms are about {alarm}." if alarm else ""
    return Picture(_caption(kept, bool(flagged), broadcast, len(weight)), words, chart)


def _caption(kept: Pairs, flagged: bool, broadcast: int, agents: int) -> str:
    if any(kept.values()):
        orange = " Orange: what an alarm is about." if flagged else ""
        said = f"Who says what to whom: the wider an arrow, the more messages.{orange}"
    else:
        said = "Whom alarms are about. An arrow leads from whom it comes to whom it moves."
    if broadcast:
        said += f" {plural(broadcast, 'message')} to everybody draw no arrow."
    return said + ("" if agents <= MOST else f" The {MOST} agents with most messages of {agents}.")


def between(reading: Reading) -> Iterator[tuple[str, str]]:
    """The arrows of a reading: round a loop, both ways between those who move together, else from the first."""
    who, kind = list(dict.fromkeys(reading.who)), KINDS.get(in_words(reading.monitor))
    if kind == "loop" and len(who) <= 6:
        found: Iterable[tuple[str, str]] = zip(who, [*who[1:], *who[:1]], strict=True)
    elif kind == "together" and len(who) <= 6:
        found = [(a, b) for one, other in combinations(who, 2) for a, b in ((one, other), (other, one))]
    else:
        found = [(who[0], other) for other in who[1:]] if kind != "loop" else ()
    return ((a, b) for a, b in found if a != b)


def messages_between(log: Log) -> tuple[Pairs, int]:
    """How many messages went from whom to whom, and how many to everybody: those that name no receiver.

    Of two agents, what is said to everybody is said to the other.
    """
    found: Counter[tuple[str, str]] = Counter()
    broadcast = 0
    spoken = np.flatnonzero(log.get("message").present)
    agents, receivers, everybody = log.get("agent"), log.get("receivers"), log.agents
    codes = np.stack([agents.codes[spoken], receivers.codes[spoken]])
    for (speaker, group), count in zip(*_counted(codes), strict=True):
        who = agents.values[speaker] if speaker >= 0 else ""
        if who and group < 0 and len(everybody) != 2:
            broadcast += count
        elif who:
            heard = everybody if group < 0 else receivers.values[group]
            found.update({(who, other): count for other in heard if other != who})
    return dict(found), broadcast


def _counted(codes: np.ndarray) -> tuple[list[list[int]], list[int]]:
    pairs, counts = np.unique(codes, axis=1, return_counts=True)
    return pairs.T.tolist(), counts.tolist()


def _placed(agents: list[str]) -> tuple[dict[str, tuple[float, float]], float, float]:
    """Where each agent stands, and how wide and high the drawing is; two stand side by side."""
    radius = 60 + 11 * min(len(agents), 14)
    high = 2 * MARGIN + (2 * radius if len(agents) > 2 else 24)
    wide = 2 * (LABEL + radius)
    turn = [math.pi * (2 * k / len(agents) - (0.5 if len(agents) == 2 else 0)) for k in range(len(agents))]
    spots = [(wide / 2 + radius * math.sin(w), high / 2 + radius * math.cos(w)) for w in turn]
    return dict(zip(agents, spots, strict=True)), wide, high


def _arrows(pairs: Pairs, flagged: set[tuple[str, str]], spot: dict[str, tuple[float, float]]) -> tuple[Values, Values]:
    """The paths and the heads of the arrows: as wide as messages are many, those of alarms last."""
    most = max([*pairs.values(), 1])
    lines: Values = []
    heads: Values = []
    for k, (pair, count) in enumerate(sorted(pairs.items(), key=lambda item: (item[0] in flagged, item[1], item[0]))):
        path = _bent(np.array(spot[pair[0]]), np.array(spot[pair[1]]))
        colour = "alarm" if pair in flagged else "messages"
        wide = (3 if pair in flagged else 0.75) + 4 * count / most
        lines += [{"x": x, "y": y, "n": n, "k": k, "w": wide, "c": colour} for n, (x, y) in enumerate(path.tolist())]
        way = path[10] - path[9]
        angle = math.degrees(math.atan2(way[0], way[1]))
        heads.append({"x": path[10][0], "y": path[10][1], "angle": angle, "size": 160 + 50 * wide, "c": colour})
    return lines, heads


def _chart(agents: list[str], pairs: Pairs, flagged: set[tuple[str, str]]) -> dict[str, Any]:
    spot, width, height = _placed(agents)
    lines, heads = _arrows(pairs, flagged, spot)
    paint = _paint(LIGHT["line"])
    short = told_apart(agents)
    names = [{"x": x, "y": y, "name": short[a], "right": x >= width / 2} for a, (x, y) in spot.items()]
    place = {"x": at("x"), "y": at("y")}
    stroke = {"stroke": paint, "strokeWidth": at("w", scale=None, legend=None), "detail": {"field": "k"}}
    shape = {"angle": at("angle", scale=None), "size": at("size", scale=None, legend=None)}
    head = {"filled": True, "opacity": 1, "strokeWidth": 0}
    layers = [
        mark("line", lines, {**place, **stroke, "order": at("n")}, interpolate="monotone", clip=False),
        mark("point", heads, {**place, **shape, "fill": _paint(LIGHT["muted"])}, shape=ARROW, **head),
        mark("circle", names, place, size=90, color=LIGHT["ink"], opacity=1),
    ]
    halo = {"stroke": LIGHT["paper"], "strokeWidth": 4, "strokeJoin": "round"}
    for right in (True, False):
        some = [one for one in names if one["right"] == right]
        side = {"dx": 9 if right else -9, "align": "left" if right else "right", "limit": LABEL}
        where = {**place, "text": {"field": "name"}}
        if some:
            layers += [mark("text", some, where, **side, **halo), mark("text", some, where, **side)]
    x = at("x", scale={"domain": [0, width], "nice": False}, axis=None)
    y = at("y", scale={"domain": [0, height], "nice": False}, axis=None)
    return {"width": width, "height": height, "layer": layers, "encoding": {"x": x, "y": y}}


def _paint(plain: str) -> dict[str, Any]:
    scale = {"domain": ["messages", "alarm"], "range": [plain, LIGHT["orange"]]}
    return {"field": "c", "type": "nominal", "scale": scale, "legend": None}


def _bent(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """A slightly bowed path, so that both ways between two agents can be told apart."""
    along = end - start
    aside = np.array([along[1], -along[0]]) * 0.1
    share = np.linspace(0, 1, 13)[:, None]
    return start + along * share + aside * 4 * share * (1 - share)
