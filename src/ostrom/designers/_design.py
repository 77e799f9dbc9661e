"""The verb `design`: every approach that fits, ranked, beside doing nothing and advice alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, overload

import numpy as np

from ..core.certificate import Certificate
from ..core.claim import Claim, Finding
from ..core.delegation import Delegation
from ..core.errors import InputError, TooLarge, UnknownName
from ..core.forms.network import Network
from ..core.forms.normal_form import NormalForm
from ..core.game import Game, amount
from ..core.institution import Institution
from ..core.rooms import key
from ..core.welfare import as_welfare
from ..core.world import World
from ..institutions.ban import Ban
from ._detection import raised
from ._figures import figure
from ._proposal import Impossible, Needs, Proposal, propose
from ._ranking import Ranked, order, ranked, weighed
from ._reasons import kind_of_problem, reason
from ._remedy import Problem
from ._wishes import Wishes, missed
from ._worlds import AMONG, WorldDesign, design_world
from .advice import advice
from .contract import contract
from .mediator import mediator
from .prosocial import prosocial
from .quota import quota
from .restriction import SOURCE, restriction
from .tax import tax
from .transfers import transfers

LARGEST = 50_000
"""Joint moves beyond which no institution is looked for."""

NARROWER = (1.0, 0.1, 0.01)
"""Shares of the margin that are tried, one after the other, where fines or a budget are limited."""

ADVICE = "Advice needs nothing to be seen."

Answer = Proposal | Impossible
Approach = Callable[[Problem, Sequence[str] | None, Wishes], Answer]


def _tax(problem: Problem, target: Sequence[str] | None, wishes: Wishes) -> Answer:
    facts = wishes.observed
    if facts is None:
        return tax(problem, target, margin=wishes.margin)
    if not facts:
        return _blind("tax", "taxed")
    return _mildest([tax(problem, target, on=fact, margin=wishes.margin) for fact in facts])


def _quota(problem: Problem, target: Sequence[str] | None, wishes: Wishes) -> Answer:
    if wishes.observed is None:
        return quota(problem, target)
    if not wishes.observed:
        return _blind("quota", "limited")
    return _mildest([quota(problem, target, on=fact) for fact in wishes.observed])


def _blind(name: str, done: str) -> Impossible:
    return Impossible(name, f"Nothing can be observed, so nothing can be {done}.", ADVICE)


def _mildest(found: Sequence[Answer]) -> Answer:
    """The proposal that moves least money, or forbids least; where there is none, why not."""
    proposals = [one for one in found if isinstance(one, Proposal)]
    return min(proposals, key=lambda one: (one.needs.forbidden, one.needs.fine), default=found[0])


def _fines(problem: Problem, target: Sequence[str] | None, wishes: Wishes) -> Answer:
    if wishes.observed is not None:
        seen = " and ".join(wishes.observed) or "nothing"
        because = f"Fines are on moves of one's own, and what can be seen is {seen}."
        return Impossible("fines", because, "Balanced payments may depend on facts." if wishes.observed else ADVICE)
    found = transfers(problem, target, kind="fines", margin=wishes.margin)
    strong = {"dominant", "learner-proof", "unique"} & set(wishes.named)
    if isinstance(found, Impossible) or wishes.effective is None or found.size <= wishes.effective or strong:
        return found
    return transfers(problem, target, kind="fines", concept="equilibrium", margin=wishes.margin)


def _promises(problem: Problem, target: Sequence[str] | None, wishes: Wishes) -> Answer:
    return transfers(
        problem,
        target,
        margin=wishes.margin,
        observed=wishes.observed,
        budget=wishes.budget,
        voluntary="voluntary" in wishes,
        seconds=wishes.seconds,
    )


def _balanced(problem: Problem, target: Sequence[str] | None, wishes: Wishes) -> Answer:
    return transfers(
        problem,
        target,
        kind="balanced",
        concept="dominant" if {"dominant", "learner-proof", "unique"} & set(wishes.named) else "equilibrium",
        margin=wishes.margin,
        cap=wishes.effective,
        observed=wishes.observed,
        voluntary="voluntary" in wishes,
        seconds=wishes.seconds,
    )


def _banned(problem: Problem, target: Sequence[str] | None, wishes: Wishes, goal: Any) -> Answer:
    """The smallest restriction, as a proposal."""
    name = "restriction" if goal == "unique" else "learner-proof restriction"
    try:
        found = restriction(problem, target, goal=goal, seconds=wishes.seconds / 3)
    except TooLarge as error:
        return Impossible(name, error.what, error.do)
    place = problem.game.profile(found.target)
    return propose(
        problem,
        place,
        Ban(moves=found.bans),
        approach=name,
        sentence=found.sentence,
        needs=Needs(
            forbidden=found.size,
            share=max(len(out) / size for out, size in zip(found.removed, problem.game.sizes, strict=True)),
            observed="own moves",
            information=2,
        ),
        minimised="moves forbidden",
        size=found.weight,
        bound=found.at_least,
        status=found.status,
        claims=lambda governed: found.claims,
        source=SOURCE,
        numbers={"removed": dict(zip(problem.game.players, map(list, found.removed), strict=True))},
    )


APPROACHES: dict[str, tuple[str, Approach]] = {
    "tax": ("Tax", _tax),
    "fines": ("Fines", _fines),
    "promises": ("Transfers", _promises),
    "balanced": ("Transfers", _balanced),
    "quota": ("Quota", _quota),
    "restriction": ("Ban", lambda problem, target, wishes: _banned(problem, target, wishes, "unique")),
    "learner-proof restriction": (
        "Ban",
        lambda problem, target, wishes: _banned(problem, target, wishes, "learner-proof"),
    ),
    "contract": ("Contract", lambda problem, target, wishes: contract(problem, target, margin=wishes.margin)),
    "mediator": ("Mediator", lambda problem, target, wishes: mediator(problem, target, margin=wishes.margin)),
    "prosocial": ("Prosocial", lambda problem, target, wishes: prosocial(problem, target, margin=wishes.margin)),
    "advice": ("Advice", lambda problem, target, wishes: advice(problem, target, seconds=wishes.seconds)),
}
"""Approach -> the institution that it hands out, and how it is found."""


@dataclass(frozen=True, eq=False)
class Design:
    """What could be done about a game, the best first.

    Attributes
    ----------
    name : of the game.
    problem : what is to be mended.
    lines : the proposals that meet every wish, ranked; those with an objection last.
    impossible : approaches that cannot do what is asked, with why, and the nearest possible thing.
    welfare_now, welfare_best : as things are, and at the optimum.
    advised : welfare of the best advice alone; None when it was not found.
    control : what the first approach proposes to gain in the zero-sum version of the game, where nothing can be
        gained: 0 unless something is wrong; None where there is no proposal.
    because : why the first line is first, and what kind of problem it is.
    """

    name: str
    problem: Problem
    lines: tuple[Ranked, ...]
    impossible: tuple[Impossible, ...]
    welfare_now: float
    welfare_best: float
    advised: float | None
    control: float | None
    because: str

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """The proposals, the best first."""
        return tuple(line.proposal for line in self.lines)

    @property
    def best(self) -> Proposal | None:
        """The first proposal that nothing speaks against; None when there is none."""
        return next((one for one in self.proposals if not one.objection), None)

    @property
    def institution(self) -> Institution:
        """The institution of the first proposal; an `InputError` says why there is none."""
        if self.best is None:
            raise InputError(f"No institution is proposed for {self.name}.", self.because, self._nearest)
        return self.best.institution

    @property
    def _nearest(self) -> str:
        return next((one.nearest for one in self.impossible if one.nearest), "Ask for less.")

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims of the first proposal."""
        return self.best.claims if self.best is not None else ()

    @property
    def certificate(self) -> Certificate | None:
        """The certificate of the first proposal; None when there is none, or its table is too large."""
        return self.best.certificate(self.problem) if self.best is not None else None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What comes first and why, then every proposal, then what is impossible."""
        first = Finding("design", self.because, self.problem.delegation.principals)
        told = [finding for one in self.proposals for finding in one.findings]
        cannot = [
            Finding("impossible", f"{one.approach.capitalize()}: {one.because} {one.nearest}".strip(), (), one.numbers)
            for one in self.impossible
        ]
        return first, *told, *cannot

    def to_dict(self) -> dict[str, Any]:
        """All of it by name."""
        parts = ("name", "because", "welfare_now", "welfare_best", "advised", "control", "lines", "impossible")
        return {part: getattr(self, part) for part in parts}


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
    welfare: Any = ...,
    played: Any = ...,
    margin: float = ...,
    weights: Mapping[str, float] | None = ...,
    seconds: float = ...,
    progress: Callable[[str], object] = ...,
) -> Design: ...


def design(
    subject: Game | Delegation | World,
    target: Sequence[str] | None = None,
    *,
    among: Iterable[str | type[Institution]] | None = None,
    wish: Sequence[str] = (),
    observed: Sequence[str] | None = None,
    fine: float | None = None,
    detection: float = 1.0,
    budget: float | None = None,
    welfare: Any = None,
    played: Any = None,
    margin: float = 0.1,
    weights: Mapping[str, float] | None = None,
    seconds: float = 30.0,
    progress: Callable[[str], object] = lambda stage: None,
    **training: Any,
) -> Design | WorldDesign:
    """Look for the institution that closes a game's gap, in every way that fits, and rank what was found.

    Of a world, look for the rule under which learners do best: `among`, `welfare`, `progress` and what `design_world`
    takes besides (`steps`, `learner`, …) are then what can be said.

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
    if isinstance(subject, World):
        usual = {"target": None, "wish": (), "observed": None, "fine": None, "detection": 1.0, "budget": None}
        given = {"target": target, "wish": wish, "observed": observed, "fine": fine, "detection": detection}
        given |= {"budget": budget, "played": played, "weights": weights}
        unusual = [name for name, value in given.items() if value != usual.get(name)]
        _refuse(unusual, f"{type(subject).__name__} is a world")
        kinds = AMONG if among is None else among
        return design_world(subject, among=kinds, welfare=welfare, progress=progress, **training)
    _refuse(list(training), "The subject is no world")
    if isinstance(subject, Network):
        raise InputError(
            f"{subject.name} is a road network, whose players are crowds.",
            "Crowds take no part in promises, contracts or votes.",
            "Call design_roads(network), which looks for tolls and roads to close.",
        )
    problem = _problem(subject, welfare, played)
    facts = None if observed is None else _several(observed)
    wishes = Wishes(_several(wish), facts, fine, detection, budget, margin, seconds)
    lines, impossible, advised = [], [], None
    weighing = weighed(weights)
    for name in _chosen(among):
        progress(f"Looking for {name}")
        answer = _answer(name, problem, target, wishes)
        if isinstance(answer, Proposal):
            advised = answer.effects.welfare_after if name == "advice" and target is None else advised
            lines.append(ranked(problem, answer, weighing))
        else:
            impossible.append(answer)
    if advised is None:
        found = advice(problem, seconds=seconds)
        advised = found.effects.welfare_after if isinstance(found, Proposal) else None
    lines.sort(key=lambda line: order(problem, line))
    return Design(
        name=problem.game.name,
        problem=problem,
        lines=tuple(lines),
        impossible=tuple(impossible),
        welfare_now=float((problem.now * problem.worth).sum()),
        welfare_best=float(problem.worth.max()),
        advised=advised,
        control=_control(problem, lines[0].proposal, wishes) if lines else None,
        because=" ".join(_because(problem, lines, advised)),
    )


