"""What is claimed of a restriction of an interval: its equilibria, where they can be, and that it is least."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..core.claim import Claim
from ._interval_enclosure import FINEST, enclosure
from ._interval_search import CLOSE
from ._quadratic import Point, Quadratic

Left = Sequence[tuple[Fraction, Fraction]]


def written(point: Point) -> str:
    """A point in words: `(27, 54)`."""
    return f"({', '.join(f'{float(x):.6g}' for x in point)})"


def listed(game: Quadratic, left: Left, target: Point, found: Sequence[Point], least: Fraction | None) -> Claim:
    """By all cases: the target is an equilibrium, and nothing unwanted is; `least` None is the target alone."""
    where, method = written(target), "all cases of ends and vertices, in exact rationals"
    wanted = tuple(sorted(target)) if game.symmetric else target
    if least is None:
        spoils, statement = [p for p in found if p != wanted], f"{where} is the only pure equilibrium of what is left."
    else:
        spoils = [p for p in found if game.welfare(p) < least]
        statement = f"{where} is an equilibrium of what is left, and none has less welfare than {float(least):.6g}."
    gains = [game.gain(i, target, end) for i in range(game.players) for ends in left for end in ends]
    numbers = {"equilibria": [[float(x) for x in p] for p in found]}
    if wanted not in found or max(gains) > 0 or spoils:
        return Claim(statement, "refuted", method, 0.0, numbers, {"at": [float(x) for x in (*spoils, target)[0]]})
    return Claim(statement, "proved", method, 0.0, numbers)


def enclosed(game: Quadratic, left: Left, found: Sequence[Point]) -> Claim:
    """By interval arithmetic, without the list: where equilibria can be at all, and what they are worth."""
    boxes = enclosure(game, left)
    empty, count = boxes.without(found), len(boxes.low)
    numbers = {
        "low": boxes.low.tolist(), "high": boxes.high.tolist(), "welfare": boxes.welfare, "looked at": boxes.looked_at,
        "without a listed equilibrium": empty,
    }  # fmt: skip
    method = (
        f"interval arithmetic rounded outwards, boxes halved to {FINEST:.2g} of the range, {boxes.looked_at:,} of them"
    )
    if boxes.welfare is None:
        return Claim("What is left has no pure equilibrium.", "proved", method, 0.0, numbers)
    a, b = boxes.welfare
    where = f"{count} small box{'es' * (count > 1)}"
    statement = f"All pure equilibria of what is left are in {where}, of welfare {a:.6g} to {b:.6g}."
    if boxes.complete and not empty and all(_held(boxes.low, boxes.high, p) for p in found):
        return Claim(statement, "proved", method, 0.0, numbers)
    return Claim(statement, "unknown", method, numbers=numbers)


def least(share: float, at_least: float, intervals: int, any_number: bool, complete: bool) -> Claim:
    """That nothing smaller does, up to the margin."""
    what = "No restriction" if any_number else f"No union of up to {intervals} intervals"
    statement = f"{what} that is the same for all does this by forbidding less than {at_least:.4%} of the range."
    numbers = {"share": share, "at least": at_least}
    if any_number:
        return Claim(statement, "proved", "closed form: all that tempts at the target has to go", 0.0, numbers)
    method = "branch and bound over cases, linear programs (HiGHS)"
    return Claim(statement, "proved" if complete else "unknown", method, CLOSE if complete else None, numbers)


def _held(low: object, high: object, point: Point) -> bool:
    return any(
        all(Fraction(a) <= x <= Fraction(b) for a, b, x in zip(lows, highs, point, strict=True))
        for lows, highs in zip(low.tolist(), high.tolist(), strict=True)  # type: ignore[attr-defined]
    )
