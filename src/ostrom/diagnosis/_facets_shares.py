"""Who and what a facet is due to: Shapley values, exact for few switches, sampled with an interval beyond."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np

from ..core.forms.normal_form import NormalForm
from ..core.game import Array
from ..solvers.logit import logit_branch
from ._play import OWN, PURSUED, TIE, Aims, Play, expect, spread

EXACT = 6
"""Switches up to which all their combinations are worked out."""
ORDERS = 20
"""Random orders sampled beyond."""
PAIRS = 15
"""Pairs beyond which the inter-agent line is not told apart by pairs."""
T_975 = 2.093
"""The 97.5 % point of Student's t with ORDERS − 1 degrees of freedom."""

Worth = Callable[[frozenset[int]], float]
"""What a set of switched-on switches is worth."""


@dataclass(frozen=True)
class Share:
    """What one agent, or one pair, contributes to a facet.

    Attributes
    ----------
    facet : "intent", "capability" or "inter-agent".
    who : the agent, or the two principals.
    value : in mean welfare.
    margin : half the width of a 95 % interval over `orders` random orders of repair; 0 when worked out exactly.
    orders : how many orders were sampled; 0 when worked out exactly.
    """

    facet: str
    who: tuple[str, ...]
    value: float
    margin: float = 0.0
    orders: int = 0


def shapley(worth: Worth, count: int, seed: int) -> tuple[Array, Array, int]:
    """Shapley values `[count]`, half-widths of their 95 % intervals, and the number of orders sampled (0 if exact).

    The values sum to worth(all) − worth(none), exactly, sampled or not.
    """
    known = cache(worth)
    if count <= EXACT:
        return _exact(known, count), np.zeros(count), 0
    rng, gains = np.random.default_rng(seed), np.zeros((ORDERS, count))
    for row in gains:
        on: frozenset[int] = frozenset()
        for switch in rng.permutation(count).tolist():
            row[switch] = known(on | {switch}) - known(on)
            on |= {switch}
    return gains.mean(0), T_975 * gains.std(0, ddof=1) / math.sqrt(ORDERS), ORDERS


def _exact(worth: Worth, count: int) -> Array:
    values = np.zeros(count)
    for size in range(count):
        weight = 1 / (count * math.comb(count - 1, size))
        for on in map(frozenset, combinations(range(count), size)):
            for switch in set(range(count)) - on:
                values[switch] += weight * (worth(on | {switch}) - worth(on))
    return values


def agent_shares(play: Play, seed: int) -> tuple[Share, ...]:
    """Owen values of every agent's intent and capability, the unions being {intent_i}, {capability_i} and {as one}.

    A union enters as a whole before or after the others, so an agent's value is a Shapley value within its union, the
    other two switches averaged over their orders; the values of a union sum to its facet.
    """
    count, everyone = play.count, range(play.count)
    pursued, own = play.all(PURSUED), play.all(OWN)
    strayed = [i for i in everyone if pursued[i] != own[i]]
    clumsy = [] if math.isinf(play.precision) else list(everyone)

    def intent(mended: frozenset[int]) -> float:
        aims = tuple(own[i] if i in mended else pursued[i] for i in everyone)
        return averaged(lambda sharp, as_one: play.value(aims, (sharp,) * count, as_one))

    def capability(mended: frozenset[int]) -> float:
        sharp = tuple(i in mended for i in everyone)
        return averaged(lambda own_aims, as_one: play.value(own if own_aims else pursued, sharp, as_one))

    names = play.delegation.game.players
    found = []
    for facet, worth, live in (("intent", intent, strayed), ("capability", capability, clumsy)):
        values, margins, orders = shapley(_over(live, worth), len(live), seed)
        given = dict(zip(live, zip(values.tolist(), margins.tolist(), strict=True), strict=True))
        found += [Share(facet, (names[i],), *given.get(i, (0.0, 0.0)), orders if i in given else 0) for i in everyone]
    return tuple(found)


