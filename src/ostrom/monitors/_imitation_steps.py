"""Moves of pairs of agents, step by step: what one did, and what the other does next."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from ..core.log import MISSING, Column, Log
from ._case import NothingToRead
from ._exchanges import combined, fields
from ._imitation_held import beyond, earlier, late

KINDS, PARTS = 8, 4
"""Kinds of moves that are told apart at most, and groups that numbers are put in."""

MOST = 30
"""Agents that are looked at: those with most moves."""

LONG = 2_000
"""Moves of a pair that are looked at: the last."""

ROOM = 8
"""Moves that there have to be for every combination of what is held constant, for a longer memory to be held too."""


@dataclass(frozen=True, eq=False)
class Moves:
    """The moves of a log on one channel, as a table of steps by agents.

    Attributes
    ----------
    agents : N names. episode : `int64[T]`; steps are the distinct (episode, t), in order.
    kind : `int64[T, N]`, what each did, from 0; -1 where it did nothing, or something rare.
    pay : `float[T, N]`, what it got; NaN where nothing is said. row : `int64[T, N]`, of the move within the log; -1.
    public : `int64[T, C]`, codes of what all were shown at a step. names : of these columns.
    records : `bool[C, N]`, whether a column says what the agent did the step before: it carries the moves, then, and
        is not held constant when asking who follows that agent.
    left : columns with too many values to be held constant.
    groups : how many groups moves that are numbers of many values were put in; 0 where moves are kinds as they are.
    beyond : whether it is what public numbers do not explain of them that was put in groups.
    lags : what `late` found, to be found once.
    """

    agents: tuple[str, ...]
    episode: np.ndarray
    kind: np.ndarray
    pay: np.ndarray
    row: np.ndarray
    public: np.ndarray
    names: tuple[str, ...]
    records: np.ndarray
    left: tuple[str, ...]
    groups: int = 0
    beyond: bool = False
    lags: dict[Any, tuple[int, int] | None] = field(default_factory=dict)

    @cached_property
    def last(self) -> np.ndarray:
        """`int64[T, N]`: the step of each agent's last move before this step in the same episode, -1 if none."""
        steps = np.arange(len(self.episode))
        filled = np.maximum.accumulate(np.where(self.row >= 0, steps[:, None], -1), axis=0)
        before = np.vstack([np.full((1, self.row.shape[1]), -1), filled[:-1]])
        return np.where((before >= 0) & (self.episode[before] == self.episode[:, None]), before, -1)

    @cached_property
    def done(self) -> np.ndarray:
        """`int64[T, N]`: what each last did before this step in the same episode, -1 where nothing."""
        here = np.arange(len(self.agents))
        return np.where(self.last >= 0, self.kind[self.last, here], -1)

    @cached_property
    def votes(self) -> np.ndarray:
        """`int64[T, K]`: how many last did each kind."""
        return np.stack([(self.done == kind).sum(1) for kind in range(int(self.kind.max(initial=0)) + 1)], 1)

    def crowd(self, at: np.ndarray, without: tuple[int, ...]) -> np.ndarray:
        """What most of the others last did before some steps, the lowest kind of several; -1 where nobody did."""
        votes = self.votes[at].copy()
        for agent in without:
            did = self.done[at, agent]
            votes[np.flatnonzero(did >= 0), did[did >= 0]] -= 1
        return np.where(votes.any(1), votes.argmax(1), -1)


def moves(log: Log, channel: str | None, public: tuple[str, ...] | None, least: int) -> Moves:
    """The moves on one channel (default the one with most), one for a step and agent.

    Raises `NothingToRead` where fewer than two agents have `least` moves.
    """
    rows = _rows(log, channel, least)
    agents = log.get("agent").codes[rows]
    named, who = np.unique(agents, return_inverse=True)
    names = tuple(log.get("agent").values[k] for k in named)
    step, where = np.unique(np.stack([log.episode[rows], log.t[rows]]), axis=1, return_inverse=True)
    where, who = where.reshape(-1), who.reshape(-1)
    shape = step.shape[1], len(names)
    kind, row, pay = np.full(shape, -1), np.full(shape, -1), np.full(shape, np.nan)
    row[where, who] = rows
    pay[where, who] = log.get("payoff").numbers[rows]
    shown = fields(log)[1] if public is None else fields(log, public=public)[1] if public else ()
    codes, kept, left = _context(log, rows, where, shape[0], shown)
    acts = log["action"].take(rows)
    rest = beyond(acts, [log[name].take(rows) for name in shown], who)
    kind[where, who], groups = _kinds(rest)
    return Moves(names, step[0], kind, pay, row, codes, kept, _records(log, kept, row), left, groups, rest is not acts)


def _rows(log: Log, channel: str | None, least: int) -> np.ndarray:
    """The rows of moves, of at most `MOST` agents."""
    acts, agents, channels = log.get("action"), log.get("agent"), log.get("channel")
    some = acts.present & np.array([*(bool(name) for name in agents.values), False])[agents.codes]
    if channel is None and (some & channels.present).any():
        channel = channels.values[int(np.bincount(channels.codes[some & channels.present]).argmax())]
    rows = np.flatnonzero(some & (channels.codes == channels.code(channel)))
    count = np.bincount(agents.codes[rows], minlength=len(agents.values))
    active = np.argsort(-count, kind="stable")[:MOST]
    active = active[count[active] >= least]
    if len(active) < 2:
        raise NothingToRead(f"Fewer than two agents make {least} moves on a channel: nobody could follow anybody.")
    return rows[np.isin(agents.codes[rows], active)]


