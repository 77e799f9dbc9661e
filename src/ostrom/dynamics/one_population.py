"""A symmetric game seen as one population that plays against itself."""

from __future__ import annotations

import numpy as np

from ..core.errors import InputError
from ..core.game import Array, Game, Mixture

ALIKE = 1e-9
"""Own-move payoffs may differ between seats by this share of the largest, which is rounding."""


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
    _require_symmetry(game)
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


def _require_symmetry(game: Game) -> None:
    if len(set(game.sizes)) > 1:
        raise InputError(
            f"The players of {game.name} have {game.sizes} moves.",
            "In one population everybody has the same moves.",
            "Leave the populations apart, one for each player.",
        )
    probe = np.random.default_rng(0).dirichlet(np.ones(game.sizes[0]), size=3)
    worth = np.stack(game.deviation_payoffs((probe,) * len(game.players)))
    if np.abs(worth - worth[0]).max() > ALIKE * np.abs(worth).max():
        raise InputError(
            f"In {game.name} the same move earns one seat up to {np.ptp(worth, axis=0).max():g} more than another.",
            "One population needs a game in which seats are interchangeable.",
            "Leave the populations apart, one for each player.",
        )
