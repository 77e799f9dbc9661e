"""A large game among players who are alike: exact by counts, and in one population where play moves."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..core.forms.symmetric import Symmetric
from ..core.game import Array, Mixture
from ..dynamics.basins import basins
from ..dynamics.no_regret import regret_matching
from ..dynamics.replicator import replicator_limit
from ..solvers.crowd_equilibrium import crowd_equilibrium
from ._large_found import LISTED, Choices, Extreme, Found, Place, Settled, ends
from ._large_population import population
from ._large_spreads import Spread, Spreads
from ._tables import listed, where

NEAR = 0.02
"""A mixture this near to one move is taken to be that move, where all of them making it is an equilibrium."""

SLACK = 1e-9
"""Share of the largest payoff below which a difference counts as none."""

BY_COUNTS = "all spreads of the players over the moves, by counts"


def alike(game: Symmetric, seed: int, starts: int) -> Found:
    """All there is to find out about players who are alike."""
    spreads = Spreads(game)
    best, over = _optimum(spreads)
    worst, under = spreads.best(-1)
    assert worst is not None
    choices = _choices(game, spreads.temptation(best))
    settled = _settled(game, spreads)
    played, how = _played(game, spreads, choices)
    crowd = population(game)
    followed = (basins(crowd, step, starts, seed) for step in (replicator_limit, partial(regret_matching, rounds=300)))
    return Found(
        name=game.name,
        players=game.players,
        bystanders=game.bystanders,
        kind="alike",
        optimum=_extreme(game, spreads, best, over),
        worst=_extreme(game, spreads, worst, under),
        played=played,
        how=how,
        settled=settled,
        choices=choices,
        cartel=_cartel(game, spreads, played),
        dynamics=tuple(ends(found, crowd.moves) for found in followed),
    )


def _optimum(spreads: Spreads) -> tuple[Spread, float]:
    """The best spread; of equally good ones an equilibrium if there is one, so that no temptation is made up."""
    best, beyond = spreads.best()
    settled, _ = spreads.best(allowed=spreads.stable)
    assert best is not None
    if settled is not None and settled.welfare >= best.welfare - SLACK * max(1.0, abs(best.welfare)):
        return settled, beyond
    return best, beyond


def _cartel(game: Symmetric, spreads: Spreads, played: Place) -> Place | None:
    """What is best for the players alone, where they gain by it and a bystander loses."""
    alone, _ = spreads.best(players_only=True) if game.bystanders else (None, 0.0)
    if alone is None or alone.player <= played.player + SLACK * max(1.0, abs(played.player)):
        return None
    losing = np.array(alone.bystanders) < np.array(played.bystanders) - SLACK * np.abs(alone.bystanders).max()
    return _place(game, spreads, alone) if losing.any() else None


def _extreme(game: Symmetric, spreads: Spreads, spread: Spread, beyond: float) -> Extreme:
    status = "complete" if beyond == 0 else "partial"
    return Extreme(_place(game, spreads, spread), status, beyond, BY_COUNTS)


def _place(game: Symmetric, spreads: Spreads, spread: Spread) -> Place:
    counts = tuple(spread.counts.tolist())
    return Place(
        words=_words(game.moves[0], counts),
        counts=counts,
        player=spread.player,
        bystanders=spread.bystanders,
        welfare=spread.welfare,
        regret=max(spreads.temptation(spread), 0.0),
    )


def _words(moves: tuple[str, ...], counts: tuple[int, ...]) -> str:
    """How many play what, most first."""
    order = sorted((k for k, count in enumerate(counts) if count), key=lambda k: -counts[k])
    if len(order) == 1:
        return f"all play {moves[order[0]]}"
    return listed(tuple(f"{counts[k]} play{'s' * (counts[k] == 1)} {moves[k]}" for k in order))


def _settled(game: Symmetric, spreads: Spreads) -> Settled:
    """Pure equilibria up to the names of the seats; where there is none, one in which all mix alike."""
    found, complete = spreads.equilibria(LISTED)
    if not found:
        answer = crowd_equilibrium(population(game))
        place = _mixed(game, answer.points[0])
        return Settled((place,), place, place, "partial", f"no pure one by counts; a mixed one by {answer.method}")
    ranked = [found[-1], found[0]] if complete else [spreads.best(sign, spreads.stable)[0] for sign in (-1, 1)]
    worst, best = (None if one is None else _place(game, spreads, one) for one in ranked)
    places = tuple(_place(game, spreads, one) for one in found)
    return Settled(places, worst, best, "complete" if complete else "partial", f"pure ones, by {BY_COUNTS}")


def _choices(game: Symmetric, temptation: float) -> Choices:
    """Dominance by another move, against all that the others may do."""
    payoffs, moves = game.payoffs, game.moves[0]
    slack = SLACK * float(np.abs(payoffs).max())
    low, high = (np.array([pick(row - payoffs, axis=1) for row in payoffs]) for pick in (np.min, np.max))
    strict, weak = low > slack, (low > slack) | ((low >= -slack) & (high > slack))
    best = [int(k) for k in np.flatnonzero((weak | np.eye(len(moves), dtype=bool)).all(1))]
    worse = {moves[k]: moves[int(np.argmax(strict[:, k]))] for k in np.flatnonzero(strict.any(0))}
    lead = payoffs[1] - payoffs[0]
    return Choices(
        dominant=moves[best[0]] if best else None,
        strict=bool(best) and bool(strict[best[0]].sum() == len(moves) - 1),
        dominated=worse,
        lead=(float(lead.min()), float(lead.max())) if len(moves) == 2 else None,
        temptation=temptation,
    )


def _played(game: Symmetric, spreads: Spreads, choices: Choices) -> tuple[Place, str]:
    """Where play leads from chance, and how that is known."""
    moves, count = game.moves[0], len(game.players)
    if choices.strict and choices.dominant is not None:
        mixture, how = np.eye(len(moves))[moves.index(choices.dominant)], "logit limit, which is the dominant move"
    else:
        mixture, how = _evolved(game)
    k = int(mixture.argmax())
    state = spreads.state(count * np.eye(len(moves), dtype=int)[k])
    if mixture[k] > 1 - NEAR and spreads.stable[state, k]:
        return _place(game, spreads, spreads.spread(state, count * np.eye(len(moves), dtype=int)[k])), how
    return _mixed(game, (mixture,)), how


def _evolved(game: Symmetric) -> tuple[Array, str]:
    """Where one population evolves from equal shares; with two moves that is also the limit of the logit branch."""
    crowd = population(game)
    end = replicator_limit(crowd, tuple(x[None] for x in crowd.uniform()))
    if end.rest.all():
        how = "logit limit" if len(game.moves[0]) == 2 else "where one population evolves from equal shares"
        return end.last[0][0], how
    answer = crowd_equilibrium(crowd)
    return answer.points[0][0], f"evolution does not rest; an equilibrium by {answer.method}"


def _mixed(game: Symmetric, mixture: Mixture) -> Place:
    """The place where everybody mixes alike."""
    everybody = mixture * len(game.players)
    players, others = game.expected_payoffs(everybody), game.expected_bystander_payoffs(everybody)
    welfare = float(players.sum() + others.sum()) / len(game.principals)
    words = f"each plays {where((game.moves[0],), mixture)[1:-1]}"
    regret = max(game.regret(everybody), 0.0)
    return Place(words, None, float(players.mean()), tuple(others.tolist()), welfare, regret)
