"""What signing first and playing then can lead to, by backward induction where there are few moves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..core.claim import Claim
from ..core.errors import TooLarge
from ..core.institution import Institution
from ._remedy import Problem

LARGEST = 64
"""Joint moves of a game up to which every way of signing and playing is looked at."""

Path = tuple[tuple[tuple[str, str], ...], ...]


def signing(
    problem: Problem, institution: Institution, promise: Sequence[str], wanted: np.ndarray, name: str
) -> list[Claim]:
    """Whether all sign and keep it in some subgame-perfect outcome, and whether any other pays anything else.

    `institution` has one stage "sign" before play, `wanted` is what keeping the promises pays, `[P]`.
    """
    statement = f"All signing and keeping the {name} is a subgame-perfect outcome."
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
    reached = any(_kept(point.path, promise) for point in same)
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
    path = ["; ".join(" ".join(choice) for choice in stage) for stage in point.path]
    return [*claims, Claim(only, "refuted", method, slack, numbers, {"payoffs": list(point.payoffs), "path": path})]


def _kept(path: Path, promise: Sequence[str]) -> bool:
    """Whether along that path all sign, and then do what they promised."""
    wanted = {"sign": ("yes",) * len(promise), "act": tuple(promise)}
    made = {stage[0][0]: tuple(label for _, label in stage) for stage in path if stage}
    return all(made.get(part) == labels for part, labels in wanted.items())
