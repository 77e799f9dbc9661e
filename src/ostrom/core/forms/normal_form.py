"""The game as a table: `payoffs[a1, …, aP, p]`, players always on the last axis."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from ..errors import InputError, TooLarge
from ..game import PROFILE_LIMIT, Array, Fact, Game, Mixture, amount

MAX_AXES = 32
"""Axes up to which a table is built at all (32 players with 2 moves are 4·10⁹ joint moves)."""


class NormalForm(Game):
    """A finite game given by its full table of payoffs.

    Parameters
    ----------
    payoffs : `[A_1, …, A_P, P]`, finite numbers (or `Fraction`s, kept in `exact`).
    players, moves : names; by default "player 1", … and "1", "2", ….
    bystanders, bystander_payoffs : names of B principals without a move, and `[A_1, …, A_P, B]`.
    facts : quantities rules can read.

    Raises
    ------
    InputError : shapes that do not fit, a NaN or an infinity (with its place).

    Examples
    --------
    >>> game = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
    >>> game.deviation_payoffs(game.uniform())[0]
    array([1.5, 3. ])
    """

    def __init__(
        self,
        payoffs: Any,
        *,
        players: Sequence[str] | None = None,
        moves: Sequence[str] | Sequence[Sequence[str]] | None = None,
        name: str = "game",
        bystanders: Sequence[str] = (),
        bystander_payoffs: Any = None,
        facts: Sequence[Fact] = (),
    ) -> None:
        self.name = name
        self.exact, self.payoffs = _numbers(payoffs, "payoffs")
        shape = self.payoffs.shape
        if self.payoffs.ndim < 2 or shape[-1] != self.payoffs.ndim - 1 or 0 in shape:
            raise InputError(
                f"Payoffs of shape {shape} are not a game's.",
                f"A table for P players has P axes of moves and a last axis of P payoffs; here {len(shape) - 1} axes "
                f"of moves come with {shape[-1] if shape else 0} payoffs.",
                "Give payoffs[a1, …, aP, p]; two matrices A, B become numpy.stack([A, B], axis=-1).",
            )
        self.players = _names(players, shape[-1], "player")
        self.moves = _move_names(moves, shape[:-1])
        self.bystanders = tuple(bystanders)
        _, table = _numbers(
            np.zeros((*shape[:-1], 0)) if bystander_payoffs is None else bystander_payoffs, "bystander payoffs"
        )
        if table.shape != (*shape[:-1], len(self.bystanders)):
            raise InputError(
                f"Bystander payoffs have shape {table.shape}.",
                f"{len(self.bystanders)} bystanders of this game need {(*shape[:-1], len(self.bystanders))}.",
                "Give one number per joint move and bystander.",
            )
        self.bystander_payoffs = table
        if len(set(self.principals)) < len(self.principals):
            raise InputError(
                f"Two principals share a name: {self.principals}.", do="Give every player and bystander its own name."
            )
        self.facts = tuple(facts)

    @classmethod
    def from_function(
        cls, function: Callable[..., Sequence[float]], moves: Sequence[Sequence[Any]], **names: Any
    ) -> NormalForm:
        """A table filled by calling `function(*moves)` once per joint move; it returns one payoff per player.

        `function` may be a formula or a black-box simulator. `moves` lists each player's moves (any values; their
        `str` become the labels). Raises `InputError` naming the joint move at which the function fails to answer.
        """
        sizes = tuple(len(own) for own in moves)
        refuse_large(sizes, names.get("name", "game"))
        table = np.empty((*sizes, len(sizes)), dtype=object)
        for index in np.ndindex(*sizes):
            chosen = [own[k] for own, k in zip(moves, index, strict=True)]
            answer = function(*chosen)
            if len(np.shape(answer)) != 1 or len(answer) != len(sizes):
                raise InputError(
                    f"The payoff function gave {answer!r} at {tuple(chosen)}.",
                    f"A game of {len(sizes)} players needs {len(sizes)} payoffs.",
                    "Return one number per player, in the order of the arguments.",
                )
            table[index] = list(answer)
        return cls(table, moves=[[str(move) for move in own] for own in moves], **names)

    def payoffs_at(self, profiles: Array) -> Array:
        """Payoffs `float[..., P]` at joint moves `int[..., P]`."""
        return self.payoffs[tuple(np.moveaxis(np.asarray(profiles), -1, 0))]

    def bystander_payoffs_at(self, profiles: Array) -> Array:
        """Utilities `float[..., B]` of the bystanders at joint moves `int[..., P]`."""
        return self.bystander_payoffs[tuple(np.moveaxis(np.asarray(profiles), -1, 0))]

    def deviation_payoffs(self, mixture: Mixture) -> Mixture:
        """For each player i, `float[..., A_i]`: what each own move is worth against the others' mixture."""
        batch = np.broadcast_shapes(*(np.shape(x)[:-1] for x in mixture))
        flat = [np.broadcast_to(x, (*batch, np.shape(x)[-1])).reshape(-1, np.shape(x)[-1]) for x in mixture]
        answers = []
        for i, table in enumerate(self._own_first):
            worth = _average(table, flat[:i] + flat[i + 1 :])
            answers.append(np.broadcast_to(worth, (len(flat[0]), len(table))).reshape(*batch, -1))
        return tuple(answers)

    def expected_bystander_payoffs(self, mixture: Mixture) -> Array:
        """Expected utilities `float[..., B]` of the bystanders when all play `mixture` independently."""
        batch = np.broadcast_shapes(*(np.shape(x)[:-1] for x in mixture))
        flat = [np.broadcast_to(x, (*batch, np.shape(x)[-1])).reshape(-1, np.shape(x)[-1]) for x in mixture]
        return _average(np.moveaxis(self.bystander_payoffs, -1, 0), flat).reshape(*batch, -1)

    def dense(self) -> NormalForm:
        """The table itself."""
        return self

    @cached_property
    def _own_first(self) -> tuple[Array, ...]:
        """Per player, the table with its own axis first: `[A_i, A_others…]`."""
        return tuple(np.ascontiguousarray(np.moveaxis(self.payoffs[..., i], i, 0)) for i in range(len(self.players)))


