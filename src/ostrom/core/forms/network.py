"""Road networks: crowds of drivers choose routes, and every link takes longer the more of them use it.

Each pair of origin and destination is a player in the sense of a *population*: a crowd so fine that one driver more or
less changes nothing (nonatomic; Wardrop 1952, Beckmann, McGuire and Winsten 1956). Its mixture says which share of the
crowd takes which route. Regret zero is Wardrop's equilibrium: nobody has a cheaper route. Drivers to whom time is worth
more or less money are crowds of their own (Dafermos 1973; Cole, Dodis and Roughgarden 2003).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, NoReturn

import numpy as np

from ..errors import InputError, UnknownName
from ..game import Array, Fact, Game, Mixture, amount
from ._links import (
    Classes,
    DriverClass,
    Link,
    Tolls,
    checked_classes,
    checked_demands,
    checked_tolls,
    named_apart,
    refuse_impossible_times,
)
from ._routes import Graph, reachable, simple_routes
from .congestion import Congestion, own_table
from .latency import Latencies


class Network(Game):
    """A congested road network with a demand for trips.

    Parameters
    ----------
    links : `Link`s, or `(tail, head, latency)`; a latency is one of `core.latency`, a number, or a function of flow.
    demands : trips per (origin, destination), each above 0, in the unit of flow of the latencies.
    classes : who drives: a `DriverClass` each, the same for every demand or `{(origin, destination): classes}`. By
        default all are alike, and a unit of time is worth one unit of money to them.
    tolls : what each link charges, in money: a number per link, or `{link name: amount}`. Drivers mind it as the
        time it is worth to them; it is not part of travel time.
    no_through : places where trips start and end but that no route passes (zone centroids).
    places : where the nodes lie on a map, `{node: (x, y)}`, if known.
    unit : of travel time, in words.

    Attributes
    ----------
    nodes, pairs : names of the N nodes; `(origin, destination)` of the P populations, of which a pair has several
        where its drivers are of several classes.
    link_names : names of the L links, `tail>head`, or `tail>via>head` where a road has a name of its own.
    demand : `float[P]`, trips of each population: the weight it has in any average over drivers.
    values : `float[P]`, the money that a unit of time is worth to each population.
    kinds : the name of each population's class of drivers, empty where there is one.
    tails, heads : `int[L]`, where each link starts and ends, as numbers of nodes.
    nonatomic : True: players are crowds, and `deviation_payoffs` weighs moves at the flows that all crowds make,
        one's own included.

    Payoffs are in time: minus travel time, minus toll over value of time. So twice the values and twice the tolls are
    the same network: the unit of money is of no account. `moves` lists all simple routes, which small networks have few
    of; the assignment solvers do not need the list. Raises `InputError` for a time that is not finite, negative or
    falling, for a demand that is not above 0 or cannot be served; `TooLarge` when routes are asked for and too many.

    Examples
    --------
    >>> from ostrom.core.forms.latency import affine
    >>> roads = [Link("A", "B", affine(0, 1), "lane"), Link("A", "B", 1.0, "motorway")]
    >>> Network(roads, {("A", "B"): 1.0}).moves
    (('A>lane>B', 'A>motorway>B'),)
    """

    nonatomic = True

    def __init__(
        self,
        links: Sequence[Link | tuple],
        demands: Mapping[tuple[str, str], float],
        *,
        name: str = "network",
        classes: Classes = None,
        tolls: Tolls = None,
        no_through: Sequence[str] = (),
        places: Mapping[str, tuple[float, float]] | None = None,
        unit: str = "minutes",
    ) -> None:
        self.name, self.unit = name, unit
        self.links = named_apart([link if isinstance(link, Link) else Link(*link) for link in links])
        self.link_names = tuple(link.name for link in self.links)
        self.nodes = tuple(dict.fromkeys(end for link in self.links for end in (link.tail, link.head)))
        self.places = dict(places or {})
        number = {node: k for k, node in enumerate(self.nodes)}
        self.tails = np.array([number[link.tail] for link in self.links], int)
        self.heads = np.array([number[link.head] for link in self.links], int)
        if unknown := sorted(set(no_through) - set(number)):
            raise UnknownName("place", unknown[0], number)
        self.no_through = frozenset(number[node] for node in no_through)
        self.trips = checked_demands(demands, number)
        self.classes = checked_classes(classes, self.trips)
        crowds = [(pair, one) for pair, own in self.classes.items() for one in own]
        self.pairs, self.kinds = tuple(pair for pair, _ in crowds), tuple(one.name for _, one in crowds)
        self.demand = np.array([self.trips[pair] * one.share for pair, one in crowds])
        self.values = np.array([float(one.value) for _, one in crowds])
        self.ends = np.array([(number[origin], number[target]) for origin, target in self.pairs], int)
        self.players = tuple(_named(pair, one) for pair, one in crowds)
        self.tolls = checked_tolls(tolls, self.link_names)
        self.latencies = Latencies([link.latency for link in self.links])  # type: ignore[misc]
        self._refuse_unreachable()
        refuse_impossible_times(self.latencies, float(self.demand.sum()), self.link_names)

    def times(self, flows: Array) -> Array:
        """Travel time of each link, `float[..., L]`, at flows `float[..., L]` ≥ 0."""
        return self.latencies.time(np.asarray(flows, float))

    def costs(self, flows: Array) -> Array:
        """What drivers mind, `float[..., L]`: travel time plus toll over value of time.

        Raises `InputError` where tolls are charged and values of time differ: then each class minds something else.
        """
        return self.times(flows) + self.tolls / self.value

    @property
    def value(self) -> float:
        """The value of time that all drivers share; any does where no toll is charged. Else an `InputError`."""
        if self.tolls.any() and np.ptp(self.values):
            raise InputError(
                f"Time is worth from {self.values.min():g} to {self.values.max():g} to drivers of {self.name}.",
                "A toll then is worth more time to some than to others.",
                "Ask network.times(flows), and add tolls over each value of network.values.",
            )
        return float(self.values[0])

    def slopes(self, flows: Array) -> Array:
        """How much one more unit of flow adds to each link's time, `float[..., L]`."""
        return self.latencies.derivative(np.asarray(flows, float))

    def total_time(self, flows: Array) -> Array:
        """Time spent by all drivers together, `float[...]`: the sum of flow times travel time, tolls left out."""
        return (flows * self.times(flows)).sum(-1)

    def beckmann(self, flows: Array) -> Array:
        """Beckmann's objective, `float[...]`: each link's cost integrated up to its flow; least at user equilibrium.

        Raises `InputError` as `costs` does; the `objective` of an assignment has every class pay in its own time.
        """
        return (self.latencies.integral(np.asarray(flows, float)) + self.tolls / self.value * flows).sum(-1)

    @cached_property
    def leaving(self) -> Graph:
        """For every node, the links that leave it as `(link, head)`."""
        out: list[list[tuple[int, int]]] = [[] for _ in self.nodes]
        for k, (tail, head) in enumerate(zip(self.tails.tolist(), self.heads.tolist(), strict=True)):
            out[tail].append((k, head))
        return out

    @cached_property
    def routes(self) -> tuple[list[tuple[int, ...]], ...]:
        """For every population, all its simple routes as tuples of links; `TooLarge` when they are too many."""
        return tuple(simple_routes(self.leaving, o, d, self.no_through) for o, d in self.ends.tolist())

    @cached_property
    def moves(self) -> tuple[tuple[str, ...], ...]:
        """The routes by name, `A>C>D`."""
        return tuple(tuple(self.route_name(route) for route in own) for own in self.routes)

    def route_name(self, route: Sequence[int]) -> str:
        """The places a route passes, `A>C>D`; a road with a name of its own is named between them."""
        links = [self.links[k] for k in route]
        return links[0].tail + "".join(link.name.removeprefix(link.tail) for link in links)

    @cached_property
    def uses(self) -> tuple[Array, ...]:
        """For every population, `bool[A_i, L]`: which route uses which link."""
        tables = []
        for own in self.routes:
            table = np.zeros((len(own), len(self.links)), bool)
            for row, route in zip(table, own, strict=True):
                row[list(route)] = True
            tables.append(table)
        return tuple(tables)

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """`delay`, the time of one's own route, and `link:NAME`, whether it uses that link (0 or 1).

        Facts are read at joint moves in which each population is all on one route; for shares, `facts_of_moves`.
        """
        delay = Fact("delay", self.unit, lambda profiles: self._own(self._at(profiles), profiles, tolled=False))
        return (delay, *(own_table(f"link:{name}", "uses", self._column(k)) for k, name in enumerate(self.link_names)))

    def flows(self, mixture: Mixture) -> Array:
        """Link flows `float[..., L]` when each population spreads over its routes as its mixture says."""
        shares = zip(self.demand, mixture, self.uses, strict=True)
        return np.asarray(sum(trips * (x @ use) for trips, x, use in shares))

    def deviation_payoffs(self, mixture: Mixture) -> Mixture:
        """For each population, `float[..., A_i]`: minus the cost of each route at the flows that the shares make."""
        times = self.times(self.flows(mixture))
        crowds = zip(self.values, self.uses, strict=True)
        return tuple(-((times + self.tolls / value) @ use.T) for value, use in crowds)

    def payoffs_at(self, profiles: Array) -> Array:
        """Payoffs `float[..., P]` when each population is all on one route, at joint moves `int[..., P]`."""
        return -self._own(self._at(profiles), profiles, tolled=True)

    def facts_of_moves(self, mixture: Mixture) -> dict[str, Mixture]:
        """Every fact by name: for each population `float[..., A_i]`, its amount on each route at these shares."""
        times = self.times(self.flows(mixture))

        def spread(own: Array) -> Array:
            return np.broadcast_to(own.astype(float), (*times.shape[:-1], len(own)))

        use = {f"link:{name}": tuple(map(spread, self._column(k))) for k, name in enumerate(self.link_names)}
        return {"delay": tuple(times @ own.T for own in self.uses), **use}

    @property
    def computed(self) -> dict[str, tuple[str, ...]]:
        """What is computed numerically, by link: the integral or the derivative of a `Custom` time."""
        given = {link.name: getattr(link.latency, "computed", ()) for link in self.links}
        return {name: parts for name, parts in given.items() if parts}

    def link(self, name: str) -> int:
        """The number of the link with this name; an `UnknownName` says which there are."""
        if name not in self.link_names:
            raise UnknownName("link", name, self.link_names)
        return self.link_names.index(name)

    def marginal(self) -> Network:
        """The network whose link costs are marginal social costs: its user equilibrium is this one's system optimum.

        Tolls are left out: what drivers pay, somebody receives. Raises `InputError` when marginal costs fall somewhere
        (possible for `Custom` latencies only); then the system optimum is not a convex problem.
        """
        links = [replace(link, latency=link.latency.marginal()) for link in self.links]  # type: ignore[union-attr]
        return self._changed(links=links, tolls=None)

    def tolled(self, tolls: Tolls) -> Network:
        """The same network with these tolls in place of its own."""
        return self._changed(tolls=tolls)

    def without(self, *links: str) -> Network:
        """The same network with these links closed; an `InputError` says if that leaves a demand unserved."""
        closed = [self.link(link) for link in links]
        kept = [one for k, one in enumerate(self.links) if k not in closed]
        return self._changed(links=kept, tolls=np.delete(self.tolls, closed))

    def atomic(self, players_per_demand: int = 1) -> Congestion:
        """The network with so many drivers per unit of demand, each with a choice and a name: a congestion game.

        A driver is `1 / players_per_demand` of flow; the more of them, the closer to the crowd. Raises `InputError`
        when a demand is not a whole number of drivers, or when time is not worth 1 to all: in a congestion game all
        pay alike.
        """
        if (self.values != 1).any():
            raise InputError(
                f"Time is worth from {self.values.min():g} to {self.values.max():g} to drivers of {self.name}.",
                "In a congestion game a resource costs all its users the same, tolls and time together.",
                "Leave the classes out, or stay with crowds.",
            )
        exact = self.demand * players_per_demand
        drivers = np.rint(exact).astype(int)
        if players_per_demand < 1 or (np.abs(exact - drivers) > 1e-9 * exact).any() or not drivers.all():
            raise InputError(
                f"{players_per_demand} drivers per unit of demand make {exact.tolist()[:6]} drivers.",
                "Drivers come in whole numbers, and all of them are alike.",
                "Choose players_per_demand so that every demand becomes a whole number.",
            )
        owners = np.repeat(np.arange(len(drivers)), drivers)
        loads = np.arange(len(owners) + 1)[:, None] / players_per_demand * np.ones(len(self.links))
        named = [f"{name}, driver {k + 1}" for name, n in zip(self.players, drivers, strict=True) for k in range(n)]
        uses, moves, times = [self.uses[i] for i in owners], [self.moves[i] for i in owners], self.times(loads).T
        bare = Congestion(uses, times)
        return Congestion(
            uses,
            times + self.tolls[:, None],
            players=named,
            moves=moves,
            resources=self.link_names,
            name=f"{self.name}, driver by driver",
            facts=[Fact("delay", self.unit, lambda profiles: -bare.payoffs_at(profiles))],
            kind="link",
        )

    def dense(self) -> NoReturn:
        """Refused: a table of whole crowds on single routes would answer another question."""
        raise InputError(
            f"{self.name} has {len(self.players)} populations of drivers, and a table has single players.",
            "In a table the move of a player is one route; a crowd spreads over several.",
            "Use .atomic(players_per_demand=…) for a game of single drivers.",
        )

    def __repr__(self) -> str:
        trips = f"{self.demand.sum():g} trips between {amount(len(self.pairs))} pairs"
        return f"<{type(self).__name__} {self.name}: {len(self.nodes)} nodes, {len(self.links)} links, {trips}>"

    def _at(self, profiles: Array) -> Array:
        """Link flows `float[..., L]` at joint moves `int[..., P]`."""
        profiles, crowds = np.asarray(profiles), zip(self.demand, self.uses, strict=True)
        return np.asarray(sum(trips * use[profiles[..., i]] for i, (trips, use) in enumerate(crowds)))

    def _own(self, flows: Array, profiles: Array, tolled: bool) -> Array:
        """Cost of each population's route, `float[..., P]`, at these flows."""
        times, profiles = self.times(flows), np.asarray(profiles)
        tolls = (self.tolls / value if tolled else 0.0 for value in self.values)
        own = (
            use[profiles[..., i]] * (times + toll) for i, (use, toll) in enumerate(zip(self.uses, tolls, strict=True))
        )
        return np.stack([cost.sum(-1) for cost in own], -1)

    def _column(self, link: int) -> list[Array]:
        return [use[:, link] for use in self.uses]

    def like(self, **new: Any) -> dict[str, Any]:
        """What a plain network is made of that is like this one but for what is given, as arguments of `Network`."""
        links = new.get("links", self.links)
        left = {end for link in links for end in (link.tail, link.head)}
        kept = {
            "demands": self.trips,
            "classes": self.classes,
            "no_through": [self.nodes[k] for k in sorted(self.no_through) if self.nodes[k] in left],
        }
        named = {"name": self.name, "places": self.places, "unit": self.unit, "tolls": self.tolls}
        return {"links": links, **kept, **named, **new}

    def _changed(self, **new: Any) -> Network:
        return Network(**self.like(**new))

    def _refuse_unreachable(self) -> None:
        reached: dict[int, set[int]] = {}
        for (origin, target), (o, d) in zip(self.pairs, self.ends.tolist(), strict=True):
            if o not in reached:
                reached[o] = reachable(self.leaving, o, self.no_through)
            if d not in reached[o]:
                raise InputError(
                    f"No route leads from {origin} to {target}.",
                    f"{self.name} has a demand for that trip, and its links do not serve it.",
                    "Add the missing link (links are one-way), or leave the demand out.",
                )


def _named(pair: tuple[str, str], drivers: DriverClass) -> str:
    """`A to B`, or `A to B, business` where drivers of several classes make the trip."""
    return f"{pair[0]} to {pair[1]}" + (f", {drivers.name}" if drivers.name else "")
