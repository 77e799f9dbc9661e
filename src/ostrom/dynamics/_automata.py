"""Well-known strategies of the repeated prisoner's dilemma that are finite automata; move 0 is to cooperate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np

from ..core.automaton import Automaton, Joint

one, pure = Automaton.memory_one, Automaton.pure
DEFECTING = (1, 6, 7, 17, 22, 23, 26, 29, 30, 31, 33, 38, 39, 45, 49, 54, 55, 58, 61)
"""The sums at which Nydegger's rule defects."""


def automata() -> list[Automaton]:
    """All of them, each with its name."""
    return [
        *memory_one(),
        *reacting(),
        *grudging(),
        *probing(),
        *(cycle(word) for word in ("CD", "DC", "CCD", "DDC", "CCCD", "CCCDCD", "CCCCCD")),
        Automaton.memory_n(3, nydegger, name="nydegger"),
        davis(),
        contrite(),
    ]


def memory_one() -> list[Automaton]:
    """Odds of C after CC, CD, DC, DD."""
    return [
        one(0.5, 0.5, 0.5, 0.5, first=0.5, name="random"),
        one(1, 0, 0, 1, name="win-stay lose-shift"),
        one(0, 1, 1, 0, first=0, name="win-shift lose-stay"),
        one(1, 0, 0, 0, name="grim"),
        one(1, 1 / 3, 1, 1 / 3, name="generous tit for tat"),
        one(1, 0, 1, 2 / 3, name="firm but fair"),
        one(0.9, 0, 0.9, 0, name="joss"),
        one(1, 0.1, 1, 0.1, name="soft joss"),
        one(1, 2 / 7, 2 / 7, 1, name="grofman"),
        one(0.935, 0.229, 0.266, 0.42, name="stochastic cooperator"),
        one(0.95, 0.05, 0.05, 0.95, name="stochastic win-stay lose-shift"),
        one(8 / 9, 1 / 2, 1 / 3, 0, name="extort-2"),
        one(1, 1 / 8, 1, 1 / 4, name="zd-gtft-2"),
        one(2 / 3, 0, 2 / 3, 1 / 3, name="equaliser"),
    ]


def reacting() -> list[Automaton]:
    """What they do depends on what the other did lately."""
    return [
        pure([0], [[0, 0]], name="cooperator"),
        pure([1], [[0, 0]], name="defector"),
        pure([0, 1], [[0, 1], [0, 1]], name="tit for tat"),
        pure([0, 1], [[0, 1], [0, 1]], start=1, name="suspicious tit for tat"),
        pure([0, 1], [[1, 0], [1, 0]], name="anti tit for tat"),
        pure([0, 1], [[1, 0], [1, 0]], start=1, name="bully"),
        pure([0, 0, 1], [[0, 1], [0, 2], [0, 2]], name="tit for two tats"),
        pure([0, 1, 1], [[0, 1], [2, 1], [0, 1]], name="two tits for tat"),
        pure([0, 1, 1, 1], [[0, 1], [2, 1], [3, 1], [0, 1]], name="hard tit for tat"),
        by_last(3, lambda past: "DD" in past, "hard tit for two tats"),
        pure([0, 1], [[0, 1], [1, 0]], name="appeaser"),
        pure([1, 1, 0], [[0, 1], [0, 2], [2, 0]], name="fortress 3"),
        pure([1, 1, 1, 0], [[0, 1], [0, 2], [0, 3], [3, 0]], name="fortress 4"),
        Automaton.memory_n(2, agreed, name="all-or-none 2"),
    ]


def grudging() -> list[Automaton]:
    """They remember a defection for longer."""
    return [
        pure([0, 0, 1], [[0, 1], [1, 2], [2, 2]], name="fool me once"),
        pure([0, 1, 0], [[0, 1], [2, 2], [1, 1]], name="grudger alternator"),
        pure([1, 0], [[1, 0], [1, 1]], name="opposite grudger"),
        pure([1, 0], [[0, 1], [1, 1]], name="easy go"),
        pure([1, 1, 1, 0, 1], [[1, 4], [2, 4], [3, 4], [3, 4], [4, 4]], name="aggravater"),
        pure([0, 1, 1], [[0, 1], [0, 2], [2, 2]], name="spiteful tit for tat"),
        pure([0, 1, 1, 1, 1, 0, 0], [[0, 1], *([k, k] for k in (2, 3, 4, 5, 6)), [0, 1]], name="soft grudger"),
    ]


