"""The smallest tax or subsidy, one rate on one fact, under which a wanted joint move is worth playing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from ..audits._case import fractions
from ..core.delegation import Delegation
from ..core.errors import UnknownName
from ..core.exact import simple
from ..core.game import Array, Game
from ..institutions.tax import Tax
from ._proposal import Impossible, Needs, Proposal, checked, propose
from ._rates import Asked, rate_of
from ._remedy import Problem, Profile, require_margin
from ._sees import sees

SOURCE = "Pigou, The Economics of Welfare (1920)"

Concept = Literal["dominant", "equilibrium"]

WORDS = {"dominant": "the best thing to do whatever the others do", "equilibrium": "an equilibrium"}


def tax(
    subject: Game | Delegation | Problem,
    target: Sequence[str] | None = None,
    *,
    on: str | None = None,
    shared: bool = True,
    concept: Concept | None = None,
    margin: float = 0.01,
) -> Proposal | Impossible:
    """The rate nearest to 0, on one fact or move, at which a joint move is dominant, or at least an equilibrium.

    Every departure from the target asks that rate × (what it adds to the fact) exceeds what it gains: one interval of
    rates, found in closed form. A negative rate is a subsidy. A shared tax gives its revenue back in equal parts.

    Parameters
    ----------
    subject : a game or delegation whose joint moves can be listed.
    target : the joint move by label; default the welfare optimum (of several, the one best for its worst-off player).
    on : the fact, or the label of a move; default the fact of one's own move (or else the move) that makes the target
        dominant (or else an equilibrium) with the rate that moves least money.
    shared : whether the revenue returns to the players.
    concept : "dominant", or "equilibrium"; default the first where a rate exists, else the second.
    margin : by how much the target has to be better, as a share (> 0) of the largest range of payoffs; where payoffs
        bend too little for that, the rate is the one that leaves the largest margin there is.

    Raises
    ------
    InputError : a margin that is not positive, an unknown fact or move; `TooLarge` beyond tables.

    Examples
    --------
    >>> from ostrom.games import Commons
    >>> tax(Commons(players=4), on="harvest", concept="equilibrium").institution.rate
    1.0
    """
    problem = subject if isinstance(subject, Problem) else Problem(subject)
    require_margin(margin)
    place = problem.target(target)
    facts, found = {fact.name for fact in problem.game.facts}, []
    for name, amounts in _amounts(problem, on).items():
        if (rate := _rate(problem, place, amounts, shared, concept, margin)) is not None:
            moved = abs(rate[0]) * float(np.abs(amounts).max())
            found.append((name not in facts, rate[1] != "dominant", moved, rate[0] < 0, name, rate))
    if not found:
        return Impossible("tax", *_why_not(problem, place, on, concept))
    *_, name, (rate, how) = min(found)
    if rate == 0:
        more = ", and none makes it dominant" if concept is None and how == "equilibrium" else ""
        because = f"({', '.join(problem.game.labels(place))}) is {WORDS[how]} without any tax{more}."
        return Impossible("tax", because, "What is missing is coordination: advice may do.")
    return _proposal(problem, place, name, rate, shared, how)


def _amounts(problem: Problem, on: str | None) -> dict[str, Array]:
    """What could be taxed: facts, and moves by label, each as amounts `[A_1, …, A_P, P]` in rationals."""
    profiles = problem.game.profiles()
    shape = (*problem.game.sizes, len(problem.game.players))
    facts = {fact.name: fact for fact in problem.game.facts if fact.seen_by != "nobody"}
    if on is None:
        facts = {name: fact for name, fact in facts.items() if problem.of_own_move(name)}
    labels = sorted({label for own in problem.game.moves for label in own})
    if on is not None and on not in {*facts, *labels}:
        raise UnknownName("fact or move that can be taxed", on, {*facts, *labels})
    found = {}
    for name in [on] if on is not None else [*facts, *labels]:
        if name in facts:
            found[name] = fractions(np.asarray(facts[name].read(profiles), float).reshape(shape))
        else:
            made = [[label == name for label in own] for own in problem.game.moves]
            columns = [np.array(own, float)[profiles[:, i]] for i, own in enumerate(made)]
            found[name] = fractions(np.stack(columns, -1).reshape(shape))
    return found


def _rate(
    problem: Problem, place: Profile, amounts: Array, shared: bool, concept: Concept | None, margin: float
) -> tuple[float, Concept] | None:
    paid = amounts - amounts.sum(-1, keepdims=True) / Fraction(len(place)) if shared else amounts
    concepts: tuple[Concept, ...] = ("dominant", "equilibrium") if concept is None else (concept,)
    ways: Iterator[tuple[Concept, Asked]] = ((how, _asked(problem, paid, place, how)) for how in concepts)
    return rate_of(ways, Fraction(str(margin)) * simple(problem.scale))


def _asked(problem: Problem, paid: Array, place: Profile, how: Concept) -> Asked:
    """`(gain, charge)` of the departures that ask most: of those with the same charge the one that gains most."""
    most: dict[Any, Any] = {}
    for i in range(len(place)):
        for gain, charge in _departures(problem.rewards, paid, place, i, how):
            if charge not in most or gain > most[charge]:
                most[charge] = gain
    return [(gain, charge) for charge, gain in most.items()]


def _departures(rewards: Array, paid: Array, place: Profile, i: int, how: Concept) -> Iterator[tuple[Any, Any]]:
    """What each departure of player i gains, and adds to what it is charged for; at the target, or everywhere."""
    own, due = np.moveaxis(rewards[..., i], i, 0), np.moveaxis(paid[..., i], i, 0)
    if how == "equilibrium":
        others = tuple(move for k, move in enumerate(place) if k != i)
        own, due = own[(slice(None), *others)], due[(slice(None), *others)]
    gain = np.delete(own - own[place[i]], place[i], axis=0)
    charge = np.delete(due - due[place[i]], place[i], axis=0)
    return zip(gain.ravel(), charge.ravel(), strict=True)


def _proposal(problem: Problem, place: Profile, name: str, rate: float, shared: bool, how: Concept) -> Proposal:
    where, labels = f"({', '.join(problem.game.labels(place))})", {x for own in problem.game.moves for x in own}
    kind = "tax" if rate > 0 else "subsidy"
    unit = f" per unit of {name}" if name not in labels else f" on {name}"
    back = ", with the revenue shared by all," if shared and rate > 0 else ", paid for by all," if shared else ""
    institution = Tax(on=name, rate=rate, shared=shared)
    seen, step = sees(problem, institution)
    governed = problem.agents.under(institution)
    paid = governed.payments - problem.payments
    needs = Needs(
        cost=max(float(paid[place].sum()), 0.0),
        fine=float(max(-paid.min(), 0.0)),
        promise=float(max(paid.max(), 0.0)),
        observed=seen,
        information=step,
    )
    return propose(
        problem,
        place,
        institution,
        approach="tax",
        sentence=f"A {kind} of {abs(rate):.4g}{unit}{back} makes {where} {WORDS[how]}.",
        needs=needs,
        minimised="rate",
        size=abs(rate),
        claims=lambda table: checked(problem, table, place),
        source=SOURCE,
        numbers={"rate": rate, "on": name, "concept": how},
    )


def _why_not(problem: Problem, place: Profile, on: str | None, concept: Concept | None) -> tuple[str, str]:
    where = f"({', '.join(problem.game.labels(place))})"
    what = f"on {on}" if on is not None else "on any one fact or move"
    wanted = WORDS[concept or "equilibrium"]
    return (
        f"No rate {what} makes {where} {wanted}: some departures would have to be made dearer and others that "
        "look the same, or more of the same, cheaper.",
        "Fines for single moves tell departures apart.",
    )
