"""The chains of α-Rank: one population in which strategies meet, or one population for each player."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from ..core.errors import InputError, TooLarge, UnknownName
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Game
from ._exact import _whole
from ._fixation import Chain

STATES = 1500
"""States beyond which elimination, which takes the cube of their number, would take minutes."""

LARGEST = 10_000
"""The largest population: every size of a group of mutants is looked at."""

Selection = Literal["local", "mixed"]


def many_populations(game: Game, exact: bool, population: int) -> Chain:
    """States are joint moves, last player fastest; in each transition one player's population changes its move.

    With `exact`, payoffs are whole numbers, a common positive multiple of the game's.
    """
    if game.size > STATES:
        raise _too_large(game.name, game.size)
    table = game.dense()
    profiles, payoffs = game.profiles(), _payoffs(table, exact, 2 * population * game.size).reshape(game.size, -1)
    tails, heads, gains = [], [], []
    for i, size in enumerate(game.sizes):
        stride = int(np.prod(game.sizes[i + 1 :], dtype=int))
        for shift in range(1, size):
            tail = np.arange(game.size)
            head = tail + ((profiles[:, i] + shift) % size - profiles[:, i]) * stride
            tails.append(tail)
            heads.append(head)
            gains.append(payoffs[head, i] - payoffs[tail, i])
    if not gains:
        return Chain(1, np.zeros(0, int), np.zeros(0, int), lambda _: np.zeros(0))
    gain = np.concatenate(gains)
    return Chain(game.size, np.concatenate(tails), np.concatenate(heads), lambda mutants: mutants * gain)


def one_population(game: Game, exact: bool, population: int, selection: Selection) -> Chain:
    """States are the moves of a symmetric game of two; a mutant of another move arises in a population of one move.

    With `exact`, payoffs are whole numbers, a common multiple of the game's that is divisible by `population` - 1.
    """
    if selection not in get_args(Selection):
        raise UnknownName("kind of selection", str(selection), get_args(Selection))
    row = _own(game, exact, population)
    count = len(row)
    tails, heads = np.nonzero(~np.eye(count, dtype=bool))
    there, their, us, own = row[heads, tails], row[tails, heads], row[heads, heads], row[tails, tails]
    others = population - 1
    if selection == "local":
        gain = (there - their) * (others if exact else 1)
        return Chain(count, tails, heads, lambda mutants: mutants * gain)

    def lead(mutants: int) -> Array:
        """Payoff of a mutant less that of another, summed over 1 … `mutants` mutants; nobody meets itself."""
        pairs = mutants * (mutants - 1) // 2
        met = mutants * (mutants + 1) // 2
        total = us * pairs + there * (population * mutants - met) - their * met - own * (others * mutants - met)
        return total if exact else total / others

    return Chain(count, tails, heads, lead)


def _own(game: Game, exact: bool, population: int) -> Array:
    """Payoffs `[A, A]` of the own move (row) against the other's, of a game in which both are alike."""
    if len(game.players) != 2 or game.sizes[0] != game.sizes[1]:
        raise InputError(
            f"{game.name} has {len(game.players)} players with {game.sizes} moves.",
            "In one population the moves of a symmetric game of two meet one another.",
            "Ask with a population for each player.",
        )
    if game.sizes[0] > STATES:
        raise _too_large(game.name, game.sizes[0])
    table = game.dense()
    row, column = table.payoffs[..., 0], table.payoffs[..., 1].T
    apart = np.abs(row - column).max()
    if apart > 1e-9 * max(np.abs(row).max(), 1e-300):
        raise InputError(
            f"The players of {game.name} are not alike: payoffs differ by {apart:.3g} when they change places.",
            "One population needs a symmetric game: payoffs[a, b, 0] = payoffs[b, a, 1].",
            "Ask with a population for each player.",
        )
    return _payoffs(table, exact, 2 * population**2 * len(row))[..., 0]


def _payoffs(table: NormalForm, exact: bool, longest: int) -> Array:
    """The payoffs, or whole numbers for them in 64 bits where sums of `longest` of them fit, else Python's own."""
    if not exact:
        return table.payoffs
    numbers = _whole(table.payoffs if table.exact is None else table.exact)
    return numbers.astype(np.int64) if max(map(abs, numbers.flat)) * longest < 2**62 else numbers


def _too_large(name: str, count: int) -> TooLarge:
    return TooLarge(
        f"{name} has {count:,} states.",
        f"Beyond {STATES:,} the elimination of states, which takes the cube of their number, takes minutes.",
        "Use fewer strategies or players, or one population where players are alike.",
    )
