"""The best advice: what a mediator without any power can bring about by telling everybody what to do."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from ..audits._case import Case
from ..audits._rounding import Device, device_of, priced
from ..audits.worst_case import WorstCase
from ..core.claim import Claim
from ..core.delegation import Delegation
from ..core.game import Game
from ..core.recheck import check
from ..institutions.advice import Advice
from ..solvers.correlated import AGREEMENT, Correlated, correlated
from ._proposal import Impossible, Needs, Proposal
from ._remedy import Problem

SOURCE = "Aumann, Subjectivity and Correlation (1974); Papadimitriou and Roughgarden (2008)"


def advice(
    subject: Game | Delegation | Problem, target: Sequence[str] | None = None, *, seconds: float = 10.0
) -> Proposal | Impossible:
    """The correlated equilibrium of highest welfare, as a lottery over joint moves that nobody gains by disobeying.

    Nothing is enforced and nothing is paid. How much of the gap advice closes is what was coordination; the rest is
    conflict. Found by linear programming, and confirmed from both sides: that nobody gains by disobeying, and by
    prices that no obedient lottery is worth more.

    Parameters
    ----------
    subject : a game or delegation whose joint moves can be listed.
    target : not used up to whether it can be reached: advice goes where it is obeyed. Given, only that joint move is
        advised.
    seconds : time budget; past it the answer is an `Impossible` that says so.

    Raises
    ------
    InputError : an unknown move; `TooLarge` beyond tables.

    Examples
    --------
    >>> from ostrom.games import Chicken
    >>> found = advice(Chicken())
    >>> round(2 * found.effects.welfare_after, 6)
    10.5
    """
    problem = subject if isinstance(subject, Problem) else Problem(subject)
    case = Case.of(problem.agents, target, worth=problem.worth)
    if target is not None:
        return _named(problem, case)
    found = correlated(case.game, lambda _: problem.worth, seconds=seconds)
    if found.joint is None:
        return Impossible("advice", f"The best advice was not found in {seconds:g} s ({found.status}).")
    device, slack = device_of(case, found.joint, "obedient")
    return _proposal(problem, device, (_obeyed(case, device, slack, found.violation), _best(case, found)), found)


def _named(problem: Problem, case: Case) -> Proposal | Impossible:
    """Advice to play one joint move."""
    claim = _obeyed(case, [(case.target, Fraction(1))], Fraction(0), _best_gain(case))
    if claim.verdict != "proved":
        witness = dict(claim.witness or {})
        nearest = f"The best advice that is obeyed is another: leave out ({', '.join(case.target)})."
        return Impossible("advice", f"Told to play {case.where}, somebody gains by disobeying.", nearest, witness)
    return _proposal(problem, [(case.target, Fraction(1))], (claim,), None)


def _proposal(
    problem: Problem,
    device: Device,
    claims: tuple[Claim, ...],
    found: Correlated | None,
) -> Proposal:
    outcome = np.zeros(problem.game.sizes)
    for labels, share in device:
        outcome[problem.game.profile(labels)] = float(share)
    effects = problem.effects(outcome)
    named = [f"({', '.join(labels)}) {float(share):.3g}" for labels, share in device[:4]]
    more = f" and {len(device) - 4} more" if len(device) > 4 else ""
    single = device[0][0] if len(device) == 1 else None
    said = (
        f"Telling everybody to play ({', '.join(single)}) is obeyed."
        if single
        else f"Private advice drawn from {', '.join(named)}{more} is obeyed: nobody gains by doing something else."
    )
    worst = WorstCase(floor=effects.welfare_after)(problem.agents, worth=problem.worth)
    bound = found.bound if found is not None else effects.welfare_after
    exact = found is None or found.status == "complete"
    return Proposal(
        approach="advice",
        institution=Advice(device=tuple((labels, float(share)) for labels, share in device)),
        governed=problem.agents,
        target=single,
        outcome=outcome,
        worth=problem.worth,
        sentence=said,
        needs=Needs(),
        effects=effects,
        status="optimal" if exact else "bound gap",
        minimised="welfare left out",
        size=float(problem.worth.max() - effects.welfare_after),
        bound=float(problem.worth.max() - bound),
        claims=(*claims, *worst),
        objection=problem.objection(effects),
        source=SOURCE,
        numbers={"lottery": {", ".join(labels): float(share) for labels, share in device}},
    )


def _best_gain(case: Case) -> float:
    """The most that anybody gains by leaving the target alone, in float64."""
    payoffs, place = case.game.payoffs, case.place
    own = (payoffs[(*place[:i], slice(None), *place[i + 1 :], i)] for i in range(len(place)))
    return max(float(column.max() - column[k]) for column, k in zip(own, place, strict=True))


def _obeyed(case: Case, device: Device, slack: Fraction, gain: float) -> Claim:
    """That nobody gains by disobeying; `gain` is the most that was found in float64."""
    more = f" by more than {float(slack):.1g}" if slack else ""
    evidence = {"kind": "obedient", "device": device, "slack": slack}
    statement = f"Nobody gains{more} by disobeying the advice."
    method = "every plan of disobeying the lottery"
    if case.exact is None:
        tolerance = max(float(slack), case.slack)
        if gain > 10 * tolerance:
            return Claim(statement, "refuted", f"{method}, in float64", tolerance, witness={"gain": gain})
        return Claim(statement, "proved", f"{method}, in float64", max(gain, tolerance))
    if why := check(case.exact, evidence):
        return Claim(statement, "refuted", method, 0.0, witness={"who": why})
    return case.settled(statement, True, evidence, method)


def _best(case: Case, found: Correlated) -> Claim:
    statement = f"No advice that is obeyed is worth more than {found.bound:.6g}."
    slack = AGREEMENT * (float(np.ptp(case.worth)) or 1.0)
    method = "linear programming and weak duality"
    return priced(case, found, statement, "best advice", found.value, slack=slack, method=method)
