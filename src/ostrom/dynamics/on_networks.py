"""Evolution on a network: who is linked to whom decides who is met and who is imitated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

import numpy as np

from ..core.errors import InputError, TooLarge, UnknownName
from ..core.game import Array, Game
from ._groups import named
from ._networks import Network, Update, table_of, weights_of

MOST_NODES = 12
"""Nodes up to which all 2^N states are solved for."""


@dataclass(frozen=True, eq=False)
class NetworkRuns:
    """What became of runs of evolution on a network.

    Attributes
    ----------
    shares : `float[T, R, A]`, the share of nodes with each move, at the start and after every round of N steps.
    last : `int[R, N]`, who has which move at the end.
    fixed : `int[R]`, the move that all have, or -1.
    rounds, seed : how many, and what was drawn with. Everything here is sampled.
    """

    shares: Array
    last: Array
    fixed: Array
    rounds: int
    seed: int


def on_network(
    game: Game,
    links: Any,
    start: Any,
    *,
    update: Update = "death-birth",
    strength: float = 1.0,
    mutation: float = 0.0,
    rounds: int = 100,
    runs: int = 100,
    seed: int = 0,
) -> NetworkRuns:
    """Evolution on a network, many runs side by side.

    Everybody plays with every neighbour and earns the mean; fitness is exp(strength payoff). A round is as many steps
    as there are nodes, in each of which one move is replaced.

    Parameters
    ----------
    game : a symmetric game of two.
    links : a symmetric matrix of weights `float[N, N]`, or pairs of nodes `int[E, 2]` (`ring(nodes, each)` makes some).
    start : moves `int[N]`, or `int[runs, N]`.
    update : "death-birth" (somebody dies, drawn evenly, and a neighbour in proportion to fitness takes the place),
        "birth-death" (somebody in proportion to fitness has a child, which replaces a neighbour), "imitation" (as the
        first, but one may keep one's move, in proportion to one's own fitness) (Ohtsuki and others 2006), or
        "pairwise comparison" (one looks at a neighbour and takes over with Fermi's odds).
    mutation : odds that the move that comes in is drawn evenly instead.
    rounds, runs, seed : at least 1 of the first two.

    Raises `InputError` for links, a start or numbers that do not fit.
    """
    network, moves = _network(game, links, update, strength), game.sizes[0]
    states = np.array(np.broadcast_to(np.asarray(start), (max(runs, 0), network.count)))
    fits = np.issubdtype(states.dtype, np.integer) and states.size and 0 <= states.min() <= states.max() < moves
    if not fits or rounds < 1 or not 0 <= mutation <= 1:
        raise InputError(
            f"{runs} runs of {rounds} rounds, mutation {mutation}, from {np.unique(np.asarray(start))[:6].tolist()}.",
            f"Moves are numbered from 0 to {moves - 1}, odds lie in [0, 1], and there is at least one round and run.",
            "Give such a start and such numbers.",
        )
    rng = np.random.default_rng(seed)
    every = np.arange(len(states))
    shares = [_shares_of(states, moves)]
    for _ in range(rounds):
        for _ in range(network.count):
            odds = network.odds(states).reshape(len(states), -1).cumsum(1)
            drawn = (odds < rng.random((len(states), 1))).sum(1)  # beyond the last: nobody changes
            changes = drawn < odds.shape[1]
            who, by = drawn[changes] // network.count, drawn[changes] % network.count
            comes = states[every[changes], by]
            if mutation:
                mutates = rng.random(len(comes)) < mutation
                comes = np.where(mutates, rng.integers(moves, size=len(comes)), comes)
            states[every[changes], who] = comes
        shares.append(_shares_of(states, moves))
    alike = (states == states[:, :1]).all(1)
    return NetworkRuns(np.stack(shares), states, np.where(alike, states[:, 0], -1), rounds, seed)


def network_fixation(
    game: Game, links: Any, mutant: int | str = 1, *, update: Update = "death-birth", strength: float = 1.0
) -> Array:
    """The odds that one mutant takes over, `float[N]` by the node at which it arises: all 2^N states solved for.

    `game` has two moves, `mutant` is one of them (name or number), and the network is connected, of up to 12
    nodes. Exact up to the rounding of a linear system. Raises `TooLarge` beyond 12 nodes, and what `on_network` raises.
    """
    network = _network(game, links, update, strength)
    if game.sizes[0] != 2:
        raise InputError(f"{game.name} has {game.sizes[0]} moves.", "One mutates into the other.", "Give two moves.")
    if network.count > MOST_NODES:
        raise TooLarge(
            f"{network.count} nodes can be in {2**network.count:,} states.",
            f"All are solved for, up to {MOST_NODES} nodes.",
            "Sample it with on_network, or take a smaller network.",
        )
    _require_connected(network.weights)
    count = 2**network.count
    place = 1 << np.arange(network.count)
    bits = (np.arange(count)[:, None] & place > 0).astype(int)  # 1 is a mutant
    odds = network.odds(bits if named(game.moves[0], mutant) == 1 else 1 - bits)
    inner = np.arange(1, count - 1)
    gains, losses = np.einsum("sij,sj->si", odds, bits) * (1 - bits), np.einsum("sij,sj->si", odds, 1 - bits) * bits
    chain = np.zeros((count, count))
    np.add.at(chain, (np.arange(count)[:, None], np.arange(count)[:, None] ^ place), gains + losses)
    system = np.diag(chain[inner].sum(1)) - chain[np.ix_(inner, inner)]
    found = np.linalg.solve(system, chain[inner, -1])
    return found[place - 1] if network.count > 1 else np.ones(1)


def ring(nodes: int, each: int = 2) -> Array:
    """Pairs `int[E, 2]` of a ring on which everybody is linked to the `each` nearest, half on either side."""
    if each < 2 or each % 2 or each >= nodes:
        raise InputError(
            f"A ring of {nodes} with {each} neighbours each.", "Half are on either side.", "Give an even number."
        )
    at = np.arange(nodes)
    return np.concatenate([np.stack([at, (at + k) % nodes], axis=1) for k in range(1, each // 2 + 1)])


def _network(game: Game, links: Any, update: Update, strength: float) -> Network:
    if update not in get_args(Update):
        raise UnknownName("way to update", str(update), get_args(Update))
    if not 0 <= strength < np.inf:
        raise InputError(f"A strength of {strength}.", "Selection has a strength from 0.", "Give such a number.")
    return Network(table_of(game), weights_of(links), update, strength)


def _require_connected(weights: Array) -> None:
    reached = np.zeros(len(weights), bool)
    reached[0] = True
    for _ in weights:
        reached |= weights[reached].any(0)
    if not reached.all():
        raise InputError(
            "The network falls into parts.",
            "A mutant cannot take over a part that it is not linked to.",
            "Ask about each part alone.",
        )


def _shares_of(states: Array, moves: int) -> Array:
    return (states[..., None] == np.arange(moves)).mean(1)
