"""How every approach is asked for what it proposes, within what was wished.

What finds it is given by the verb `design`, which knows all members of the room.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..core.errors import TooLarge
from ..institutions.ban import Ban
from ._closed import apart
from ._detection import raised
from ._figures import figure
from ._proposal import Impossible, Needs, Proposal, propose
from ._remedy import Problem
from ._sees import sees
from ._wishes import Wishes, missed

NARROWER = (1.0, 0.1, 0.01)
"""Shares of the margin that are tried, one after the other, where fines or a budget are limited."""

ADVICE = "Advice needs nothing to be seen."

FEW = 64
"""Joint moves up to which promises for a whole set are looked for without being asked for."""

STRONG = frozenset({"dominant", "learner-proof", "unique"})
"""Wishes that an equilibrium alone does not meet."""

Answer = Proposal | Impossible
Approach = Callable[[Problem, Sequence[str] | None, Wishes], Answer]
Find = Callable[..., Any]


def always(problem: Problem, target: Sequence[str] | None, wishes: Wishes) -> bool:
    """Whatever the game and the wishes are."""
    return True


def named(problem: Problem, target: Sequence[str] | None, wishes: Wishes) -> bool:
    """Never: it is asked when somebody names it, because it does less than was asked for."""
    return False


@dataclass(frozen=True)
class Way:
    """One approach.

    Attributes
    ----------
    hands_out : the name of the institution it proposes.
    ask : what it proposes within the wishes.
    fits : whether it is asked, of a game, a target and wishes, when nobody has named it.
    """

    hands_out: str
    ask: Approach
    fits: Callable[[Problem, Sequence[str] | None, Wishes], bool] = always


def answer(name: str, approach: Approach, problem: Problem, target: Sequence[str] | None, wishes: Wishes) -> Answer:
    """What an approach proposes within the wishes; where money is limited, with less of a margin if need be."""
    limited = wishes.fine is not None or wishes.budget is not None
    found: Answer = Impossible(name, "Nothing was looked for.")
    for share in NARROWER if limited else NARROWER[:1]:
        asked = replace(wishes, margin=wishes.margin * share)
        found = approach(problem, target, asked)
        if isinstance(found, Impossible):
            continue
        found = raised(problem, found, wishes.detection)
        misses = list(missed(problem, found, asked))
        if not misses:
            thin = f" The margin is {figure(100 * asked.margin)} % of the range of payoffs only, for want of money."
            pays = max(found.needs.fine, found.needs.promise) > 0
            return replace(found, sentence=found.sentence + thin) if share < 1 and pays else found
        because = f"{found.sentence} But {'; '.join(why for why, _ in misses)}."
        found = Impossible(name, because, misses[0][1])
    return found


def tax(find: Find, problem: Problem, target: Sequence[str] | None, wishes: Wishes) -> Answer:
    """A tax on a move, or on whichever of the facts takes the least money."""
    facts = wishes.observed
    if facts is None:
        return find(problem, target, margin=wishes.margin)
    if not facts:
        return _blind("tax", "taxed")
    return _mildest([find(problem, target, on=fact, margin=wishes.margin) for fact in facts])


def quota(find: Find, problem: Problem, target: Sequence[str] | None, wishes: Wishes) -> Answer:
    """A quota on a move, or on whichever of the facts it forbids the least of."""
    if wishes.observed is None:
        return find(problem, target)
    if not wishes.observed:
        return _blind("quota", "limited")
    return _mildest([find(problem, target, on=fact) for fact in wishes.observed])


def fines(find: Find, problem: Problem, target: Sequence[str] | None, wishes: Wishes) -> Answer:
    """Fines that make the target a matter of course; where those are too large, an equilibrium."""
    if wishes.observed is not None:
        seen = " and ".join(wishes.observed) or "nothing"
        because = f"Fines are on moves of one's own, and what can be seen is {seen}."
        return Impossible("fines", because, "Balanced payments may depend on facts." if wishes.observed else ADVICE)
    found = find(problem, target, kind="fines", margin=wishes.margin)
    strong = STRONG & set(wishes.named)
    if isinstance(found, Impossible) or wishes.effective is None or found.size <= wishes.effective or strong:
        return found
    return find(problem, target, kind="fines", concept="equilibrium", margin=wishes.margin)


def promises(find: Find, problem: Problem, target: Sequence[str] | None, wishes: Wishes) -> Answer:
    """Payments promised in advance, within the budget."""
    return find(
        problem,
        target,
        margin=wishes.margin,
        observed=wishes.observed,
        budget=wishes.budget,
        voluntary="voluntary" in wishes,
        seconds=wishes.seconds,
    )


def balanced(find: Find, problem: Problem, target: Sequence[str] | None, wishes: Wishes) -> Answer:
    """Payments among the players that sum to nothing, within what they can be made to pay."""
    return find(
        problem,
        target,
        kind="balanced",
        concept="dominant" if STRONG & set(wishes.named) else "equilibrium",
        margin=wishes.margin,
        cap=wishes.effective,
        observed=wishes.observed,
        voluntary="voluntary" in wishes,
        seconds=wishes.seconds,
    )


def by_margin(find: Find, problem: Problem, target: Sequence[str] | None, wishes: Wishes) -> Answer:
    """What takes a margin and nothing else."""
    return find(problem, target, margin=wishes.margin)


def voted(find: Find, problem: Problem, target: Sequence[str] | None, wishes: Wishes) -> Answer:
    """A vote, with a tenth of the margin: what a ballot brings is what is voted on, and cannot be made more."""
    return find(problem, target, margin=wishes.margin * NARROWER[1])


def led(find: Find, problem: Problem, target: Sequence[str] | None, wishes: Wishes) -> Answer:
    """Whoever leads best, of those whose moves others see."""
    open_ = [name for name in problem.game.players if name not in problem.game.hidden]
    if len(open_) == len(problem.game.players):
        return find(problem, target, margin=wishes.margin)
    if not open_:
        return Impossible("leadership", "Nobody's moves are seen, so nobody can be held to what it announces.", ADVICE)
    found = [find(problem, target, player=name, margin=wishes.margin) for name in open_]
    proposals = [one for one in found if isinstance(one, Proposal)]
    return max(proposals, key=lambda one: one.gained, default=found[0])


def inspected(find: Find, problem: Problem, target: Sequence[str] | None, wishes: Wishes) -> Answer:
    """The least odds of inspection under the largest fine there is."""
    if wishes.fine is None or wishes.inspection is None:
        because = "How much enforcement is enough depends on the largest fine, and on what an inspection costs"
        return Impossible("enforcement", f"{because}.", "Say both: fine=… and inspection=….")
    concept = "dominant" if STRONG & set(wishes.named) else "equilibrium"
    more = {"inspection": wishes.inspection, "most": wishes.detection, "concept": concept, "margin": wishes.margin}
    return find(problem, target, fine=wishes.fine, **more)


def bargained(find: Find, problem: Problem, target: Sequence[str] | None, wishes: Wishes) -> Answer:
    """A contract with payments, within what anybody can be made to pay and what a court can see."""
    limits = {"cap": wishes.fine, "observed": wishes.observed, "detection": wishes.detection}
    return find(problem, target, margin=wishes.margin, **limits)


def repeated(find: Find, name: str, problem: Problem, target: Sequence[str] | None, wishes: Wishes) -> Answer:
    """A rule that remembers, for a game that is played again and again."""
    if wishes.discount is None:
        because = "A rule that remembers could change nothing in a game that is played once."
        return Impossible(name, because, "Say what the next round counts: discount=….")
    return find(problem, target, discount=wishes.discount, margin=wishes.margin)


def paid_for(problem: Problem, target: Sequence[str] | None, wishes: Wishes) -> bool:
    """Whether it is known what an inspection costs, and how much can be taken."""
    return wishes.inspection is not None and wishes.fine is not None


def goes_on(problem: Problem, target: Sequence[str] | None, wishes: Wishes) -> bool:
    """Whether the game is played again and again."""
    return wishes.discount is not None


def astray(problem: Problem, target: Sequence[str] | None, wishes: Wishes) -> bool:
    """Whether an agent pursues something else than its principal's utility."""
    count = len(problem.game.players)
    return not np.array_equal(problem.delegation.rewards, problem.delegation.utilities[..., :count])


