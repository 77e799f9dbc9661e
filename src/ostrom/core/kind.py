"""What every kind of subject shares: asked for what only another kind has, it says which kind it is."""

from __future__ import annotations

from typing import Any, ClassVar

from .errors import WrongKind


class Kind:
    """Base of games of moves, repeated games, games of coalitions, loops and ballots.

    An attribute that it does not have raises `WrongKind`, which is an `AttributeError` too, so that whoever hands the
    wrong kind of thing to a function reads what it handed over.
    """

    in_words: ClassVar[str] = "a subject"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        if hasattr(type(self), name):
            return object.__getattribute__(self, name)  # a property failed: its own error is the one to read
        raise WrongKind(str(self.__dict__.get("name", type(self).__name__)), self.in_words, name)
