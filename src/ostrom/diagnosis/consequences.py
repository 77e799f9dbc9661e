"""What it all means for each player and bystander, and whether players could gain by taking from bystanders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.claim import Finding
from ..core.delegation import Delegation, as_delegation
from ..core.game import Array, Game
from ._standard import columns
from ._tables import TIE, everybody, listed, opened

LISTED = 8
"""Kinds of principals beyond which there is no sentence for each."""


@dataclass(frozen=True)
class Consequences:
    """What every principal gets in a few situations.

    Attributes
    ----------
    players, bystanders : names of the principals.
    utilities : situation -> utility of each principal, players first: "played" as things are; whatever equilibria
        were given; the "optimum" of welfare; and "players as one", what is best for the players' own mean. Where
        several joint moves are equally good, their mean.
    welfare : situation -> welfare, of the outcomes.
    cartel : bystanders who would lose if the players acted as one for themselves alone, and gained by it.
    optima : how many optima the utilities at the "optimum" are the mean of; 1 when one of them gives just that.
    """

    players: tuple[str, ...]
    bystanders: tuple[str, ...]
    utilities: Mapping[str, tuple[float, ...]]
    welfare: Mapping[str, float]
    cartel: tuple[str, ...]
    optima: int = 1

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What everybody gets, once for all to whom it is the same; and a warning where a cartel would pay."""
        principals = (*self.players, *self.bystanders)
        groups: dict[tuple[str, ...], list[int]] = {}
        for k in range(len(principals)):
            kind = (
                "bystander" if k >= len(self.players) else "player",
                *(f"{u[k]:.4g}" for u in self.utilities.values()),
            )
            groups.setdefault(kind, []).append(k)
        found = [self._situations(seats, principals) for seats in groups.values()] if len(groups) <= LISTED else []
        if len(groups) > LISTED:
            numbers = {name: dict(zip(principals, u, strict=True)) for name, u in self.utilities.items()}
            said = f"What each of the {len(principals)} gets, as things are and at the optimum, differs; see the table."
            found = [Finding("effects", said, principals, numbers)]
        return (*found, *self._warning())

    def _situations(self, seats: list[int], principals: tuple[str, ...]) -> Finding:
        names = tuple(principals[k] for k in seats)
        who = everybody(names) if names == self.players and len(names) > 1 else listed(names)
        numbers = {name: u[seats[0]] for name, u in self.utilities.items() if name != "players as one"}
        shown = {name: f"{amount:.4g}" for name, amount in numbers.items()}
        amounts = [f"{shown['played']} as things are"]
        ties = f" (mean of {self.optima} optima)" if self.optima > 1 else ""
        amounts += [
            f"{n} at the {name}{ties if name == 'optimum' else ''}"
            for name, n in shown.items()
            if name == "optimum" or n != shown["played"]
        ]
        told = f"for {who} it is"  # a name alone may be singular or plural: row, farms
        if seats[0] < len(self.players) and len(names) > 1:
            told = f"{who} {'each get' if ' and ' in who else 'gets'}"
        return Finding("effects", opened(f"{told} {listed(tuple(amounts))}."), names, numbers)

    def _warning(self) -> list[Finding]:
        if not self.cartel:
            return []
        now, then = (np.array(self.utilities[name]) for name in ("played", "players as one"))
        gain = float((then - now)[: len(self.players)].mean())
        said = (
            f"If the players acted as one for themselves alone, each would gain {gain:.4g} on average by taking from "
            f"{listed(self.cartel)}: a remedy has to count {'them' if len(self.cartel) > 1 else 'that party'} in."
        )
        losses = dict(zip(self.bystanders, (now - then)[len(self.players) :].tolist(), strict=True))
        numbers = {"gain per player": gain, "losses": {name: losses[name] for name in self.cartel}}
        return [Finding("effects", said, (*self.players, *self.cartel), numbers)]


def consequences(
    subject: Game | Delegation, played: Any, equilibria: Mapping[str, Sequence[float]] | None = None
) -> Consequences:
    """What every principal gets as things are, at given equilibria, and at the optimum.

    Parameters
    ----------
    played : the share of every joint move, `[A_1, …, A_P]`.
    equilibria : name -> utilities of all principals there, players first, to be shown beside the others.

    Raises `TooLarge` when the joint moves cannot be listed.

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> game = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]])
    >>> consequences(game, [[0, 0], [0, 1]]).utilities["optimum"]
    (3.0, 3.0)
    """
    delegation = as_delegation(subject)
    count, table = len(delegation.game.players), columns(delegation.utilities)
    worth = delegation.welfare.on_table(delegation.utilities).ravel()
    odds = {
        "played": np.asarray(played, float).ravel(),
        "optimum": _best(worth),
        "players as one": _best(table[:, :count].mean(-1)),
    }
    found = {name: share @ table for name, share in odds.items()}
    change, slack = found["players as one"] - found["played"], TIE * np.ptp(table)
    losers = [name for name, more in zip(delegation.game.bystanders, change[count:], strict=True) if more < -slack]
    given = {name: np.asarray(utilities, float) for name, utilities in (equilibria or {}).items()}
    ordered = {"played": found.pop("played"), **given, **found}
    return Consequences(
        players=delegation.game.players,
        bystanders=delegation.game.bystanders,
        utilities={name: tuple(utilities.tolist()) for name, utilities in ordered.items()},
        welfare={name: float(share @ worth) for name, share in odds.items()},
        cartel=tuple(losers) if change[:count].sum() > slack else (),
        optima=_spread_over(table[odds["optimum"] > 0], found["optimum"]),
    )


def _spread_over(optima: Array, mean: Array) -> int:
    attained = (np.abs(optima - mean) <= TIE * max(float(np.abs(optima).max()), 1e-300)).all(1).any()
    return 1 if attained else len(optima)


def _best(values: Array) -> Array:
    """Equal odds on all joint moves of the highest value."""
    chosen = values >= values.max() - TIE * np.ptp(values)
    return chosen / chosen.sum()
