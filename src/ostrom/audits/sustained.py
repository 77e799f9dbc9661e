"""Does it last? Whether rules that remember keep play at the target, round after round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..core.claim import Claim
from ..core.errors import CarrierError
from ..core.lifts.markov import MarkovPerfect, reached
from ..core.lifts.repeated import Repeated
from ._repeated_case import RepeatedAudit, RepeatedCase, excluded, in_words, keeping

DISCOUNTS = tuple(round(0.05 * k, 2) for k in range(20))
"""Discount factors that are tried for the least one."""

FEW = 60
"""States up to which other discount factors are tried."""


@dataclass(frozen=True)
class Sustained(RepeatedAudit):
    """Whether the target can be played in every round of a repeated game, because of what the rules remember.

    *Proved* when an equilibrium is found that plays it in every round, at which nobody gains by any strategy at any
    state of what is remembered (one-shot deviation principle). *Refuted* when no subgame-perfect equilibrium plays it,
    however its players mix and whatever they remember themselves (`core.lifts.markov`). In between, "unknown": players
    who punish by themselves may still keep it.

    Parameters
    ----------
    other_discounts : whether other discount factors are tried, for the numbers of the claim.

    Examples
    --------
    >>> from ostrom import games, institutions
    >>> fined = institutions.GraduatedSanctions("D", fines=(2.5, 4.0))
    >>> (claim,) = Sustained()(games.PrisonersDilemma().repeated(0.9).under(fined), ("C", "C"))
    >>> claim.verdict
    'proved'
    """

    other_discounts: bool = True

    def answer(self, case: RepeatedCase) -> tuple[Claim, ...]:
        """One claim: that the target can be played in every round."""
        game = case.game
        statement = f"{case.where} can be played in every round: nobody gains by leaving it, at a discount factor of "
        statement += f"{game.discount:g}."
        numbers = {"states": len(game.states), "discount": game.discount}
        try:
            found = keeping(case)
        except CarrierError as error:
            return (Claim(statement, "unknown", "backward induction", numbers={**numbers, "reason": error.what}),)
        if isinstance(found, MarkovPerfect):
            return (self._holds(case, statement, numbers, found),)
        if (claim := _refuted(case, statement, numbers)) is not None:
            return (claim,)
        reason = f"no equilibrium in what the rules remember was found that plays it; {found}"
        return (
            Claim(statement, "unknown", "search for Markov perfect equilibria", numbers={**numbers, "reason": reason}),
        )

    def _holds(self, case: RepeatedCase, statement: str, numbers: dict[str, Any], found: MarkovPerfect) -> Claim:
        game, states = case.game, case.game.states
        shown = {
            "each round": in_words(states[0], found.outcomes[0]),
            "payoffs per round": found.value[0].tolist(),
            "states reached": int(reached(game, found.outcomes).sum()),
        }
        if self.other_discounts and len(states) <= FEW:
            holds = [d for d in DISCOUNTS if isinstance(keeping(_at(case, d)), MarkovPerfect)]
            shown["least discount of those tried"] = min(holds, default=None)
        method = "Markov perfect equilibrium in what the rules remember, by backward induction at every state"
        return Claim(statement, "proved", method, case.slack, {**numbers, **shown})


def _at(case: RepeatedCase, discount: float) -> RepeatedCase:
    return RepeatedCase(Repeated(case.game.game, discount, case.game.institutions), case.stage)


def _refuted(case: RepeatedCase, statement: str, numbers: dict[str, Any]) -> Claim | None:
    """That no equilibrium plays it, where moves that it needs are dominated; None where that does not show it."""
    try:
        witness = excluded(case)
    except CarrierError:
        return None
    method = "iterated conditional dominance with bounds on what can follow"
    return None if witness is None else Claim(statement, "refuted", method, case.slack, numbers, witness)
