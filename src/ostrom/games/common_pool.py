"""The common-pool resource of the laboratory: everybody's appropriation lowers everybody's yield."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np

from ostrom.core.forms.symmetric import Symmetric
from ostrom.core.game import Array, Fact
from ostrom.core.record import Interval

from ._scenario import check, labelled, named


class CommonPool(Symmetric):
    """Appropriators divide their tokens between a safe job and a resource that yields less the more it is used.

    A token at the job pays the wage. Tokens in the resource share the group's yield `F(X) = productivity · X −
    congestion · X²` in proportion, where X is what everybody put in. Each looks at its own share and not at what it
    takes from the others', so at equilibrium most of the rent is gone.

    Players `appropriator 1`, …; moves the tokens put into the resource, 0 to `endowment`. Facts: `appropriation`, the
    tokens put in, and `harvest`, the yield they bring. Payoffs depend on the others' total only: no table is built.

    Parameters
    ----------
    players : how many appropriators.
    endowment : tokens each has.
    wage : what a token pays at the job.
    productivity, congestion : of the resource, `F(X) = productivity · X − congestion · X²`.

    Source: Ostrom, Gardner and Walker, Rules, Games, and Common-Pool Resources (1994), chapter 5.

    Examples
    --------
    >>> game = CommonPool()
    >>> game.regret(game.pure([8] * 8))
    0.0
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "Ostrom, Gardner and Walker (1994)",
        "appropriation at the symmetric equilibrium": 8,
        "payoff at the symmetric equilibrium": 66.0,
        "total appropriation at equilibrium": 64,
        "total appropriation at the optimum": 36,
        "mean payoff at the optimum": 90.5,
        "share of the rent kept at equilibrium": 32 / 81,
        "total appropriation without rent": 72,
        "with endowment 25": {"payoff at the symmetric equilibrium": 141.0, "mean payoff at the optimum": 165.5},
    }

    def __init__(
        self,
        players: Annotated[int, Interval(ge=2, le=100)] = 8,
        endowment: Annotated[int, Interval(ge=1, le=100)] = 10,
        wage: Annotated[float, Interval(ge=0)] = 5.0,
        productivity: Annotated[float, Interval(ge=0)] = 23.0,
        congestion: Annotated[float, Interval(ge=0)] = 0.25,
    ) -> None:
        check(CommonPool, locals())
        tokens = np.arange(endowment + 1)

        def harvest(profiles: Array) -> Array:
            return profiles * (productivity - congestion * profiles.sum(-1, keepdims=True))

        super().__init__(
            lambda own, others: wage * (endowment - own) + own * (productivity - congestion * (own + others)),
            players=named("appropriator", players),
            moves=labelled(tokens),
            amounts=tokens.tolist(),
            name="common_pool",
            facts=[
                Fact.of_own_move("appropriation", "tokens", tokens.tolist()),
                Fact("harvest", "units of yield", harvest),
            ],
        )
