"""How votes are counted, one definition for arrays of NumPy and of JAX: nothing here branches on what voters say.

`xp` is `numpy` or `jax.numpy`. Axes before those named are a batch of elections.

- `places[..., B, m]`: the place of each of m alternatives on each of B ballots, 0 the best, equal places tied; m or
  more for what a ballot does not mention, which is behind all that it does.
- `weights[..., B]`: how many cast each ballot. Whole numbers keep ties exact.
- `pairs[..., m, m]`: the weight of those who put the row's alternative before the column's.
- scores `[..., m]`: the more the better. `best` turns them into a mask of all that are tied at the top.
"""

from __future__ import annotations

import math
from typing import Any, Literal

Measure = Literal["margins", "winning"]
"""What a duel won weighs: by how many votes it was won, or how many the winner had."""


def best(xp: Any, scores: Any) -> Any:
    """A mask `[..., m]` of all with the highest score."""
    return scores == scores.max(-1, keepdims=True)


def shares(alternatives: int) -> list[int]:
    """What each of k that are tied gets of a vote, by k, in parts that make all of them whole numbers.

    A vote has as many parts as the least common multiple of 1 to m: 60 for up to six alternatives, 2520 for ten.
    """
    parts = math.lcm(*range(1, alternatives + 1))
    return [0, *(parts // tied for tied in range(1, alternatives + 1))]


def firsts(xp: Any, places: Any, weights: Any, standing: Any, each: Any) -> Any:
    """Votes for those of `standing[..., m]` that ballots put first: each of k that are tied gets `each[k]` of a vote.

    A ballot that mentions none of them counts for nobody.
    """
    size = places.shape[-1]
    held = xp.where(standing[..., None, :], places, size)
    top = held.min(-1, keepdims=True)
    first = (held == top) & (top < size)
    worth = weights * xp.asarray(each)[first.sum(-1)]
    return xp.where(first, worth[..., None], 0).sum(-2)


def plurality(xp: Any, places: Any, weights: Any, each: Any = None) -> Any:
    """First places `[..., m]`, in parts of a vote (`shares`): those tied at the top of a ballot share it equally."""
    size = places.shape[-1]
    return firsts(xp, places, weights, xp.ones(size, bool), shares(size) if each is None else each)


def approval(xp: Any, places: Any, weights: Any, within: int = 1) -> Any:
    """The weight of those who have each alternative in one of their best `within` places, `[..., m]`."""
    approved = places < min(within, places.shape[-1])
    return xp.where(approved, weights[..., None], 0).sum(-2)


def pairwise(xp: Any, places: Any, weights: Any) -> Any:
    """`pairs[..., m, m]`; takes `B * m * m` numbers of memory."""
    before = places[..., :, None] < places[..., None, :]
    return xp.where(before, weights[..., None, None], 0).sum(-3)


def margins(xp: Any, pairs: Any) -> Any:
    """By how much the row's alternative beats the column's, `[..., m, m]`; negative where it is beaten."""
    return pairs - xp.swapaxes(pairs, -1, -2)


def borda(xp: Any, pairs: Any) -> Any:
    """Votes for each in all its duels less those against it, `[..., m]`.

    That is twice the usual score less (m - 1) times the voters: a tie counts as the mean of the places it takes.
    """
    return margins(xp, pairs).sum(-1)


def copeland(xp: Any, pairs: Any) -> Any:
    """Duels won less duels lost, `[..., m]`."""
    return xp.sign(margins(xp, pairs)).sum(-1)


def defeats(xp: Any, pairs: Any, measure: Measure = "margins") -> Any:
    """How heavy the defeat of the column's alternative by the row's is, `[..., m, m]`; 0 where it is none."""
    by = margins(xp, pairs)
    return xp.where(by > 0, by if measure == "margins" else pairs, 0)


def minimax(xp: Any, pairs: Any, measure: Measure = "margins") -> Any:
    """Less the heaviest defeat of each, `[..., m]`; 0 for what nothing beats."""
    return -defeats(xp, pairs, measure).max(-2)


def strengths(xp: Any, pairs: Any, measure: Measure = "margins") -> Any:
    """How strong the strongest path from row to column is, `[..., m, m]`: as strong as its lightest defeat."""
    paths = defeats(xp, pairs, measure)
    for via in range(pairs.shape[-1]):
        paths = xp.maximum(paths, xp.minimum(paths[..., :, via, None], paths[..., None, via, :]))
    return paths


def schulze(xp: Any, pairs: Any, measure: Measure = "margins") -> Any:
    """A mask `[..., m]` of those to which nothing has a stronger path than they have to it."""
    paths = strengths(xp, pairs, measure)
    return ~(xp.swapaxes(paths, -1, -2) > paths).any(-1)


def instant_runoff(xp: Any, places: Any, weights: Any, order: Any, each: Any = None) -> Any:
    """A mask `[..., m]` of the one left when whoever has the fewest first places goes, again and again.

    `order[..., m]` holds distinct numbers: of those tied for the fewest, the one with the largest goes.
    """
    size = places.shape[-1]
    each = shares(size) if each is None else each
    standing = xp.ones((*places.shape[:-2], size), bool)
    for _ in range(size - 1):
        votes = firsts(xp, places, weights, standing, each)
        fewest = xp.where(standing, votes, votes.max(-1, keepdims=True)).min(-1, keepdims=True)
        late = xp.where(standing & (votes == fewest), order, xp.min(order) - 1)
        standing = standing & (late < late.max(-1, keepdims=True))
    return standing
