"""Indirect reciprocity where everybody has its own opinion of everybody, from what it saw itself, with errors.

Opinions that differ make people judge the same deed differently, and so can drift further apart: norms that keep up
cooperation where standings are public can fail here. `indirect_reciprocity` has the public case.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.errors import InputError, TooLarge
from ..core.game import Array
from ._opinions import Letters, checked_odds, mean_field, simulated

LEADING_EIGHT = (
    ("BGBGGGBG", "CCDC"),
    ("BGBGGBBG", "CCDC"),
    ("GGBGGGBG", "DCDC"),
    ("GBBGGGBG", "DCDC"),
    ("GGBGGBBG", "DCDC"),
    ("GBBGGBBG", "DCDC"),
    ("BBBGGGBG", "DCDC"),
    ("BBBGGBBG", "DCDC"),
)
"""L1 to L8: norms and action rules (Ohtsuki and Iwasa, 2004; numbered as by Hilbe et al., 2018).

L3 is simple standing, L6 stern judging.
"""
MOST_WORK = 4e9


@dataclass(frozen=True)
class Opinions:
    """What becomes of populations in which opinions are private.

    Attributes
    ----------
    good : `float[..., S]`, how many of the others think well of one with each rule; NaN where there are no others.
    payoff : `float[..., S]`, of one round as donor and one as recipient; NaN where nobody has the rule.
    cooperation : `float[...]`, how often a donor helps.
    agreement : `float[...]`, how often two think the same of a third; NaN for fewer than three.
    """

    good: Array
    payoff: Array
    cooperation: Array
    agreement: Array


@dataclass(frozen=True)
class Resistance:
    """Whether those who help whom they think well of (discriminators) are invaded, where all see everything.

    Attributes
    ----------
    good : how many think well of a discriminator among discriminators.
    always, never : how many think well of a single one who always helps, or never.
    cooperation : how often a discriminator helps.
    low, high : they do strictly better than both of these if and only if low < benefit / cost < high; low is infinite
        where no benefit is enough against those who never help.
    """

    good: float
    always: float
    never: float
    cooperation: float
    low: float
    high: float

    @property
    def possible(self) -> bool:
        """Whether there is such a benefit; a range of less than a millionth is none."""
        return self.high - self.low > 1e-6 * self.low if self.low < np.inf else False


def private_assessment(
    norm: str,
    rules: tuple[str, ...],
    counts: Array,
    *,
    benefit: float,
    cost: float,
    seen: float = 1.0,
    noise: float = 0.0,
    execution: float = 0.0,
    assignment: float = 0.0,
    rounds: int = 500,
    settling: int = 100,
    seed: int,
) -> Opinions:
    """Simulate populations in which everybody keeps its own opinion of everybody.

    In a round everybody is donor once, all at the same time, to another one drawn evenly, and helps or not by its own
    opinions of that one and of itself. Then everybody judges those donors it saw, by the norm and by its opinions of
    donor and recipient before the round. The two who meet see each other in any case, and a donor makes no error about
    what it did itself. All begin with good opinions of all. The same seed gives the same opinions.

    Parameters
    ----------
    norm, rules : in letters, as for `standing`; all judge by the norm, whatever their rule.
    counts : `int[..., S]`, how many have each rule; any number of populations of one size N at once.
    benefit, cost : of help, in units of payoff.
    seen : odds that a deed is seen, for each onlooker by itself.
    noise : odds that who sees a deed takes it for its opposite; `execution` : that help fails; `assignment` : that a
        judgement is the wrong one. 0 to 1/2, each time anew.
    rounds : that are played, after the first `settling` of which averages are taken.
    seed : of the dice.

    Source: Hilbe, Schmid, Tkadlec, Chatterjee and Nowak (2018), where one donor acts at a time.

    Raises `InputError` for letters, counts or odds that are none, and `TooLarge` for too many populations and rounds.
    """
    letters = Letters.of(norm, rules)
    table = np.asarray(counts)
    sizes = table.sum(-1) if table.ndim else table
    fits = table.dtype.kind in "iu" and table.shape[-1:] == (len(rules),) and (table >= 0).all() and table.size > 0
    if not fits or sizes.min() != sizes.max() or sizes.min() < 2:
        raise InputError(
            f"The counts are {str(counts)[:60]}.",
            f"They say how many have each of {len(rules)} rules, and all populations have the same size, 2 or more.",
            "Give int[..., S], rows of the same sum.",
        )
    if not 0 <= seen <= 1 or not 0 <= settling < rounds:
        raise InputError(
            f"seen={seen!r}, rounds={rounds!r} and settling={settling!r} were given.",
            "What is seen has odds from 0 to 1, and averages are taken over rounds after those of settling.",
            "Give such numbers.",
        )
    errors = checked_odds(noise=noise, execution=execution, assignment=assignment)
    flat, size = table.reshape(-1, len(rules)), int(sizes.flat[0])
    if len(flat) * size**2 * rounds > MOST_WORK:
        raise TooLarge(
            f"{len(flat):,} populations of {size:,} in {rounds:,} rounds are too many opinions.",
            f"Up to {MOST_WORK:,.0f} are followed.",
            "Take fewer rounds, or smaller populations.",
        )
    found = simulated(letters, flat, seen, errors, (settling, rounds), seed)
    shape = table.shape[:-1]
    gives, gets, good, agreement = found
    payoff = benefit * gets - cost * gives
    share = (flat * np.nan_to_num(gives)).sum(-1) / size
    return Opinions(
        good.reshape(table.shape), payoff.reshape(table.shape), share.reshape(shape), agreement.reshape(shape)
    )


def private_mean_field(
    norm: str,
    rules: tuple[str, ...],
    shares: Array,
    *,
    benefit: float,
    cost: float,
    noise: float = 0.0,
    execution: float = 0.0,
    assignment: float = 0.0,
) -> Opinions:
    """The same in an endless population in which all see everything, for norms of the second order; nothing is sampled.

    Of a donor who met somebody of whom a share p thinks well, a share a·p + b thinks well afterwards, with a and b by
    what it did: goodness goes from recipients to donors, and its distribution settles. It is kept on a grid of 801
    points, between which its mass is shared so that means stay exact.

    Parameters as of `private_assessment` and `standing`; `shares` is `float[..., S]`, rows of sum 1.

    Source: Uchida and Sasaki (2013); Fujimoto and Ohtsuki (2022, 2023).

    Raises `InputError` for norms and rules of the third order, shares or odds that are none.
    """
    letters = Letters.of(norm, rules)
    if letters.third_order:
        raise InputError(
            f"{norm!r} with {rules} looks at the donor's own standing.",
            "What two think of donor and recipient then hangs together, and there is no recursion in one share.",
            "Simulate it with private_assessment.",
        )
    shares = np.asarray(shares, float)
    if shares.shape[-1:] != (len(rules),) or not (shares >= 0).all() or not np.allclose(shares.sum(-1), 1):
        raise InputError(
            f"Shares of shape {shares.shape} are to be those of {len(rules)} rules.",
            "Shares are at least 0, one for each rule in the last axis, and sum to 1.",
            "Give one row for each population.",
        )
    errors = checked_odds(noise=noise, execution=execution, assignment=assignment)
    gives, gets, good, agreement = mean_field(letters, shares.reshape(-1, len(rules)), errors)
    payoff = (benefit * gets - cost * gives).reshape(shares.shape)
    share = (shares.reshape(-1, len(rules)) * gives).sum(-1)
    shape = shares.shape[:-1]
    return Opinions(good.reshape(shares.shape), payoff, share.reshape(shape), agreement.reshape(shape))


def resistance(norm: str, *, noise: float = 0.0, execution: float = 0.0, assignment: float = 0.0) -> Resistance:
    """For which benefits discriminators resist those who always help and those who never do, opinions being private.

    With goodness g of a resident, g₁ of one who always helps and g₀ of one who never does, a resident earns
    (b - c)(1 - e)g, and those b(1 - e)g₁ - c(1 - e) and b(1 - e)g₀. So it takes g/(g - g₀) < b/c < (1 - g)/(g₁ - g).

    Parameters as of `private_mean_field`; the norm has four letters.
    """
    odds = {"noise": noise, "execution": execution, "assignment": assignment}
    found = private_mean_field(norm, ("DC", "CC", "DD"), np.eye(3)[0], benefit=1.0, cost=0.0, **odds)
    good, always, never = (float(g) for g in found.good)
    apart = 1e-9
    low = good / (good - never) if good - never > apart else np.inf
    high = (1 - good) / (always - good) if always - good > apart else np.inf
    return Resistance(good, always, never, float(found.cooperation), low, high)
