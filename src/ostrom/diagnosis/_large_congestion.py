"""A large congestion game: equilibria that best replies find, and the least total cost, found and bounded."""

from __future__ import annotations

import numpy as np

from ..core.forms.congestion import Congestion
from ..core.game import Array
from ._large_found import Extreme, Found, Place, Settled
from ._tables import counted

STARTS, FEW = 8, 2
"""Random starts of best replies, besides everybody's first move; fewer among more than `MANY` players."""
MANY = 200

FRANK_WOLFE = 300
"""Steps after which the bound is taken as it is."""


def congestion(game: Congestion, seed: int) -> Found:
    """What can be found out about a congestion game."""
    starts = _starts(game, seed)
    ends = np.array([_end(game, start) for start in starts])
    ends = ends[np.unique(game.loads(ends), axis=0, return_index=True)[1]]
    found = [_place(game, end) for end in ends]
    likely, places = found[int(np.argmax(game.potential(ends)))], sorted(found, key=lambda place: -place.welfare)
    return Found(
        name=game.name,
        players=game.players,
        bystanders=game.bystanders,
        kind="congestion",
        optimum=_optimum(game, starts),
        worst=None,
        played=likely,
        how=f"best replies in turn; of the {counted(len(ends), 'end')} the one of best potential",
        settled=Settled(tuple(places), places[-1], places[0], "partial", f"best replies from {len(starts)} starts"),
    )


def _starts(game: Congestion, seed: int) -> list[Array]:
    draw = np.random.default_rng(seed)
    random = [
        np.array([draw.integers(size) for size in game.sizes])
        for _ in range(STARTS if len(game.players) <= MANY else FEW)
    ]
    return [np.zeros(len(game.players), int), *random]


def _end(game: Congestion, start: Array) -> Array:
    """The joint move at which best replies in turn from `start` end."""
    return np.array([int(own.argmax()) for own in game.pure_equilibrium(start.tolist()).points[0]])


def _place(game: Congestion, profile: Array) -> Place:
    mean = float(game.payoffs_at(profile).mean())
    used = [
        f"{load} on {name}" for name, load in zip(game.resources, game.loads(profile).tolist(), strict=True) if load
    ]
    words = ", ".join(used[:8]) + (", …" if len(used) > 8 else "")
    return Place(words, None, mean, (), mean, _regret(game, profile))


def _regret(game: Congestion, profile: Array) -> float:
    """The most that a player would save by another move, by the loads that it would meet."""
    load, rows = game.loads(profile), np.arange(len(game.resources))
    costs = [use @ game.costs[rows, load - use[own] + 1] for use, own in zip(game.uses, profile, strict=True)]
    return max(float(cost[own] - cost.min()) for cost, own in zip(costs, profile, strict=True))


def _optimum(game: Congestion, starts: list[Array]) -> Extreme:
    """The least total cost: the game in which each minds what it costs all has it as its potential."""
    totals = game.costs * np.arange(game.costs.shape[1])
    marginal = Congestion(game.uses, np.diff(totals, axis=1, prepend=0.0))
    ends = [_end(marginal, start) for start in starts]
    best = min(ends, key=lambda end: -float(game.payoffs_at(end).sum()))
    place = _place(game, best)
    rising = bool((np.diff(marginal.costs[:, 1:], axis=1) >= -1e-12 * np.abs(marginal.costs).max()).all())
    if not rising:
        return Extreme(place, "partial", None, "best found by improving the total one move at a time")
    count = len(game.players)
    open_ = max(-place.welfare - _bound(game, best, marginal.costs, totals) / count, 0.0)
    closed = open_ <= 1e-9 * max(1.0, abs(place.welfare))
    method = "best found by improving the total one move at a time; bound by Frank and Wolfe (1956)"
    return Extreme(place, "complete" if closed else "partial", 0.0 if closed else open_, method)


def _bound(game: Congestion, start: Array, marginal: Array, totals: Array) -> float:
    """A lower bound on the total cost: that of shares in place of whole players, from below by its tangents."""
    shares, best, rows = game.pure(start.tolist()), -np.inf, np.arange(len(totals))
    for step in range(FRANK_WOLFE):
        load = np.sum([x @ use for x, use in zip(shares, game.uses, strict=True)], axis=0)
        low = np.minimum(load.astype(int), len(game.players) - 1)
        # At a whole load the total has a kink, and every slope between those on its two sides is a tangent.
        slope = np.where(
            load == low, (marginal[rows, np.maximum(low, 1)] + marginal[rows, low + 1]) / 2, marginal[rows, low + 1]
        )
        here = float((totals[rows, low] + (load - low) * slope).sum())
        costs = [use @ slope for use in game.uses]
        ahead = [np.eye(len(cost))[cost.argmin()] for cost in costs]
        best = max(best, here + sum(float(cost.min() - x @ cost) for x, cost in zip(shares, costs, strict=True)))
        rate = 2 / (step + 2)
        shares = tuple(x + rate * (to - x) for x, to in zip(shares, ahead, strict=True))
    return best
