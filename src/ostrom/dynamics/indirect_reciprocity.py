"""Indirect reciprocity: who helps whom when help is repaid by others, because of the standing that it gives.

Strangers meet in an endless population, one as donor and one as recipient, each in good or bad public standing. An
*action rule* says whom a donor helps; a *norm* judges the donor by what it did, to whom, and by its own standing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from ..core.errors import InputError
from ..core.game import Array

BAD, GOOD = 0, 1
TIE = 1e-9
"""A mutant whose payoff is this near to the residents' is not worse than they are."""
HALVINGS = 60


@dataclass(frozen=True)
class Standing:
    """What becomes of a population of action rules under a norm.

    Attributes
    ----------
    good : `float[..., S]`, how many of those with each rule are in good standing.
    payoff : `float[..., S]`, of one round as donor and one as recipient.
    cooperation : `float[...]`, how often a donor helps.
    """

    good: Array
    payoff: Array
    cooperation: Array


@dataclass(frozen=True, eq=False)
class NormPairs:
    """Every pair of a norm and an action rule that all follow, and whether any other action rule can invade it.

    Attributes
    ----------
    norms, rules : in letters, N and M of them.
    good, payoff : `float[N, M]`, of a population in which all have one rule.
    margin : `float[N, M]`, by how much it does better than the best mutant; `best` : `int[N, M]`, that mutant's rule.
    most : payoff if all always helped and no help failed, `benefit - cost`.
    """

    norms: tuple[str, ...]
    rules: tuple[str, ...]
    good: Array = field(repr=False)
    payoff: Array = field(repr=False)
    margin: Array = field(repr=False)
    best: Array = field(repr=False)
    most: float

    @property
    def stable(self) -> Array:
        """`bool[N, M]`: strictly evolutionarily stable among the action rules."""
        return self.margin > TIE

    def leading(self, share: float = 0.94) -> tuple[tuple[str, str, float], ...]:
        """`(norm, rule, payoff)` of the stable pairs that earn at least this share of `most`, the best first."""
        there = np.argwhere(self.stable & (self.payoff >= share * self.most))
        found = [(self.norms[n], self.rules[m], float(self.payoff[n, m])) for n, m in there]
        return tuple(sorted(found, key=lambda one: (-round(one[2], 9), one[:2])))


def standing(
    norm: str,
    rules: tuple[str, ...],
    shares: Array,
    *,
    benefit: float,
    cost: float,
    execution: float = 0.0,
    assignment: float = 0.0,
    perception: float = 0.0,
) -> Standing:
    """Standings and payoffs once judgements have settled, in a population with these shares of action rules.

    Parameters
    ----------
    norm : "G" or "B" for (to bad: D, C; to good: D, C), as in `institutions.Reputation`; or eight letters, those for
        donors in bad standing first ("GBBG" is "GBBGGBBG").
    rules : "D" or "C" for (to bad, to good), or four letters, those for donors in bad standing first ("DC" is "DCDC").
    shares : `float[..., S]`, of the rules, rows of sum 1; any number of populations at once.
    benefit, cost : of help, in units of payoff.
    execution : odds that help fails; `assignment` : that a judgement is the wrong one; `perception` : that a donor
        takes the recipient's standing for the other one. 0 to 1/2.

    Where judgements could settle in several ways, it is the one with the most in good standing (Ohtsuki and Iwasa,
    2004, where all have one rule and there is only one; Santos, Santos and Pacheco, 2016, for mixtures).

    Raises `InputError` for letters, shares or odds that are none.
    """
    judged, acts = _norm(norm), np.stack([_rule(rule) for rule in rules])
    shares = np.asarray(shares, float)
    if shares.shape[-1:] != (len(rules),) or not (shares >= 0).all() or not np.allclose(shares.sum(-1), 1):
        raise InputError(
            f"Shares of shape {shares.shape}, from {shares.min(initial=0):g}, are to be those of {len(rules)} rules.",
            "Shares are at least 0, one for each rule in the last axis, and sum to 1.",
            "Give one row for each population.",
        )
    errors = _checked(execution=execution, assignment=assignment, perception=perception)
    return _settled(judged, acts, shares, benefit, cost, errors)


