"""Agents that react to each other's last numbers: prices set by bots, quantities by firms, arms by states.

No payoffs are needed to see where such a loop goes. What counts is its gain: by how much a small disturbance has grown
when it has gone once round. Above one the loop runs away, whatever each of its agents had in mind.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Literal

import numpy as np

from ..errors import InputError
from ..game import Array
from ..kind import Kind
from .normal_form import _names, _numbers

Order = Literal["in turn", "at once"]
STEP = 1e-6
FAR = 1e6
"""A place to rest is looked for up to so many times the numbers in the beginning."""


class Reactions(Kind):
    """Everybody's next number, from everybody's last.

    Parameters
    ----------
    replies : for each of P agents a function of the numbers `float[P]` that gives its own next number; or a matrix
        `[P, P]` of slopes, `slopes[i, j]`: by how much i's number moves with j's. With slopes, `constants` `[P]` are
        added.
    start : `[P]`, the numbers in the beginning.
    order : "in turn", the first agent first and each seeing what was done before it in the round, or "at once".
    players, name, unit, round : names; what is set, in what unit, and what a round is called ("day").

    Raises
    ------
    InputError : shapes that do not fit, numbers that are not finite, another order.

    Examples
    --------
    >>> bots = Reactions([[0, 0.9983], [1.270589, 0]], start=[1.0, 1.0], players=("follower", "leader"))
    >>> round(bots.gain(), 6)
    1.268429
    """

    in_words: ClassVar[str] = "a loop of reactions"

    def __init__(
        self,
        replies: Any,
        start: Any,
        *,
        constants: Sequence[float] | None = None,
        order: Order = "in turn",
        players: Sequence[str] | None = None,
        name: str = "reactions",
        unit: str = "",
        round: str = "round",
    ) -> None:
        _, self.start = _numbers(start, "numbers in the beginning")
        count = len(self.start) if self.start.ndim == 1 else 0
        self.players = _names(players, count, "agent")
        self.name, self.unit, self.round, self.order = name, unit, round, order
        if order not in ("in turn", "at once"):
            raise InputError(f"The order is {order!r}.", do='Say "in turn" or "at once".')
        functions = isinstance(replies, Sequence) and len(replies) == count and all(map(callable, replies))
        if functions and count and constants is None:
            self.slopes, self._replies = None, tuple(replies)
            self.after(self.start)
            return
        _, self.slopes = _numbers(replies, "slopes") if not functions else (None, np.zeros(0))
        _, added = _numbers(np.zeros(count) if constants is None else constants, "constants")
        if not count or self.slopes.shape != (count, count) or added.shape != (count,):
            raise InputError(
                f"Replies of shape {np.shape(self.slopes)} with {count} numbers to start from.",
                "P agents need P functions, or a matrix of P × P slopes and P constants.",
                "Give one function, or one row, for each number in the beginning.",
            )
        self._replies = tuple(_affine(self.slopes[k], float(added[k])) for k in range(count))

    def after(self, numbers: Any) -> Array:
        """`float[P]`: the numbers one round later. `InputError` when a reply is not a finite number."""
        seen = np.array(numbers, float)
        following = seen.copy()
        for i, reply in enumerate(self._replies):
            answer = np.asarray(reply(following.copy() if self.order == "in turn" else seen.copy()))
            if answer.size != 1 or answer.dtype.kind not in "iufb" or not np.isfinite(answer).all():
                raise InputError(
                    f"To the numbers {np.array2string(seen, threshold=6)} {self.players[i]} replies {answer!r}.",
                    "A reply is one finite number.",
                    "Look at the function, or run fewer rounds: a loop that runs away leaves all bounds.",
                )
            following[i] = float(answer.reshape(()))
        return following

    def path(self, rounds: int) -> Array:
        """`float[rounds + 1, P]`: the numbers from the beginning on; shorter when they pass 1e100."""
        path = [self.start]
        for _ in range(rounds):
            if not (np.abs(path[-1]) < 1e100).all():
                break
            path.append(self.after(path[-1]))
        return np.array(path)

    def jacobian(self, at: Any = None) -> Array:
        """`float[P, P]`: how the numbers after a round move with those before it, at a point.

        Exact for slopes; for functions by central differences, in the beginning by default.
        """
        if self.slopes is not None:
            return self._round_of_slopes()
        point = np.asarray(self.start if at is None else at, float)
        columns = []
        for j in range(len(point)):
            step = STEP * max(1.0, abs(point[j]))
            ahead, behind = point.copy(), point.copy()
            ahead[j] += step
            behind[j] -= step
            columns.append((self.after(ahead) - self.after(behind)) / (ahead[j] - behind[j]))
        return np.array(columns).T

    def rest(self, tolerance: float = 1e-9) -> Array | None:
        """`float[P]`: where the numbers stay, by Newton's method from the beginning; None if not found."""
        point, identity = self.start, np.eye(len(self.start))
        bound = FAR * max(1.0, np.abs(self.start).max())
        for _ in range(100):
            try:
                gap = self.after(point) - point
                if np.abs(gap).max() <= tolerance * max(1.0, np.abs(point).max()):
                    return point
                point = point + np.linalg.solve(identity - self.jacobian(point), gap)
            except (InputError, np.linalg.LinAlgError):
                return None
            if not (np.abs(point) < bound).all():
                return None
        return None

    def gain(self, at: Any = None) -> float:
        """By how much a small disturbance grows in a round in the long run: the largest modulus of an eigenvalue.

        At the rest point, or where there is none (or `at` is given) at the beginning (or there). Below 1 the loop calms
        down there, above 1 it runs away from it.
        """
        if at is None and self.slopes is None:
            at = self.rest()
        return float(np.abs(np.linalg.eigvals(self.jacobian(at))).max())

    def _round_of_slopes(self) -> Array:
        assert self.slopes is not None
        if self.order == "at once":
            return self.slopes
        moved = np.eye(len(self.start))  # row i: how i's number, as it stands, depends on those at the round's start
        for i, row in enumerate(self.slopes):
            moved[i] = row @ moved
        return moved

    def __repr__(self) -> str:
        return f"<Reactions {self.name}: {len(self.players)} agents, {self.order}>"


def _affine(row: Array, constant: float) -> Callable[[Array], float]:
    return lambda numbers: float(row @ numbers + constant)
