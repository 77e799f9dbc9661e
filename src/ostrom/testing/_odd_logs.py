"""Logs that nobody expects: what a monitor has to read, or to leave unread, without falling over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..core.event import Event
from ..core.log import Log

HOSTILE = (
    "",
    " ",
    "\x00\x1b[31mred",
    "\u202egnp.exe",
    "a\u200b\u200c\u200db",
    "𝕱𝖎𝖓𝖊",
    "'; DROP TABLE agents; --",
    "<script>alert(1)</script>",
    "%s %d {0} {name}",
    "x" * 5000,
    "(" * 2000,
    "1e309 -inf NaN 0.1",
)

KINDS = (None, True, 1, 1.0, "1", [1], {"a": 1})


def odd_logs() -> Iterator[tuple[str, Log]]:
    """Each with what is odd about it."""
    yield "one row", Log.of([Event(0, 0, "ann", "message", message="hello")])
    yield "nobody acts", Log.of([Event(0, t, "", "rolled", facts={"die": t % 3}) for t in range(40)])
    yield (
        "one agent, always the same",
        Log.of([Event(0, t, "ann", "message", message="fine", observation={"cost": 1}, payoff=0.0) for t in range(60)]),
    )
    yield "every value new", Log.of(_talk(lambda k: f"message {k}", lambda k: {"cost": k}, lambda k: f"move {k}"))
    yield "hostile text", Log.of(_talk(lambda k: HOSTILE[k % len(HOSTILE)], lambda k: {"cost": k % 2}, lambda k: "C"))
    yield (
        "huge and tiny numbers",
        Log.of(
            _talk(lambda k: str(10**k), lambda k: {"cost": (-1) ** k * 10.0 ** (k % 300)}, lambda k: 1e300 * (k % 2))
        ),
    )
    yield (
        "values of every type",
        Log.of(
            _talk(
                lambda k: "hm",
                lambda k: {"cost": (None, True, 1, 1.0, "1", [1], {"a": 1})[k % 7]},
                lambda k: (1, "1")[k % 2],
            )
        ),
    )
    yield "gaps", Log.of([event for k, event in enumerate(_talk(str, lambda k: {}, lambda k: "C")) if k % 3])
    yield (
        "many agents, each heard once",
        Log.of(
            [Event(0, 0, f"agent {k}", "message", message="hello", observation={"cost": k % 2}) for k in range(300)]
        ),
    )
    yield "time that runs back", Log.of([Event(5 - t // 20, -t, "ann", "act", action="C") for t in range(100)])


def _talk(say: Callable[[int], str], know: Callable[[int], Any], do: Callable[[int], Any]) -> Iterator[Event]:
    """Ann says something to Bob, who moves and is paid, eighty times."""
    for k in range(80):
        yield Event(k // 4, 2 * (k % 4), "ann", "message", ("bob",), know(k), message=say(k))
        yield Event(
            k // 4, 2 * (k % 4) + 1, "bob", "act", observation={"round": k % 4}, action=do(k), payoff=float(k % 2)
        )
