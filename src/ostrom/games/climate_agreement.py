"""An agreement on the climate that nobody can be made to join: it is either small or does little."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np

from ostrom.core.forms.symmetric import Symmetric
from ostrom.core.game import Array, Fact
from ostrom.core.record import Interval

from ._scenario import check, named


class ClimateAgreement(Symmetric):
    """Countries decide whether to sign; who signs abates what is best for all who do, others what is best for each.

    A unit of abatement is worth `benefit` to every country, wherever it is made, and q units cost `cost q² / 2`. Who
    stays out abates benefit / cost; k signatories each k times as much. The more sign, the more there is to gain by
    staying out: more than three never hold together, however many countries there are.

    Players `country 1`, …; moves `sign`, `stay out`. Fact: `abatement`.

    Parameters
    ----------
    players : how many countries. benefit, cost : as above.

    Source: Barrett, Self-enforcing international environmental agreements (1994).
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "Barrett (1994): stable if and only if (k − 1)(k − 3) ≤ 0",
        "signatories of the largest stable agreement": 3,
        "share of the gap that it closes, by countries": {5: 0.45, 10: 0.1185, 100: 0.0012},
    }

    def __init__(
        self,
        players: Annotated[int, Interval(ge=3, le=1000)] = 10,
        benefit: Annotated[float, Interval(ge=1e-6, le=1e6)] = 1.0,
        cost: Annotated[float, Interval(ge=1e-6, le=1e6)] = 1.0,
    ) -> None:
        check(ClimateAgreement, locals())
        alone = benefit / cost

        def paid(own: int, others: Array) -> Array:
            signed = others + (1 - own)
            mine = alone * (np.maximum(signed, 1) if own == 0 else 1)
            total = alone * (signed**2 + players - signed)
            return benefit * total - cost * mine**2 / 2

        def abatement(profiles: Array) -> Array:
            signed = (profiles == 0).sum(-1, keepdims=True)
            return alone * np.where(profiles == 0, np.maximum(signed, 1), 1)

        super().__init__(
            paid,
            players=named("country", players),
            moves=("sign", "stay out"),
            amounts=(1, 0),
            name="climate_agreement",
            facts=[Fact("abatement", "units", abatement)],
        )