def _answer(name: str, problem: Problem, target: Sequence[str] | None, wishes: Wishes) -> Answer:
    """What an approach proposes within the wishes; where money is limited, with less of a margin if need be."""
    limited = wishes.fine is not None or wishes.budget is not None
    answer: Answer = Impossible(name, "Nothing was looked for.")
    for share in NARROWER if limited else NARROWER[:1]:
        asked = replace(wishes, margin=wishes.margin * share)
        answer = APPROACHES[name][1](problem, target, asked)
        if isinstance(answer, Impossible):
            continue
        answer = raised(problem, answer, wishes.detection)
        misses = list(missed(problem, answer, asked))
        if not misses:
            thin = f" The margin is {figure(100 * asked.margin)} % of the range of payoffs only, for want of money."
            pays = max(answer.needs.fine, answer.needs.promise) > 0
            return replace(answer, sentence=answer.sentence + thin) if share < 1 and pays else answer
        because = f"{answer.sentence} But {'; '.join(why for why, _ in misses)}."
        answer = Impossible(name, because, misses[0][1])
    return answer


def _refuse(names: list[str], because: str) -> None:
    if names:
        raise InputError(f"design({names[0]}=…) was given.", f"{because}.", "Leave it out.")


def _several(names: str | Iterable[str]) -> tuple[str, ...]:
    """Names, of which there may be only one."""
    return (names,) if isinstance(names, str) else tuple(names)


