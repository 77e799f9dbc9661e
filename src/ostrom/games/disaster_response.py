"""Rescue teams choose where to go, and crowd where most credit is to be had."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np

from ostrom.core.forms.symmetric import Symmetric
from ostrom.core.game import Array, Fact
from ostrom.core.record import Interval

from ._scenario import check, named


class DisasterResponse(Symmetric):
    """Teams go to one of several sites; those at the same site do the same work twice.

    The worst site has 100 people to save, each further one `decline` times as many. A team saves each of them with odds
    `skill`, apart from the others there, so k teams save a share of `1 − (1 − skill)^k`. Teams want credit. Where what
    a site's teams save is split among them (`credit` 0), all go where it is worst; where each gets what would not have
    been saved without it (`credit` 1), going where one is needed is what pays.

    Players `team 1`, …; moves the sites `A`, `B`, …. Fact: `crowd`, how many teams are at one's own site. Bystander
    `the stricken`, whose utility is how many are saved.

    Parameters
    ----------
    players, sites : how many teams and sites. skill : odds that a team saves a person at its site.
    decline : how many people each further site has, in terms of the one before.
    credit : 0 for equal shares, 1 for one's marginal contribution, between them a mixture.

    Source: Vetta, Nash equilibria in competitive societies (2002): equilibria save at least half of what could be
    saved; Marden and Wierman, Distributed welfare games (2013).
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "by hand, for three teams and sites of 100, 50 and 25",
        "pure equilibria": [("A", "A", "A")],
        "saved at equilibrium": 87.5,
        "saved at the optimum": 100.0,
        "least share saved at any equilibrium": 0.5,
    }

    def __init__(
        self,
        players: Annotated[int, Interval(ge=2, le=100)] = 3,
        sites: Annotated[int, Interval(ge=2, le=8)] = 3,
        skill: Annotated[float, Interval(ge=0.01, le=1)] = 0.5,
        decline: Annotated[float, Interval(ge=0.01, le=1)] = 0.5,
        credit: Annotated[float, Interval(ge=0, le=1)] = 0.0,
    ) -> None:
        check(DisasterResponse, locals())
        stricken = 100.0 * decline ** np.arange(sites)

        def credited(own: int, others: Array) -> Array:
            before = others[:, own]
            share = stricken[own] * (1 - (1 - skill) ** (before + 1)) / (before + 1)
            return (1 - credit) * share + credit * stricken[own] * skill * (1 - skill) ** before

        def crowd(profiles: Array) -> Array:
            return (profiles[..., :, None] == profiles[..., None, :]).sum(-1)

        super().__init__(
            credited,
            players=named("team", players),
            moves=tuple("ABCDEFGH"[:sites]),
            name="disaster_response",
            bystanders=("the stricken",),
            bystander_payoffs=lambda counts: ((1 - (1 - skill) ** counts) @ stricken)[:, None],
            facts=[Fact("crowd", "teams", crowd)],
        )
