"""Institutions on road networks: again a network where the rules charge and close links, otherwise a governed crowd.

A rule that charges each driver a sum over the links it uses, and permits whatever avoids some links, says the same as
tolls and closed links. So the governed network is a network: a convex problem, however many routes there are. What it
charges is recovered by asking the rule about single links, and is checked on routes, on sets of links and, where all
routes can be listed, on every one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..charter import Charter, Round
from ..errors import CarrierError, InputError, TooLarge
from ..forms._routes import simple_routes
from ..forms.network import Network
from ..game import Array, Game, Mixture
from ..ground import Ground, Part
from ..institution import Institution
from .crowd import GovernedCrowd

ROUTES = 20_000
"""Routes up to which a recovered rule is compared on all of them."""
SEATS = 4
"""Populations that are asked about every link; all are asked about the sets."""
SETS = 24
"""Routes, and as many random sets of links, on which what was recovered is checked."""
LEVELS = (0.0, -1.0, -37.5, -1e4)
"""Payoffs before settlement at which rules are asked: a payment that depends on them is no toll."""
TOLERANCE = 1e-9


def govern_network(base: Network, rules: Sequence[Institution]) -> Game:
    """`base` under rules, innermost first: a `GovernedNetwork` where they are tolls and closures, else a crowd.

    Raises `CarrierError` where they are not and the routes are too many to list.
    """
    why = None
    try:
        network = GovernedNetwork(base, rules)
    except (CarrierError, InputError) as error:
        why = error
    if not _few_routes(base):
        if why is not None:
            raise why
        return network
    act = Part("act", base.moves[0] if len(set(base.moves)) == 1 else base.moves)
    facts = tuple(fact.name for fact in base.facts)
    crowd = GovernedCrowd(base, Charter(Ground(base.players, play=((act,),), facts=facts), rules))
    if why is not None:
        crowd.deviation_payoffs(crowd.uniform())  # a name that nobody knows is an error now and not later
        return crowd
    return network if _same(network, crowd) else crowd


class GovernedNetwork(Network):
    """A road network under rules that charge for links and close links: again a network.

    Attributes
    ----------
    base, institutions, charter : the network, and what was laid round it.
    charges : `float[L]`, what the rules charge on each link that is left, in money; `tolls` adds the network's own.
    closed : names of the links of `base` that no permitted route uses.

    Raises `CarrierError`, naming why, for rules that read other seats, that read the delay, whose payments are no sum
    over links, that pay drivers, or that leave some trip no way.
    """

    def __init__(self, base: Network, rules: Sequence[Institution]) -> None:
        found = _recovered(base, rules)
        kept = ~found.closed
        self.base, self.institutions, self.charter = base, tuple(rules), found.charter
        self.charges = found.charges[kept]
        self.closed = tuple(name for name, shut in zip(base.link_names, found.closed, strict=True) if shut)
        links = [link for link, open_ in zip(base.links, kept, strict=True) if open_]
        try:
            name = f"{base.name} under {found.charter}"
            super().__init__(**base.like(links=links, tolls=base.tolls[kept] + self.charges, name=name))
        except InputError as error:
            raise CarrierError(
                f"{found.charter} closes {', '.join(self.closed[:6])}. {error.what}",
                "Nobody is left without a move, so those without another way would still be let through.",
                "Close fewer links, or drop that demand.",
            ) from error

    def below(self, mixture: Mixture) -> Mixture:
        """The shares of the base network's routes that shares of the routes that are left are; routes are listed."""
        onto = zip(mixture, self.moves, self.base.moves, strict=True)
        return tuple(x @ (np.array(left)[:, None] == np.array(all_)) for x, left, all_ in onto)


@dataclass(frozen=True)
class _Recovered:
    charter: Charter
    charges: Array
    closed: Array


@dataclass(frozen=True)
class _Answers:
    """What rules say to P seats that use K sets of links: `paid[levels, K, P]`, `permitted[P, K]`, facts they read."""

    charter: Charter
    paid: Array
    permitted: Array
    read: frozenset[str]


def _recovered(base: Network, rules: Sequence[Institution]) -> _Recovered:
    """Charges `float[L]` and closed links `bool[L]`: from single links, checked on routes and sets of links."""
    links = len(base.links)
    sets = _sets(base)
    single = np.concatenate([np.zeros((1, links), bool), np.eye(links, dtype=bool)])
    few, all_ = _asked(base, rules, SEATS, np.concatenate([single, sets])), _asked(base, rules, None, sets)
    charges, closed = few.paid[0, 1 : links + 1, 0], ~few.permitted[0, 1 : links + 1]
    scale = TOLERANCE * max(1.0, float(np.abs(charges).max()))
    for asked, of in ((few, np.concatenate([single, sets])), (all_, sets)):
        _refuse_delay(base, asked)
        off = np.abs(asked.paid - (of @ charges)[:, None]) / (1 + np.abs(LEVELS))[:, None, None]
        if off.max() > scale * max(1, links) or (asked.permitted != ~(of & closed).any(1)).any():
            raise _not_a_sum(base, asked.charter, float(off.max()))
    if charges.min() < -scale:
        raise CarrierError(
            f"{few.charter} pays {-charges.min():g} to whoever takes {base.link_names[int(charges.argmin())]}.",
            f"A network charges tolls of at least 0, and the routes of {base.name} are too many to list.",
            "Charge for the other links instead.",
        )
    return _Recovered(few.charter, np.maximum(charges, 0.0), closed)


