"""The cheapest promises under which every undominated joint move is a wanted one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.delegation import Delegation
from ..core.errors import InputError
from ..core.game import Array, Game
from ..institutions.transfers import Transfers
from ._implemented import claims_of, labels_of, shown
from ._payments import prices, upwards
from ._proposal import Impossible, Needs, Proposal
from ._rectangles import Cost, Found, Search
from ._remedy import ROUNDING, Problem, require_margin
from ._undominated import parted, sides

SOURCE = (
    "Monderer and Tennenholtz, k-Implementation (JAIR 2004); Eidenbenz, Oswald, Schmid and Wattenhofer, Cost and "
    "Complexity of Harnessing Games with Payments (IGTR 2011)"
)

WORK = 400_000_000
"""Payoffs that all steps of a search together look at, at most."""

Target = Sequence[str] | Sequence[Sequence[str]]


def implementation(
    subject: Game | Delegation | Problem,
    target: Target | None = None,
    *,
    margin: float = 0.01,
    least: float | None = None,
    within: float = 0.1,
    exact: bool = False,
    cost: Cost = "worst",
    steps: int = 20_000,
) -> Proposal | Impossible:
    """The cheapest promises (payments ≥ 0) under which all undominated joint moves lie in a wanted set.

    A move is dominated when another one of its player is never worse and somewhere better; here it is worse by the
    margin whatever the others do, so that nobody who knows its own payoffs makes it. A whole set can cost less than its
    cheapest member, because nobody has to be told apart within it. The search is exact: rectangles of moves that are
    kept, and for each other move the kept one that dominates it, by branch and bound (NP-hard: Chen, Layegh Khavidaki,
    Haydn, Simola and Sorge, AAAI 2023).

    Parameters
    ----------
    subject : a game or delegation whose joint moves can be listed.
    target : the wanted joint moves by label, or only one; default those of a welfare of at least `least`.
    margin : by how much a dominated move is worse, as a share (> 0) of the largest range of payoffs.
    least : welfare units; default the best joint move's, less the share `within` (0 to 1) of the range of welfare.
    exact : whether all that is wanted has to be undominated too; it has to be a product of sets of moves then.
    cost : what is kept small: the "worst" payment of an undominated joint move, the "expected" one (each as likely), or
        the "best" (the least).
    steps : nodes of the search; past them the status is "bound gap". Fewer in tables where they would take too long.

    Raises
    ------
    InputError : an unknown move or cost, a margin that is not positive, steps below 1; `TooLarge` beyond tables.

    Examples
    --------
    >>> from ostrom.games import PrisonersDilemma
    >>> found = implementation(PrisonersDilemma(), [("C", "C"), ("C", "D"), ("D", "C")])
    >>> found.numbers["price"], found.numbers["kept"]
    (1.0, {'row': ['C'], 'column': ['D']})
    """
    problem = subject if isinstance(subject, Problem) else Problem(subject)
    require_margin(margin)
    if cost not in ("worst", "expected", "best") or steps < 1 or not 0 <= within <= 1:
        raise InputError(
            f"An implementation is asked for with cost={cost!r}, within={within!r} and steps={steps!r}.",
            "Costs are worst, expected or best; a share lies between 0 and 1, and a search takes a step at least.",
            "Give for example cost='worst', within=0.1, steps=20000.",
        )
    wanted = _wanted(problem, target, least, within)
    if not wanted.any():
        because = f"No joint move is worth {least:.6g}; the most is {problem.worth.max():.6g}."
        return Impossible("implementation", because, "Ask for less.")
    if exact and not wanted[np.ix_(*sides(wanted))].all():
        return _no_product(problem, wanted)
    rewards = np.asarray(problem.delegation.rewards, float)
    steps = max(1, min(steps, WORK // rewards.size))
    search = Search(rewards, wanted, margin * problem.scale, cost, exact)
    found, price = search.run(steps), Search(rewards, wanted, 0.0, cost, exact).run(steps)
    if not np.isfinite(found.cost):
        return Impossible("implementation", f"Within {steps:,} steps no such promises were found.", "Allow more steps.")
    payments = upwards(search.payments(found.by, found.above), search.lead)
    if exact or cost != "worst":
        payments = upwards(parted(rewards, payments, found.kept, search.lead), search.lead)
    if not payments.any():
        because = "Without any payments all undominated joint moves are wanted."
        return Impossible("implementation", because, "What is missing is coordination: advice may do.", {"price": 0.0})
    return _proposal(problem, search, found, price, payments)


def _wanted(problem: Problem, target: Target | None, least: float | None, within: float) -> Array:
    if target is None:
        worth = problem.worth
        floor = float(worth.max() - within * np.ptp(worth)) if least is None else least
        return worth >= floor - ROUNDING * np.ptp(worth)
    wanted = np.zeros(problem.game.sizes, bool)
    several: Any = (target,) if len(target) and isinstance(target[0], str) else target
    for labels in several:
        wanted[problem.game.profile(tuple(labels))] = True
    if not wanted.any():
        raise InputError("No joint move is wanted.", "Something has to be undominated.", "Name one at least.")
    return wanted


def _no_product(problem: Problem, wanted: Array) -> Impossible:
    """Undominated joint moves are a product of sets of moves, and this set is none."""
    game, product = problem.game, sides(wanted)
    inside = wanted[np.ix_(*product)]
    gap = tuple(own[k] for own, k in zip(product, np.argwhere(~inside)[0], strict=True))
    because = (
        f"Whatever each player may do can be done by all at once, and ({', '.join(game.labels(gap))}) is not wanted."
    )
    return Impossible("implementation", because, "Leave out exact, or ask for that joint move too.")


def _proposal(problem: Problem, search: Search, found: Found, price: Found, payments: Array) -> Proposal:
    game, kept = problem.game, found.kept
    institution = Transfers(moves=game.moves, payments=payments)
    governed = problem.agents.under(institution)
    there, outcome = np.ix_(*kept), np.zeros(game.sizes)
    outcome[there] = 1 / outcome[there].size
    paid, worth = payments[there].sum(-1), problem.worth[there]
    amounts = {"worst": float(paid.max()), "expected": float(paid.mean()), "best": float(paid.min())}
    effects = problem.effects(outcome, np.tensordot(outcome, payments, axes=outcome.ndim))
    single = all(len(own) == 1 for own in kept)
    said = (
        f"Promises that cost {amounts['worst']:.4g} at most when kept (the largest is {payments.max():.4g}) leave "
        f"nobody a reason to play outside {shown(game, kept)}, where welfare is at least {worth.min():.6g}."
    )
    return Proposal(
        approach="implementation",
        institution=institution,
        governed=governed,
        target=game.labels([own[0] for own in kept]) if single else None,
        outcome=outcome,
        worth=problem.worth_under(governed),
        sentence=said,
        needs=Needs(amounts["worst"], promise=float(payments.max()), observed="all moves", information=3),
        effects=effects,
        status="optimal" if found.bound >= found.cost else "bound gap",
        minimised=f"{search.cost} payment",
        size=amounts[search.cost],
        bound=found.bound,
        claims=claims_of(problem, search, found, price, governed),
        objection=problem.objection(effects),
        source=SOURCE,
        numbers={
            "price": price.cost,
            "price at least": price.bound,
            "cheapest member": float(prices(search.payoffs)[search.wanted].min()),
            "kept": {player: list(own) for player, own in zip(game.players, labels_of(game, kept), strict=True)},
            "least welfare": float(worth.min()),
            **{f"{name} payment": amount for name, amount in amounts.items()},
            "steps": found.steps + price.steps,
        },
    )
