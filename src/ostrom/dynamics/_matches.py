"""Many matches at once: automata are looked up in one table, rules that count play all their matches together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.automaton import Automaton, trembled
from ..core.errors import InputError
from ..core.game import Array, Game
from ._named import Strategy
from ._products import in_seat_order, seated
from ._rules import Matches, Rule


def play_matches(
    game: Game,
    strategies: Sequence[Strategy],
    seats: Array,
    rounds: Array,
    noise: float,
    random: np.random.Generator,
    known: bool,
    history: list[Array] | None = None,
) -> Array:
    """`int[M, J]`: how often each joint move was made in each match; `history` is filled with all of them, by round.

    `seats int[M, P]` says which strategy sits where, `rounds int[M]` how long each match is; `known`, whether rules may
    know that. What happens after the end of a match is not counted.
    """
    matches, players = seats.shape
    stride = np.array([np.prod(game.sizes[seat + 1 :], dtype=int) for seat in range(players)])
    moves = np.zeros((players, matches), np.intp)
    groups: list[Any] = [_Pool(game, strategies, seats, noise, random)]
    for number in sorted({int(k) for k in np.unique(seats) if isinstance(strategies[k], Rule)}):
        groups.append(_Counting(game, strategies[number], seats == number, rounds, noise, random, known))
    counts, base = np.zeros(matches * game.size, np.int64), np.arange(matches) * game.size
    first_end = int(rounds.min())
    for turn in range(int(rounds.max())):
        for group in groups:
            group.act(moves, turn)
        joint = stride @ moves
        if history is not None:
            history.append(joint)
        counts[base + joint] += 1 if turn < first_end else turn < rounds
        for group in groups:
            group.see(moves, joint)
    return counts.reshape(matches, game.size)


class _Pool:
    """All seats that automata hold. States are numbered through, times joint moves: one lookup leads to the next."""

    def __init__(self, game: Game, strategies: Any, seats: Array, noise: float, random: np.random.Generator) -> None:
        joint, widest, self.random = game.size, max(game.sizes), random
        begins, tables, odds, drawn, size = {}, [], [], {}, 0
        for seat in range(seats.shape[1]):
            for number in np.unique(seats[:, seat]).tolist():
                one = strategies[number]
                if isinstance(one, Rule):
                    continue
                hand = trembled(one.odds, noise)
                begins[seat, number] = size + one.start
                drawn[seat, number] = bool((hand.max(-1) < 1).any())
                tables.append((in_seat_order(one, seat) + size) * joint)
                odds.append(np.pad(hand.cumsum(-1)[:, :-1], ((0, 0), (0, widest - hand.shape[1])), constant_values=2.0))
                size += one.states
        held = [(seat, match) for (match, seat), number in np.ndenumerate(seats) if (seat, number) in begins]
        places = np.array(held, np.intp).reshape(-1, 2)
        who = [(seat, seats[match, seat]) for seat, match in held]
        self.match, self.place = places[:, 1], places[:, 0] * len(seats) + places[:, 1]
        self.state = np.array([begins[key] for key in who], np.intp) * joint
        self.next = np.concatenate([np.zeros((0, joint), int), *tables]).ravel().astype(np.intp)
        self.limits = np.repeat(np.concatenate([np.zeros((0, widest - 1)), *odds]), joint, axis=0).T.copy()
        self.draws = np.flatnonzero([drawn[key] for key in who])
        self.chance = np.full(len(who), 0.5)

    def act(self, moves: Array, turn: int) -> None:
        """Draw the moves of those who draw, and look up those of the others."""
        self.chance[self.draws] = self.random.random(len(self.draws))
        flat = moves.reshape(-1)
        flat[self.place] = self.chance >= self.limits[0][self.state] if len(self.limits) else 0
        for limit in self.limits[1:]:
            flat[self.place] += self.chance >= limit[self.state]

    def see(self, moves: Array, joint: Array) -> None:
        """Go where the joint moves lead."""
        self.state = self.next[self.state + joint[self.match]]


class _Counting:
    """All seats that one rule holds, in a game of two with two moves each."""

    def __init__(
        self, game: Game, rule: Any, held: Array, rounds: Array, noise: float, random: np.random.Generator, known: bool
    ) -> None:
        match, seat = np.nonzero(held)
        self.mine, self.theirs = seat * len(held) + match, (1 - seat) * len(held) + match
        table = game.payoffs_at(game.profiles()).reshape(2, 2, 2)
        views = np.stack([table, np.swapaxes(table, 0, 1)])  # by own and the other's move, from either seat
        own, theirs = views[seat, :, :, seat], views[seat, :, :, 1 - seat]
        turns = int(rounds[0]) if known and len(rounds) else None
        self.rule, self.noise, self.random = rule, noise, random
        self.draws = rule.draws or noise > 0
        self.memory = rule.begin(Matches(len(match), turns, own, theirs, random))

    def act(self, moves: Array, turn: int) -> None:
        """Ask the rule, and draw where it left something to chance."""
        odds = self.rule.act(self.memory, turn)
        if self.draws:
            slipped = (1 - 2 * self.noise) * odds + self.noise
            odds = self.random.random(len(self.mine)) < slipped
        moves.reshape(-1)[self.mine] = ~odds

    def see(self, moves: Array, joint: Array) -> None:
        """Tell the rule who defected."""
        flat = moves.reshape(-1)
        self.rule.see(self.memory, flat[self.mine] == 1, flat[self.theirs] == 1)


def draws(one: Strategy) -> bool:
    """Whether a strategy leaves anything to chance."""
    return one.draws if isinstance(one, Rule) else not one.is_pure


def refuse_misfits(game: Game, strategies: Sequence[Strategy]) -> None:
    """`InputError` where a strategy cannot take every seat of the game."""
    for one in strategies:
        if isinstance(one, Automaton):
            seated(game, [one] * len(game.players))
        elif game.sizes != (2, 2):
            raise InputError(
                f"{one.name} counts, and {game.name} has players with {game.sizes} moves.",
                "Rules that count are written for two players who cooperate or defect.",
                "Let automata play this game.",
            )
