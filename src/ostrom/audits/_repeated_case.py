"""What an audit of a repeated game is asked about: the game under rules that remember, and what is to be played."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..core.claim import Claim
from ..core.errors import InputError
from ..core.game import Array, require_interaction
from ..core.lifts.induction import Outcome
from ..core.lifts.markov import MarkovPerfect, conditional_dominance, markov_perfect, reached, worth_of
from ..core.lifts.repeated import Repeated
from ._case import ROUNDING, Case

PRIORITY = 1e6
"""How much more keeping to the target counts, in ranges of payoffs, than anything else that outcomes are chosen by."""


@dataclass(frozen=True, eq=False)
class RepeatedCase:
    """A question to an audit of a repeated game.

    Attributes
    ----------
    game : the repeated game, under institutions or not.
    stage : its round without rules, and the joint move that is wanted in every round.
    """

    game: Repeated
    stage: Case

    @classmethod
    def of(cls, game: Repeated, target: Sequence[str] | None = None, *, welfare: Any = None) -> RepeatedCase:
        """The case of a repeated game; the target is by default the best that can be carried out in the first round.

        That is the joint move of highest welfare, of several the one best for its worst-off player, of those the one in
        which most do the same.

        Raises `InputError` for what is no repeated game, `UnknownName` for a move there is not, `TooLarge` beyond
        tables and beyond the states that are listed.
        """
        if not isinstance(game, Repeated):
            raise InputError(f"{game!r:.80} is no repeated game.", do="Give game.repeated(0.9).under(…).")
        require_interaction(game.game)
        stage = Case.of(game.game, target, welfare=welfare)
        return cls(game, stage if target is not None else stage.asking(place=_best(game, stage)))

    @property
    def where(self) -> str:
        """The wanted joint move in words."""
        return self.stage.where

    @property
    def wanted(self) -> float:
        """What the wanted joint move is worth."""
        return self.stage.wanted

    @cached_property
    def span(self) -> float:
        """The largest range of payoffs in a round at any state."""
        return max(1.0, *(float(np.ptp(plays.payoffs)) for plays in self.game.states), 1.0)

    @property
    def slack(self) -> float:
        """The difference of payoffs that counts as none."""
        return ROUNDING * self.span

    @cached_property
    def keeps(self) -> list[Array]:
        """Per state `bool[N]`: the complete plays in which the wanted joint move is carried out."""
        wanted = np.array(self.stage.place)
        return [(plays.settled[2] == wanted).all(-1) for plays in self.game.states]

    @cached_property
    def kept(self) -> Array:
        """`bool[S]`: the states that are reached while the wanted joint move is carried out."""
        seen, left = np.zeros(len(self.game.states), bool), [0]
        while left:
            state = left.pop()
            if not seen[state]:
                seen[state] = True
                rows = self.keeps[state] & self.game.states[state].legal
                left += np.unique(self.game.follow[state][rows]).tolist()
        return seen

    def share(self, state: int, outcome: Outcome) -> float:
        """With which odds an outcome carries out what is wanted."""
        rows = list(outcome.rows)
        weight = self.game.states[state].chance[rows]
        return float((weight * self.keeps[state][rows]).sum() / weight.sum())

    def welfare(self, outcomes: tuple[Outcome, ...]) -> float:
        """Welfare per round, payments left out, when the outcomes are played from the first round on."""
        worth = [self.stage.worth[tuple(plays.settled[2].T)][:, None] for plays in self.game.states]
        return float(worth_of(self.game, outcomes, worth)[0, 0])

    def equilibria(self, *ways: Callable[[int, Outcome], float]) -> Iterator[MarkovPerfect | str]:
        """Equilibria in what the rules remember: of every way to choose among outcomes, from every start."""
        for way in ways:
            for start in self._starts:
                yield markov_perfect(self.game, way, start, self.slack)

    @cached_property
    def _starts(self) -> tuple[Array, ...]:
        """What states may be thought to be worth at first: much while all keep to it, and else little; or all alike."""
        spans = [plays.payoffs[plays.legal] for plays in self.game.states]
        low, high = np.min([span.min(0) for span in spans], 0), np.max([span.max(0) for span in spans], 0)
        return np.where(self.kept[:, None], high, low), high, low


def _best(game: Repeated, stage: Case) -> tuple[int, ...]:
    """The best joint move among those that the rules let happen in the first round."""
    first = game.states[0]
    carried = np.unique(first.settled[2][first.legal & (first.chance > 0)], axis=0)
    worth = stage.worth[tuple(carried.T)]
    best = carried[worth >= worth.max() - ROUNDING * max(float(np.ptp(stage.worth)), 1e-300)]
    least = stage.game.payoffs[tuple(best.T)].min(-1)
    kinds = [len(set(stage.game.labels(tuple(row)))) for row in best]
    return tuple(int(k) for k in best[min(range(len(best)), key=lambda k: (-round(float(least[k]), 9), kinds[k]))])


class RepeatedAudit(ABC):
    """One question that could break a charter in a repeated game. Members are dataclasses that say how hard they look.

    Calling one with a repeated game and the joint move that is wanted in every round answers with claims.
    """

    def __call__(
        self, game: Repeated, target: Sequence[str] | None = None, *, welfare: Any = None, seed: int = 0
    ) -> tuple[Claim, ...]:
        """The claims about a repeated game; `target` and `welfare` as for `RepeatedCase.of`. Nothing is sampled."""
        return self.answer(RepeatedCase.of(game, target, welfare=welfare))

    @abstractmethod
    def answer(self, case: RepeatedCase) -> tuple[Claim, ...]:
        """The claims about a case."""


def keeping(case: RepeatedCase) -> MarkovPerfect | str:
    """An equilibrium that carries out what is wanted in every round, or why none was found."""

    def lenient(
        state: int, outcome: Outcome
    ) -> float:  # keep to it wherever possible, and else do what is best for all
        return case.share(state, outcome) * PRIORITY * case.span + sum(outcome.payoffs)

    def strict(state: int, outcome: Outcome) -> float:  # keep to it while it is kept, and else punish
        return case.share(state, outcome) * PRIORITY * case.span if case.kept[state] else -sum(outcome.payoffs)

    why = "nothing settled"
    for found in case.equilibria(lenient, strict):
        if isinstance(found, str):
            why = found
            continue
        on_path = np.flatnonzero(reached(case.game, found.outcomes))
        if all(case.share(int(state), found.outcomes[state]) > 1 - 1e-12 for state in on_path):
            return found
        why = "those found leave it"
    return why


def excluded(case: RepeatedCase) -> dict[str, Any] | None:
    """A move that what is wanted needs and no subgame-perfect equilibrium makes: whose it is, and at which state.

    None where iterated conditional dominance strikes out no such move, which shows nothing. Raises `CarrierError` where
    a round has several stages or somebody is told something first.
    """
    left = conditional_dominance(case.game, case.slack)
    for state in np.flatnonzero(case.kept).tolist():
        plays = case.game.states[state]
        rows = np.flatnonzero(case.keeps[state] & plays.legal)
        for i, own in enumerate(left.kept[state]):
            if len(rows) and not own[np.unique(plays.choice[plays.first][rows, i])].any():
                return {
                    "player": case.game.players[i],
                    "move": case.game.game.moves[i][int(plays.settled[2][rows[0], i])],
                    "state": {name: np.asarray(v).tolist() for layer in plays.records for name, v in layer.items()},
                }
    return None


def in_words(plays: Any, outcome: Outcome) -> str:
    """What an outcome is, stage by stage; of one that hangs on chance, the moves that are carried out."""
    if outcome.path:
        return "; ".join(", ".join(f"{part} {label}" for part, label in stage) for stage in outcome.path if stage)
    carried = {tuple(plays.game.labels(tuple(plays.settled[2][row]))) for row in outcome.rows}
    return " or ".join(f"({', '.join(labels)})" for labels in sorted(carried))
