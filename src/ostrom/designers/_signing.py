"""What signing or voting first and playing then can lead to, by backward induction where there are few moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..core.claim import Claim
from ..core.errors import TooLarge
from ..core.institution import Institution
from ._remedy import Problem

LARGEST = 64
"""Joint moves of a game up to which every way of deciding and playing is looked at."""

Path = tuple[tuple[tuple[str, str], ...], ...]


def signing(
    problem: Problem, institution: Institution, promise: Sequence[str], wanted: np.ndarray, name: str
) -> list[Claim]:
    """Whether all sign and keep it in some subgame-perfect outcome, and whether any other pays anything else.

    `institution` has one stage "sign" before play, `wanted` is what keeping the promises pays, `[P]`.
    """
    wanted_path = {"sign": ("yes",) * len(promise), "act": tuple(promise)}
    statement = f"All signing and keeping the {name} is a subgame-perfect outcome."
    return leads_to(problem, institution, wanted_path, wanted, statement)


def leads_to(
    problem: Problem, institution: Institution, path: Mapping[str, Sequence[str]], wanted: np.ndarray, statement: str
) -> list[Claim]:
    """Whether some subgame-perfect outcome is what `statement` says, and whether any other pays anything else.

    `path` is what all choose in the parts that matter, one label for each, and `wanted` is what that pays, `[P]`.
    """
    method = "backward induction over pure play, in float64"
    if problem.game.size > LARGEST:
        reason = f"{problem.game.size:,} joint moves; up to {LARGEST} are followed through both stages"
        return [Claim(statement, "unknown", method, numbers={"reason": reason})]
    try:
        found = problem.agents.under(institution).subgame_perfect()
    except TooLarge as error:
        return [Claim(statement, "unknown", method, numbers={"reason": error.what})]
    slack = 1e-9 * problem.scale
    same = [point for point in found.points if np.abs(np.array(point.payoffs) - wanted).max() <= slack]
    reached = any(_along(point.path, path) for point in same)
    others = len(found.points) - len(same)
    numbers = {"outcomes": len(found.points), "others": others, "status": found.status}
    if not reached and found.status != "complete":
        return [Claim(statement, "unknown", method, numbers=numbers)]
    if reached:
        claims = [Claim(statement, "proved", method, slack, numbers)]
    else:
        witness = {"outcomes": [list(map(float, point.payoffs)) for point in found.points[:4]]}
        claims = [Claim(statement, "refuted", method, slack, numbers, witness)]
    only = "No other subgame-perfect outcome has other payoffs."
    if found.status != "complete":
        return [*claims, Claim(only, "unknown", method, numbers=numbers)]
    if not others:
        return [*claims, Claim(only, "proved", method, slack, numbers)]
    point = next(point for point in found.points if np.abs(np.array(point.payoffs) - wanted).max() > slack)
    shown = ["; ".join(" ".join(choice) for choice in stage) for stage in point.path]
    return [*claims, Claim(only, "refuted", method, slack, numbers, {"payoffs": list(point.payoffs), "path": shown})]


def _along(made: Path, path: Mapping[str, Sequence[str]]) -> bool:
    """Whether that is what all choose there."""
    chosen = {stage[0][0]: tuple(label for _, label in stage) for stage in made if stage}
    return all(chosen.get(part) == tuple(labels) for part, labels in path.items())
