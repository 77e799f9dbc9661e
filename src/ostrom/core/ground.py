"""Ground: whose moves there are, in named parts, and when each is made.

A move is never one number where a rule looks at it. It is made of named parts ("act", "sign", "vote"), each made at a
stage. A round runs through the stages `before`, `play` and `after`; `opening` stages happen once per episode.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from .errors import InputError, UnknownName

Stage = tuple["Part", ...]


@dataclass(frozen=True)
class Part:
    """One named part of a move: labels to choose from, or a number between `low` and `high`.

    Attributes
    ----------
    name : what it is called ("act", "sign").
    labels : the choices, the same for all seats, or one tuple per seat. Empty for a continuous part.
    low, high : the range of a continuous part.
    who : the seats that have this part; None is all.
    """

    name: str
    labels: tuple[str, ...] | tuple[tuple[str, ...], ...] = ()
    low: float = 0.0
    high: float = 0.0
    who: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", tuple(self.labels))
        if not self.labels and not self.high > self.low:
            raise InputError(
                f"The part {self.name!r} has no labels and no range.",
                "Nobody could choose anything in it.",
                "Give labels=('no', 'yes'), or low=0.0, high=1.0.",
            )

    @property
    def continuous(self) -> bool:
        """Whether the part is a number rather than a label."""
        return not self.labels

    def labels_of(self, seat: int) -> tuple[str, ...]:
        """The labels that `seat` chooses from (empty for a continuous part)."""
        if self.labels and not isinstance(self.labels[0], str):
            return self.labels[seat]  # type: ignore[return-value]
        return self.labels  # type: ignore[return-value]

    def has(self, seat: int) -> bool:
        """Whether `seat` makes this part at all."""
        return self.who is None or seat in self.who

    def width(self, players: int) -> int:
        """The largest number of labels of any seat."""
        return max((len(self.labels_of(seat)) for seat in range(players)), default=0)

    def codes(self, label: str, players: int) -> np.ndarray:
        """`int[P]`: the number of `label` for each seat, -2 where a seat does not have it."""
        own = [self.labels_of(seat) if self.has(seat) else () for seat in range(players)]
        return np.array([labels.index(label) if label in labels else -2 for labels in own], np.int32)

    def extended(self, *labels: str) -> Part:
        """The same part with more labels, for every seat."""
        if self.labels and not isinstance(self.labels[0], str):
            return replace(self, labels=tuple((*own, *labels) for own in self.labels))
        return replace(self, labels=(*self.labels, *labels))


@dataclass(frozen=True)
class Ground:
    """The players and the stages of a round; institutions change it in `menu`, without arrays.

    `aliases` maps the names that the institution being laid on asked for to the names it got: a name taken below
    becomes `sign2`, and `now["sign"]` still finds one's own.
    """

    players: tuple[str, ...]
    play: tuple[Stage, ...]
    opening: tuple[Stage, ...] = ()
    before: tuple[Stage, ...] = ()
    after: tuple[Stage, ...] = ()
    facts: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def stages(self) -> tuple[Stage, ...]:
        """All stages in the order of time; openings first."""
        return self.opening + self.before + self.play + self.after

    @property
    def parts(self) -> dict[str, Part]:
        """Every part by its name, in the order of time."""
        return {part.name: part for stage in self.stages for part in stage}

    def part(self, name: str) -> Part:
        """The part of that name; `UnknownName` lists what there is."""
        parts, name = self.parts, self.aliases.get(name, name)
        if name not in parts:
            raise UnknownName("part of a move", name, parts)
        return parts[name]

    def index(self, part: str, label: str, seat: int = 0) -> int:
        """The number of a label of a part; `UnknownName` lists what there is."""
        labels = self.part(part).labels_of(seat)
        if label not in labels:
            raise UnknownName(f"label of {part}", label, labels)
        return labels.index(label)

    def opened_by(self, *stages: Sequence[Part] | Part) -> Ground:
        """Stages played once per episode, before anything below begins."""
        return self._added("opening", stages, first=True)

    def preceded_by(self, *stages: Sequence[Part] | Part) -> Ground:
        """Stages played in every round before the play below (a ballot, a message, a commitment)."""
        return self._added("before", stages, first=True)

    def followed_by(self, *stages: Sequence[Part] | Part) -> Ground:
        """Stages played in every round after the play below (a punishment)."""
        return self._added("after", stages, first=False)

    def alongside(self, *parts: Part) -> Ground:
        """Parts made at the same time as the play below, besides it."""
        named, aliases = self._named(parts)
        return replace(self, play=(*self.play[:-1], self.play[-1] + named), aliases=aliases)

    def extended(self, part: str, *labels: str) -> Ground:
        """More labels for an existing part: what one can do *instead of* what there was."""
        old = self.part(part)
        taken = sorted({label for seat in range(len(self.players)) for label in old.labels_of(seat)} & set(labels))
        if taken:
            raise InputError(
                f"The part {part!r} already has the label {taken[0]!r}.",
                "Two moves with one name could not be told apart.",
                "Give the institution another label.",
            )
        return self._replaced(old.name, (old.extended(*labels),))

    def instead_of(self, part: str, *parts: Part) -> Ground:
        """Other parts in the place of an existing one; `enact` has to give the layer below its own again."""
        old = self.part(part)
        named, aliases = self._named(parts)
        return replace(self._replaced(old.name, named), aliases=aliases)

    def _added(self, moment: str, stages: Iterable[Sequence[Part] | Part], first: bool) -> Ground:
        made, ground = [], self
        for stage in stages:
            named, aliases = ground._named((stage,) if isinstance(stage, Part) else stage)
            made.append(named)
            ground = replace(ground, aliases=aliases)
            ground = replace(ground, **{moment: (*getattr(ground, moment), named)})
        old = getattr(self, moment)
        return replace(ground, **{moment: (*made, *old) if first else (*old, *made)})

    def _named(self, parts: Iterable[Part]) -> tuple[Stage, dict[str, str]]:
        taken, aliases, named = set(self.parts), dict(self.aliases), []
        for part in parts:
            name, number = part.name, 2
            while name in taken:
                name, number = f"{part.name}{number}", number + 1
            taken.add(name)
            aliases[part.name] = name
            named.append(replace(part, name=name))
        return tuple(named), aliases

    def _replaced(self, name: str, parts: Stage) -> Ground:
        def swap(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
            return tuple(
                tuple(new for old in stage for new in (parts if old.name == name else (old,))) for stage in stages
            )

        return replace(self, **{m: swap(getattr(self, m)) for m in ("opening", "before", "play", "after")})

    def layer(self) -> Ground:
        """The same ground as the next institution meets it: with no aliases of its own yet."""
        return replace(self, aliases={})

    def unknown_moves(self, batch: tuple[int, ...] = (), xp: Any = np) -> dict[str, Any]:
        """Every part not made yet: -1 for labels, NaN for numbers, each of shape `[*batch, P]`."""
        shape = (*batch, len(self.players))
        return {
            name: xp.full(shape, xp.nan) if part.continuous else xp.full(shape, -1, dtype=xp.int32)
            for name, part in self.parts.items()
        }
