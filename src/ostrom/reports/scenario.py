"""A scenario as a picture: a tree, a table, what moves pay in a crowd, a network, or a loop from round to round."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.forms.bayesian import Bayesian
from ..core.forms.coalitional import Coalitional
from ..core.forms.extensive import ExtensiveForm
from ..core.forms.network import Network
from ..core.forms.normal_form import NormalForm
from ..core.forms.reactions import Reactions
from ..core.forms.symmetric import Symmetric
from ..core.game import Game
from ..core.welfare import as_welfare
from ..solvers.pure_equilibria import pure_equilibria
from ..solvers.shapley import shapley
from ._chart_bars import bar_picture
from ._chart_lines import crowd_picture, loop_picture
from ._chart_network import network_pictures
from ._chart_payoffs import payoff_picture
from ._chart_welfare import LARGEST, welfare_picture
from ._page import Picture
from ._tree_drawing import tree_drawing
from ._vega import drawn

LISTED = 20_000
"""Joint moves up to which they are all looked at."""


def scenario(game: Any) -> str:
    """The picture of a game as the text of an SVG file; empty where there is none that could be read.

    A tree of up to 40 ends is drawn as one; a table of two players with its payoffs and best replies, a larger one as a
    map of welfare; players who are alike by what a move pays given what the others do (Schelling's diagram, where there
    are two moves); a few who are not alike by what each gets at equilibrium and at the optimum; a road network with its
    traffic; a loop of reactions from round to round.

    Examples
    --------
    >>> from ostrom import games
    >>> scenario(games.Chicken())[:4]
    '<svg'
    """
    if isinstance(game, Bayesian):
        game = game.believing(None)  # what is true: beliefs stand in the tree as payoffs that nobody gets
    if isinstance(game, ExtensiveForm) and (tree := tree_drawing(game)):
        return tree
    picture = _picture(game)
    return "" if picture is None else drawn(picture.chart, "scenario")


def _picture(game: Any) -> Picture | None:
    if isinstance(game, Reactions):
        return loop_picture(game)
    if isinstance(game, Coalitional):
        shares = [(name, float(share)) for name, share in zip(game.players, shapley(game).values, strict=True)]
        return bar_picture(shares, "Shapley value", "What each adds on average to those before it.", "Shapley values.")
    if isinstance(game, Network):
        from ..diagnosis.traffic import diagnose_network

        return next(iter(network_pictures(diagnose_network(game, try_closing=0))), None)
    if isinstance(game, Symmetric) and len(game.players) > 2:
        return crowd_picture(game)
    if isinstance(game, Game) and len(game.sizes) > 2 and game.size <= LISTED:
        return _before_and_after(game)
    return _table(game) if isinstance(game, Game) and _small(game) else None


def _before_and_after(game: Game) -> Picture | None:
    """Of three and more who are not alike: what each gets at the worst pure equilibrium, and at the optimum."""
    table, ends = game.dense(), pure_equilibria(game).profiles
    if not ends:
        return None
    utilities = np.concatenate([table.payoffs, table.bystander_payoffs], axis=-1)
    welfare = as_welfare(None).on_table(utilities)
    best = tuple(int(k) for k in np.unravel_index(int(welfare.argmax()), welfare.shape))
    end = min((tuple(map(int, one)) for one in ends), key=lambda at: float(welfare[at]))
    rows = [
        (f"{who}, {when}", float(utilities[at][k]))
        for k, who in enumerate(game.principals)
        for when, at in (("equilibrium", end), ("optimum", best))
    ]
    told = f"At equilibrium ({', '.join(game.labels(end))}), at the optimum ({', '.join(game.labels(best))})."
    return bar_picture(rows, "payoff", told, told)


def _small(game: Game) -> bool:
    return len(game.sizes) == 2 and max(game.sizes) <= LARGEST


def _table(game: Game) -> Picture | None:
    table: NormalForm = game.dense()
    welfare = as_welfare(None).on_table(np.concatenate([table.payoffs, table.bystander_payoffs], axis=-1))
    pure = pure_equilibria(table).profiles
    best = [tuple(int(k) for k in place) for place in np.argwhere(welfare >= welfare.max() - 1e-9 * np.ptp(welfare))]
    return payoff_picture(table, pure, best) or welfare_picture(table, welfare, pure)
