"""What else can last? Worse ways to go on for ever under the same rules."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.claim import Claim
from ..core.errors import CarrierError
from ..core.lifts.induction import Outcome
from ..core.lifts.markov import MarkovPerfect, conditional_dominance
from ._repeated_case import PRIORITY, RepeatedAudit, RepeatedCase, in_words


@dataclass(frozen=True)
class Unravelling(RepeatedAudit):
    """Whether a repeated game under its rules can go on in a way that is worth less than the target.

    *Refuted* by an equilibrium in what the rules remember that is worth less. *Proved* when moves that are dominated,
    whatever comes after, leave nothing but the target at every state that is reached: then every subgame-perfect
    equilibrium plays it, mixed ones and those of players who remember more included. In between, "unknown".

    Parameters
    ----------
    floor : the welfare per round that is asked for; default what the target is worth.

    Examples
    --------
    >>> from ostrom import games, institutions
    >>> hunt = games.StagHunt().repeated(0.9).under(institutions.GraduatedSanctions("hare", fines=(0.5,)))
    >>> (claim,) = Unravelling()(hunt, ("stag", "stag"))
    >>> claim.verdict, claim.witness["in the first round"]
    ('refuted', 'act hare, act hare')
    """

    floor: float | None = None

    def answer(self, case: RepeatedCase) -> tuple[Claim, ...]:
        """One claim: that nothing worse is an equilibrium."""
        wanted = case.wanted if self.floor is None else self.floor
        numbers = {"states": len(case.game.states), "discount": case.game.discount, "asked for": wanted}
        statement = f"No equilibrium of the repeated game is worth less than {wanted:.6g} a round."
        slack = case.slack * max(1.0, abs(wanted))
        try:
            worst = _worst(case)
        except CarrierError as error:
            return (Claim(statement, "unknown", "backward induction", numbers={**numbers, "reason": error.what}),)
        if worst is not None and worst[0] < wanted - slack:
            welfare, found = worst
            witness = {
                "welfare per round": welfare,
                "payoffs per round": found.value[0].tolist(),
                "in the first round": in_words(case.game.states[0], found.outcomes[0]),
            }
            method = "Markov perfect equilibrium in what the rules remember, by backward induction at every state"
            return (Claim(statement, "refuted", method, case.slack, numbers, witness),)
        if _only(case) and case.wanted >= wanted - slack:
            method = "iterated conditional dominance with bounds on what can follow"
            return (Claim(statement, "proved", method, case.slack, numbers),)
        numbers |= {"worst found": None if worst is None else worst[0], "reason": "the search is not complete"}
        return (Claim(statement, "unknown", "search for Markov perfect equilibria", numbers=numbers),)


def _worst(case: RepeatedCase) -> tuple[float, MarkovPerfect] | None:
    """The equilibrium of least welfare that is found, and its welfare; None where nothing settles."""

    def worse(state: int, outcome: Outcome) -> float:
        plays, rows = case.game.states[state], list(outcome.rows)
        weight = plays.chance[rows] / plays.chance[rows].sum()
        now = float(weight @ case.stage.worth[tuple(plays.settled[2][rows].T)])
        return -now * PRIORITY - sum(outcome.payoffs)

    def poorer(state: int, outcome: Outcome) -> float:
        return -sum(outcome.payoffs)

    found = [one for one in case.equilibria(worse, poorer) if isinstance(one, MarkovPerfect)]
    return min(((case.welfare(one.outcomes), one) for one in found), key=lambda pair: pair[0], default=None)


def _only(case: RepeatedCase) -> bool:
    """Whether nothing but what is wanted is left at every state that it leads to."""
    try:
        left = conditional_dominance(case.game, case.slack)
    except CarrierError:
        return False
    for state in np.flatnonzero(case.kept).tolist():
        plays = case.game.states[state]
        made, possible = plays.choice[plays.first], plays.legal & (plays.chance > 0)
        for i, own in enumerate(left.kept[state]):
            possible = possible & own[made[:, i]]
        if not case.keeps[state][possible].all():
            return False
    return True
