"""The empirical game over ways to play a world: which one to send into each role, and what it then gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement, product
from typing import Any

import numpy as np

from ..core.errors import InputError, TooLarge
from ..core.forms.normal_form import NormalForm
from ..core.game import Array
from ..core.rooms import load
from ..core.world import World
from ..formats.cross_play import CrossPlay, cross_play
from ..learners._seating import alike, name_of
from ._log_intervals import t_quantile

LARGEST = 5000
"""Joint choices beyond which a table is not played out."""


@dataclass(frozen=True, eq=False)
class Empirical:
    """An empirical game, and the episodes it stands on.

    Attributes
    ----------
    meetings : every episode that was played, and the means.
    roles : the seats of each role, by number.
    margin : half the width of the 95 % interval over episodes of every payoff, in the shape of the game's.
    """

    meetings: CrossPlay
    roles: tuple[tuple[int, ...], ...]
    margin: Array

    @property
    def game(self) -> NormalForm:
        """One player for each role, one move for each way to play; payoffs are mean returns of a seat in the role."""
        return self.meetings.game

    @property
    def table(self) -> str:
        """Of two roles: what the first gets, a row for its own choice and a column for the other's."""
        names, own = self.game.moves[0], self.game.payoffs[..., 0]
        wide = max(16, *(len(name) + 2 for name in names))
        lines = [" " * wide + "".join(f"{name:>{wide}}" for name in names)]
        for name, values, margins in zip(names, own, self.margin[..., 0], strict=True):
            cells = (f"{value:.2f} ± {half:.2f}" for value, half in zip(values.T, margins.T, strict=True))
            lines.append(f"{name:>{wide}}" + "".join(f"{cell:>{wide}}" for cell in cells))
        return "\n".join(lines)


def empirical_game(
    world: World,
    players: Mapping[str, Any],
    *,
    roles: int | Sequence[Sequence[int]] | None = None,
    symmetric: bool | None = None,
    episodes: int = 32,
    seed: int = 0,
    kinds: Sequence[Any] = (),
) -> Empirical:
    """Play every choice of players for the roles, and gather what each got as a game that every finite tool reads.

    With fewer roles than seats this is a hierarchical reduction: whoever chooses for a role sits in all its seats
    (Wellman et al., 2005; Walsh et al., 2002).

    Parameters
    ----------
    players : name -> policy or trained player, or a list with one for each seat (`run.players()`).
    roles : how many roles, into which the seats are split in order, or the seats of each; default one for each seat.
    symmetric : whether roles are interchangeable, and fewer choices have to be played; by default as the world says.
    episodes : of each joint choice, at least 2.
    kinds : further kinds of players, as for `ostrom.learners.meet`.

    Raises `InputError` for names or roles that do not fit; `TooLarge` where there are too many joint choices.
    """
    parts = _roles(world, roles)
    names = tuple(sorted(players))
    same = len({len(seats) for seats in parts}) == 1 and alike(world) if symmetric is None else symmetric
    if len(names) < 1 or episodes < 2:
        raise InputError(
            f"{len(names)} ways to play and {episodes} episodes were given.",
            "There has to be something to choose, and a margin needs two episodes.",
            "Give at least one player by name, and at least two episodes.",
        )
    ways = combinations_with_replacement if same else lambda some, count: product(some, repeat=count)
    chosen = list(ways(names, len(parts)))
    if len(names) ** len(parts) > LARGEST:
        raise TooLarge(
            f"{len(names)} ways to play in {len(parts)} roles make {len(names) ** len(parts):,} joint choices.",
            f"At most {LARGEST:,} are played out.",
            "Choose fewer roles (roles=2), or fewer players.",
        )
    tables = [_casting(world, players, parts, row) for row in chosen]
    returns = load("learners", "meet").meet(world, tables, episodes=episodes, seed=seed, kinds=kinds).returns
    points = np.stack([returns[..., list(seats)].mean(-1) for seats in parts], -1)
    met = [(row, got) for row, own in zip(chosen, points.tolist(), strict=True) for got in own]
    title = f"{name_of(world)} played out"
    found = cross_play(met, same, title)
    return Empirical(found, parts, _margins(found, points, chosen, names))


def _margins(found: CrossPlay, points: Array, chosen: Sequence[tuple[str, ...]], names: tuple[str, ...]) -> Array:
    """Student's half-width of every payoff `[N, …, N, R]`, over the episodes behind it."""
    count = points.shape[1]
    factor = t_quantile(0.975, count - 1) / np.sqrt(count)
    margin = np.zeros(found.game.payoffs.shape)
    place = {name: number for number, name in enumerate(names)}
    sides = {row: points[number] for number, row in enumerate(chosen)}
    for joint in np.ndindex(margin.shape[:-1]):
        row = tuple(names[k] for k in joint)
        known = row if row in sides else tuple(sorted(row, key=place.__getitem__))
        for role, name in enumerate(row):
            own = [k for k, other in enumerate(known) if other == name] if found.symmetric else [role]
            margin[(*joint, role)] = factor * sides[known][:, own].mean(-1).std(ddof=1)
    return margin


def _casting(world: World, players: Mapping[str, Any], parts: Sequence[Sequence[int]], row: Sequence[str]) -> list[Any]:
    """Who sits in each seat."""
    count = len(world.ground.players)
    seated: list[Any] = [None] * count
    for name, seats in zip(row, parts, strict=True):
        own = players[name]
        for seat in seats:
            many = isinstance(own, Sequence)
            if many and len(own) != count:
                raise InputError(
                    f"{name!r} has {len(own)} players, and {type(world).__name__} has {count} seats.",
                    do="Give one player for all seats, or a list with one for each.",
                )
            seated[seat] = own[seat] if many else own
    return seated


def _roles(world: World, roles: int | Sequence[Sequence[int]] | None) -> tuple[tuple[int, ...], ...]:
    count = len(world.ground.players)
    if roles is None:
        roles = count
    if isinstance(roles, int):
        found = tuple(tuple(part.tolist()) for part in np.array_split(np.arange(count), max(1, roles)))
    else:
        found = tuple(tuple(int(seat) for seat in seats) for seats in roles)
    if sorted(seat for seats in found for seat in seats) != list(range(count)) or not all(found) or len(found) < 2:
        raise InputError(
            f"The roles are {roles!r}, and {type(world).__name__} has {count} seats.",
            "Every seat belongs to exactly one of at least two roles.",
            f"Say how many roles (2 to {count}), or list the seats of each.",
        )
    return found
