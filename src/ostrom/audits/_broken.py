"""What a breach brings, where an institution takes moves away, and what it has to cost."""

from __future__ import annotations

from ..core.claim import Claim
from ..core.errors import TooLarge
from ..core.forms.normal_form import NormalForm
from ..core.game import Game
from ._amounts import Amounts, Number, told
from ._case import Case, fractions


def about_breaches(
    case: Case, numbers: Amounts, base: Game | None, detection: float, sanction: float | None
) -> tuple[Claim, ...]:
    """A claim about whoever makes a move of the base game that was taken away; none where none was.

    A breach brings its maker what the base pays, with no payment, and costs it `sanction` when it is caught.
    """
    before = _table(case, base)
    ways = [] if before is None else _breaches(case, numbers, before)
    if not ways:
        return ()
    method = f"comparing {len(ways)} forbidden moves, in {'exact rationals' if case.exact else 'float64'}"
    gain, player, move = max(ways, key=lambda way: way[0])
    chance = numbers.read(detection)
    needed = gain / chance if chance else None
    found = {"player": player, "move": move, "gain": float(gain), "sanction needed": needed and float(needed)}
    tolerance = float(numbers.slack)
    if gain <= numbers.slack:
        statement = f"Nobody gains by breaking {case.where} with a move that is forbidden."
        return (Claim(statement, "proved", method, tolerance, found),)
    if needed is None:
        return (_tempting(case, method, tolerance, found, "never caught"),)
    cost = needed if sanction is None else numbers.read(sanction)
    caught = f"caught with a chance of {told(chance)} or more, and then costs {told(cost)} or more"
    if cost * chance < gain - numbers.slack:
        return (_tempting(case, method, tolerance, found | {"gain": float(gain - cost * chance)}, caught),)
    statement = f"Nobody gains by breaking {case.where} with a forbidden move, where this is {caught}."
    return (Claim(statement, "proved", method, tolerance, found),)


def _tempting(case: Case, method: str, tolerance: float, found: dict, caught: str) -> Claim:
    statement = f"Nobody gains by breaking {case.where} with a forbidden move, where this is {caught}."
    witness = {key: found[key] for key in ("player", "move", "gain")}
    return Claim(statement, "refuted", method, tolerance, found, witness)


def _table(case: Case, base: Game | None) -> NormalForm | None:
    """The game in which nothing is forbidden, if it is known and has all moves of the governed one."""
    base = getattr(case.game, "base", None) if base is None else base
    try:
        table = None if base is None else base.dense()
    except TooLarge:
        return None
    if table is None or len(table.moves) != len(case.game.moves):
        return None
    kept = zip(case.game.moves, table.moves, strict=True)
    return table if all(set(left) <= set(all_) for left, all_ in kept) else None


def _breaches(case: Case, numbers: Amounts, before: NormalForm) -> list[tuple[Number, str, str]]:
    """`(gain, player, forbidden move)`: what each such move brings while all others keep to the target."""
    place, ways = before.profile(case.target), []
    for i, own in enumerate(before.moves):
        there = before.payoffs[(*place[:i], slice(None), *place[i + 1 :], i)]
        paid = fractions(there) if case.exact is not None else there
        now = numbers.payoffs[(*case.place, i)]
        ways += [
            (paid[k] - now, before.players[i], label) for k, label in enumerate(own) if label not in case.game.moves[i]
        ]
    return ways
