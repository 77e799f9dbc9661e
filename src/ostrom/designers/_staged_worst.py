"""The least that learners without regret may end in where a rule adds a stage, over all plans of all players."""

from __future__ import annotations

import numpy as np

from ..audits._case import Case
from ..audits.worst_case import WorstCase
from ..core.claim import Claim
from ..core.errors import TooLarge
from ..core.game import Array
from ..core.lifts.staged import Staged

PLANS = 20_000
"""Joint plans of a game in stages up to which what learners may end in is looked at."""


def staged_table(governed: Staged, worth: Array) -> Array:
    """Welfare at every joint plan, of that of every complete play `[N]`; empty where plans are too many."""
    try:
        if np.prod([float(len(own)) for own in governed.moves]) > PLANS:
            return np.zeros(0)
        return governed._at_strategies(np.repeat(worth[:, None], len(governed.players), 1))[..., 0]
    except TooLarge:
        return np.zeros(0)


def staged_worst(governed: Staged, table: Array) -> tuple[Claim, ...]:
    """What learners of whole plans may end in; nothing where `table` is empty."""
    return tuple(WorstCase().answer(Case.of(governed, None, worth=table))) if table.size else ()
