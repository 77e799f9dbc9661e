"""One Nash equilibrium of any two-player tree, exactly, without writing out its strategies."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from ..core.errors import InputError, TooLarge
from ..core.forms.extensive import ExtensiveForm
from ..core.solution import Solution
from ._tree_rationals import best_reply, equilibrium, rational, value

SEQUENCES = 600
"""Sequences of both players up to which the path is followed: it is a table of their number, squared, at each step."""


@dataclass(frozen=True)
class ExactBehaviour(Solution):
    """One equilibrium as a behaviour.

    Attributes
    ----------
    exact : its odds at each information set as `Fraction`s. values : what each player gets.
    exact_regret : what the best deviation gains, in rationals where the tree's numbers are; None where they are floats.
    """

    exact: tuple[tuple[Fraction, ...], ...] = field(default=(), repr=False)
    values: tuple[float, ...] = ()
    exact_regret: Fraction | None = None


def tree_equilibrium(game: ExtensiveForm, seconds: float = 30.0) -> ExactBehaviour:
    """One Nash equilibrium of two players in a tree, whatever their interests, by Lemke's path over sequences.

    The equilibria of a tree with perfect recall solve a linear complementarity problem of the size of the tree
    (Koller, Megiddo and von Stengel 1996); the path to one is followed in whole numbers, so that ties are ties and the
    odds are exact. What is found is checked again by best replies in rationals.

    Parameters
    ----------
    game : a tree of two players with perfect recall. Floats in it are read to 12 digits.
    seconds : time budget; past it the status is "timed out" and there is no point.

    Returns
    -------
    One point, with status "partial": there may be others, and it need not be subgame perfect.

    Raises
    ------
    InputError : no tree, not two players, imperfect recall. TooLarge : more than 600 sequences.

    Examples
    --------
    >>> from ostrom.games import BeerQuiche
    >>> [round(x, 6) for x in tree_equilibrium(BeerQuiche()).values]
    [2.9, 0.9]
    """
    _check(game)
    odds = equilibrium(rational(game), time.monotonic() + seconds)
    concept = "a Nash equilibrium (odds at each information set)"
    method = "Lemke's path over sequences, in whole numbers (Koller, Megiddo and von Stengel 1996)"
    if odds is None:
        return ExactBehaviour(concept, (), "timed out", 0.0, method)
    behaviour = tuple(np.array([float(x) for x in own]) for own in odds)
    exact = None
    if game.exact_paid is not None:
        exact = max(best_reply(game, player, odds) - value(game, player, odds) for player in (0, 1))
    return ExactBehaviour(
        concept=concept,
        points=(behaviour,),
        status="partial",
        regret=float(game.gains(behaviour).max()),
        method=method,
        note="One was asked for; there may be others.",
        exact=tuple(map(tuple, odds)),
        values=tuple(game.value(behaviour).tolist()),
        exact_regret=exact,
    )


def _check(game: Any) -> None:
    if not isinstance(game, ExtensiveForm) or len(game.players) != 2:
        what = f"{len(game.players)} players" if isinstance(game, ExtensiveForm) else f"a {type(game).__name__}"
        raise InputError(
            f"An equilibrium over sequences is asked of {what}.",
            "With two players in a tree the conditions are linear.",
            "Ask solvers.agent_logit(game) of more players, solvers.nash(game) of tables.",
        )
    game._require_recall()
    count = sum(map(len, game.sequences))
    if count > SEQUENCES:
        raise TooLarge(
            f"{game.name} has {count:,} sequences.",
            f"The path is followed in whole numbers for up to {SEQUENCES}.",
            "Ask solvers.sequence_form (opposed interests) or solvers.cfr.",
        )
