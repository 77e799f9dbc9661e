"""Opinions of everybody about everybody: simulated one by one, and as a distribution of goodness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.game import Array

GRID, STEPS, PAUSE, SETTLED = 801, 20_000, 50, 1e-12
Errors = tuple[float, float, float]
"""Odds of noise, of failed help, and of a wrong judgement."""


@dataclass(frozen=True, eq=False)
class Letters:
    """A norm `bool[own, met, did]`, and action rules `bool[S, own, met]`."""

    verdicts: Array
    acts: Array

    @staticmethod
    def of(norm: str, rules: tuple[str, ...]) -> Letters:
        """Read them; `InputError` for other letters."""
        if not rules or isinstance(rules, str):
            raise InputError(f"The rules are {rules!r}.", do='Give at least one, as ("DC",).')
        verdicts = _bits(norm, "norm", "BG", 4).reshape(2, 2, 2)
        return Letters(verdicts, np.stack([_bits(rule, "action rule", "DC", 2).reshape(2, 2) for rule in rules]))

    @property
    def third_order(self) -> bool:
        """Whether the donor's own standing counts."""
        return bool((self.verdicts[0] != self.verdicts[1]).any() or (self.acts[:, 0] != self.acts[:, 1]).any())


def checked_odds(**odds: float) -> Errors:
    """Odds of errors, in order; `InputError` for those that are none."""
    for name, value in odds.items():
        if not 0 <= value <= 0.5:
            raise InputError(
                f"{name}={value!r} is no odds of an error.", "Errors are less frequent than not.", "Give 0 to 1/2."
            )
    return odds["noise"], odds["execution"], odds["assignment"]


def _bits(letters: str, kind: str, two: str, least: int) -> Array:
    if not isinstance(letters, str) or len(letters) not in (least, 2 * least) or set(letters) - set(two):
        raise InputError(
            f"{letters!r:.60} is no {kind}.",
            f"It has {least} or {2 * least} letters, each {two[0]} or {two[1]}.",
            f"One is {'GBBG' if least == 4 else 'DC'!r}.",
        )
    once = np.array([letter == two[1] for letter in letters])
    return once if len(once) == 2 * least else np.tile(once, 2)


def simulated(
    letters: Letters, counts: Array, seen: float, errors: Errors, span: tuple[int, int], seed: int
) -> tuple[Array, Array, Array, Array]:
    """How often each rule gives and gets (`float[R, S]`), how many think well of it, and agreement `float[R]`."""
    rng, (runs, kinds) = np.random.default_rng(seed), counts.shape
    size, first = int(counts[0].sum()), span[0]
    kind = np.stack([np.repeat(np.arange(kinds), row) for row in counts])  # [R, N]
    verdicts, acts = letters.verdicts.ravel(), letters.acts.reshape(kinds, 4)
    run, who = np.arange(runs)[:, None], np.arange(size)
    opinion = np.ones((runs, size, size), bool)  # [run, who thinks, of whom]
    gives, gets, good = np.zeros((3, runs, size))
    agreement = np.zeros(runs)
    for time in range(span[1]):
        met = (who + rng.integers(1, size, (runs, size))) % size
        own, other = opinion[run, who, who], opinion[run, who, met]
        helps = acts[kind, 2 * own + other] & (rng.random((runs, size)) >= errors[1])
        if time >= first:
            gives += helps
            np.add.at(gets, (np.broadcast_to(run, met.shape), met), helps)
            others = opinion.sum(1) - own
            good += others
            agreement += _agreement(others, size)
        opinion = _judged(rng, opinion, met, helps, verdicts, seen, errors)
    many = counts * (span[1] - first)
    chosen = kind[:, None, :] == np.arange(kinds)[:, None]  # [R, S, N]
    with np.errstate(invalid="ignore", divide="ignore"):
        gives, gets, good = (
            np.where(many > 0, (chosen * each[:, None]).sum(-1) / many, np.nan)
            for each in (gives, gets, good / max(size - 1, 1))
        )
    return gives, gets, good, agreement / (span[1] - first) if size > 2 else np.full(runs, np.nan)


