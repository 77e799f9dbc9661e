"""Tournaments: everybody plays everybody again and again, and what does well spreads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..core.errors import InputError, TooLarge
from ..core.game import Array, Game
from ._matches import draws, play_matches, refuse_misfits
from ._named import Strategy, all_found

MATCH_LIMIT = 5_000_000
"""Matches of one tournament; ten times as many counts of joint moves are held in memory."""
ROUND_LIMIT = 1_000_000_000
"""Rounds of all matches together."""
LONGEST = 100_000


@dataclass(frozen=True, eq=False)
class Tournament:
    """What came of a tournament of K strategies.

    Attributes
    ----------
    names : of the strategies.
    payoffs : `float[K, …, K, P]`, mean payoff per round by who sat where; as `NormalForm(payoffs, moves=names)`, the
        game of choosing a strategy.
    scores : `float[K]`, mean payoff per round over all seats and opponents.
    wins : `float[K]`, matches per repetition in which it got more than everybody else at the table.
    cooperation : `float[K, K]` of two players (rows act), else `float[K]`: how often the first move was made.
    rounds : how many were played in all.
    """

    names: tuple[str, ...]
    payoffs: Array = field(repr=False)
    scores: Array = field(repr=False)
    wins: Array = field(repr=False)
    cooperation: Array = field(repr=False)
    rounds: int

    @property
    def ranking(self) -> tuple[str, ...]:
        """Names from the best score to the worst; those who tie are in the order of entry."""
        return tuple(self.names[k] for k in np.argsort(-self.scores.round(12), kind="stable"))


def tournament(
    strategies: Sequence[str | Strategy],
    game: Game | None = None,
    *,
    turns: int = 200,
    ending: float | None = None,
    noise: float = 0.0,
    repetitions: int = 10,
    self_play: bool = True,
    seed: int = 0,
) -> Tournament:
    """Everybody plays everybody, all matches at once.

    Parameters
    ----------
    strategies : names of the table (`strategies()`), automata, or rules.
    game : the stage game; by default the prisoner's dilemma with 3, 0, 5, 1. Automata play any game whose seats are
        alike in moves, of any number of players; rules that count play games of two with two moves.
    turns : rounds of a match. ending : if given, each round is the last with these odds instead, and nobody knows when.
    noise : odds of a slip, 0 to 1. repetitions : matches per pair; where nothing is left to chance one is played.
    self_play : whether a strategy also meets itself. seed : of all chance; the same seed gives the same bytes.

    Raises
    ------
    UnknownName, InputError : names nobody knows, strategies that cannot take a seat, numbers out of range.
    TooLarge : more matches or rounds than fit.
    """
    game = _dilemma() if game is None else game
    entered = all_found(strategies)
    _refuse(len(entered), turns, ending, noise, repetitions, self_play)
    refuse_misfits(game, entered)
    tables = _tables(game, len(entered), self_play, repetitions)
    chance = np.array([draws(one) for one in entered]) | (noise > 0)
    times = np.where(chance[tables].any(-1) | (ending is not None), repetitions, 1)
    seats, random = np.repeat(tables, times, axis=0), np.random.default_rng(seed)
    rounds = np.full(len(seats), turns)
    if ending is not None:
        rounds = np.minimum(random.geometric(ending, len(seats)), LONGEST)
    if len(seats) * int(rounds.max()) > ROUND_LIMIT or len(seats) * game.size > 10 * MATCH_LIMIT:
        what = f"{len(seats):,} matches of {rounds.max():,} rounds with {game.size:,} joint moves."
        raise TooLarge(what, do="Play fewer or shorter matches.")
    counts = play_matches(game, entered, seats, rounds, noise, random, ending is None)
    return _summed(game, entered, tables, times, counts, rounds, repetitions)


def ecology(payoffs: Any, *, start: Any = None, generations: int = 100) -> Array:
    """Shares `float[G + 1, K]` of strategies that grow by what they earn (Axelrod 1984; Maynard Smith 1982).

    `x_k' = x_k (A x)_k / x·A x`, the replicator in discrete time.

    Parameters
    ----------
    payoffs : a `Tournament` of two players, or `A float[K, K]`, what the row gets from the column; not negative.
    start : shares at first, even by default.

    Raises `InputError` for negative payoffs (add a constant to the game's), and for a start that is none.
    """
    table = np.asarray(payoffs.payoffs[..., 0] if isinstance(payoffs, Tournament) else payoffs, float)
    count = len(table) if table.ndim else 0
    if not count or table.shape != (count, count) or not (table >= 0).all():
        raise InputError(
            f"An ecology of payoffs of shape {table.shape}, the least {table.min(initial=np.inf):g}.",
            "Offspring are in proportion to payoffs of all pairs, of two players, and never fewer than none.",
            "Play a tournament of two with self-play, in a game whose payoffs are not negative.",
        )
    share = np.full(count, 1 / count) if start is None else np.asarray(start, float)
    if share.shape != (count,) or not (share >= 0).all() or abs(share.sum() - 1) > 1e-6:
        raise InputError(f"{share.tolist()} are no shares of {count} strategies.", do="Give numbers that sum to 1.")
    path = [share]
    for _ in range(generations):
        grown = share * (table @ share)
        share = grown / grown.sum() if grown.sum() > 0 else share
        path.append(share)
    return np.array(path)


def _tables(game: Game, count: int, self_play: bool, repetitions: int) -> Array:
    """Who meets whom, `int[N, P]`: in a symmetric game of two each pair once, else every seating."""
    players = len(game.players)
    if count**players * repetitions > MATCH_LIMIT:
        raise TooLarge(f"{count} strategies at tables of {players}, {repetitions} times.", do="Enter fewer strategies.")
    tables = np.indices((count,) * players).reshape(players, -1).T
    if not self_play:
        tables = tables[(np.diff(np.sort(tables, 1), axis=1) != 0).all(1)]
    if not len(tables):
        raise InputError(
            f"{count} strategies at tables of {players}, none of which meets itself.",
            "No table can be filled.",
            "Enter more strategies, or allow self-play.",
        )
    return tables[tables[:, 0] <= tables[:, 1]] if _alike(game) else tables


def _summed(
    game: Game,
    entered: Sequence[Strategy],
    tables: Array,
    times: Array,
    counts: Array,
    rounds: Array,
    repetitions: int,
) -> Tournament:
    count, players = len(entered), len(game.players)
    profiles = game.profiles()
    earned, first = counts @ game.payoffs_at(profiles), counts @ (profiles == 0)
    begins = np.r_[0, np.cumsum(times)[:-1]]
    length = np.add.reduceat(rounds, begins)[:, None]
    pay, nice = (np.add.reduceat(each, begins) / length for each in (earned, first))
    ahead = earned > np.sort(earned, -1)[:, -2:-1]
    won = np.add.reduceat(ahead, begins) * (repetitions / times)[:, None] / repetitions
    alike = _alike(game)
    grids = []
    for values in (pay, nice):
        grid = np.full((count,) * players + (players,), np.nan)
        if alike:
            grid[tables[:, 1], tables[:, 0]] = values[:, ::-1]
        grid[tuple(tables.T)] = values
        if alike:  # both seats of a strategy that meets itself tell of the same
            both = np.arange(count)
            grid[both, both] = grid[both, both].mean(-1, keepdims=True)
        grids.append(grid)
    wins = np.zeros(count)
    np.add.at(wins, tables, won)
    scores, shares = (np.nanmean([_by_own(grid, seat) for seat in range(players)], axis=(0, 2)) for grid in grids)
    cooperation = (grids[1][..., 0] + grids[1][..., 1].T) / 2 if players == 2 else shares
    names = tuple(one.name or f"strategy {number + 1}" for number, one in enumerate(entered))
    return Tournament(names, grids[0], scores, wins, cooperation, int((rounds).sum()))


def _by_own(grid: Array, seat: int) -> Array:
    """The values of a seat as `[K, everything else]`."""
    return np.moveaxis(grid[..., seat], seat, 0).reshape(len(grid), -1)


def _alike(game: Game) -> bool:
    """Whether two seats are interchangeable, so that a pair has to meet once only."""
    if len(game.players) != 2 or game.sizes[0] != game.sizes[1]:
        return False
    table = game.dense().payoffs
    return bool(np.array_equal(table, np.swapaxes(table, 0, 1)[..., ::-1]))


def _dilemma() -> Game:
    from ..games.prisoners_dilemma import PrisonersDilemma

    return PrisonersDilemma()


def _refuse(count: int, turns: int, ending: float | None, noise: float, repetitions: int, self_play: bool) -> None:
    if count < 1 + (not self_play):
        raise InputError(f"A tournament of {count} strategies.", do="Enter at least one, or two without self-play.")
    whole = turns >= 1 and repetitions >= 1 and turns % 1 == repetitions % 1 == 0  # of infinity and NaN the rest is NaN
    if not whole or not 0 <= noise <= 1 or not (ending is None or 0 < ending <= 1):
        raise InputError(
            f"A tournament with turns={turns}, ending={ending}, noise={noise}, repetitions={repetitions}.",
            "Matches have a whole number of rounds and pairs of matches, at least one, and odds lie between 0 and 1.",
            "Give such numbers.",
        )
