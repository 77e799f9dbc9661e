"""The cheapest payments that make a wanted joint move worth playing, under whatever limits there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from ..audits._case import Case
from ..core.claim import Claim
from ..core.delegation import Delegation
from ..core.errors import InputError, UnknownName
from ..core.exact import ExactGame
from ..core.game import Array, Game
from ..institutions.fines import Fines
from ..institutions.transfers import Transfers
from ._payments import Concept, Program, dues, fined, prices, promised, short, signals, upwards
from ._proposal import Impossible, Needs, Proposal, checked, propose
from ._remedy import Problem, Profile, gains
from ._sees import sees

Kind = Literal["promises", "fines", "balanced"]

SOURCE = {
    "promises": "Monderer and Tennenholtz, k-Implementation (JAIR 2004)",
    "fines": "Becker, Crime and Punishment (1968); fines shared among the others, so that no money is needed",
    "balanced": "Linear programming over all payments that sum to 0",
}


def transfers(
    subject: Game | Delegation | Problem,
    target: Sequence[str] | None = None,
    *,
    kind: Kind = "promises",
    concept: Concept = "dominant",
    margin: float = 0.01,
    cap: float | None = None,
    budget: float | None = None,
    observed: Sequence[str] | None = None,
    voluntary: bool = False,
    seconds: float = 10.0,
) -> Proposal | Impossible:
    """The cheapest promises, the smallest fines, or the smallest payments that sum to 0, for a joint move.

    Promises are paid by a sponsor to whoever plays its part; only those at the target are ever called on. A fine on a
    move is the most it can gain over one's part; the others share it, so that no money is needed and what counts is
    the largest fine. Both have closed forms. With limits (`cap`, `budget`, `observed`, `voluntary`), and for "balanced"
    payments of any form, the answer is that of a linear program, which is exact too and has a bound by duality.

    Parameters
    ----------
    subject : a game or delegation whose joint moves can be listed.
    target : the joint move by label; default the welfare optimum (of several, the one best for its worst-off player).
    kind : "promises" (least cost), "fines" on own moves (least largest fine), "balanced" (least largest payment).
    concept : whether the target is to be dominant, or an equilibrium that everybody loses by leaving.
    margin : by how much the target has to be better, as a share (> 0) of the largest range of payoffs.
    cap : no single payment is larger. budget : what a sponsor has for the target.
    observed : the facts that payments may depend on; default every move is seen.
    voluntary : nobody gets less at the target than it has now.
    seconds : time budget of a linear program.

    Returns an `Impossible` with what is impossible and the nearest possible thing when the limits cannot be met.

    Raises
    ------
    InputError : an unknown move, fact or kind, a margin that is not positive; `TooLarge` beyond tables.

    Examples
    --------
    >>> from ostrom.games import PrisonersDilemma
    >>> found = transfers(PrisonersDilemma())
    >>> found.target, found.numbers["price"], found.claims[0].verdict
    (('C', 'C'), 4.0, 'proved')
    """
    problem = subject if isinstance(subject, Problem) else Problem(subject)
    if not 0 < margin < np.inf or kind not in SOURCE:
        raise InputError(
            f"Transfers are asked for with kind={kind!r} and margin={margin!r}.",
            "There are promises, fines and balanced payments; a positive margin makes the target better than the rest.",
            "Give for example kind='fines', margin=0.01.",
        )
    place, lead = problem.target(target), margin * problem.scale
    rewards = np.asarray(problem.delegation.rewards, float)
    if kind == "fines":
        fines = [upwards(fine, lead) for fine in fined(rewards, place, lead, concept)]
        if observed is None and not voluntary and (cap is None or max(map(np.max, fines)) <= cap):
            return _fines(problem, place, fines, concept)
    if kind == "promises" and cap is budget is observed is None and not voluntary:
        payments = upwards(promised(rewards, place, lead, concept), lead)
        if not payments.any():
            return _nothing(problem, place, kind, concept)
        return _paid(problem, place, payments, kind, concept)
    program = Program(
        rewards,
        place,
        lead,
        concept,
        signals(_facts(problem, observed), problem.game.sizes),
        minimise="cost" if kind == "promises" else "largest",
        balanced=kind != "promises",
        cap=cap,
        budget=budget if kind == "promises" else None,
        owed=_owed(problem, place) if voluntary else None,
    )
    answer, payments = program.solve(seconds)
    if payments is None:
        return _impossible(problem, place, program, answer.status, seconds, kind)
    if not np.abs(payments).max() > 1e-9 * problem.scale:
        return _nothing(problem, place, kind, concept)
    paid = _rounded(payments, lead, program)
    return _paid(problem, place, paid, kind if kind == "promises" else "balanced", concept, answer.value, observed)


def _nothing(problem: Problem, place: Profile, kind: Kind, concept: Concept) -> Impossible:
    """There is nothing to pay for."""
    because = f"{_where(problem, place)} is {_does(concept)} without any payments"
    price = float(prices(np.asarray(problem.delegation.rewards, float))[place])
    nearest = "What is missing is coordination: advice may do."
    return Impossible(kind, f"{because}.", nearest, {"price": price, "cost": 0.0, "largest": 0.0})


def _rounded(payments: Array, lead: float, program: Program) -> Array:
    """Payments in short decimals that keep every limit; where rounding would break one, as the solver left them."""
    places = short(lead)
    down = np.round(np.floor(np.round(payments * 10.0**places, 6)) / 10.0**places, max(places, 0))
    for found in (_summing(np.round(payments, places)),) if program.balanced else (upwards(payments, lead), down):
        within = program.cap is None or np.abs(found).max() <= program.cap
        paid = program.budget is None or found[program.place].sum() <= program.budget + 1e-12 * program.budget
        if within and paid and (program.owed is None or (found[program.place] >= program.owed).all()):
            return found
    return _summing(payments) if program.balanced else payments


def _summing(payments: Array) -> Array:
    """Payments that sum to 0 at every joint move: the last player makes up for what is missing."""
    payments = payments.copy()
    payments[..., -1] = -payments[..., :-1].sum(-1)
    return payments


def _facts(problem: Problem, observed: Sequence[str] | None) -> dict[str, Array] | None:
    if observed is None:
        return None
    known = {fact.name: fact for fact in problem.game.facts}
    for name in observed:
        if name not in known:
            raise UnknownName("fact", name, known)
    profiles, shape = problem.game.profiles(), (*problem.game.sizes, len(problem.game.players))
    return {name: np.asarray(known[name].read(profiles), float).reshape(shape) for name in observed}


def _owed(problem: Problem, place: Profile) -> Array:
    """What each player has to be given at the target so as to have what it has now."""
    rewards = np.asarray(problem.delegation.rewards, float)
    return np.tensordot(problem.now, rewards, axes=problem.now.ndim) - rewards[place]


def _where(problem: Problem, place: Profile) -> str:
    return f"({', '.join(problem.game.labels(place))})"


def _does(concept: Concept) -> str:
    return (
        "the best thing to do for every player, whatever the others do" if concept == "dominant" else "an equilibrium"
    )


def _fines(problem: Problem, place: Profile, fines: list[Array], concept: Concept) -> Proposal | Impossible:
    rows = [
        (player, label, float(fine))
        for player, own, amounts in zip(problem.game.players, problem.game.moves, fines, strict=True)
        for label, fine in zip(own, amounts, strict=True)
        if fine > 0
    ]
    alike = {(label, fine) for _, label, fine in rows}
    if len(rows) == len(alike) * len(fines):
        rows = [("*", label, fine) for label, fine in sorted(alike, key=lambda one: (-one[1], one[0]))]
    if not rows:
        return _nothing(problem, place, "fines", concept)
    largest = max(fine for *_, fine in rows)
    said = f"Fines of up to {largest:.4g}, shared among the others, make {_where(problem, place)} {_does(concept)}."
    institution = Fines(schedule=tuple(rows), shared=True)
    seen, step = sees(problem, institution)
    paid = problem.agents.under(institution).payments - problem.payments
    return propose(
        problem,
        place,
        institution,
        approach="fines",
        sentence=said,
        needs=Needs(fine=largest, promise=float(max(paid.max(), 0.0)), observed=seen, information=step),
        minimised="largest fine",
        size=largest,
        claims=lambda table: (*_stands(problem, table, place, concept), _sums(problem, table, place)),
        source=SOURCE["fines"],
        numbers={"largest": largest, "concept": concept},
    )


def _paid(
    problem: Problem,
    place: Profile,
    payments: Array,
    kind: Kind,
    concept: Concept,
    bound: float | None = None,
    observed: Sequence[str] | None = None,
) -> Proposal:
    at_target, price = payments[place], float(prices(np.asarray(problem.delegation.rewards, float))[place])
    cost, fine, promise = float(at_target.sum()), max(0.0, -float(payments.min())), max(0.0, float(payments.max()))
    how = {
        "promises": f"Promises that cost {cost:.4g} when kept (the largest is {promise:.4g})",
        "fines": "",
        "balanced": f"Payments among the players of up to {max(fine, promise):.4g}, which sum to 0,",
    }[kind]
    size = cost if kind == "promises" else max(fine, promise)
    return propose(
        problem,
        place,
        Transfers(moves=problem.game.moves, payments=payments),
        approach=kind,
        sentence=f"{how} make {_where(problem, place)} {_does(concept)}.",
        needs=Needs(
            cost=max(cost, 0.0) if kind == "promises" else 0.0,
            fine=fine,
            promise=promise,
            observed="all moves" if observed is None else " and ".join(observed) or "nothing",
            information=3 if observed is None else 2 if observed else 0,
        ),
        minimised="cost" if kind == "promises" else "largest payment",
        size=size,
        bound=size if bound is None else bound,
        claims=lambda table: (
            *_stands(problem, table, place, concept),
            _least(problem, table, place) if kind == "promises" else _sums(problem, table, place),
        ),
        source=SOURCE[kind],
        numbers={"price": price, "cost": cost, "largest": max(fine, promise), "concept": concept},
    )


def _case(problem: Problem, governed: Game, place: Profile) -> Case:
    return Case.of(governed, problem.game.labels(place), worth=problem.worth_under(governed))


def _stands(problem: Problem, governed: Game, place: Profile, concept: Concept) -> tuple[Claim, ...]:
    if concept == "equilibrium":
        return checked(problem, governed, place)
    case = _case(problem, governed, place)
    method = "every own move against every joint move of the others"
    least, worst, i, move = _smallest_lead(case)
    if least <= (0 if case.exact is not None else case.slack):
        witness = {"at": case.game.labels(worst), "player": case.game.players[i], "move": case.game.moves[i][move]}
        evidence = {"kind": "gain", **witness, "gain": -least}
        claim = case.settled(f"{case.where} is the best everybody can do.", False, evidence, method)
    else:
        stated = _at_least(least)
        evidence = {"kind": "dominant", "target": case.target, "lead": stated}
        said = f"{case.where} is the best everybody can do, by {float(stated):.6g} at least, whatever the others do."
        claim = case.settled(said, True, evidence, method, numbers={"smallest lead": float(least)})
    return (claim, *checked(problem, governed, place))


def _smallest_lead(case: Case) -> tuple[Any, Profile, int, int]:
    """`(by how much a part of the target is better at least, where, for whom, than which move)`, over everything."""
    payoffs, found = _numbers(case), []
    for i, part in enumerate(case.place):
        own = np.moveaxis(payoffs[..., i], i, 0)
        for move in range(len(own)):
            if move != part:
                lead = own[part] - own[move]
                others = np.unravel_index(int(np.argmin(lead)), lead.shape)
                worst = (*map(int, others[:i]), part, *map(int, others[i:]))
                found.append((lead[others], worst, i, move))
    return min(found, key=lambda one: one[0])


def _numbers(case: Case) -> Array:
    """Payoffs `[A_1, …, A_P, P]` in rationals where the table is small."""
    exact: ExactGame | None = case.exact
    if exact is None:
        return case.game.payoffs
    return np.array(exact.payoffs, object).reshape(case.game.payoffs.shape)


def _sums(problem: Problem, governed: Game, place: Profile) -> Claim:
    case = _case(problem, governed, place)
    evidence = {"kind": "sums", "sign": "="}
    balanced = bool((np.abs(case.adds.sum(-1)) <= case.slack).all())
    return case.settled("What the players pay and receive sums to 0.", balanced, evidence, "every joint move")


def _at_least(amount: Any) -> Fraction:
    """An amount of six digits, which the amount is at least: what is told is what is shown."""
    told = Fraction(f"{float(amount):.6g}")
    return told if told <= amount else max(Fraction(0), Fraction(f"{float(amount) * (1 - 1e-5):.6g}"))


def _least(problem: Problem, governed: Game, place: Profile) -> Claim:
    case = _case(problem, governed, place)
    least = _at_least(sum(max(gains(problem.rewards, place, i)) for i in range(len(place))))
    evidence = {"kind": "costs", "target": case.target, "at_least": least}
    statement = f"No promises that make {case.where} an equilibrium cost less than {float(least):.6g}."
    return case.settled(statement, True, evidence, "what each gains by its best departure, added up")


def _impossible(
    problem: Problem, place: Profile, program: Program, status: str, seconds: float, kind: Kind
) -> Impossible:
    """Which limit stands in the way, and how near one can come within all of them."""
    where = _where(problem, place)
    if status == "timed out":
        return Impossible(kind, f"No payments were found in {seconds:g} s.", "Allow more time.")
    given = {
        "observed": int(program.signals.max()) + 1 < program.signals.size,
        "cap": program.cap is not None,
        "budget": program.budget is not None,
        "balanced": program.balanced,
        "voluntary": program.owed is not None,
    }
    words = {
        "observed": "what can be observed does not tell the moves apart that would have to be paid for",
        "cap": f"no payment may be larger than {program.cap}",
        "budget": f"the sponsor has {program.budget}, and {where} costs "
        f"{dues(program.payoffs, program.lead)[place].sum():.6g} with a margin of {program.lead:.4g} for each",
        "balanced": "payments have to sum to 0",
        "voluntary": "nobody may have less than now",
    }
    guilty = [name for name, has in given.items() if has and program.without(name).solve(seconds)[1] is not None]
    because = "; and ".join(words[name] for name in guilty) or "several limits together stand in the way"
    answer, payments = replace(program, slack=None).solve(seconds)
    nearest = ""
    if payments is not None and answer.value is not None:
        left = max(0.0, answer.value - program.lead)
        nearest = f"Within all limits, leaving {where} can be made to gain no more than {left:.4g}."
        if left <= 1e-9 * program.lead:
            nearest = f"Within all limits, leaving {where} can be made to gain nothing, though not to lose as much."
    return Impossible(
        kind,
        f"No such payments make {where} {_does(program.concept)}: {because}.",
        nearest,
        {"limits": guilty, "gain left": None if answer.value is None else max(0.0, answer.value - program.lead)},
    )