def probing() -> list[Automaton]:
    """They begin with a test and go by how the other took it."""
    return [
        opening("DCC", lambda other: "D" if other[1:] == "CC" else "TFT", "prober"),
        opening("DCC", lambda other: "C" if other[1:] == "DC" else "TFT", "prober 2"),
        opening("DC", lambda other: "D" if other[1] == "C" else "TFT", "prober 3"),
        opening("DDCC", lambda other: "D" if other[1:3] == "CC" else "TFT", "hard prober"),
        opening("CD", lambda other: "C" if other == "CD" else "D", "handshake"),
    ]


def cycle(word: str) -> Automaton:
    """The same moves again and again."""
    name = "alternator" if word == "CD" else f"cycler {word}"
    size = len(word)
    return pure(["CD".index(letter) for letter in word], [[(k + 1) % size] * 2 for k in range(size)], own=2, name=name)


def by_last(depth: int, defects: Callable[[str], bool], name: str) -> Automaton:
    """Defects when the other's last `depth` moves (fewer at first), in letters, are such as to."""
    past = ["".join(word) for length in range(depth + 1) for word in product("CD", repeat=length)]
    after = [[past.index((word + letter)[-depth:]) for letter in "CD"] for word in past]
    return pure([int(defects(word)) for word in past], after, name=name)


def opening(word: str, goes_on: Callable[[str], str], name: str) -> Automaton:
    """Plays `word`, and then by the other's moves until then always C, always D, or tit for tat."""
    size = len(word)
    past = ["".join(other) for length in range(size) for other in product("CD", repeat=length)]
    always, count = {"C": len(past), "D": len(past) + 1}, len(past)
    after = []
    for other in past:
        row = []
        for letter in "CD":
            now = other + letter
            way = goes_on(now) if len(now) == size else ""
            row.append(past.index(now) if not way else always.get(way, count + 2 + "CD".index(letter)))
        after.append(row)
    moves = ["CD".index(word[len(other)]) for other in past]
    rest = [[count, count], [count + 1, count + 1], *([[count + 2, count + 3]] * 2)]
    return pure([*moves, 0, 1, 0, 1], [*after, *rest], name=name)


def nydegger(history: Sequence[Joint]) -> float:
    """Tit for tat for three moves but for an exception, then by a sum over the last three rounds: weights 1, 4, 16."""
    if len(history) == 3:
        return float(sum(4**k * (2 * other + own) for k, (own, other) in enumerate(history)) not in DEFECTING)
    if len(history) == 2 and history[0] == (0, 1) and history[1] == (1, 0):
        return 0.0
    return float(not history or history[-1][1] == 0)


def agreed(history: Sequence[Joint]) -> float:
    """Cooperates if both did the same in each of the last two rounds (Hilbe and others 2017), and at first."""
    return float(len(history) < 2 or all(own == other for own, other in history))


def davis() -> Automaton:
    """Ten cooperations; then it defects for ever if the other ever did."""
    clean, spoilt = list(range(10)), list(range(10, 20))
    after = [[k + 1, k + 11] for k in clean[:-1]] + [[20, 21]] + [[k + 1] * 2 for k in spoilt[:-1]] + [[21, 21]]
    return pure([0] * 21 + [1], [*after, [20, 21], [21, 21]], name="davis")


def contrite() -> Automaton:
    """Tit for tat that takes its punishment: it defects only while it is in good standing and the other is not.

    Who defects without being provoked so loses its good standing, and who cooperates has it back (Sugden 1986).
    States are both standings, own first: good good, good bad, bad good, bad bad.
    """
    after = []
    for own_bad, other_bad in product((0, 1), repeat=2):
        rights = (not own_bad and other_bad, not other_bad and own_bad)
        after.append(
            [[2 * int(own and not rights[0]) + int(other and not rights[1]) for other in (0, 1)] for own in (0, 1)]
        )
    return Automaton(np.eye(2)[[0, 1, 0, 0]], after, 0, "contrite tit for tat")
