"""A charter: institutions laid round a game like the layers of an onion, and the order in which their hooks are called.

The first institution lies innermost. Moves go down from the outside (`enact`), payoffs come up from the inside
(`settle`), masks and views grow from the inside out. Every carrier (table, counts, world, society) calls these methods
and no hook directly, so that one order holds everywhere. Arrays may carry leading batch axes; the seat axis is last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from .errors import DeclarationError
from .ground import Ground
from .institution import Around, Institution, Now, View

_WORDS = {
    "scope": ("additive", "counts", "profile"),
    "memory": ("none", "finite", "unbounded"),
    "budget": (None, "balanced", "surplus", "deficit"),
}

Array = Any
Moves = Mapping[str, Array]
Masks = dict[str, Array]


@dataclass(frozen=True)
class Round:
    """What a carrier supplies to the hooks: records and luck per layer, the facts, who is present, the round's number.

    `mask` is the carrier's own limit on the base moves (part -> `bool[..., P, A]`; empty means all moves), `view` what
    the carrier itself shows.
    """

    records: tuple[Mapping[str, Array], ...]
    luck: tuple[Mapping[str, Array], ...] = ()
    facts: Mapping[str, Array] = field(default_factory=dict)
    prospects: Mapping[str, Array] = field(default_factory=dict)
    mask: Mapping[str, Array] = field(default_factory=dict)
    present: Array = True
    time: Array = 0
    xp: Any = np
    view: View = field(default_factory=View)


class Charter:
    """Institutions on a base ground; `grounds[0]` is the base's, `grounds[k]` what institution k makes of it."""

    def __init__(self, base: Ground, institutions: Sequence[Institution]) -> None:
        self.institutions = tuple(institutions)
        grounds = [base]
        for institution in self.institutions:
            if not isinstance(institution, Institution):
                raise DeclarationError(
                    f"{institution!r} is not an institution.",
                    "Only institutions can be laid round a game.",
                    "Make it an instance of a subclass of ostrom.Institution: Tax(rate=1.0), not Tax.",
                )
            _check_words(institution)
            grounds.append(institution.menu(grounds[-1].layer()))
        self.grounds = tuple(grounds)
        self._check_extensions()

    def __str__(self) -> str:
        return " + ".join(type(institution).__name__ for institution in self.institutions)

    @property
    def ground(self) -> Ground:
        """The ground as the seats see it."""
        return self.grounds[-1]

    @cached_property
    def enacts(self) -> bool:
        """Whether any institution changes moves on their way down."""
        return any(_overrides(institution, "enact") for institution in self.institutions)

    @cached_property
    def motivates(self) -> bool:
        """Whether any institution settles in what agents want instead of money (kind "motivational")."""
        return any(_motivates(i) and _overrides(i, "settle") for i in self.institutions)

    def overrides(self, hook: str) -> bool:
        """Whether any institution has its own version of `hook`."""
        return any(_overrides(institution, hook) for institution in self.institutions)

    @property
    def memory(self) -> str:
        """The most demanding memory that any institution declares."""
        return max((i.memory for i in self.institutions), key=("none", "finite", "unbounded").index, default="none")

    def found(self) -> tuple[Mapping[str, Array], ...]:
        """The records at the start of an episode, innermost first."""
        return tuple(i.found(g) for i, g in zip(self.institutions, self.grounds[1:], strict=True))

    def dice(self, scene: Round) -> tuple[Mapping[str, Array], ...]:
        """The odds of every institution's dice as a round opens, innermost first."""
        scene = replace(scene, luck=())
        blank = [ground.unknown_moves((), scene.xp) for ground in self.grounds]
        return tuple(i.dice(self._now(k, scene, blank[k])) for k, i in enumerate(self.institutions, start=1))

    def permitted(self, scene: Round, moves: Moves, stage: int) -> Masks:
        """What may be chosen at `stage` (part -> mask), given the moves of earlier stages; later ones are ignored."""
        return self._masks(scene, self._descend(scene, moves, stage))[-1]

    def descend(self, scene: Round, moves: Moves) -> list[Moves]:
        """The moves as each layer sees them, base first; a move made below that is not allowed there is clamped."""
        return self._descend(scene, moves, len(self.ground.stages))

    def settle(self, scene: Round, seen: Sequence[Moves], payoffs: Array, *, wishes: bool = True) -> Array:
        """Payoffs after all institutions' payments, from the inside out.

        Without `wishes`, motivational rules are left out: what is paid, not what is wanted.
        """
        for k, institution in enumerate(self.institutions, start=1):
            if not wishes and _motivates(institution):
                continue
            payoffs = _settled(
                institution, institution.settle(self._now(k, scene, seen[k]), payoffs), payoffs, scene.xp
            )
        return payoffs

    def remember(self, scene: Round, seen: Sequence[Moves], payoffs: Array) -> tuple[Mapping[str, Array], ...]:
        """The records for the next round, one round at a time; `payoffs` are the base's."""
        records = []
        for k, institution in enumerate(self.institutions, start=1):
            now = self._now(k, scene, seen[k])
            payoffs = institution.settle(now, payoffs)
            records.append(institution.remember(now, payoffs))
        return tuple(records)

    def inform(self, scene: Round, moves: Moves, stage: int) -> View:
        """What the seats see as `stage` opens: moves of closed stages as they were carried out, and what rules say."""
        seen, view = self._descend(scene, moves, stage), scene.view
        for k, institution in enumerate(self.institutions, start=1):
            told = institution.inform(self._now(k, scene, seen[k]), view)
            fresh = {self.grounds[k].aliases.get(name, name) for name in told.hidden - view.hidden}
            view = replace(told, hidden=view.hidden | fresh)
        for earlier in self.ground.stages[:stage]:
            for part in earlier:
                carried = next(level[part.name] for level in seen if part.name in level)
                made = {part.name: carried}
                view = view.tell(**made) if part.name in view.hidden else view.show(**made)
        return view

    def _now(self, k: int, scene: Round, moves: Moves) -> Now:
        return Now(
            ground=self.grounds[k],
            record=scene.records[k - 1],
            moves=moves,
            luck=scene.luck[k - 1] if scene.luck else {},
            facts=scene.facts,
            prospects=scene.prospects,
            present=scene.present,
            time=scene.time,
            xp=scene.xp,
        )

    def _descend(self, scene: Round, moves: Moves, stop: int) -> list[Moves]:
        """Moves per level with everything from stage `stop` on unknown."""
        if not self.enacts:
            return self._pass_down(scene, self._known(moves, stop, scene.xp), [{} for _ in self.grounds])
        allowed: list[Masks] = [{} for _ in self.grounds]
        for stage in range(stop):
            seen = self._pass_down(scene, self._known(moves, stage, scene.xp), allowed)
            open_now = {part.name for part in self.ground.stages[stage]}
            for level, masks in enumerate(self._masks(scene, seen)):
                made_here = [n for n in masks if n in open_now or n not in self.ground.parts]
                allowed[level].update({name: masks[name] for name in made_here})
        return self._pass_down(scene, self._known(moves, stop, scene.xp), allowed)

    def _known(self, moves: Moves, stop: int, xp: Any) -> Moves:
        closed = {part.name for stage in self.ground.stages[:stop] for part in stage}
        if len(closed) == len(moves):
            return moves
        unknown = {name: xp.full_like(made, -1 if _labelled(made) else xp.nan) for name, made in moves.items()}
        return {name: made if name in closed else unknown[name] for name, made in moves.items()}

    def _pass_down(self, scene: Round, moves: Moves, allowed: Sequence[Masks]) -> list[Moves]:
        seen = [moves]
        for k in range(len(self.institutions), 0, -1):
            below = self.institutions[k - 1].enact(self._now(k, scene, seen[0]), seen[0])
            missing = [name for name in self.grounds[k - 1].parts if name not in below]
            if missing:
                raise DeclarationError(
                    f"{type(self.institutions[k - 1]).__name__}.enact left out the part {missing[0]!r}.",
                    "The layer below needs every part it knows.",
                    "Return {**moves, 'part': …} from enact.",
                )
            seen.insert(
                0, {name: clamp(below[name], allowed[k - 1].get(name), scene.xp) for name in self.grounds[k - 1].parts}
            )
        return seen

    def _masks(self, scene: Round, seen: Sequence[Moves]) -> list[Masks]:
        """What is allowed at each level, base first; an institution can only narrow what the layer below allows."""
        xp, levels = scene.xp, []
        masks = {**_full_masks(self.grounds[0], xp), **scene.mask}
        levels.append(masks)
        for k, institution in enumerate(self.institutions, start=1):
            below, here = self.grounds[k - 1].parts, self.grounds[k].parts
            longer = {name for name in below if name in here and here[name].labels != below[name].labels}
            under, full = _full_masks(self.grounds[k - 1], xp), _full_masks(self.grounds[k], xp)
            inherited = _grown(levels[-1], under, full, longer, xp)
            narrowed = dict(institution.permit(self._now(k, scene, seen[k]), inherited))
            levels.append({name: _narrow(narrowed[name], inherited[name], xp) for name in inherited})
        return levels

    def _check_extensions(self) -> None:
        """A label the layer below does not know needs an `enact` that turns it into one it knows."""
        for k, institution in enumerate(self.institutions, start=1):
            below, here = self.grounds[k - 1].parts, self.grounds[k].parts
            changed = [name for name in below if name not in here or here[name].labels != below[name].labels]
            if changed and not _overrides(institution, "enact"):
                raise DeclarationError(
                    f"{type(institution).__name__} changes the part {changed[0]!r} without an enact.",
                    "The layer below would be given moves it does not have.",
                    "Override enact and return the part in the labels of the layer below.",
                )


