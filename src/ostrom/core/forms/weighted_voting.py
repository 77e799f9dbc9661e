"""Voting with weights: a coalition wins when its votes reach a quota."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from ..errors import InputError
from ..exact import fraction
from ..game import Array
from .coalitional import SAFE, Coalitional, _distinct, _refuse_many
from .normal_form import _names


class WeightedVoting(Coalitional):
    """A vote that passes when the weights of those in favour reach the quota; a winning coalition is worth 1.

    Its table is made only when it is asked for, so that hundreds of voters are no obstacle to power indices.

    Parameters
    ----------
    quota : more than 0 and at most the sum of weights.
    weights : one per voter, none below 0; whole numbers, `Fraction`s, or decimals, which are taken as written.

    Raises `InputError` for a quota or weights out of range.

    Examples
    --------
    >>> council = WeightedVoting(39, [7] * 5 + [1] * 10)
    >>> council.wins(range(9)), council.wins(range(1, 15))
    (True, False)
    """

    def __init__(
        self, quota: Any, weights: Sequence[Any], players: Sequence[str] | None = None, *, name: str = "weighted voting"
    ) -> None:
        shares = [fraction(_plain(weight)) for weight in weights]
        needed = fraction(_plain(quota))
        if not shares or min(shares) < 0 or not 0 < needed <= sum(shares):
            raise InputError(
                f"A quota of {quota} for weights that add up to {sum(shares)}, the least {min(shares, default=0)}.",
                "Nobody has less than no vote, nothing passes by itself, and what all want passes.",
                "Give weights of at least 0 and a quota above 0 and up to their sum.",
            )
        unit = math.lcm(needed.denominator, *(share.denominator for share in shares))
        self.weights = tuple(int(share * unit) for share in shares)
        self.quota = int(needed * unit)
        self.name, self._value = name, lambda group: int(self.wins(group))
        self.players = _distinct(_names(players, len(shares), "player"))

    def wins(self, voters: Iterable[int]) -> bool:
        """Whether these voters, by number, can pass it."""
        return sum(self.weights[i] for i in set(voters)) >= self.quota

    @cached_property
    def _table(self) -> tuple[Array | None, Array]:
        _refuse_many(self.count, self.name)
        sums = np.zeros(1, dtype=np.int64 if sum(self.weights) < SAFE else object)
        for weight in self.weights:
            sums = np.concatenate([sums, sums + weight])
        return None, (sums >= self.quota).astype(float)


def _plain(number: Any) -> Any:
    return number.item() if isinstance(number, np.generic) else number
