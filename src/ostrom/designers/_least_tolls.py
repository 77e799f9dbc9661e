"""Tolls under which given flows are an equilibrium, as the solutions of linear inequalities.

Flows are an equilibrium of crowds k when there are potentials π_k (least costs from where k starts) with

    π_k(head) − π_k(tail) ≤ time + toll / value_k    on every link, with equality where k drives.

Times are those at the wanted flows, so tolls and potentials enter linearly: the least revenue is a linear program, the
fewest tolled links an integer one (Bergendorff, Hearn and Ramana 1997; Hearn and Ramana 1998). Which class drives where
is chosen by a linear program whose multipliers are tolls (Cole, Dodis and Roughgarden 2003).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.forms.network import Network
from ..core.game import Array
from ..solvers._highs import Sparse, solve_lp, solve_milp
from ..solvers._shortest_paths import ShortestPaths
from ..solvers.assignment import Assignment, marginal_tolls

USED = 1e-6
"""Share of a crowd's trips above which it counts as driving on a link."""
BENT = 1e-6
"""Share of the largest time by which marginal costs may miss; more, and a time bends where the best flow stands."""
SLACK = 1e-9
"""Share of the largest time by which equalities may be off, besides what the known tolls leave."""


@dataclass(frozen=True)
class Least:
    """Tolls `float[L]` in money, or None; how the search ended, and a bound of what was minimised."""

    tolls: Array | None
    status: str
    bound: float


