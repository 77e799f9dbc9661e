"""Advice by lot: who is to play what is drawn, so that nobody is treated differently before the draw."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..core.claim import Claim
from ..institutions.advice import Advice
from ._alike_checks import learnt
from ._alike_crowd import Crowd
from ._alike_lines import AlikeLine, weighed
from ._alike_rule import Rule
from ._proposal import Impossible, Needs
from ._weights import LITTLE

MOST = 300
"""Players up to which the draws are written out: one row of moves for each of them."""


def lot(crowd: Crowd, weights: Mapping[str, float], seconds: float) -> AlikeLine | Impossible:
    """The best pure equilibrium in which players differ, with the parts drawn anew: every seat has each as often.

    A lottery over equilibria that everybody learns the outcome of is obeyed, and it is a correlated equilibrium.
    """
    settled = crowd.seen.settled
    place = None if settled is None else settled.best
    if place is None or place.counts is None or sum(count > 0 for count in place.counts) < 2:
        return Impossible("lot", "The best pure equilibrium, if there is one, is not one in which players differ.")
    if place.welfare <= crowd.now.welfare + LITTLE * (crowd.best.place.welfare - crowd.now.welfare):
        return Impossible("lot", f"The best equilibrium ({place.words}) is worth no more than what is played now.")
    if crowd.count > MOST:
        return Impossible("lot", f"Draws are written out for {MOST} players at most, and there are {crowd.count}.")
    parts = np.repeat(np.arange(len(crowd.moves)), place.counts)
    labels = [crowd.moves[k] for k in parts]
    rows = tuple((tuple(labels[k:] + labels[:k]), 1 / crowd.count) for k in range(crowd.count))
    rule = Rule(
        approach="lot",
        sentence=f"Drawing by lot who plays what, so that {place.words}, is obeyed: nobody gains by another move.",
        institution=Advice(device=rows),
        twin=None,
        needs=Needs(),
        size=0.0,
        source="Aumann (1974)",
    )
    claims = (_obeyed(crowd, parts), *learnt(crowd, crowd.game, place.welfare, False, seconds))
    return weighed(crowd, rule, place, claims, _radius(crowd, parts), weights)


def _obeyed(crowd: Crowd, parts: np.ndarray) -> Claim:
    regret = float(crowd.game.regret(crowd.game.pure(parts.tolist())))
    said = "Nobody gains by another move than the one drawn for it."
    method = "every own move against what is drawn for the others, in float64"
    if regret > crowd.slack:
        return Claim(said, "refuted", method, crowd.slack, witness={"gain": regret})
    return Claim(said, "proved", method, crowd.slack, {"largest gain": regret})


def _radius(crowd: Crowd, parts: np.ndarray) -> float:
    """Half of the least that anybody loses by another move; every payoff may be off by so much."""
    worth = crowd.game.deviation_payoffs(crowd.game.pure(parts.tolist()))
    losses = [own[k] - np.delete(own, k).max() for own, k in zip(worth, parts, strict=True)]
    return max(float(min(losses)) / 2, 0.0)
