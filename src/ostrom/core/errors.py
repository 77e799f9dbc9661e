"""Every error ostrom raises on purpose.

OstromError
├── InputError            a value, file or argument cannot be used (also a ValueError)
│   ├── UnknownName       a name nobody knows; says which names are near
│   ├── TooLarge          the thing asked for would not fit in memory or time
│   └── WrongKind         a game of moves where coalitions were asked about, and the like (also an AttributeError)
├── DeclarationError      an institution (or world, or audit) does not do what it declares
├── CarrierError          this carrier cannot hold this institution; says which one can
└── MissingExtra          an optional dependency is absent; says the install line (also an ImportError)

Each carries three sentences: what happened (with the values), why it cannot be, and what to do.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class OstromError(Exception):
    """An error with three parts: `what` happened, `why` it cannot be, what to `do`."""

    def __init__(self, what: str, why: str = "", do: str = "") -> None:
        self.what, self.why, self.do = what, why, do
        super().__init__(" ".join(part for part in (what, why, do) if part))


class InputError(OstromError, ValueError):
    """A value, file or argument that cannot be used as it is."""


class UnknownName(InputError):
    """A name that is not in the list of known names; the message offers the nearest, with a `hint` all of them."""

    def __init__(self, kind: str, name: str, known: Iterable[str], hint: str = "") -> None:
        name, known = str(name), sorted(map(str, known))
        near = difflib.get_close_matches(name.lower(), known, n=3, cutoff=0.5)
        listed = ", ".join(known[:12]) + (f", … ({len(known)} in all)" if len(known) > 12 else "")
        meant = f"Did you mean {' or '.join(near)}?" if near else ""
        there = "" if near and not hint else f"There is: {listed or 'nothing yet'}."
        do = " ".join(part for part in (meant, there, hint) if part)
        super().__init__(f"There is no {kind} called {name[:80]!r}.", "", do)
        self.kind, self.name, self.known = kind, name, tuple(known)


class TooLarge(InputError):
    """The thing asked for would not fit in memory or in a reasonable time."""


class WrongKind(InputError, AttributeError):
    """Something was asked of one kind of subject that only another kind has."""

    def __init__(self, name: str, in_words: str, attribute: str) -> None:
        super().__init__(
            f"{name} is {in_words}, and has no {attribute!r}.",
            "What was asked is about another kind of thing.",
            "See what it takes (ostrom show, or its page). Of a game of moves coalition_worth(game) makes a game of "
            "coalitions, game.repeated(0.9) a repeated one; a tree is an ExtensiveForm.",
        )


class DeclarationError(OstromError):
    """What an institution, world or audit says about itself is not true of its behaviour."""


class CarrierError(OstromError):
    """This carrier cannot hold this institution; the message names one that can."""


class MissingExtra(OstromError, ImportError):
    """An optional dependency is not installed; the message gives the line that installs it."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"{package} is not installed.",
            f"It belongs to the optional part '{extra}'.",
            f"Install it with: pip install 'ostrom[{extra}]'",
        )
