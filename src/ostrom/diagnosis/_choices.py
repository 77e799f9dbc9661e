"""Choices in repeated dilemmas, one by one and counted by situation."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from ..core.errors import InputError
from ..core.game import Array

SITUATIONS = ("first", "CC", "CD", "DC", "DD")
MIRRORED = np.array([0, 1, 3, 2, 4])
"""The situation in which the other is."""
CORNERS = "reward, sucker's payoff, temptation, punishment"


@dataclass(frozen=True, eq=False)
class Choices:
    """N choices between cooperating and defecting.

    Attributes
    ----------
    game : `[N]`, which game each was made in: games are what is left out.
    cooperated : `bool[N]`. own, other : `float[N]`, 1 or 0 for what was chosen in the round before, NaN in a first one.
    payoffs : `float[N, 4]`, reward, sucker's payoff, temptation and punishment. continues : `float[N]`, the odds of
        another round, 0 to 1; 1 is the limit from below, for ends that nobody counts on yet (risk is 0 there).
    match : `[N]`, choices that hang together (of one person, of one match); by default each stands for itself.

    Raises `InputError` for lengths that differ, rounds before that are neither, and payoffs that are no dilemma's.
    """

    game: Array
    cooperated: Array
    own: Array
    other: Array
    payoffs: Array
    continues: Array
    match: Array | None = None

    def __post_init__(self) -> None:
        for name in (own.name for own in fields(self)):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, np.asarray(getattr(self, name)))
        count, rest = self.cooperated.size, (self.game, self.cooperated, self.own, self.other, self.continues)
        shapes = [own.shape for own in (*rest, *(() if self.match is None else (self.match,)))]
        if set(shapes) != {(count,)} or self.payoffs.shape != (count, 4) or not count:
            raise InputError(
                f"Choices of shapes {shapes} with payoffs {self.payoffs.shape}.",
                "Each of N choices has its game, its round before, four payoffs and odds of another round.",
                "Give arrays of one length.",
            )
        if not np.isin(self.cooperated, (0, 1)).all():
            raise InputError("cooperated holds other values than true and false.", do="Give a truth value for each.")
        _refuse_payoffs(self.payoffs.astype(float), self.continues.astype(float))
        for name in ("own", "other"):
            seen = getattr(self, name).astype(float)
            if not np.isin(seen[~np.isnan(seen)], (0, 1)).all():
                raise InputError(f"{name} holds other numbers than 0 and 1.", do="Give 1, 0, or NaN in a first round.")
        if (np.isnan(self.own.astype(float)) != np.isnan(self.other.astype(float))).any():
            raise InputError(
                "For some choices only one of the two moves of the round before is known.",
                "A first round has neither, any other both.",
                "Leave such choices out.",
            )

    def those(self, chosen: Array) -> Choices:
        """Some of the choices."""
        match = None if self.match is None else self.match[chosen]
        return Choices(*(getattr(self, own.name)[chosen] for own in fields(self)[:-1]), match=match)

    @cached_property
    def situation(self) -> Array:
        """`int[N]`: 0 in a first round, else 1 to 4 for CC, CD, DC, DD in the round before, own move first."""
        own, other = np.nan_to_num(self.own.astype(float)), np.nan_to_num(self.other.astype(float))
        after = 1 + 2 * (1 - own) + (1 - other)
        return np.where(np.isnan(self.own.astype(float)), 0, after).astype(int)

    @cached_property
    def cells(self) -> tuple[Cells, Array]:
        """The choices counted, and `int[N]`, the cell of each."""
        games, place = np.unique(self.game, return_inverse=True)
        told = np.column_stack([place.ravel(), self.situation, self.payoffs, self.continues]).astype(float)
        rows, cell = np.unique(told, axis=0, return_inverse=True)
        made = np.bincount(cell.ravel(), minlength=len(rows)).astype(float)
        good = np.bincount(cell.ravel(), weights=self.cooperated, minlength=len(rows))
        kinds = rows[:, 0].astype(int), rows[:, 1].astype(int), rows[:, 2:6], rows[:, 6]
        return Cells(games, *kinds, made, good), cell.ravel()


@dataclass(frozen=True, eq=False)
class Cells:
    """Choices counted where game, situation, payoffs and odds of another round are the same: K cells.

    All models here see nothing else, so that likelihoods of the counts are those of the choices.
    """

    games: Array
    game: Array
    situation: Array
    payoffs: Array
    continues: Array
    made: Array
    cooperated: Array

    def those(self, chosen: Array) -> Cells:
        """Some of the cells."""
        return Cells(self.games, *(getattr(self, own.name)[chosen] for own in fields(self)[1:]))

    @property
    def rates(self) -> Array:
        """`float[5]`: the share of cooperation in each situation (one half where it never came up)."""
        made, good = (np.bincount(self.situation, own, 5) for own in (self.made, self.cooperated))
        return np.where(made > 0, good / np.maximum(made, 1), 0.5)

    @property
    def covariates(self) -> Array:
        """`float[K, 4]`: greed, fear, odds of another round, and risk, as `COVARIATES` names them.

        Greed is (T − R) / (R − P), fear (P − S) / (R − P). Risk is the least belief that the other triggers (rather
        than always defects) at which triggering pays as much as always defecting: the size of the basin of defection
        (Dal Bó and Fréchette 2011), and 1 where it never does.
        """
        reward, sucker, temptation, punishment = self.payoffs.T
        gain, ends = reward - punishment, 1 - self.continues
        lost, kept = (punishment - sucker) * ends, gain - (temptation - punishment) * ends
        pays = (kept >= 0) & (lost + kept > 0)
        risk = np.where(pays, np.clip(lost / np.where(pays, lost + kept, 1), 0, 1), 1.0)
        return np.stack([(temptation - reward) / gain, (punishment - sucker) / gain, self.continues, risk], -1)


COVARIATES = ("greed", "fear", "continuation", "risk")


def _refuse_payoffs(payoffs: Array, continues: Array) -> None:
    finite = np.isfinite(payoffs).all(-1) & np.isfinite(continues)
    wrong = ~finite | ~(payoffs[:, 0] > payoffs[:, 3]) | (continues < 0) | (continues > 1)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise InputError(
            f"Choice {row} has payoffs {payoffs[row].tolist()} ({CORNERS}), and another round with odds "
            f"{continues[row]:g}.",
            "Here the reward is above the punishment in every game, odds are from 0 to 1, and all numbers are known.",
            "Leave such choices out.",
        )