def _asked(base: Network, rules: Sequence[Institution], seats: int | None, sets: Array) -> _Answers:
    """Every set of links `bool[K, L]` as if it were a move of each of the first `seats` populations (None: all)."""
    players = base.players[:seats]
    act = Part("act", tuple(f"set {k} of links" for k in range(len(sets))))
    charter = Charter(Ground(players, play=((act,),), facts=("delay", *_named(base))), rules)
    _refuse_hooks(base, charter)
    facts = _Noted(base, sets, len(players))
    prospects = {
        name: np.broadcast_to(use.astype(float), (len(players), len(sets)))
        for name, use in zip(_named(base), sets.T, strict=True)
    }
    scene = Round(charter.found(), present=np.ones(len(players), bool), prospects=prospects)
    permitted = charter.permitted(scene, charter.ground.unknown_moves(), 0)["act"]
    made = np.broadcast_to(np.arange(len(sets), dtype=np.int32)[:, None], (len(sets), len(players)))
    scene = Round(scene.records, (), facts, prospects, present=scene.present)
    seen = charter.descend(scene, {"act": made})
    before = [np.full(made.shape, level) for level in LEVELS]
    paid = np.stack([level - charter.settle(scene, seen, level) for level in before])
    return _Answers(charter, paid, np.asarray(permitted), frozenset(facts.read))


class _Noted(Mapping):
    """The facts of drivers who use sets of links `bool[K, L]`; `read` notes which were looked at."""

    def __init__(self, base: Network, sets: Array, seats: int) -> None:
        self.read: set[str] = set()
        self._columns = dict(zip(_named(base), sets.T.astype(float), strict=True))
        self._columns["delay"] = np.linspace(0.0, 100.0, len(sets))
        self._seats = seats

    def __getitem__(self, name: str) -> Array:
        column = self._columns[name]
        self.read.add(name)
        return np.broadcast_to(column[:, None], (len(column), self._seats))

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


def _named(base: Network) -> list[str]:
    return [f"link:{name}" for name in base.link_names]


def _sets(base: Network) -> Array:
    """`bool[K, L]`: some real routes, shortest where links cost something drawn at random, and sets of all sizes."""
    draw, links = np.random.default_rng(0), len(base.links)
    rows = [_route(base, draw) for _ in range(SETS)]
    return np.array(rows + [draw.random(links) < density for density in np.linspace(0.02, 1.0, SETS)])


def _route(base: Network, draw: np.random.Generator) -> Array:
    """A route of a random population, found by walking back from where labels were first set (random order)."""
    origin, target = base.ends[draw.integers(len(base.ends))].tolist()
    reached, waiting = {origin: -1}, [origin]
    while target not in reached:
        node = waiting.pop(int(draw.integers(len(waiting))))
        if node == origin or node not in base.no_through:
            for link, head in base.leaving[node]:
                if head not in reached:
                    reached[head] = link
                    waiting.append(head)
    used = np.zeros(len(base.links), bool)
    while target != origin:
        used[reached[target]] = True
        target = int(base.tails[reached[target]])
    return used


def _refuse_hooks(base: Network, charter: Charter) -> None:
    for rule in charter.institutions:
        if rule.scope != "additive" or rule.memory != "none":
            what = f"scope {rule.scope!r}" if rule.scope != "additive" else f"memory {rule.memory!r}"
            raise CarrierError(
                f"{type(rule).__name__} declares {what}, and {base.name} is a crowd that drives once.",
                "In a crowd no driver is anybody's co-player; only what one does oneself can be read.",
                "Declare scope = 'additive' if it reads its own row only, or use .atomic(players_per_demand=…).",
            )
    if charter.motivates:
        raise CarrierError(
            f"{charter} changes what drivers want, which is no charge.",
            "A network's tolls are money; what a wish takes from a trip would be counted as paid.",
            "Use .atomic(players_per_demand=…), whose drivers have wishes of their own.",
        )
    if hooks := [hook for hook in ("menu", "dice", "inform", "enact") if charter.overrides(hook)]:
        raise CarrierError(
            f"{charter} has a hook {hooks[0]!r}.",
            f"Rules that only charge and forbid make a network of {base.name}; its routes are too many to list.",
            "Use settle and permit alone, or a network with few routes.",
        )


def _refuse_delay(base: Network, asked: _Answers) -> None:
    if "delay" in asked.read:
        raise CarrierError(
            f"{asked.charter} reads the delay, which depends on where everybody drives.",
            f"Tolls are fixed amounts per link, and the routes of {base.name} are too many to list.",
            "Charge for links, or use a network with few routes.",
        )


def _not_a_sum(base: Network, charter: Charter, off: float) -> CarrierError:
    return CarrierError(
        f"What {charter} charges or forbids is no sum over the links a driver uses (off by {off:.3g} on some set).",
        f"The routes of {base.name} are too many to list, and only such rules are tolls and closed links.",
        "Charge a fixed amount per link, the same for everybody, or use a network with few routes.",
    )


def _few_routes(base: Network) -> bool:
    """Whether all routes of all populations can be listed, and are few enough to ask about each."""
    total = 0
    try:
        for origin, target in base.ends.tolist():
            total += len(simple_routes(base.leaving, origin, target, base.no_through))
            if total > ROUTES:
                return False
    except TooLarge:
        return False
    return True


def _same(network: GovernedNetwork, crowd: GovernedCrowd) -> bool:
    """Whether both have the same routes, worth the same to everybody, asking the rules about each of them."""
    if network.moves != crowd.moves:
        return False
    ours, theirs = (game.deviation_payoffs(game.uniform()) for game in (network, crowd))
    return all(np.allclose(a, b, rtol=1e-9, atol=1e-9) for a, b in zip(ours, theirs, strict=True))