def _judged(
    rng: np.random.Generator, opinion: Array, met: Array, helps: Array, verdicts: Array, seen: float, errors: Errors
) -> Array:
    """Everybody's opinions after a round."""
    runs, size, _ = opinion.shape
    who = np.arange(size)
    of_met = np.take_along_axis(opinion, np.broadcast_to(met[:, None], opinion.shape), 2)
    did = np.broadcast_to(helps[:, None], opinion.shape)
    if errors[0]:
        mistaken = rng.random(opinion.shape) < errors[0]
        mistaken[:, who, who] = False
        did = did ^ mistaken
    judged = verdicts[4 * opinion + 2 * of_met + did]
    if errors[2]:
        judged ^= rng.random(opinion.shape) < errors[2]
    if seen == 1:
        return judged
    sees = rng.random(opinion.shape) < seen
    sees[:, who, who] = True
    sees[np.arange(runs)[:, None], met, who] = True
    return np.where(sees, judged, opinion)


def _agreement(others: Array, size: int) -> Array:
    """How often two of the N - 1 others think the same of one, of whom so many think well; the mean over all."""
    total = size - 1
    bad = total - others
    return (others * (others - 1) + bad * (bad - 1)).mean(-1) / max(total * (total - 1), 1)


def mean_field(letters: Letters, shares: Array, errors: Errors) -> tuple[Array, Array, Array, Array]:
    """The same for an endless population in which all see everything."""
    noise, failed, wrong = errors
    verdict = wrong + (1 - 2 * wrong) * letters.verdicts[1]  # [met, did]
    judged = (1 - noise) * verdict + noise * verdict[:, ::-1]
    points = np.linspace(0, 1, GRID)
    after = points[:, None] * judged[1] + (1 - points)[:, None] * judged[0]  # goodness [G, did]
    acts = letters.acts[:, 1].astype(float)
    helps = (1 - failed) * (points * acts[:, 1:] + (1 - points) * acts[:, :1])  # [S, G]
    spared, helped = (_spread(after[:, did]) for did in (0, 1))
    often = shares @ helps  # [M, G]
    mass, change = np.zeros((len(shares), GRID)), np.inf
    mass[:, -1] = 1.0
    for step in range(1, STEPS + 1):
        new = (mass * often) @ helped + (mass * (1 - often)) @ spared
        change, mass = abs(new - mass).sum(1).max(), new
        if change < SETTLED:
            break
        if step % PAUSE == 0:
            mass = (mass + (mass * often) @ helped + (mass * (1 - often)) @ spared) / 2  # what goes to and fro
    if change >= SETTLED:
        raise InputError(
            f"Goodness has not settled after {STEPS:,} rounds.",
            "Where errors hardly ever happen, opinions take that long to come to rest.",
            "Give larger odds of errors, or simulate with private_assessment.",
        )
    each = mass[:, None] * helps  # [M, S, G]
    gives = each.sum(-1)
    good = each @ after[:, 1] + (mass[:, None] - each) @ after[:, 0]
    to_good, to_bad = ((shares @ ((1 - failed) * acts[:, met]))[:, None] for met in (1, 0))
    gets = to_good * good + to_bad * (1 - good)
    alike = mass @ (points**2 + (1 - points) ** 2)
    return gives, gets, good, alike


def _spread(targets: Array) -> Any:
    """A sparse matrix that moves mass to these goodnesses, split between the grid's points on either side."""
    from scipy.sparse import csr_array

    place = np.clip(targets, 0, 1) * (GRID - 1)
    low = np.minimum(place.astype(int), GRID - 2)
    high = place - low
    rows = np.arange(GRID)
    values, columns = np.concatenate([1 - high, high]), np.concatenate([low, low + 1])
    return csr_array((values, (np.concatenate([rows, rows]), columns)), shape=(GRID, GRID))
