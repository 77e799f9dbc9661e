"""What a rule has to see, by its kind: one answer for what is proposed and for what somebody brings along."""

from __future__ import annotations

from ..core.institution import Institution
from ..institutions.advice import Advice
from ..institutions.agreement import Agreement
from ..institutions.allotment import Allotment
from ..institutions.ban import Ban
from ..institutions.contract import Contract
from ..institutions.enforced import Enforced
from ..institutions.fines import Fines
from ..institutions.leader import Leader
from ..institutions.mediator import Mediator
from ..institutions.prosocial import Prosocial
from ..institutions.quota import Quota
from ..institutions.subsidy import Subsidy
from ..institutions.tax import Tax
from ..institutions.vote import Vote
from ._proposal import announces
from ._remedy import Problem

Seen = tuple[str, int]
"""What has to be seen, in words, and its step on the scale of `Needs.information`."""

NOTHING: Seen = ("nothing", 0)
OWN: Seen = ("own moves", 2)
ALL: Seen = ("all moves", 3)
DECIDED: Seen = ("what is decided", 1)

KINDS: dict[type[Institution], Seen] = {
    Ban: OWN,
    Fines: OWN,
    Contract: OWN,
    Agreement: OWN,
    Mediator: ("who delegates", 2),
    Vote: ("votes", 1),
    Allotment: ("wishes", 1),
    Advice: NOTHING,
    Prosocial: NOTHING,
}
"""Rules whose kind says what they have to see."""

SCOPES: dict[str, Seen] = {"additive": OWN, "counts": OWN, "profile": ALL}
MEMORY: dict[str, Seen] = {"none": NOTHING, "finite": OWN, "unbounded": ALL}
"""What any other rule has to see to pay, by what it reads, and to remember, by how long."""


def sees(problem: Problem, rule: Institution, *, pays: bool = True, closes: bool = False) -> Seen:
    """What has to be seen for a rule to be carried out, and its step: 0 nothing, 1 a public fact, 2 own, 3 joint moves.

    Parameters
    ----------
    pays : whether any money is moved; a rule of no known kind that moves none has nothing to see for it.
    closes : whether moves are closed: somebody has to see that they are not made.
    """
    if isinstance(rule, Leader):
        return announces(rule.player), 1
    if isinstance(rule, Enforced):  # a rule that is carried out only sometimes sees as much
        return sees(problem, rule.rule, pays=pays, closes=closes)
    if (known := KINDS.get(type(rule))) is not None:
        return known
    if isinstance(rule, Tax | Subsidy | Quota):
        return _fact(problem, rule.on)
    found = (SCOPES[rule.scope] if pays else NOTHING, MEMORY[rule.memory], OWN if closes else NOTHING)
    return max(found, key=lambda one: one[1])


def _fact(problem: Problem, name: str) -> Seen:
    """A fact by its name, and whether everybody sees it; a move by its label is seen with own moves."""
    fact = next((fact for fact in problem.game.facts if fact.name == name), None)
    return OWN if fact is None else (name, 1 if fact.seen_by == "all" else 2)
