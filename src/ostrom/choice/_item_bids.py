"""What auctions of one item share: who bids what, who wins, and what bidders are thought to be."""

from __future__ import annotations

import numpy as np

from ..core._numbers import number
from ..core.errors import InputError
from ..core.forms.direct_mechanism import DirectMechanism
from ..core.forms.type_space import TypeSpace
from ..core.game import Array


def won(space: TypeSpace, reserve: float) -> tuple[Array, Array]:
    """`[T_1, …, T_n, n]`: what each bids when all tell the truth, and who wins."""
    reserve = number(reserve, "reserve")
    bids = np.stack(np.meshgrid(*item_values(space), indexing="ij"), -1)
    first = np.arange(space.count) == bids.argmax(-1)[..., None]
    return bids, first & (bids >= reserve)


def second_bids(bids: Array, reserve: float) -> Array:
    """For each bidder the highest bid of the others, or the reserve."""
    others = [np.delete(bids, i, -1).max(-1, initial=reserve) for i in range(bids.shape[-1])]
    return np.stack(others, -1)


def sold(space: TypeSpace, wins: Array, due: Array, name: str) -> DirectMechanism:
    """The mechanism by who wins and who pays what, `[T_1, …, T_n, n]` each."""
    return DirectMechanism(space, np.where(wins.any(-1), 1 + wins.argmax(-1), 0), due, name=name)


def item_values(space: TypeSpace) -> list[Array]:
    """What the item is worth to each type of each bidder; `InputError` where the space is none of a single item."""
    expected = (np.arange(len(space.outcomes)) == i + 1 for i in range(space.count))
    fits = len(space.outcomes) == space.count + 1
    if not fits or any(own[:, ~mine].any() for own, mine in zip(space.values, expected, strict=True)):
        raise InputError(
            f"{space.name} has outcomes {space.outcomes[:6]} for {space.count} agents.",
            "Of one item a bidder values only that it gets it.",
            "Make the space by single_item.",
        )
    return [own[:, i + 1] for i, own in enumerate(space.values)]


def prior_of(space: TypeSpace) -> Array:
    """The joint odds; `InputError` without."""
    if space.odds is None:
        raise InputError(f"{space.name} has no prior.", "Odds decide what is best here.", "Give prior=.")
    return space.odds


def margins(space: TypeSpace) -> list[Array]:
    """Each bidder's odds, all above 0; `InputError` where types are not independent or never come."""
    joint = prior_of(space)
    if not space.independent:
        raise InputError(f"The types of {space.name} are not independent.", do="Give each bidder odds of its own.")
    odds = [joint.sum(tuple(j for j in range(space.count) if j != i)) for i in range(space.count)]
    if any((own <= 0).any() for own in odds):
        raise InputError("Some type never comes.", "What it brings is not defined.", "Leave it out.")
    return odds
