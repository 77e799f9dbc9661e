"""Norms: what is thought of whom after a round, in letters."""

from __future__ import annotations

from typing import Any

from ..core.errors import InputError
from ..core.institution import Now


def check_norm(norm: str) -> None:
    """Refuse what is not four or eight letters G or B."""
    if len(norm) not in (4, 8) or set(norm) - {"G", "B"}:
        raise InputError(
            f"The norm is {norm!r:.60}.",
            "It has four letters, G or B, or eight where the seat's own standing counts too.",
            'Stern judging is "GBBG".',
        )


def judged(now: Now, norm: str, standing: Any, did_good: Any) -> Any:
    """`bool[..., P]`: who is good after the round, for one who held `standing` (`bool[..., P]`) as it opened.

    The letters are the verdicts on (to bad: D, C; to good: D, C), of eight first those on seats in bad standing. Who is
    absent keeps its standing, and is met by nobody.
    """
    xp, present = now.xp, now.xp.asarray(now.present)
    shunned = ~standing & present
    met_good = shunned.sum(-1, keepdims=True) - shunned == 0
    verdicts = xp.asarray([letter == "G" for letter in norm[:4] + norm[-4:]])
    case = sum(bit.astype(xp.int32) * size for bit, size in ((standing, 4), (met_good, 2), (did_good, 1)))
    return xp.where(present, verdicts[case], standing)
