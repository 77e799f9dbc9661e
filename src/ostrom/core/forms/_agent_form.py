"""The agent form of a tree: every information set a player of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..game import Array, Game, Mixture

if TYPE_CHECKING:
    from .extensive import ExtensiveForm


class AgentForm(Game):
    """Information sets as players; a mixture is a behaviour of the tree.

    An equilibrium of it is one in which no player gains by changing what it does at a single information set. Every
    Nash equilibrium of the tree is one; the other way round holds for what is perfect (Selten 1975).
    """

    def __init__(self, game: ExtensiveForm) -> None:
        self.game, self.name = game, f"{game.name}, agent form"
        self.players = tuple(f"{game.players[infoset.player]} at {infoset.label}" for infoset in game.infosets)
        self.moves = tuple(infoset.moves for infoset in game.infosets)

    def payoffs_at(self, profiles: Array) -> Array:
        """Payoffs `float[..., H]` when each information set makes the move `int[..., H]`."""
        chosen = np.moveaxis(np.asarray(profiles), -1, 0)
        pure = tuple(np.eye(len(own))[at] for own, at in zip(self.moves, chosen, strict=True))
        return self.game.value(pure)[..., [infoset.player for infoset in self.game.infosets]]

    def deviation_payoffs(self, mixture: Mixture) -> Mixture:
        """For each information set, `float[..., A_h]`: what its player gets if only its move there is another."""
        game = self.game
        odds = game.odds(mixture)
        plans = tuple(own.realised(at) for own, at in zip(game.sequences, odds, strict=True))
        found: list[Array] = []
        for player, own in enumerate(game.sequences):
            total = own.following(game.worth(player, plans), odds[player])
            after = total[..., own.by_set]
            gained = after - own.spread(own.summed(after * odds[player][..., own.by_set]))
            reach = own.spread(plans[player][..., own.before])
            found += own.apart(total[..., :1] + reach * gained)
        return tuple(found)
