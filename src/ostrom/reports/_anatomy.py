"""What a round is under a rule: who chooses what, and when; what is closed, told, drawn, paid and remembered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..core.charter import Charter, Round
from ..core.forms.normal_form import NormalForm
from ..core.game import Game
from ..core.ground import Ground, Part
from ..core.institution import Institution
from ..core.lifts.govern import Governed, govern, ground_of
from ..core.lifts.plays import prospects

SHOWN = 7
"""Labels of a part that are written out; of more, some that lie evenly among them."""


@dataclass(frozen=True)
class Choice:
    """A part of a stage: its name, who has it ("" is everybody), labels with whether the rule closes each, and how many
    more there are.

    Where earlier stages decide what is open, nothing is said to be closed.
    """

    name: str
    who: str
    labels: tuple[tuple[str, bool], ...]
    more: int


@dataclass(frozen=True)
class Anatomy:
    """A rule laid round a game.

    Attributes
    ----------
    when, stages : of every stage "once", "before", "play" or "after", and its choices.
    dice, told, kept : names of dice, of what is shown as the round is played, and of what is remembered.
    acts : whether it carries out something else than what is chosen, in somebody's place.
    pays : whether the rule moves payoffs; `wants` that it changes what players want instead.
    paid : of two players with a few moves, what is added to what both get: labels of both and `float[A, B, 2]`.
    """

    when: tuple[str, ...]
    stages: tuple[tuple[Choice, ...], ...]
    dice: tuple[str, ...]
    told: tuple[str, ...]
    kept: tuple[str, ...]
    acts: bool
    pays: bool
    wants: bool
    paid: tuple[tuple[str, ...], tuple[str, ...], np.ndarray] | None


def anatomy(rule: Institution, game: Game) -> Anatomy:
    """Look at a rule round a game, at the start of its first round.

    Raises what laying it round the game raises: `InputError`, `UnknownName`, `CarrierError`.
    """
    charter = Charter(ground_of(game), [rule])
    ground, seats = charter.ground, len(game.players)
    unknown = ground.unknown_moves()
    known = Round(charter.found(), present=np.ones(seats, bool), prospects=prospects(game))
    dice = charter.dice(known)[0]
    scene = Round(
        known.records,
        ({name: np.zeros(len(odds), np.int32) for name, odds in dice.items()},),
        present=known.present,
        prospects=known.prospects,
    )
    stages = ground.stages
    masks = [charter.permitted(scene, unknown, stage) for stage in range(len(stages))]
    play = stages.index(ground.play[-1])
    view = charter.inform(scene, unknown, play)
    told = tuple(name for name in (*view.public, *view.seat) if name not in ground.parts)
    return Anatomy(
        when=tuple(_when(ground)),
        stages=tuple(
            tuple(_choice(part, game.players, mask[part.name], k == 0) for part in stage)
            for k, (stage, mask) in enumerate(zip(stages, masks, strict=True))
        ),
        dice=tuple(f"{name} ×{len(odds)}" if len(odds) > 1 else name for name, odds in dice.items()),
        told=told,
        kept=tuple(known.records[0]),
        acts=charter.enacts,
        pays=charter.overrides("settle"),
        wants=charter.motivates,
        paid=_paid(rule, game),
    )


def _when(ground: Ground) -> Iterator[str]:
    for word, stages in (
        ("once", ground.opening),
        ("before", ground.before),
        ("play", ground.play),
        ("after", ground.after),
    ):
        yield from (word for _ in stages)


def _choice(part: Part, players: tuple[str, ...], mask: np.ndarray, first: bool) -> Choice:
    having = [seat for seat in range(len(players)) if part.has(seat)]
    who = "" if len(having) == len(players) else ", ".join(players[seat] for seat in having)
    if part.continuous:
        low, high = (float(end) for end in np.asarray(mask)[having[0]])
        return Choice(part.name, who, ((f"{low:.4g} to {high:.4g}", False),), 0)
    open_: dict[str, bool] = {}
    for seat in having:
        for label, may in zip(part.labels_of(seat), np.asarray(mask)[seat].tolist(), strict=False):
            open_[label] = open_.get(label, False) or may or not first
    names = list(open_)
    chosen = (
        names if len(names) <= SHOWN else [names[k] for k in np.linspace(0, len(names) - 1, SHOWN).round().astype(int)]
    )
    return Choice(part.name, who, tuple((label, not open_[label]) for label in chosen), len(names) - len(chosen))


def _paid(rule: Institution, game: Game) -> tuple[tuple[str, ...], tuple[str, ...], np.ndarray] | None:
    """What is added at every joint move, of a rule without memory and stages that moves money in a game for two."""
    if rule.memory != "none" or len(game.players) != 2:
        return None
    governed = govern(game, [rule])
    if not isinstance(governed, Governed) or not isinstance(governed, NormalForm) or max(governed.sizes) > 3:
        return None
    adds = np.asarray(governed.adds, float)
    return (governed.moves[0], governed.moves[1], adds) if adds.any() else None
