"""A repeated game among players in good or bad standing, worked through for every action rule at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from ..core.game import Array

RULES = tuple("".join(letters) for letters in product("DC", repeat=4))
"""Action rules, C for the good move: (to a bad one, to a good one) while in bad standing, then in good standing."""

ACTS = np.array([[letter == "C" for letter in rule] for rule in RULES]).reshape(-1, 2, 2)

TIE = 1e-9
"""In float64, the share of the range of payoffs that a gain has to exceed to count."""


@dataclass(frozen=True, eq=False)
class Stage:
    """One round in which everybody makes the good or the bad move, with what leaving that move gains.

    Attributes
    ----------
    bits : `bool[B, P]`, who is good: read as standings, or as who makes the good move. The last row is all.
    pays : `[B, P]`, payoffs at such a joint move; `worth` : `float[B]`, welfare there.
    swap : `[B, P]`, what a player gains by the best move that is judged otherwise than its own.
    stray : `[B, P]`, what it gains by the best other move that is judged alike; -inf where there is none.
    """

    bits: Array
    pays: Array
    worth: Array
    swap: Array
    stray: Array

    @classmethod
    def of(cls, rewards: Array, worth: Array, good: tuple[int, ...], bad: tuple[int, ...]) -> Stage:
        """From payoffs `[A_1, …, A_P, P]` (floats or fractions), and the numbers of everybody's two moves."""
        players = len(good)
        bits = np.array(list(product((False, True), repeat=players)))[:, ::-1]
        pays, swap, stray = (np.full(bits.shape, -np.inf, dtype=object) for _ in range(3))
        values = np.zeros(len(bits))
        for row, who in enumerate(bits.tolist()):
            made = [g if yes else b for yes, g, b in zip(who, good, bad, strict=True)]
            pays[row], values[row] = rewards[tuple(made)], worth[tuple(made)]
            for i, yes in enumerate(who):
                gains = rewards[(*made[:i], slice(None), *made[i + 1 :], i)] - rewards[(*made, i)]
                alike = [(move == good[i]) == yes for move in range(len(gains))]
                swap[row, i] = max(gain for gain, same in zip(gains, alike, strict=True) if not same)
                others = [m for m, same in enumerate(alike) if same and m != made[i]]
                stray[row, i] = max((gains[m] for m in others), default=-np.inf)
        return cls(bits, pays, values, swap, stray)

    @property
    def weights(self) -> Array:
        """What each seat's bit counts in the number of a row."""
        return 1 << np.arange(self.bits.shape[1])

    @cached_property
    def met(self) -> Array:
        """`bool[B, P]`: whether everybody else is good."""
        return np.stack([np.delete(self.bits, i, 1).all(1) for i in range(self.bits.shape[1])], 1)

    @cached_property
    def floats(self) -> Stage:
        """The same in float64."""
        return Stage(self.bits, *(np.asarray(a, float) for a in (self.pays, self.worth, self.swap, self.stray)))

    def played(self) -> Array:
        """`int[R, B]`: the joint move that follows from the standings under each of `RULES`."""
        return ACTS[:, self.bits.astype(int), self.met.astype(int)] @ self.weights

    def after(self, norm: str) -> Array:
        """`int[B, B]`: the standings that follow on standings (rows) and a joint move (columns), without mistakes."""
        verdicts = np.array([letter == "G" for letter in norm[:4] + norm[-4:]]).reshape(2, 2, 2)
        own, met = (table.astype(int)[:, None] for table in (self.bits, self.met))
        return verdicts[own, met, self.bits.astype(int)[None]] @ self.weights


class Tried(NamedTuple):
    """What becomes of a norm under each of so many action rules, R of them.

    Attributes
    ----------
    rules : the action rules, by number in `RULES`.
    keeps : `bool[R]`, whether the target is played in every round as long as no mistake is made.
    loss : `float[R]`, what the best single departure at any state loses in all, in payoff units; below 0 it gains.
    value : `float[R, B, P + 1]`, per round from each state on: of each player, and welfare last.
    move : `float[R, B, B]`, odds of the next state.
    """

    rules: Array
    keeps: Array
    loss: Array
    value: Array
    move: Array


def mistaken(stage: Stage, error: float) -> Array:
    """`float[B, B]`: odds of what is entered, for what should be; each entry is wrong by itself."""
    wrong = (stage.bits[:, None] != stage.bits[None]).sum(-1)
    return error**wrong * (1 - error) ** (stage.bits.shape[1] - wrong)


def tried(stage: Stage, norm: str, discount: float, error: float, rules: Array | None = None) -> Tried:
    """Play every action rule under a norm, in float64; nobody gains where no single departure does at any state.

    (One-shot deviation principle: action rules look at the state alone, and payoffs are discounted.) States are those
    that some play leads to.
    """
    chosen = np.arange(len(RULES)) if rules is None else np.asarray(rules)
    number, after, enter, table = stage.played()[chosen], stage.after(norm), mistaken(stage, error), stage.floats
    states, seats = np.arange(len(after)), np.arange(stage.bits.shape[1])
    onward = after[states, number]  # [R, B]
    swapped = after[states[:, None], number[..., None] ^ stage.weights]  # [R, B, P]
    reward = np.concatenate([table.pays[number], table.worth[number][..., None]], -1)
    move = enter[onward]
    value = np.linalg.solve(np.eye(len(after)) - discount * move, (1 - discount) * reward)
    entered = enter @ value  # [R, B, P + 1], by what should be entered
    later = entered[np.arange(len(chosen))[:, None, None], swapped, seats] - (move @ value)[..., :-1]
    gains = np.maximum(table.swap[number] + discount / (1 - discount) * later, table.stray[number])
    live = np.ones(len(after), bool) if error else reached(after)
    return Tried(chosen, _kept(number, onward), -gains[:, live].max((1, 2)), value, move)


def reached(after: Array) -> Array:
    """`bool[B]`: the states that some play leads to from good standing of all."""
    seen = np.zeros(len(after), bool)
    left = [len(after) - 1]
    while left:
        state = left.pop()
        if not seen[state]:
            seen[state] = True
            left += np.unique(after[state]).tolist()
    return seen


def _kept(number: Array, onward: Array) -> Array:
    """Whether the good move is made by all for ever from good standing of all, by rule."""
    rows, state = np.arange(len(number)), np.full(len(number), number.shape[1] - 1)
    kept = np.ones(len(number), bool)
    for _ in range(number.shape[1]):
        kept &= number[rows, state] == number.shape[1] - 1
        state = onward[rows, state]
    return kept


def forgiven(stage: Stage, norm: str, rule: int) -> list[int | None]:
    """By seat, the rounds after one wrong entry about it until all play the target again for good; None is never."""
    number, after = stage.played()[rule], stage.after(norm)
    top, found = len(after) - 1, []
    for weight in stage.weights.tolist():
        state, path = top ^ weight, []
        for _ in range(2 * len(after)):
            path.append(number[state] == top)
            state = int(after[state, number[state]])
        spoilt = [t for t, fine in enumerate(path) if not fine]
        found.append(None if spoilt and spoilt[-1] >= len(after) else (spoilt[-1] + 1 if spoilt else 0))
    return found


def distinctions(letters: Any) -> int:
    """On how many of the things it could look at a norm or an action rule depends."""
    table = np.array(list(letters)).reshape((2,) * (len(letters).bit_length() - 1))
    return sum(bool((table.take(0, axis) != table.take(1, axis)).any()) for axis in range(table.ndim))
