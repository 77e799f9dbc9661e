"""Congestion games: every move uses some resources, and what a resource costs depends on how many use it.

Rosenthal (1973): they have a potential, so selfish improvement always ends in a pure equilibrium. A hundred players
never become a table: with independent mixtures the load on a resource is a sum of independent coin flips, and expected
costs are exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from ..errors import InputError
from ..game import Array, Fact, Game, Mixture
from ..solution import Solution

CHUNK = 4_000_000
"""Numbers held at once while expectations are taken: batches are cut to fit."""
IMPROVEMENT = 1e-12
"""Relative gain below which a player does not bother to move."""


class Congestion(Game):
    """A game in which a move is a set of resources and costs grow with use.

    Parameters
    ----------
    uses : which move uses which resource, true or 1 for yes: `[A, R]` for everybody, or one `[A_i, R]` per player.
    costs : `[R, P + 1]`, what resource r costs each of its users when n use it; column 0 is never paid.
    players, moves, resources : names; by default "player 1", … , "1", … and "1", ….
    facts : quantities rules can read, besides the use of each resource (`resource:NAME`, 0 or 1).
    kind : the word before the colon in those names ("link" on a road network).

    Everybody's payoff is minus the sum of the costs of the resources it uses. Raises `InputError`.

    Examples
    --------
    >>> game = Congestion([[1, 0], [0, 1]], [[0, 1, 2, 3], [0, 2, 2, 2]])
    >>> game.payoffs_at([0, 0, 1])
    array([-2., -2., -2.])
    """

    def __init__(
        self,
        uses: Sequence | Array,
        costs: Sequence | Array,
        *,
        players: Sequence[str] | None = None,
        moves: Sequence[Sequence[str]] | None = None,
        resources: Sequence[str] | None = None,
        name: str = "congestion",
        facts: Sequence[Fact] = (),
        kind: str = "resource",
    ) -> None:
        self.name, self.kind = name, kind
        self.costs = _checked_costs(costs)
        count = self.costs.shape[1] - 1
        self.uses = _checked_uses(uses, count, self.costs.shape[0])
        self.players = _named(players, count, "player ")
        self.resources = _named(resources, self.costs.shape[0], "")
        given = [None] * count if moves is None else list(moves)
        if len(given) != count:
            raise InputError(f"Move names for {len(given)} players of {count}.", do="Name the moves of every player.")
        self.moves = tuple(_named(own, len(use), "") for own, use in zip(given, self.uses, strict=True))
        self._facts = tuple(facts)

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The given facts, and the use of every resource by one's own move."""
        tables = [[use[:, r] for use in self.uses] for r in range(len(self.resources))]
        named = zip(self.resources, tables, strict=True)
        return self._facts + tuple(own_table(f"{self.kind}:{name}", "uses", table) for name, table in named)

    def loads(self, profiles: Array) -> Array:
        """How many use each resource, `int[..., R]`, at joint moves `int[..., P]`."""
        profiles = np.asarray(profiles)
        load = np.zeros((*profiles.shape[:-1], len(self.resources)), int)
        for i, use in enumerate(self.uses):
            load += use[profiles[..., i]]
        return load

    def payoffs_at(self, profiles: Array) -> Array:
        """Payoffs `float[..., P]`, minus the cost of what each uses, at joint moves `int[..., P]`."""
        profiles = np.asarray(profiles)
        cost = self.costs[np.arange(len(self.resources)), self.loads(profiles)]
        return -np.stack([(use[profiles[..., i]] * cost).sum(-1) for i, use in enumerate(self.uses)], -1)

    def deviation_payoffs(self, mixture: Mixture) -> Mixture:
        """For each player, `float[..., A_i]`: what each own move is worth; exact, by linearity over resources."""
        batch = np.broadcast_shapes(*(np.shape(x)[:-1] for x in mixture))
        used = [np.broadcast_to(x @ use, (*batch, use.shape[1])) for x, use in zip(mixture, self.uses, strict=True)]
        odds = np.stack(used, -1).reshape(-1, len(self.resources), len(self.players))
        cuts = np.arange(0, len(odds), max(1, CHUNK // (odds[0].size * len(self.players))) if len(odds) else 1)
        parts = np.split(odds, cuts[1:]) if len(odds) else [odds]
        expected = np.concatenate([_expected_costs(part, self.costs) for part in parts])
        worth = (-(expected[..., i] @ use.T) for i, use in enumerate(self.uses))
        return tuple(w.reshape(*batch, w.shape[-1]) for w in worth)

    def potential(self, profiles: Array) -> Array:
        """Rosenthal's potential `float[...]`: a player who changes its move gains exactly what the potential gains."""
        total = np.cumsum(self.costs, axis=1) - self.costs[:, :1]
        return -total[np.arange(len(self.resources)), self.loads(profiles)].sum(-1)

    def pure_equilibrium(self, start: Sequence[int] | None = None) -> Solution:
        """A pure equilibrium, by best replies in turn from `start` (everybody's first move).

        Each step raises the potential, so it ends. Another start may end in another equilibrium.
        """
        profile = list(np.zeros(len(self.players), int) if start is None else start)
        load, settled, turn, steps = self.loads(np.array(profile)), 0, 0, 0
        while settled < len(self.players):
            use = self.uses[turn]
            others = load - use[profile[turn]]
            cost = use @ self.costs[np.arange(len(load)), others + 1]
            best = int(cost.argmin())
            if cost[profile[turn]] - cost[best] > IMPROVEMENT * max(1.0, float(np.abs(cost).max())):
                profile[turn], load, settled, steps = best, others + use[best], 0, steps + 1
            settled, turn = settled + 1, (turn + 1) % len(self.players)
        point = self.pure(profile)
        note = f"{steps} improvements from the start; other starts may lead to other equilibria."
        return Solution("pure Nash equilibria", (point,), "partial", self.regret(point), "best-response dynamics", note)


def own_table(name: str, unit: str, tables: Sequence[Array]) -> Fact:
    """A fact that depends on one's own move alone: `tables[player][move]`."""

    def read(profiles: Array) -> Array:
        profiles = np.asarray(profiles)
        return np.stack([table[profiles[..., i]] for i, table in enumerate(tables)], -1).astype(float)

    return Fact(name, unit, read)


def _expected_costs(odds: Array, costs: Array) -> Array:
    """What a resource is expected to cost a player who uses it for sure: `[S, R, P]`.

    `odds[S, R, P]` is how likely each player uses each resource. `ahead[k]` is the expected cost to one user when k
    players before it use the resource and those after it are left to chance; `seen[k]` is how likely k before it do.
    Only sums and products of numbers ≥ 0 are taken, so nothing cancels.
    """
    samples, resources, players = odds.shape
    ahead = [np.broadcast_to(costs[:, 1:], (samples, resources, players))]
    for i in range(players - 1, 0, -1):
        use, later = odds[..., i, None], ahead[-1]
        ahead.append((1 - use) * later[..., :i] + use * later[..., 1 : i + 1])
    expected, seen = np.empty_like(odds), np.ones((samples, resources, 1))
    for i, worth in enumerate(reversed(ahead)):
        expected[..., i] = (seen * worth).sum(-1)
        grown = np.zeros((samples, resources, i + 2))
        grown[..., :-1] += seen * (1 - odds[..., i, None])
        grown[..., 1:] += seen * odds[..., i, None]
        seen = grown
    return expected


def _checked_costs(costs: Sequence | Array) -> Array:
    try:
        table = np.asarray(costs, float)
    except (TypeError, ValueError) as error:
        raise InputError(f"The costs are not a table of numbers: {error}.", do="Give costs[resource, load].") from None
    if table.ndim != 2 or table.shape[0] < 1 or table.shape[1] < 2 or not np.isfinite(table).all():
        raise InputError(
            f"Costs of shape {table.shape}" + (" hold a NaN or an infinity." if table.size else " are none."),
            "A congestion game needs a finite cost for each resource at each load from 0 to the number of players.",
            "Give costs[R, P + 1].",
        )
    return table


def _checked_uses(uses: Sequence | Array, players: int, resources: int) -> tuple[Array, ...]:
    """One bool `[A_i, R]` per player."""
    try:
        shared = np.ndim(uses) == 2  # type: ignore[arg-type]
    except ValueError:  # players with different numbers of moves
        shared = False
    tables = [np.asarray(uses)] * players if shared else [np.asarray(own) for own in uses]
    if len(tables) != players or any(t.ndim != 2 or t.shape[1] != resources or not len(t) for t in tables):
        raise InputError(
            f"Uses of shapes {[t.shape for t in tables][:6]} do not fit {players} players and {resources} resources.",
            "Each player has a table with one row per move and one column per resource; the number of players is the "
            "number of columns of the costs less one.",
            "Give uses[A, R] for everybody, or one such table per player.",
        )
    if not all(np.isin(t, (0, 1)).all() for t in tables):
        raise InputError("A move uses a resource neither 0 times nor once.", do="Give zeros and ones only.")
    return tuple(t.astype(bool) for t in tables)


def _named(names: Sequence[str] | None, count: int, stem: str) -> tuple[str, ...]:
    given = tuple(f"{stem}{k + 1}" for k in range(count)) if names is None else tuple(str(name) for name in names)
    if len(given) != count or len(set(given)) < count:
        raise InputError(f"{count} different names are needed, and {given[:12]} were given.", do="Name each one once.")
    return given
