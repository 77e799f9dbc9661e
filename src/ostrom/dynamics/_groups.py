"""What moves earn in a population of finite size whose members meet in groups, as many as the game has players."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations_with_replacement
from math import comb
from typing import Any

import numpy as np

from ..core.errors import InputError, TooLarge
from ..core.forms.symmetric import Symmetric
from ..core.game import Array, Game

Payoffs = Callable[[Array], Array]
"""From counts `int[M, S]` to what each strategy earns in each composition, `float[M, S]`."""

MOST_CROWDS = 1_000_000
"""Ways in which the others of a group can be spread over the moves, beyond which none are listed."""

AT_ONCE = 2_000_000
"""Odds of crowds held at once (16 MB)."""

ALIKE = 1e-9
"""Payoffs may differ between seats by this share of the largest, which is rounding."""


class Groups:
    """The members of a population, drawn into groups without replacement, play a game in which all seats are alike.

    `worth(others)` are payoffs of each own move, `float[M, S]`, when the rest of the population is `int[M, S]`.
    Raises `InputError` where seats differ and `TooLarge` where the others can be spread in too many ways.
    """

    def __init__(self, game: Game) -> None:
        require_alike(game)
        self.size, self.moves, self.name = len(game.players), game.moves[0], game.name
        self.crowds, self.payoffs = _by_crowd(game)

    def worth(self, others: Array) -> Array:
        """Hypergeometric means: everybody else is as likely to be in one's group as anybody else."""
        rest = np.asarray(others, int)
        drawn = self.size - 1
        if drawn == 1:
            return rest @ (self.payoffs @ self.crowds).T / rest.sum(-1, keepdims=True)
        if (rest.sum(-1) == drawn).all():  # the whole population is one group
            return self.payoffs[:, self._crowd_numbers(rest)].T
        step = max(1, AT_ONCE // len(self.crowds))
        blocks = [self._means(rest[k : k + step]) for k in range(0, len(rest), step)]
        return np.concatenate(blocks) if blocks else np.zeros((0, len(self.moves)))

    def _crowd_numbers(self, rest: Array) -> Array:
        place = self.size ** np.arange(rest.shape[1], dtype=object)
        codes = self.crowds @ place
        order = np.argsort(codes)
        return order[np.searchsorted(codes[order], rest @ place)]

    def _means(self, rest: Array) -> Array:
        """Hypergeometric odds as exponentials of sums of logarithms of factorials, which do not overflow."""
        factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, rest.sum(-1).max() + 1)))])
        logs = np.zeros((len(rest), len(self.crowds)))
        for have, take in zip(rest.T[:, :, None], self.crowds.T, strict=True):
            left = have - take
            logs += np.where(left < 0, -np.inf, factorial[have] - factorial[take] - factorial[np.maximum(left, 0)])
        odds = np.exp(logs - logs.max(-1, keepdims=True))
        return odds @ self.payoffs.T / odds.sum(-1, keepdims=True)

    def __call__(self, counts: Array) -> Array:
        """What each strategy earns, `float[M, S]`; nobody meets itself. 0 where nobody has it."""
        counts = np.asarray(counts, int)
        earned = np.zeros(counts.shape)
        for own in range(counts.shape[1]):
            there = counts[:, own] > 0
            rest = counts[there]
            rest[:, own] -= 1
            earned[there, own] = self.worth(rest)[:, own]
        return earned

    def require_population(self, population: int) -> None:
        """`InputError` unless there are enough for one group."""
        if population < max(self.size, 2):
            raise InputError(
                f"A population of {population} for {self.name}.",
                f"It meets in groups of {self.size}.",
                "Take a larger population.",
            )


