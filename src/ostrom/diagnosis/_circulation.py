"""What players gain by switching, split into the slope of one potential and what goes round in circles."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.forms.normal_form import NormalForm
from ..core.game import Array


class Circulation(NamedTuple):
    """A potential `[A_1, …, A_P]` of mean 0, and the share (0 to 1) of squared gains from switching that it leaves."""

    potential: Array
    share: float


def circulation(game: NormalForm) -> Circulation:
    """The Hodge decomposition of a game by Candogan, Menache, Ozdaglar and Parrilo (2011).

    Joint moves are joined where one player switches, and the flow along such a link is what that player gains. The
    potential whose slopes come nearest to the flow solves a Poisson equation; this graph is a product of complete
    graphs, so that in any basis with a constant vector for each player its Laplacian is diagonal. What is left over is
    harmonic: it goes round in circles. Games without it are potential games.
    """
    weights = [np.where(np.arange(size) > 0, float(size), 0.0) for size in game.sizes]
    spread = [weight.reshape([-1 if k == i else 1 for k in range(len(weights))]) for i, weight in enumerate(weights)]
    bases = [_basis(size) for size in game.sizes]
    spectra = [_turned(game.payoffs[..., i], bases) for i in range(len(bases))]
    rates = np.zeros(game.sizes) + sum(spread)
    pushed = np.zeros(game.sizes)
    for own, spectrum in zip(spread, spectra, strict=True):
        pushed += own * spectrum
    potential = np.divide(pushed, rates, out=np.zeros(game.sizes), where=rates > 0)
    total = sum(float((own * spectrum**2).sum()) for own, spectrum in zip(spread, spectra, strict=True))
    size = max(float((spectrum**2).sum()) for spectrum in spectra)
    left = sum(float((own * (spectrum - potential) ** 2).sum()) for own, spectrum in zip(spread, spectra, strict=True))
    share = left / total if total > 1e-18 * size else 0.0
    return Circulation(_turned(potential, [basis.T for basis in bases]), share)


def _basis(size: int) -> Array:
    """Orthonormal rows, the first of them constant."""
    columns = np.eye(size)
    columns[:, 0] = 1.0
    return np.linalg.qr(columns)[0].T


def _turned(table: Array, bases: list[Array]) -> Array:
    """The table in other bases, one per axis."""
    for axis, basis in enumerate(bases):
        table = np.moveaxis(np.tensordot(basis, table, axes=(1, axis)), 0, axis)
    return table
