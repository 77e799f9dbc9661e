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
    plays: Plays, seats: Sequence[int], others: np.ndarray, worth: np.ndarray
) -> tuple[float, list[np.ndarray]]:
    """The most that `seats` can get as one against the others' behaviour, and per stage `bool[N]`: how they get it.

    `worth` is `float[N]`, what each complete play is worth to them. Several seats know together what each knows.
    """
    elsewhere = [i for i in range(plays.players) if i not in seats]
    weight = plays.chance * np.prod(others[:, elsewhere], axis=(0, 1)) * plays.legal
    kept = np.ones(plays.rows)
    best = [np.ones(plays.rows, bool) for _ in plays.info]
    open_rows, known = np.flatnonzero(plays.legal), _known_together(plays, seats)
    for stage in reversed(range(plays.first, len(plays.info))):
        sets, made, width = known[stage]
        _check_recall(plays, seats, stage, known)
        totals = np.full((sets.max() + 1, width), -np.inf)
        totals[sets[open_rows], made[open_rows]] = 0.0
        np.add.at(totals, (sets[open_rows], made[open_rows]), (weight * kept * worth)[open_rows])
        best[stage] = made == totals.argmax(1)[sets]
        kept = kept * best[stage]
    return float((weight * kept * worth).sum()), best


def _known_together(plays: Plays, seats: Sequence[int]) -> list[tuple[np.ndarray, np.ndarray, int]]:
    """Per stage what the seats know `int[N]` and do `int[N]`, taken together as numbers, and how many can be done."""
    known = []
    for stage in range(len(plays.info)):
        sets, made, width = (
            plays.info[stage][:, seats[0]],
            plays.choice[stage][:, seats[0]],
            int(plays.widths[stage][seats[0]]),
        )
        for seat in seats[1:]:
            _, sets = np.unique(np.stack([sets, plays.info[stage][:, seat]]), axis=1, return_inverse=True)
            own = int(plays.widths[stage][seat])
            made, width = made * own + plays.choice[stage][:, seat], width * own
        known.append((sets.reshape(-1), made, width))
    return known


def _check_recall(
    plays: Plays, seats: Sequence[int], stage: int, known: list[tuple[np.ndarray, np.ndarray, int]]
) -> None:
    if stage == plays.first:
        return
    before = np.stack(known[stage - 1][:2], 1)
    if not determines(known[stage][0][plays.legal], before[plays.legal]):
        who = f"Seat {seats[0]} forgets" if len(seats) == 1 else f"Seats {', '.join(map(str, seats))} forget"
        raise CarrierError(
            f"{who} at stage {stage} what was known or done before.",
            "A best reply is exact only for players with perfect recall.",
            "Do not hide a seat's own moves from it, and keep showing what was shown.",
        )


def determines(fine: np.ndarray, coarse: np.ndarray) -> bool:
    """Whether rows with the same `fine` number always have the same `coarse` columns."""
    _, first, inverse = np.unique(fine, return_index=True, return_inverse=True)
    return bool((coarse == coarse[first[inverse]]).all())