def _check_words(institution: Institution) -> None:
    """What an institution says of itself has to be one of the words that lifts understand."""
    for field_, known in _WORDS.items():
        said = getattr(institution, field_)
        if said not in known:
            raise DeclarationError(
                f"{type(institution).__name__} declares {field_} {said!r}.",
                "Lifts would not know what to do with it.",
                f"Say one of {', '.join(map(repr, known))}.",
            )


def _settled(institution: Institution, answer: Array, payoffs: Array, xp: Any) -> Array:
    """What `settle` gave, if it is payoffs; compiled worlds cannot look, and trust what tables and sessions checked."""
    if xp is not np:
        return answer
    numbers = np.asarray(answer)
    fits = numbers.dtype.kind in "fiub" and numbers.shape == np.shape(payoffs)
    if not fits or not np.isfinite(numbers).all():
        what = f"an array of shape {numbers.shape}" if numbers.dtype.kind in "fiub" else repr(answer)[:60]
        raise DeclarationError(
            f"{type(institution).__name__}.settle gave {what if not fits else 'numbers that are not finite'}.",
            f"Payoffs of shape {np.shape(payoffs)} went in, and as many finite numbers have to come out.",
            "Return payoffs minus what each seat pays; the seat axis is the last one.",
        )
    return numbers