def payoffs_of(subject: Game | Payoffs, population: int, strategies: int | None = None) -> tuple[Payoffs, int]:
    """Payoffs by composition, and how many strategies there are, of a game in which all are alike, or of a function."""
    if isinstance(subject, Game):
        groups = Groups(subject)
        groups.require_population(population)
        if strategies not in (None, len(groups.moves)):
            raise InputError(
                f"{strategies} strategies of {subject.name}.", f"It has {len(groups.moves)}.", "Leave them out."
            )
        return groups, len(groups.moves)
    if strategies is None:
        raise InputError("A function of counts does not say how many strategies there are.", "", "Give strategies=….")
    if isinstance(strategies, bool) or not isinstance(strategies, int | np.integer) or strategies < 1:
        raise InputError(
            f"There are {strategies!r:.60} strategies.",
            "It is asked how many there are; they are called 1, 2, … then.",
            "Give a whole number from 1 on.",
        )
    return subject, int(strategies)


def earned_at(payoffs: Payoffs, counts: Array) -> Array:
    """`payoffs(counts)`, checked, with 0 where nobody has the strategy."""
    worth = np.asarray(payoffs(counts), float)
    if worth.shape != counts.shape or not np.isfinite(worth[counts > 0]).all():
        raise InputError(
            f"payoffs(counts) has shape {worth.shape}, or holds numbers that are not finite.",
            "Each strategy that somebody has earns something.",
            f"Return floats of shape {counts.shape}.",
        )
    return np.where(counts > 0, worth, 0.0)


def require_alike(game: Game) -> None:
    """`InputError` unless all seats have the same moves, and earn the same by the same against the same others."""
    if len(set(game.sizes)) > 1 or len(game.players) < 2:
        raise InputError(
            f"The players of {game.name} have {game.sizes} moves.",
            "In one population two or more meet, and everybody has the same moves.",
            "Give a game in which all seats are alike.",
        )
    if isinstance(game, Symmetric):
        return
    probe = np.random.default_rng(0).dirichlet(np.ones(game.sizes[0]), size=3)
    worth = np.stack(game.deviation_payoffs((probe,) * len(game.players)))
    if np.abs(worth - worth[0]).max() > ALIKE * np.abs(worth).max():
        gap = np.ptp(worth, axis=0).max()
        raise InputError(
            f"In {game.name} the same move earns one seat more than another, for example {gap:g} more.",
            "One population needs a game in which seats are interchangeable.",
            "Give a game in which all seats are alike.",
        )


def compositions(strategies: int, population: int) -> Array:
    """`int[M, S]`: every way to share out the population; rows in order of the first count, then the second, …."""
    if strategies == 1:
        return np.array([[population]])
    if strategies == 2:
        return np.stack([np.arange(population + 1), np.arange(population, -1, -1)], axis=1)
    blocks = []
    for first in range(population + 1):
        rest = compositions(strategies - 1, population - first)
        blocks.append(np.concatenate([np.full((len(rest), 1), first), rest], axis=1))
    return np.concatenate(blocks)


def _by_crowd(game: Game) -> tuple[Array, Array]:
    """The others' moves as counts `int[C, S]`, and what each own move earns with them, `float[S, C]`."""
    size, drawn = game.sizes[0], len(game.players) - 1
    if comb(drawn + size - 1, size - 1) > MOST_CROWDS:
        raise TooLarge(
            f"The {drawn} others of a group of {game.name} can be spread in more than {MOST_CROWDS:,} ways.",
            "All of them are looked at.",
            "Take fewer moves or smaller groups.",
        )
    if isinstance(game, Symmetric) and game.amounts is None:
        return game.others.astype(int), game.payoffs
    crowds = compositions(size, drawn)
    moves = np.array(list(combinations_with_replacement(range(size), drawn)), int)[::-1]  # the order of the counts
    profiles = np.stack([np.insert(moves, 0, own, axis=1) for own in range(size)])
    return crowds, np.asarray(game.payoffs_at(profiles), float)[..., 0]


def named(moves: Sequence[str], move: Any) -> int:
    """The number of a move, given by name or number; `InputError` for another."""
    if isinstance(move, str) and move in moves:
        return moves.index(move)
    if isinstance(move, int | np.integer) and 0 <= move < len(moves):
        return int(move)
    raise InputError(f"There is no move {move!r}.", f"There is {', '.join(moves)}.", "Give a name or a number.")
