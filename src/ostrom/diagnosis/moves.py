"""Moves that are always worth playing, or never: dominance, said in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..core.claim import Finding
from ..core.delegation import Delegation, as_delegation
from ..core.game import Array, Game
from ..solvers.dominance import Dominance, Dominated, Elimination, dominance, iterated_elimination
from ._tables import agents_game, everybody, listed, opened

ELIMINATED = 30
"""Moves of all players together up to which elimination is repeated until nothing is left to remove."""

SLACK = 1e-9
"""Share of a player's largest payoff below which a difference counts as none."""

SOURCE = "Gale, Kuhn and Tucker (1950)"

Trend = Literal["more", "less"]


NAMED = 8
"""Moves that a sentence names; of more it says how many."""


@dataclass(frozen=True)
class Moves:
    """Dominant and dominated moves of the agents, by the rewards they pursue.

    Attributes
    ----------
    players, moves : names.
    dominance : dominant and dominated moves with their witnesses.
    trends : per player "more" or "less" when every step that way in a quantity pays, whatever the others do; else None.
    quantity : the fact about one's own move that there is more or less of; empty where moves are bare numbers.
    elimination : repeated removal of strictly dominated moves; None when the game is too large for that.
    """

    players: tuple[str, ...]
    moves: tuple[tuple[str, ...], ...]
    dominance: Dominance
    trends: tuple[Trend | None, ...]
    quantity: str
    elimination: Elimination | None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Who has a best move whatever others do, which moves are never worth playing, and what that leaves."""
        found = [*self._dominant(), *self._dominated(), *self._left()]
        if not found:
            said = "No move of anybody is dominant or dominated: what is best depends on what the others do."
            found = [Finding("moves", said, self.players, {}, SOURCE)]
        return tuple(found)

    def _dominant(self) -> list[Finding]:
        """Who has a best move; once for all of whom the same can be said."""
        strict, weak = self.dominance.strictly_dominant, self.dominance.weakly_dominant
        said = {i: self._praise(i, best, strict[i] is not None) for i, best in enumerate(weak) if best is not None}
        numbers = {i: self.moves[i][best] for i, best in enumerate(weak) if best is not None}
        return [
            Finding(
                "moves",
                opened(f"{who}{' each' if ' and ' in who else ''} {praise}."),
                names,
                {"dominant": [numbers[i] for i in seats]},
                SOURCE,
            )
            for who, names, seats, praise in self._alike(said)
        ]

    def _praise(self, i: int, best: int, strict: bool) -> str:
        trend, label = self.trends[i], self.moves[i][best]
        if trend:
            way = f"{trend} {self.quantity}" if self.quantity else f"taking {trend}"
            return f"gains by {way}, whatever the others do: {label} is dominant"
        if strict:
            return f"does best with {label}, whatever the others do"
        return f"does at least as well with {label} as with anything else, whatever the others do"

    def _dominated(self) -> list[Finding]:
        """What is never worth playing; not said again of players who have a strictly dominant move."""
        out: dict[int, list[Dominated]] = {}
        for d in self.dominance.dominated:
            if self.dominance.strictly_dominant[d.player] is None:
                out.setdefault(d.player, []).append(d)
        found = []
        for who, names, seats, blame in self._alike({i: self._blame(moves) for i, moves in out.items()}):
            numbers = [
                {self.moves[i][d.move]: {"by": self._by(d), "strict": d.strict, "margin": d.margin} for d in out[i]}
                for i in seats
            ]
            found.append(Finding("moves", f"For {who}, {blame}.", names, {"dominated": numbers}, SOURCE))
        return found

    def _blame(self, out: list[Dominated]) -> str:
        strict, weak = [d for d in out if d.strict], [d for d in out if not d.strict]
        parts = [self._reason(strict, "is never worth playing", "are never worth playing")] if strict else []
        parts += [self._reason(weak, "never does better", "never do better")] if weak else []
        return f"{'; '.join(parts)}, whatever the others do"

    def _alike(self, said: dict[int, str]) -> list[tuple[str, tuple[str, ...], list[int], str]]:
        """Who, by words and by names and seats, is to be said what; seats of whom the same is said come together."""
        groups: dict[str, list[int]] = {}
        for i, words in said.items():
            groups.setdefault(words, []).append(i)
        found = []
        for words, seats in groups.items():
            names = tuple(self.players[i] for i in seats)
            who = everybody(self.players) if names == self.players else listed(names)
            found.append((who, names, seats, words))
        return found

    def _reason(self, out: list[Dominated], one: str, many: str) -> str:
        labels = tuple(self.moves[d.player][d.move] for d in out)
        if len(out) > NAMED:
            return f"{len(out)} of {len(self.moves[out[0].player])} moves {many}"
        if len(out) > 1:
            return f"{listed(labels)} {many}"
        better = tuple(self._by(out[0]))
        return f"{labels[0]} {one} ({'a mix of ' if len(better) > 1 else ''}{listed(better)} is better)"

    def _by(self, d: Dominated) -> dict[str, float]:
        """The odds of the moves that beat a dominated one, by label."""
        return {self.moves[d.player][k]: float(d.by[k]) for k in np.flatnonzero(d.by)}

    def _left(self) -> list[Finding]:
        """What is left when removal is repeated, if that goes further than one look."""
        if self.elimination is None or len(self.elimination.rounds) < 2:
            return []
        labels = [[own[k] for k in left] for own, left in zip(self.moves, self.elimination.surviving, strict=True)]
        rounds = len(self.elimination.rounds)
        if all(len(own) == 1 for own in labels):
            what = f"only ({', '.join(own[0] for own in labels)})"
        else:
            what = "; ".join(f"{', '.join(own)} to {name}" for name, own in zip(self.players, labels, strict=True))
        said = f"Removing what is never worth playing, {rounds} times over, leaves {what}."
        numbers = {"rounds": rounds, "left": dict(zip(self.players, labels, strict=True))}
        return [Finding("moves", said, self.players, numbers, "Iterated strict dominance; Gilboa, Kalai, Zemel (1990)")]


def moves(subject: Game | Delegation) -> Moves:
    """Which moves of the agents are dominant or dominated, by the rewards they pursue.

    Raises `TooLarge` when the joint moves cannot be listed.

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> game = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
    >>> moves(game).findings[0].sentence
    'Every player does best with D, whatever the others do.'
    """
    delegation = as_delegation(subject)
    game = agents_game(delegation)
    quantity, amounts = _amounts(delegation.game)
    return Moves(
        players=game.players,
        moves=game.moves,
        dominance=dominance(game),
        trends=tuple(_trend(np.moveaxis(game.payoffs[..., i], i, 0), own) for i, own in enumerate(amounts)),
        quantity=quantity,
        elimination=iterated_elimination(game) if sum(game.sizes) <= ELIMINATED else None,
    )


def _amounts(game: Game) -> tuple[str, list[Array | None]]:
    """How much each own move is of something: the first fact that depends on it alone, else moves that are numbers."""
    profiles = game.profiles()
    for fact in game.facts:
        values = np.asarray(fact.read(profiles), float).reshape(*game.sizes, -1)
        own = [np.moveaxis(values[..., i], i, 0).reshape(size, -1) for i, size in enumerate(game.sizes)]
        if all(np.ptp(table, axis=1).max() == 0 for table in own):
            return fact.name, [table[:, 0] for table in own]
    return "", [_numbers(own) for own in game.moves]


def _numbers(labels: tuple[str, ...]) -> Array | None:
    try:
        return np.array([float(label) for label in labels])
    except ValueError:
        return None


def _trend(own: Array, amounts: Array | None) -> Trend | None:
    """Whether every step up, or down, in an amount pays strictly whatever the others do; payoffs `[A, …]`."""
    if amounts is None or len(np.unique(amounts)) < max(len(amounts), 2):
        return None
    steps, slack = np.diff(own[np.argsort(amounts)], axis=0), SLACK * np.abs(own).max()
    return "more" if (steps > slack).all() else "less" if (steps < -slack).all() else None
