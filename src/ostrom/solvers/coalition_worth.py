"""What each group of players can secure for itself in a game, as a coalitional game."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from ..core.errors import TooLarge, UnknownName
from ..core.forms.coalitional import Coalitional
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Game
from ._departures import departures, ranks
from ._meta import nash
from ._rational import _fractions
from ._securing import against, secured

View = Literal["mixed", "alpha", "beta", "gamma"]

MOST = 10
"""Players up to which every group is asked what it can secure."""

MIXED = 20_000
"""Joint moves up to which groups may draw lots; each group is a linear program of that size."""


def coalition_worth(game: Game, view: View = "mixed", *, exact: bool = True) -> Coalitional:
    """A coalitional game: for each group of players, the sum of payoffs that it can count on.

    What a group can count on depends on what the others are thought to do:

    - "mixed": they harm it as best they can, and either side may draw lots together; the value of the zero-sum game
      between a group and the others (von Neumann and Morgenstern 1944). Who moves first makes no difference;
    - "alpha": the same without lots, and the group moves first (maximin; Aumann 1959);
    - "beta": without lots, and the others move first (minimax); at least as much;
    - "gamma": each of the others does what is best for itself, and the group plays one of a Nash equilibrium against
      them (Chander and Tulkens 1997). Of several pure equilibria the worst for the group counts, so that it can count
      on it; where there is none, a mixed one: maximin where only two are left and it is zero-sum, else the limit of the
      logit branch.

    All together get the highest sum. Payoffs have to be comparable and can be passed on.

    Parameters
    ----------
    game : up to `MOST` players.
    exact : whether `Fraction`s and whole numbers stay exact ("gamma": where equilibria are pure); in float64 large
        games take a fraction of the time, and worths are right to about 1e-9 of the largest payoff.

    Raises
    ------
    TooLarge : more players, joint moves that cannot be listed, or more than `MIXED` of them with lots.
    UnknownName : another view.

    Examples
    --------
    >>> dilemma = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]])
    >>> coalition_worth(dilemma).worth.tolist()
    [0.0, 1.0, 1.0, 6.0]
    """
    if view not in ("mixed", "alpha", "beta", "gamma"):
        raise UnknownName("view", str(view), ("mixed", "alpha", "beta", "gamma"))
    _refuse_large(game, view)
    table = game.dense()
    payoffs = table.payoffs if table.exact is None or not exact else table.exact
    if exact and table.exact is None and (payoffs == np.rint(payoffs)).all():
        payoffs = _fractions(payoffs)
    worth: list[Any] = [0]
    for mask in range(1, 1 << len(game.players)):
        group = [i for i in range(len(game.players)) if mask >> i & 1]
        worth.append(_SECURED[view](table, payoffs, group))
    if any(isinstance(number, float) for number in worth):  # one that is rounded makes no other exact
        worth = [float(number) for number in worth]
    return Coalitional(worth, game.players, name=f"{game.name}, by groups")


def _together(payoffs: Array, group: list[int]) -> Array:
    """What a group gets in sum, its joint moves by those of all others."""
    return against(payoffs[..., group].sum(-1), group)


def _mixed(table: NormalForm, payoffs: Array, group: list[int]) -> Any:
    return secured(_together(payoffs, group)).value


def _alpha(table: NormalForm, payoffs: Array, group: list[int]) -> Any:
    return _together(payoffs, group).min(1).max()


def _beta(table: NormalForm, payoffs: Array, group: list[int]) -> Any:
    return _together(payoffs, group).max(0).min()


def _gamma(table: NormalForm, payoffs: Array, group: list[int]) -> Any:
    """The group as one player who gets the sum, among others who each play for themselves."""
    merged = _merged(payoffs, group)
    if merged.ndim == 2:
        return merged.max()
    game = NormalForm(merged)
    stays = np.ones(game.sizes, bool)
    for player, leaves, _ in departures(ranks(game), lasting=False):
        if len(player) > 1:
            break
        stays &= ~leaves
    if stays.any():
        return merged[stays][:, 0].min()
    return float(game.expected_payoffs(nash(game))[0])


def _merged(payoffs: Array, group: list[int]) -> Array:
    """`[joint moves of the group, moves of each other…, 1 + others]`."""
    sizes = payoffs.shape[:-1]
    others = [i for i in range(len(sizes)) if i not in group]
    paid = np.concatenate([payoffs[..., group].sum(-1, keepdims=True), payoffs[..., others]], axis=-1)
    moved = paid.transpose([*group, *others, len(sizes)])
    return moved.reshape(-1, *(sizes[i] for i in others), 1 + len(others))


_SECURED = {"mixed": _mixed, "alpha": _alpha, "beta": _beta, "gamma": _gamma}


def _refuse_large(game: Game, view: str) -> None:
    if len(game.players) > MOST or (view == "mixed" and game.size > MIXED):
        raise TooLarge(
            f"{game.name} has {len(game.players)} players and {game.size:,} joint moves.",
            f"Each of 2^n groups is asked what it can secure: up to {MOST} players, with lots {MIXED:,} joint moves.",
            'Ask for view="alpha", for fewer players or fewer moves.',
        )
