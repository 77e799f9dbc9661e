"""A game known from samples: payoffs with intervals, what to sample next, and how likely each joint move is stable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.forms.normal_form import NormalForm
from ._sampled_found import SampledGame as SampledGame
from ._sampled_tables import left_open
from ._sampled_tally import Tally, begun

LEAST = 3
"""Samples of each joint move before anything is said."""


def sampled_game(
    simulate: Callable[[tuple[int, ...], int], Sequence[float]],
    moves: Sequence[Sequence[str]],
    *,
    samples: int = 2_000,
    slack: float = 0.0,
    confidence: float = 0.95,
    seed: int = 0,
    players: Sequence[str] | None = None,
    name: str = "sampled game",
) -> SampledGame:
    """Sample a simulator where it decides which joint moves are equilibria.

    Every joint move is sampled three times; then those of which a sample would tell most about what is open, until
    nothing is or the samples are used up.

    Parameters
    ----------
    simulate : `(joint move as numbers, seed) -> one payoff per player`; every call gets a seed of its own.
    moves : for each player the names of its moves. samples : at most so many calls. slack : gains that count as none.
    confidence : in (½, 1), when a joint move is settled. seed : of the simulator's seeds and of the drawn tables.

    Raises
    ------
    InputError : fewer samples than three for each joint move, a simulator that does not return finite payoffs, other
        parameters out of range. TooLarge : more than 20,000 joint moves.
    """
    tally = begun(moves, slack, confidence)
    joint = tally.counts.size
    if samples < LEAST * joint:
        raise InputError(
            f"{samples:,} samples for {joint:,} joint moves.", "Each is sampled at least three times.", "Give more."
        )
    seeds = np.random.SeedSequence(seed)

    def draw(at: tuple[int, ...]) -> None:
        tally.add(at, simulate(at, int(seeds.spawn(1)[0].generate_state(1)[0])))

    for at in np.ndindex(*tally.counts.shape):
        for _ in range(LEAST):
            draw(at)
    while True:
        found = _estimated(tally, moves, players, name, slack, confidence, seed)
        left = samples - int(tally.counts.sum())
        if found.settled or left < 1:
            return found
        for flat in np.argsort(-found.pull, axis=None, kind="stable")[: max(1, joint // 8)]:
            at = tuple(int(k) for k in np.unravel_index(flat, tally.counts.shape))
            for _ in range(min(max(1, int(tally.counts[at]) // 4), samples - int(tally.counts.sum()))):
                draw(at)


def observed_game(
    profiles: Any,
    payoffs: Any,
    moves: Sequence[Sequence[str]],
    *,
    slack: float = 0.0,
    confidence: float = 0.95,
    seed: int = 0,
    players: Sequence[str] | None = None,
    name: str = "observed game",
) -> SampledGame:
    """The same of observations that are there already.

    Parameters
    ----------
    profiles : `int[N, P]`, the joint move of each observation. payoffs : `float[N, P]`. The rest as in `sampled_game`.

    Raises `InputError` where a joint move was seen fewer than three times, or numbers do not fit.
    """
    tally = begun(moves, slack, confidence)
    seen, paid = np.asarray(profiles), np.asarray(payoffs, float)
    fits = seen.ndim == 2 and seen.shape == paid.shape and seen.shape[1] == len(moves) and seen.dtype.kind in "iu"
    if not fits or not ((seen >= 0) & (seen < tally.counts.shape)).all():
        raise InputError(
            f"Observations of joint moves {seen.shape} with payoffs {paid.shape}.",
            f"Each has the numbers of {len(moves)} moves, from 0, and as many payoffs.",
            "Give profiles int[N, P] and payoffs float[N, P].",
        )
    for at, own in zip(seen.tolist(), paid, strict=True):
        tally.add(tuple(at), own)
    if tally.counts.min() < LEAST:
        least = tuple(int(k) for k in np.unravel_index(int(tally.counts.argmin()), tally.counts.shape))
        labels = tuple(own[k] for own, k in zip(moves, least, strict=True))
        raise InputError(
            f"The joint move {labels} was seen {tally.counts[least]} times.",
            "Its payoffs cannot be told with an interval.",
            f"Give at least {LEAST} observations of each, or leave moves out.",
        )
    return _estimated(tally, moves, players, name, slack, confidence, seed)


def _estimated(
    tally: Tally, moves: Any, players: Any, name: str, slack: float, confidence: float, seed: int
) -> SampledGame:
    found = left_open(tally, slack, seed)
    return SampledGame(
        game=NormalForm(tally.means.copy(), moves=[list(own) for own in moves], players=players, name=name),
        counts=tally.counts.copy(),
        margins=tally.margins,
        probability=found.probability,
        none=found.none,
        slack=float(slack),
        pull=found.pull,
        confidence=confidence,
    )
