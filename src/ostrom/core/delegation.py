"""A delegation: a game together with the principals its agents act for.

Agents pursue rewards `r`; their principals care about utilities `u`; somebody may have written down a specified
reward that lies between the two; the agents play with some precision, or were seen to play. A bare game is the
delegation in which every agent is its own principal and plays perfectly. Under a motivational rule (kind
"motivational": players who care for each other) it is one in which agents want what the rule makes them want, and
principals get what is paid.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from ._delegation_form import arguments, require_table
from .errors import InputError
from .game import Array, Game, Mixture, require_game
from .welfare import Welfare, as_welfare


class Delegation:
    """A game, and for whom, with what reward and how well its agents play.

    Parameters
    ----------
    game : who can do what; also the default of everything below.
    rewards : `[A_1, …, A_P, P]`, what the agents pursue; default: their principals' utilities; of a game under a
        motivational rule, where no utilities are given either, its payoffs.
    utilities : `[A_1, …, A_P, P + B]`, what the principals (players first, then bystanders) care about; default:
        the game's payoffs and bystander payoffs; of a game under a motivational rule, payoffs without what it adds.
    specified : `[A_1, …, A_P, P]`, the rewards somebody wrote down, when they are known besides the pursued ones.
    precision : λ in (0, ∞], how well the agents play, per unit of the mean own-move spread of `utilities`; default:
        ∞, or fitted by maximum likelihood when play was observed.
    observed : for each player, counts or shares of its own moves, as it was seen to play.
    observed_joint : instead, counts or shares of joint moves `[A_1, …, A_P]`, when it is known who met whom.
    welfare : what is jointly good, over all principals; default the utilitarian mean. A name, weights, or a function.

    Raises
    ------
    InputError : shapes that do not fit the game, numbers that are not finite, a precision that is not positive,
        negative or empty observations.
    """

    def __init__(
        self,
        game: Game,
        *,
        rewards: Any = None,
        utilities: Any = None,
        specified: Any = None,
        precision: float | str | None = None,
        observed: Sequence[Any] | None = None,
        observed_joint: Any = None,
        welfare: Any = None,
    ) -> None:
        self.game = game
        self.welfare: Welfare = as_welfare(welfare)
        self.precision = None if precision is None else _positive(precision)
        own, everybody = (*game.sizes, len(game.players)), (*game.sizes, len(game.principals))
        self._utilities = None if utilities is None else require_table(utilities, everybody, "utilities")
        self._rewards = None if rewards is None else require_table(rewards, own, "rewards")
        self.specified = None if specified is None else require_table(specified, own, "specified rewards")
        self._joint = None if observed_joint is None else _counts(observed_joint, game.sizes, "observed joint moves")
        self.counts = _marginals(self._joint) if self._joint is not None else _own_counts(observed, game)

    @property
    def principals(self) -> tuple[str, ...]:
        """Everybody whose welfare counts: players first, then bystanders."""
        return self.game.principals

    @cached_property
    def utilities(self) -> Array:
        """What the principals care about, `float[A_1, …, A_P, P + B]` (`TooLarge` when it cannot be listed)."""
        if self._utilities is not None:
            return self._utilities
        if self.motivated:
            return self.game.utilities_at(self.game.profiles()).reshape(*self.game.sizes, -1)
        table = self.game.dense()
        return np.concatenate([table.payoffs, table.bystander_payoffs], axis=-1)

    @property
    def motivated(self) -> bool:
        """Whether rules laid round the game change what its agents want, and not what anybody is paid."""
        charter = getattr(self.game, "charter", None)
        return charter is not None and charter.motivates

    @cached_property
    def rewards(self) -> Array:
        """What the agents pursue, `float[A_1, …, A_P, P]`."""
        if self._rewards is not None:
            return self._rewards
        if self.motivated and self._utilities is None:
            return self.game.dense().payoffs
        return self.utilities[..., : len(self.game.players)]

    @cached_property
    def observed(self) -> Array | None:
        """The observed share of every joint move, `float[A_1, …, A_P]`, or None when nobody looked.

        From one vector per player it is their product: what the players did is then taken to be independent.
        """
        if self._joint is not None or self.counts is None:
            return None if self._joint is None else self._joint / self._joint.sum()
        shares = np.ones(())
        for own in self.counts:
            shares = shares[..., None] * (own / own.sum())
        return shares

    @classmethod
    def from_dict(cls, game: Game, document: Mapping[str, Any]) -> Delegation:
        """Build a delegation from its documented form, the content of a TOML or JSON file.

        Every key is optional. `utilities`, `rewards`, `specified` and `bystanders` (new principals without a move)
        map a principal's name to a table over joint moves (nested lists, player 1 outermost) or to a mix of the
        game's own payoffs such as `{Ann = 1, Bob = 0.5}`; whoever is left out keeps the default: in `utilities` its
        payoffs, in `rewards` and `specified` its utility. `precision` is a number or "inf". `observed` maps every
        player's name to counts or shares, as a list or by move. `observed_joint` is a table over joint moves.
        `welfare` is a name, or maps every principal to a weight.

        Raises
        ------
        InputError : naming the key and the value that cannot be used; `UnknownName` offers the nearest known names.
        """
        game, given = arguments(game, document)
        return cls(game, **given)

    def __repr__(self) -> str:
        precision = "fitted" if self.precision is None and self.counts else self.precision or math.inf
        return f"<Delegation of {self.game.name}: {len(self.principals)} principals, precision {precision}>"


def as_delegation(subject: Game | Delegation) -> Delegation:
    """The delegation itself; for a bare game the one in which every agent is its own principal and plays perfectly."""
    if isinstance(subject, Delegation):
        return subject
    require_game(subject)
    return Delegation(subject)


def _positive(precision: Any) -> float:
    try:
        value = float(precision)
    except (TypeError, ValueError):
        value = math.nan
    if not value > 0:
        raise InputError(
            f"The precision is {precision!r}.",
            "Precision is a number greater than 0; towards 0 play is blind chance, inf is perfect play.",
            'Give a positive number or "inf"; leave it out to have it fitted to observed play.',
        )
    return value


def _counts(values: Any, shape: tuple[int, ...], what: str) -> Array:
    counts = require_table(values, shape, what)
    if counts.min() < 0 or counts.sum() == 0:
        raise InputError(
            f"The {what} are {counts.tolist()}.",
            "Counts are zero or more, and something has to have been seen.",
            "Give how often each was played, or its share.",
        )
    return counts


def _own_counts(observed: Sequence[Any] | None, game: Game) -> Mixture | None:
    if observed is None:
        return None
    if len(observed) != len(game.players):
        raise InputError(
            f"Play was observed of {len(observed)} players; the game has {len(game.players)}.",
            do="Give one vector of counts or shares per player, in seat order.",
        )
    seats = zip(observed, game.sizes, game.players, strict=True)
    return tuple(_counts(own, (size,), f"observed moves of {player!r}") for own, size, player in seats)


def _marginals(joint: Array) -> Mixture:
    return tuple(np.moveaxis(joint, i, 0).reshape(size, -1).sum(-1) for i, size in enumerate(joint.shape))
