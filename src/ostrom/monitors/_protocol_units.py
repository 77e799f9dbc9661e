"""Messages as independent observations: one for every time that what is private was drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from ._exchanges import Exchange

STAYS = 4.0
"""Standard errors by which a private value has to stay the same too often to count as kept, not drawn anew."""

LISTENERS = 8
"""Listeners whose replies are kept; others are not looked at."""

TEXT = 4096
"""Signs of a message that are kept."""


@dataclass(frozen=True)
class Said:
    """One message: its row in the source, when it was said, what the speaker knew and all saw, and what was replied."""

    row: int
    episode: int
    t: int
    text: str
    secret: Any
    odds: tuple[tuple[str, ...], np.ndarray] | None
    public: tuple[Any, ...]
    replies: dict[str, Any]
    earlier: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Unit:
    """Messages under one draw of what is private: the texts that are looked at, with the pause before them last."""

    row: int
    texts: tuple[str, ...]
    secret: Any
    odds: tuple[tuple[str, ...], np.ndarray] | None
    public: tuple[Any, ...]
    before: str
    replies: dict[str, Any] = field(default_factory=dict)
    earlier: tuple[Any, ...] = ()


@dataclass(frozen=True)
class History:
    """What was bet on, in the order of the bets.

    Attributes
    ----------
    number, row : of each unit, in the order of the log from 0, and in the source.
    after : how many units had been heard when it was bet on.
    values, strata, cells, odds : `int[N]`, `int[N]`, `int[N, V]`, `float[N, K]`.
    texts, replies : what was said, and the moves that followed by listener.
    """

    number: np.ndarray
    row: np.ndarray
    after: np.ndarray
    values: np.ndarray
    strata: np.ndarray
    cells: np.ndarray
    odds: np.ndarray
    texts: tuple[tuple[str, ...], ...]
    replies: tuple[dict[str, Any], ...]

    def __len__(self) -> int:
        return len(self.number)


def spoken(exchange: Exchange, secret: str, past: Sequence[tuple[Any, ...]] = ()) -> Iterator[Said]:
    """The messages of an exchange at which the speaker knew something in a private field.

    past : of each row of the log, what all were shown before it.
    """
    log, said, known = exchange.log, exchange.said, exchange.secret(secret)
    declared = exchange.odds(secret)
    labels = () if declared is None else tuple(map(word, declared[0]))
    public = [log[name].take(exchange.places) for name in exchange.public]
    answers = {name: exchange.reply(name) for name in exchange.listeners[:LISTENERS]}
    moves = log.get("action")
    for k in np.flatnonzero(known.present & said.present).tolist():
        place = exchange.places[k]
        replies = {name: moves[int(rows[k])] for name, rows in answers.items() if rows[k] >= 0}
        odds = None if declared is None else (labels, declared[1][k])
        seen = tuple(column[k] for column in public)
        text = word(said[k])[:TEXT]
        when = int(log.row[place]), int(log.episode[place]), int(log.t[place])
        yield Said(*when, text, known[k], odds, seen, replies, past[int(place)] if past else ())


def word(value: Any) -> str:
    """A value as text; a whole number of thousands of digits by its size alone."""
    try:
        return str(value)
    except ValueError:
        return "a number beyond reading"


def drawn_once(said: Sequence[Said]) -> bool:
    """Whether what is private never changes within an episode, though some have several messages."""
    known: dict[int, str] = {}
    same = all(known.setdefault(one.episode, word(one.secret)) == word(one.secret) for one in said)
    return same and len(known) < len(said)


def stays(units: Sequence[Unit]) -> bool:
    """Whether a private value is more often that of the message before in the episode than a fresh draw would be."""
    values = [word(unit.secret) for unit in units]
    share = {value: count / len(values) for value, count in Counter(values).items()}
    pairs = [(unit, value) for unit, value in zip(units, values, strict=True) if unit.before]
    due = [share.get(u.before, 0.0) if u.odds is None else _chance(u.odds, u.before) for u, _ in pairs]
    return _too_often(sum(unit.before == value for unit, value in pairs), np.array(due))


def streaks(values: Sequence[int], contexts: Sequence[Any]) -> bool:
    """Whether private values that follow one another in the same context are the same too often for any order."""
    stayed, due = 0, []
    by: dict[Any, list[int]] = {}
    for value, context in zip(values, contexts, strict=True):
        by.setdefault(context, []).append(value)
    for inside in by.values():
        count = np.bincount(inside)
        stayed += sum(one == other for one, other in pairwise(inside))
        chance = float((count * (count - 1)).sum() / max(1, len(inside) * (len(inside) - 1)))
        due += [chance] * (len(inside) - 1)
    return _too_often(stayed, np.array(due))


def _too_often(times: int, chance: np.ndarray) -> bool:
    return bool(times - chance.sum() > STAYS * np.sqrt((chance * (1 - chance)).sum() + 1))


def _chance(odds: tuple[tuple[str, ...], np.ndarray], value: str) -> float:
    labels, row = odds
    return float(row[labels.index(value)]) if value in labels else 0.0


class Units:
    """Gathers messages into units: each of its own, or all of an episode where what is private is drawn once there."""

    def __init__(self, once: bool) -> None:
        self.once = once
        self._open: list[Said] = []

    def take(self, said: Sequence[Said]) -> Iterator[Unit]:
        """The units that are complete."""
        for one in said:
            same = bool(self._open) and self._open[-1].episode == one.episode
            if self.once:
                if self._open and not same:
                    yield self._closed()
                self._open.append(one)
                continue
            before = self._open[-1] if same else None
            self._open = [one]
            pause = "" if before is None else str(min(one.t - before.t, 8))
            known = "" if before is None else word(before.secret)
            yield Unit(one.row, (one.text, pause), one.secret, one.odds, one.public, known, one.replies, one.earlier)

    def rest(self) -> Iterator[Unit]:
        """What is not complete yet, as if it were."""
        if self.once and self._open:
            yield self._closed()

    def _closed(self) -> Unit:
        first, last = self._open[0], self._open[-1]
        texts = (first.text, last.text, str(min(len(self._open), 8)))
        replies = {name: value for one in reversed(self._open) for name, value in one.replies.items()}
        self._open = []
        return Unit(last.row, texts, first.secret, first.odds, first.public, "", replies)
