"""A warning where differences between payoffs drown in their size."""

from __future__ import annotations

import numpy as np

from ..core.claim import Finding
from ..core.game import Array

DROWNS = 1e5
"""How many times larger payoffs may be than what an agent usually gains or loses by another move of its own."""

ROUNDING = 1e-13
"""Share of the largest payoff below which a difference is rounding."""


def scale_findings(players: tuple[str, ...], rewards: Array) -> list[Finding]:
    """One finding for the first player whose payoffs are that much larger than the small differences between its moves.

    Small is the twentieth part of its differences that are not 0. Ties are told relative to the size of payoffs, and
    play is followed in float64, so that such differences may be taken for ties or for noise.
    """
    for i, player in enumerate(players):
        own = rewards[..., i]
        steps = np.diff(np.sort(own, axis=i), axis=i)
        steps = steps[steps > ROUNDING * np.abs(own).max()]
        if not steps.size:
            continue
        small, size = float(np.quantile(steps, 0.05, method="lower")), float(np.abs(own).max())
        if size > DROWNS * small:
            said = (
                f"Payoffs of {player} reach {size:.3g}, and some moves differ by {small:.3g} only. Small differences "
                "may count as ties here, and what is said may be off. Use a penalty a few times the other payoffs, or "
                "take away what all payoffs share."
            )
            return [Finding("scale", said, (player,), {"largest payoff": size, "small difference": small})]
    return []