class Inducing:
    """All tolls that make the flows of an optimum an equilibrium.

    Attributes
    ----------
    paths : shortest routes of the crowds, one for each origin and value of time.
    flows : `float[C, L]`, where each crowd drives.
    known : `float[L]`, tolls in money that do it: marginal costs, or where drivers differ, or a time bends at the best
        flow, the multipliers of the division into classes.
    marginal : `float[L]`, marginal-cost tolls in money, whether they do it or not.
    slack : by how much a used link may be dearer than it would have to be, in time; the least that `known` needs.
    """

    def __init__(self, network: Network, optimum: Assignment) -> None:
        self.network, self.times, self.total = network, optimum.times, optimum.flows
        self.paths = ShortestPaths(network.tolled(np.ones(len(network.links))))
        self.value = 1 / np.broadcast_to(self.paths.tolls[:, :1], (len(self.paths.origins), 1))
        self.trips = np.bincount(self.paths.row, network.demand)
        self.flows, self.known = np.zeros((len(self.value), len(network.links))), marginal_tolls(network, optimum)
        self.marginal = self.known
        for pair, route, flow in zip(optimum.pair, optimum.route_links, optimum.route_flows, strict=True):
            self.flows[self.paths.row[pair], list(route)] += flow
        if np.ptp(network.values) or self.excess(self.known) > BENT * float(self.times.max()):
            self.flows, self.known = self._divided()
        self.slack = 2 * self.excess(self.known) + SLACK * float(self.times.max())

    @property
    def used(self) -> Array:
        """`bool[C, L]`: which crowd drives on which link."""
        return self.flows > USED * self.trips[:, None]

    def reduced(self, tolls: Array) -> tuple[Array, Array]:
        """For each crowd and link, cost less difference of least costs `float[C, L]` (≥ 0), and least costs."""
        costs = self.times + tolls / self.value
        far, _ = self.paths._search(costs)
        far = np.where(np.isfinite(far), far, 0.0)
        return costs - (far[:, self.paths.heads] - far[:, self.paths.tails]), far

    def excess(self, tolls: Array) -> float:
        """The most by which a link that is used is dearer than the least costs say, in time."""
        return max(0.0, float(np.where(self.used, self.reduced(tolls)[0], 0.0).max()))

    def gap(self, tolls: Array) -> float:
        """The relative gap of the wanted flows under tolls: 0 when they are an equilibrium."""
        paid = float((self.flows * (self.times + tolls / self.value)).sum())
        _, far = self.reduced(tolls)
        least = float(self.network.demand @ far[self.paths.row, self.paths.targets])
        return max(0.0, 1 - least / paid) if paid > 0 else 0.0

    def least_revenue(self, highest: Array, seconds: float | None = None) -> Least:
        """Tolls that collect the least, none above `highest`, `float[L]` in money."""
        matrix, right, lower, upper = self._rows(highest)
        cost = np.concatenate([self.total * self._unit / self.total.max(), np.zeros(len(lower) - len(self.total))])
        found = solve_lp(cost, matrix, right, lower=lower, upper=upper, time_limit=seconds)
        if found.x is None or found.value is None:
            return Least(None, found.status, 0.0)
        tolls = self._cleaned(found.x[: len(self.total)])
        return Least(tolls, "optimal", float(found.value) * float(self.total.max()))

    def fewest(self, highest: Array, seconds: float | None = None) -> Least:
        """Tolls on the fewest links, none above `highest`, `float[L]` in money; of those links, the least revenue."""
        matrix, right, lower, upper = self._rows(highest)
        links, columns = len(self.total), len(lower)
        each = np.arange(links)
        most = np.maximum(upper[:links], SLACK)
        capped = Sparse(np.r_[np.ones(links), -most], np.r_[each, each], np.r_[each, columns + each], (links, 0))
        wide = columns + links
        rows = Sparse.stack([matrix._replace(shape=(matrix.shape[0], wide)), capped._replace(shape=(links, wide))])
        found = solve_milp(
            np.r_[np.zeros(columns), np.ones(links)],
            rows,
            np.r_[right, np.zeros(links)],
            lower=np.r_[lower, np.zeros(links)],
            upper=np.r_[upper, np.ones(links)],
            integer=np.r_[np.zeros(columns, bool), np.ones(links, bool)],
            time_limit=seconds,
        )
        bound = max(0.0, np.ceil(found.bound - 1e-6))
        if found.x is None:
            return Least(None, found.status, bound)
        chosen = found.x[columns:] > 0.5
        cheapest = self.least_revenue(np.where(chosen, highest, 0.0)).tolls
        tolls = self._cleaned(found.x[:links] * chosen) if cheapest is None else cheapest
        return Least(tolls, found.status, bound)

    @property
    def _unit(self) -> float:
        """Money in which tolls are counted while they are looked for, so that they are about 1."""
        return float(self.times.max() * np.mean(self.value)) or 1.0

    def _rows(self, highest: Array) -> tuple[Sparse, Array, Array, Array]:
        """Rows over tolls and potentials (in the largest time), their right side, and bounds of the columns."""
        crowds, links, nodes = len(self.value), len(self.total), self.paths.nodes
        scale = float(self.times.max()) or 1.0
        crowd, link = (index.reshape(-1) for index in np.indices((crowds, links)))
        head, tail = (links + crowd * nodes + end[link] for end in (self.paths.heads, self.paths.tails))
        rate = (self._unit / scale / self.value[:, 0])[crowd]
        number, one = np.arange(len(crowd)), np.ones(len(crowd))
        columns = links + crowds * nodes
        shape = (len(crowd), columns)
        every = Sparse(np.r_[one, -one, -rate], np.tile(number, 3), np.r_[head, tail, link], shape)
        used = np.flatnonzero(self.used.reshape(-1))
        place, n = np.tile(np.arange(len(used)), 3), len(used)
        tight = np.r_[-one[:n], one[:n], rate[used]]
        tight = Sparse(tight, place, np.r_[head[used], tail[used], link[used]], (n, columns))
        time = (self.times / scale)[link]
        lower = np.r_[np.zeros(links), np.full(crowds * nodes, -np.inf)]
        upper = np.r_[highest / self._unit, np.full(crowds * nodes, np.inf)]
        start = links + np.arange(crowds) * nodes + self.paths.source
        lower[start] = upper[start] = 0.0
        return Sparse.stack([every, tight]), np.r_[time, self.slack / scale - time[used]], lower, upper

    def _cleaned(self, tolls: Array) -> Array:
        """Tolls in money, without what is only rounding."""
        return np.where(tolls > SLACK, tolls, 0.0) * self._unit

    def _divided(self) -> tuple[Array, Array]:
        """Where each class drives so that together they make the flows `[C, L]`, and multipliers of the flows `[L]`.

        Of all divisions the one in which time is spent where it is worth least; the multipliers of the link flows are
        tolls that make it an equilibrium.
        """
        paths, crowds, links, nodes = self.paths, len(self.value), len(self.total), self.paths.nodes
        scale = float(self.total.max())
        crowd, link = (index.reshape(-1) for index in np.indices((crowds, links)))
        number, one = np.arange(len(crowd)), np.ones(len(crowd))
        ends = np.r_[crowd * nodes + paths.heads[link], crowd * nodes + paths.tails[link]]
        kept = Sparse(np.r_[one, -one], ends, np.tile(number, 2), (crowds * nodes, len(crowd)))
        arriving = np.zeros((crowds, nodes))
        np.add.at(arriving, (paths.row, paths.targets), self.network.demand / scale)
        arriving[np.arange(crowds), paths.source] -= arriving.sum(1)
        cost = (self.value * self.times).reshape(-1) / self._unit
        room = Sparse(one, link, number, (links, len(crowd)))
        found = solve_lp(cost, room, self.total / scale * (1 + SLACK), kept, arriving.reshape(-1))
        if found.x is None or found.duals_ub is None:
            raise _undivided(self.network, found)
        return found.x.reshape(crowds, links) * scale, np.maximum(-found.duals_ub, 0.0) * self._unit


def _undivided(network: Network, found: Any) -> InputError:
    return InputError(
        f"The best flows of {network.name} could not be divided among its classes of drivers ({found.status}).",
        "They have to be known more exactly for that.",
        "Ask for a smaller gap.",
    )
