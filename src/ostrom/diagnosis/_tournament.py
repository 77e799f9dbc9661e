"""Who has what over whom when moves meet: ratings, and what goes round in circles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.forms.normal_form import NormalForm
from ..core.game import Array
from ..solvers._components import components
from ._round_trip import round_trip
from ._tables import TIE

WIDE = 400
"""Moves up to which every triple is looked at; beyond, one circle in each knot is found."""


@dataclass(frozen=True, eq=False)
class Disc:
    """One pair of equal singular values of the cyclic part: a game of rock, paper, scissors on a disc.

    `strength` is the singular value; the advantage of move i over j by this disc is strength · (x_i y_j - y_i x_j),
    with unit vectors `x`, `y` of shape `[A]`.
    """

    strength: float
    x: Array
    y: Array

    @property
    def advantages(self) -> Array:
        """`float[A, A]`."""
        return self.strength * (np.outer(self.x, self.y) - np.outer(self.y, self.x))


@dataclass(frozen=True, eq=False)
class Tournament:
    """Moves of a symmetric two-player game as contestants.

    Attributes
    ----------
    moves : names.
    advantages : `float[A, A]`, half of what the row gets more than the column when the two meet; A = -Aᵀ.
    ratings : `float[A]`, mean rows: by least squares, the ratings whose differences come nearest to the advantages.
    cyclic : `float[A, A]`, advantages less differences of ratings; its rows add up to 0.
    share : of the sum of squared advantages, what is cyclic; 0 where there are none.
    discs : the cyclic part as a sum of discs, strongest first (real Schur form).
    circles : moves of which each beats the next and the last the first, the one whose weakest link is strongest first:
        triples where there are any in a knot, else one longer circle.
    count : how many intransitive triples there are; -1 where there are too many moves to count.
    constant : whether what both get adds up to a constant, so that getting more is winning.
    order : an order in which nobody beats anyone placed before it; empty where there is none.
    """

    moves: tuple[str, ...]
    advantages: Array
    ratings: Array
    cyclic: Array
    share: float
    discs: tuple[Disc, ...]
    circles: tuple[tuple[int, ...], ...]
    count: int
    constant: bool
    order: tuple[int, ...]

    def link(self, circle: tuple[int, ...]) -> float:
        """The weakest advantage round a circle."""
        return min(float(self.advantages[a, b]) for a, b in zip(circle, circle[1:] + circle[:1], strict=True))


def tournament(game: NormalForm) -> Tournament | None:
    """The moves of a two-player game in which players are alike, as contestants; None for other games."""
    if len(game.players) != 2 or game.sizes[0] != game.sizes[1] or game.moves[0] != game.moves[1]:
        return None
    row = game.payoffs[..., 0]
    if np.abs(row - game.payoffs[..., 1].T).max() > TIE * np.abs(row).max():
        return None
    advantages = (row - row.T) / 2
    ratings = advantages.mean(axis=1)
    cyclic = advantages - (ratings[:, None] - ratings)
    total = float((advantages**2).sum())
    beats = advantages > TIE * np.ptp(row)
    count, circles = _circles(advantages, beats)
    return Tournament(
        moves=game.moves[0],
        advantages=advantages,
        ratings=ratings,
        cyclic=cyclic,
        share=float((cyclic**2).sum()) / total if beats.any() else 0.0,
        discs=_discs(cyclic, TIE * np.ptp(row)),
        circles=circles,
        count=count,
        constant=bool(np.ptp(row + row.T) <= TIE * np.abs(row).max()),
        order=() if circles else _order(beats, ratings),
    )


def _discs(cyclic: Array, least: float) -> tuple[Disc, ...]:
    """From eigenvectors of the Hermitian matrix i·A, whose eigenvalues come in pairs ±strength."""
    strengths, vectors = np.linalg.eigh(1j * cyclic)
    found = []
    for k in range(len(strengths) - 1, len(strengths) // 2 - 1, -1):
        if strengths[k] > least:
            x, y = np.sqrt(2) * np.imag(vectors[:, k]), np.sqrt(2) * np.real(vectors[:, k])
            found.append(Disc(float(strengths[k]), x, y))
    return tuple(found)


def _circles(advantages: Array, beats: Array) -> tuple[int, tuple[tuple[int, ...], ...]]:
    """How many intransitive triples there are, and circles: the strongest triple of each knot, else a longer circle."""
    label = components(len(beats), *np.nonzero(beats))
    counted = len(beats) <= WIDE
    number = round(float(np.trace(np.linalg.matrix_power(beats.astype(float), 3))) / 3) if counted else -1
    found = []
    for knot in range(label.max(initial=-1) + 1):
        members = np.flatnonzero(label == knot)
        if len(members) > 2:
            place = np.ix_(members, members)
            circle = _triple(np.where(beats[place], advantages[place], 0.0)) if len(members) <= WIDE else None
            circle = circle or round_trip({k: np.flatnonzero(row).tolist() for k, row in enumerate(beats[place])})
            found.append(tuple(int(members[k]) for k in circle))
    strongest = [min(advantages[a, b] for a, b in zip(c, c[1:] + c[:1], strict=True)) for c in found]
    return number, tuple(found[k] for k in np.argsort([-s for s in strongest], kind="stable"))


def _triple(links: Array) -> tuple[int, ...] | None:
    """The triple whose weakest link is strongest, its smallest number first; None where there is none."""
    best, circle = 0.0, None
    for a in range(len(links)):
        weakest = np.minimum(np.minimum(links[a][:, None], links), links[:, a][None, :])
        b, c = np.unravel_index(weakest.argmax(), weakest.shape)
        if weakest[b, c] > best:
            best, circle = float(weakest[b, c]), (a, int(b), int(c))
    return circle


def _order(beats: Array, ratings: Array) -> tuple[int, ...]:
    """Nobody beaten by who is left goes first, of these whoever is rated highest."""
    left, order = list(range(len(beats))), []
    while left:
        free = [k for k in left if not beats[left, k].any()]
        order.append(max(free, key=lambda k: ratings[k]))
        left.remove(order[-1])
    return tuple(order)
