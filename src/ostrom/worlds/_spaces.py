"""The spaces of a world's seats, as Gymnasium writes them down, and actions read from them. Needs gymnasium."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from gymnasium import spaces

from ..core.errors import InputError
from ..core.ground import Ground, Part
from ..core.world import MOST, MOST_WHOLE

Array = Any
Space = spaces.Space[Any]


class Choices:
    """What some seats choose (by default all), and how it is written down.

    One part of labels is a `Discrete`, several are a `MultiDiscrete`, a number alone is a `Box` of one, and labels
    beside numbers are a `Dict` by part.
    """

    def __init__(self, ground: Ground, seats: Sequence[int] | None = None) -> None:
        self.parts, self.seats = ground.parts, range(len(ground.players)) if seats is None else seats
        self.labelled = [name for name, part in self.parts.items() if not part.continuous]
        self.whole = len(self.labelled) == len(self.parts)
        self.spaces = [self._space(seat) for seat in self.seats]
        self._single = len(self.parts) == 1
        self._plain = self._single and self.whole and self.spaces.count(self.spaces[0]) == len(self.spaces)
        self._shape, self._kind = (len(self.spaces), len(self.parts)), np.int32 if self.whole else np.float32
        self._least, self._most = (-1, MOST_WHOLE) if self.whole else (-MOST, MOST)

    def numbers(self, actions: Sequence[Any]) -> np.ndarray:
        """One number for each seat and part from the actions of these seats in order, `[S, K]`."""
        try:
            if not (self.whole or self._single):
                read = [[np.float32(np.ravel(action[part])[0]) for part in self.parts] for action in actions]
            else:
                read = actions if self.whole else [np.ravel(action) for action in actions]
            numbers = np.array(read)
            kind = numbers.dtype.kind
            if kind in "iub" or (kind == "f" and not self.whole and not np.isnan(numbers).any()):
                near = np.minimum(np.maximum(numbers, self._least), self._most)
                return near.astype(self._kind).reshape(self._shape)
        except (TypeError, ValueError, LookupError):
            pass
        raise InputError(
            f"The actions {actions!r:.200} cannot be read.",
            f"An action is one of {self.spaces[0]}.",
            "Give each agent what its action_space could give.",
        )

    def masks(self, mask: Sequence[np.ndarray]) -> Iterable[Any]:
        """What each seat may choose, as `space.sample(mask)` takes it, from `[S, A]` for each labelled part."""
        return mask[0] if self._plain else [self._mask(mask, *place) for place in enumerate(self.seats)]

    def _mask(self, mask: Sequence[np.ndarray], place: int, seat: int) -> Any:
        named = zip(self.labelled, mask, strict=True)
        rows = {name: rows[place, : _labels(self.parts[name], seat)] for name, rows in named}
        if self._single:
            return next(iter(rows.values()), None)
        return tuple(rows.values()) if self.whole else {name: rows.get(name) for name in self.parts}

    def _space(self, seat: int) -> Space:
        if self.whole and len(self.parts) > 1:
            return spaces.MultiDiscrete([_labels(part, seat) for part in self.parts.values()])
        each = {name: _one(part, seat) for name, part in self.parts.items()}
        return next(iter(each.values())) if len(each) == 1 else spaces.Dict(each)


def observation_space(seen: Mapping[str, Any], ranges: Mapping[str, tuple[float, float]], named: bool) -> Space:
    """What a seat sees: one `Box` of all numbers; `named`: one by name, within its range where one is declared."""
    boxes: dict[str, Space] = {
        name: _box(row.shape[1:], np.dtype(row.dtype), ranges.get(name)) for name, row in seen.items()
    }
    return spaces.Dict(boxes) if named else next(iter(boxes.values()))


def known_mode(render_mode: Any) -> str | None:
    """A way to render that there is; `InputError` for another one."""
    if render_mode not in (None, "ansi"):
        raise InputError(
            f"There is no render_mode {render_mode!r:.40}.",
            "A world says its state in words; pictures are made of what was played.",
            'Give render_mode="ansi" or None, and use ostrom.reports.replay for pictures.',
        )
    return render_mode


def _box(shape: tuple[int, ...], kind: np.dtype, known: tuple[float, float] | None) -> spaces.Box:
    if kind.kind in "iu":
        least, most = (np.iinfo(kind).min, np.iinfo(kind).max) if known is None else known
        return spaces.Box(int(least), int(most), shape, kind.type)
    return spaces.Box(*((-np.inf, np.inf) if known is None else known), shape, kind.type)


def _labels(part: Part, seat: int) -> int:
    return len(part.labels_of(seat)) if part.has(seat) else 1


def _one(part: Part, seat: int) -> Space:
    return (
        spaces.Box(part.low, part.high, (1,), np.float32) if part.continuous else spaces.Discrete(_labels(part, seat))
    )
