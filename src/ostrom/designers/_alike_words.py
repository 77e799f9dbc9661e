"""Which rule for players who are alike comes first, and why, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ._alike_crowd import Crowd
from ._alike_lines import AlikeLine
from ._ranking import SAME, WEIGHTS


def order(crowd: Crowd, one: AlikeLine) -> tuple[bool, int, float, str]:
    """Objections last; then by welfare gained, in steps that matter; then by weight."""
    gap = max(crowd.best.place.welfare - crowd.now.welfare, SAME * crowd.span, 1e-300)
    return bool(one.objection), -round(one.gained / (SAME * gap)), one.weight, one.approach


def reason(crowd: Crowd, first: AlikeLine, second: AlikeLine | None) -> str:
    """Why the first line is first."""
    said = f"{first.approach.capitalize()} comes first: it closes {max(first.closed, 0):.0%} of the gap"
    if second is None:
        return f"{said}, and nothing else is proposed."
    if order(crowd, first)[1] != order(crowd, second)[1]:
        return f"{said}, and {second.approach} only {max(second.closed, 0):.0%}."
    heavier = max(WEIGHTS, key=lambda part: second.burden[part] - first.burden[part])
    if second.burden[heavier] - first.burden[heavier] <= 0:
        return f"{said}, as {second.approach} does at the same burden."
    words = {
        "forbidden": "forbids more",
        "money": "has to be able to fine or to promise more",
        "cost": "costs more",
        "information": "has to see more",
        "harm": "leaves players worse off than now",
        "risk": "leaves learners more room to end badly",
        "wishes": "asks people to want something else",
    }
    return f"{said} at the least burden; {second.approach}, which does as much, {words[heavier]}."


def because(crowd: Crowd, place: int, lines: Sequence[AlikeLine]) -> Iterator[str]:
    gap = crowd.best.place.welfare - crowd.now.welfare
    yield _kind(crowd, gap)
    good = [line for line in lines if not line.objection]
    if good:
        yield reason(crowd, good[0], good[1] if len(good) > 1 else None)
    elif lines:
        yield f"Nothing is proposed: {lines[0].objection}"
    more = crowd.best.place.welfare - float(crowd.welfare[place])
    if more > crowd.slack:
        yield (
            f"Players who are alike are treated alike, so all are to play {crowd.moves[place]}; the best spread "
            f"({crowd.best.place.words}) would be worth {more:.4g} more on average."
        )


def _kind(crowd: Crowd, gap: float) -> str:
    """How much of the gap a convention would close, as far as pure equilibria go."""
    if gap <= crowd.slack:
        return "Nothing is lost, so nothing has to be done."
    settled = crowd.seen.settled
    best = settled.best.welfare if settled is not None and settled.best is not None else crowd.now.welfare
    share = max(best - crowd.now.welfare, 0.0) / gap
    if share >= 1 - SAME:
        return "The problem is one of coordination: at the best equilibrium nothing is lost."
    if share <= SAME:
        return "The problem is one of conflict: no pure equilibrium is better than what is played."
    return f"The best pure equilibrium closes {share:.0%} of the gap; the rest is conflict."
