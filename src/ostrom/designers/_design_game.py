"""The search for an institution of a table game: every approach is asked, and what it proposes is ranked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ..core.delegation import Delegation
from ..core.errors import InputError, TooLarge, UnknownName
from ..core.forms.network import Network
from ..core.forms.normal_form import NormalForm
from ..core.game import Game, amount
from ..core.institution import Institution
from ..core.rooms import key
from ..core.welfare import as_welfare
from ._design_asks import Way, answer
from ._design_found import Design, because
from ._proposal import Proposal
from ._ranking import order, ranked, weighed
from ._remedy import Problem, combined
from ._wishes import Wishes

LARGEST = 50_000
"""Joint moves beyond which no institution is looked for."""

Approaches = Mapping[str, Way]


def design_game(
    approaches: Approaches,
    subject: Game | Delegation,
    target: Sequence[str] | None = None,
    *,
    among: Iterable[str | type[Institution]] | None = None,
    wish: Sequence[str] = (),
    observed: Sequence[str] | None = None,
    fine: float | None = None,
    detection: float = 1.0,
    budget: float | None = None,
    inspection: float | None = None,
    discount: float | None = None,
    welfare: Any = None,
    played: Any = None,
    margin: float = 0.1,
    weights: Mapping[str, float] | None = None,
    seconds: float = 30.0,
    progress: Callable[[str], object] = lambda stage: None,
) -> Design:
    """What `design` does of a table game, by `approaches`."""
    if isinstance(subject, Network):
        raise InputError(
            f"{subject.name} is a road network, whose players are crowds.",
            "Crowds take no part in promises, contracts or votes.",
            "Call design_roads(network), which looks for tolls and roads to close.",
        )
    problem = _problem(subject, welfare, played)
    unseen = () if problem.game.hidden else None
    facts = unseen if observed is None else _several(observed)
    wished = bool(wish) or detection < 1 or any(limit is not None for limit in (observed, fine, budget))
    wishes = Wishes(_several(wish), facts, fine, detection, budget, inspection, discount, margin, seconds)
    lines, impossible, advised = [], [], None
    weighing = weighed(weights)
    fitting = [name for name, way in approaches.items() if way.fits(problem, target, wishes)]
    for name in fitting if among is None else _chosen(approaches, among):
        progress(f"Looking for {name}")
        found = answer(name, approaches[name].ask, problem, target, wishes)
        if isinstance(found, Proposal):
            advised = found.effects.welfare_after if name == "advice" and target is None else advised
            lines.append(ranked(problem, found, weighing))
        else:
            impossible.append(found)
    if advised is None:
        found = approaches["advice"].ask(problem, None, wishes)
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
        control=_control(approaches, problem, lines[0].proposal, wishes) if lines else None,
        because=" ".join(because(problem, lines, advised, target, wished)),
    )


def _several(names: str | Iterable[str]) -> tuple[str, ...]:
    """Names, of which there may be only one."""
    return (names,) if isinstance(names, str) else tuple(names)


def _problem(subject: Game | Delegation, welfare: Any, played: Any) -> Problem:
    problem = Problem(subject, played)
    if why := combined(problem.game):
        raise InputError(
            f"Nothing is looked for: {why}",
            "A tax, a fine or a ban would have to name a combination of choices.",
            "Design for the game without the rule that adds a choice, and lay that round it afterwards.",
        )
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


def _chosen(approaches: Approaches, among: Iterable[str | type[Institution]]) -> list[str]:
    """Names of approaches, in the order in which they are known."""
    listed = [among] if isinstance(among, str | type) else among
    wanted = [one if isinstance(one, str) else one.__name__ for one in listed]
    found = set()
    for name in wanted:
        fits = {a for a, way in approaches.items() if key(name) in (key(a), key(way.hands_out))}
        if not fits:
            raise UnknownName("approach", name, {*approaches, *(way.hands_out for way in approaches.values())})
        found |= fits
    return [name for name in approaches if name in found]


def _control(approaches: Approaches, problem: Problem, first: Proposal, wishes: Wishes) -> float:
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
    found = approaches[first.approach].ask(Problem(game, problem.now), None, wishes)
    return found.gained if isinstance(found, Proposal) and not found.objection else 0.0
