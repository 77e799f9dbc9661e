"""Utilities put on one scale, and the published measures of alignment that are distances on that scale.

Sourbut, Hammond and Wood (IJCAI 2024) write every utility over the joint moves as u = m·ν + c, with ν of mean 0 and
Euclidean norm 1, and measure alignment by distances between the ν.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Mixture

SOURCE = "Sourbut, Hammond and Wood, Cooperation and Control in Delegation Games (IJCAI 2024)"

INDIFFERENT = 1e-7
"""Share of a player's range of payoffs by which its moves have to differ against the others' play to differ at all."""


def columns(table: Any) -> Array:
    """A table `[A_1, …, A_P, n]` as `float[S, n]`, one row per joint move."""
    values = np.asarray(table, float)
    return values.reshape(-1, values.shape[-1])


def standardise(values: Array) -> tuple[Array, Array, Array]:
    """Every column of `[S, n]` as size · shape + mean: shapes `[S, n]` of mean 0 and norm 1, sizes `[n]`, means `[n]`.

    A column that is constant up to rounding has size 0 and shape 0.
    """
    means = values.mean(axis=0)
    centred = values - means
    sizes = np.linalg.norm(centred, axis=0)
    sizes[np.ptp(values, axis=0) <= 1e-12 * np.abs(values).max(axis=0)] = 0.0
    shapes = np.where(sizes > 0, centred / np.where(sizes > 0, sizes, 1.0), 0.0)
    return shapes, sizes, means


def individual_alignment(rewards: Any, utilities: Any) -> Array:
    """IA_i = 1 − ‖ν_i − ν̂_i‖ / 2 of every agent's reward to its principal's utility, `float[P]`.

    Both are `[A_1, …, A_P, P]`. 1: equal up to a positive affine map; 0: exactly opposed. A constant utility has ν = 0.
    """
    agents, principals = (standardise(columns(table))[0] for table in (rewards, utilities))
    return 1 - np.linalg.norm(agents - principals, axis=0) / 2


def collective_alignment(utilities: Any) -> float:
    """CA = 1 − Σ m_i ‖μ − ν_i‖ / Σ m_i with μ = Σ m_i ν_i / Σ m_i, over utilities `[A_1, …, A_P, P]`.

    1: everybody wants the same. Utilities that are all constant are in no conflict and give 1.
    """
    shapes, sizes, _ = standardise(columns(utilities))
    if not sizes.any():
        return 1.0
    weights = sizes / sizes.sum()
    centre = shapes @ weights
    return float(1 - weights @ np.linalg.norm(centre[:, None] - shapes, axis=0))


def individual_capability(game: NormalForm, played: Mixture) -> Array:
    """IC_i = 1 − ε_i, `float[P]`: where each player's payoff lies between its worst (0) and its best (1) own move.

    The others' play is held fixed. A player whose moves all pay the same, up to rounding, is fully capable.
    """
    worths = game.deviation_payoffs(played)
    low = np.array([worth.min() for worth in worths])
    spread = np.array([np.ptp(worth) for worth in worths])
    got = np.array([x @ worth for x, worth in zip(played, worths, strict=True)])
    tells = spread > INDIFFERENT * np.ptp(columns(game.payoffs), axis=0)
    return np.where(tells, np.clip((got - low) / np.where(tells, spread, 1.0), 0.0, 1.0), 1.0)
