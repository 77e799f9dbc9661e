"""Kuhn poker: three cards, one bet, and already a reason to bluff."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from typing import Any, ClassVar

from ostrom.core.forms.extensive import Chance, Choice, End, ExtensiveForm, Node


class KuhnPoker(ExtensiveForm):
    """Two players ante 1 and get one of three cards each; there is one round with one bet of 1.

    Who never bets without the king is read like an open book, so the jack has to bet now and then; the first player
    loses a little all the same.

    Players `first`, `second`; moves `pass`, `bet`. An information set is one's own card and what was done: `K pb`.

    Source: Kuhn, A simplified two-person poker (1950): the game is worth −1/18 to the first player; its optimal
    behaviours bet the jack with odds α in 0 … 1/3, the king with 3α, and call with the queen with α + 1/3.
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "Kuhn (1950)",
        "value": Fraction(-1, 18),
        "information sets": 12,
        "ends": 30,
    }

    def __init__(self) -> None:
        deals = {a + b: (Fraction(1, 6), self._round(a, b)) for a, b in permutations("JQK", 2)}
        super().__init__(Chance(deals), players=("first", "second"), name="kuhn_poker")

    @staticmethod
    def _round(one: str, two: str) -> Node:
        high = 1 if "JQK".index(one) > "JQK".index(two) else -1

        def end(won: int) -> End:
            return End(pays=(won, -won))

        answered = Choice("first", {"pass": end(-1), "bet": end(2 * high)}, sees=f"{one} pb")
        passed = Choice("second", {"pass": end(high), "bet": answered}, sees=f"{two} p")
        bet = Choice("second", {"pass": end(1), "bet": end(2 * high)}, sees=f"{two} b")
        return Choice("first", {"pass": passed, "bet": bet}, sees=one)
