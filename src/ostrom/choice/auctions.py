"""One item for sale: second price, first price, all-pay, and the auction that earns most (Myerson)."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any, Literal

import numpy as np

from ..core._numbers import number
from ..core.errors import InputError, TooLarge
from ..core.forms.bayesian import Bayesian
from ..core.forms.direct_mechanism import DirectMechanism
from ..core.forms.type_space import CELLS, TypeSpace, named
from ..core.game import Array
from ._groves import first_best
from ._item_bids import item_values, margins, prior_of, second_bids, sold, won
from ._item_values import labels, value_lists
from ._virtual_values import virtual

Pays = Literal["first", "second", "all"]


def single_item(values: Sequence[Any], prior: Any = None, *, agents: Sequence[str] | None = None) -> TypeSpace:
    """The type space of one item: it is kept, or goes to one of the bidders.

    Parameters
    ----------
    values : for each bidder what the item is worth to each of its types. prior, agents : as for `TypeSpace`.

    Raises `InputError` for values that are no lists.

    Examples
    --------
    >>> single_item([[1, 2], [3]]).outcomes
    ('kept', 'bidder 1', 'bidder 2')
    """
    tables = value_lists(values)
    names = [f"bidder {i + 1}" for i in range(len(tables))] if agents is None else named(agents, len(tables), "bidder")
    return TypeSpace(
        [np.outer(own, np.eye(len(tables) + 1)[i + 1]) for i, own in enumerate(tables)],
        prior,
        outcomes=["kept", *names],
        types=[labels(own) for own in tables],
        agents=names,
        name="single item",
    )


def second_price(space: TypeSpace, reserve: float = 0.0) -> DirectMechanism:
    """The highest bidder wins, of equal ones the first, and pays the highest bid of the others, or the reserve.

    Truth is dominant (Vickrey 1961). Nothing is sold where all bid less than `reserve`.

    Parameters
    ----------
    space : as made by `single_item`. reserve : a finite number.

    Raises `InputError` for other spaces.

    Examples
    --------
    >>> second_price(single_item([[5], [3]])).paid.tolist()
    [[[3.0, 0.0]]]
    """
    bids, wins = won(space, reserve)
    return sold(space, wins, wins * second_bids(bids, reserve), "second price")


def first_price(space: TypeSpace, reserve: float = 0.0) -> DirectMechanism:
    """The highest bidder wins and pays what it bids, where all bid what the item is worth to them.

    Which is not what they do: everybody gains by bidding less. `bidding_game` is the game that they play.
    Parameters and errors as for `second_price`.
    """
    bids, wins = won(space, reserve)
    return sold(space, wins, wins * bids, "first price")


def all_pay(space: TypeSpace, reserve: float = 0.0) -> DirectMechanism:
    """The highest bidder wins, and all who bid at least the reserve pay what they bid, where all bid their values.

    Which is not what they do. Parameters and errors as for `second_price`.
    """
    bids, wins = won(space, reserve)
    return sold(space, wins, np.where(bids >= reserve, bids, 0.0), "all-pay")


def bidding_game(space: TypeSpace, bids: Sequence[float], pays: Pays = "first", reserve: float = 0.0) -> Bayesian:
    """The Bayesian game of an auction in which every type may make any of the bids; equal ones win with equal odds.

    Parameters
    ----------
    space : as made by `single_item`, with a prior. bids : distinct numbers, for all bidders.
    pays : "first": the winner pays its bid; "second": the winner pays the highest bid of the others or the reserve;
        "all": everybody pays its own bid. Bids below the reserve do not count and cost nothing.

    Raises `InputError` for other spaces, rules and bids; `TooLarge` beyond what trees hold.

    Source: Vickrey (1961); Krishna, *Auction Theory* (2010).

    Examples
    --------
    >>> game = bidding_game(single_item([[1, 2]] * 2, [[0.5, 0.5]] * 2), [0, 1])
    >>> game.by_state[3].tolist()[1][0]
    [1.0, 0.0]
    """
    values = item_values(space)
    menu, reserve = value_lists([bids])[0], number(reserve, "reserve")
    if len(set(menu.tolist())) < len(menu):
        raise InputError(f"Bids {bids!r:.80}.", do="Give distinct finite numbers.")
    if not isinstance(pays, str) or pays not in ("first", "second", "all"):
        raise InputError(f"Who wins pays {pays!r}.", do='Say "first", "second" or "all".')
    count = space.count
    if prod(space.sizes) * len(menu) ** count * count > CELLS:
        raise TooLarge(
            f"{len(menu):,} bids of each of {count} bidders, of types {space.sizes}.",
            f"More than {CELLS:,} payoffs make too large a game.",
            "Give fewer bids.",
        )
    made = np.stack(np.meshgrid(*[menu] * count, indexing="ij"), -1)
    valid = made >= reserve
    top = np.where(valid, made, -np.inf).max(-1, keepdims=True)
    ahead = valid & (made == top)
    share = ahead / np.maximum(ahead.sum(-1, keepdims=True), 1)
    due = {"first": share * made, "second": share * second_bids(made, reserve), "all": np.where(valid, made, 0.0)}[pays]
    worth = np.stack(np.meshgrid(*values, indexing="ij"), -1)
    types, moves = (slice(None),) * count + (None,) * count, (None,) * count
    table = worth[types] * share[moves] - due[moves]
    names = labels(menu)
    prior = prior_of(space)
    return Bayesian.of_types(table, prior, types=space.types, moves=names, players=space.agents, name=f"{pays} price")


def virtual_values(values: Any, odds: Any) -> tuple[Array, Array]:
    """The virtual value of each type of one bidder, and the ironed one, `float64[T]` each.

    A type brings the seller its value less the rent that its being served leaves to all above it. Ironed values never
    fall as values rise; types of one ironed value are treated alike.

    Parameters
    ----------
    values, odds : `[T]`, what the item is worth to each type, and how likely it is, above 0.

    Raises `InputError` for what does not fit.

    Source: Myerson (1981); Elkind (2007) for finite types.

    Examples
    --------
    >>> [one.tolist() for one in virtual_values([1, 2, 3], [0.25, 0.5, 0.25])]
    [[-2.0, 1.5, 3.0], [-2.0, 1.5, 3.0]]
    """
    table, likely = value_lists([values, odds])
    given = TypeSpace([table[:, None]], likely)
    return virtual(table, margins(given)[0])


def myerson(space: TypeSpace) -> DirectMechanism:
    """The auction that earns most on average: the item goes to the highest ironed virtual value, if at least 0.

    Of equal ones to the first bidder. A winner pays the least of its values with which it would still win, so truth is
    dominant, and nobody loses. Nothing that is best for the bidders on average only earns more.

    Parameters
    ----------
    space : as made by `single_item`, with an independent prior and no type that never comes.

    Raises `InputError` for other spaces.

    Examples
    --------
    >>> auction = myerson(single_item([[1, 2, 3]], [[0.25, 0.5, 0.25]]))
    >>> auction.revenue.tolist(), float(auction.space.expected(auction.revenue))
    ([0.0, 2.0, 2.0], 1.5)
    """
    values = item_values(space)
    ironed = [virtual(own, odds)[1] for own, odds in zip(values, margins(space), strict=True)]
    offers = np.stack(np.meshgrid(*ironed, indexing="ij"), -1)
    winner = first_best(np.concatenate([offers, np.zeros((*space.sizes, 1))], -1))  # of 0 and 0, sell
    wins = np.arange(space.count) == winner[..., None]
    bids = np.stack(np.meshgrid(*values, indexing="ij"), -1)
    least = [np.where(wins, bids, np.inf)[..., i].min(i, keepdims=True) for i in range(space.count)]
    due = np.where(wins, np.stack([np.broadcast_to(own, space.sizes) for own in least], -1), 0.0)
    return sold(space, wins, due, "Myerson")
