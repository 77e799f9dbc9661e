"""Each is allotted a move of its own, where the best is that all do something else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

import numpy as np

from ..audits._case import Case
from ..audits.equilibria import Equilibria
from ..audits.worst_case import WorstCase
from ..core.delegation import Delegation
from ..core.errors import TooLarge
from ..core.game import Array, Game
from ..institutions.allotment import Allotment
from ._allotted import Allotted, allotted
from ._closed import apart, closed_off, refused
from ._payments import upwards
from ._proposal import Impossible, Needs, Proposal
from ._remedy import ROUNDING, Problem, Profile, require_margin
from ._sees import sees
from ._signing import leads_to

SOURCE = (
    "Svensson, Strategy-proof Allocation of Indivisible Goods (1999); Vickrey (1961), Clarke (1971), Leonard (1983)"
)

FEW = 27
"""Things that a seat could say up to which it is asked what each move is worth to it."""

Group = set[Profile]
"""Joint moves, any of which will do."""


def allotment(
    subject: Game | Delegation | Problem, target: Sequence[str] | None = None, *, margin: float = 0.01
) -> Proposal | Impossible:
    """Moves allotted one to each, by turns, or by bids where turns do not lead to the best.

    It is for games whose best joint move has everybody do something else, all of which anybody could do: who goes
    where. By turns nobody pays anything, and the order of players decides. By bids whoever takes what another needs
    pays what that costs the others: each says what moves are worth to it, where few amounts are enough for that; else
    bids are all or nothing, of as much as anybody could gain by taking another's move.

    `governed` is what all say of the moves, since all else is settled by it; `game.under(institution)` has both stages.

    Parameters
    ----------
    subject : a game or delegation whose joint moves can be listed.
    target : the joint move that is to come of it, by label; default any allotment that is a welfare optimum.
    margin : by how much another's move has to cost more than it brings, where bids are all or nothing, as a share (> 0)
        of the largest range of payoffs.

    Raises
    ------
    InputError : a margin that is not positive, an unknown move; `TooLarge` beyond tables.

    Examples
    --------
    >>> from ostrom.games import Rescue
    >>> allotment(Rescue()).institution
    Allotment(moves=('A', 'B', 'C'), by='turns', amounts=(0.0, 1.0, 2.0), spare='')
    """
    problem = subject if isinstance(subject, Problem) else Problem(subject)
    require_margin(margin)
    place = problem.target(target)
    labels = problem.game.labels(place)
    where = f"({', '.join(labels)})"
    if why := refused(problem, "allotment", "allotted"):
        return why
    if not apart(problem, place):
        because = f"{where} does not give each player a move of its own, of those that all have."
        return Impossible("allotment", because, "A vote can be on any joint move.")
    wanted = {place} if target is not None else _as_good(problem, place)
    try:
        for institution, plain in _ways(problem, place, margin * problem.scale):
            found = allotted(problem, institution)
            if (said := found.settles(wanted, plain)) is not None:
                return _proposal(problem, found, said)
    except TooLarge as error:
        return Impossible("allotment", error.what, error.do)
    because = f"Neither turns nor bids lead to {where} without a reason for somebody to say something else."
    return Impossible("allotment", because, "A vote can be on all moves at once.")


def allotting(problem: Problem, institution: Allotment) -> Proposal | Impossible:
    """An allotment that somebody brings along, at what nobody has a reason to say otherwise."""
    labels = institution.moves
    if why := refused(problem, "allotment", "allotted"):
        return why
    if len(labels) != len(problem.game.players) or not all(set(labels) <= set(own) for own in problem.game.moves):
        return Impossible("allotment", "It is not one move for each, of those that all have.")
    place = problem.game.profile(labels)
    found, best = allotted(problem, institution), problem.target(None)
    plain = next((said for way, said in _ways(problem, place, 0.0) if way == institution), [])
    good = _as_good(problem, best) if apart(problem, best) else set()
    for wanted in (good, {tuple(map(int, way)) for way in _orders(problem, place)}):
        if (said := found.settles(wanted, plain)) is not None:
            return _proposal(problem, found, said)
    return Impossible("allotment", "Whatever is said, somebody has a reason to say something else.")


def _orders(problem: Problem, place: Profile) -> Array:
    """`int[K, P]`: all ways to allot the moves of a joint move, that one first."""
    labels = problem.game.labels(place)
    rows = [[own.index(label) for label in labels] for own in problem.game.moves]
    ways = permutations(range(len(place)))
    return np.array([[row[k] for row, k in zip(rows, way, strict=True)] for way in ways])


def _as_good(problem: Problem, place: Profile) -> Group:
    """That allotment, and all others that are worth as much."""
    ways = _orders(problem, place)
    good = problem.worth[tuple(ways.T)] >= problem.worth[place] - ROUNDING * np.ptp(problem.worth)
    return {tuple(map(int, way)) for way in ways[good]}


def _ways(problem: Problem, place: Profile, lead: float) -> Iterator[tuple[Allotment, list[str]]]:
    """Turns; bids of what moves are worth, where few short amounts say it; bids that are all or nothing.

    Each with what all are expected to say: the truth, or what asks for the move that is theirs.
    """
    labels, ways = problem.game.labels(place), _orders(problem, place)
    rewards = np.asarray(problem.delegation.rewards, float)[tuple(ways.T)]  # [way, player]
    worths = np.array(
        [[rewards[ways[:, i] == own.index(m), i].max() for m in labels] for i, own in enumerate(problem.game.moves)]
    )
    worths -= worths.min(1, keepdims=True)
    ranked = np.argsort(-worths, axis=1, kind="stable")
    yield Allotment(moves=labels, by="turns"), [">".join(labels[k] for k in row) for row in ranked]
    amounts = tuple(np.unique(_written(worths)).tolist())
    short = np.allclose(_written(worths), worths, rtol=1e-12, atol=ROUNDING * problem.scale)
    if short and len(amounts) >= 2 and len(amounts) ** len(place) <= FEW:
        yield Allotment(moves=labels, by="bids", amounts=amounts), _bids(labels, _written(worths))
    most = float(upwards(np.array(max(float((rewards - rewards[0]).max()), 0.0) + lead), lead))
    yield Allotment(moves=labels, by="bids", amounts=(0.0, most)), _bids(labels, most * np.eye(len(labels)))


def _bids(labels: Sequence[str], rows: Array) -> list[str]:
    return [", ".join(f"{m} {x:g}" for m, x in zip(labels, row, strict=True)) for row in rows]


def _written(amounts: Array) -> Array:
    """The amounts as labels write them."""
    return np.array([[float(f"{amount:g}") for amount in row] for row in amounts])


def _proposal(problem: Problem, found: Allotted, said: Profile) -> Proposal:
    governed, institution = found.game, found.institution
    place = tuple(int(k) for k in governed.acts[said])
    labels, pays = problem.game.labels(place), 0.0 - governed.adds[said]
    case = Case.of(governed, governed.labels(said), worth=found.worth)
    effects = problem.effects(problem.surely(place), -pays)
    (forbidden, share), (seen, step) = closed_off(problem), sees(problem, institution)
    statement = f"({', '.join(labels)}) being allotted is a subgame-perfect outcome."
    total = float(pays.sum())
    return Proposal(
        approach="allotment",
        institution=institution,
        governed=governed,
        target=governed.labels(said),
        outcome=problem.surely(place),
        worth=found.worth,
        sentence=_sentence(found, labels, pays),
        needs=Needs(
            fine=float(-governed.adds.min()), forbidden=forbidden, share=share, observed=seen, information=step
        ),
        effects=effects,
        status="optimal" if total <= ROUNDING * problem.scale else "bound gap",
        minimised="what is paid for moves",
        size=total,
        bound=0.0,
        claims=(
            *Equilibria().answer(case),
            *WorstCase().answer(case),
            *leads_to(problem, institution, {"act": labels}, governed.payoffs[said], statement),
        ),
        objection=problem.objection(effects),
        source=SOURCE,
        numbers={
            "said": dict(zip(governed.players, governed.labels(said), strict=True)),
            "pays": dict(zip(governed.players, pays.tolist(), strict=True)),
        },
    )


def _sentence(found: Allotted, labels: Sequence[str], pays: Array) -> str:
    where, game = f"({', '.join(labels)})", found.game
    if found.institution.by == "turns":
        return (
            f"Allotted by turns, {game.players[0]} first, each taking what it likes best of what is left, {where} is "
            "played."
        )
    paid = f"{pays.sum():.4g} is paid for moves in all" if pays.max() > 0 else "nothing is paid"
    return (
        f"Allotted by bids of up to {found.institution.amounts[-1]:g}, {where} is played and {paid}; who takes what "
        f"others need pays up to {-game.adds.min():.4g}."
    )
