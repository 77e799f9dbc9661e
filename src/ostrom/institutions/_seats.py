"""What rules that name players and moves share: which seats are meant, and by which number each knows a label."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.errors import InputError, UnknownName
from ..core.ground import Ground

EVERYBODY = "*"


def meant(ground: Ground, player: str, label: str) -> list[tuple[int, int]]:
    """`(seat, code)` of a label of "act", for one player or for everybody ("*") who has it.

    Raises `UnknownName` for a player who is not there, or a label that the player (or everybody) does not have.
    """
    if player != EVERYBODY:
        seat = seat_of(ground, player)
        return [(seat, ground.index("act", label, seat))]
    codes = ground.part("act").codes(label, len(ground.players))
    if (codes < 0).all():
        raise UnknownName("label of act", label, {x for seat in range(len(codes)) for x in labels(ground, seat)})
    return [(seat, int(code)) for seat, code in enumerate(codes) if code >= 0]


def seat_of(ground: Ground, player: str) -> int:
    """The seat of a player; `UnknownName` lists the players."""
    if player not in ground.players:
        raise UnknownName("player", player, ground.players)
    return ground.players.index(player)


def labels(ground: Ground, seat: int) -> tuple[str, ...]:
    """The labels of "act" that a seat chooses from; none where it does not act."""
    act = ground.part("act")
    return act.labels_of(seat) if act.has(seat) else ()


def joint_codes(owner: str, ground: Ground, labels: str | tuple[str, ...], ignored: Any = ()) -> np.ndarray:
    """`int[P]`: one label of "act" for all, or one for each seat, as numbers; 0 for seats that are ignored.

    Raises `InputError` where there are not as many as seats, `UnknownName` for a label that a seat does not have.
    """
    each = (labels,) * len(ground.players) if isinstance(labels, str) else labels
    if len(each) != len(ground.players):
        raise InputError(
            f"{owner} would play {each}, which is for {len(each)} seats.",
            f"There are {len(ground.players)}: {', '.join(ground.players[:8])}.",
            "Give one label for all, or one for each seat.",
        )
    act = ground.part("act")
    acting = [seat not in ignored and act.has(seat) for seat in range(len(each))]
    codes = [ground.index("act", label, i) if acting[i] else 0 for i, label in enumerate(each)]
    return np.array(codes, np.int32)


def check_rows(owner: str, name: str, rows: Any, types: tuple[Any, ...], example: str) -> None:
    """Refuse rows of a rule that are not as many values, of these types, as they should be."""
    for row in rows:
        fits = isinstance(row, tuple) and len(row) == len(types)
        if not fits or not all(isinstance(x, kind) for x, kind in zip(row, types, strict=True)):
            raise InputError(
                f"{owner}({name}=…) holds {row!r}.", f"It is a tuple of rows like {example}.", f"Write ({example},)."
            )
