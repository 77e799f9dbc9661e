"""What is asked of an institution besides its end: limits by name, and where a proposal misses them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..audits._case import Case
from ..audits.coalitions import Coalitions
from ..audits.equilibria import Equilibria
from ..core.claim import Claim
from ..core.errors import InputError, UnknownName
from ._payments import dues
from ._proposal import Proposal, announces
from ._remedy import Problem

NAMED = ("learner-proof", "coalition-proof", "dominant", "unique", "balanced", "voluntary", "anonymous")
"""Demands that are known by name."""


@dataclass(frozen=True)
class Wishes:
    """Limits on an institution.

    Attributes
    ----------
    named : some of `NAMED`.
    observed : the facts that it may depend on; None when every move can be seen.
    fine : the largest amount that anybody can be made to pay; None when there is no limit.
    detection : the chance in (0, 1] that what should be paid is paid.
    budget : what a sponsor has per round; None when there is no limit.
    inspection : what it costs to inspect one player for a round; None when it is not known.
    discount : what the next round counts; None when there is none.
    margin, seconds : as for every designer.
    """

    named: tuple[str, ...] = ()
    observed: tuple[str, ...] | None = None
    fine: float | None = None
    detection: float = 1.0
    budget: float | None = None
    inspection: float | None = None
    discount: float | None = None
    margin: float = 0.01
    seconds: float = 30.0

    def __post_init__(self) -> None:
        for name in self.named:
            if name not in NAMED:
                raise UnknownName("demand", name, NAMED)
        if not (self.inspection or 0) >= 0 or not 0 <= (self.discount or 0) < 1:
            raise InputError(
                f"Asked for inspections at {self.inspection}, and a discount factor of {self.discount}.",
                "A cost is not negative, and the next round counts at least 0 and less than 1.",
                "Give for example inspection=0.1, discount=0.9.",
            )
        if self.inspection is not None and self.fine is None:
            raise InputError(
                f"Inspections at {self.inspection:g} are given, and no fine.",
                "How much enforcement is enough depends on the most that anybody can be made to pay.",
                "Say it as well: fine=5 (--fine 5).",
            )
        if not 0 < self.detection <= 1 or not (self.fine or 0) >= 0 or not (self.budget or 0) >= 0:
            raise InputError(
                f"Asked for fines up to {self.fine}, detection {self.detection}, budget {self.budget}.",
                "Detection is a chance above 0 and up to 1; amounts are not negative.",
                "Give for example fine=2, detection=0.5, budget=10.",
            )

    def __contains__(self, name: str) -> bool:
        return name in self.named

    @property
    def effective(self) -> float | None:
        """The largest fine, weighed with the chance that it is paid."""
        return None if self.fine is None else self.fine * self.detection


def missed(problem: Problem, proposal: Proposal, wishes: Wishes) -> Iterator[tuple[str, str]]:
    """`(what is missed, the nearest thing possible)` for every wish that a proposal does not meet."""
    needs = proposal.needs
    if wishes.fine is not None and needs.fine > wishes.fine + 1e-9 * problem.scale:
        said = f"it needs fines of {needs.fine:.4g}"
        more = f", as they are paid with a chance of {wishes.detection:g}" if wishes.detection < 1 else ""
        yield f"{said}{more}; {wishes.fine:g} is the most there is", _held_by_fines(problem, wishes)
    if wishes.budget is not None and needs.cost > wishes.budget + 1e-9 * problem.scale:
        yield f"it costs {needs.cost:.4g}, and the budget is {wishes.budget:g}", _within_budget(problem, wishes)
    if wishes.observed is not None and needs.information and not _seen(problem, needs.observed, wishes.observed):
        seen = ", ".join(wishes.observed) or "nothing"
        yield f"it has to see {needs.observed}, and what can be seen is {seen}", "Advice needs nothing to be seen."
    if "balanced" in wishes and needs.cost > 1e-9 * problem.scale:
        yield f"it takes {needs.cost:.4g} from outside", "Fines that the others share need no money."
    if "voluntary" in wishes and (losers := _losers(proposal)):
        yield (
            f"{losers} would have less than now",
            "Balanced payments may make up for it.",
        )
    if "anonymous" in wishes and not _anonymous(problem, proposal):
        yield "it treats players who are alike differently", "Aim at a joint move in which all do the same."
    if "learner-proof" in wishes and (claim := _claim(proposal, "Learners without regret")).verdict != "proved":
        worst = claim.numbers.get("worst")
        told = f"play without regret can leave welfare at {worst:.4g}" if worst is not None else "it was not shown"
        yield f"it is not learner-proof: {told}", "Dominance, or the learner-proof restriction, rules that out."
    if "unique" in wishes and not _unique(proposal):
        yield "other equilibria are left", "Dominance rules them out."
    if "dominant" in wishes and not _dominant(proposal):
        yield "the target is not dominant", "Fines on every move that gains make it so."
    if "coalition-proof" in wishes and (group := _coalition(proposal)):
        yield group, "Forbidding what the group would do holds against it, where payments are passed on within."


def _seen(problem: Problem, asked: str, observed: tuple[str, ...]) -> bool:
    """Whether what has to be seen is one of the facts that can be, or all of them; or what an open player announces."""
    hidden = problem.game.hidden
    announced = [announces(player) for player in problem.game.players if hidden and player not in hidden]
    return asked in (*observed, " and ".join(observed), *announced)


def _claim(proposal: Proposal, words: str) -> Claim:
    """The first claim with these words; an unknown one when there is none."""
    found = (claim for claim in proposal.claims if words in claim.statement)
    return next(found, Claim(words, "unknown", "not looked at"))


def _unique(proposal: Proposal) -> bool:
    """Whether no other equilibrium is left, as far as that was shown."""
    if _claim(proposal, " is the only ").verdict == "proved":
        return True
    if proposal.target is None:
        return False
    claims = Equilibria().answer(Case.of(proposal.governed, proposal.target, worth=proposal.worth))
    return len(claims) > 1 and claims[1].verdict == "proved"


def _dominant(proposal: Proposal) -> bool:
    """Whether the target is dominant in the governed game."""
    if proposal.target is None:
        return False
    table = proposal.governed.dense()
    place, slack = table.profile(proposal.target), 1e-9 * float(np.ptp(table.payoffs))
    own = (np.moveaxis(table.payoffs[..., i], i, 0) for i in range(len(place)))
    return all((column[part] >= column.max(0) - slack).all() for column, part in zip(own, place, strict=True))


def _coalition(proposal: Proposal) -> str:
    """Who could gain together, in words; empty when nobody can."""
    if proposal.target is None:
        return "a lottery is not held together by anything when a group talks"
    claims = Coalitions()(proposal.governed, proposal.target, worth=proposal.worth)
    fallen = next((claim for claim in claims if claim.verdict != "proved"), None)
    return "" if fallen is None else f"a group can gain together ({fallen.statement} {fallen.verdict})"


def _losers(proposal: Proposal) -> str:
    change, players = proposal.effects.change, proposal.governed.players
    slack = 1e-9 * max(map(abs, (*proposal.effects.before, *proposal.effects.after, 1e-300)))
    return " and ".join(name for name in players if change[name] < -slack)


def _anonymous(problem: Problem, proposal: Proposal) -> bool:
    """Whether swapping two players who have the same moves and stakes changes nothing under the institution either.

    Both in what is left of the game with what is paid, and in what is then played.
    """
    table, rewards, slack = proposal.governed.dense(), problem.delegation.rewards, 1e-9 * problem.scale
    for i in range(len(table.sizes)):
        for j in range(i):
            if problem.game.moves[i] != problem.game.moves[j] or not _alike(rewards, i, j, slack):
                continue
            if table.moves[i] != table.moves[j] or not _alike(table.payoffs, i, j, slack):
                return False
            if np.abs(np.swapaxes(proposal.outcome, i, j) - proposal.outcome).max() > 1e-9:
                return False
    return True


def _alike(table: np.ndarray, i: int, j: int, slack: float) -> bool:
    """Whether a table `[A_1, …, A_P, P]` stays the same when players i and j change places."""
    if table.shape[i] != table.shape[j]:
        return False
    order = list(range(table.shape[-1]))
    order[i], order[j] = j, i
    return bool(np.abs(np.swapaxes(table, i, j)[..., order] - table).max() <= slack)


def _held_by_fines(problem: Problem, wishes: Wishes) -> str:
    """The best joint move that nobody gains more by leaving than the fines take."""
    due = dues(np.asarray(problem.delegation.rewards, float), wishes.margin * problem.scale)
    held = due.max(axis=-1) <= (wishes.effective or 0.0) + 1e-9 * problem.scale
    return _best(problem, held, "such fines make an equilibrium")


def _within_budget(problem: Problem, wishes: Wishes) -> str:
    """The best joint move that promises within the budget make an equilibrium."""
    due = dues(np.asarray(problem.delegation.rewards, float), wishes.margin * problem.scale)
    held = due.sum(axis=-1) <= (wishes.budget or 0.0) + 1e-9 * problem.scale
    return _best(problem, held, "that budget makes an equilibrium")


def _best(problem: Problem, possible: np.ndarray, words: str) -> str:
    if not possible.any():
        return "No joint move at all can be held."
    place = np.unravel_index(int(np.argmax(np.where(possible, problem.worth, -np.inf))), problem.worth.shape)
    labels = ", ".join(problem.game.labels(tuple(map(int, place))))
    return f"The best joint move that {words} is ({labels}), with a welfare of {problem.worth[place]:.4g}."
