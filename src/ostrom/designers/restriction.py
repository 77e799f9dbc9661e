"""The fewest moves to forbid so that the welfare optimum is the only pure equilibrium left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.claim import Claim, Finding
from ..core.delegation import Delegation, as_delegation
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Game, require_interaction
from ..core.solution import Status
from ..solvers.correlated import correlated
from ._remedy import Effects, Problem, precision
from ._removals import Search

SUBSETS = 2**16
"""Sets of moves tried before the search for the smallest stops."""

SOURCE = "Smallest restriction of moves, by exhaustive search; after Oesterle and Sharon (AAAI 2023)"


@dataclass(frozen=True)
class Restriction:
    """Moves to forbid so that a joint move is the only pure equilibrium of what is left.

    Attributes
    ----------
    target : the joint move, by label.
    removed, kept : the moves of each player that are forbidden, and that stay open, by label.
    size : how many are forbidden in all.
    at_least : no smaller restriction does it; equal to `size` when the search was complete.
    status : "complete" when every smaller set was tried, "timed out" when only some were; then what is given cannot
        be made smaller by allowing a single move again.
    effects : what it does to each player and bystander, compared with what is played now.
    objection : why it is not proposed; empty when it is.
    claim : that the target is the only pure equilibrium of what is left, checked again on the restricted table.
    learners : that play without regret, too, can lead to nothing worse (the worst coarse correlated equilibrium).
    governed : the agents' game with the moves that are left.
    """

    target: tuple[str, ...]
    removed: tuple[tuple[str, ...], ...]
    kept: tuple[tuple[str, ...], ...]
    size: int
    at_least: int
    status: Status
    effects: Effects
    objection: str
    claim: Claim
    learners: Claim
    governed: NormalForm

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What to forbid to whom, and for whom it is better or worse."""
        where = f"({', '.join(self.target)})"
        players = self.governed.players
        bans = [f"{', '.join(out)} to {name}" for name, out in zip(players, self.removed, strict=True) if out]
        if len(set(self.removed)) == 1:
            bans = [f"{', '.join(self.removed[0])} to everybody"] * (self.size > 0)
        said = (
            f"Forbidding {' and '.join(bans)} leaves {where} as the only pure equilibrium."
            if bans
            else f"Nothing needs to be forbidden: {where} is the only pure equilibrium."
        )
        said += f" Not proposed: {self.objection}" if self.objection else ""
        if self.learners.verdict == "refuted":
            worst = self.learners.numbers["worst"]
            said += f" Learners may still miss it: play without regret can leave welfare at {worst:.4g}."
        numbers = {
            "target": list(self.target),
            "removed": dict(zip(players, map(list, self.removed), strict=True)),
            "size": self.size,
            "at least": self.at_least,
            "status": self.status,
            "change": self.effects.change,
            "takes from bystanders": self.effects.takes_from_bystanders,
        }
        return (Finding("remedy", said, self.effects.principals, numbers, SOURCE),)


def restriction(
    subject: Game | Delegation, target: Sequence[str] | None = None, *, subsets: int = SUBSETS, played: Any = None
) -> Restriction:
    """The smallest restriction of moves under which a joint move is the unique pure equilibrium.

    Every move that would gain at the target has to go; of the others, sets are tried by size, up to `subsets` of
    them. Pure equilibria are compared in float64 (a gain within 1e-9 of the range of payoffs is none) and the answer
    is checked again in rationals where the table is small.

    Parameters
    ----------
    target : the joint move by label; default the welfare optimum (of several, the one best for its worst-off player).
    played : shares of joint moves now, `[A_1, …, A_P]`; default as observed, or as predicted by the logit branch.

    Raises
    ------
    InputError : an unknown move, fewer than two players or moves.
    TooLarge : the joint moves cannot be listed.

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> remedy = restriction(NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D")))
    >>> remedy.removed, remedy.status
    ((('D',), ('D',)), 'complete')
    """
    delegation = as_delegation(subject)
    require_interaction(delegation.game)
    problem = Problem.of(delegation, played)
    place = problem.target(tuple(target) if target is not None else None)
    removed, at_least, status = Search(delegation.rewards, place).smallest(subsets)
    kept = tuple(
        tuple(move for move in range(size) if (i, move) not in removed) for i, size in enumerate(delegation.game.sizes)
    )
    found, game = problem.effects(place), delegation.game
    governed = problem.governed(problem.rewards, kept)
    return Restriction(
        target=game.labels(place),
        removed=tuple(tuple(own[k] for i, k in sorted(removed) if i == seat) for seat, own in enumerate(game.moves)),
        kept=governed.moves,
        size=len(removed),
        at_least=at_least,
        status=status,
        effects=found,
        objection=problem.objection(found),
        claim=_only_equilibrium(governed, game.labels(place)),
        learners=_learners(governed, problem.worth[np.ix_(*kept)], float(problem.worth[place])),
        governed=governed,
    )


def _only_equilibrium(game: NormalForm, target: tuple[str, ...]) -> Claim:
    """Whether the target is the one pure equilibrium of a game, by all deviations from all joint moves."""
    table = game.payoffs if game.exact is None else game.exact
    numbers, tolerance = precision(table)
    statement = f"({', '.join(target)}) is the only pure equilibrium of what is left."
    method = f"every deviation from every joint move, in {numbers}"
    stable = np.ones(game.sizes, bool)
    for i in range(len(target)):
        stable &= (table[..., i].max(axis=i, keepdims=True) - table[..., i] <= tolerance).astype(bool)
    found = [game.labels(tuple(place)) for place in np.argwhere(stable)]
    if found == [target]:
        return Claim(statement, "proved", method, tolerance)
    return Claim(statement, "refuted", method, tolerance, witness={"pure equilibria": [list(one) for one in found]})


def _learners(game: NormalForm, worth: Array, wanted: float) -> Claim:
    """Whether the worst coarse correlated equilibrium is as good as the target."""
    worst = correlated(game, lambda _: worth, coarse=True, worst=True)
    slack = 1e-6 * max(float(np.ptp(worth)), abs(wanted), 1e-12)
    statement = f"All play without regret leads to welfare {wanted:.6g} or more."
    numbers = {"wanted": wanted, "worst": worst.value, "bound": worst.bound, "method": worst.method}
    if worst.joint is None:
        return Claim(statement, "unknown", "worst coarse correlated equilibrium", numbers={"wanted": wanted})
    if worst.value < wanted - slack:
        played = [
            (game.labels(tuple(place)), float(worst.joint[tuple(place)])) for place in np.argwhere(worst.joint > 1e-9)
        ]
        witness = {"welfare": worst.value, "joint": {", ".join(labels): share for labels, share in played}}
        return Claim(statement, "refuted", "worst coarse correlated equilibrium", slack, numbers, witness)
    verdict = "proved" if worst.bound >= wanted - slack else "supported"
    return Claim(statement, verdict, "lower bound on all coarse correlated equilibria, in float64", slack, numbers)
