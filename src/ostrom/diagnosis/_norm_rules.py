"""Rules of conduct that sanctions may stand behind: every one that can be said of the labels and facts of a log."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from typing import Literal

import numpy as np

from ..core.errors import TooLarge
from ..core.game import Array
from ._norm_behaviour import Behaviour

Kind = Literal["label", "above", "below", "above others", "below others"]
MOST_LABELS, MOST_BARS = 8, 2_000


@dataclass(frozen=True)
class Rule:
    """Who breaks it: who chose one of the labels, or has more (less) of a fact than a bar, or than the others' mean.

    Attributes
    ----------
    kind : of rule.
    on : "act", or the name of the fact.
    labels : that are forbidden.
    bar : more (less) than which is forbidden.
    until : the next amount that was seen; every bar from `bar` up to it (but not it) forbids the same.
    clean : among peers, whether only who keeps the rule punishes those who break it.
    """

    kind: Kind
    on: str
    labels: tuple[str, ...] = ()
    bar: float = math.nan
    until: float = math.nan
    clean: bool = False

    @property
    def words(self) -> str:
        """Who breaks it, in words."""
        whom = {
            "label": f"{' or '.join(self.labels)}",
            "above": f"{self.on} above {self.bar:g}",
            "below": f"{self.on} below {self.bar:g}",
            "above others": f"{self.on} above the others' mean",
            "below others": f"{self.on} below the others' mean",
        }[self.kind]
        return whom + (", punished by those who do not" if self.clean else "")

    def excess(self, behaviour: Behaviour) -> Array:
        """`float[E, T, P]`, by how much each seat broke it: above 0 it did; NaN where that is not known."""
        if self.kind == "label":
            there = np.isin(behaviour.moves, [behaviour.labels.index(label) for label in self.labels])
            return np.where(behaviour.acted, there * 1.0, np.nan)
        amount = behaviour.facts[self.on]
        bar = _others(amount) if self.kind.endswith("others") else self.bar
        return np.where(behaviour.acted, (amount - bar) * (1 if self.kind.startswith("above") else -1), np.nan)

    def broken(self, behaviour: Behaviour) -> Array:
        """`bool[E, T, P]`."""
        return self.excess(behaviour) > 1e-9


def rules(behaviour: Behaviour, peers: bool) -> tuple[list[Rule], Array]:
    """Every rule there is to try, and the log prior: kinds alike, and alike within each kind."""
    kinds = [list(_by_label(behaviour))]
    for name, amount in behaviour.facts.items():
        seen = np.unique(amount[np.isfinite(amount)])
        if len(seen) > MOST_BARS:
            raise TooLarge(
                f"{name!r} takes {len(seen):,} values.",
                f"Every one is a limit to try, up to {MOST_BARS:,}.",
                "Round it first.",
            )
        up, down = pairwise(seen), zip(seen[1:], seen, strict=False)
        kinds.append([Rule("above", name, bar=float(bar), until=float(until)) for bar, until in up])
        kinds.append([Rule("below", name, bar=float(bar), until=float(until)) for bar, until in down])
        kinds.append([Rule("above others", name)])
        kinds.append([Rule("below others", name)])
    kinds = [kind for kind in kinds if kind]
    found = [rule for kind in kinds for rule in kind]
    prior = np.concatenate([np.full(len(kind), -math.log(len(kinds) * len(kind))) for kind in kinds])
    if peers:
        found = [replace(rule, clean=clean) for clean in (False, True) for rule in found]
        prior = np.tile(prior - math.log(2), 2)
    return found, prior


def _by_label(behaviour: Behaviour) -> Iterator[Rule]:
    """Every set of labels but none and all; of more than eight labels, one at a time and all but one."""
    labels = [label for number, label in enumerate(behaviour.labels) if (behaviour.moves == number).any()]
    few = len(labels) <= MOST_LABELS
    for size in range(1, len(labels)):
        if few or size in (1, len(labels) - 1):
            for chosen in combinations(labels, size):
                yield Rule("label", "act", labels=chosen)


def _others(amount: Array) -> Array:
    """The mean of all others of whom it is known, NaN where there is nobody."""
    known = np.isfinite(amount)
    total, many = np.where(known, amount, 0.0).sum(-1, keepdims=True), known.sum(-1, keepdims=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.where(many > known, (total - np.where(known, amount, 0.0)) / np.maximum(many - known, 1), np.nan)
