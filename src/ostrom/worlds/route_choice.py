"""Day-to-day route choice: the same trips every day on a congested road network, and every day a route to choose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

import jax.numpy as jnp
import numpy as np

from ..core.agent import Policy
from ..core.errors import InputError
from ..core.forms.network import Network
from ..core.ground import Ground, Part
from ..core.institution import View
from ..core.record import Interval
from ..core.scene import Scene
from ..core.world import World
from ..games.braess import Braess
from . import _pytree as _pytree
from ._commuters import Commuter
from ._effort import Effort
from ._roads import charges_of, map_of, routes_of, seats_of, time_table, use_table

Array = Any


class State(NamedTuple):
    """The route that each seat took the day before, `int32[P]`, -1 on the first day; and the number of the day."""

    last: Array
    time: Array


class RouteChoice(World):
    """Every day each seat drives from its origin to its destination; links take longer the more use them.

    Made of any `Network` with `RouteChoice.of(network, drivers=…)`: a seat is a driver (or, with `groups`, a group that
    drives together), its moves are routes. It is paid minus the travel time of a trip, in money: times its value of
    time, and less the network's own tolls. With time worth 1, a day pays what the congestion game
    `network.atomic(…)` pays. All see yesterday's times and flows; each seat what each of its routes would have cost it
    yesterday (`costs`, with itself on it), and what that would have cost all, itself included (`burdens`). On the first
    day yesterday's roads are empty. (Day-to-day dynamics: Smith, 1984; Cascetta, 1989.)

    Parameters
    ----------
    uses : `float[P, A, L]`, whether a route of a seat uses a link.
    times : `float[L, G + 1]`, travel times at flows that rise evenly from 0 to that of all; straight lines between.
    tolls, flow, value : the network's tolls `float[L]`, and each seat's flow and value of time `float[P]`.
    seats, routes, links : names; `crowd` : the number of the population that each seat belongs to.
    roads, places : `(tail, head)` of each link, and `(place, x, y)` on the map.
    unit : of travel time.
    """

    uses: np.ndarray
    times: np.ndarray
    tolls: np.ndarray
    flow: np.ndarray
    value: np.ndarray
    seats: tuple[str, ...]
    routes: tuple[tuple[str, ...], ...]
    links: tuple[str, ...]
    crowd: tuple[int, ...]
    roads: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, float, float], ...]
    unit: str = "minutes"
    horizon: Annotated[int, Interval(ge=1)] = 60
    effort: ClassVar[Effort] = Effort(30_000, 70, 100)
    measures: ClassVar[Mapping[str, str]] = {"delay": "minutes"}

    def __post_init__(self) -> None:
        super().__post_init__()
        seats, links = len(self.seats), len(self.links)
        rows = [table.shape[-1:] for table in (self.uses, self.tolls, self.flow, self.value)]
        if rows != [(links,), (links,), (seats,), (seats,)] or self.uses.ndim < 3 or self.times.ndim < 2:
            raise InputError(
                f"The tables of this RouteChoice are not about {seats} seats and {links} links.",
                "Each seat has routes, a flow and a value, and each link has times and a toll.",
                "Make it with RouteChoice.of(network, …).",
            )

    @classmethod
    def of(
        cls,
        network: Network,
        drivers: float | None = None,
        *,
        groups: int | None = None,
        routes: Literal["all", "useful"] = "all",
        horizon: int = 60,
    ) -> RouteChoice:
        """The world in which the trips of `network` are made day after day.

        Parameters
        ----------
        drivers : seats per unit of demand, each as much flow (below 1, a seat stands for several); or
        groups : seats per population, whatever its demand.
        routes : all simple routes, or the "useful" ones of a network with too many: those that somebody takes at user
            equilibrium or at the system optimum.
        horizon : days of an episode.

        Raises `InputError` where seats are no whole number, `TooLarge` where there are too many routes.
        """
        owners, flow = seats_of(network, drivers, groups)
        own, kind = routes_of(network, routes), "driver" if groups is None else "group"
        number = [owners[:seat].count(owner) + 1 for seat, owner in enumerate(owners)]
        return cls(
            uses=use_table(own, owners, len(network.links)),
            times=time_table(network, flow),
            tolls=network.tolls,
            flow=flow,
            value=network.values[owners],
            seats=tuple(f"{network.players[i]}, {kind} {k}" for i, k in zip(owners, number, strict=True)),
            routes=tuple(tuple(network.route_name(route) for route in own[i]) for i in owners),
            links=network.link_names,
            crowd=tuple(owners),
            roads=tuple((link.tail, link.head) for link in network.links),
            places=map_of(network),
            unit=network.unit,
            horizon=horizon,
        )

    @classmethod
    def small(cls) -> RouteChoice:
        """Six drivers and Braess's short cut, for runs of a minute."""
        return cls.of(Braess(), drivers=6, horizon=20)

    @property
    def ground(self) -> Ground:
        """Each seat's routes; facts are `delay`, `link:NAME` (whether one uses it) and yesterday's `time:NAME`."""
        facts = ("delay", *(f"{what}:{name}" for what in ("link", "time") for name in self.links))
        return Ground(self.seats, play=((Part("act", self.routes),),), facts=facts)

    def reset(self, key: Array) -> State:
        """The roads are empty; nothing is left to chance in this world."""
        return State(jnp.full(len(self.seats), -1, jnp.int32), jnp.int32(0))

    def step(self, key: Array, state: State, moves: Mapping[str, Array]) -> tuple[State, Array]:
        """Drive."""
        taken = jnp.asarray(moves["act"], dtype=jnp.int32)
        used = self._used(taken)
        paid = used @ self._f32(self.tolls) + self._f32(self.value) * (used @ self._times(self._flows(used)))
        return State(taken, state.time + 1), -paid

    def observe(self, state: State) -> View:
        """Yesterday's times and flows; one by one, one's route, and what each would have cost oneself, and all."""
        used = self._used(state.last)
        flows = self._flows(used)
        costs, burdens = self._would(used, flows)
        public = {"times": self._times(flows), "flows": flows, "time": state.time}
        return View(public, {"last": state.last, "costs": costs, "burdens": burdens})

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """Of the route before, -1 at first; and of the number of the day."""
        return {"last": (-1, self.uses.shape[1] - 1), "time": (0, self.horizon)}

    def facts(self, before: State, moves: Mapping[str, Array], after: State) -> dict[str, Array]:
        """How long each drove, and which links it used."""
        used = self._used(after.last)
        links = {f"link:{name}": used[:, k] for k, name in enumerate(self.links)}
        return {"delay": used @ self._times(self._flows(used)), **links}

    def sights(self, state: State) -> dict[str, Array]:
        """How long each link took the day before."""
        times = self._times(self._flows(self._used(state.last)))
        return {f"time:{name}": jnp.full(len(self.seats), times[k]) for k, name in enumerate(self.links)}

    def prospects(self, state: State) -> dict[str, Array]:
        """The links of each route, and how long it takes if everybody is on all of them."""
        uses = self._f32(self.uses)
        most = {"delay": uses @ self._f32(self.times)[:, -1]}
        most |= {f"link:{name}": uses[..., k] for k, name in enumerate(self.links)}
        return {name: jnp.where(self._there, amount, -jnp.inf) for name, amount in most.items()}

    def reseated(self, state: State, order: Array) -> State | None:
        """Seats are alike where there is one origin, destination and class of drivers."""
        return state._replace(last=state.last[order]) if len(set(self.crowd)) == 1 else None

    def commuter(
        self, minds: Literal["own", "all"] = "own", charges: Any = None, stays: float | None = None
    ) -> Commuter:
        """A `Commuter` who also minds `charges`, `{link: money}`: those of an institution, which the roads do not know.

        By default it stays with odds 0.9, but more where there are many seats: so that about five change in a day.
        """
        stays = max(0.9, 1 - 5 / len(self.seats)) if stays is None else stays
        return Commuter(np.asarray(self.uses) @ charges_of(self.links, charges), minds, stays)

    def bots(self) -> dict[str, Policy]:
        """Any route; the one that is best for oneself; the one that is best for all."""
        return {"random": Policy(), "selfish": self.commuter("own"), "cooperative": self.commuter("all")}

    def scene(self, state: State) -> Scene:
        """The map, with yesterday's flows on it."""
        flows = np.asarray(self._flows(self._used(state.last)))
        times, trips = np.asarray(self._times(jnp.asarray(flows))), float(np.sum(self.flow))
        links = tuple((*road, float(flow)) for road, flow in zip(self.roads, flows, strict=True))
        mean = float(flows @ times) / trips
        note = f"Yesterday a trip took {mean:.4g} {self.unit}." if int(state.time) else "The roads are empty."
        return Scene(dials={"mean trip": mean}, links=links, points={p: (x, y) for p, x, y in self.places}, note=note)

    @property
    def _there(self) -> np.ndarray:
        """`bool[P, A]`: which routes a seat has."""
        return np.arange(self.uses.shape[1]) < np.array([len(own) for own in self.routes])[:, None]

    def _f32(self, table: Array) -> Array:
        return jnp.asarray(table, dtype=jnp.float32)

    def _used(self, taken: Array) -> Array:
        """`float[P, L]`: the links of each seat's route; none where it has taken none."""
        one = jnp.arange(self.uses.shape[1]) == taken[:, None]
        return jnp.einsum("pa,pal->pl", one.astype(jnp.float32), self._f32(self.uses))

    def _flows(self, used: Array) -> Array:
        return self._f32(self.flow) @ used

    def _times(self, flows: Array) -> Array:
        """`float[…, L]`: travel times at flows `float[…, L]`."""
        table = self._f32(self.times)
        last = table.shape[1] - 1
        at = jnp.clip(flows / self._f32(self.flow).sum() * last, 0.0, last)
        below = jnp.minimum(at.astype(jnp.int32), last - 1)
        link = jnp.arange(len(self.links))
        return table[link, below] + (at - below) * (table[link, below + 1] - table[link, below])

    def _would(self, used: Array, flows: Array) -> tuple[Array, Array]:
        """`float[P, A]` twice: what each route would have cost a seat, and what it would have cost all, per trip."""
        uses, flow, value = self._f32(self.uses), self._f32(self.flow), self._f32(self.value)
        others = (flows - flow[:, None] * used)[:, None, :]
        weight = ((flow * value) @ used - (flow * value)[:, None] * used)[:, None, :]
        with_me = self._times(others + flow[:, None, None] * uses)
        own = value[:, None, None] * with_me
        worse = (with_me - self._times(others)) * weight / flow[:, None, None]
        costs, burdens = (uses * (own + self._f32(self.tolls))).sum(-1), (uses * (own + worse)).sum(-1)
        return self._filled(costs), self._filled(burdens)

    def _filled(self, costs: Array) -> Array:
        """Where a seat has no such route, what its worst one costs."""
        return jnp.where(self._there, costs, costs.max(-1, keepdims=True))
