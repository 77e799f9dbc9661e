"""What pure automata do for ever: something first, and then the same again and again. As payoffs: exact in δ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..core.automaton import Automaton
from ..core.errors import TooLarge
from ..core.game import Array, Game
from ._polynomials import Polynomial, times, trimmed
from ._products import Meeting

LASSO_LIMIT = 20_000
"""Ways to deviate from a profile that are compared exactly."""


@dataclass(frozen=True)
class Lasso:
    """Play that repeats itself: `first`, then `cycle` for ever, in numbers of joint moves (`game.profiles()`)."""

    first: tuple[int, ...]
    cycle: tuple[int, ...]

    def after(self, move: int) -> Lasso:
        """The same with one more joint move before it."""
        return Lasso((move, *self.first), self.cycle)

    def worth(self, payoffs: Sequence[Fraction]) -> tuple[Polynomial, Polynomial]:
        """Payoff per round as a fraction of polynomials in δ; the lower one is positive on [0, 1]."""
        first, cycle = ([payoffs[move] for move in part] for part in (self.first, self.cycle))
        round_trip = [Fraction(1)] + [Fraction(0)] * (len(cycle) - 1) + [Fraction(-1)]
        upper = [Fraction(0)] * (len(first) + len(cycle))
        for k, term in enumerate(times(first, round_trip)):
            upper[k] += term
        for k, term in enumerate(cycle):
            upper[len(first) + k] += term
        return trimmed(upper), (Fraction(1),) * len(cycle)


def path(met: Meeting, state: int) -> Lasso:
    """What pure automata do from a joint state on."""
    chosen = met.joint().argmax(-1)
    seen, moves = {}, []
    while state not in seen:
        seen[state] = len(moves)
        moves.append(int(chosen[state]))
        state = int(met.after[state, chosen[state]])
    return Lasso(tuple(moves[: seen[state]]), tuple(moves[seen[state] :]))


def one_shot(met: Meeting, seat: int) -> Iterator[tuple[Lasso, Lasso]]:
    """`(as planned, with one other move of this seat now)`, for every joint state and other move."""
    chosen = met.joint().argmax(-1)
    paths = [path(met, state) for state in range(len(met.states))]
    others = np.delete(met.profiles, seat, axis=1)
    for state, move in enumerate(chosen.tolist()):
        for other in np.flatnonzero((others == others[move]).all(-1)).tolist():
            if other != move:
                yield paths[state], paths[int(met.after[state, other])].after(other)


def replies(game: Game, strategies: Sequence[Automaton], seat: int) -> Iterator[Lasso]:
    """Every play that a plan of this seat leads to which depends on the others' pure automata alone.

    Against pure automata one of them is a best reply, whatever δ is: the others' states and own moves are a graph, and
    a plan walks it until it comes round. `TooLarge` beyond `LASSO_LIMIT` of them.
    """
    own = game.sizes[seat]
    sizes = (own, *game.sizes[:seat], *game.sizes[seat + 1 :])
    anything = Automaton(np.full((1, own), 1 / own), np.zeros((1, *sizes), int))
    met = Meeting(game, [*strategies[:seat], anything, *strategies[seat + 1 :]])
    edges = [[(int(j), int(row[j])) for j in np.flatnonzero(row >= 0)] for row in met.after]
    stack: list[tuple[tuple[int, ...], tuple[int, ...]]] = [((), (0,))]
    found = 0
    while stack:
        moves, states = stack.pop()
        for move, to in edges[states[-1]]:
            if to not in states:
                stack.append(((*moves, move), (*states, to)))
                continue
            found += 1
            if found > LASSO_LIMIT:
                raise TooLarge(
                    f"{game.players[seat]} has more than {LASSO_LIMIT:,} ways to deviate.",
                    "Exactness compares each of them.",
                    "Ask repeated_equilibrium at the discount factors that matter.",
                )
            begin = states.index(to)
            yield Lasso((*moves, move)[:begin], (*moves, move)[begin:])


def rational(payoffs: Array) -> list[Fraction]:
    """Floats as the simple fractions that they are (0.1 as 1/10), else exactly as they are stored."""
    exact = [Fraction(float(u)) for u in payoffs]
    near = [u.limit_denominator(1_000_000) for u in exact]
    return [n if float(n) == float(u) else u for n, u in zip(near, exact, strict=True)]
