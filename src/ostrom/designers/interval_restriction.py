"""The least of an interval to forbid so that play cannot settle at anything worse than what is wanted."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from ..core.claim import Claim, Finding
from ..core.errors import InputError, UnknownName
from ..institutions.interval_limit import IntervalLimit
from ._figures import figure
from ._interval_cases import equilibria
from ._interval_claims import Left, enclosed, least, listed, written
from ._interval_left import GOALS, GoalName, extremes, gaps, kept, merged, objection, sentence
from ._interval_search import CLOSE, Aim, Least, Search
from ._interval_target import Tempting, best_target, measure, tempting
from ._proposal import Impossible
from ._quadratic import Point, Quadratic, exactly

SOURCE = "Socially optimal non-discriminatory restrictions, Oesterle and Sharon (AAAI 2023)"


@dataclass(frozen=True, eq=False)
class IntervalRestriction:
    """Numbers to forbid, the same for all.

    Attributes
    ----------
    goal, target, floor : what is asked for: the point that stays an equilibrium, and the least welfare ("worst").
    left : what stays open, as closed intervals; exact.
    share : how much of the range is forbidden: the degree of restriction.
    at_least : no restriction of as many intervals does it with less, not even without a margin.
    status : "optimal" when `share` is the least for this margin (and `at_least` the least for any); "bound gap" when
        time ran out, or boxes became too small: what is given does it, and less might.
    before, after : all pure equilibria without and with it; of equal players the lower number first.
    welfare_before, welfare_after : `(worst, best)` of these; None where there is no pure equilibrium.
    institution : to lay round a world or a table whose part, fact or label is named by `on`.
    objection : why it is not proposed; empty when it is.
    claims : that what is left is as the goal has it; where all equilibria are; that nothing smaller does.
    """

    goal: GoalName
    target: Point
    floor: Fraction
    left: tuple[tuple[Fraction, Fraction], ...]
    share: float
    at_least: float
    status: Literal["optimal", "bound gap"]
    before: tuple[Point, ...]
    after: tuple[Point, ...]
    welfare_before: tuple[Fraction, Fraction] | None
    welfare_after: tuple[Fraction, Fraction] | None
    institution: IntervalLimit
    objection: str
    claims: tuple[Claim, ...]
    sentence: str

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What to forbid, and what that changes."""
        said = self.sentence + (f" Not proposed: {self.objection}" if self.objection else "")
        numbers = {
            "goal": self.goal,
            "target": [float(x) for x in self.target],
            "left": [[float(s), float(t)] for s, t in self.left],
            "share": self.share,
            "at least": self.at_least,
            "status": self.status,
            "welfare before": self.welfare_before and [float(w) for w in self.welfare_before],
            "welfare after": self.welfare_after and [float(w) for w in self.welfare_after],
        }
        return (Finding("remedy", said, (), numbers, SOURCE),)


def interval_restriction(
    game: Quadratic,
    target: Sequence[Any] | None = None,
    *,
    goal: GoalName = "worst",
    floor: Any = None,
    intervals: int = 3,
    margin: float = 0.001,
    on: str = "act",
    seconds: float = 10.0,
) -> IntervalRestriction | Impossible:
    """The least to forbid, the same for all, so that a point is an equilibrium and bad ones are not stable.

    What tempts at the target has to go in any case, by closed form. Beyond that the ends of what is left are searched:
    at which points there is an equilibrium of which kind is a set of linear inequalities in them, and each that is
    unwanted has to fail one. Where all equilibria are is then shown again by interval arithmetic alone.

    Parameters
    ----------
    game : numbers in an interval with quadratic payoffs.
    target : one number per player; default the point of highest welfare that some restriction makes an equilibrium
        (with three or more players, of those at which all choose the same).
    goal : "worst", no equilibrium has less welfare than `floor`; "unique", the target is the only one; "best", it is
        one, and others may be worse.
    floor : the welfare for "worst"; default the target's, which is the highest that can be made sure of.
    intervals : of how many what is left may consist, 1 to 5; "best" takes as many as it needs.
    margin : how clearly unwanted points have to fail, as a share of the range, 0 < margin < 0.1: without one the least
        is come near to but not reached, because at it a bad equilibrium is still there.
    on : what the institution limits: a continuous part of a world, or a fact of a table.
    seconds : time budget of the search.

    Raises
    ------
    InputError : an unknown goal, numbers outside the range, equilibria that are no single points.

    Examples
    --------
    >>> found = interval_restriction(Quadratic((-1, -1, 0, 108, 0, 0), 0, 108), goal="best")
    >>> found.institution.gaps, found.share
    (((27.0, 53.999996185302734),), 0.25)
    """
    place = best_target(game) if target is None else _placed(game, target)
    wanted = _floor(game, place, goal, floor)
    _check(intervals, margin)
    parts = tempting(game, place)
    spoiled = [x for x in place for t in parts if t.low < x < t.high]
    if spoiled:
        because = (
            f"{written(place)} cannot be made an equilibrium: with {float(spoiled[0]):.6g} left to all, some prefer it."
        )
        return Impossible("interval restriction", because, f"{written(best_target(game))} can be.")
    if goal == "best":
        found, bound, complete = kept(game, parts), measure(game, parts) / game.range, True
        return _answer(game, goal, place, wanted, found, float(bound), complete, on, intervals)
    aim, end = Aim(goal, place, wanted), time.monotonic() + seconds
    inf, some = (_least(game, aim, parts, intervals, Fraction(m), end) for m in (0, exactly(margin) * game.range))
    if some.cuts is None:
        return _impossible(aim, intervals, margin, some, inf)
    left = tuple(zip(some.cuts[::2], some.cuts[1::2], strict=True))
    spare = 1e-4 * float(game.range)
    complete = all(one.size is not None and one.at_least >= float(one.size) - spare for one in (inf, some))
    return _answer(game, goal, place, wanted, left, inf.at_least / float(game.range), complete, on, intervals)


