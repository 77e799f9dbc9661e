"""A symmetric game seen as one population that plays against itself."""

from __future__ import annotations

import numpy as np

from ..core.game import Array, Game, Mixture
from ._groups import require_alike


def one_population(game: Game) -> Game:
    """The symmetric game in which everybody always draws from one and the same mixture.

    Evolution in a single population (Taylor and Jonker 1978) is a different question from P populations that evolve
    apart: in a coordination game it cannot settle on different conventions for different seats. The result has one
    "player", the population, whose `deviation_payoffs((x,))` are what each move earns against others who all play x.

    Raises
    ------
    InputError : seats differ in their number of moves or in what a move earns.

    Examples
    --------
    >>> from ostrom.core.forms.normal_form import NormalForm
    >>> stag = one_population(NormalForm([[[4, 4], [0, 3]], [[3, 0], [3, 3]]]))
    >>> stag.deviation_payoffs((np.array([0.5, 0.5]),))[0]
    array([2., 3.])
    """
    require_alike(game)
    return _OnePopulation(game)


class _OnePopulation(Game):
    def __init__(self, game: Game) -> None:
        self.game = game
        self.name = f"{game.name} in one population"
        self.players = ("population",)
        self.moves = (game.moves[0],)

    def payoffs_at(self, profiles: Array) -> Array:
        """Payoffs `float[..., 1]` where everybody makes the same move, `int[..., 1]`."""
        return self.game.payoffs_at(np.repeat(profiles, len(self.game.players), axis=-1))[..., :1]

    def deviation_payoffs(self, mixture: Mixture) -> Mixture:
        """What each own move earns, `float[..., A]`, when all others play the population's mixture."""
        return self.game.deviation_payoffs(mixture * len(self.game.players))[:1]
