"""What ways of deciding together share: once it is decided, every other move is closed off."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.lifts.staged import Staged
from ._proposal import Impossible
from ._remedy import Problem, Profile


def refused(problem: Problem, approach: str, decided: str) -> Impossible | None:
    """Why nobody can be bound to what is decided; None where all can."""
    game = problem.game
    if isinstance(game, Staged):
        because = f"{game.name} is played in stages, and a plan for all of them is nothing to be bound to."
        return Impossible(approach, because, "Decide before the rule that adds the stage.")
    if game.hidden:
        because = f"What {named(game.hidden)} does is not seen, so that what is {decided} cannot bind it."
        return Impossible(approach, because, "Advice needs nothing to be seen.")
    return None


def closed_off(problem: Problem) -> tuple[int, float]:
    """How many moves are closed off once it is decided, and the largest share of one player's."""
    sizes = problem.game.sizes
    return sum(sizes) - len(sizes), 1 - 1 / max(sizes)


def named(names: Sequence[str], shown: int = 3) -> str:
    """Names in a sentence; the first and how many more where there are many."""
    listed = [*names[: shown - 1], f"{len(names) - shown + 1} more"] if len(names) > shown else list(names)
    return " and ".join((", ".join(listed[:-1]), listed[-1])) if len(listed) > 1 else "".join(listed)


def apart(problem: Problem, place: Profile) -> bool:
    """Whether all do something else at a joint move, and each could do what any other does there."""
    labels = problem.game.labels(place)
    return len(set(labels)) == len(labels) and all(set(labels) <= set(own) for own in problem.game.moves)
