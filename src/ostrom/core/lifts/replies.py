"""What a seat's strategy does in every play of a round, and the best it could do instead."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from ..agent import Strategy
from ..errors import CarrierError, InputError
from .plays import Plays


def behaviour(plays: Plays, strategies: Strategy | Sequence[Strategy]) -> np.ndarray:
    """`float[S, P, N]`: how likely each seat's choice at each stage of each row is under the strategies."""
    per_seat = [strategies] * plays.players if callable(strategies) else list(strategies)
    if len(per_seat) != plays.players:
        raise InputError(
            f"{len(per_seat)} strategies for {plays.players} seats.", do="Give one per seat, or one for all."
        )
    chances = np.ones((len(plays.info), plays.players, plays.rows))
    for stage, seat in itertools.product(range(plays.first, len(plays.info)), range(plays.players)):
        if plays.parts_at(stage, seat):
            sets = plays.info[stage][:, seat]
            _, first = np.unique(np.where(plays.legal, sets, -1), return_index=True)
            for row in first[plays.legal[first]]:
                same = sets == sets[row]
                odds = _chosen(plays, per_seat[seat], stage, seat, int(row))
                chances[stage, seat, same] = odds[plays.choice[stage][same, seat]]
    return chances


def _chosen(plays: Plays, strategy: Strategy, stage: int, seat: int, row: int) -> np.ndarray:
    """The distribution over combined choices that a strategy gives at the information set of `row`."""
    look = plays.look(stage, seat, row)
    chosen = strategy(look)
    odds = np.ones(1)
    for part in plays.parts_at(stage, seat):
        want = chosen.get(part.name)
        wanted = want if isinstance(want, dict) else {want: 1.0}
        labels = part.labels_of(seat)
        if not set(wanted) <= set(look.choices[part.name]) or abs(sum(wanted.values()) - 1) > 1e-9:
            raise InputError(
                f"A strategy chose {want!r} for {part.name!r} at seat {seat}.",
                f"It may choose from {look.choices[part.name]}.",
                "Return {part: label} or {part: {label: probability}}.",
            )
        odds = (odds[:, None] * np.array([wanted.get(label, 0.0) for label in labels])).reshape(-1)
    return odds


def best_reply(
    plays: Plays, seat: int, others: np.ndarray, worth: np.ndarray | None = None
) -> tuple[float, list[dict[int, int]]]:
    """The most `seat` can get against the others' behaviour, and its best choice at each information set.

    `worth` is `float[N]`, what each complete play is worth to it (its payoffs by default).
    """
    worth = plays.payoffs[:, seat] if worth is None else worth
    elsewhere = [i for i in range(plays.players) if i != seat]
    weight = plays.chance * np.prod(others[:, elsewhere], axis=(0, 1)) * plays.legal
    kept = np.ones(plays.rows)
    best: list[dict[int, int]] = [{} for _ in plays.info]
    for stage in reversed(range(plays.first, len(plays.info))):
        sets, made = plays.info[stage][:, seat], plays.choice[stage][:, seat]
        _check_recall(plays, stage, seat)
        width = int(plays.widths[stage][seat])
        totals = np.full((sets.max() + 1, width), -np.inf)
        open_rows = np.flatnonzero(plays.legal)
        totals[sets[open_rows], made[open_rows]] = 0.0
        np.add.at(totals, (sets[open_rows], made[open_rows]), (weight * kept * worth)[open_rows])
        choice = totals.argmax(1)
        kept = kept * (made == choice[sets])
        best[stage] = {int(k): int(choice[k]) for k in np.unique(sets[open_rows])}
    return float((weight * kept * worth).sum()), best


def _check_recall(plays: Plays, stage: int, seat: int) -> None:
    if stage == plays.first:
        return
    before = np.stack([plays.info[stage - 1][:, seat], plays.choice[stage - 1][:, seat]], 1)
    if not determines(plays.info[stage][:, seat][plays.legal], before[plays.legal]):
        raise CarrierError(
            f"Seat {seat} forgets at stage {stage} what it knew or did before.",
            "A best reply is exact only for players with perfect recall.",
            "Do not hide a seat's own moves from it, and keep showing what was shown.",
        )


def determines(fine: np.ndarray, coarse: np.ndarray) -> bool:
    """Whether rows with the same `fine` number always have the same `coarse` columns."""
    _, first, inverse = np.unique(fine, return_index=True, return_inverse=True)
    return bool((coarse == coarse[first[inverse]]).all())