def _problem(subject: Game | Delegation, welfare: Any, played: Any) -> Problem:
    problem = Problem(subject, played)
    if problem.game.size > LARGEST:
        raise TooLarge(
            f"{problem.game.name} has {amount(problem.game.size)} joint moves.",
            f"Institutions are looked for in games of up to {LARGEST:,}, whose joint moves can all be listed.",
            "Call design_alike(game), by counts, if its players are alike (Symmetric); else use fewer of them.",
        )
    if welfare is not None:
        delegation = Delegation(
            problem.game,
            rewards=problem.delegation.rewards,
            utilities=problem.delegation.utilities,
            precision=problem.delegation.precision,
            observed_joint=problem.delegation.observed,
            welfare=as_welfare(welfare),
        )
        problem = Problem(delegation, played)
    return problem


def _chosen(among: Iterable[str | type[Institution]] | None) -> list[str]:
    """Names of approaches, in the order in which they are known."""
    if among is None:
        return list(APPROACHES)
    listed = [among] if isinstance(among, str | type) else among
    wanted = [one if isinstance(one, str) else one.__name__ for one in listed]
    found = set()
    for name in wanted:
        fits = {a for a, (made, _) in APPROACHES.items() if key(name) in (key(a), key(made))}
        if not fits:
            raise UnknownName("approach", name, {*APPROACHES, *(made for made, _ in APPROACHES.values())})
        found |= fits
    return [name for name in APPROACHES if name in found]


def _control(problem: Problem, first: Proposal, wishes: Wishes) -> float:
    """What the same approach proposes to gain where every payoff is less the mean of all: it should be nothing."""
    utilities, count = problem.delegation.utilities, len(problem.game.players)
    level = utilities - utilities.mean(-1, keepdims=True)
    game = NormalForm(
        level[..., :count],
        players=problem.game.players,
        moves=problem.game.moves,
        bystanders=problem.game.bystanders,
        bystander_payoffs=level[..., count:],
        facts=problem.game.facts,
    )
    answer = APPROACHES[first.approach][1](Problem(game, problem.now), None, wishes)
    return answer.gained if isinstance(answer, Proposal) and not answer.objection else 0.0


def _because(problem: Problem, lines: list[Ranked], advised: float | None) -> Iterator[str]:
    yield kind_of_problem(problem, advised)
    good = [line for line in lines if not line.proposal.objection]
    if good:
        yield reason(problem, good[0], good[1] if len(good) > 1 else None)
    elif lines:
        yield f"Nothing is proposed: {lines[0].proposal.objection}"
    elif float(np.ptp(problem.worth)) > 0:
        yield "Nothing that was looked for meets every wish."
