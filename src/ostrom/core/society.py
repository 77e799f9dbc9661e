"""A society: the same game and the same institutions, live, with seats that answer when they like.

`Session` is the referee. It keeps no state that is not in its log: a session rebuilt from its events is the session,
and writes the same bytes again. It never waits; `ostrom.societies` asks the seats and keeps time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from .agent import Look
from .charter import Charter, Round
from .errors import InputError, UnknownName
from .event import Event
from .game import Game
from .institution import Institution, View
from .lifts.govern import ground_of
from .lifts.plays import prospects, seen_by
from .seeds import check_odds, roll, words

CARRIER = ("opened", "rolled", "closed", "paid", "entered", "left", "lapsed")


class Table:
    """A finite game as the base of a session: the same table in every round."""

    def __init__(self, game: Game) -> None:
        self.game, self.ground = game, ground_of(game)
        self.prospects, self.facts, self.mask = prospects(game), {}, {}
        self.view, self.present = View(), np.ones(len(game.players), bool)

    def play(self, moves: Mapping[str, np.ndarray], time: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Payoffs `float[P]` and facts of one round."""
        profile = np.maximum(moves["act"], 0)
        return self.game.payoffs_at(profile), self.game.facts_at(profile)


class Session:
    """The referee of one live episode.

    Parameters
    ----------
    base : a finite game, or a world (whose state moves on in every round).
    institutions : innermost first.
    rounds : how many rounds are played.
    seed : decides the dice; the faces that fell are in the log, and the log wins.
    episode : the number under which the events are written.
    observations : whether what a seat saw is written beside what it chose.

    Attributes
    ----------
    log : the events so far.
    time, stage : the round and the stage being played; `over` when all rounds are.
    totals : `float[P]`, what each seat has been paid so far.
    """

    def __init__(
        self,
        base: Any,
        institutions: Sequence[Institution] = (),
        *,
        rounds: int = 1,
        seed: int = 0,
        episode: int = 0,
        observations: bool = True,
    ) -> None:
        self.carrier = Table(base) if isinstance(base, Game) else base.seated(seed)
        self.charter = Charter(self.carrier.ground, tuple(institutions))
        self.players, self.rounds, self.seed, self.episode = self.carrier.ground.players, rounds, seed, episode
        self.log: list[Event] = []
        self.time, self.stage, self.observations = 0, 0, observations
        self.records = self.charter.found()
        self.moves = self.charter.ground.unknown_moves()
        self.present = np.ones(len(self.players), bool)
        self._coming, self._told_luck = self.present.copy(), None
        self.totals = np.zeros(len(self.players))
        self._write(
            "",
            "opened",
            action={
                "players": list(self.players),
                "rounds": rounds,
                "seed": seed,
                "institutions": [repr(rule) for rule in self.charter.institutions],
            },
        )
        self._open_round()

    # What seats do ------------------------------------------------------------------------------------------------

    @property
    def over(self) -> bool:
        """Whether all rounds have been played."""
        return self.time >= self.rounds

    @property
    def waiting(self) -> tuple[int, ...]:
        """The seats whose choice the referee is waiting for, in seat order."""
        return () if self.over else tuple(self._waiting)

    def look(self, seat: int) -> Look:
        """What a seat sees now, and what it may choose; only its own row of what is private."""
        self._check_seat(seat)
        choices = {}
        for part in self._asked(seat):
            mask = self._mask[part.name][seat]
            choices[part.name] = (
                (float(mask[0]), float(mask[1]))
                if part.continuous
                else tuple(label for label, ok in zip(part.labels_of(seat), mask, strict=False) if ok)
            )
        sees = seen_by(self._view, self.charter.ground.parts, seat, len(self.players))
        return Look(seat, self.players[seat], self.stage, choices, sees, self.time)

    def submit(self, seat: int, choice: Mapping[str, Any]) -> None:
        """Take a seat's choice; the stage closes when every seat that is asked has answered.

        Raises `InputError` for a choice that is not permitted, is not asked for, or comes twice; nothing changes then.
        """
        look = self.look(seat)
        if seat not in self._waiting:
            raise InputError(
                f"{self.players[seat]} is not asked for anything at stage {self.stage} of round {self.time}.",
                "It has answered already, or has nothing to choose here.",
                "Wait for the next stage.",
            )
        if set(choice) != set(look.choices):
            raise InputError(
                f"{self.players[seat]} answered {short(sorted(map(str, choice)))}.",
                f"It is asked for {sorted(look.choices)}.",
                "Answer every part once.",
            )
        made = {part.name: self._code(part, seat, choice[part.name], look) for part in self._asked(seat)}
        for name, code in made.items():
            self.moves[name][seat] = code
            self._write(
                self.players[seat],
                name,
                action=choice[name],
                observation=dict(look.sees) if self.observations else None,
            )
        self._waiting.remove(seat)
        if not self._waiting:
            self._close_stage()

    def lapse(self) -> None:
        """Time is up: every seat still waited for does the first thing it may do."""
        for seat in self.waiting:
            look = self.look(seat)
            self._write(self.players[seat], "lapsed")
            self.submit(seat, {name: options[0] for name, options in look.choices.items()})

    def leave(self, seat: int) -> None:
        """A seat will take no part from the next round on; what it is still asked for this round may lapse."""
        self._check_seat(seat)
        self._coming[seat] = False
        self._write(self.players[seat], "left")

    def enter(self, seat: int) -> None:
        """A seat takes part again from the next round on."""
        self._check_seat(seat)
        self._coming[seat] = True
        self._write(self.players[seat], "entered")

    # How a round goes ---------------------------------------------------------------------------------------------

    def _open_round(self) -> None:
        ground = self.charter.ground
        opening = {part.name for stage in ground.opening for part in stage} if self.time else set()
        blank = ground.unknown_moves()
        self.moves = {name: self.moves[name] if name in opening else blank[name] for name in blank}
        self.present = self._coming & self.carrier.present
        self.stage = len(ground.opening) if self.time else 0
        self.luck: tuple[Mapping[str, np.ndarray], ...] = ()
        self._roll()
        self._open_stage()

    def _roll(self) -> None:
        odds = [
            {name: check_odds(type(rule).__name__, name, table) for name, table in layer.items()}
            for rule, layer in zip(self.charter.institutions, self.charter.dice(self._scene()), strict=True)
        ]
        self.luck = self._told_luck or roll(_key(self.seed), self.time, odds)
        if any(odds):
            faces = [{name: face.tolist() for name, face in layer.items()} for layer in self.luck]
            self._write("", "rolled", action=faces)

    def _open_stage(self) -> None:
        """Find who has a choice; stages in which nobody has one pass by, but play is always acknowledged."""
        while True:
            scene, ground = self._scene(), self.charter.ground
            self._mask = {
                name: np.broadcast_to(mask, (len(self.players), mask.shape[-1]))
                for name, mask in self.charter.permitted(scene, self.moves, self.stage).items()
            }
            self._view = self.charter.inform(scene, self.moves, self.stage)
            played = ground.stages[self.stage] in ground.play
            self._waiting = [i for i in range(len(self.players)) if self._is_asked(i, played)]
            self._fill_in()
            if self._waiting:
                return
            if self._finish_stage():
                return

    def _is_asked(self, seat: int, played: bool) -> bool:
        parts = self._asked(seat)
        free = any(part.continuous or self._mask[part.name][seat].sum() > 1 for part in parts)
        return bool(self.present[seat]) and bool(parts) and (played or free)

    def _fill_in(self) -> None:
        """Seats that are absent or have no choice do the first (the only) thing they may do."""
        for seat in range(len(self.players)):
            if seat not in self._waiting:
                for part in self._asked(seat):
                    mask = self._mask[part.name][seat]
                    self.moves[part.name][seat] = mask[0] if part.continuous else int(np.argmax(mask))

    def _close_stage(self) -> None:
        if not self._finish_stage():
            self._open_stage()

    def _finish_stage(self) -> bool:
        """Close the stage; True when that ended the round (the next one is then open, or the session over)."""
        self._write("", "closed", action=self.stage)
        self.stage += 1
        if self.stage < len(self.charter.ground.stages):
            return False
        self._close_round()
        return True

    def _close_round(self) -> None:
        scene = self._scene()
        seen = self.charter.descend(scene, self.moves)
        base, facts = self.carrier.play(seen[0], self.time)
        scene = replace(scene, facts=facts)
        paid = np.where(self.present, self.charter.settle(scene, seen, base), 0.0)
        self.records = self.charter.remember(scene, seen, base)
        self.totals = self.totals + paid
        for seat in np.flatnonzero(self.present):
            own = {name: float(amount[seat]) for name, amount in facts.items()}
            self._write(self.players[seat], "paid", facts=own, payoff=float(paid[seat]))
        self.time, self.stage = self.time + 1, 0
        if not self.over:
            self._open_round()

    def _scene(self) -> Round:
        carrier = self.carrier
        shown = carrier.facts, carrier.prospects, carrier.mask
        return Round(self.records, self.luck, *shown, self.present, self.time, view=carrier.view)

    # Small things -------------------------------------------------------------------------------------------------

    def _asked(self, seat: int) -> list[Any]:
        return [part for part in self.charter.ground.stages[self.stage] if part.has(seat)] if not self.over else []

    def _code(self, part: Any, seat: int, value: Any, look: Look) -> Any:
        options = look.choices[part.name]
        if part.continuous:
            good = isinstance(value, int | float) and not isinstance(value, bool) and options[0] <= value <= options[1]
            if not good:
                raise InputError(
                    f"{self.players[seat]} chose {short(value)} for {part.name!r}.",
                    f"It may choose a number from {options[0]:g} to {options[1]:g}.",
                    "Choose such a number.",
                )
            return float(value)
        if value not in options:
            raise InputError(
                f"{self.players[seat]} chose {short(value)} for {part.name!r}.",
                f"It may choose from {options}.",
                "Choose one of these.",
            )
        return part.labels_of(seat).index(value)

    def _check_seat(self, seat: int) -> None:
        if not (isinstance(seat, int | np.integer) and 0 <= seat < len(self.players)):
            raise UnknownName("seat", str(seat), [str(i) for i in range(len(self.players))])

    def _write(self, agent: str, channel: str, **what: Any) -> None:
        self.log.append(Event(self.episode, self.time, agent, channel, **what))


def _key(seed: int) -> tuple[np.ndarray, np.ndarray]:
    low, high = words(seed)
    return np.array([low], np.uint32), np.array([high], np.uint32)


def short(value: Any) -> str:
    """A value in at most 80 characters, for messages about what strangers sent."""
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "…"
