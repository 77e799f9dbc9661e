"""Ways to one Nash equilibrium of any finite game, each an iterator of mixtures that are hoped to be one."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

import numpy as np

from ..core.forms.normal_form import NormalForm
from ..core.forms.symmetric import Symmetric
from ..core.game import Array, Game, Mixture
from ._branch import LogitMap
from ._limit import Limit
from ._path import walk
from ._responses import Layout, Responses

ROUNDING = 1e-12
"""A gain below this share of a player's largest payoff is rounding, not a gain."""
STARTS = 4
"""Joint moves from which everybody answers in turn until play repeats itself."""
PLAYED = (1e-2, 1e-3, 1e-4, 1e-6, 1e-9)
"""Odds from which a move may be part of the support that Newton's method is tried on."""
NEAR = 1e-3
"""How far behind a move may be, in units of the game's spread of worth, for it perhaps to tie in the limit."""
ROUNDS, RANK = 25, 1e-9
"""Newton steps, and the share of the largest singular value below which one counts as zero."""
SPREAD = 2.0
"""Standard deviation of the log-odds from which further paths start."""


def pure(game: Game, deadline: float) -> Iterator[Mixture]:
    """A joint move from which nobody gains alone: of a table the first; else where answering in turn ends."""
    if isinstance(game, NormalForm):
        own = [game.payoffs[..., i] for i in range(len(game.players))]
        slack = [ROUNDING * float(np.abs(table).max()) for table in own]
        gains = [table.max(axis=i, keepdims=True) - table <= slack[i] for i, table in enumerate(own)]
        stable = np.flatnonzero(np.logical_and.reduce(gains))
        if len(stable):
            yield game.pure([int(move) for move in np.unravel_index(stable[0], game.sizes)])
        return
    for start in range(STARTS):
        profile, seen = [start * size // STARTS for size in game.sizes], set()
        while tuple(profile) not in seen and time.monotonic() < deadline:
            seen.add(tuple(profile))
            if not _answered_in_turn(game, profile):
                yield game.pure(profile)
                return


def _answered_in_turn(game: Game, profile: list[int]) -> bool:
    """Let every player who gains move to its best reply, one after another; whether anybody did."""
    moved, worths = False, game.deviation_payoffs(game.pure(profile))
    for player in range(len(profile)):
        worth = worths[player]
        if worth.max() > worth[profile[player]] + ROUNDING * np.abs(worth).max():
            profile[player], moved = int(worth.argmax()), True
            worths = game.deviation_payoffs(game.pure(profile))
    return moved


class Alike(LogitMap):
    """The logit response of players who are all alike and all do the same: one mixture stands for everybody's."""

    def __init__(self, game: Symmetric) -> None:
        self.layout = Layout(game.sizes[:1])
        self.respond = _of_all(game)
        self.unit = self._spread()
        self.caps = np.full(game.sizes[0], math.inf)


def _of_all(game: Symmetric) -> Responses:
    """Worth `[A]` when all play `x[A]`, and how it shifts when everybody's odds shift `[A, A]`."""
    count, size = len(game.players), game.sizes[0]

    def answer(x: Array) -> tuple[Array, Array]:
        one = np.vstack([np.eye(size), x])
        worth = game.deviation_payoffs((x, one, *[x] * (count - 2)))[0]
        return worth[-1], (count - 1) * worth[:-1].T

    return answer


def logit_paths(logit: LogitMap, deadline: float, seed: int) -> Iterator[Array]:
    """Ends of logit paths (Turocy 2005), odds `[n]`: from uniform play, then from random odds, for ever.

    From log-odds z₀ the path is that of z = z₀ + λ · worth(softmax z): blind chance replaced by any first guess. For
    almost all z₀ it leads from z₀ at λ = 0 to an equilibrium at λ = ∞ (as in Govindan and Wilson 2003, payoffs are
    bent until the first guess is right, and then straightened).
    """
    n, rng = len(logit.layout.owner), np.random.default_rng(seed)
    labels = logit.classes(logit.layout.softmax(np.zeros(n)))
    yield _end(logit, np.zeros(labels.max() + 1), np.eye(labels.max() + 1)[labels], deadline)
    while True:
        start = logit.layout.centre @ rng.normal(scale=SPREAD, size=n)
        yield _end(logit, start, np.eye(n), deadline)


def _end(logit: LogitMap, start: Array, lift: Array, deadline: float) -> Array:
    """The odds `[n]` at the end of the path from log-odds `start[m]`, one per class of moves."""
    system, limit, heading = logit.system(lift), Limit(logit, lift), np.eye(len(start) + 1)[-1]

    def bent(y: Array) -> tuple[Array, Array]:
        residual, jacobian = system(y)
        return residual - start, jacobian

    def over(y: Array) -> bool:
        return limit(y) or time.monotonic() > deadline

    walked, _ = walk(bent, np.append(start, 0.0), heading, math.inf, over)
    return logit.layout.softmax(lift @ walked[-1][:-1]) if limit.x is None else limit.x


def polished(logit: LogitMap, x: Array) -> Iterator[Mixture]:
    """`x[n]`, and what Newton's method makes of it on the supports, and with the ties, that it suggests."""
    layout, seen = logit.layout, set()
    yield layout.split(x)
    worth, _ = logit.worth(x)
    behind = np.maximum.reduceat(worth, layout.starts)[layout.owner] - worth
    for least in PLAYED:
        support = x > least
        for tied in (support, support | (behind < NEAR)):
            key = support.tobytes() + tied.tobytes()
            if key not in seen and np.logical_or.reduceat(support, layout.starts).all():
                seen.add(key)
                yield layout.split(_newton(logit, x, support, tied))


def _newton(logit: LogitMap, x: Array, support: Array, tied: Array) -> Array:
    """The odds near `x` on `support` at which all `tied` moves are worth the same, by Gauss and Newton's method.

    Where there are many, or one too many ties were asked for, the answer is one of least squares; its regret tells.
    """
    layout = logit.layout
    sums = (np.arange(len(layout.sizes))[:, None] == layout.owner).astype(float)
    played = np.add.reduceat(support, layout.starts, dtype=float)[layout.owner]
    level = np.where(tied[:, None], np.eye(len(x)) - layout.same * support / played, 0.0)
    outside = np.diag(1.0 - support)
    for _ in range(ROUNDS):
        worth, second = logit.worth(x)
        residual = np.concatenate([level @ worth, outside @ x, sums @ x - 1])
        move = np.linalg.lstsq(np.concatenate([level @ second, outside, sums]), -residual, rcond=RANK)[0]
        x = x + move
        if np.abs(move).max() < 1e-15 or not np.abs(x).max() < 1e3:
            break
    x = np.where(support & (x > 0), x, 0.0)
    total = np.add.reduceat(x, layout.starts)[layout.owner]
    return x / total if np.isfinite(x).all() and (total > 0).all() else support / played
