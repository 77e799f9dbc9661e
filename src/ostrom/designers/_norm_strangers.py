"""Which norms last among strangers: in a large population that meets at random."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dynamics.indirect_reciprocity import NormPairs, stable_norms
from ._norm_found import Found, Search
from ._standings import RULES

ASSIGNMENT = 0.02
"""Odds of either error at which norms are judged where none is asked (Ohtsuki and Iwasa, 2004)."""


def donation(search: Search) -> tuple[float, float] | None:
    """Benefit and cost of the good move, where it is help: the same for both, whatever the other does."""
    pays = next(iter(search.stages.values())).floats.pays
    if len(search.stages) > 1 or len(search.place) != 2:
        return None
    (none, nor), (first, second), (third, fourth), (both, same) = pays.tolist()
    benefit, cost, slack = second - none, third - both, 1e-9 * float(np.ptp(pays))
    alike = (
        max(abs(first - fourth), abs(second - third), abs(both - same), abs(none - nor), abs(none - first - cost))
        <= slack
    )
    return (benefit, cost) if alike and benefit > cost > 0 else None


def strangers(search: Search) -> dict[str, Any] | None:
    """Which pairs are evolutionarily stable in a large population that meets at random; None for other games."""
    helping = donation(search)
    if helping is None:
        return None
    benefit, cost = helping
    odds = search.error or ASSIGNMENT
    pairs = stable_norms(benefit=benefit, cost=cost, execution=odds, assignment=odds, order=3)
    told = [(one, *_among(pairs, one)) for one in search.all]
    stable = [(one.norm, one.letters, round(share, 9)) for one, yes, share in told if yes]
    return {
        "benefit": benefit,
        "cost": cost,
        "error": odds,
        "stable": sorted(stable, key=lambda one: (-one[2], len(one[0]), one[:2])),
    }


def _among(pairs: NormPairs, one: Found) -> tuple[bool, float]:
    """Whether it is stable, and which share of `benefit - cost` is earned."""
    where = pairs.norms.index(one.norm[:4] + one.norm[-4:]), pairs.rules.index(RULES[one.rule])
    return bool(pairs.stable[where]), float(pairs.payoff[where] / pairs.most)
