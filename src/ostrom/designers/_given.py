"""Rules that somebody brings along, beside what is proposed: what is played under them, and what they ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from ..audits._case import Case
from ..audits.equilibria import Equilibria
from ..audits.worst_case import WorstCase
from ..core.charter import Charter
from ..core.claim import Claim
from ..core.errors import InputError, OstromError
from ..core.game import Array
from ..core.institution import Institution
from ..core.lifts.govern import Governed, ground_of
from ..core.lifts.plays import Plays
from ..core.lifts.staged import Staged
from ..institutions.prosocial import Prosocial
from ..institutions.vote import Vote
from ..solvers.pure_equilibria import pure_equilibria
from ._proposal import Impossible, Needs, Proposal
from ._remedy import Problem
from ._sees import DECIDED, NOTHING, sees
from ._staged_worst import staged_table, staged_worst
from ._weights import JOINED, anyway

DIGITS = 9
"""Decimals of payoffs, as shares of the largest range, up to which two outcomes are the same."""

SOURCE = "Nash (1950); Selten (1965)"

Settle = Callable[[Problem, Any], Proposal | Impossible]
"""What a rule comes to where it is known what all say under it; or why it comes to nothing."""


def given(
    problem: Problem,
    name: str,
    rules: Sequence[Institution],
    deciding: Mapping[type[Institution], Settle] = MappingProxyType({}),
) -> Proposal | Impossible:
    """The charter as a proposal, looked at as a designer looks at its own.

    Of simultaneous moves it is at the best pure equilibrium. Where a ballot, a contract or an allotment is one that
    nobody has a reason to decide otherwise, it is at that; any other rule that adds a stage is at the worst of its
    subgame-perfect outcomes, since where nobody's vote alone decides anything, everything is one. How many outcomes may
    come, and what they are worth, is said. `Impossible` says why where the charter cannot be laid round the game, where
    nothing pure is played under it, or where its outcomes cannot be listed.

    Parameters
    ----------
    deciding : rules with a stage of their own, and what they come to; the verb `compare` knows the designers of them.

    Raises
    ------
    InputError : a vote that more votes are needed for than there are players.
    """
    _refuse_unreachable(problem, rules)
    said = _decided(problem, rules, deciding)
    try:
        under = _under(problem, rules)
    except OstromError as error:
        if isinstance(said, Proposal):
            return _renamed(said, name, "")
        return Impossible(name, error.what, error.do)
    if isinstance(under, str):
        return Impossible(name, under)
    if isinstance(said, Proposal):
        return _renamed(said, name, under.told(problem))
    against = said.because if isinstance(said, Impossible) and isinstance(rules[0], Vote) else ""
    return _proposal(problem, name, under, against)


def _refuse_unreachable(problem: Problem, rules: Sequence[Institution]) -> None:
    """Raise `InputError` for a vote that could never be carried."""
    seats = len(problem.game.players)
    for rule in rules:
        if isinstance(rule, Vote) and rule.needed > seats:
            raise InputError(
                f"The vote needs {rule.needed} votes to be carried.",
                f"{problem.game.name} has {seats} players, so it never could be.",
                f"Give needed={seats} where all have to agree, or 0 for more than half.",
            )


def _decided(
    problem: Problem, rules: Sequence[Institution], deciding: Mapping[type[Institution], Settle]
) -> Proposal | Impossible | None:
    """What a single rule comes to where it is known what all say under it; None where that is not known."""
    settle = deciding.get(type(rules[0])) if len(rules) == 1 else None
    if settle is None:
        return None
    try:
        return settle(problem, rules[0])
    except OstromError:  # it does not fit, or is too large to be looked at in this way
        return None


def _renamed(found: Proposal, name: str, told: str) -> Proposal:
    """What a designer would say of it, under the name that it was brought along with."""
    sentence = f"{found.sentence} {told}".strip()
    return replace(found, approach=name, sentence=sentence, minimised="nothing: it was given", size=0.0, bound=0.0)


Ends = list[tuple[tuple[str, ...] | None, Array]]
"""What may come of it: the joint move, by label (None in stages), and the rows of `Plays` that it can come to."""


@dataclass(frozen=True, eq=False)
class Under:
    """A game under rules that were brought along, and what may come of it.

    Attributes
    ----------
    rules, governed, plays : the rules, the game under them, and all its plays.
    places : `int[N, P]`, the joint move of the game itself that each play comes to.
    ends : what may come of it, one for each outcome that pays something else. complete : whether that is all.
    worth : the welfare of each end, before payments.
    """

    rules: tuple[Institution, ...]
    governed: Governed | Staged
    plays: Plays
    places: Array
    ends: Ends
    worth: Array
    complete: bool

    @property
    def staged(self) -> bool:
        """Whether something is decided before play."""
        return isinstance(self.governed, Staged)

    @property
    def taken(self) -> int:
        """The end that is taken to be played: the best of simultaneous moves, the worst in stages."""
        return int(np.argmin(self.worth) if self.staged else np.argmax(self.worth))

    def told(self, problem: Problem) -> str:
        """How many outcomes may come, and what they are worth; empty where there is one."""
        if len(self.ends) < 2:
            return ""
        least, most = (f"{value:.4g}" for value in (self.worth.min(), self.worth.max()))
        kind = "subgame-perfect outcomes" if self.staged else "equilibria"
        many = f"{len(self.ends)} {kind} with different payoffs {'may' if self.complete else 'at least may'} come"
        return f"{many}: welfare is {least} at the worst of them, and {most} at the best."


def _under(problem: Problem, rules: Sequence[Institution]) -> Under | str:
    """The game under the rules with all that may come of it; or why nothing is known of that."""
    governed = problem.agents.under(*rules)
    if not isinstance(governed, Governed | Staged):
        return "Its joint moves cannot be listed under these rules."
    plays, complete = Plays(governed.base, Charter(ground_of(governed.base), governed.institutions)), True
    if not all(set(own) <= set(base) for own, base in zip(problem.game.moves, governed.base.moves, strict=True)):
        return "Rules that are there already change what the moves are."
    if isinstance(governed, Staged):
        found = governed.subgame_perfect()
        complete = found.status == "complete"
        ends: Ends = [(None, np.array(point.rows, np.int64)) for point in found.points]
    else:
        ends = _listed(governed, plays)
    if not ends:
        what = "subgame-perfect outcome" if isinstance(governed, Staged) else "pure equilibrium"
        return f"Under it there is no {what}, so nothing says what will be played."
    places = _places(problem, plays)
    worth = problem.worth[tuple(places.T)]
    ends = _distinct(problem, plays, ends, worth)
    means = np.array([plays.chance[rows] @ worth[rows] for _, rows in ends])
    return Under(tuple(rules), governed, plays, places, ends, means, complete)


def _places(problem: Problem, plays: Plays) -> Array:
    """The joint moves that plays come to; one that is forbidden already is never made, and counts as its first."""
    pairs = zip(problem.game.moves, plays.game.moves, strict=True)
    codes = [np.array([own.index(label) if label in own else 0 for label in base]) for own, base in pairs]
    return np.stack([code[plays.settled[2][:, seat]] for seat, code in enumerate(codes)], -1)


def _distinct(problem: Problem, plays: Plays, ends: Ends, worth: Array) -> Ends:
    """One end for each that pays something else; acts that a decision overrides make no other outcome."""
    pays = [np.append(plays.chance[rows] @ plays.payoffs[rows], plays.chance[rows] @ worth[rows]) for _, rows in ends]
    _, first = np.unique(np.round(np.array(pays) / problem.scale, DIGITS) + 0.0, axis=0, return_index=True)
    return [ends[k] for k in np.sort(first)]


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


def _proposal(problem: Problem, name: str, under: Under, against: str) -> Proposal:
    plays, (target, rows) = under.plays, under.ends[under.taken]
    odds = plays.chance[rows]
    outcome = np.zeros(problem.game.sizes)
    np.add.at(outcome, tuple(under.places[rows].T), odds)
    paid = plays.payments - problem.payments[tuple(under.places.T)]  # less what rules that are there already pay
    effects = problem.effects(outcome, odds @ paid[rows])
    worth, claims = _claims(problem, under, target)
    objection = problem.objection(effects)
    return Proposal(
        approach=name,
        institution=_chief(under.rules),
        governed=under.governed,
        target=target,
        outcome=outcome,
        worth=worth,
        sentence=_sentence(problem, name, effects.welfare_after, under),
        needs=_needs(problem, under, paid, rows),
        effects=effects,
        status="optimal",
        minimised="nothing: it was given",
        size=0.0,
        bound=0.0,
        claims=claims,
        objection=f"{against} {objection}".strip() if objection else "",
        source=SOURCE,
        numbers={"equilibria": len(under.ends)},
    )


def _chief(rules: Sequence[Institution]) -> Institution:
    """The layer that weighs by its kind, since people have to join it or to want it; else the outermost."""
    return next((rule for rule in rules if isinstance(rule, Prosocial) or type(rule) in JOINED), rules[-1])


def _sentence(problem: Problem, name: str, after: float, under: Under) -> str:
    target, several = under.ends[under.taken][0], len(under.ends) > 1
    which = "the worst" if several else "the only"
    played = f"{which} subgame-perfect outcome" if target is None else f"({', '.join(target)})"
    return f"Under {name} {played} is played, and welfare is {after:.4g}. {under.told(problem)}".strip()


def _needs(problem: Problem, under: Under, paid: Array, rows: Array) -> Needs:
    plays = under.plays
    legal = plays.legal & (plays.chance > 0)
    forbidden, share = _closed(problem, under, legal)
    pays = bool(np.abs(paid[legal]).max(initial=0.0) > 0)
    closes = share > 0 and not plays.staged
    seen = max((sees(problem, rule, pays=pays, closes=closes) for rule in under.rules), key=lambda one: one[1])
    seen = DECIDED if plays.staged and seen == NOTHING else seen
    return Needs(
        cost=max(0.0, float(plays.chance[rows] @ paid[rows].sum(1))),
        fine=max(0.0, float(-paid[legal].min(initial=0.0))),
        promise=max(0.0, float(paid[legal].max(initial=0.0))),
        forbidden=forbidden,
        share=share,
        observed=seen[0],
        information=seen[1],
    )


def _closed(problem: Problem, under: Under, legal: Array) -> tuple[int, float]:
    """How many moves are closed at most once all is decided and drawn, and the largest share of one player's."""
    history = _history(under.plays)[legal]
    _, history = np.unique(history, return_inverse=True)
    made, sizes = under.places[legal], np.array(problem.game.sizes)
    lost = []
    for seat, size in enumerate(sizes):
        left = np.unique(history * int(size) + made[:, seat]) // int(size)
        lost.append(size - np.bincount(left))
    closed = np.array(lost)
    return int(closed.sum(0).max()), float((closed / sizes[:, None]).max())


