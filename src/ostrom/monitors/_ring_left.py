"""What is left of moves once all that was known before they were made is taken off."""

from __future__ import annotations

import numpy as np

from ._ring_answer import answer
from ._ring_known import Known, before
from ._ring_panel import Panel
from ._ring_ridge import ridge


def left(panel: Panel, rounds: np.ndarray, pair: tuple[int, ...] = (0, 1)) -> tuple[np.ndarray, float] | None:
    """What is left of the moves of two agents, or one, once what was known before is taken off, `float[rounds, 2]`.

    And which share of the rounds is left beside what was fitted. None where that is more than a third of the rounds.

    Known are the moves before, and what the agent was shown, now and before. How it answers what it was shown is found
    from its own moves only, and never from those of the other (Shah and Peters 2020).
    """
    count, known = int(rounds.sum()), before(panel, rounds, pair)
    if known.size > count / 3:
        return None
    found = [_beside(panel, rounds, i, known) for i in pair]
    whole = [one for one in found if one is not None]
    if len(whole) < len(pair):
        return None
    return np.stack([rest for rest, _ in whole], 1), min(share for _, share in whole)


def _beside(panel: Panel, rounds: np.ndarray, agent: int, known: Known) -> tuple[np.ndarray, float] | None:
    """What is left of the moves of an agent, 0 where that is rounding, and the share of the rounds that is left."""
    y = panel.moves[rounds, agent]
    rest, share = known.off(y - y.mean()), 1 - known.size / len(y)
    smallest = 1e-9 * max(1e-300, float(np.abs(y - y.mean()).max()))
    if panel.names or panel.seen.shape[2]:
        shown, room = answer(panel, agent), len(y) // 3 - known.size
        if shown is None or room < shown.least:
            return None
        x = known.off(shown.columns[shown.at[rounds]][:, :room])
        whole = np.sqrt((rest**2).mean())
        rest, share = ridge(x, rest, shown.penalty[:room], known.size)
        if np.sqrt((rest**2).mean()) <= 1e-3 * whole:  # all but rounding, and what a curve does not meet, is explained
            rest = np.zeros(len(y))
    return np.where(np.abs(rest) > smallest, rest, 0.0), share
