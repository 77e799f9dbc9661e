"""`ostrom list`: what there is, by name, with its first sentence."""

from __future__ import annotations

from typing import Annotated

import typer

from ..core import catalogue
from ..core.errors import UnknownName
from ..core.rooms import key, rooms
from ._docs import sentence

ROOMS = (
    *("games", "institutions", "formats", "solvers", "dynamics", "choice", "protocols"),
    *("diagnosis", "designers", "audits", "worlds", "learners", "agents", "scale"),
)
"""Which rooms come first when all are listed; the others follow."""


def list_(
    kind: Annotated[
        str, typer.Argument(help="games, institutions, audits, …; all when left out.", show_default=False)
    ] = "",
) -> None:
    """List what ships: scenarios, institutions, audits, …"""
    known = rooms()
    chosen = [room for room in known if key(room) in (key(kind), key(kind + "s"))] if kind else _ordered(known)
    if not chosen:
        raise UnknownName("kind of thing", kind, known)
    for k, room in enumerate(chosen):
        typer.echo(f"{'' if k == 0 else chr(10)}{room}")
        names = catalogue.names(room)
        width = max(map(len, names), default=0)
        for name in names:
            typer.echo(f"  {name:{width}}  {sentence(room, name)}".rstrip())


def _ordered(known: tuple[str, ...]) -> list[str]:
    filled = [room for room in known if catalogue.names(room)]
    return sorted(filled, key=lambda room: (ROOMS.index(room) if room in ROOMS else len(ROOMS), room))
