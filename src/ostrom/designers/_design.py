"""The verb `design`: every approach that fits, ranked, beside doing nothing and advice alone."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, overload

from ..core.delegation import Delegation
from ..core.errors import InputError
from ..core.game import Game
from ..core.institution import Institution
from ..core.world import World
from . import _design_asks as asks
from ._design_found import Design
from ._design_game import LARGEST as LARGEST
from ._design_game import design_game
from ._worlds import WorldDesign, design_world
from .advice import advice
from .allotment import allotment
from .asking import asking
from .bargained_contract import bargained_contract
from .contract import contract
from .enforcement import enforcement
from .implementation import implementation
from .leadership import leadership
from .mediator import mediator
from .moratorium import moratorium
from .norm import norm
from .prosocial import prosocial
from .quota import quota
from .restriction import SOURCE, restriction
from .sanctions import sanctions
from .tax import tax
from .transfers import transfers
from .vote import vote

APPROACHES: dict[str, asks.Way] = {
    "tax": asks.Way("Tax", partial(asks.tax, tax)),
    "fines": asks.Way("Fines", partial(asks.fines, transfers)),
    "promises": asks.Way("Transfers", partial(asks.promises, transfers)),
    "implementation": asks.Way("Transfers", partial(asks.by_margin, implementation), asks.several),
    "balanced": asks.Way("Transfers", partial(asks.balanced, transfers)),
    "quota": asks.Way("Quota", partial(asks.quota, quota)),
    "restriction": asks.Way("Ban", partial(asks.banned, restriction, "unique", SOURCE)),
    "learner-proof restriction": asks.Way("Ban", partial(asks.banned, restriction, "learner-proof", SOURCE)),
    "contract": asks.Way("Contract", partial(asks.by_margin, contract)),
    "bargained contract": asks.Way("Agreement", partial(asks.bargained, bargained_contract), asks.uneven),
    "mediator": asks.Way("Mediator", partial(asks.by_margin, mediator)),
    "prosocial": asks.Way("Prosocial", partial(asks.by_margin, prosocial)),
    "vote": asks.Way("Vote", partial(asks.voted, vote)),
    "allotment": asks.Way("Allotment", partial(asks.by_margin, allotment), asks.each_its_own),
    "leadership": asks.Way("Leader", partial(asks.led, leadership)),
    "enforcement": asks.Way("Enforced", partial(asks.inspected, enforcement), asks.paid_for),
    "moratorium": asks.Way("GraduatedSanctions", partial(asks.repeated, moratorium, "moratorium"), asks.goes_on),
    "norm": asks.Way("Reputation", partial(asks.repeated, norm, "norm"), asks.goes_on),
    "sanctions": asks.Way("GraduatedSanctions", partial(asks.repeated, sanctions, "sanctions"), asks.named),
    "asking": asks.Way("Escalation", partial(asks.by_margin, asking), asks.astray),
    "advice": asks.Way("Advice", lambda problem, target, wishes: advice(problem, target, seconds=wishes.seconds)),
}
"""Approach -> the institution that it hands out, how it is found, and when it is looked for without being named."""


@overload
def design(
    subject: World, *, among: Iterable[Any] | None = ..., welfare: Any = ..., **training: Any
) -> WorldDesign: ...


@overload
def design(
    subject: Game | Delegation,
    target: Sequence[str] | None = ...,
    *,
    among: Iterable[str | type[Institution]] | None = ...,
    wish: Sequence[str] = ...,
    observed: Sequence[str] | None = ...,
    fine: float | None = ...,
    detection: float = ...,
    budget: float | None = ...,
    inspection: float | None = ...,
    discount: float | None = ...,
    welfare: Any = ...,
    played: Any = ...,
    margin: float = ...,
    weights: Mapping[str, float] | None = ...,
    seconds: float = ...,
    progress: Callable[[str], object] = ...,
) -> Design: ...


def design(
    subject: Game | Delegation | World, target: Sequence[str] | None = None, **asked: Any
) -> Design | WorldDesign:
    """Look for the institution that closes a game's gap, in every way that fits, and rank what was found.

    Of a world, look for the rule under which learners do best: what can be said is then what `design_world` takes
    (`among`, `welfare`, `progress`, `steps`, `learner`, …). None stands for what is usual.

    Parameters
    ----------
    target : the joint move to bring about, by label; default the welfare optimum.
    among : approaches by name ("tax", "fines", …) or institutions (`Tax`, "quota"); default all.
    wish : demands by name: "learner-proof" (no play without regret ends worse), "coalition-proof" (no group gains),
        "dominant", "unique", "balanced" (no money from outside), "voluntary" (nobody has less than now), "anonymous"
        (players who are alike are treated alike).
    observed : the facts that an institution may depend on; default every move can be seen.
    fine : the most that anybody can be made to pay. detection : the chance that payments which somebody has to be made
        to pay come about: amounts are raised to 1 / detection. budget : money from outside per round.
    inspection : what it costs to inspect one player for a round, in payoff units. With it and `fine` it is looked for
        how much enforcement is enough.
    discount : what the next round counts, 0 to 1, where the game is played again and again. Rules that remember are
        looked for then.
    welfare : what is jointly good; default the delegation's own, or the mean over all principals.
    played : the share of every joint move now; default as observed or predicted.
    margin : by how much the target has to be better than leaving it, as a share of the largest range of payoffs; enough
        here that payments may sometimes fail and payoffs be a little off. The designers by themselves take 0.01. Where
        `fine` or `budget` leave no room for it, a tenth or a hundredth of it is taken, and said.
    weights : what each part of a burden counts in the ranking; default `WEIGHTS` of `_weights`.
    seconds : time budget of each approach that searches.
    progress : is told in words what is being looked for.

    Raises
    ------
    InputError : fewer than two players or moves, unknown names; `TooLarge` beyond tables.

    Examples
    --------
    >>> from ostrom.games import PrisonersDilemma
    >>> found = design(PrisonersDilemma(), among=["tax", "quota"])
    >>> found.institution
    Tax(on='D', rate=5.0, shared=True)
    """
    given = {name: value for name, value in {"target": target, **asked}.items() if value is not None}
    if isinstance(subject, World):
        _refuse(design_world, given, f"{type(subject).__name__} is a world")
        return design_world(subject, **given)
    _refuse(design_game, given, "The subject is no world")
    return design_game(APPROACHES, subject, **given)


def _refuse(verb: Callable[..., Any], given: Mapping[str, Any], because: str) -> None:
    """Raise `InputError` for what the verb does not take."""
    unknown = [name for name in given if name not in inspect.signature(verb).parameters]
    if unknown:
        raise InputError(f"design({unknown[0]}=…) was given.", f"{because}.", "Leave it out.")
