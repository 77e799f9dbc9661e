"""Where learning and evolution lead, from everywhere: basins of attraction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.claim import Finding
from ..core.delegation import Delegation, as_delegation
from ..core.errors import InputError
from ..core.game import Game
from ..dynamics.basins import Basin, Basins, Share, basins
from ..dynamics.no_regret import regret_matching
from ..dynamics.one_population import one_population
from ..dynamics.replicator import replicator_limit
from ._tables import agents_game, listed, percent, where

STARTS, FEWEST, EFFORT = 200, 20, 1_000_000
"""Starting points by default: 200 (a share of one half is then known to within 7 %), fewer when starts times payoffs in
the table would be more than `EFFORT`, but at least 20."""

NAMED = 4
"""Rest points named in a sentence."""

SOURCES = {
    "evolution": "Replicator dynamics, one population per player; Taylor and Jonker (1978)",
    "population": "Replicator dynamics, one population of all players; Taylor and Jonker (1978)",
    "learning": "Regret matching, last round of 1000; Hart and Mas-Colell (2000)",
}

WORDS = {
    "evolution": "Where players evolve apart",
    "population": "Where they evolve as one population",
    "learning": "Where they learn without regret",
}


@dataclass(frozen=True, eq=False)
class Stability:
    """Basins of attraction of the agents' game, by the rewards they pursue.

    Attributes
    ----------
    players, moves : names.
    evolution : under replicator dynamics, one population for each player.
    population : the same in one population, where players are alike; else None. Its points have one mixture only.
    learning : under regret matching, by what is played in the end (the average over time may be something else).
    """

    players: tuple[str, ...]
    moves: tuple[tuple[str, ...], ...]
    evolution: Basins
    population: Basins | None
    learning: Basins

    @property
    def findings(self) -> tuple[Finding, ...]:
        """For each kind of dynamics, from which share of starting points it ends where."""
        kinds = {"evolution": self.evolution, "population": self.population, "learning": self.learning}
        return tuple(self._finding(kind, found) for kind, found in kinds.items() if found is not None)

    def _finding(self, kind: str, found: Basins) -> Finding:
        named = [
            (f"end at {where(self.moves[: len(basin.point)], basin.point)}", basin.share)
            for basin in found.basins[:NAMED]
        ]
        rest = sum(basin.share.count for basin in found.basins[NAMED:]) + found.elsewhere.count
        named += [("end elsewhere", Share(rest, found.starts)), ("do not come to rest", found.restless)]
        parts = tuple(f"{percent(share.value)} {words}" for words, share in named if share.count)
        said = f"{WORDS[kind]}, of {found.starts} starting points {listed(parts)}."
        numbers = {
            "starts": found.starts,
            "seed": found.seed,
            "method": found.method,
            "rest points": [self._numbers(basin) for basin in found.basins],
            "elsewhere": found.elsewhere.value,
            "restless": found.restless.value,
        }
        return Finding("basins", said, self.players, numbers, SOURCES[kind])

    def _numbers(self, basin: Basin) -> dict[str, object]:
        return {
            "at": where(self.moves[: len(basin.point)], basin.point),
            "share": basin.share.value,
            "interval": list(basin.share.interval),
            "mixture": [x.tolist() for x in basin.point],
        }


def stability(subject: Game | Delegation, *, starts: int | None = None, seed: int = 0) -> Stability:
    """The share of starting points from which evolution and learning end at each rest point.

    Agents follow the rewards they pursue. Shares are sampled: `starts` mixtures (by default up to `STARTS`) are drawn
    evenly with `seed`, and each share has its 95 % interval in the numbers of the finding. Raises `TooLarge` when the
    joint moves cannot be listed, and `InputError` without starts.

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> found = stability(NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D")), starts=50)
    >>> found.evolution.basins[0].profile, found.evolution.basins[0].share.value
    ((1, 1), 1.0)
    """
    delegation = as_delegation(subject)
    game: Game = agents_game(delegation)
    if np.array_equal(game.payoffs, delegation.game.dense().payoffs):
        game = delegation.game  # which may answer faster than its table
    if starts is None:
        starts = min(STARTS, max(FEWEST, EFFORT // (game.size * len(game.players))))
    evolution = basins(game, replicator_limit, starts, seed)
    try:
        together = basins(one_population(game), replicator_limit, starts, seed)
    except InputError:  # seats are not interchangeable, so there is no one population
        together = None
    return Stability(
        players=game.players,
        moves=game.moves,
        evolution=evolution,
        population=together,
        learning=basins(game, regret_matching, starts, seed),
    )