def stable_norms(
    *, benefit: float = 2.0, cost: float = 1.0, execution: float = 0.02, assignment: float = 0.02, order: int = 3
) -> NormPairs:
    """All norms with all action rules: 256 × 16 of the third order, 16 × 4 of the second (donor's own standing unseen).

    The eight pairs that keep cooperation best are the leading eight of Ohtsuki and Iwasa (2004); each has a mirror
    image in which good is called bad.

    Raises `InputError` for another order, or odds that are none.
    """
    if order not in (2, 3):
        raise InputError(
            f"order={order} is not there.",
            "A norm of order 2 looks at the recipient's standing, and of order 3 at the donor's own as well.",
            "Give 2 or 3.",
        )
    bits = 2 ** (order - 2)
    norms = tuple("".join(letters) for letters in product("BG", repeat=4 * bits))
    rules = tuple("".join(letters) for letters in product("DC", repeat=2 * bits))
    judged, acts = np.stack([_norm(norm) for norm in norms]), np.stack([_rule(rule) for rule in rules])
    errors = _checked(execution=execution, assignment=assignment, perception=0.0)
    alone = np.eye(len(rules))
    found = _settled(judged[:, None], acts, alone, benefit, cost, errors)  # [N, resident, rule]
    residents = np.diagonal(found.payoff, axis1=-2, axis2=-1)
    mutants = np.where(alone == 1, -np.inf, found.payoff)
    good = np.diagonal(found.good, axis1=-2, axis2=-1)
    return NormPairs(norms, rules, good, residents, residents - mutants.max(-1), mutants.argmax(-1), benefit - cost)


def mirrored(norm: str, rule: str) -> tuple[str, str]:
    """The same norm and action rule with good called bad."""
    judged, act = _norm(norm)[::-1, ::-1], _rule(rule)[::-1, ::-1]
    letters = np.where(judged, "B", "G").ravel(), np.where(act, "C", "D").ravel()
    return "".join(letters[0])[: len(norm)], "".join(letters[1])[: len(rule)]


def _settled(
    judged: Array, acts: Array, shares: Array, benefit: float, cost: float, errors: tuple[float, float, float]
) -> Standing:
    """As `standing`, with norms `bool[..., own, met, did]` and rules `bool[S, own, met]`."""
    execution, assignment, perception = errors
    helps = (1 - execution) * ((1 - perception) * acts + perception * acts[..., ::-1])  # [S, own, met]
    judged = assignment + (1 - 2 * assignment) * judged[..., None, :, :, :]  # [..., 1, own, met, did]
    praised = helps * judged[..., 1] + (1 - helps) * judged[..., 0]  # [..., S, own, met]

    def good_of(everybody: Array) -> Array:
        """How many are good of each rule, where so many of all are: they come and go; where nobody does, all are."""
        stays = _met(praised, everybody[..., None, None])
        leave = 1 - stays[..., GOOD] + stays[..., BAD]
        return np.where(leave > 0, stays[..., BAD] / np.where(leave > 0, leave, 1.0), 1.0)

    def excess(everybody: Array) -> Array:
        return (shares * good_of(everybody)).sum(-1) - everybody

    everybody = _highest_root(excess, np.broadcast_shapes(shares.shape[:-1], praised.shape[:-3]))
    good = good_of(everybody)
    gives = _own(_met(helps, everybody[..., None, None]), good)
    donors = (shares[..., None, None] * np.stack([1 - good, good], -1)[..., None] * helps).sum((-3, -2))  # [..., met]
    gets = donors[..., None, BAD] * (1 - good) + donors[..., None, GOOD] * good
    return Standing(good, benefit * gets - cost * gives, (shares * gives).sum(-1))


def _met(by_met: Array, good: Array) -> Array:
    """The mean over recipients of whom so many are good."""
    return by_met[..., BAD] * (1 - good) + by_met[..., GOOD] * good


def _own(by_own: Array, good: Array) -> Array:
    return by_own[..., BAD] * (1 - good) + by_own[..., GOOD] * good


def _highest_root(excess: Callable[[Array], Array], shape: tuple[int, ...]) -> Array:
    """Where `excess` on [0, 1], which begins at 0 or above and ends at 0 or below, first changes sign from above."""
    grid = np.linspace(0.0, 1.0, 65)
    low = np.zeros(shape)
    for point in grid:
        low = np.where(excess(np.full(shape, point)) >= 0, point, low)
    high = np.minimum(low + grid[1], 1.0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        above = excess(middle) >= 0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return low


def _norm(letters: str) -> Array:
    """`bool[own, met, did]`, whether it is good."""
    return _bits(letters, "norm", "BG", 4).reshape(2, 2, 2)


def _rule(letters: str) -> Array:
    """`bool[own, met]`, whether it helps."""
    return _bits(letters, "action rule", "DC", 2).reshape(2, 2)


def _bits(letters: str, kind: str, two: str, least: int) -> Array:
    if not isinstance(letters, str) or len(letters) not in (least, 2 * least) or set(letters) - set(two):
        raise InputError(
            f"{letters!r:.60} is no {kind}.",
            f"It has {least} or {2 * least} letters, each {two[0]} or {two[1]}.",
            f"One is {'GBBG' if least == 4 else 'DC'!r}.",
        )
    once = np.array([letter == two[1] for letter in letters])
    return once if len(once) == 2 * least else np.tile(once, 2)


def _checked(**odds: float) -> tuple[float, float, float]:
    for name, value in odds.items():
        if not 0 <= value <= 0.5:
            raise InputError(
                f"{name}={value!r} is no odds of an error.", "Errors are less frequent than not.", "Give 0 to 1/2."
            )
    return odds["execution"], odds["assignment"], odds["perception"]
