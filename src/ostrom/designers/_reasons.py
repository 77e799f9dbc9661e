"""Why a proposal comes first, and what kind of problem it is an answer to, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ._figures import percent
from ._proposal import Impossible
from ._ranking import DIGITS, SAME, Ranked, order, span_of, step
from ._remedy import Problem

SMALL = 0.05
"""Share of the range of welfare below which a loss is called little."""

TAKES = {
    "forbidden": "takes more choices away",
    "money": "needs larger fines, or more money at hand",
    "cost": "costs more",
    "information": "has to see more",
    "harm": "leaves more worse off than now",
    "risk": "leaves learners more room to end badly",
    "wishes": "asks people to want something else",
}
"""What weighs more, in words."""

OF = {"forbidden": "choices taken away", "harm": "who is worse off", "wishes": "other wishes"}
"""What a weight is on, where its name does not say so."""

SAID = {"balanced": "balanced payments"}
"""Approaches that are not called what they are."""

SHOWN = 3
"""Rules brought along that are spoken of one by one."""

PLURAL = ("fines", "promises", "balanced")


def steady(changes: Sequence[tuple[str, float, str]]) -> str:
    """Whether the first line hangs on one weight, in a sentence."""
    if not changes:
        return "It stays first when any one weight is doubled or halved."
    by: dict[str, list[str]] = {}
    for part, factor, approach in changes:
        by.setdefault(approach, []).append(f"{'twice' if factor > 1 else 'half'} the weight on {OF.get(part, part)}")
    return " ".join(f"With {' or '.join(ways)}, {_said(name)} would be first." for name, ways in by.items())


def reason(problem: Problem, first: Ranked, second: Ranked | None) -> str:
    """Why the first line is first."""
    name = first.proposal.approach
    come = "come" if name in PLURAL else "comes"
    said = f"{_said(name).capitalize()} {come} first, closing {_closes(first)} of the gap"
    if second is None:
        return f"{said}; nothing else is proposed."
    other = second.proposal.approach
    if step(problem, first) != step(problem, second):
        return f"{said}; the next is {_said(other)}, with {_closes(second)}."
    if round(second.weight, DIGITS) <= round(first.weight, DIGITS):
        return f"{said}; {_said(other)} would do as much at the same burden."
    heavier = max(first.burden, key=lambda part: second.burden[part] - first.burden[part])
    return f"{said} at the least burden; {_said(other)} would do as much, but {_takes(other, heavier)}."


def beside_them(
    problem: Problem, proposed: Sequence[Ranked], own: Sequence[Ranked], refused: Sequence[Impossible]
) -> Iterator[str]:
    """What becomes of each rule that was brought along, in a sentence; of the first few where there are many."""
    open_to = [line for line in proposed if not line.proposal.objection]
    first = min((order(problem, line) for line in open_to), default=None)
    for one in sorted(own, key=lambda line: order(problem, line))[:SHOWN]:
        name = f"{one.proposal.approach}, brought along,"
        if one.proposal.objection:
            yield f"{name} would not be proposed: {one.proposal.objection}"
            continue
        after = first is not None and first < order(problem, one)
        place = f"comes after {_said(open_to[0].proposal.approach)}" if after else "comes before all that is proposed"
        place = place if open_to else "comes first"
        yield f"{name} {place}, closing {_closes(one)} of the gap at a burden of {one.weight:.4g}."
    if len(own) > SHOWN:
        yield f"{len(own) - SHOWN} more were brought along."
    for why in refused[:SHOWN]:
        yield f"{why.approach}, brought along, cannot be looked at: {why.because}"


def kind_of_problem(problem: Problem, advised: float | None) -> str:
    """Whether advice alone closes the gap (coordination) or not (conflict), and whether it is small."""
    now, best, span = float((problem.now * problem.worth).sum()), float(problem.worth.max()), span_of(problem)
    if best - now <= SAME * span:
        return "Nothing is lost, so nothing has to be done."
    little = (
        f"Little is lost: {percent((best - now) / span, 1)} of the range of welfare. "
        if best - now < SMALL * span
        else ""
    )
    if advised is None:
        return f"{little}How much advice alone would close was not found."
    share = (advised - now) / (best - now)
    if share >= 1 - SAME:
        return f"{little}The problem is one of coordination: advice alone closes the gap, if it is believed."
    if share <= SAME:
        return f"{little}The problem is one of conflict: advice alone closes nothing of the gap."
    rest = "the rest is conflict, which only incentives or limits close"
    return f"{little}Advice alone closes {percent(share)} of the gap; {rest}."


def _said(approach: str) -> str:
    return SAID.get(approach, approach)


def _closes(one: Ranked) -> str:
    return percent(max(one.closed, 0.0))


def _takes(approach: str, part: str) -> str:
    """What weighs more, agreeing in number with the approach."""
    if approach not in PLURAL:
        return TAKES[part]
    head, _, rest = TAKES[part].partition(" ")
    return f"{'have' if head == 'has' else head.removesuffix('s')} {rest}"
