"""The epidemic commons: being vaccinated protects those who are not, so too few are."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np

from ostrom.core.forms.symmetric import Symmetric
from ostrom.core.game import Array, Fact
from ostrom.core.record import Interval

from ._scenario import check, named


class Vaccination(Symmetric):
    """People decide whether to be vaccinated against a disease that will be always around.

    Being ill counts 1; a vaccination costs `risk`, in fear or side effects. With k of n vaccinated, somebody who is not
    falls ill sooner or later with odds `1 − n / (R (n − k))`, and never once so many are that the disease dies out.
    Each vaccination protects everybody a little, and whoever stops just short of the last ones rides free on them.

    Players `person 1`, …; moves `vaccinate` and `wait`. Fact: `dose`, 1 for who is vaccinated. Bystander `the frail`,
    who cannot be vaccinated and fall ill with the odds of who waits.

    Parameters
    ----------
    players : how many can be vaccinated.
    reproduction : R, how many each ill person infects where nobody is immune.
    risk : what a vaccination costs, where being ill costs 1.

    Source: Bauch and Earn, Vaccination and the theory of games (2004): a share of `1 − 1 / (R (1 − risk))` is
    vaccinated at equilibrium, while `1 − 1 / R` would end the disease.
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "Bauch and Earn (2004), for 50 people",
        "vaccinated at equilibrium": 36,
        "vaccinated at the optimum": 40,
        "share at equilibrium in a large population": 1 - 1 / (5 * 0.7),
        "share that ends the disease": 0.8,
        "what it costs all at equilibrium": 14.8,
        "what it costs all at the optimum": 12.0,
    }

    def __init__(
        self,
        players: Annotated[int, Interval(ge=2, le=1000)] = 50,
        reproduction: Annotated[float, Interval(ge=1, le=50)] = 5.0,
        risk: Annotated[float, Interval(ge=0, le=1)] = 0.3,
    ) -> None:
        check(Vaccination, locals())

        def infection(vaccinated: Array) -> Array:
            left = np.maximum(players - vaccinated, 1)
            return np.maximum(0.0, 1 - players / (reproduction * left))

        doses = (1, 0)
        super().__init__(
            lambda own, others: np.full(len(others), -risk) if own == 0 else -infection(others),
            players=named("person", players),
            moves=("vaccinate", "wait"),
            amounts=doses,
            name="vaccination",
            bystanders=("the frail",),
            bystander_payoffs=lambda totals: -infection(totals)[:, None],
            facts=[Fact.of_own_move("dose", "doses", doses)],
        )
