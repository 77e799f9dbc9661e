"""Fictitious play of two on a table, run by run: a best reply is repeated until another move has caught up.

While both repeat themselves, what moves have been worth in total grows in straight lines, so it is known when the next
change comes. Runs grow longer as play goes on, and rounds cost nothing by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Mixture
from ._mixtures import checked
from ._play import Play, expected, refuse_none, worth_table

Answers = Callable[[Array, int, Array], Array]
"""Totals `[S, A]` of what moves have been worth, whose player, rounds so far `[S, 1]`: the mixture that answers."""


def by_runs(
    game: NormalForm,
    start: Mixture,
    rounds: int,
    answer: Answers,
    slack: Callable[[Array, int, int], Array],
    worth: Any,
) -> Play:
    """The record of fictitious play; `slack` bounds what counts as a tie by the end, from totals, player and rounds."""
    refuse_none(rounds, "fictitious play")
    start = checked(game, start)
    batch = start[0].shape[:-1]
    own = [game.payoffs[..., 0], game.payoffs[..., 1].T]
    table = None if worth is None else worth_table(game, worth)
    last = [x.reshape(-1, x.shape[-1]).astype(float) for x in start]
    count = len(last[0])
    played, total = [np.zeros(x.shape) for x in last], [np.zeros(x.shape) for x in last]
    earned, valued, time = np.zeros((count, 2)), np.zeros(count), np.zeros((count, 1))
    live, reply, length = np.arange(count), last, np.ones((count, 1))
    while len(live):
        for i in (0, 1):
            gained = reply[1 - i] @ own[i].T
            earned[live, i] += length[:, 0] * (reply[i] * gained).sum(-1)
            played[i][live] += length * reply[i]
            total[i][live] += length * gained
            last[i][live] = reply[i]
        if table is not None:
            valued[live] += length[:, 0] * expected(table, tuple(reply))
        time[live] += length
        live = live[time[live, 0] < rounds]
        reply = [answer(total[i][live], i, time[live]) for i in (0, 1)]
        length = np.minimum(rounds - time[live], 1 + _repeats(own, [x[live] for x in total], reply, slack, rounds))
    regrets = np.stack([x.max(-1) for x in total], axis=-1) - earned
    return Play(
        last=tuple(x.reshape(*batch, -1) for x in last),
        average=tuple((x / rounds).reshape(*batch, -1) for x in played),
        payoffs=(earned / rounds).reshape(*batch, 2),
        regrets=(regrets / rounds).reshape(*batch, 2),
        rounds=rounds,
        method="fictitious play",
        worth=None if table is None else (valued / rounds).reshape(batch),
    )


def _repeats(
    own: list[Array], total: list[Array], reply: list[Array], slack: Callable[[Array, int, int], Array], rounds: int
) -> Array:
    """How many more rounds both replies surely stay the only best ones, `[S, 1]`; none where one of them mixes."""
    least = np.full((len(reply[0]), 1), np.inf)
    for i in (0, 1):
        move = reply[i].argmax(-1)[:, None]
        gained = reply[1 - i] @ own[i].T
        behind = np.take_along_axis(total[i], move, 1) - total[i] - 2 * slack(total[i], i, rounds)
        nearing = gained - np.take_along_axis(gained, move, 1)
        # A move that does not come nearer never catches up, unless it is within what will count as a tie.
        with np.errstate(divide="ignore", invalid="ignore"):
            left = np.where(behind <= 0, 0.0, np.where(nearing > 0, np.ceil(behind / nearing) - 1, np.inf))
        np.put_along_axis(left, move, np.inf, 1)
        pure = reply[i].max(-1, keepdims=True) == 1
        least = np.minimum(least, np.where(pure, np.maximum(left.min(-1, keepdims=True), 0.0), 0.0))
    return least
