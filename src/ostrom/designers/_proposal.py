"""What every designer answers with: an institution, what it brings about, what it takes, and what is claimed of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from ..audits._case import Case
from ..audits._certified import certificate_of
from ..audits.equilibria import Equilibria
from ..audits.worst_case import WorstCase
from ..core.certificate import Certificate
from ..core.claim import Claim, Finding
from ..core.game import Array, Game
from ..core.institution import Institution
from ._remedy import Effects, Problem, Profile

Status = Literal["optimal", "bound gap"]


@dataclass(frozen=True, eq=False)
class Needs:
    """What an institution asks of those who run it and live under it, each from 0.

    Attributes
    ----------
    cost : money from outside per round when all goes as planned.
    fine : the largest amount that anybody ever pays, and has to be made to pay: the enforcement capacity. A fine that
        is imposed with probability p has to be 1/p of it.
    promise : the largest amount that anybody is ever promised.
    forbidden : how many moves are forbidden in all.
    share : the largest share of any one player's moves that is forbidden.
    observed : what has to be seen, in words: "nothing", "harvest", "own moves", "all moves".
    information : the same as a number: 0 nothing, 1 a fact that everybody sees, 2 own moves, 3 joint moves.
    """

    cost: float = 0.0
    fine: float = 0.0
    promise: float = 0.0
    forbidden: int = 0
    share: float = 0.0
    observed: str = "nothing"
    information: int = 0


def announces(player: str) -> str:
    """What has to be seen where a player is held to what it says it will do."""
    return f"what {player} announces"


@dataclass(frozen=True, eq=False)
class Proposal:
    """One way to close the gap.

    Attributes
    ----------
    approach : the designer's name ("tax", "restriction", "advice", …).
    institution : what to lay round the game: `game.under(proposal.institution)`.
    governed : what the agents then play (by the rewards they pursue).
    target : the joint move that is brought about, by label of the governed game; None when it is a lottery.
    outcome : the odds of joint moves of the game itself when it works, `float[A_1, …, A_P]`.
    worth : welfare of every joint move of the governed game, before payments.
    sentence : what it does, in one plain sentence.
    needs : what it asks.
    effects : what it does to each player and bystander, compared with what is played now.
    status : "optimal" when nothing cheaper of its kind exists, "bound gap" when the search stopped in time.
    bound : no institution of its kind can need less of what was minimised (`minimised` says what).
    minimised, size : what was made small, and how small it is.
    claims : what was checked, with evidence.
    objection : why it is not proposed; empty when it is.
    source : the literature.
    numbers : particulars.
    """

    approach: str
    institution: Institution
    governed: Game
    target: tuple[str, ...] | None
    outcome: Array
    worth: Array
    sentence: str
    needs: Needs
    effects: Effects
    status: Status
    minimised: str
    size: float
    bound: float
    claims: tuple[Claim, ...]
    objection: str = ""
    source: str = ""
    numbers: Mapping[str, Any] = field(default_factory=dict)

    def certificate(self, problem: Problem) -> Certificate | None:
        """Game, institution and claims, for others to check; None where the table is too large for rationals."""
        if any(label not in own for own, label in zip(self.governed.moves, self.target or (), strict=False)):
            return None
        case = Case.of(self.governed, self.target, worth=self.worth)
        made = certificate_of(self.governed, case, self.claims, before=problem.agents, worth=problem.worth)
        return None if made is None else replace(made, subject=problem.game.name, institution=repr(self.institution))

    @property
    def gained(self) -> float:
        """By how much welfare is higher when it works than as things are."""
        return self.effects.welfare_after - self.effects.welfare_before

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What to do, and why it is not proposed if it is not."""
        said = self.sentence + (f" Not proposed: {self.objection}" if self.objection else "")
        needs = vars(self.needs)
        numbers = {"gained": self.gained, "change": self.effects.change, **needs, **self.numbers}
        return (Finding("remedy", said, self.effects.principals, numbers, self.source),)


@dataclass(frozen=True)
class Impossible:
    """Why an approach cannot do what is asked, and the nearest thing that can be done.

    Attributes
    ----------
    approach : the designer's name.
    because : what is impossible, with the numbers.
    nearest : the nearest possible thing, in a sentence; empty when there is none.
    numbers : what stands behind it.
    """

    approach: str
    because: str
    nearest: str = ""
    numbers: Mapping[str, Any] = field(default_factory=dict)


def propose(
    problem: Problem,
    place: Profile,
    institution: Institution,
    *,
    approach: str,
    sentence: str,
    needs: Needs,
    minimised: str,
    size: float,
    bound: float | None = None,
    status: Status = "optimal",
    claims: Callable[[Game], Sequence[Claim]] = lambda governed: (),
    objection: str = "",
    source: str = "",
    numbers: Mapping[str, Any] | None = None,
) -> Proposal:
    """The proposal of an institution under which the joint move `place` is to be played, with what it pays there."""
    governed = problem.agents.under(institution)
    target, outcome = problem.game.labels(place), problem.surely(place)
    effects = problem.effects(outcome, governed.payments[governed.profile(target)] - problem.payments[place])
    return Proposal(
        approach=approach,
        institution=institution,
        governed=governed,
        target=target,
        outcome=outcome,
        worth=problem.worth_under(governed),
        sentence=sentence,
        needs=needs,
        effects=effects,
        status=status,
        minimised=minimised,
        size=size,
        bound=size if bound is None else bound,
        claims=tuple(claims(governed)),
        objection=objection or problem.objection(effects),
        source=source,
        numbers=numbers or {},
    )


def checked(problem: Problem, governed: Game, place: Profile) -> tuple[Claim, ...]:
    """What the equilibrium and the worst-case audit say of a joint move of a governed game."""
    target, worth = problem.game.labels(place), problem.worth_under(governed)
    return (*Equilibria()(governed, target, worth=worth), *WorstCase()(governed, target, worth=worth))
