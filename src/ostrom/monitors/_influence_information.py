"""What messages tell of something that their speaker knew or did, given what was public: with the same surrogates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from ..core.log import Column
from ._earlier import mattering, recalled
from ._exchanges import Exchange
from ._influence import affordable
from ._influence_beat import beat
from ._influence_codes import coded, filled, repeats
from ._influence_context import held_fixed, latest, observed, of_agent
from ._influence_swaps import Streams, runs_of
from ._influence_weighed import Weighed, compared
from ._influence_words import question

OWN = "its own next move"


@dataclass(frozen=True)
class Told:
    """What messages tell of one thing: its name, the answer, and what was held fixed."""

    name: str
    answer: Weighed
    fixed: tuple[str, ...] = ()


def told(
    exchange: Exchange, kept: np.ndarray, secret: tuple[str, Column], public: dict[str, Column],
    random: np.random.Generator, rounds: int, before: Mapping[str, Column] = MappingProxyType({}),
) -> Told:  # fmt: skip
    """What some messages of an exchange tell of a column with a row for each of them, beyond what is held fixed.

    Of what was shown `before` that is what goes with the column.
    """
    log, places, said = exchange.log, exchange.places[kept], exchange.said.take(kept)
    s = coded(secret[1]).codes
    m = coded(said).codes if repeats(said) else None
    earlier = mattering(s, before, held_fixed(public, None, s)[0]) if before else ()
    public = public | {name: before[name] for name in earlier} | beat(log.t[places], log.episode[places], m, s)
    context, fixed, _ = held_fixed(public, m, s)
    streams = Streams(runs_of(log.episode[places]), context)
    answer = compared(question(said, s, context), streams, random, affordable(rounds, len(kept)))
    return Told(secret[0], answer, fixed)


def all_told(
    exchange: Exchange, kept: np.ndarray, listener: str | None, seed: Sequence[int], rounds: int,
    declared: Sequence[str] = (),
) -> list[Told]:  # fmt: skip
    """What some messages tell of everything that their speaker was shown, and of its next move.

    What a listener is shown just the same, then or later, is as good as public unless it is `declared` to be private.
    """
    log = exchange.log
    names = observed(log, declared=declared)
    own = {name for name in names if name in declared or name.removeprefix("observation.") in declared}
    shown = [name for name in names if (log[name].present & of_agent(log, exchange.speaker)).any()]
    also = {name for name in shown if listener and both_shown(exchange, kept, name, listener)} - own
    open_ = {name for name in shown if name in exchange.public} | also
    asked = [(name, known(exchange, kept, name)) for name in shown if name not in open_]
    asked += own_moves(exchange, kept)
    asked = [(name, column) for name, column in asked if len(column.values) > 1]
    places = exchange.places[kept]
    public = {name: filled(log[name], latest(log, log[name].present, places)) for name in sorted(open_)}
    before = recalled(log, sorted(open_), places) if asked else {}
    return [
        told(exchange, kept, one, public, np.random.default_rng([*seed, k]), rounds * len(asked), before)
        for k, one in enumerate(asked)
    ]


def known(exchange: Exchange, kept: np.ndarray, name: str) -> Column:
    """What the speaker was shown in a field when it spoke, or last before in the episode."""
    log, places = exchange.log, exchange.places[kept]
    rows = latest(log, log[name].present & of_agent(log, exchange.speaker), places)
    return filled(log[name], rows)


def both_shown(exchange: Exchange, kept: np.ndarray, name: str, listener: str) -> bool:
    """Whether a listener is shown what the speaker was: the same in the same episode, whenever it is shown anything."""
    log, places = exchange.log, exchange.places[kept]
    theirs = np.flatnonzero(log[name].present & of_agent(log, listener))
    if not len(theirs):
        return False
    after = np.append(theirs, -1)[np.searchsorted(theirs, places)]
    same = (after >= 0) & (log.episode[after] == log.episode[places])
    mine = latest(log, log[name].present & of_agent(log, exchange.speaker), places)
    same &= mine >= 0
    return bool(same.any() and (log[name].codes[after[same]] == log[name].codes[mine[same]]).mean() > 0.9)


def own_moves(exchange: Exchange, kept: np.ndarray) -> list[tuple[str, Column]]:
    """What the speaker did next, if it did anything after most of its messages."""
    log, places = exchange.log, exchange.places[kept]
    acts = log.get("action").present & of_agent(log, exchange.speaker)
    acts &= log.get("channel").codes != log.get("channel").code(exchange.channel)
    rows = soonest(exchange, acts, places)
    if 2 * (rows >= 0).sum() <= len(places):
        return []
    return [(OWN, filled(log["action"], rows))]


def soonest(exchange: Exchange, wanted: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The first wanted row after each message in its episode, -1 if there is none before the next message."""
    log, rows = exchange.log, np.flatnonzero(wanted)
    after = np.searchsorted(rows, places, side="right")
    found = np.append(rows, -1)[after]
    again = np.append(exchange.places, len(log))[np.searchsorted(exchange.places, places, side="right")]
    return np.where((found >= 0) & (found < again) & (log.episode[found] == log.episode[places]), found, -1)