def _answer(
    game: Quadratic,
    goal: GoalName,
    place: Point,
    floor: Fraction,
    left: Left,
    at_least: float,
    complete: bool,
    on: str,
    intervals: int,
) -> IntervalRestriction:
    """All that is said of what is left."""
    left = merged(left)
    share = float(1 - sum((t - s for s, t in left), Fraction(0)) / game.range)
    before, after = equilibria(game, [(game.low, game.high)]), equilibria(game, left)
    low = {"worst": floor, "best": min(map(game.welfare, after), default=floor)}.get(goal)
    whole = float(measure(game, tempting(game, place)) / game.range)
    tight = at_least <= whole + CLOSE
    at_least = min(whole if tight else at_least, share)
    return IntervalRestriction(
        goal=goal,
        target=place,
        floor=floor,
        left=left,
        share=share,
        at_least=at_least,
        status="optimal" if complete else "bound gap",
        before=before,
        after=after,
        welfare_before=extremes(game, before),
        welfare_after=extremes(game, after),
        institution=IntervalLimit(gaps(game, left), on),
        objection=objection(game, goal, before, after),
        claims=(
            listed(game, left, place, after, low),
            enclosed(game, left, after),
            least(share, at_least, intervals, tight, complete),
        ),
        sentence=sentence(game, goal, place, floor, left, share),
    )


def _least(game: Quadratic, aim: Aim, parts: Sequence[Tempting], intervals: int, margin: Fraction, end: float) -> Least:
    """The best of unions of one interval, of two, and so on: what few can do need not be looked for among many."""
    best: Least | None = None
    for count in range(1, intervals + 1):
        size = None if best is None else best.size
        found = Search(game, aim, parts, count, margin).least(size, max(end - time.monotonic(), 0.0))
        cuts = found.cuts or (best.cuts if best else None)
        best = Least(cuts, found.size, found.at_least, found.complete, found.branches + (best.branches if best else 0))
    assert best is not None
    return best


def _impossible(aim: Aim, intervals: int, margin: float, some: Least, inf: Least) -> Impossible:
    what = GOALS[aim.goal].format(where=written(aim.target), floor=figure(float(aim.floor)))
    where = f"a union of up to {intervals} intervals" if intervals > 1 else "one interval"
    because = f"No restriction to {where} {what} with a margin of {margin:g}."
    if not some.complete:
        because = f"No restriction to {where} was found in time that {what}."
    near = (
        "Without a margin there is one; take a smaller margin."
        if inf.cuts
        else "A lower floor or another target may do."
    )
    return Impossible("interval restriction", because, near, {"branches": some.branches + inf.branches})


def _placed(game: Quadratic, target: Sequence[Any]) -> Point:
    place = tuple(map(exactly, target))
    if len(place) != game.players or not all(game.low <= x <= game.high for x in place):
        raise InputError(
            f"The target is {tuple(target)!r:.80}.",
            f"It has {game.players} numbers from {float(game.low):g} to {float(game.high):g}, one per player.",
            "Give such numbers, or leave it out.",
        )
    return place


def _floor(game: Quadratic, place: Point, goal: GoalName, floor: Any) -> Fraction:
    if goal not in GOALS:
        raise UnknownName("goal", str(goal), GOALS)
    worth = game.welfare(place)
    if floor is None:
        return worth
    if goal != "worst" or exactly(floor) > worth:
        raise InputError(
            f"The floor is {floor!r} with the goal {goal!r}, and the target is worth {float(worth):.6g}.",
            "The target stays an equilibrium, and only the goal 'worst' has a floor.",
            f"Ask for {float(worth):.6g} at most, with the goal 'worst'.",
        )
    return exactly(floor)


def _check(intervals: int, margin: float) -> None:
    if not 1 <= intervals <= 5:
        raise InputError(f"What is left may consist of {intervals} intervals.", "Here of 1 to 5.", "Give 3.")
    if not 0 < margin < 0.1:
        raise InputError(f"The margin is {margin!r}.", "It is a share of the range, 0 < margin < 0.1.", "Give 0.001.")
