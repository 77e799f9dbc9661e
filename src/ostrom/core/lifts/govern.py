"""Lifting institutions onto finite games: which governed game a charter makes of which representation.

A game stays a game: one simultaneous stage gives a table (`Governed`), stages or private information give a tree
(`Staged`), and games that never become a table are governed by counts or by probes; a road network under tolls stays a
network. Memory needs a repeated game.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..charter import Charter
from ..errors import CarrierError
from ..forms.network import Network
from ..forms.normal_form import NormalForm
from ..game import Array, Fact, Game, Mixture
from ..ground import Ground, Part
from ..institution import Institution
from .large import govern_large
from .plays import Plays
from .roads import govern_network
from .staged import Staged

TABLE_LIMIT = 50_000
"""Joint moves up to which a game that has a sparser representation is governed as a table all the same."""


def ground_of(game: Game) -> Ground:
    """The bare ground of a finite game: one simultaneous part called "act"."""
    shared = len(set(game.moves)) == 1
    act = Part("act", game.moves[0] if shared else game.moves)
    return Ground(game.players, play=((act,),), facts=tuple(fact.name for fact in game.facts))


def govern(game: Game, institutions: Sequence[Institution]) -> Any:
    """`game` under `institutions`, innermost first; the empty charter gives the game itself.

    Raises
    ------
    CarrierError : an institution with memory on a game played once, or one that this representation cannot hold.
    """
    if not institutions:
        return game
    base, inner = getattr(game, "base", game), getattr(game, "institutions", ())
    if isinstance(base, Network):
        return govern_network(base, (*inner, *institutions))
    charter = Charter(ground_of(base), (*inner, *institutions))
    if charter.memory != "none":
        who = next(type(i).__name__ for i in charter.institutions if i.memory != "none")
        raise CarrierError(
            f"{who} remembers earlier rounds, and {base.name} is played once.",
            "What is remembered could change nothing.",
            "Repeat the game: game.repeated(discount=0.9).under(…), or --repeated 0.9 on the command line.",
        )
    if base.size > TABLE_LIMIT and not isinstance(base, NormalForm):
        return govern_large(base, charter)
    plays = Plays(base, charter)
    return Staged(base, plays) if plays.staged else Governed(base, plays)


DUST = 1e-15
"""Share of the largest payoff below which a mean over dice is rounding."""


class Governed(NormalForm):
    """A table game under institutions: again a table, with the base and the charter kept.

    Attributes
    ----------
    base, institutions : what was governed, and by what (innermost first).
    adds : `float[A_1, …, A_P, P]`, what the institutions add to each player's payoff (negative: what they take).
    payments : the same in money. Motivational rules change what agents want, which is in `adds` and in no payment.
    paid : `float[A_1, …, A_P, P]`, what players get: payoffs, but for what motivational rules add to them.
    """

    def __init__(self, base: Game, plays: Plays) -> None:
        self.base, self.institutions, self.charter = base, plays.charter.institutions, plays.charter
        kept = [np.flatnonzero(mask[0]) for mask in plays.allowed[0]]
        if not plays.legal.any():  # raises with the names of the rules when nothing at all is permitted
            raise CarrierError("No joint move is permitted.", "", "Loosen one of the institutions.")
        shape = tuple(plays.widths[0])
        pick = np.ix_(*kept)

        ways = math.prod(die.odds.shape[1] ** die.odds.shape[0] for die in plays.dice)

        def expected(values: np.ndarray) -> np.ndarray:
            weighted = (plays.chance[:, None] * values).reshape(ways, plays.rows // ways, values.shape[1])
            total = weighted.sum(0).reshape(*shape, values.shape[1])[pick]
            if ways > 1:  # odds like a third leave dust where payoffs cancel
                total[np.abs(total) <= DUST * np.abs(values).max(initial=0.0)] = 0.0
            return total

        super().__init__(
            expected(plays.payoffs),
            players=base.players,
            moves=[[_names(plays, seat)[k] for k in kept[seat]] for seat in range(len(kept))],
            name=f"{base.name} under {self.charter}",
            bystanders=base.bystanders,
            bystander_payoffs=expected(plays.bystanders),
            facts=[_tabled(name, base, expected(v)) for name, v in plays.settled[3].facts.items()],
        )
        self.adds, self.payments, self.paid = expected(plays.added), expected(plays.payments), self.payoffs
        if self.charter.motivates:
            self.paid = expected(plays.paid)

    @property
    def treasury(self) -> np.ndarray:
        """`float[A_1, …, A_P]`: money that the institutions take from the players on balance (negative: pay out)."""
        return 0.0 - self.payments.sum(-1)

    def utilities_at(self, profiles: Array) -> Array:
        """Utilities `float[..., P + B]` of all principals at joint moves: what is paid, whatever agents want."""
        paid = self.paid[tuple(np.moveaxis(np.asarray(profiles), -1, 0))]
        return np.concatenate([paid, self.bystander_payoffs_at(profiles)], axis=-1)

    def expected_utilities(self, mixture: Mixture) -> Array:
        """Expected utilities `float[..., P + B]` of all principals: what is paid, whatever agents want."""
        paid = NormalForm(self.paid).expected_payoffs(mixture)
        return np.concatenate([paid, self.expected_bystander_payoffs(mixture)], axis=-1)


def _names(plays: Plays, seat: int) -> list[str]:
    names = [""]
    for part in plays.parts_at(0, seat):
        names = [f"{name} + {label}" if name else label for name in names for label in part.labels_of(seat)]
    return names


def _tabled(name: str, base: Game, table: np.ndarray) -> Fact:
    source = next(fact for fact in base.facts if fact.name == name)
    return Fact(
        name, source.unit, lambda profiles: table[tuple(np.moveaxis(np.asarray(profiles), -1, 0))], source.seen_by
    )
