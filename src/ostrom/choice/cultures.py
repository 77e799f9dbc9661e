"""Elections drawn at random, by how alike voters are: impartial, urn, Mallows, single-peaked, Euclidean."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np

from ..core.errors import InputError
from ..core.forms.ballots import Ballots
from ..core.game import Array
from ._decision import positions

Seed = int | np.random.Generator
"""A whole number, or a generator to go on drawing from; the same seed draws the same election."""

LARGEST = 50_000_000
"""Ranks that an election drawn here may have."""


def impartial(voters: int, alternatives: int | Sequence[str], seed: Seed) -> Ballots:
    """Voters who each have any strict order with the same chance, independently (impartial culture).

    Parameters
    ----------
    voters : how many, at least 1; each has a row of its own.
    alternatives : how many, or their names.

    Raises `InputError` without voters or alternatives, or with more than 50 million ranks. So do all cultures.

    Examples
    --------
    >>> impartial(3, 4, seed=0).ranks.shape
    (3, 4)
    """
    names, drawn = _begin(voters, alternatives, seed)
    return Ballots(_any_orders(voters, len(names), drawn), alternatives=names, name="impartial culture")


def urn(voters: int, alternatives: int | Sequence[str], seed: Seed, *, contagion: float) -> Ballots:
    """Voters who copy those before them: the Pólya–Eggenberger urn (Berg 1985).

    Parameters
    ----------
    contagion : at least 0. The k-th voter copies one of the k - 1 before it with chance
        `contagion (k - 1) / (1 + contagion (k - 1))`, and else has any order. 0 is the impartial culture, and 1 / m!
        makes every way to count voters by orders as likely as any other (impartial anonymous culture).
    """
    if not (contagion >= 0 and math.isfinite(contagion)):
        raise InputError(f"Contagion {contagion}.", do="Give a finite number of at least 0.")
    names, drawn = _begin(voters, alternatives, seed)
    ranks = _any_orders(voters, len(names), drawn)
    copies = drawn.random(voters) * (1 + contagion * np.arange(voters)) >= 1
    whom = (drawn.random(voters) * np.arange(voters)).astype(int)
    for k in np.flatnonzero(copies):
        ranks[k] = ranks[whom[k]]
    return Ballots(ranks, alternatives=names, name="urn")


def mallows(
    voters: int,
    alternatives: int | Sequence[str],
    seed: Seed,
    *,
    dispersion: float,
    centre: Sequence[str] | None = None,
) -> Ballots:
    """Voters who all have one order in mind, with mistakes (Mallows 1957), by repeated insertion (Doignon et al. 2004).

    Parameters
    ----------
    dispersion : in [0, 1]. An order with d pairs the other way round than in the centre has a chance in proportion to
        `dispersion ** d`: at 0 all agree, at 1 any order is as likely as any other.
    centre : that order, best first; by default that of the alternatives.
    """
    if not 0 <= dispersion <= 1:
        raise InputError(f"A dispersion of {dispersion}.", do="Give a number from 0 to 1.")
    names, drawn = _begin(voters, alternatives, seed)
    middle = list(names if centre is None else positions(centre, names, names))
    ranks = np.zeros((voters, len(names)), np.int64)
    for k in range(1, len(names)):
        odds = np.cumsum(float(dispersion) ** np.arange(k, -1, -1))
        place = np.searchsorted(odds, drawn.random(voters) * odds[-1], side="right")
        ranks[:, :k] += ranks[:, :k] >= place[:, None]
        ranks[:, k] = place
    ranks = ranks[:, [middle.index(name) for name in names]]
    return Ballots(ranks, alternatives=names, name="Mallows")


def single_peaked(
    voters: int,
    alternatives: int | Sequence[str],
    seed: Seed,
    *,
    how: Literal["orders", "peaks"] = "orders",
) -> Ballots:
    """Voters who like alternatives the less, the farther to either side of their best one (Black 1948).

    Parameters
    ----------
    alternatives : the axis, from left to right.
    how : "orders" draws each of the 2 ** (m - 1) single-peaked orders with the same chance (Walsh 2015); "peaks" draws
        the best alternative, each with the same chance, then goes left or right with the same chance (Conitzer 2009).
    """
    names, drawn = _begin(voters, alternatives, seed)
    size, rows = len(names), np.arange(voters)
    ranks = np.empty((voters, size), np.int64)
    if how == "orders":
        left, right = np.zeros(voters, int), np.full(voters, size - 1)
        for place in range(size - 1, -1, -1):
            is_left = drawn.random(voters) < 0.5
            ranks[rows, np.where(is_left, left, right)] = place
            left, right = left + is_left, right - ~is_left
    elif how == "peaks":
        left = drawn.integers(size, size=voters)
        right = left.copy()
        ranks[rows, left] = 0
        for place in range(1, size):
            is_left = (left > 0) & ((right == size - 1) | (drawn.random(voters) < 0.5))
            left, right = left - is_left, right + ~is_left
            ranks[rows, np.where(is_left, left, right)] = place
    else:
        raise InputError(f"how={how!r} for single-peaked orders.", do='Say "orders" or "peaks".')
    return Ballots(ranks, alternatives=names, name="single-peaked")


def euclidean(voters: int, alternatives: int | Sequence[str], seed: Seed, *, dimensions: int = 2) -> Ballots:
    """Voters and alternatives at random places in a cube; who is nearer is better (Enelow and Hinich 1984).

    Parameters
    ----------
    dimensions : at least 1; in one the orders are single-peaked.
    """
    if dimensions < 1:
        raise InputError(f"{dimensions} dimensions.", do="Give at least 1.")
    names, drawn = _begin(voters, alternatives, seed)
    places, ideals = drawn.random((len(names), dimensions)), drawn.random((voters, dimensions))
    far = sum((ideals[:, d, None] - places[None, :, d]) ** 2 for d in range(dimensions))
    return Ballots(_ranks_of(np.argsort(far, axis=1, kind="stable")), alternatives=names, name="Euclidean")


def _begin(voters: int, alternatives: int | Sequence[str], seed: Seed) -> tuple[tuple[str, ...], np.random.Generator]:
    """The names of the alternatives, and what to draw from."""
    size = alternatives if isinstance(alternatives, int) else len(alternatives)
    if voters < 1 or size < 1 or voters * size > LARGEST:
        raise InputError(
            f"An election of {voters} voters about {size} alternatives.",
            f"There is at least one of each, and at most {LARGEST:,} ranks.",
            "Give such numbers.",
        )
    names = None if isinstance(alternatives, int) else alternatives
    return Ballots(np.zeros((1, size), int), alternatives=names).alternatives, np.random.default_rng(seed)


def _any_orders(voters: int, size: int, drawn: np.random.Generator) -> Array:
    return drawn.permuted(np.tile(np.arange(size), (voters, 1)), axis=1)


def _ranks_of(orders: Array) -> Array:
    """Ranks `[n, m]` of orders `[n, m]` that name the best first."""
    ranks = np.empty_like(orders)
    np.put_along_axis(ranks, orders, np.arange(orders.shape[1])[None, :], 1)
    return ranks
