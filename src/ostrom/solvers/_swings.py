"""How often each voter decides, by counting coalitions of every weight and size instead of listing them."""

from __future__ import annotations

from ..core.errors import TooLarge
from ..core.forms.weighted_voting import WeightedVoting
from ..core.game import amount

BITS = 4_000_000_000
"""Bits that counts may take (500 MB); with some hundred voters that is a minute of work."""


def swings(game: WeightedVoting, *, by_size: bool) -> list[list[int]]:
    """For each voter, how many coalitions of the others it turns from losing to winning.

    With `by_size`, `[n][n]`, by how many others there are; without, `[n][1]`, all together. Exact. Coalitions are
    counted by weight (Mann and Shapley 1962), the counts of all sizes side by side in one long whole number, and a
    voter is taken out again by division of the generating function. Raises `TooLarge` where they would not fit.
    """
    count, width = len(game.weights), len(game.weights) + 1
    digits = width if by_size else 1
    _refuse_long(game, count * digits)
    shift, below = (width if by_size else 0), game.quota
    ways = [1] + [0] * (below - 1)
    for weight in game.weights:
        for total in range(below - 1, weight - 1, -1):
            ways[total] += ways[total - weight] << shift
    known: dict[int, list[int]] = {}
    for weight in set(game.weights):
        decided = sum(_without(ways, weight, shift)[max(below - weight, 0) :]) if weight else 0
        known[weight] = _digits(decided, width, count) if by_size else [decided]
    return [known[weight] for weight in game.weights]


def _refuse_long(game: WeightedVoting, bits: int) -> None:
    """Raise `TooLarge` where so many bits for each weight would not fit."""
    if game.quota * bits > BITS:
        raise TooLarge(
            f"{len(game.weights)} voters with a quota of {amount(game.quota)} (in whole numbers).",
            "Coalitions of each weight below the quota are counted one by one.",
            "Give coarser weights, or sample: shapley(game, samples=10_000).",
        )


def _without(ways: list[int], weight: int, shift: int) -> list[int]:
    """The counts without one voter of that weight."""
    left = list(ways)
    for total in range(weight, len(left)):
        left[total] -= left[total - weight] << shift
    return left


def _digits(number: int, width: int, count: int) -> list[int]:
    ones = (1 << width) - 1
    return [number >> (width * size) & ones for size in range(count)]
