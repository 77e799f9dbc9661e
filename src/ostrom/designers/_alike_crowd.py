"""Players who are alike, and a move that everybody is to make: what is needed of the game to find rules for it."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property

import numpy as np

from ..audits._case import ARITHMETIC
from ..core.errors import InputError, TooLarge, UnknownName
from ..core.exact import simple
from ..core.forms.symmetric import Symmetric
from ..core.game import Array, amount, require_interaction
from ..diagnosis._large_found import Extreme, Place
from ..diagnosis.large import LargeDiagnosis, diagnose_large
from ._alike_states import States
from ._alike_worst import worst_without_regret
from ._remedy import ROUNDING

READ = 50_000_000
"""Choices of players (moves times states times players) beyond which a rule is not tried."""


class Crowd(States):
    """A `Symmetric` game with what everybody plays now.

    Parameters
    ----------
    seen : what `diagnose_large` found of it, where that is known already.

    Raises
    ------
    InputError : a game of another form, or what `diagnose_large` refuses; `TooLarge` where rules cannot be tried.
    """

    def __init__(self, game: Symmetric, seen: LargeDiagnosis | None = None) -> None:
        if not isinstance(game, Symmetric):
            raise InputError(
                f"{getattr(game, 'name', game)!r} is a {type(game).__name__}.",
                "Only among players who are alike, by counts (Symmetric), is everything found without a list.",
                "Call design(game), which lists joint moves.",
            )
        require_interaction(game)
        work = game.payoffs.size * len(game.players)
        if work > READ:
            raise TooLarge(
                f"{game.name} has {amount(work)} choices in its {amount(game.payoffs.size)} states and moves.",
                f"A rule is tried on all of them, and on {READ:,} at most.",
                "Use fewer players or moves.",
            )
        self._seen = seen
        super().__init__(game)

    @cached_property
    def seen(self) -> LargeDiagnosis:
        """What is known of the optimum, the equilibria and what is played; looked for when it is first asked for."""
        return diagnose_large(self.game, starts=1) if self._seen is None else self._seen

    @property
    def best(self) -> Extreme:
        """The best spread of the players over the moves."""
        assert self.seen.optimum is not None
        return self.seen.optimum

    @property
    def worst(self) -> Extreme:
        """The worst spread."""
        assert self.seen.worst is not None
        return self.seen.worst

    @cached_property
    def anyway(self) -> float:
        """The least welfare that players without regret may end in as things are; NaN where it was not found."""
        found = worst_without_regret(self.game, self.game)
        return float("nan") if found is None else found

    @property
    def now(self) -> Place:
        """What is played as things are."""
        return self.seen.played

    @property
    def span(self) -> float:
        """The range of welfare over all spreads of players over moves."""
        return self.best.place.welfare - self.worst.place.welfare

    @cached_property
    def bystanders(self) -> Array:
        """What each bystander gets where everybody makes a move, `float[A, B]`."""
        return self.game.bystander_payoffs_at(self.everybody)

    @cached_property
    def welfare(self) -> Array:
        """The mean over all principals where everybody makes a move, `float[A]`."""
        own = self.count * np.diag(self.alone)
        return (own + self.bystanders.sum(1)) / len(self.game.principals)

    @cached_property
    def one_leaves(self) -> Array:
        """`float[A, A]`: what one who makes move k gets where one other makes j and the rest k, at `[k, j]`."""
        size = len(self.moves)
        rows = np.repeat(self.everybody, size, axis=0)
        rows[:, 1] = np.tile(np.arange(size), size)
        at = self.game.others_at(rows)[:, 0].reshape(size, size)
        return self.game.payoffs[np.arange(size)[:, None], at]

    def target(self, label: str | None) -> int:
        """The move named, or the one that is best when all make it; of several, the one least tempting to leave."""
        if label is not None:
            if label not in self.moves:
                raise UnknownName("move", str(label), self.moves)
            return self.moves.index(label)
        top = np.flatnonzero(self.welfare >= self.welfare.max() - ROUNDING * np.ptp(self.welfare))
        tempted = self.alone[top].max(1) - self.alone[top, top]
        return int(top[np.argmin(np.round(tempted, 9))])

    @cached_property
    def facts(self) -> dict[str, Array]:
        """Facts of one's own move that can be seen: name -> `float[A]`."""
        found = {}
        for fact in self.game.facts:
            if fact.seen_by == "nobody":
                continue
            table = np.asarray(fact.read(self.game.representatives), float)[..., 0]
            if np.ptp(table, axis=1).max() <= ROUNDING * max(float(np.abs(table).max()), 1e-300):
                found[fact.name] = table[:, 0]
        return found

    def sees_all(self, fact: str) -> bool:
        """Whether everybody can see a fact."""
        return any(one.name == fact and one.seen_by == "all" for one in self.game.facts)

    def lead(self, margin: float) -> Fraction:
        """By how much the target has to be better."""
        return Fraction(str(margin)) * simple(self.scale)

    def gains(self, target: int, everywhere: bool) -> list[Fraction]:
        """The most that each move gains over the target's: in any state of the others, or where they make it too."""
        more = self.game.payoffs - self.game.payoffs[target]
        found = more.max(1) if everywhere else more[:, self.home[target]]
        return self.exactly(found)

    def exactly(self, values: Iterable[float]) -> list[Fraction]:
        """Floats as the fractions they were meant to be."""
        rounding = ARITHMETIC * float(np.abs(self.game.payoffs).max())
        return [simple(float(value), rounding) for value in values]
