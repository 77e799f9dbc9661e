"""What rules share that let somebody decide, in every round, how strict another rule is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, ClassVar, Literal

from ..core.charter import Charter
from ..core.errors import InputError
from ..core.ground import Ground, Part
from ..core.institution import Around, Institution, Now
from ..core.record import parameters_of


class Varied(Around, ABC):
    """A rule one number of which is one of some levels; a subclass says by `chosen` which, and adds its own parts.

    Until it is known what was chosen, the first level holds.
    """

    rule: Institution
    parameter: str = "rate"
    levels: tuple[float, ...] = (0.0, 1.0)
    kind: ClassVar[Literal["structural"]] = "structural"

    def __post_init__(self) -> None:
        super().__post_init__()
        declared = parameters_of(type(self.rule))
        if self.parameter not in declared or declared[self.parameter].type is not float:
            numbers = [name for name, one in declared.items() if one.type is float]
            raise InputError(
                f"{type(self.rule).__name__} has no number called {self.parameter!r}.",
                f"What can be decided on is one of: {', '.join(numbers) or 'nothing, it has no numbers'}.",
                "Name it with parameter=….",
            )
        if len({f"{level:g}" for level in self.levels}) < max(2, len(self.levels)):
            raise InputError(
                f"The levels are {self.levels}.", "There is a choice between two or more.", "Give different numbers."
            )
        self._variants()

    @abstractmethod
    def chosen(self, now: Now) -> Any:
        """`int[..., 1]`: the number of the level that holds in this round."""

    @property
    def scope(self) -> Any:  # type: ignore[override]
        """What is paid depends on what others decide."""
        return "profile"

    @property
    def budget(self) -> Any:  # type: ignore[override]
        """What the rule declares at every level, if that is the same."""
        declared = {variant.budget for variant in self._variants()}
        return declared.pop() if len(declared) == 1 else None

    def governed(self, ground: Ground, part: str) -> Ground:
        """The ground under the wrapped rule; `InputError` when it rolls dice, or has a part of this name itself."""
        if Charter(ground, [self.rule]).overrides("dice"):
            raise InputError(
                f"{type(self.rule).__name__} rolls dice.",
                "Dice fall as a round opens, before anything is decided.",
                "Wrap a rule without chance.",
            )
        under = self.rule.menu(ground)
        if part in under.aliases:
            raise InputError(
                f"{type(self.rule).__name__} has a part {part!r} of its own.",
                "The two could not be told apart.",
                "Lay one rule round the other instead.",
            )
        return under

    def options(self, part: str) -> Part:
        """A part whose labels are the levels, "rate 0.5": not the bare number, which may be a move of the game."""
        return Part(part, tuple(f"{self.parameter} {level:g}" for level in self.levels))

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """The wrapped rule's at the level that holds."""
        return self._at(now, self.chosen(now)[..., None], lambda rule: rule.permit(now, mask))

    def enact(self, now: Now, moves: Mapping[str, Any]) -> Mapping[str, Any]:
        """The wrapped rule's at the level that holds."""
        return self._at(now, self.chosen(now), lambda rule: rule.enact(now, moves))

    def settle(self, now: Now, payoffs: Any) -> Any:
        """The wrapped rule's at the level that holds."""
        return self._at(now, self.chosen(now), lambda rule: {"payoffs": rule.settle(now, payoffs)})["payoffs"]

    def remember(self, now: Now, payoffs: Any) -> Mapping[str, Any]:
        """The wrapped rule's at the level that holds."""
        return self._at(now, self.chosen(now)[..., 0], lambda rule: rule.remember(now, payoffs))

    def _at(self, now: Now, chosen: Any, ask: Callable[[Institution], Mapping[str, Any]]) -> dict[str, Any]:
        """The answers of the variant that was chosen, array by array."""
        first, *others = [ask(variant) for variant in self._variants()]
        picked = dict(first)
        for level, answers in enumerate(others, start=1):
            for name in picked:
                if answers[name] is not first[name]:
                    picked[name] = now.xp.where(chosen == level, answers[name], picked[name])
        return picked

    def _variants(self) -> list[Institution]:
        return [replace(self.rule, **{self.parameter: level}) for level in self.levels]
