"""What was said, what the listener then did, and what both had seen: the rows that influence is read from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.log import Column, Log
from ._case import NothingToRead
from ._earlier import mattering, recalled
from ._exchanges import Exchange, exchanges
from ._influence_beat import beat
from ._influence_codes import coded, filled, repeats
from ._influence_context import SECOND, circumstances, held_fixed, latest, needless, observed, of_agent, passed_over
from ._influence_questions import Whole
from ._influence_swaps import Streams, runs_of
from ._influence_weighed import Weighed, compared
from ._influence_words import Words, question

LEAST = 20
"""Messages with an answer below which a pair is not looked at."""

MANY, WORK = 8_000, 8e7
"""Messages of a pair that are tested at most, and messages times surrogates."""


@dataclass(frozen=True, eq=False)
class Heard:
    """The messages of a speaker that a listener could hear and then moved.

    Attributes
    ----------
    exchange, listener : where they are, and who moved.
    said, done : the message and the move of each, columns of N rows.
    places, moves : rows of both within the log, `int64[N]`.
    context : a number for what is held fixed, `int64[N]`.
    fixed, loose : names of what is held fixed, and of what was recorded but hardly repeats.
    run : the episode, or the stretch of one, `int64[N]`.
    """

    exchange: Exchange
    listener: str
    said: Column
    done: Column
    places: np.ndarray
    moves: np.ndarray
    context: np.ndarray
    fixed: tuple[str, ...]
    loose: tuple[str, ...]
    run: np.ndarray = field(repr=False)

    def __len__(self) -> int:
        return len(self.places)


def checked(level: float, rounds: int) -> None:
    """Raises `InputError` for a level that is none, or too few surrogates."""
    if not 0 < level < 1 or not 99 <= rounds <= 10_000_000:
        raise InputError(
            f"level is {level}, and rounds are {rounds}.",
            "A level is a probability, and it takes 99 surrogates at least to tell anything.",
            "Leave them out, or give a level like 0.0005 and rounds like 9999.",
        )


def ordered(log: Log) -> Log:
    """The log with the rows of each episode together, in order of time."""
    if (np.diff(log.episode) >= 0).all():
        return log
    return log.take(np.argsort(log.episode, kind="stable"))


def pairs(
    log: Log, public: Sequence[str], heard: Sequence[str], *, private: Sequence[str] = (), least: int = LEAST
) -> Iterator[Heard]:
    """Every speaker with every listener that moves after it speaks; at least `least` times."""
    found = False
    for exchange in exchanges(ordered(log), private, public, least=least):
        for listener in exchange.listeners:
            moves = np.where(exchange.heard(listener), exchange.reply(listener), -1)
            kept = spread(np.flatnonzero(moves >= 0))
            if len(kept) >= least:
                found = True
                yield _heard(exchange, listener, kept, moves[kept], heard)
    if not found:
        raise NothingToRead(
            f"No agent moves {least} times after another spoke to it. Moves stand in rows as “action”: “buy”."
        )


def spread(rows: np.ndarray) -> np.ndarray:
    """All of them; of very many every second hundred, every third, and so on."""
    return rows[np.arange(len(rows)) // 100 % max(1, -(-len(rows) // MANY)) == 0]


def _heard(exchange: Exchange, listener: str, kept: np.ndarray, moves: np.ndarray, heard: Sequence[str]) -> Heard:
    log, places = exchange.log, exchange.places[kept]
    said, done = exchange.said.take(kept), log["action"].take(moves)
    columns = dict(circumstances(exchange, listener, places, moves, said, heard))
    m, a = coded(said).codes if repeats(said) else None, coded(done).codes
    if needless(columns, listener, a):
        del columns[SECOND.format(listener)]
    before = recalled(log, exchange.public, places)
    columns |= {name: before[name] for name in mattering(a, before, held_fixed(columns, None, a)[0])} if before else {}
    columns |= beat(log.t[places], log.episode[places], m, a)
    context, fixed, loose = held_fixed(columns, m, a)
    run = runs_of(log.episode[places])
    return Heard(exchange, listener, said, done, places, moves, context, fixed, loose, run)


def sights(pair: Heard) -> Iterator[dict[str, Any]]:
    """What the listener was shown last when it moved, by field, for every message."""
    log, shown = pair.exchange.log, of_agent(pair.exchange.log, pair.listener)
    seen = {
        name.removeprefix("observation."): filled(log[name], latest(log, log[name].present & shown, pair.moves))
        for name in observed(log, None)
    }
    for k in range(len(pair)):
        yield {name: column[k] for name, column in seen.items() if column[k] is not None}


def assumed(pair: Heard) -> str:
    """What the reading of a log rests on."""
    fixed = ", ".join(pair.fixed) or "nothing that was recorded"
    loose = f"; not fixed, as it hardly repeats: {', '.join(pair.loose)}" if pair.loose else ""
    over = passed_over(pair.exchange.log)
    loose += f"; {over} fields of many values were not looked at" if over else ""
    return f"Given {fixed}, nothing else moves both the message and the move; runs are independent{loose}."


def influence(pair: Heard, random: np.random.Generator, rounds: int) -> tuple[Weighed, Whole | Words]:
    """The information between messages and moves given the context, tested with surrogates; and the question."""
    asked = question(pair.said, coded(pair.done).codes, pair.context)
    streams = Streams(pair.run, pair.context)
    return compared(asked, streams, random, affordable(rounds, len(pair))), asked


def affordable(rounds: int, count: int) -> int:
    """Surrogates that do not take too long."""
    return max(199, min(rounds, int(WORK / max(1, count))))
