"""A rule that stays on paper: it can be read, answered and kept books of, and nothing of it is carried out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..core.ground import Ground
from ..core.institution import Around, Institution, Now
from ._recalling import noted, recalling, replaced


class Silent(Around):
    """`rule`, not enforced: what it forbids can be done, what it would do for others is not done, and nobody pays.

    Its parts, its records, its dice and what it shows stay. Who makes a move that it added does the first thing there
    is below. A rule that puts other moves in the place of those below still translates them: nothing could be played
    without that.

    Parameters
    ----------
    rule : an institution.
    """

    rule: Institution

    def menu(self, ground: Ground) -> Ground:
        """The rule's."""
        under = self.rule.menu(ground)
        return recalling(under, translates=bool(replaced(ground, under)))

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """Everything."""
        return mask

    def enact(self, now: Now, moves: Mapping[str, Any]) -> Mapping[str, Any]:
        """What was chosen; what the layer below does not know becomes the first thing that it permits."""
        return super().enact(now, moves) if noted(now.ground, "translates") else moves

    def settle(self, now: Now, payoffs: Any) -> Any:
        """Nothing."""
        return payoffs


def with_silent(institutions: Sequence[Institution], which: Any) -> tuple[Institution, ...]:
    """The institutions, those numbered in `which` not enforced."""
    return tuple(Silent(rule) if k in which else rule for k, rule in enumerate(institutions))


def names_of(institutions: Sequence[Institution]) -> tuple[str, ...]:
    """What layers are called: by their class, numbered where several are of one ("Tax", "Tax 2")."""
    names: list[str] = []
    for rule in institutions:
        name, number = type(rule).__name__, 2
        while name in names:
            name, number = f"{type(rule).__name__} {number}", number + 1
        names.append(name)
    return tuple(names)
