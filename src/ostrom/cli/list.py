"""`ostrom list`: what there is, by name, with its first sentence."""

from __future__ import annotations

from typing import Annotated

import typer

from ..core import catalogue
from ..core.errors import UnknownName
from ..core.rooms import files, key, rooms
from ._docs import sentence

ROOMS = (
    *("games", "institutions", "formats", "solvers", "dynamics", "choice", "protocols"),
    *("diagnosis", "designers", "audits", "monitors", "worlds", "learners", "agents", "scale"),
)
"""Which rooms come first when all are listed; the others follow."""


def list_(
    kinds: Annotated[
        list[str] | None, typer.Argument(help="games, institutions, audits, …; all when left out.", show_default=False)
    ] = None,
) -> None:
    """List what ships: scenarios, institutions, audits, …"""
    known = rooms()
    chosen = [_room(kind, known) for kind in kinds] if kinds else _ordered(known)
    for k, room in enumerate(dict.fromkeys(chosen)):
        typer.echo(f"{'' if k == 0 else chr(10)}{room}")
        names = sorted({*catalogue.names(room), *files(room)})
        width = max(map(len, names), default=0)
        for name in names:
            typer.echo(f"  {name:{width}}  {sentence(room, name)}".rstrip())


def _room(kind: str, known: tuple[str, ...]) -> str:
    for room in known:
        if key(room) in (key(kind), key(kind + "s")):
            return room
    raise UnknownName("kind of thing", kind, known)


def _ordered(known: tuple[str, ...]) -> list[str]:
    filled = [room for room in known if files(room)]
    return sorted(filled, key=lambda room: (ROOMS.index(room) if room in ROOMS else len(ROOMS), room))
