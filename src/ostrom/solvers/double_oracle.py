"""Double oracle and PSRO: solve a small game among policies, let everybody answer it, add the answers, again."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Game, Mixture
from ..core.solution import Solution, Status
from ._meta import Meta, meta_solver
from ._oracle import Empirical, Oracle, known, over_moves

__all__ = ["DoubleOracle", "Oracle", "double_oracle"]


@dataclass(frozen=True, eq=False)
class DoubleOracle(Solution):
    """A mixture over the policies that were found, with what replies to it still gain.

    Attributes
    ----------
    points : the one mixture, over `policies`; where a game was given, over all its moves.
    policies : for each player, the policies found, the first ones first.
    meta_game : what they earn among each other.
    mixture : the mixture over `policies`.
    payoffs : what each player earns in it, `float[P]`.
    regrets : for each round, what the reply of each player gained, `float[R, P]`; the last row belongs to `mixture`.
    regret : the largest in the last row, in the whole game where replies are exact, else a lower bound on it.
    evaluations : how many joint policies were evaluated.
    """

    policies: tuple[tuple[Any, ...], ...] = ()
    meta_game: NormalForm | None = field(default=None, repr=False)
    mixture: Mixture = ()
    payoffs: Array = field(default_factory=lambda: np.zeros(0))
    regrets: Array = field(default_factory=lambda: np.zeros((0, 0)), repr=False)
    evaluations: int = 0


def double_oracle(
    subject: Game | Oracle,
    meta: str | Meta = "nash",
    *,
    rounds: int = 200,
    tolerance: float = 1e-9,
    seconds: float = 60.0,
) -> DoubleOracle:
    """Policies and a mixture over them to which no reply gains more than `tolerance`, if that is reached.

    In every round the game among the policies found so far is solved, every player answers that mixture, and answers
    that gain are added. With exact replies and Nash equilibria this is the double oracle of McMahan, Gordon and Blum
    (2003), which ends at an equilibrium of any finite game; with other replies or meta-solvers it is PSRO (Lanctot et
    al. 2017).

    Parameters
    ----------
    subject : a game, whose moves are the policies, or an `Oracle` with replies of any kind, learners for instance.
    meta : which mixture is answered: "nash" (a linear program where payoffs of two add up to a constant, otherwise the
        limit of the logit branch), "uniform" (fictitious play), "alpha rank" (its marginals), "projected replicator",
        or a function from a `NormalForm` to a mixture.
    rounds, tolerance, seconds : at most so many rounds; a gain, in payoffs, that counts as none; a time budget, looked
        at between rounds.

    Raises
    ------
    InputError : no rounds, first policies or payoffs that do not fit, more joint policies than can be listed.
    UnknownName : another name for `meta`.
    """
    if rounds < 1:
        raise InputError(f"{rounds} rounds of double oracle.", "Nothing is answered in no round.", "Ask for some.")
    oracle = subject if isinstance(subject, Oracle) else Oracle.of_game(subject)
    solve, repeats = meta_solver(meta), meta == "uniform"
    found, start, history = Empirical(oracle), time.monotonic(), []
    while True:
        mixture = solve(found.game)
        payoffs = found.game.expected_payoffs(mixture)
        answers = [oracle.best_response(i, found.pools, mixture) for i in range(len(mixture))]
        gains = np.array([found.worth(i, answer, mixture) for i, answer in enumerate(answers)]) - payoffs
        new = {i: answer for i, answer in enumerate(answers) if gains[i] > tolerance}
        if not repeats:
            new = {i: answer for i, answer in new.items() if known(found.pools[i], answer) is None}
        history.append(gains)
        status: Status = "complete" if oracle.exact and gains.max() <= tolerance else "partial"
        if not new or len(history) >= rounds:
            break
        if time.monotonic() - start > seconds:
            status = "timed out"
            break
        found.add(new)
    point = over_moves(subject, found.pools, mixture) if isinstance(subject, Game) else mixture
    return DoubleOracle(
        concept="an equilibrium" if status == "complete" else "a mixture of policies",
        points=(point,),
        status=status,
        regret=max(float(gains.max()), 0.0),
        method=f"double oracle, meta-solver: {meta if isinstance(meta, str) else getattr(meta, '__name__', 'custom')}",
        note=_note(oracle, float(gains.max()), tolerance, bool(new)),
        policies=tuple(map(tuple, found.pools)),
        meta_game=found.game,
        mixture=mixture,
        payoffs=payoffs,
        regrets=np.array(history),
        evaluations=found.evaluations,
    )


def _note(oracle: Oracle, gain: float, tolerance: float, unfinished: bool) -> str:
    if gain <= tolerance:
        return "" if oracle.exact else "These replies gain nothing more; better ones, if there are any, might."
    if unfinished:
        return f"Replies still gain {gain:.3g}; the rounds or the time are up."
    return f"Replies gain {gain:.3g}, but all of them were there before: this meta-solver does not answer them."
