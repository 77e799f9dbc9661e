"""What every audit is asked about: a game, what is to be played in it, and what that is worth."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from ..core.claim import Claim, Verdict
from ..core.errors import InputError, TooLarge
from ..core.exact import ExactGame, simple
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Game
from ..core.lifts.staged import Staged
from ..core.recheck import check
from ..core.welfare import as_welfare

EXACT = 20_000
"""Payoffs up to which evidence is checked in rationals before a claim is called proved."""

ROUNDING = 1e-9
"""In float64, the share of a range of payoffs that a difference has to exceed to count."""


ARITHMETIC = 1e-13
"""The share of the largest amount that arithmetic on the way may have added to others."""


@dataclass(frozen=True, eq=False)
class Case:
    """A question to an audit.

    Attributes
    ----------
    game : what the agents play, payments included, as a table.
    place : the joint move that is wanted.
    worth : welfare of every joint move, `float[A_1, …, A_P]`, before payments.
    adds : what an institution adds to payoffs at every joint move, `float[A_1, …, A_P, P]`; 0 where there is none.
    seed : for what is sampled.
    seconds : time budget of one claim.
    """

    game: NormalForm
    place: tuple[int, ...]
    worth: Array
    adds: Array
    seed: int = 0
    seconds: float = 10.0

    @classmethod
    def of(
        cls, game: Game, target: Sequence[str] | None = None, *, welfare: Any = None, worth: Any = None, **more: Any
    ) -> Case:
        """The case of a game, governed or not; the target is by default the joint move of highest welfare.

        `worth` is the welfare of every joint move; by default `welfare` of the utilities before payments. Raises
        `UnknownName` for a move there is not, `TooLarge` beyond tables, `InputError` for a `worth` that does not fit.
        """
        table = game.dense()
        adds = np.asarray(getattr(game, "adds", np.zeros(table.payoffs.shape)), float)
        if worth is None:
            before = table.payoffs - adds
            worth = as_welfare(welfare).on_table(np.concatenate([before, table.bystander_payoffs], axis=-1))
        worth = np.asarray(worth, float)
        if worth.shape != table.sizes or not np.isfinite(worth).all():
            raise InputError(
                f"The welfare of joint moves is given as a table of shape {worth.shape}.",
                f"{table.name} has joint moves of shape {table.sizes}, and welfare is a finite number.",
                "Give one number per joint move, or leave it out.",
            )
        best = np.unravel_index(int(np.argmax(_best(game, table, worth))), worth.shape)
        place = tuple(int(k) for k in best) if target is None else table.profile(tuple(target))
        return cls(table, place, worth, adds, **more)

    def asking(self, **changed: Any) -> Case:
        """The same case with other attributes."""
        return replace(self, **changed)

    @property
    def target(self) -> tuple[str, ...]:
        """The wanted joint move by label."""
        return self.game.labels(self.place)

    @property
    def where(self) -> str:
        """The wanted joint move in words."""
        return f"({', '.join(self.target)})"

    @property
    def wanted(self) -> float:
        """What the wanted joint move is worth."""
        return float(self.worth[self.place])

    @property
    def slack(self) -> float:
        """The difference of payoffs that counts as none in float64."""
        return ROUNDING * float(np.ptp(self.game.payoffs))

    @cached_property
    def exact(self) -> ExactGame | None:
        """The game in rationals, every float as the simplest fraction that rounds to it; None for a large table."""
        if self.game.payoffs.size > EXACT:
            return None
        paid, own = (float(np.abs(table).max(initial=0.0)) for table in (self.adds, self.game.payoffs))
        adds = fractions(self.adds, ARITHMETIC * paid)
        payoffs = fractions(self.game.payoffs - self.adds, ARITHMETIC * (own + paid) if paid else 0.0) + adds
        if self.game.exact is not None and not self.adds.any():
            payoffs = self.game.exact
        width = len(self.game.players)
        return ExactGame(
            self.game.players,
            self.game.moves,
            tuple(map(tuple, payoffs.reshape(-1, width))),
            tuple(fractions(self.worth).ravel()),
            tuple(map(tuple, adds.reshape(-1, width))),
        )

    def settled(
        self,
        statement: str,
        holds: bool,
        evidence: dict[str, Any],
        method: str,
        *,
        witness: dict[str, Any] | None = None,
        numbers: dict[str, Any] | None = None,
    ) -> Claim:
        """A claim found in float64 to hold or not, by evidence that is checked in rationals where the table is small.

        Evidence that does not stand up leaves the claim "unknown"; where checking it would take too long, the claim
        stands in float64 only. A `slack` in the evidence is the tolerance of the claim.
        """
        verdict: Verdict = "proved" if holds else "refuted"
        shown = None if holds else (witness or {key: value for key, value in evidence.items() if key != "kind"})
        listed = self.exact is not None
        try:
            why = check(self.exact, evidence) if self.exact is not None else ""
        except TooLarge:
            why, listed = "", False
        if why:
            return Claim(statement, "unknown", method, numbers={**(numbers or {}), "reason": why})
        tolerance = float(evidence.get("slack", 0)) if listed else self.slack
        words = "exact rationals" if listed else "float64"
        return Claim(
            statement, verdict, f"{method}, in {words}", tolerance, numbers or {}, shown, evidence if listed else None
        )


def _best(game: Game, table: NormalForm, worth: Array) -> Array:
    """What is to be largest at the target: welfare; and of plans of action that are worth the most, how well they hold.

    In a game in stages many plans end in the same play, and only some of them are such that nobody gains by another.
    """
    if not isinstance(game, Staged):
        return worth
    seats = range(len(table.sizes))
    gains = np.max([table.payoffs[..., i].max(i, keepdims=True) - table.payoffs[..., i] for i in seats], axis=0)
    return np.where(worth >= worth.max() - ROUNDING * np.ptp(worth), -gains, -np.inf)


def fractions(table: Array, rounding: float = 0.0) -> Array:
    """An array of floats as an object array of the fractions they were meant to be.

    `rounding` is what arithmetic on the way may have added: a simple fraction that near is taken to be meant.
    """
    values, where = np.unique(np.asarray(table, float), return_inverse=True)
    exact = np.empty(len(values), object)
    exact[:] = [simple(float(value), rounding) for value in values]
    return exact[where].reshape(np.shape(table)) if len(values) else np.empty(np.shape(table), object)


class Audit(ABC):
    """One question that could break an institution. Members are dataclasses that say how hard they look.

    Calling an audit with a game (governed or not) and the joint move that is wanted answers with claims.
    `testing.check_audit` tries one on a fault that it has to find and on a game without it.
    """

    def __call__(
        self,
        game: Game,
        target: Sequence[str] | None = None,
        *,
        welfare: Any = None,
        worth: Any = None,
        seed: int = 0,
    ) -> tuple[Claim, ...]:
        """The claims about a game; `target`, `welfare` and `worth` as for `Case.of`.

        Raises `UnknownName` for a move it does not have, `TooLarge` beyond tables.
        """
        return self.answer(Case.of(game, target, welfare=welfare, worth=worth, seed=seed))

    @abstractmethod
    def answer(self, case: Case) -> tuple[Claim, ...]:
        """The claims about a case."""
