"""The mildest limit on a fact that leaves a wanted joint move as the place where play settles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..core.delegation import Delegation
from ..core.errors import UnknownName
from ..core.game import Array, Game
from ..core.lifts.plays import prospects
from ..institutions.quota import Quota
from ._proposal import Impossible, Needs, Proposal, checked, propose
from ._remedy import ROUNDING, Problem, Profile
from ._sees import sees

SOURCE = "Ostrom, Governing the Commons (1990), on limits; smallest restriction after Oesterle and Sharon (AAAI 2023)"


def quota(
    subject: Game | Delegation | Problem, target: Sequence[str] | None = None, *, on: str | None = None
) -> Proposal | Impossible:
    """The highest limit on one fact under which a joint move is the only pure equilibrium, or at least one.

    Limits are tried from the loosest to the one that the target just keeps; every amount that a move can bring is a
    limit worth trying, and no other is.

    Parameters
    ----------
    subject : a game or delegation whose joint moves can be listed.
    target : the joint move by label; default the welfare optimum (of several, the one best for its worst-off player).
    on : the fact; default every fact of one's own move in turn, and of those that leave the target as the only pure
        equilibrium (or else as one) the one that forbids least is taken.

    Raises
    ------
    InputError : an unknown fact or move; `TooLarge` beyond tables.

    Examples
    --------
    >>> from ostrom.games import Commons
    >>> quota(Commons(players=4)).sentence
    'No more than 2 of harvest each makes (2, 2, 2, 2) the only pure equilibrium.'
    """
    problem = subject if isinstance(subject, Problem) else Problem(subject)
    place = problem.target(target)
    seen = [fact.name for fact in problem.game.facts if fact.seen_by != "nobody"]
    facts = [name for name in seen if on is not None or problem.of_own_move(name)]
    if on is not None and on not in facts:
        raise UnknownName("fact that can be limited", on, facts)
    amounts = prospects(problem.game)
    found = []
    for name in facts if on is None else (on,):
        if name in amounts and (best := _limit(problem, place, np.asarray(amounts[name], float))) is not None:
            limit, only, kept = best
            out = [1 - len(own) / size for own, size in zip(kept, problem.game.sizes, strict=True)]
            found.append((not only, sum(problem.game.sizes) - sum(map(len, kept)), name, limit, max(out)))
    if not found:
        where = f"({', '.join(problem.game.labels(place))})"
        because = (
            f"No limit on {on or 'a fact'} makes {where} an equilibrium: who stays within it still gains by leaving."
        )
        if not facts:
            because = f"{problem.game.name} has no facts, so there is nothing to limit but single moves."
        return Impossible("quota", because, "Forbidding single moves is the restriction.")
    several, forbidden, name, limit, share = min(found)
    return _proposal(problem, place, name, limit, forbidden, share, only=not several)


def _limit(problem: Problem, place: Profile, most: Array) -> tuple[float, bool, list[list[int]]] | None:
    """`(limit, whether the target is the only pure equilibrium, moves kept)` of the mildest limit that does it."""
    sizes, count = problem.game.sizes, len(place)
    least = max(0.0, *(float(most[i, place[i]]) for i in range(count)))
    fits: list[tuple[float, list[list[int]]]] = []
    for limit in sorted({float(x) for i in range(count) for x in most[i, : sizes[i]] if x >= least}, reverse=True):
        kept = [[k for k in range(sizes[i]) if most[i, k] <= limit] for i in range(count)]
        stable = _stable(problem.delegation.rewards[np.ix_(*kept)])
        at = tuple(own.index(move) for own, move in zip(kept, place, strict=True))
        if stable[at] and sum(map(len, kept)) < sum(sizes):
            if stable.sum() == 1:
                return limit, True, kept
            fits.append((limit, kept))
    return (fits[0][0], False, fits[0][1]) if fits else None


def _stable(rewards: Array) -> Array:
    """`bool[A_1, …, A_P]`: the pure equilibria of a table."""
    stable = np.ones(rewards.shape[:-1], bool)
    for i in range(rewards.shape[-1]):
        own = rewards[..., i]
        stable &= own >= own.max(axis=i, keepdims=True) - ROUNDING * np.ptp(own)
    return stable


def _proposal(
    problem: Problem, place: Profile, name: str, limit: float, forbidden: int, share: float, only: bool
) -> Proposal:
    where, institution = f"({', '.join(problem.game.labels(place))})", Quota(on=name, limit=limit)
    seen, step = sees(problem, institution)
    what = "the only pure equilibrium" if only else "an equilibrium, though not the only one"
    return propose(
        problem,
        place,
        institution,
        approach="quota",
        sentence=f"No more than {limit:.6g} of {name} each makes {where} {what}.",
        needs=Needs(forbidden=forbidden, share=share, observed=seen, information=step),
        minimised="moves forbidden",
        size=float(forbidden),
        claims=lambda table: checked(problem, table, place),
        source=SOURCE,
        numbers={"limit": limit, "on": name},
    )
