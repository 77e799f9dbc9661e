"""One Nash equilibrium of any finite game, fast: for games too large to list them all."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

import numpy as np

from ..core.errors import InputError
from ..core.forms.network import Network
from ..core.forms.normal_form import NormalForm
from ..core.forms.symmetric import Symmetric
from ..core.game import Game, Mixture, require_game
from ..core.lifts.crowd import GovernedCrowd
from ..core.solution import Solution
from ._branch import LogitMap
from ._lemke_howson import lemke_howson
from ._paths_to_nash import Alike, logit_paths, polished, pure

TABLE = 2_000_000
"""Payoffs up to which a game that has no table is written out as one."""


def nash(game: Game, seconds: float = 10.0, *, tolerance: float = 1e-9, seed: int = 0) -> Solution:
    """One Nash equilibrium, pure if one is found, otherwise at the end of a path, polished to rounding.

    Pure equilibria are looked for first: of a table all joint moves, otherwise where players end who answer in turn.
    Two players then follow Lemke and Howson's paths (1964). Any number of players follow the logit path from uniform
    play (Turocy 2005), and from random first guesses when it fails; Newton's method on the support finishes each.

    Parameters
    ----------
    game : any finite game: a table, or one that only answers `deviation_payoffs`. Of a `Symmetric` game too large for
        a table, an equilibrium in which all mix alike is looked for.
    seconds : time budget, looked at between steps of a path.
    tolerance : regret that counts as none, as a share of the differences that the game's payoffs show.
    seed : of the random guesses; only hard games come to them.

    Returns
    -------
    One point with its regret. The status is "partial" (an equilibrium to within `tolerance`; there may be others) or
    "timed out" (the point of least regret that was met, which is no equilibrium).

    Raises
    ------
    InputError : a crowd's game, a repeated one, no time, or a tolerance that is not positive.
    """
    _require(game, seconds, tolerance)
    deadline = time.monotonic() + seconds
    if not isinstance(game, NormalForm) and game.size * len(game.players) <= TABLE:
        game = game.dense()
    close = tolerance * _scale(game)
    best, least, found_by = game.uniform(), math.inf, ""
    for method, point in _tries(game, deadline, seed):
        regret = game.regret(point)
        if regret < least:
            best, least, found_by = point, regret, method
        if least <= close or time.monotonic() > deadline:
            break
    done = least <= close
    return Solution(
        concept="a Nash equilibrium" if done else "play near a Nash equilibrium",
        points=(best,),
        status="partial" if done else "timed out",
        regret=max(least, 0.0),
        method=found_by,
        note="One was asked for; there may be others." if done else f"The regret wanted was {close:.3g}.",
    )


def _tries(game: Game, deadline: float, seed: int) -> Iterator[tuple[str, Mixture]]:
    """What is tried, one after the other, with its name; the last goes on for ever."""
    exhaustive = isinstance(game, NormalForm)
    yield "uniform play", game.uniform()
    name = "best replies at every joint move" if exhaustive else "best replies in turn"
    yield from ((name, point) for point in pure(game, time.monotonic() + (deadline - time.monotonic()) / 4))
    if exhaustive and len(game.players) == 2:
        paths = lemke_howson(game.payoffs[..., 0], game.payoffs[..., 1], deadline)
        yield from (("Lemke and Howson's path", point) for point in _ends(game, paths))
    if isinstance(game, Symmetric):
        alike = Alike(game)
        ends = (x for end in logit_paths(alike, deadline, seed) for x in polished(alike, end))
        yield from (("logit path of players who mix alike", x * len(game.players)) for x in ends)
    logit = LogitMap(game)
    for end in logit_paths(logit, deadline, seed):
        yield from (("logit path, finished by Newton's method on the support", x) for x in polished(logit, end))


def _ends(game: Game, points: Iterator[Mixture]) -> Iterator[Mixture]:
    """The points, and what Newton's method makes of each where that leaves a regret."""
    logit = None
    for point in points:
        yield point
        logit = logit or LogitMap(game)
        yield from polished(logit, np.concatenate(point))


def _scale(game: Game) -> float:
    """The largest difference that an own move makes: over a table, or at mixtures of moves of the same number."""
    if isinstance(game, NormalForm):
        own = [np.ptp(game.payoffs[..., i], axis=i) for i in range(len(game.players))]
        return max(float(differences.max()) for differences in own)
    pure = np.arange(max(game.sizes))
    worths = game.deviation_payoffs(tuple(np.eye(size)[pure % size] for size in game.sizes))
    return max(float(np.ptp(worth, axis=-1).max()) for worth in worths)


def _require(game: Game, seconds: float, tolerance: float) -> None:
    require_game(game)
    if isinstance(game, Network | GovernedCrowd):
        raise InputError(
            f"{game.name} is a game of crowds.", "Nobody in a crowd moves alone.", "Ask for crowd_equilibrium."
        )
    if not seconds > 0 or not 0 < tolerance < math.inf:
        raise InputError(
            f"A search for {seconds} seconds to a tolerance of {tolerance}.",
            "A search takes time, and floats do not tell an equilibrium without a tolerance.",
            "Give positive numbers, such as 10 seconds and 1e-9.",
        )