def _overrides(institution: Institution, hook: str) -> bool:
    if isinstance(institution, Around):
        own = getattr(type(institution), hook) is not getattr(Around, hook)
        return own or _overrides(institution.rule, hook)
    return getattr(type(institution), hook) is not getattr(Institution, hook)


def _motivates(institution: Institution) -> bool:
    while isinstance(institution, Around):
        institution = institution.rule
    return institution.kind == "motivational"


def _labelled(made: Array) -> bool:
    return np.issubdtype(made.dtype, np.integer)


def _full_masks(ground: Ground, xp: Any) -> Masks:
    """Every label that exists for a seat; the bounds of a continuous part."""
    seats, masks = range(len(ground.players)), {}
    for name, part in ground.parts.items():
        if part.continuous:
            masks[name] = xp.asarray([[part.low, part.high]] * len(seats))
        else:
            width = part.width(len(seats))
            counts = [len(part.labels_of(seat)) if part.has(seat) else 1 for seat in seats]
            masks[name] = xp.asarray(np.arange(width) < np.array(counts)[:, None])
    return masks


def _grown(below: Masks, under: Masks, full: Masks, longer: set[str], xp: Any) -> Masks:
    """The masks of the layer below on this layer's parts: new parts and new labels are open.

    `under` and `full` are the labels that exist below and here; a new label need not lie beyond the width of the mask
    below, since another seat may have more labels there.
    """

    def wide(mask: Array, width: int) -> Array:
        return xp.concatenate([mask, xp.zeros((*mask.shape[:-1], width - mask.shape[-1]), dtype=bool)], -1)

    grown = {**full, **{name: mask for name, mask in below.items() if name in full}}
    for name in longer:
        width = full[name].shape[-1]
        grown[name] = xp.where(wide(under[name], width), wide(below[name], width), full[name])
    return grown


def _narrow(asked: Array, inherited: Array, xp: Any) -> Array:
    if asked.dtype == bool:
        return asked & inherited
    low = xp.maximum(asked[..., 0], inherited[..., 0])
    return xp.stack([low, xp.maximum(low, xp.minimum(asked[..., 1], inherited[..., 1]))], -1)


def clamp(made: Array, mask: Array | None, xp: Any) -> Array:
    """Known moves that are not allowed become the first allowed one (a number, the nearest end of its range)."""
    if mask is None:
        return made
    if not _labelled(made):
        return xp.clip(made, mask[..., 0], mask[..., 1])
    width = mask.shape[-1]
    mask = xp.broadcast_to(mask, (*made.shape, width))
    chosen = xp.take_along_axis(mask, xp.clip(made, 0, width - 1)[..., None], -1)[..., 0] & (made < width)
    return xp.where((made < 0) | chosen, made, xp.argmax(mask, -1)).astype(made.dtype)