def refuse_large(sizes: Sequence[int], name: str) -> None:
    """Raise `TooLarge` when a table over `sizes` would not fit."""
    joint = math.prod(sizes)
    if joint > PROFILE_LIMIT or len(sizes) > MAX_AXES:
        raise TooLarge(
            f"{name} with {len(sizes)} players has {amount(joint)} joint moves.",
            f"A table of more than {PROFILE_LIMIT:,} joint moves or {MAX_AXES} players does not fit.",
            "Use a representation that needs no table (Symmetric, Congestion, a network), or fewer players or moves.",
        )


def _average(table: Array, mixtures: Sequence[Array]) -> Array:
    """Average the last axes of `[K, A_1, …, A_m]` over mixtures `[S, A_j]`: gives `[S, K]`."""
    worth = table[None]
    for x in reversed(mixtures):
        worth = (worth.reshape(worth.shape[0], -1, x.shape[-1]) @ x[:, :, None])[..., 0]
    return worth.reshape(worth.shape[0], table.shape[0])


def _numbers(values: Any, what: str) -> tuple[Array | None, Array]:
    """`(exact, floats)`: the table of `Fraction`s when any entry is one, and the same in float64, checked finite."""
    paid = what.endswith("payoffs")
    try:
        raw = np.asarray(values)
    except ValueError as error:
        raise InputError(
            f"The {what} are not a rectangular table.",
            f"NumPy says: {error}.",
            "Give every joint move as many numbers." if paid else "Give rows of one length.",
        ) from None
    exact = None
    if raw.dtype == object and any(isinstance(entry, Fraction) for entry in raw.flat):
        exact = np.vectorize(Fraction, otypes=[object])(raw)
    try:
        floats = raw.astype(float) if raw.dtype.kind != "c" else None
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"The {what} are not all numbers: {error}.", do="Give real numbers.") from None
    if floats is None:
        raise InputError(f"The {what} are complex numbers.", do="Give real numbers.")
    if not np.isfinite(floats).all():
        place = tuple(int(k) for k in np.argwhere(~np.isfinite(floats))[0])
        raise InputError(
            f"The {what} contain {floats[place]} at index {place}.",
            "Expectations over an infinite or missing number mean nothing.",
            "Give every joint move a finite number (instead of -inf, a penalty a few times the other payoffs)."
            if paid
            else "Give finite numbers.",
        )
    return exact, floats


def _names(names: Sequence[str] | None, count: int, kind: str) -> tuple[str, ...]:
    if names is None:
        return tuple(f"{kind} {k + 1}" for k in range(count))
    if len(names) != count:
        raise InputError(f"{len(names)} {kind} names for {count}: {tuple(names)}.", do=f"Name every {kind} once.")
    return tuple(str(name) for name in names)


def _move_names(moves: Any, sizes: Sequence[int]) -> tuple[tuple[str, ...], ...]:
    if moves is None:
        return tuple(tuple(str(k + 1) for k in range(size)) for size in sizes)
    if all(isinstance(label, str) for label in moves):
        moves = [moves] * len(sizes)
    named = tuple(tuple(str(label) for label in own) for own in moves)
    if tuple(len(own) for own in named) != tuple(sizes):
        raise InputError(
            f"Move names {named} do not fit a table with {tuple(sizes)} moves.", do="Name every move of every player."
        )
    for own in named:
        if len(set(own)) < len(own):
            raise InputError(f"Two moves of one player share a name: {own}.", do="Give each move its own name.")
    return named
