"""Equilibria of a repeated game in what its rules remember, and what no equilibrium at all can play.

Two searches that complete each other. `markov_perfect` finds subgame-perfect equilibria in which what is done depends
on the state alone (Maskin and Tirole, 2001), so that what it finds exists. `conditional_dominance` strikes out what no
subgame-perfect equilibrium can play, whatever it remembers and however it mixes (after Fudenberg and Tirole, 1991,
ch. 4), so that what it strikes does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import CarrierError
from .induction import Outcome, is_public, subgame_perfect
from .plays import Plays
from .repeated import Repeated

Array = Any
Preference = Callable[[int, Outcome], float]


@dataclass(frozen=True, eq=False)
class MarkovPerfect:
    """A pure equilibrium that nobody gains by leaving at any state, on the path of play or off it.

    Attributes
    ----------
    value : `float[S, P]`: what each player gets per round from each state on.
    outcomes : what is played at each state, and to which complete plays it comes.
    """

    value: Array
    outcomes: tuple[Outcome, ...]


def markov_perfect(
    game: Repeated, prefer: Preference, start: Array | float = 0.0, tolerance: float = 1e-9
) -> MarkovPerfect | str:
    """An equilibrium in what the rules remember, or why none was found.

    At every state the round is solved by backward induction, given what the states it leads to are worth (`start` at
    first, `float[S, P]`); of several outcomes the one that `prefer(state, outcome)` puts highest is taken, and what
    states are worth is computed anew, until nothing changes. By the one-shot deviation principle nobody then gains by
    any strategy. The search is not complete: another start may settle elsewhere.

    Raises `CarrierError` where seats know different things (there are no subgames to speak of then).
    """
    if not all(is_public(plays) for plays in game.states):
        raise CarrierError(
            f"Seats of {game.game.name} know different things in a round under {game.charter}.",
            "Subgame perfection needs everybody to know the past.",
            "Check a strategy with gains(…).",
        )
    value = np.broadcast_to(np.asarray(start, float), (len(game.states), len(game.players)))
    played: set[tuple[tuple[int, ...], ...]] = set()
    while True:
        solved = solved_rounds(game, value, prefer, tolerance)
        if isinstance(solved, str):
            return solved
        given = np.array([outcome.payoffs for outcome in solved])
        if np.abs(given - value).max() <= tolerance:
            return MarkovPerfect(value, tuple(solved))
        rows = tuple(outcome.rows for outcome in solved)
        if rows in played:
            return "what is best at one state keeps changing what is best at another"
        played.add(rows)
        value = worth_of(game, solved)


def solved_rounds(game: Repeated, value: Array, prefer: Preference, tolerance: float) -> list[Outcome] | str:
    """The preferred outcome of the round at every state when states are worth `value[S, P]`, or why there is none."""
    picked = []
    for state, (plays, after) in enumerate(zip(game.states, game.follow, strict=True)):
        worth = (1 - game.discount) * plays.payoffs + game.discount * value[after]
        found = subgame_perfect(plays, tolerance, worth)
        if not found.points:
            return f"at one of {len(game.states)} states {found.note or 'nothing is an equilibrium in pure play'}"
        picked.append(max(found.points, key=lambda one: (round(prefer(state, one), 9), *reversed(one.rows))))
    return picked


def worth_of(game: Repeated, outcomes: list[Outcome] | tuple[Outcome, ...], of: list[Array] | None = None) -> Array:
    """`float[S, K]`: what states are worth per round when the outcomes are played.

    `of` holds for every state `float[N, K]`, what its complete plays are worth (the payoffs by default).
    """
    states, each = len(game.states), [plays.payoffs for plays in game.states] if of is None else of
    reward, move = np.zeros((states, each[0].shape[1])), np.zeros((states, states))
    for s, outcome in enumerate(outcomes):
        rows = np.array(outcome.rows)
        weight = game.states[s].chance[rows]
        weight = weight / weight.sum()
        reward[s] = weight @ each[s][rows]
        np.add.at(move[s], game.follow[s][rows], weight)
    return np.linalg.solve(np.eye(states) - game.discount * move, (1 - game.discount) * reward)


def reached(game: Repeated, outcomes: tuple[Outcome, ...]) -> Array:
    """`bool[S]`: the states that play comes to from the first round on."""
    seen, left = np.zeros(len(game.states), bool), [0]
    while left:
        state = left.pop()
        if not seen[state]:
            seen[state] = True
            left += np.unique(game.follow[state][list(outcomes[state].rows)]).tolist()
    return seen


@dataclass(frozen=True, eq=False)
class Undominated:
    """What is left when dominated moves are struck out at every state.

    Attributes
    ----------
    kept : per state and player `bool[W]`: the moves that an equilibrium may play there.
    low, high : `float[S, P]`: bounds on what every player gets per round from each state on, in every subgame-perfect
        equilibrium.
    """

    kept: list[list[Array]]
    low: Array
    high: Array


def conditional_dominance(game: Repeated, tolerance: float = 1e-9) -> Undominated:
    """Strike out, state by state, moves that another one beats whatever others do and whatever comes after.

    A move goes when some other move brings more against everything that is left to the others, even if what follows it
    is the worst that is left, and what follows the struck one the best. That is true of mixed play and of players who
    remember more than the rules do.

    Raises `CarrierError` where a round has several stages or somebody is told something first.
    """
    tables = [RoundTable(plays, after) for plays, after in zip(game.states, game.follow, strict=True)]
    kept = [[mask.copy() for mask in table.open] for table in tables]
    spans = [table.reward[table.legal] for table in tables]
    low = np.tile(np.min([span.min(0) for span in spans], 0), (len(tables), 1))
    high = np.tile(np.max([span.max(0) for span in spans], 0), (len(tables), 1))
    while True:
        ends = [(table.worth(game.discount, low), table.worth(game.discount, high)) for table in tables]
        struck = [table.struck(own, *end, tolerance) for table, own, end in zip(tables, kept, ends, strict=True)]
        kept = [
            [mask & ~out for mask, out in zip(own, outs, strict=True)] for own, outs in zip(kept, struck, strict=True)
        ]
        narrow = np.array([table.bounds(own, *end) for table, own, end in zip(tables, kept, ends, strict=True)])
        lower, higher = np.maximum(low, narrow[:, 0]), np.minimum(high, narrow[:, 1])
        still = max(np.abs(lower - low).max(), np.abs(higher - high).max()) <= tolerance
        low, high = lower, higher
        if still and not any(out.any() for outs in struck for out in outs):
            return Undominated(kept, low, high)


class RoundTable:
    """One simultaneous round as a table: rewards, and the odds of the states that follow."""

    def __init__(self, plays: Plays, after: Array) -> None:
        if plays.staged:
            raise CarrierError(
                f"A round of {plays.game.name} under {plays.charter} has several stages or private views.",
                "Moves are compared one by one only where all are made at once.",
                "Look for equilibria with markov_perfect(…).",
            )
        stage = plays.first
        made, self.widths = plays.choice[stage], tuple(int(w) for w in plays.widths[stage])
        flat, count = np.asarray(np.ravel_multi_index(tuple(made.T), self.widths)), int(np.prod(self.widths))
        rows = plays.legal & (plays.chance > 0)
        weight = np.where(rows, plays.chance, 0.0)
        total = np.zeros(count)
        np.add.at(total, flat, weight)
        reward = np.zeros((count, plays.players))
        np.add.at(reward, flat, weight[:, None] * plays.payoffs)
        self.legal = (total > 0).reshape(self.widths)
        self.reward = (reward / np.maximum(total, 1e-300)[:, None]).reshape(*self.widths, plays.players)
        self._flat, self._share, self._after = flat[rows], (weight / np.maximum(total, 1e-300)[flat])[rows], after[rows]
        seats = range(plays.players)
        self.open = [self.legal.any(axis=tuple(j for j in seats if j != i)) for i in seats]

    def worth(self, discount: float, value: Array) -> Array:
        """`float[W_1, …, W_P, P]`: what joint moves are worth when states are worth `value[S, P]`."""
        later = np.zeros((self.legal.size, value.shape[1]))
        np.add.at(later, self._flat, self._share[:, None] * value[self._after])
        return (1 - discount) * self.reward + discount * later.reshape(self.reward.shape)

    def struck(self, kept: list[Array], low: Array, high: Array, tolerance: float) -> list[Array]:
        """Per player `bool[W]`: moves that another one still left beats whatever the others do of what is left."""
        return [self._beaten(i, kept, low, high, tolerance) for i in range(len(kept))]

    def bounds(self, kept: list[Array], low: Array, high: Array) -> tuple[Array, Array]:
        """What each player is sure of by its best move at worst, and gets at most."""
        left, sure, most = self._left(kept), [], []
        for i, own in enumerate(kept):
            rows = np.moveaxis(np.where(left, low[..., i], np.inf), i, 0).reshape(len(own), -1)
            sure.append(max(rows.min(1)[own]))
            most.append(np.where(left, high[..., i], -np.inf).max())
        return np.array(sure), np.array(most)

    def _left(self, kept: list[Array]) -> Array:
        left = self.legal.copy()
        for i, own in enumerate(kept):
            left &= own.reshape([-1 if j == i else 1 for j in range(len(kept))])
        return left

    def _beaten(self, i: int, kept: list[Array], low: Array, high: Array, tolerance: float) -> Array:
        others = self._left([np.ones_like(own) if j == i else own for j, own in enumerate(kept)])
        rows, least, most = (
            np.moveaxis(t, i, 0).reshape(len(kept[i]), -1) for t in (others, low[..., i], high[..., i])
        )
        rows = rows[kept[i]].any(0)
        better = (least[:, None, rows] > most[None, :, rows] + tolerance).all(-1)
        return (better & kept[i][:, None]).any(0) & kept[i]
