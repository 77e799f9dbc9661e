"""Games in which players are alike: payoffs by one's own move and by how the others are spread over the moves.

With P players and A moves there are A^P joint moves but only C = (P-1+A-1 choose A-1) ways the others can be spread,
and fewer still when only a total matters (the tonnes fished, the units brought to market). A hundred players with two
moves are a table of 2 × 100 numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from ..errors import InputError, TooLarge
from ..game import Array, Fact, Game, Mixture, amount
from .normal_form import _move_names, _names, _numbers
from .sums import Sums

STATE_LIMIT = 2_000_000
"""States of the crowd, times players or moves, beyond which it does not fit in reasonable memory and time."""

BATCH_LIMIT = 2**24
"""Probabilities held at once while a batch of mixtures is worked through (128 MB)."""


class Symmetric(Game):
    """P players with the same A moves, whose payoffs depend on the own move and on the others' moves as a crowd.

    Parameters
    ----------
    payoffs : `[A, C]`, own move by state of the others, in the order of `others`; or a function `f(own, others)` of
        an own move `int` and the states `int[C, A]` (counts) or `int[C]` (totals) that returns `float[C]`.
    players : how many, or their names.
    moves : names of the moves, the same for everybody.
    amounts : what each move adds to the total that others feel, `int[A]`, not negative. Left out, the others are
        described by counts of every move; given, only by the sum of their amounts (an aggregative game).
    bystanders, bystander_payoffs : names of B principals without a move, and their utilities `[T, B]` in the order of
        `totals`; or a function of `int[T, A]` (counts of all players) or `int[T]` (the total of all).
    facts : quantities rules can read; they must treat all players alike.

    Attributes
    ----------
    others : the states of the other P-1 players, `int[C, A]` or `int[C]`. Counts are ordered by the last move first:
        with two moves, column k is "k of the others play the second move".
    totals : the same for all P players, `int[T, A]` or `int[T]`.

    Raises
    ------
    InputError : tables that do not fit; TooLarge : more than `STATE_LIMIT` states times players or moves.

    Examples
    --------
    >>> game = Symmetric(lambda own, others: 0.6 * (own + others), players=100, moves=("0", "1"), amounts=(0, 1))
    >>> game.size > 10**30, game.payoffs.shape
    (True, (2, 100))
    """

    def __init__(
        self,
        payoffs: Any,
        *,
        players: int | Sequence[str],
        moves: Sequence[str],
        amounts: Sequence[int] | None = None,
        name: str = "game",
        bystanders: Sequence[str] = (),
        bystander_payoffs: Any = None,
        facts: Sequence[Fact] = (),
    ) -> None:
        self.name = name
        names, count = (None, int(players)) if isinstance(players, int | np.integer) else (players, len(players))
        self.amounts = None if amounts is None else _whole(amounts, len(moves))
        _refuse_large(name, count, len(moves), self.amounts)
        self.players = _names(names, count, "player")
        self.moves = _move_names([tuple(moves)] * count, [len(moves)] * count)
        self._crowd = Sums(_weights(self.amounts, count, len(moves)), count - 1)
        self.others = self._states(self._crowd)
        if callable(payoffs):
            rows: list[Any] = [payoffs(own, self.others) for own in range(len(moves))]
            payoffs = [np.broadcast_to(row, len(self.others)) for row in rows]
        self.exact, self.payoffs = _numbers(payoffs, "payoffs")
        _require_shape(self.payoffs, (len(moves), len(self.others)), "payoffs", "own moves by states of the others")
        self.bystanders = tuple(bystanders)
        if len(set(self.principals)) < len(self.principals):
            raise InputError(f"Two principals of {name} share a name.", "", "Give every player and bystander its own.")
        if bystander_payoffs is None:
            bystander_payoffs = np.zeros((len(self.totals), 0))
        if callable(bystander_payoffs):
            bystander_payoffs = bystander_payoffs(self.totals)
        _, self.bystander_payoffs = _numbers(bystander_payoffs, "bystander payoffs")
        needed = (len(self.totals), len(self.bystanders))
        _require_shape(self.bystander_payoffs, needed, "bystander payoffs", "totals by bystanders")
        self.facts = tuple(facts)

    def payoffs_at(self, profiles: Array) -> Array:
        """Payoffs `float[..., P]` at joint moves `int[..., P]`."""
        return self.payoffs[np.asarray(profiles), self.others_at(profiles)]

    def bystander_payoffs_at(self, profiles: Array) -> Array:
        """Utilities `float[..., B]` of the bystanders at joint moves `int[..., P]`."""
        return self.bystander_payoffs[self._everybody.index(self._crowd.weights[np.asarray(profiles)].sum(-1))]

    def others_at(self, profiles: Array) -> Array:
        """For each player, which row of `others` it faces at joint moves `int[..., P]`: `int[..., P]`."""
        weights = self._crowd.weights[np.asarray(profiles)]
        return self._crowd.index(weights.sum(-1, keepdims=True) - weights)

    def deviation_payoffs(self, mixture: Mixture) -> Mixture:
        """For each player i, `float[..., A]`: what each own move is worth against the others' mixture.

        Exact for players who mix differently: the distribution of the others' state is built one player at a time
        (a convolution), for all P left-out players together in about P log P such steps.
        """
        stacked, batch = self._stack(mixture)
        step = max(1, BATCH_LIMIT // (2 * len(self.players) * len(self.others)))
        parts = [self._without_each(stacked[k : k + step]) @ self.payoffs.T for k in range(0, len(stacked), step)]
        worth = np.concatenate(parts) if parts else np.zeros_like(stacked)
        return tuple(worth[:, i].reshape(*batch, -1) for i in range(len(self.players)))

    def expected_bystander_payoffs(self, mixture: Mixture) -> Array:
        """Expected utilities `float[..., B]` of the bystanders when all play `mixture` independently."""
        stacked, batch = self._stack(mixture)
        odds = np.broadcast_to(self._everybody.start, (len(stacked), len(self.totals)))
        for i in range(len(self.players)):
            odds = self._everybody.add(odds, stacked[:, i])
        return (odds @ self.bystander_payoffs).reshape(*batch, -1)

    @cached_property
    def totals(self) -> Array:
        """The states of all P players together, `int[T, A]` (counts) or `int[T]` (totals)."""
        return self._states(self._everybody)

    @cached_property
    def representatives(self) -> Array:
        """For every own move and state of the others, one joint move that has it: `int[A, C, P]`, own move at seat 0.

        What depends on own move and crowd alone (a fact, a rule that treats seats alike) is known from these.
        """
        others, size = self._crowd.examples(), len(self.moves[0])
        own = np.broadcast_to(np.arange(size)[:, None, None], (size, len(others), 1))
        return np.concatenate([own, np.broadcast_to(others, (size, *others.shape))], axis=-1)

    @cached_property
    def _everybody(self) -> Sums:
        return Sums(self._crowd.weights, len(self.players))

    def _states(self, sums: Sums) -> Array:
        if self.amounts is not None:
            return sums.values
        base, size = len(self.players) + 1, len(self.moves[0])
        digits = [(sums.values // base**k % base).astype(int) for k in range(size - 1)]
        return np.stack([np.full(len(sums.values), sums.draws) - sum(digits), *digits], axis=-1)

    def _stack(self, mixture: Mixture) -> tuple[Array, tuple[int, ...]]:
        """The mixture as `[S, P, A]`, and the batch axes that S stands for."""
        batch = np.broadcast_shapes(*(np.shape(x)[:-1] for x in mixture))
        own = [np.broadcast_to(x, (*batch, np.shape(x)[-1])).reshape(-1, np.shape(x)[-1]) for x in mixture]
        return np.stack(own, axis=1).astype(float), batch

    def _without_each(self, mixtures: Array) -> Array:
        """The distribution of the others' state for every player left out: `[S, P, A]` to `[S, P, C]`.

        Halving: what lies outside a block of players is what lies outside its parent, and its sibling. Seats that
        fill up to a power of two surely play the first move, which is where the count starts.
        """
        count, size = mixtures.shape[1:]
        half = 1 << (count - 1).bit_length()
        seats = np.zeros((len(mixtures), half, size))
        seats[:, :count], seats[:, count:, 0] = mixtures, 1.0
        odds = np.broadcast_to(self._crowd.start, (len(mixtures), 1, len(self.others)))
        while half := half // 2:
            siblings = seats.reshape(len(seats), -1, 2, half, size)[:, :, ::-1].reshape(len(seats), -1, half, size)
            odds = np.repeat(odds, 2, axis=1)
            for k in range(half):
                odds = self._crowd.add(odds, siblings[:, :, k])
        return odds[:, :count]


def _whole(amounts: Sequence[int], size: int) -> Array:
    given = np.asarray(amounts)
    if given.shape != (size,) or given.dtype.kind not in "iu" or (given < 0).any() or (given > 2**40).any():
        raise InputError(
            f"Amounts {amounts!r} do not describe {size} moves.",
            "A total is kept exactly, so every move adds a whole number that is not negative.",
            "Give one whole number per move, counted in the smallest step, and scale inside the payoff function.",
        )
    return given.astype(np.int64)


def _weights(amounts: Array | None, players: int, size: int) -> Array:
    """One integer per move whose sums tell states apart; Python's own integers where 64 bits do not suffice."""
    exact = [int(a) for a in amounts] if amounts is not None else [0] + [(players + 1) ** k for k in range(size - 1)]
    return np.array(exact, dtype=np.int64 if players * max(exact) < 2**62 else object)


