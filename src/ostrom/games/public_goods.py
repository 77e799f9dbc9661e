"""The linear public goods game: what each gives is worth more to all than to the giver."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np

from ostrom.core.forms.symmetric import Symmetric
from ostrom.core.game import Fact
from ostrom.core.record import Interval

from ._scenario import check, labelled, named


class PublicGoods(Symmetric):
    """Members of a group decide how much of their endowment goes into a common project.

    Every token given comes back as `mpcr` tokens to every member, giver or not. With `mpcr` below 1 a token kept is
    worth more to its owner; with `mpcr · players` above 1 a token given is worth more to the group. So nobody gives.

    Players `member 1`, …; moves the contributions, evenly spaced from nothing to all. Fact: `contribution`, in tokens.
    Payoffs depend on the others' total only, so a hundred members need no table.

    Parameters
    ----------
    players : how many members.
    endowment : tokens each member has.
    mpcr : marginal per capita return, what one token given is worth to each member.
    levels : how many contributions there are to choose from.

    Source: Isaac and Walker (1988); default parameters of Fehr and Gächter (2000).

    Examples
    --------
    >>> game = PublicGoods(players=100)
    >>> game.payoffs.shape
    (3, 199)
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "Fehr and Gächter (2000)",
        "pure equilibria": [("0", "0", "0", "0")],
        "welfare at equilibrium": 80.0,
        "optimal welfare": 128.0,
        "optimal moves": [("20", "20", "20", "20")],
        "price of anarchy": 8 / 5,
        "payoff when all keep": 20.0,
        "payoff when all give": 32.0,
        "payoff of a lone free rider": 44.0,
        "payoff of a lone giver": 8.0,
        "least subsidy per token that makes giving dominant": 0.6,
    }

    def __init__(
        self,
        players: Annotated[int, Interval(ge=2, le=1000)] = 4,
        endowment: Annotated[float, Interval(ge=1e-6)] = 20.0,
        mpcr: Annotated[float, Interval(ge=0, le=1)] = 0.4,
        levels: Annotated[int, Interval(ge=2, le=101)] = 3,
    ) -> None:
        check(PublicGoods, locals())
        step, given = endowment / (levels - 1), np.arange(levels)
        super().__init__(
            lambda own, others: endowment - step * own + mpcr * step * (own + others),
            players=named("member", players),
            moves=labelled(step * given),
            amounts=given.tolist(),
            name="public_goods",
            facts=[Fact.of_own_move("contribution", "tokens", (step * given).tolist())],
        )