def _kinds(moves: Column | np.ndarray) -> tuple[np.ndarray, int]:
    """What was done: labels, the most frequent `KINDS`; many different numbers in groups, and how many groups."""
    numbers = moves if isinstance(moves, np.ndarray) else moves.numbers
    if isinstance(moves, np.ndarray) or (len(moves.values) > KINDS and np.isfinite(numbers).all()):
        made = _groups(numbers)
        return made, len(np.unique(made))
    count = np.bincount(moves.codes, minlength=len(moves.values))
    common = np.argsort(-count, kind="stable")[:KINDS]
    table = np.full(len(moves.values), -1)
    table[common] = np.arange(len(common))
    return table[moves.codes], 0


def _groups(numbers: np.ndarray) -> np.ndarray:
    edges = np.unique(np.quantile(numbers, np.arange(1, PARTS) / PARTS))
    return np.searchsorted(edges, numbers, side="right")


def _context(log: Log, rows: np.ndarray, where: np.ndarray, steps: int, names: tuple[str, ...]):
    """Codes `int64[T, C]` of what all are shown; numbers with many values in groups; other such columns are left."""
    codes, kept, left = [], [], []
    for name in names:
        column = log[name].take(rows)
        values = column.codes.astype(np.int64)
        if len(column.values) > max(KINDS, len(rows) // 100):
            numbers = column.numbers[column.present]
            if not np.isfinite(numbers).all():
                left.append(name)
                continue
            values[column.present] = _groups(numbers)
        at = np.full(steps, MISSING)
        at[where] = values
        codes.append(at)
        kept.append(name)
    table = np.stack(codes, 1) if codes else np.zeros((steps, 0), np.int64)
    return table, tuple(kept), tuple(left)


def _records(log: Log, names: tuple[str, ...], row: np.ndarray) -> np.ndarray:
    """Which columns hold what an agent did the step before, in (nearly) every step."""
    acts = log["action"]
    said = {repr(value): code for code, value in enumerate(acts.values)}
    found = np.zeros((len(names), row.shape[1]), bool)
    now = row.max(1)
    for number, name in enumerate(names):
        column = log[name]
        if len(column.values) * len(acts.values) > 1e7:
            continue
        holds = np.zeros((len(column.values) + 1, len(acts.values)), bool)
        for code, value in enumerate(column.values):
            holds[code, [said[one] for one in map(repr, _parts(value)) if one in said]] = True
        for agent in range(row.shape[1]):
            pairs = (row[:-1, agent] >= 0) & column.present[now[1:]]
            told = holds[column.codes[now[1:][pairs]], acts.codes[row[:-1, agent][pairs]]]
            found[number, agent] = len(told) > 0 and told.mean() > 0.9
    return found


def _parts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, list | tuple) else [value]


@dataclass(frozen=True, eq=False)
class Pair:
    """What one agent did next, `then int64[n]`, what the other had done, `did int64[n]`, and what is held constant.

    `strata int64[n]` numbers every combination of that; `window int64[n]` the parts of the log, in order; `episode`;
    `at int64[n]` are the steps, `from_ int64[n]` those of the other's moves.
    """

    then: np.ndarray
    did: np.ndarray
    strata: np.ndarray
    window: np.ndarray
    episode: np.ndarray
    at: np.ndarray
    from_: np.ndarray
    memory: int


def pair(table: Moves, model: int, learner: int, width: int) -> Pair:
    """Every move of the learner that the model moved before, since the learner's own last one."""
    at = np.flatnonzero(table.kind[:, learner] >= 0)
    model_step, own_step = table.last[at, model], table.last[at, learner]
    fresh = (model_step >= 0) & (model_step >= own_step) & (table.kind[model_step, model] >= 0)
    at, model_step = at[fresh][-LONG:], model_step[fresh][-LONG:]
    window = windows(table.episode[at], width)
    held = [window, table.crowd(at, (model, learner))]
    shown = np.flatnonzero(~table.records[:, model])
    held += [table.public[step, c] for c in shown for step in (at, model_step)]
    for step, agent in ((at, learner), (model_step, model)):
        lag = late(table, shown, agent)
        held += [earlier(table, *lag, step)] if lag else []
    memory, strata = _own_past(table, learner, at, held)
    return Pair(table.kind[at, learner], table.kind[model_step, model], strata, window, table.episode[at], at,
                model_step, memory)  # fmt: skip


def _own_past(table: Moves, learner: int, at: np.ndarray, held: list[np.ndarray]) -> tuple[int, np.ndarray]:
    """Strata with as long a memory of its own moves, two or one, as there is room for."""
    step = table.last[at, learner]
    first = np.where(step >= 0, table.kind[step, learner], -1)
    again = np.where(step >= 0, table.last[step, learner], -1)
    second = np.where(again >= 0, table.kind[again, learner], -1)
    longer = combined([*held, first, second], len(at))
    if len(at) >= ROOM * (int(longer.max(initial=-1)) + 1):
        return 2, longer
    return 1, combined([*held, first], len(at))


def windows(episode: np.ndarray, width: int) -> np.ndarray:
    """Parts of about `width` moves, one to twelve, in order; whole episodes where there are enough of them."""
    parts = int(np.clip(len(episode) // width, 1, 12))
    _, number = np.unique(episode, return_inverse=True)
    count = int(number.max(initial=0)) + 1
    if count >= 8 * parts:
        return number.reshape(-1) * parts // count
    return np.arange(len(episode)) * parts // max(len(episode), 1)
