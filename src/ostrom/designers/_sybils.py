"""What somebody gains in a trust score by being several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from ..core.errors import InputError
from ..core.game import Array
from ..solvers._flows import max_flow
from ..solvers._ratings import entries, named
from ..solvers.trust import eigentrust
from ._sybil_attacks import Score, attacks

Of = Literal["best", "together"]


@dataclass(frozen=True, eq=False)
class SybilGain:
    """The best that an attacker can do with so many identities.

    Attributes
    ----------
    honest : its score as the ratings are. alone : the most it has without further identities, by what it says of
        others. attacked : the most that its best identity has (or all together, where that was asked).
    status : "optimal" where no attack of this kind does better, "best found" where that is not known.
    ratings : `float[N + k - 1, N + k - 1]`, the attack: the further identities come last.
    """

    attacker: int
    identities: int
    honest: float
    alone: float
    attacked: float
    status: Literal["optimal", "best found"]
    ratings: Array = field(repr=False)

    @property
    def gain(self) -> float:
        """By how much the attack raises the score."""
        return max(self.attacked - self.honest, 0.0)

    @property
    def share(self) -> float:
        """The same, as a share of the honest score; infinite where that is 0 and something is gained."""
        return self.gain / self.honest if self.honest > 0 else (np.inf if self.gain > 0 else 0.0)


def attack(
    score: Score, ratings: Array, attacker: int, identities: int, seeds: Sequence[int] | None, restart: float, of: Of
) -> SybilGain:
    """The best attack, as `sybil_gain` has it."""
    table = matrix(ratings)
    if (
        not (0 <= attacker < len(table) and attacker == int(attacker))
        or identities < 1
        or identities != int(identities)
    ):
        raise InputError(
            f"Attacker {attacker!r} is to have {identities!r} identities.",
            f"It is a number from 0 to {len(table) - 1}, and has one at least.",
            "Give such numbers.",
        )
    if seeds is not None and attacker in named(seeds, len(table)):
        raise InputError(f"Attacker {attacker} is trusted to begin with.", do="Leave it out of the seeds.")
    if of not in ("best", "together"):
        raise InputError(f"of={of!r} is not there.", do='Give "best" or "together".')
    reads, count = reading(score, seeds, restart), len(table)
    honest = float(reads(table, [attacker])[0])

    def best(size: int) -> tuple[float, Array]:
        """The value and the ratings of the best attack with exactly so many."""
        mine = [attacker, *range(count, count + size - 1)]
        found = []
        for one in attacks(score, table, attacker, size, seeds, restart):
            own = reads(one, mine)
            found.append((float(own.max() if of == "best" else own.sum()), one))
        return max(found, key=lambda each: each[0])

    alone = best(1)
    top = max([alone, *map(best, sorted({2, identities}) if identities > 1 else ())], key=lambda each: each[0])
    status = "best found" if callable(score) else "optimal"
    return SybilGain(int(attacker), int(identities), honest, alone[0], top[0], status, top[1])


def matrix(ratings: Any) -> Array:
    """Ratings as a full matrix, without what is said of oneself."""
    count, row, column, amount = entries(ratings)
    table = np.zeros((count, count))
    table[row, column] = amount
    return table


def reading(score: Score, seeds: Sequence[int] | None, restart: float) -> Callable[[Array, Sequence[int]], Array]:
    """The score of some, from ratings. Raises `InputError` for a flow without a source, and other names."""
    if callable(score):
        return lambda table, who: np.asarray(score(table), float)[list(who)]
    if score == "eigentrust":
        return lambda table, who: eigentrust(table, seeds, restart=restart)[list(who)]
    if score != "max flow":
        raise InputError(f"The score is {score!r}.", do='Give "eigentrust", "max flow", or a function of ratings.')
    if seeds is None:
        raise InputError("A flow has no source.", "Trust flows from somebody.", "Name seeds.")
    sources = sorted(set(seeds))
    return lambda table, who: np.array([np.mean([max_flow(table, one, k) for one in sources]) for k in who])
