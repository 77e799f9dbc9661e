"""Agencies of unlike speed choose where to go, and the slow follow the fast to where the cameras are."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np

from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Fact
from ostrom.core.record import Interval

from ._scenario import check, named


class Rescue(NormalForm):
    """Each agency goes to one site; of those at a site only the fastest saves anybody, and all share the credit.

    The worst site has 100 people to save, each further one `decline` times as many. The first agency saves `skill` of
    the people at a site, each further one `slower` times the share. The best is that the fastest goes where most are
    to be saved, the next where next most are, and so on; but a share of the credit for the largest rescue is more than
    all the credit for a small one, and so they crowd.

    Players `agency 1`, … (the fastest first); moves the sites `A`, `B`, …. Facts: `crowd`, how many agencies are at
    one's own site, and `saved`, whom the agency itself saves. Bystander `the stricken`, whose utility is how many are
    saved in all.

    Parameters
    ----------
    players, sites : how many agencies and sites. skill : the share that the fastest saves at its site.
    decline : of people from site to site, in terms of the one before; slower : of shares, from agency to agency.

    Source: the assignment problem of multi-robot systems, Gerkey and Matarić (2004); that the best pairs the fastest
    with the largest is the rearrangement inequality of Hardy, Littlewood and Pólya (1934).
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "by hand, for three agencies that save 90, 72 and 57.6 % at sites of 100, 32 and 10.24",
        "pure equilibria": [("A", "A", "A")],
        "saved at equilibrium": 90.0,
        "saved at the optimum": 90 + 0.72 * 32 + 0.576 * 10.24,
    }

    def __init__(
        self,
        players: Annotated[int, Interval(ge=2, le=6)] = 3,
        sites: Annotated[int, Interval(ge=2, le=6)] = 3,
        skill: Annotated[float, Interval(ge=0.01, le=1)] = 0.9,
        decline: Annotated[float, Interval(ge=0.01, le=1)] = 0.32,
        slower: Annotated[float, Interval(ge=0.01, le=1)] = 0.8,
    ) -> None:
        check(Rescue, locals())
        worth = np.outer(skill * slower ** np.arange(players), 100.0 * decline ** np.arange(sites))
        at = np.moveaxis(np.indices((sites,) * players), 0, -1)  # [..., agency]
        together = at[..., :, None] == at[..., None, :]
        first = ~np.tril(together, -1).any(-1)
        saves = np.where(first, worth[np.arange(players), at], 0.0)
        crowd = together.sum(-1)
        credit = (together * saves[..., None, :]).sum(-1) / crowd
        super().__init__(
            credit,
            players=named("agency", players),
            moves="ABCDEF"[:sites],
            name="rescue",
            bystanders=("the stricken",),
            bystander_payoffs=saves.sum(-1, keepdims=True),
            facts=[
                Fact("crowd", "agencies", lambda profiles: _read(crowd, profiles)),
                Fact("saved", "people", lambda profiles: _read(saves, profiles)),
            ],
        )


def _read(table: np.ndarray, profiles: np.ndarray) -> np.ndarray:
    return table[tuple(np.moveaxis(profiles, -1, 0))]