def pair_shares(play: Play, seed: int) -> tuple[tuple[Share, ...], float]:
    """What each pair contributes to the inter-agent line at λ = ∞, and what is left when all pairs are mended.

    A pair is mended when each of the two takes the other's utility into account (adds it to its own objective; a
    bystander has no move, so only the agent does). What is left is no matter of regard for each other: agents who all
    want the same still have to find it. Averaged over intent mended or not. More than `PAIRS` pairs that affect each
    other are not told apart: then there are no shares, and all is left.
    """
    aims = sorted({play.all(PURSUED), play.all(OWN)})
    sharp = (True,) * play.count
    line = float(np.mean([play.value(aim, sharp, True) - play.value(aim, sharp, False) for aim in aims]))
    tables = [play.objectives(aim) for aim in aims]
    everybody = range(len(play.delegation.principals))
    pairs = [pair for pair in combinations(everybody, 2) if _meet(tables, pair, play.count)]
    if len(pairs) > PAIRS:
        return (), line

    def worth(mended: frozenset[int]) -> float:
        chosen = [pairs[k] for k in sorted(mended)]
        return float(np.mean([_regarding(play, aim, chosen) for aim in aims]))

    names = play.delegation.principals
    if len(pairs) > EXACT and len(names) == play.count and all(map(_interchangeable, tables)):
        values, margins, orders = _in_equal_parts(worth, len(pairs))
    else:
        values, margins, orders = shapley(worth, len(pairs), seed)
    found = [
        Share("inter-agent", (names[i], names[j]), float(value), float(margin), orders)
        for (i, j), value, margin in zip(pairs, values, margins, strict=True)
    ]
    return tuple(found), line - float(values.sum())


def _interchangeable(table: Array) -> bool:
    """Whether exchanging any two neighbouring players changes nothing, so that all pairs are alike."""
    count = table.shape[-1]
    if len(set(table.shape[:-1])) > 1:
        return False
    slack = TIE * max(float(np.ptp(table)), 1e-300)
    for i in range(count - 1):
        order = [*range(i), i + 1, i, *range(i + 2, count)]
        if np.abs(np.swapaxes(table, i, i + 1)[..., order] - table).max() > slack:
            return False
    return True


def _in_equal_parts(worth: Worth, count: int) -> tuple[Array, Array, int]:
    """What `shapley` answers when all switches are alike: by symmetry each has the same part of the whole."""
    whole = worth(frozenset(range(count))) - worth(frozenset())
    return np.full(count, whole / count), np.zeros(count), 0


def averaged(worth: Callable[[bool, bool], float]) -> float:
    """The mean over which of the other two unions come first: none and both 1/3 each, one alone 1/6 each."""
    return (worth(False, False) + worth(True, True)) / 3 + (worth(True, False) + worth(False, True)) / 6


def _over(live: list[int], worth: Worth) -> Worth:
    return lambda on: worth(frozenset(live[k] for k in on))


def _meet(tables: list[Array], pair: tuple[int, int], players: int) -> bool:
    """Whether either of the two can affect the other by its own moves."""
    ways = [way for way in (pair, pair[::-1]) if way[0] < players]
    felt = [(table[..., other], mover) for table in tables for mover, other in ways]
    return any(spread(worth, mover) > TIE * max(float(np.ptp(worth)), 1e-300) for worth, mover in felt)


def _regarding(play: Play, aims: Aims, pairs: list[tuple[int, int]]) -> float:
    """Welfare at the end of the logit branch when the pairs take each other into account."""
    table = play.objectives(aims)
    felt = table[..., : play.count].copy()
    for i, j in pairs:
        for one, other in ((i, j), (j, i)):
            if one < play.count:
                felt[..., one] += table[..., other]
    return expect(play.worth, logit_branch(NormalForm(felt)).at(math.inf))
