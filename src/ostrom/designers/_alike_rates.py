"""Taxes and fines among players who are alike: closed forms over own move and state of the others."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from ..institutions.fines import Fines
from ..institutions.tax import Tax
from ._alike_crowd import Crowd
from ._alike_rule import Concept, Rule, does, idle
from ._payments import upwards
from ._proposal import Impossible, Needs
from ._rates import Asked, rate_of


def tax(crowd: Crowd, target: int, margin: float, shared: bool) -> Rule | Impossible:
    """The rate nearest to 0 on one fact of the own move, or on one move.

    Every departure k asks that rate × (amount of k − amount of the target) × share exceeds what k gains. The share is
    1 − 1/n where the revenue comes back in equal parts, 1 otherwise.
    """
    found = []
    amounts = {**{name: list(table) for name, table in crowd.facts.items()}}
    for move, label in enumerate(crowd.moves):
        amounts.setdefault(label, [float(k == move) for k in range(len(crowd.moves))])
    for name, table in amounts.items():
        if (rate := _rate(crowd, target, table, margin, shared)) is not None:
            moved = abs(rate[0]) * max(map(abs, table))
            found.append((name not in crowd.facts, rate[1] != "dominant", moved, rate[0] < 0, name, rate))
    if not found:
        because = (
            f"No rate on any one fact or move makes it an equilibrium that all play {crowd.moves[target]}: some "
            "departures would have to be made dearer and others that look the same, or more of the same, cheaper."
        )
        return Impossible("tax", because, "Fines for single moves tell departures apart.")
    *_, name, (rate, concept) = min(found)
    if rate == 0:
        return idle("tax", crowd, target, concept)
    return _taxed(crowd, target, name, amounts[name], rate, concept, shared)


def _rate(crowd: Crowd, target: int, table: list[float], margin: float, shared: bool) -> tuple[float, Concept] | None:
    exact, share = crowd.exactly(table), 1 - Fraction(int(shared), crowd.count)
    charges = [share * (one - exact[target]) for one in exact]
    concepts: tuple[Concept, ...] = ("dominant", "equilibrium")
    ways: Iterable[tuple[Concept, Asked]] = (
        (how, _asked(crowd.gains(target, how == "dominant"), charges, target)) for how in concepts
    )
    return rate_of(ways, crowd.lead(margin))


def _asked(gains: Iterable[Fraction], charges: list[Fraction], target: int) -> Asked:
    return [pair for k, pair in enumerate(zip(gains, charges, strict=True)) if k != target]


def _taxed(
    crowd: Crowd, target: int, name: str, table: list[float], rate: float, concept: Concept, shared: bool
) -> Rule:
    share, at = 1 - int(shared) / crowd.count, table[target]
    kind, fact = "tax" if rate > 0 else "subsidy", name in crowd.facts
    back = ", with the revenue shared by all," if rate > 0 else ", paid for by all,"
    unit = f"per unit of {name}" if fact else f"on {name}"
    said = f"A {kind} of {abs(rate):.4g} {unit}{back if shared else ''} makes {does(crowd, target, concept)}."
    dues = [rate * (one - other) * share if shared else rate * one for one in table for other in table]
    needs = Needs(
        cost=0.0 if shared else float(max(0.0, -rate * at * crowd.count)),
        fine=float(max(0.0, *dues)),
        promise=float(max(0.0, *(-due for due in dues))),
        observed=name if fact else "own moves",
        information=1 if fact and crowd.sees_all(name) else 2,
    )
    rule, twin = Tax(on=name, rate=rate, shared=shared), Tax(on=name, rate=rate * share, shared=False)
    source = "Pigou, The Economics of Welfare (1920)"
    paid, most = (0.0, 0.0) if shared else (float(-rate * at), needs.promise * crowd.count)
    return Rule("tax", said, rule, twin, needs, abs(rate), source, concept, paid, most)


def fines(crowd: Crowd, target: int, margin: float) -> Rule | Impossible:
    """The smallest fine on every move: the most that it gains over the target's, in any state of the others.

    The others share what is paid, so that a player's own move changes nothing of what it gets back.
    """
    lead = crowd.lead(margin)
    owed = [float(max(gain + lead, 0)) for gain in crowd.gains(target, True)]
    owed[target] = 0.0
    rounded = [float(upwards(fine, float(lead))) for fine in owed]  # type: ignore[arg-type]
    rows = sorted((("*", label, fine) for label, fine in zip(crowd.moves, rounded, strict=True) if fine > 0), key=_dear)
    if not rows:
        return idle("fines", crowd, target, "dominant")
    largest = rows[0][2]
    said = f"Fines of up to {largest:.4g}, shared among the others, make {does(crowd, target, 'dominant')}."
    needs = Needs(fine=largest, promise=largest, observed="own moves", information=2)
    rule, twin = Fines(schedule=tuple(rows), shared=True), Fines(schedule=tuple(rows), shared=False)
    source = "Becker, Crime and Punishment (1968); fines shared among the others, so that no money is needed"
    return Rule("fines", said, rule, twin, needs, largest, source, "dominant")


def _dear(row: tuple[str, str, float]) -> tuple[float, str]:
    return -row[2], row[1]