def _history(plays: Plays) -> Array:
    """`int[N]`: a number for all that is drawn and chosen before moves are made, the same where that is the same."""
    stages = plays.charter.ground.stages
    act = next((k for k, parts in enumerate(stages) if any(part.name == "act" for part in parts)), len(stages) - 1)
    columns = [
        *plays.faces[: plays.dice_axes],
        *(plays.choice[k][:, seat] for k in range(act) for seat in range(plays.players)),
    ]
    number = np.zeros(plays.rows, np.int64)
    for column in columns:  # renumbered as it grows, so that it stays below the number of plays
        _, number = np.unique(number * (int(column.max(initial=0)) + 1) + column, return_inverse=True)
    return number


def _claims(problem: Problem, under: Under, target: tuple[str, ...] | None) -> tuple[Array, tuple[Claim, ...]]:
    """Welfare of every joint move of the governed game, and what is claimed of it."""
    plays, governed = under.plays, under.governed
    worth = problem.worth[tuple(under.places.T)]
    if isinstance(governed, Governed):
        shape = tuple(plays.widths[0])
        table = np.zeros(shape)
        np.add.at(table, tuple(plays.choice[0].T), plays.chance * worth)
        table = table[np.ix_(*(np.flatnonzero(mask[0]) for mask in plays.allowed[0]))]
        case = Case.of(governed, target, worth=table)
        return table, (*Equilibria().answer(case), *WorstCase().answer(case))
    table = staged_table(governed, worth)
    return table, (*staged_worst(governed, table), *_worst_end(problem, under))


def _worst_end(problem: Problem, under: Under) -> tuple[Claim, ...]:
    """That no subgame-perfect outcome is worth less; `worst` is also at most that without the rule.

    Where plans are too many for learners, what may happen anyway is not ruled out, as it is not of a vote.
    """
    least = float(under.worth.min())
    statement = f"No pure subgame-perfect outcome has a welfare of less than {least:.6g}."
    method = "backward induction over pure play, in float64"
    if not under.complete:
        return (Claim(statement, "unknown", method),)
    numbers = {"worst": float(np.fmin(least, anyway(problem)))}
    return (Claim(statement, "proved", method, 1e-9 * max(1.0, problem.scale), numbers),)
