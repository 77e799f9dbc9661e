"""Commit and reveal: draw lots over a line on which everybody would rather speak last."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any

from ..core.protocol import Holds, Protocol, Step
from ..core.record import Interval
from ._rows import alike, as_bytes, put

State = tuple[tuple[int, ...], tuple[int, ...]]
OPEN, WITHHELD = -1, -2
"""What is not said yet, and what never will be."""


class CommitReveal(Protocol):
    """Each commits to a number, then all are revealed; their sum says who wins (Blum 1981).

    With n parties each draws one of n numbers evenly, and the sum modulo n is the winner's place: it gets `stake` from
    each of the others. Whoever does not reveal ends the draw: it pays `bond`, shared among the others, and nobody wins.
    A state is what each committed to, and what each revealed.

    Parameters
    ----------
    players : how many draw, 2 to 5.
    stake : what each who loses pays to the winner.
    bond : what it costs not to reveal. It takes at least `stake` to make revealing worth it.
    hiding : whether a commitment keeps its number secret. Without it whoever commits last chooses the winner.
    binding : whether another number than the one committed to cannot be revealed. Without it the last to reveal does.

    Source: Blum, Coin flipping by telephone (1981); Cleve (1986) for why the last to reveal cannot be made harmless by
    messages alone.
    """

    players: Annotated[int, Interval(ge=2, le=5)] = 2
    stake: Annotated[float, Interval(ge=0)] = 1.0
    bond: Annotated[float, Interval(ge=0)] = 1.0
    hiding: bool = True
    binding: bool = True

    @cached_property
    def parties(self) -> tuple[str, ...]:
        """Who draws."""
        return tuple(f"party {k + 1}" for k in range(self.players))

    def start(self) -> State:
        """Nothing is committed to."""
        return ((OPEN,) * self.players, (OPEN,) * self.players)

    def events(self, state: State) -> list[Step]:
        """Commit in any order; once all have, reveal in any order, as long as nobody has walked out."""
        coins, shown = state
        steps: list[Step] = []
        if OPEN in coins:
            waiting = [k for k, coin in enumerate(coins) if coin == OPEN]
            return [
                Step(self.parties[k], f"commit to {number}", (put(coins, k, number), shown))
                for k in waiting
                for number in range(self.players)
            ]
        for k in [] if WITHHELD in shown else [k for k, number in enumerate(shown) if number == OPEN]:
            steps.append(Step(self.parties[k], "reveal", (coins, put(shown, k, coins[k]))))
            steps.append(Step(self.parties[k], "walk out", (coins, put(shown, k, WITHHELD)), "abort"))
            others = [] if self.binding else [number for number in range(self.players) if number != coins[k]]
            steps += [Step(self.parties[k], f"reveal {n} instead", (coins, put(shown, k, n)), "lie") for n in others]
        return steps

    def ended(self, state: State) -> bool:
        """Whether all is revealed, or somebody has walked out."""
        return OPEN not in state[1] or WITHHELD in state[1]

    def sees(self, state: State, party: str) -> Any:
        """Its own number, how many others are committed (or to what, if that does not hide), and what is revealed."""
        (coins, shown), k = state, self.parties.index(party)
        words = ["-" if c == OPEN else "?" if self.hiding and own != k else str(c) for own, c in enumerate(coins)]
        return f"{' '.join(words)}, revealed {' '.join('-' if n < 0 else str(n) for n in shown)}"

    def pays(self, state: State) -> tuple[float, ...]:
        """The winner takes the stakes; who walked out pays the bond."""
        shown, others = state[1], self.players - 1
        if WITHHELD in shown:
            return tuple(-self.bond if number == WITHHELD else self.bond / others for number in shown)
        if OPEN in shown:
            return (0.0,) * self.players
        winner = sum(shown) % self.players
        return tuple(others * self.stake if k == winner else -self.stake for k in range(self.players))

    def safety(self) -> Mapping[str, Holds]:
        """What is revealed is what was committed to."""
        return {"what is revealed was committed to": _kept}

    def liveness(self) -> Mapping[str, Holds]:
        """Every number is revealed."""
        return {"the lot is drawn": lambda state, faulty: min(state[1]) >= 0}


def _kept(state: State, faulty: frozenset[str]) -> bool:
    return all(number in (OPEN, WITHHELD, coin) for coin, number in zip(*state, strict=True))


def commitment(value: bytes, nonce: bytes) -> str:
    """A SHA-256 commitment to a value, as hex digits.

    It hides the value as long as `nonce` is secret, drawn anew each time and at least 16 bytes long, and binds to it as
    long as nobody finds two texts with the same SHA-256.
    """
    nonce, value = as_bytes(nonce, "nonce"), as_bytes(value, "value")
    return hashlib.sha256(len(nonce).to_bytes(8, "big") + nonce + value).hexdigest()


def opens(made: str, value: bytes, nonce: bytes) -> bool:
    """Whether a commitment was made to this value with this nonce."""
    return alike(made, commitment(value, nonce))
