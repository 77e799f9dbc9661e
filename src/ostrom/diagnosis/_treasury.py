"""Money that rules take from the players, or pay them, and that nobody else gets or gives."""

from __future__ import annotations

import numpy as np

from ..core.claim import Finding
from ..core.delegation import Delegation
from ..core.game import Array
from ._tables import TIE


def treasury_finding(delegation: Delegation, played: Array) -> Finding | None:
    """How much leaves or reaches the players as things are, `played[A_1, …, A_P]`; None where it balances.

    None also where principals care about something else than what they are paid.
    """
    game = delegation.game
    taken, count = getattr(game, "treasury", None), len(game.players)
    if taken is None or not np.array_equal(delegation.utilities[..., :count], game.paid):  # type: ignore[attr-defined]
        return None
    balance, size = float((played * taken).sum()), max(np.ptp(delegation.utilities), np.abs(taken).max())
    if abs(balance) <= TIE * size:
        return None
    if balance > 0:
        said = f"As things are, the rules take {balance:.4g} from the players, which is counted as nobody's gain."
    else:
        said = f"As things are, the rules pay the players {-balance:.4g}, which is counted as nobody's loss."
    return Finding("effects", said, game.players, {"treasury": balance})
