"""Which rule for players who are alike comes first, and why, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ._alike_crowd import Crowd
from ._alike_lines import AlikeLine
from ._figures import percent
from ._reasons import PLURAL, _takes
from ._weights import LITTLE, WEIGHTS


def order(crowd: Crowd, one: AlikeLine) -> tuple[bool, int, float, str]:
    """Objections last; then by welfare gained, in steps of a share of the gap; then by weight.

    The range of welfare would be no measure here: among many, the worst that all can do together dwarfs every gap.
    """
    gap = max(crowd.best.place.welfare - crowd.now.welfare, LITTLE * crowd.span, 1e-300)
    return bool(one.objection), -round(one.gained / (LITTLE * gap)), one.weight, one.approach


def reason(crowd: Crowd, first: AlikeLine, second: AlikeLine | None) -> str:
    """Why the first line is first."""
    come, other = "come" if first.approach in PLURAL else "comes", second.approach if second is not None else ""
    said = f"{first.approach.capitalize()} {come} first, closing {percent(first.closed)} of the gap"
    if second is None:
        return f"{said}; nothing else is proposed."
    if order(crowd, first)[1] != order(crowd, second)[1]:
        return f"{said}; the next is {other}, with {percent(second.closed)}."
    heavier = max(WEIGHTS, key=lambda part: second.burden[part] - first.burden[part])
    if second.burden[heavier] <= first.burden[heavier]:
        return f"{said}; {other} would do as much at the same burden."
    return f"{said} at the least burden; {other} would do as much, but {_takes(other, heavier)}."


def because(crowd: Crowd, place: int, lines: Sequence[AlikeLine]) -> Iterator[str]:
    """What kind of problem it is, why the first line is first, and what treating players alike costs."""
    gap = crowd.best.place.welfare - crowd.now.welfare
    yield _kind(crowd, gap)
    good = [line for line in lines if not line.objection]
    if good:
        yield reason(crowd, good[0], good[1] if len(good) > 1 else None)
    elif lines:
        yield f"Nothing is proposed: {lines[0].objection}"
    more = crowd.best.place.welfare - float(crowd.welfare[place])
    if more > crowd.slack and crowd.best.place.words == f"all play {crowd.moves[int(crowd.welfare.argmax())]}":
        yield f"It would be worth {more:.4g} more on average if {crowd.best.place.words}."
    elif more > crowd.slack:
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
    if share >= 1 - LITTLE:
        return "The problem is one of coordination: at the best equilibrium nothing is lost."
    if share <= LITTLE:
        return "The problem is one of conflict: no pure equilibrium is better than what is played."
    return f"The best pure equilibrium closes {percent(share)} of the gap; the rest is conflict."
