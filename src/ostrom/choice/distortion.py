"""How much welfare a choice can lose because ballots only rank: utilitarian and metric distortion."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from ..core.errors import InputError
from ..core.forms.ballots import Ballots
from ._counted import require_ballots
from ._distortion_bounds import Table, farthest, tiers_of, worst_utilities

Tied = Literal["equal", "free"]
"""Whether alternatives in one place of a ballot are worth the same to its voters, or may be worth anything there."""


@dataclass(frozen=True)
class Distortion:
    """Of each alternative: how many times better the best could be, at worst, for all that the ballots say.

    Attributes
    ----------
    notion : "utilitarian" (utilities of each voter add up to 1) or "metric" (costs are distances).
    values : of each alternative, at least 1; `math.inf` where there is no bound. Utilitarian ones are fractions.
    rivals : for each, the one that is so much better at worst.
    witnesses : for each, the utilities, or the distances, of each ballot's voters at which it is, `[B][m]`.
    winners : the alternatives with the least distortion: the instance-optimal choice.
    """

    notion: Literal["utilitarian", "metric"]
    alternatives: tuple[str, ...]
    values: tuple[Any, ...]
    rivals: tuple[str, ...]
    witnesses: tuple[Table, ...]
    winners: tuple[str, ...]

    def of(self, *winners: str) -> Any:
        """The distortion of what wins: the worst of those tied. `ValueError` for what is no alternative."""
        return max(self.values[self.alternatives.index(one)] for one in winners)


@dataclass(frozen=True)
class WelfareShare:
    """What a rule's winners are worth at given utilities, and what the best alternatives are.

    Attributes
    ----------
    welfare, least : the mean of the tied winners, and the worst of them. best : of the best alternatives.
    share : `welfare / best`; 1 where nothing is worth anything.
    """

    winners: tuple[str, ...]
    optimal: tuple[str, ...]
    welfare: float
    least: float
    best: float

    @property
    def share(self) -> float:
        """The share of the best welfare that the rule reaches."""
        return self.welfare / self.best if self.best else 1.0


def distortion(ballots: Ballots, *, tied: Tied = "equal") -> Distortion:
    """The worst ratio of the best welfare to each alternative's, over all utilities that fit the ballots.

    Utilities are at least 0 and add up to 1 for each voter (Procaccia and Rosenschein 2006). As a rule, this chooses
    what has the least distortion (Boutilier et al. 2015). Exact, in fractions: at worst each ballot's voters share 1
    equally among some of the best, and the ratio rises from rival to rival until none betters it (Dinkelbach 1967).

    Parameters
    ----------
    ballots : what a ballot does not mention is worth anything, up to what it mentions last.
    tied : "equal" or "free", for alternatives in one place.

    Examples
    --------
    >>> found = distortion(Ballots.of({"a > b": 2, "b > a": 1}))
    >>> found.values, found.winners
    ((Fraction(2, 1), Fraction(5, 1)), ('a',))
    """
    return _of_each("utilitarian", ballots, tied, worst_utilities)


def metric_distortion(ballots: Ballots, *, tied: Tied = "equal") -> Distortion:
    """The worst ratio of each alternative's sum of distances to the least, over all metrics that fit the ballots
    (Anshelevich, Bhardwaj and Postl 2015), by a linear program for each pair; as a rule, the choice with the least.

    The least is at most 3 at any strict ballots (Gkatzelis, Halpern and Shah 2020). Parameters as for `distortion`;
    alternatives not mentioned are anywhere beyond those that are. Raises `TooLarge` for more than 200,000 rows.

    Examples
    --------
    >>> [round(value, 6) for value in metric_distortion(Ballots.of({"a > b": 2, "b > a": 1})).values]
    [2.0, 5.0]
    """
    return _of_each("metric", ballots, tied, farthest)


def welfare_share(
    rule: Callable[[Ballots], Any],
    utilities: Any,
    alternatives: Sequence[str] | None = None,
    *,
    counts: Any = None,
) -> WelfareShare:
    """What a rule reaches of the best sum of utilities, when all cast sincere ballots.

    Parameters
    ----------
    rule : from `Ballots` to something with `winners`.
    utilities : `[B, m]`, of 0 or more. counts : `[B]`, how many have each.

    Raises `InputError` for negative utilities, and what is no table.

    Examples
    --------
    >>> from ostrom.choice import plurality
    >>> welfare_share(plurality, [[6, 4, 0], [6, 4, 0], [0, 5, 5], [0, 6, 4]]).share
    0.631578947368421
    """
    ballots = Ballots.from_utilities(utilities, counts, alternatives)
    table = np.asarray(utilities, float)
    if (table < 0).any():
        raise InputError(
            f"A utility of {table.min():g}.", "Shares of welfare need numbers of 0 or more.", "Raise them."
        )
    sums = dict(zip(ballots.alternatives, (ballots.counts @ table).tolist(), strict=True))
    winners, best = tuple(rule(ballots).winners), max(sums.values())
    reached = [sums[one] for one in winners]
    optimal = tuple(one for one, worth in sums.items() if worth == best)
    return WelfareShare(winners, optimal, math.fsum(reached) / len(reached), min(reached), best)


def _of_each(
    notion: Literal["utilitarian", "metric"], ballots: Ballots, tied: Tied, worst: Callable[..., tuple[Any, int, Table]]
) -> Distortion:
    if tied not in ("equal", "free"):
        raise InputError(f"tied={tied!r}.", do='Say "equal" or "free".')
    require_ballots(ballots)
    tiers = tiers_of(ballots.ranks.tolist(), tied == "free")
    names, weights = ballots.alternatives, ballots.counts.tolist()
    found = [worst(tiers, weights, k, len(names)) for k in range(len(names))]
    values = tuple(value for value, _, _ in found)
    least = min(values)
    near = least if isinstance(least, Fraction) else least + 1e-9
    winners = tuple(name for name, value in zip(names, values, strict=True) if value <= near)
    rivals = tuple(names[rival] for _, rival, _ in found)
    return Distortion(notion, names, values, rivals, tuple(table for _, _, table in found), winners)
