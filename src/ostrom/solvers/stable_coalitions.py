"""How many join, where everybody is alike and may stay out: sizes that nobody leaves and nobody wants to join."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.errors import InputError
from ..core.forms.symmetric import Symmetric
from ..core.game import Array
from ._departures import TOLERANCE


@dataclass(frozen=True)
class StableCoalitions:
    """Which sizes of a coalition hold.

    Attributes
    ----------
    sizes : that neither lose a member nor win one, from the smallest.
    members, outsiders : what one of each gets at every size, `float[P + 1]`; NaN where there is none.
    total : what all players get together at every size, `float[P + 1]`.
    """

    sizes: tuple[int, ...]
    members: Array
    outsiders: Array
    total: Array

    @property
    def largest(self) -> int:
        """The largest stable size."""
        return self.sizes[-1]

    @property
    def closed(self) -> float:
        """The share of the gap between no coalition and the best size that the largest stable one closes.

        NaN where no size is better than none.
        """
        gap = self.total.max() - self.total[0]
        return float((self.total[self.largest] - self.total[0]) / gap) if gap > 0 else float("nan")


def stable_coalitions(game: Symmetric, join: str | None = None) -> StableCoalitions:
    """The sizes at which a coalition of players who are alike is stable from within and from without.

    From within: no member would be better off outside a coalition that is one smaller. From without: nobody outside
    would be better off in one that is one larger (d'Aspremont and others 1983; Barrett 1994). Who is indifferent stays
    where it is, so these are the pure Nash equilibria of joining or not, by size. All sizes are looked at; there is
    always one (Cheng and others 2004).

    Parameters
    ----------
    game : with two moves, one of which is to join. join : its name; the first by default.

    Raises
    ------
    InputError : players are not known to be alike, or have not two moves; UnknownName : no such move.

    Examples
    --------
    >>> from ostrom.games import ClimateAgreement
    >>> stable_coalitions(ClimateAgreement(players=100)).sizes
    (0, 2, 3)
    """
    if not isinstance(game, Symmetric) or len(game.moves[0]) != 2:
        raise InputError(
            f"{game!r} is no game of joining or not among players who are alike.",
            "What counts here is only how many join.",
            "Give a Symmetric game with two moves.",
        )
    count, label = len(game.players), game.moves[0][0] if join is None else join
    move = game.profile((label, *game.labels((0,) * count)[1:]))[0]
    seats = np.arange(count)
    profiles = np.where(seats[None, :] < np.arange(count + 1)[:, None], move, 1 - move)
    paid = game.payoffs_at(profiles)
    members = np.concatenate([[np.nan], paid[1:, 0]])
    outsiders = np.concatenate([paid[:-1, -1], [np.nan]])
    slack = TOLERANCE * np.abs(paid).max()
    stays = np.append(True, members[1:] >= outsiders[:-1] - slack)
    keeps_out = np.append(outsiders[:-1] >= members[1:] - slack, True)
    sizes = tuple(np.flatnonzero(stays & keeps_out).tolist())
    return StableCoalitions(sizes, members, outsiders, paid.sum(1))
