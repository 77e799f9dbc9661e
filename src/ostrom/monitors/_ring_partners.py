"""Whom each of many agents goes with most: found roughly, so that only these pairs are tested."""

from __future__ import annotations

import numpy as np

from ._ring_left import left
from ._ring_panel import LEAST, Panel, kept


def partners(panel: Panel) -> tuple[np.ndarray, np.ndarray]:
    """Whom each agent goes with most, `int64[P]`, -1 where with nobody; and how many it could, `int64[P]`.

    By correlations of what is left of moves once each agent's own past, the mean of all others' and what it was shown
    are taken off. That only points to a pair: a p-value that is multiplied by how many there were holds however one of
    them is chosen (Bonferroni).
    """
    rest, known = np.zeros(panel.moves.shape), np.zeros(panel.moves.shape)
    for i in range(len(panel.agents)):
        rounds = kept(panel, (i,))
        found = left(panel, rounds, (i,)) if rounds.sum() >= LEAST else None
        if found is not None:
            rest[rounds, i], known[rounds, i] = found[0][:, 0] / max(float(np.abs(found[0]).max()), 1e-300), 1.0
    together, sizes = known.T @ known, (rest**2).T @ known
    score = np.abs(rest.T @ rest) / np.sqrt(np.maximum(sizes * sizes.T, 1e-300)) * np.sqrt(together)
    able = (together >= LEAST) & ~np.eye(len(rest.T), dtype=bool)
    score = np.where(able, score, -1.0)
    return np.where(able.any(1), score.argmax(1), -1), able.sum(1)
