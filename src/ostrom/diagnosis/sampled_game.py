"""A game known from samples: payoffs with intervals, what to sample next, and how likely each joint move is stable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..core.claim import Finding
from ..core.errors import InputError, TooLarge
from ..core.forms.normal_form import NormalForm
from ..core.game import Array
from ._log_intervals import t_quantile

PROFILES, TABLES = 20_000, 2_000
LEAST = 3
"""Samples of every joint move before anything is said."""

OPEN = (0.05, 0.95)
"""Probabilities between which it is open whether a joint move is an equilibrium."""

SOURCE = "Empirical game-theoretic analysis (Wellman 2006); sampling where it decides (Jordan et al. 2008)."


@dataclass(frozen=True, eq=False)
class SampledGame:
    """Estimates of a game's payoffs.

    Attributes
    ----------
    game : the table of means. counts : `int[A_1, …, A_P]`, samples of each joint move.
    margins : `float[A_1, …, A_P, P]`, half the width of each mean's 95 % interval.
    probability : `float[A_1, …, A_P]`, how likely each joint move is an equilibrium up to `slack`, given the samples:
        the share of tables drawn from what is left open (Student's t about each mean) in which it is.
    slack : gains that count as none. settled : whether no joint move is left open.
    """

    game: NormalForm
    counts: Array = field(repr=False)
    margins: Array = field(repr=False)
    probability: Array = field(repr=False)
    slack: float
    settled: bool

    @property
    def equilibria(self) -> tuple[tuple[tuple[str, ...], float], ...]:
        """Joint moves with the probability of being an equilibrium, likeliest first; none below one in a hundred."""
        places = sorted(
            map(tuple, np.argwhere(self.probability >= 0.01).tolist()), key=lambda at: -self.probability[at]
        )
        return tuple((self.game.labels(at), float(self.probability[at])) for at in places)

    def next(self, count: int = 1) -> tuple[tuple[str, ...], ...]:
        """The joint moves to sample next: where a wide interval stands beside an equilibrium that is still open."""
        weight = _urgency(self.probability, self.margins)
        best = np.argsort(-weight, axis=None, kind="stable")[:count]
        return tuple(self.game.labels(tuple(int(k) for k in np.unravel_index(at, weight.shape))) for at in best)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is likely to be stable, and what to sample next."""
        total = int(self.counts.sum())
        if not self.equilibria:
            said = f"After {total:,} samples no joint move is likely to be an equilibrium."
        else:
            told = "; ".join(f"({', '.join(labels)}) {odds:.0%}" for labels, odds in self.equilibria[:4])
            said = f"After {total:,} samples these may be equilibria, with the probability that they are: {told}."
        if not self.settled:
            said += f" To know better, sample ({', '.join(self.next()[0])}) next."
        return (Finding("sampled game", said, self.game.players, {"samples": total}, SOURCE),)


def sampled_game(
    simulate: Callable[[tuple[int, ...], int], Sequence[float]],
    moves: Sequence[Sequence[str]],
    *,
    samples: int = 2_000,
    slack: float = 0.0,
    seed: int = 0,
    players: Sequence[str] | None = None,
    name: str = "sampled game",
) -> SampledGame:
    """Sample a simulator where it decides which joint moves are equilibria.

    Every joint move is sampled three times; then always those whose intervals matter most to what is still open, until
    nothing is or the samples are used up.

    Parameters
    ----------
    simulate : `(joint move as numbers, seed) -> one payoff per player`; every call gets a seed of its own.
    moves : for each player the names of its moves. samples : at most so many calls. slack : gains that count as none.

    Raises
    ------
    InputError : fewer samples than three for each joint move, or a simulator that does not return finite payoffs.
    TooLarge : more than 20,000 joint moves.
    """
    sizes = tuple(len(own) for own in moves)
    joint, count = int(np.prod(sizes)), len(sizes)
    if joint > PROFILES:
        raise TooLarge(f"{name} has {joint:,} joint moves.", f"At most {PROFILES:,} are sampled.", "Give fewer moves.")
    if samples < LEAST * joint:
        raise InputError(
            f"{samples:,} samples for {joint:,} joint moves.", "Each is sampled at least three times.", "Give more."
        )
    seeds = np.random.SeedSequence(seed)
    sums, squares, counts = (np.zeros((*sizes, count)), np.zeros((*sizes, count)), np.zeros(sizes, int))

    def call(at: tuple[int, ...]) -> None:
        paid = _paid(simulate, at, int(seeds.spawn(1)[0].generate_state(1)[0]), count)
        sums[at] += paid
        squares[at] += paid**2
        counts[at] += 1

    for at in np.ndindex(*sizes):
        for _ in range(LEAST):
            call(at)
    found = _estimated(sums, squares, counts, moves, players, name, slack, seed)
    while not found.settled and counts.sum() < samples:
        weight = _urgency(found.probability, found.margins)
        for flat in np.argsort(-weight, axis=None, kind="stable")[: max(1, joint // 8)]:
            at = tuple(int(k) for k in np.unravel_index(flat, sizes))
            for _ in range(min(max(1, counts[at] // 4), samples - int(counts.sum()))):
                call(at)
        found = _estimated(sums, squares, counts, moves, players, name, slack, seed)
    return found


def _paid(simulate: Any, at: tuple[int, ...], seed: int, count: int) -> Array:
    paid = np.asarray(simulate(at, seed), float)
    if paid.shape != (count,) or not np.isfinite(paid).all():
        raise InputError(f"The simulator returned {paid} at {at}.", do=f"Return {count} finite payoffs.")
    return paid


def _estimated(
    sums: Array, squares: Array, counts: Array, moves: Any, players: Any, name: str, slack: float, seed: int
) -> SampledGame:
    many = counts[..., None]
    mean = sums / many
    variance = np.maximum(squares / many - mean**2, 0) * many / (many - 1)
    error = np.sqrt(variance / many)
    rng = np.random.default_rng([seed, 1])
    stable = np.zeros(counts.shape)
    step = max(1, min(TABLES, 2_000_000 // mean.size))
    for first in range(0, TABLES, step):
        size = min(step, TABLES - first)
        drawn = mean + error * rng.standard_t(np.broadcast_to(many - 1, (size, *mean.shape)))
        own = [drawn[..., i].max(i + 1, keepdims=True) - drawn[..., i] for i in range(mean.shape[-1])]
        stable += (np.stack(own, -1) <= slack + 1e-12).all(-1).sum(0)
    probability = stable / TABLES
    return SampledGame(
        game=NormalForm(mean, moves=[list(own) for own in moves], players=players, name=name),
        counts=counts.copy(),
        margins=error * np.vectorize(t_quantile)(0.975, many - 1),
        probability=probability,
        slack=slack,
        settled=bool(((probability < OPEN[0]) | (probability > OPEN[1])).all()),
    )


def _urgency(probability: Array, margins: Array) -> Array:
    """How much a joint move's margin matters: by how open it is itself, and what one step away from it is."""
    unsure = probability * (1 - probability)
    near = unsure.copy()
    for axis in range(unsure.ndim):
        near = near + unsure.sum(axis=axis, keepdims=True)
    return near * margins.max(-1)