def _refuse_large(name: str, players: int, size: int, amounts: Array | None) -> None:
    if players < 1 or size < 1:
        raise InputError(f"{name} has {players} players and {size} moves.", do="Give at least one of each.")
    # What cannot pass is not counted exactly: the binomial of two huge numbers takes longer than any game.
    counted = players * size <= STATE_LIMIT and size**2 <= STATE_LIMIT
    others, totals = (_how_many(n, size, amounts) if counted else players * size for n in (players - 1, players))
    if not counted or max(players * totals, size * others) > STATE_LIMIT:
        raise TooLarge(
            f"{name} with {players:,} players and {size:,} moves has {amount(totals)} states or more.",
            f"More than {STATE_LIMIT:,} states times players (or moves) do not fit in reasonable memory and time.",
            "Use fewer players or moves, or say what each move adds to a total (amounts) if only the total matters.",
        )


def _how_many(draws: int, size: int, amounts: Array | None) -> int:
    """How many states `draws` players can have, or at most have when only their total counts."""
    counts = math.comb(draws + size - 1, size - 1)
    return counts if amounts is None else min(counts, draws * int(amounts.max() - amounts.min()) + 1)


def _require_shape(table: Array, shape: tuple[int, ...], what: str, axes: str) -> None:
    if table.shape != shape:
        raise InputError(
            f"The {what} have shape {table.shape}.",
            f"This game needs {shape}: {axes}.",
            "See `others` and `totals` for the order of the states, or give a function of them.",
        )
