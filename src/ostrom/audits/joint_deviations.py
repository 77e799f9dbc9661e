"""Two together, and later: what a pair gains by leaving an equilibrium of a repeated game with one plan."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ..core.claim import Claim
from ..core.errors import CarrierError
from ..core.game import Array
from ..core.lifts.markov import MarkovPerfect, RoundTable, reached
from ._repeated_case import RepeatedAudit, RepeatedCase, keeping

PLANS = 10_000
"""Improvements of a pair's plan after which its worth is taken as it is; each improvement is exact."""


@dataclass(frozen=True)
class JointDeviations(RepeatedAudit):
    """Whether two players gain in sum by leaving the target together, when all others go on as in equilibrium.

    The pair may follow any plan over what the rules remember and share what it gets; its best plan is that of a single
    decision maker (Bellman 1957). What others do is the equilibrium that `Sustained` finds.

    Examples
    --------
    >>> from ostrom import games, institutions
    >>> fined = games.PrisonersDilemma().repeated(0.9).under(institutions.GraduatedSanctions("D", fines=(2.5, 4.0)))
    >>> [claim.verdict for claim in JointDeviations()(fined, ("C", "C"))]
    ['proved']
    """

    def answer(self, case: RepeatedCase) -> tuple[Claim, ...]:
        """One claim: that no pair gains in sum at any state that is reached."""
        statement = f"No two players gain in sum by leaving {case.where} together for a plan of their own."
        method = "best plan of every pair as one decision maker, others as in equilibrium"
        try:
            found = keeping(case)
            if isinstance(found, str):
                raise CarrierError("there is no equilibrium that is known to keep to it")
            tables = [RoundTable(plays, after) for plays, after in zip(case.game.states, case.game.follow, strict=True)]
        except CarrierError as error:
            return (Claim(statement, "unknown", method, numbers={"reason": error.what}),)
        on_path = np.flatnonzero(reached(case.game, found.outcomes))
        gains = {
            pair: _gain(case, tables, found, pair)[on_path] for pair in combinations(range(len(case.game.players)), 2)
        }
        pair, worst = max(gains.items(), key=lambda item: item[1].max())
        gain = float(worst.max())
        numbers = {"largest gain in sum": gain, "pairs": len(gains)}
        if gain <= 10 * case.slack:
            return (Claim(statement, "proved", method, 10 * case.slack, numbers),)
        state = case.game.states[int(on_path[int(worst.argmax())])]
        witness = {
            "players": [case.game.players[i] for i in pair],
            "gain in sum per round": gain,
            "state": {name: np.asarray(v).tolist() for layer in state.records for name, v in layer.items()},
        }
        return (Claim(statement, "refuted", method, 10 * case.slack, numbers, witness),)


def _gain(case: RepeatedCase, tables: list[RoundTable], found: MarkovPerfect, pair: tuple[int, int]) -> Array:
    """`float[S]`: what the best plan of a pair adds to its sum, per round, from every state on."""
    game, kept = case.game, found.value[:, list(pair)].sum(1)
    value = kept.copy()
    for _ in range(PLANS):
        better = np.array([_best(case, t, s, found, pair, value) for s, t in enumerate(tables)])
        if np.abs(better - value).max() <= 1e-12 * max(1.0, np.abs(value).max()):
            break
        value = better
    return np.maximum(value - kept, 0.0) if game.discount < 1 else value


def _best(
    case: RepeatedCase, table: RoundTable, s: int, found: MarkovPerfect, pair: tuple[int, int], value: Array
) -> float:
    """The most that a pair can get in sum at a state, when states are worth `value[S]` to it."""
    plays = case.game.states[s]
    made = plays.choice[plays.first][found.outcomes[s].rows[0]]
    place = tuple(slice(None) if i in pair else int(made[i]) for i in range(len(made)))
    later = table.worth(case.game.discount, np.tile(value[:, None], (1, len(made))))  # the same for every seat
    now = (1 - case.game.discount) * table.reward
    total = (now[..., list(pair)].sum(-1) + (later - now)[..., 0])[place]
    return float(total[table.legal[place]].max())