def uneven(problem: Problem, target: Sequence[str] | None, wishes: Wishes) -> bool:
    """Whether a contract has to ask different things of players, or to make up for what somebody loses."""
    place = problem.target(target)
    if len(set(problem.game.labels(place))) > 1:
        return True
    change = problem.effects(problem.surely(place)).change
    return any(change[name] < -1e-9 * problem.scale for name in problem.game.players)


def each_its_own(problem: Problem, target: Sequence[str] | None, wishes: Wishes) -> bool:
    """Whether all are to do something else, each of which anybody could do."""
    return apart(problem, problem.target(target))


def several(problem: Problem, target: Sequence[str] | None, wishes: Wishes) -> bool:
    """Whether several joint moves of a small game are about as good, so that promises may leave open which is made."""
    if target is not None or problem.game.size > FEW:
        return False
    good = problem.worth >= problem.worth.max() - 0.1 * np.ptp(problem.worth)
    return int(good.sum()) > 1


def banned(
    find: Find, goal: str, source: str, problem: Problem, target: Sequence[str] | None, wishes: Wishes
) -> Answer:
    """The smallest restriction, as a proposal."""
    name = "restriction" if goal == "unique" else "learner-proof restriction"
    try:
        found = find(problem, target, goal=goal, seconds=wishes.seconds / 3)
    except TooLarge as error:
        return Impossible(name, error.what, error.do)
    place, institution = problem.game.profile(found.target), Ban(moves=found.bans)
    seen, step = sees(problem, institution)
    return propose(
        problem,
        place,
        institution,
        approach=name,
        sentence=found.sentence,
        needs=Needs(
            forbidden=found.size,
            share=max(len(out) / size for out, size in zip(found.removed, problem.game.sizes, strict=True)),
            observed=seen,
            information=step,
        ),
        minimised="moves forbidden",
        size=found.weight,
        bound=found.at_least,
        status=found.status,
        claims=lambda governed: found.claims,
        source=source,
        numbers={"removed": dict(zip(problem.game.players, map(list, found.removed), strict=True))},
    )


def _blind(name: str, done: str) -> Impossible:
    return Impossible(name, f"Nothing can be observed, so nothing can be {done}.", ADVICE)


def _mildest(found: Sequence[Answer]) -> Answer:
    """The proposal that moves least money, or forbids least; where there is none, why not."""
    proposals = [one for one in found if isinstance(one, Proposal)]
    return min(proposals, key=lambda one: (one.needs.forbidden, one.needs.fine), default=found[0])
