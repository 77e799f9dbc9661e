"""Say something before play; nobody is held to it."""

from __future__ import annotations

from typing import ClassVar, Literal

from ..core.errors import InputError
from ..core.ground import Ground, Part
from ..core.institution import Institution
from ._seats import seat_of


class CheapTalk(Institution):
    """A stage before play in which each says one of some words to all, at the same time, for nothing (Farrell, 1987).

    What is said changes neither payoffs nor what may be done: it can only be listened to. Lay it round twice for two
    rounds of talk.

    Parameters
    ----------
    words : what can be said, at least two different words; they mean what the players make of them.
    who : the players who speak; none named is everybody.

    Raises `InputError` for fewer words, `UnknownName` for players who are not there.
    """

    words: tuple[str, ...] = ("yes", "no")
    who: tuple[str, ...] = ()
    example: ClassVar[str] = "cheap_talk:words=(left,right)"
    scope: ClassVar[Literal["additive"]] = "additive"
    budget: ClassVar[Literal["balanced"]] = "balanced"
    kind: ClassVar[Literal["strategic"]] = "strategic"
    formal: ClassVar[bool] = False
    central: ClassVar[bool] = False
    emergent: ClassVar[bool] = True
    enforced_by: ClassVar[str] = "nobody: it is talk"

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(set(self.words)) < max(2, len(self.words)):
            raise InputError(
                f"What can be said is {self.words}.",
                "Talk that could tell anything has two or more words, all different.",
                'Give words like ("left", "right").',
            )

    def menu(self, ground: Ground) -> Ground:
        """A stage to talk at, before every round."""
        seats = tuple(sorted({seat_of(ground, player) for player in self.who})) or None
        return ground.preceded_by(Part("say", self.words, who=seats))
