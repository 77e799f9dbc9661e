"""What has to be said first of a game in stages: where it can end when only threats worth carrying out count."""

from __future__ import annotations

from ..core.claim import Finding
from ..core.lifts.staged import Staged

SHOWN = 4
"""Payoffs that are told one by one."""


def staged_finding(game: Staged) -> Finding:
    """The outcomes of the solution concept that fits, and what the rest of a diagnosis takes for a move."""
    rest = "What follows takes whole plans for moves, empty threats included."
    if not game.public:
        said = f"Seats know different things, so what fits is obedience: whether anyone gains by not following. {rest}"
        return Finding("stages", said, game.players, {"concept": game.concept}, "Aumann (1974)")
    found = game.subgame_perfect()
    ends = sorted({tuple(round(paid, 9) for paid in point.payoffs) for point in found.points}, reverse=True)
    told = " or ".join(f"({', '.join(f'{paid:.4g}' for paid in end)})" for end in ends[:SHOWN])
    if len(ends) > SHOWN:
        told += f" or one of {len(ends) - SHOWN} more"
    counted = ", as the agents' wishes count them" if game.charter.motivates else ""
    said = f"Played in stages, with no threat that nobody would carry out, it ends at payoffs {told}{counted}. {rest}"
    if found.status != "complete" or not ends:
        said = (
            f"Played in stages, some subgame has no equilibrium in pure moves, so where it ends is not decided. {rest}"
        )
    numbers = {"concept": game.concept, "status": found.status, "payoffs": [list(end) for end in ends]}
    return Finding("stages", said, game.players, numbers, "Subgame perfection; Selten (1965)")
