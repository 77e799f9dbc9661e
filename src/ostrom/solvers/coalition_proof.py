"""Joint moves that no group would leave together: strong equilibria, and coalition-proof ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..core.forms.normal_form import NormalForm
from ..core.game import Game
from ..core.solution import Solution
from ._departures import Group, departures, ranks, reached


@dataclass(frozen=True)
class Departure:
    """A group that leaves together, and where it goes: `players` by name, `to` the joint move, `gains` by name."""

    players: tuple[str, ...]
    to: tuple[str, ...]
    gains: Mapping[str, float]


@dataclass(frozen=True)
class CoalitionProof(Solution):
    """Pure joint moves that no group leaves, as mixtures (`points`) and as joint moves (`profiles`).

    Attributes
    ----------
    refuted : for each other pure Nash equilibrium, by its labels, a smallest group that leaves it, and where to.
    """

    profiles: tuple[tuple[int, ...], ...] = ()
    refuted: Mapping[tuple[str, ...], Departure] = field(default_factory=dict)


def coalition_proof(game: Game) -> CoalitionProof:
    """All coalition-proof pure equilibria (Bernheim, Peleg and Whinston 1987).

    No group can leave so that each member gains, and no part of the group would leave in turn by the same rule. A
    single player leaves for anything better, so they are Nash equilibria; with two players they are those that no other
    Nash equilibrium betters for both. Exact on `Fraction`s and whole numbers; in float64 a gain of up to 1e-12 of a
    player's largest payoff counts as none.

    Raises
    ------
    TooLarge : the table would not fit, or groups have too many pairs of joint moves to compare.

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> dilemma = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
    >>> coalition_proof(dilemma).profiles, len(strong_nash(dilemma))
    (((1, 1),), 0)
    """
    return _unshaken(game, "coalition-proof pure equilibria", lasting=True)


def strong_nash(game: Game) -> CoalitionProof:
    """All strong pure equilibria (Aumann 1959): no group can leave so that each member gains.

    Every one is coalition-proof and Pareto efficient (weakly); often there is none. Raises as `coalition_proof`.
    """
    return _unshaken(game, "strong pure equilibria", lasting=False)


def joint_departure(game: Game, labels: Sequence[str], *, lasting: bool = False) -> Departure | None:
    """A smallest group that gains, each of its members, by leaving a joint move together; None where none does.

    With `lasting`, only to where no part of it would leave in turn, as for `coalition_proof`. Raises as that, and
    `UnknownName` for a move there is not.
    """
    table = game.dense()
    order, place = ranks(table), table.profile(labels)
    for group, leaves, open_ in departures(order, lasting):
        if leaves[place] and (to := reached(order, place, group, open_)) is not None:
            return _departure(table, place, group, to)
    return None


def _unshaken(game: Game, concept: str, *, lasting: bool) -> CoalitionProof:
    table = game.dense()
    order = ranks(table)
    kept, nash, refuted = np.ones(table.sizes, bool), np.zeros((0, len(table.sizes)), int), {}
    for group, leaves, open_ in departures(order, lasting):
        kept &= ~leaves
        if len(group) == 1:
            nash = np.argwhere(kept)
            continue
        for place in nash[leaves[tuple(nash.T)]].tolist():
            at = game.labels(place)
            if at not in refuted and (to := reached(order, place, group, open_)) is not None:
                refuted[at] = _departure(table, tuple(place), group, to)
    profiles = tuple(tuple(place) for place in np.argwhere(kept).tolist())
    points = tuple(game.pure(profile) for profile in profiles)
    regret = max((game.regret(point) for point in points), default=0.0)
    method = "departures of all groups from all joint moves, by ranks of payoffs"
    return CoalitionProof(concept, points, "complete", max(regret, 0.0), method, profiles=profiles, refuted=refuted)


def _departure(table: NormalForm, place: tuple[int, ...], group: Group, to: tuple[int, ...]) -> Departure:
    gained = table.payoffs[to] - table.payoffs[place]
    gains = {table.players[i]: float(gained[i]) for i in group}
    return Departure(tuple(gains), table.labels(to), gains)
