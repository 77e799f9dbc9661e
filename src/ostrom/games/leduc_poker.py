"""Leduc poker: six cards, two rounds, and enough to make solvers sweat a little."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, ClassVar

from ostrom.core.forms.extensive import Chance, Choice, End, ExtensiveForm, Node

RANKS = "JQK"
STAKES, RAISES = (2, 4), 2


class LeducPoker(ExtensiveForm):
    """Two players ante 1 and get one of six cards each, two of each rank; after a first round a card is turned up.

    Bets are 2 in the first round and 4 in the second, with at most two raises in each. A pair with the card on the
    table wins, otherwise the higher card; equal cards share.

    Players `first`, `second`; moves `fold` (against a bet), `call`, `raise`. An information set is one's own card, what
    was done, and in the second round the card turned up: `K cr/Q r`.

    Source: Southey et al., Bayes' bluff: opponent modelling in poker (2005).
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "Southey et al. (2005); value as computed by OpenSpiel's solvers",
        "value": -0.0856,
        "information sets": 288,
        "information sets when suits are told apart": 936,
    }

    def __init__(self) -> None:
        deals = {}
        for a in range(6):
            for b in range(6):
                if a != b:
                    deals[_card(a) + _card(b)] = (Fraction(1, 30), _bets((a, b), -1, (1, 1), 0, "", ""))
        super().__init__(Chance(deals), players=("first", "second"), name="leduc_poker")


def _card(number: int) -> str:
    """Rank and suit: `J1`."""
    return RANKS[number // 2] + str(number % 2 + 1)


def _bets(hands: tuple[int, int], table: int, paid: tuple[int, int], seat: int, done: str, before: str) -> Node:
    """The round from here on: `done` is what was done in it, `before` what was done in the first."""
    raises, stake = done.count("r"), STAKES[table >= 0]
    told = RANKS[hands[seat] // 2] + (f" {done}" if table < 0 else f" {before}/{RANKS[table // 2]} {done}")
    moves: dict[str, Node] = {}
    if paid[seat] < paid[1 - seat]:
        lost = paid[seat]
        moves["fold"] = End(pays=(-lost, lost) if seat == 0 else (lost, -lost))
    level = max(paid)
    called = (level, paid[1]) if seat == 0 else (paid[0], level)
    if done and (done[-1] == "r" or done == "c"):
        moves["call"] = _after(hands, table, level, done + "c")
    else:
        moves["call"] = _bets(hands, table, called, 1 - seat, done + "c", before)
    if raises < RAISES:
        raised = (level + stake, paid[1]) if seat == 0 else (paid[0], level + stake)
        moves["raise"] = _bets(hands, table, raised, 1 - seat, done + "r", before)
    return Choice(("first", "second")[seat], moves, sees=told.strip())


def _after(hands: tuple[int, int], table: int, paid: int, done: str) -> Node:
    """The card that is turned up, or after the second round the end."""
    if table >= 0:
        won = paid * _compare(hands, table)
        return End(pays=(won, -won))
    left = [card for card in range(6) if card not in hands]
    return Chance({_card(card): (Fraction(1, 4), _bets(hands, card, (paid, paid), 0, "", done)) for card in left})


def _compare(hands: tuple[int, int], table: int) -> int:
    """1 when the first player wins, −1 when the second does, 0 when they share."""
    worth = [3 if hand // 2 == table // 2 else hand // 2 for hand in hands]
    return (worth[0] > worth[1]) - (worth[0] < worth[1])
