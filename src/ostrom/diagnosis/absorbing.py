"""Absorbing states and the ways out: how many have to change at once, and where rare mistakes lead in the long run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np

from ..core.claim import Finding
from ..core.delegation import Delegation, as_delegation
from ..core.errors import InputError, UnknownName
from ..core.forms.symmetric import Symmetric
from ..core.game import Array, Game
from ..dynamics._groups import require_alike
from ._absorbing_words import sentences
from ._mistakes import potentials, recurrent_sets, resistances
from ._revisions import among_players, fitting, in_population
from ._tables import agents_game

Rule = Literal["imitation", "best reply"]

POPULATION = 100
"""How many there are by default in the population of a game of few players (fewer where moves are many)."""

MOST_SETS = 400
"""Recurrent sets beyond which ways between them are not compared."""

SOURCE = "Stochastic stability: Kandori, Mailath and Rob (1993), Young (1993); radius and coradius: Ellison (2000)"


@dataclass(frozen=True, eq=False)
class Absorbing:
    """Sets of states that are not left without a mistake, and how many mistakes lead from one to another.

    Attributes
    ----------
    moves : names of the moves of the population, or of each player.
    population : how many there are; None where states are the joint moves of the players themselves.
    rule : what one does who makes no mistake.
    sets : of each recurrent set its states: compositions `int[K, S]`, or joint moves `int[K, P]`.
    resistance : `int[R, R]`, the fewest mistakes on any way from one set (row) to another (column).
    potential : `int[R]`, the fewest mistakes in a tree of ways from all other sets to each.
    worth : `float[R]`, what all earn on average in each set (mean over its states).
    """

    moves: tuple[tuple[str, ...], ...]
    players: tuple[str, ...]
    population: int | None
    rule: Rule
    sets: tuple[Array, ...] = field(repr=False)
    resistance: Array
    potential: Array
    worth: Array

    @property
    def stable(self) -> tuple[int, ...]:
        """The numbers of the stochastically stable sets: where the system is nearly always if mistakes are rare."""
        return tuple(int(k) for k in np.flatnonzero(self.potential == self.potential.min()))

    @property
    def radius(self) -> tuple[int | None, ...]:
        """The fewest mistakes that lead out of each set for good; None where there is no other."""
        return tuple(_most(row, k, min) for k, row in enumerate(self.resistance))

    @property
    def coradius(self) -> tuple[int | None, ...]:
        """The most mistakes that are needed from anywhere to get to each set; less than its radius: it is stable."""
        return tuple(_most(column, k, max) for k, column in enumerate(self.resistance.T))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """One sentence for each way out (of up to six sets), and one for where rare mistakes lead."""
        names, said = sentences(self)
        numbers = {
            "population": self.population,
            "rule": self.rule,
            "sets": list(names),
            "resistance": self.resistance.tolist(),
            "potential": self.potential.tolist(),
            "worth": [float(x) for x in self.worth],
            "stable": [names[k] for k in self.stable],
        }
        return tuple(Finding("absorbing states", line, self.players, numbers, SOURCE) for line in said)


def absorbing(subject: Game | Delegation, *, population: int | None = None, rule: Rule = "imitation") -> Absorbing:
    """What evolution by imitation, or by best replies, does not leave by itself, and how many mistakes it takes.

    One at a time revises. Without a mistake it takes over a move that somebody has and that earns at least as much
    ("imitation"), or a best reply to all others ("best reply"); a mistake is a change to any move. Every state of the
    population is looked at, so resistances are exact, also where the way leads through a third move. Nobody meets
    itself, so that what holds is of this population, not of an infinite one.

    Where all seats are alike there is one population: of the players themselves if there are more than two, else of
    `population` (by default 100, fewer with many moves) who meet in pairs. Players who differ each choose for
    themselves and by best replies. Agents follow the rewards they pursue.

    Raises `TooLarge` where steps are too many, and `InputError` for a population smaller than a group.
    """
    if rule not in get_args(Rule):
        raise UnknownName("rule", str(rule), get_args(Rule))
    delegation = as_delegation(subject)
    untabled = isinstance(subject, Symmetric) and not delegation.motivated
    game: Game = delegation.game if untabled else agents_game(delegation)
    if population is None and _is_alike(game):
        population = len(game.players) if len(game.players) > 2 else fitting(game.sizes[0], POPULATION)
    if population is None:
        rule = "best reply"
        states, steps, worth = among_players(game)
    else:
        states, steps, worth = in_population(game, population, rule == "imitation")
    found = recurrent_sets(steps)
    if len(found) > MOST_SETS:
        raise InputError(
            f"{game.name} has {len(found)} recurrent sets.",
            f"Ways between more than {MOST_SETS} of them are not compared.",
            "Look at a game with fewer ties or players.",
        )
    fewest = resistances(steps, found)
    return Absorbing(
        moves=game.moves if population is None else game.moves[:1],
        players=game.players,
        population=population,
        rule=rule,
        sets=tuple(states[list(own)] for own in found),
        resistance=fewest,
        potential=potentials(fewest),
        worth=np.array([worth[list(own)].mean() for own in found]),
    )


def _is_alike(game: Game) -> bool:
    try:
        require_alike(game)
    except InputError:
        return False
    return True


def _most(costs: Array, own: int, pick: Callable[[Array], int]) -> int | None:
    others = np.delete(costs, own)
    return int(pick(others)) if len(others) else None
