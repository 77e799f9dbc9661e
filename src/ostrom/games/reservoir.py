"""Regions draw water from one reservoir, and what is drawn too much harms them all."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np

from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Array, Fact
from ostrom.core.record import Interval

from ._scenario import check, labelled

REGIONS = ("farms", "city", "industry")


class Reservoir(NormalForm):
    """Three regions draw units of water; a unit is worth less to each the more it has, and not the same to all.

    Drawing d units brings a region `value · √d`. Every unit that all together draw beyond the `inflow` costs each of
    them `damage`. Each pays a third of the harm that it does, and so all draw as much as their pipes hold. An equal
    ration keeps the reservoir, but leaves water where it is worth least.

    Players `farms`, `city`, `industry`; moves the units drawn, 0 to `pipes`. Fact: `withdrawal`.

    Parameters
    ----------
    farms, city, industry : the value of water to each. inflow : units that can be drawn without harm.
    pipes : the most that a region can draw. damage : of a unit too many, to each region.

    Source: the commons of Hardin (1968) and Ostrom (1990); water markets, Howe, Schurmeier and Shaw (1986).
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "by hand",
        "pure equilibria": [("4", "4", "4")],
        "welfare in sum at equilibrium": 22.0,
        "welfare in sum at the optimum": 30.0,
        "optimum": ("1", "1", "4"),
        "welfare in sum at equal rations": 20 * 2**0.5,
    }

    def __init__(
        self,
        farms: Annotated[float, Interval(ge=0, le=1e6)] = 4.0,
        city: Annotated[float, Interval(ge=0, le=1e6)] = 6.0,
        industry: Annotated[float, Interval(ge=0, le=1e6)] = 10.0,
        inflow: Annotated[int, Interval(ge=0, le=60)] = 6,
        pipes: Annotated[int, Interval(ge=1, le=20)] = 4,
        damage: Annotated[float, Interval(ge=0, le=1e6)] = 1.0,
    ) -> None:
        check(Reservoir, locals())
        units = np.arange(pipes + 1)
        drawn: Array = np.moveaxis(np.indices((pipes + 1,) * 3), 0, -1)
        excess = np.maximum(drawn.sum(-1, keepdims=True) - inflow, 0)
        super().__init__(
            np.array([farms, city, industry]) * np.sqrt(drawn) - damage * excess,
            players=REGIONS,
            moves=labelled(units),
            name="reservoir",
            facts=[Fact.of_own_move("withdrawal", "units", units.tolist())],
        )
