"""What a search among players who are alike answers with: a rule for all, and how it is said what it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..core.institution import Institution
from ._alike_crowd import Crowd
from ._proposal import Impossible, Needs

Concept = Literal["dominant", "equilibrium"]


@dataclass(frozen=True, eq=False)
class Rule:
    """A rule that treats players alike.

    Attributes
    ----------
    approach, sentence, needs, source : as of a proposal.
    institution : what is handed out.
    twin : a rule with the same incentives that reads own moves alone; None where there is nothing to change them.
    paid : what each player gets where all make the target's move (negative: pays).
    size : what was made small.
    reserve : the most that all payments from outside together may come to.
    """

    approach: str
    sentence: str
    institution: Institution
    twin: Institution | None
    needs: Needs
    size: float
    source: str
    concept: str = "equilibrium"
    paid: float = 0.0
    reserve: float = 0.0


def does(crowd: Crowd, target: int, concept: str) -> str:
    """What a rule makes of the target, in words that follow "makes"."""
    label = crowd.moves[target]
    if concept == "dominant":
        return f"{label} the best thing to do whatever the others do"
    return f"it an equilibrium that all play {label}"


def idle(approach: str, crowd: Crowd, target: int, concept: str) -> Impossible:
    """There is nothing that the rule would have to change."""
    said = f"Without any, {crowd.moves[target]} is the best thing to do whatever the others do."
    if concept == "equilibrium":
        said = f"Without any, it is an equilibrium that all play {crowd.moves[target]}."
    return Impossible(approach, said, "What is missing is coordination: advice may do.")
