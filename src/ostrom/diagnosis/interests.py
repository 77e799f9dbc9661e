"""Do the parties want the same? For all of them, for the players alone, and for every pair."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from ..core.claim import Finding
from ..core.delegation import Delegation, as_delegation
from ..core.game import Array, Game
from ._standard import columns, standardise
from ._tables import listed, opened, percent, ranked

Kind = Literal["common", "mixed", "conflict", "indifferent"]

TIED = 1e-9
"""Correlations closer than this are equal."""

NAMED = 3
"""Pairs named in a sentence."""

SOURCE = (
    "Schelling (1960); Dafoe et al., Open Problems in Cooperative AI (2020): common interest is ranking all outcomes "
    "alike. The split into a shared and an opposed part is Kalai and Kalai's (2013), on standardised payoffs."
)


@dataclass(frozen=True)
class Group:
    """How far some parties want the same.

    Attributes
    ----------
    parties : their names.
    kind : "common" (all rank all outcomes alike), "conflict" (two parties with exactly opposed rankings), "mixed", or
        "indifferent" (fewer than two of them care). Whoever gets the same everywhere ranks nothing and is left out.
    correlation : the mean correlation of their utilities over outcomes, over pairs who care; -1 … 1.
    shared : which part of what moves them is common interest, 0 … 1: the variance of the mean of their standardised
        utilities. For two parties it is (1 + correlation) / 2; for k unrelated ones 1/k.

    Both degrees stay the same when anybody's utility is rescaled (a + b·u, b > 0).
    """

    parties: tuple[str, ...]
    kind: Kind
    correlation: float
    shared: float


@dataclass(frozen=True)
class Interests:
    """Interests of all principals (`everyone`), of those who move (`players`), and of every pair."""

    everyone: Group
    players: Group
    pairs: tuple[Group, ...]

    @property
    def best(self) -> tuple[Group, ...]:
        """The pair with most in common (several where they tie), among pairs in which both care."""
        top = max((pair.correlation for pair in self._moved), default=0.0)
        return tuple(pair for pair in self._moved if pair.correlation >= top - TIED)

    @property
    def worst(self) -> tuple[Group, ...]:
        """The pair with least in common (several where they tie), among pairs in which both care."""
        low = min((pair.correlation for pair in self._moved), default=0.0)
        return tuple(pair for pair in self._moved if pair.correlation <= low + TIED)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """How the players' interests lie, what bystanders change, and which pairs stand out."""
        found = [_about(self.players, "the players" if len(self.players.parties) > 2 else listed(self.players.parties))]
        if len(self.everyone.parties) > len(self.players.parties):
            found.append(_about(self.everyone, "all who are affected"))
        if len(self.best) < len(self._moved):
            found += [_stand_out("most", self.best), _stand_out("least", self.worst)]
        return tuple(found)

    @property
    def _moved(self) -> list[Group]:
        return [pair for pair in self.pairs if pair.kind != "indifferent"]


def interests(subject: Game | Delegation) -> Interests:
    """How common, mixed or opposed the interests of all principals of a game are.

    Every joint move counts once. Raises `TooLarge` when there are too many to list.

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> interests(NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]])).players.kind
    'mixed'
    """
    delegation = as_delegation(subject)
    values = columns(delegation.utilities)
    shapes, sizes, _ = standardise(values)
    correlations = np.clip(shapes.T @ shapes, -1.0, 1.0)
    ranks = np.stack([ranked(column) for column in values.T], axis=-1)
    names, cares = delegation.principals, sizes > 0

    def group(members: tuple[int, ...]) -> Group:
        moved = [k for k in members if cares[k]]
        matrix = correlations[np.ix_(moved, moved)]
        pairs = matrix[np.triu_indices(len(moved), 1)]
        degrees = (float(pairs.mean()), float(np.clip(matrix.mean(), 0, 1))) if len(moved) > 1 else (0.0, 0.0)
        return Group(tuple(names[k] for k in members), _kind(ranks[:, moved]), *degrees)

    everyone = tuple(range(len(names)))
    players = everyone[: len(delegation.game.players)]
    return Interests(group(everyone), group(players), tuple(group(pair) for pair in combinations(everyone, 2)))


def _kind(ranks: Array) -> Kind:
    """The class of parties who care, by their dense ranks `int[S, k]`."""
    if ranks.shape[1] < 2:
        return "indifferent"
    if (ranks == ranks[:, :1]).all():
        return "common"
    opposed = ranks.shape[1] == 2 and (ranks[:, 0] + ranks[:, 1] == ranks[:, 0].max()).all()
    return "conflict" if opposed else "mixed"


_WORDS = {
    "common": "{who} have common interests: they rank all outcomes alike",
    "conflict": "{who} have opposed interests: what is better for one is worse for the other",
    "mixed": "{who} have mixed interests",
    "indifferent": "{who} have no interests that meet: fewer than two of them care which outcome comes about",
}


def _about(group: Group, who: str) -> Finding:
    said = opened(_WORDS[group.kind].format(who=who))
    degree = f" ({percent(group.shared)} of what moves them is shared)" if group.kind in ("mixed", "common") else ""
    return Finding("interests", f"{said}{degree}.", group.parties, _numbers(group), SOURCE)


def _stand_out(which: str, pairs: tuple[Group, ...]) -> Finding:
    """Which pairs have most or least in common; of many only some are named."""
    named = [listed(pair.parties) for pair in pairs[:NAMED]]
    named += [f"{len(pairs) - NAMED} more pairs"] * (len(pairs) > NAMED)
    said = f"{opened('; '.join(named))} have the {which} in common ({percent(pairs[0].shared)} shared)."
    who = tuple(dict.fromkeys(name for pair in pairs for name in pair.parties))
    return Finding("interests", said, who, _numbers(pairs[0]), SOURCE)


def _numbers(group: Group) -> dict[str, str | float]:
    return {"kind": group.kind, "correlation": group.correlation, "shared": group.shared}
