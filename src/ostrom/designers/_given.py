"""Rules that somebody brings along, beside what is proposed: what is played under them, and what they ask."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..audits._case import Case
from ..audits.equilibria import Equilibria
from ..audits.worst_case import WorstCase
from ..core.charter import Charter
from ..core.claim import Claim
from ..core.errors import OstromError, TooLarge
from ..core.game import Array, Game
from ..core.institution import Institution
from ..core.lifts.govern import Governed, ground_of
from ..core.lifts.plays import Plays
from ..core.lifts.staged import Staged
from ..solvers.pure_equilibria import pure_equilibria
from ._proposal import Impossible, Needs, Proposal
from ._remedy import Problem

PLANS = 20_000
"""Joint plans of a game in stages up to which what learners may end in is looked at."""

SEEN = {"none": ("nothing", 0), "finite": ("own moves", 2), "unbounded": ("all moves", 3)}
SCOPES = {"additive": ("own moves", 2), "counts": ("own moves", 2), "profile": ("all moves", 3)}
"""What has to be seen for a rule to pay, by what it reads; one that pays nothing only has to see what is decided."""

SOURCE = "Nash (1950); Selten (1965)"


def given(problem: Problem, name: str, rules: Sequence[Institution]) -> Proposal | Impossible:
    """The charter as a proposal: at the best pure equilibrium under it, or the best subgame-perfect outcome.

    Where it has several, learners and the worst case say what else may come. `Impossible` says why where it cannot be
    laid round the game, where nothing pure is played under it, or where its outcomes cannot be listed.
    """
    try:
        governed = problem.agents.under(*rules)
        if not isinstance(governed, Governed | Staged):
            return Impossible(name, "Its joint moves cannot be listed under these rules.")
        plays = Plays(governed.base, Charter(ground_of(governed.base), governed.institutions))
        ends = _staged(governed) if isinstance(governed, Staged) else _listed(governed, plays)
    except OstromError as error:
        return Impossible(name, error.what, error.do)
    if not ends:
        what = "subgame-perfect outcome" if isinstance(governed, Staged) else "pure equilibrium"
        return Impossible(name, f"Under it there is no {what}, so nothing says what will be played.")
    worth = problem.worth.ravel()[np.ravel_multi_index(tuple(plays.settled[2].T), problem.game.sizes)]
    means = [float(plays.chance[rows] @ worth[rows]) for _, rows in ends]
    return _proposal(problem, name, rules, governed, plays, ends, int(np.argmax(means)))


Ends = list[tuple[tuple[str, ...] | None, Array]]
"""What may come of it: the joint move, by label (None in stages), and the rows of `Plays` that it can come to."""


def _listed(governed: Governed, plays: Plays) -> Ends:
    """The pure equilibria of a game without stages."""
    found = pure_equilibria(governed)
    allowed = [np.flatnonzero(mask[0]) for mask in plays.allowed[0]]
    made = plays.choice[0]
    ends = []
    for profile in found.profiles:
        chosen = np.array([own[k] for own, k in zip(allowed, profile, strict=True)])
        ends.append((governed.labels(tuple(profile)), np.flatnonzero((made == chosen).all(1) & (plays.chance > 0))))
    return ends


def _staged(governed: Staged) -> Ends:
    return [(None, np.array(point.rows, np.int64)) for point in governed.subgame_perfect().points]


def _proposal(
    problem: Problem, name: str, rules: Sequence[Institution], governed: Game, plays: Plays, ends: Ends, best: int
) -> Proposal:
    target, rows = ends[best]
    odds = plays.chance[rows]
    outcome = np.zeros(problem.game.sizes)
    np.add.at(outcome, tuple(plays.settled[2][rows].T), odds)
    paid = plays.payments - _before(problem, plays)
    effects = problem.effects(outcome, odds @ paid[rows])
    worth, claims = _claims(problem, governed, plays, target)
    others = len(ends) - 1
    return Proposal(
        approach=name,
        institution=rules[-1],
        governed=governed,
        target=target,
        outcome=outcome,
        worth=worth,
        sentence=_sentence(problem, name, effects.welfare_after, target, others),
        needs=_needs(problem, rules, plays, paid, rows),
        effects=effects,
        status="optimal",
        minimised="nothing: it was given",
        size=0.0,
        bound=0.0,
        claims=claims,
        objection=problem.objection(effects),
        source=SOURCE,
        numbers={"equilibria": len(ends)},
    )


def _sentence(problem: Problem, name: str, after: float, target: tuple[str, ...] | None, others: int) -> str:
    played = "the best subgame-perfect outcome" if target is None else f"({', '.join(target)})"
    many = "" if not others else f", one of {others + 1} that may come"
    return f"Under {name} {played} is played{many}, and welfare is {after:.4g}."


def _before(problem: Problem, plays: Plays) -> Array:
    """What rules that are there already pay at the joint move that each play comes to."""
    return problem.payments[tuple(plays.settled[2].T)]


def _needs(problem: Problem, rules: Sequence[Institution], plays: Plays, paid: Array, rows: Array) -> Needs:
    legal = plays.legal & (plays.chance > 0)
    reached = plays.settled[2][legal]
    sizes = problem.game.sizes
    closed = [size - len(np.unique(reached[:, k])) for k, size in enumerate(sizes)]
    pays = bool(np.abs(paid[legal]).max(initial=0.0) > 0)
    seen = max((SCOPES[rule.scope] if pays else ("nothing", 0) for rule in rules), key=lambda one: one[1])
    seen = max([seen, *(SEEN[rule.memory] for rule in rules)], key=lambda one: one[1])
    stage = ("what is decided", 1) if plays.staged and seen[1] == 0 else seen
    return Needs(
        cost=max(0.0, float(plays.chance[rows] @ paid[rows].sum(1))),
        fine=max(0.0, float(-paid[legal].min(initial=0.0))),
        promise=max(0.0, float(paid[legal].max(initial=0.0))),
        forbidden=sum(closed),
        share=max(lost / size for lost, size in zip(closed, sizes, strict=True)),
        observed=stage[0],
        information=stage[1],
    )


def _claims(
    problem: Problem, governed: Game, plays: Plays, target: tuple[str, ...] | None
) -> tuple[Array, tuple[Claim, ...]]:
    """Welfare of every joint move of the governed game, and what is claimed of it; nothing where plans are too many."""
    worth = problem.worth[tuple(plays.settled[2].T)]
    if isinstance(governed, Governed):
        shape = tuple(plays.widths[0])
        table = np.zeros(shape)
        np.add.at(table, tuple(plays.choice[0].T), plays.chance * worth)
        table = table[np.ix_(*(np.flatnonzero(mask[0]) for mask in plays.allowed[0]))]
        case = Case.of(governed, target, worth=table)
        return table, (*Equilibria().answer(case), *WorstCase().answer(case))
    assert isinstance(governed, Staged)
    try:
        if np.prod([float(len(own)) for own in governed.moves]) > PLANS:
            return np.zeros(0), ()
        table = governed._at_strategies(np.repeat(worth[:, None], len(governed.players), 1))[..., 0]
    except TooLarge:
        return np.zeros(0), ()
    case = Case.of(governed, None, worth=table)
    return table, tuple(WorstCase().answer(case))
