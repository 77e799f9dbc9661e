"""Which of the 78 strict ordinal 2×2 games it is, by name."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, permutations, product

import numpy as np

from ..core.claim import Finding
from ..core.delegation import Delegation, as_delegation
from ..core.errors import InputError
from ..core.game import Array, Game
from ._tables import TIE, principals_game

SOURCE = (
    "Rapoport and Guyer (1966): 78 games; Robinson and Goforth (2005): their topology; Bruns (2015): names of "
    "asymmetric games from the symmetric ones whose patterns the two players have."
)

SYMMETRIC = {
    "TRSP": "Chicken",
    "TSRP": "Battle",
    "TSPR": "Hero",
    "TPSR": "Compromise",
    "TPRS": "Deadlock",
    "TRPS": "Prisoner's Dilemma",
    "RTPS": "Stag Hunt",
    "RPTS": "Assurance",
    "RPST": "Coordination",
    "RSPT": "Peace",
    "RSTP": "Harmony",
    "RTSP": "Concord",
}
"""The order of reward, sucker's payoff, temptation and punishment, best first -> the symmetric game with this order."""

_PLACES = {"R": (0, 1), "S": (0, 0), "T": (1, 1), "P": (1, 0)}
"""Where these stand in the row player's table when its best payoff is on the right: (own move, other's move)."""


@dataclass(frozen=True)
class OrdinalType:
    """What a 2×2 game is, by the order of payoffs alone.

    Attributes
    ----------
    players : names.
    names : of the game, or, where payoffs are tied, of all strict games that breaking the ties can make.
    ranks : `((row, column), …)`, the ranks 1 to 4 of both at every joint move in the orientation of the table of games
        (row's best on the right, column's best on top); of the first of `names`.
    symmetric : whether both have the same pattern, in all of them.
    win_win : whether one outcome is best for both, in all of them.
    tied : whether there were ties to break.
    """

    players: tuple[str, ...]
    names: tuple[str, ...]
    ranks: tuple[tuple[tuple[int, int], ...], ...]
    symmetric: bool
    win_win: bool
    tied: bool

    @property
    def findings(self) -> tuple[Finding, ...]:
        """One sentence with the name, or the names that ties leave open."""
        numbers = {"names": list(self.names), "ranks": [list(map(list, row)) for row in self.ranks]}
        if not self.tied:
            end = "; one outcome is best for both" if self.win_win else ""
            said = f"Among the 78 ordinal 2×2 games this is {self.names[0]}{end}."
        else:
            few = list(self.names[:4]) + (["others"] if len(self.names) > 4 else [])
            said = f"With payoffs tied it lies between {len(self.names)} of the 78 ordinal 2×2 games: {', '.join(few)}."
        return (Finding("ordinal", said, self.players, numbers, SOURCE),)


def ordinal_types(subject: Game | Delegation) -> OrdinalType:
    """The name of a 2×2 game among the 78 that differ in the order of payoffs, whoever and whatever comes first.

    A symmetric game has a name of its own; an asymmetric one the names of the two symmetric games whose patterns its
    players have, in the order of the alphabet. Interests are the principals'. Raises `InputError` for other games.

    Examples
    --------
    >>> from ostrom.games import Chicken
    >>> ordinal_types(Chicken()).names
    ('Chicken',)
    """
    game = principals_game(as_delegation(subject))
    if game.sizes != (2, 2):
        raise InputError(
            f"{game.name} has {game.sizes} moves.", "The 78 names are those of games with two players and two moves.",
            "Ask diagnosis.dilemmas(game) of larger games.",
        )  # fmt: skip
    breaks = [_strict(game.payoffs[..., i]) for i in (0, 1)]
    found: dict[str, Array] = {}
    for one, other in product(*breaks):
        name, table = named(np.stack([one, other], axis=-1))
        found.setdefault(name, table)
    names = tuple(sorted(found))
    first = found[names[0]]
    return OrdinalType(
        players=game.players,
        names=names,
        ranks=tuple(tuple((int(a), int(b)) for a, b in row) for row in first),
        symmetric=all("–" not in name for name in names),
        win_win=all(bool(((table == 4).all(-1)).any()) for table in found.values()),
        tied=len(breaks[0]) * len(breaks[1]) > 1,
    )


def named(ranks: Array) -> tuple[str, Array]:
    """The name of a strict game by ranks `[2, 2, 2]`, and these with row's best on the right and column's on top."""
    table = np.array(ranks)
    if table[:, 0, 0].max() == 4:
        table = table[:, ::-1]
    if table[1, :, 1].max() == 4:
        table = table[::-1]
    own = _pattern(table[..., 0])
    other = _pattern(table[::-1, ::-1, 1].T)  # as the column player sees it: own move first, best on the right
    return "–".join(dict.fromkeys(sorted((own, other)))), table


def _pattern(own: Array) -> str:
    """The symmetric game in which a player has these ranks `[own move, other's move]`, its best on the right."""
    order = sorted(_PLACES, key=lambda letter: -own[_PLACES[letter]])
    return SYMMETRIC["".join(order)]


def _strict(own: Array) -> list[Array]:
    """Ranks 1 to 4 of a player's payoffs, in every way in which ties can be broken."""
    values = own.ravel()
    slack = TIE * max(float(np.ptp(values)), 1e-300)
    found = []
    for order in permutations(range(4)):
        if all(values[a] <= values[b] + slack for a, b in pairwise(order)):
            ranks = np.empty(4, int)
            ranks[list(order)] = [1, 2, 3, 4]
            found.append(ranks.reshape(2, 2))
    return found
