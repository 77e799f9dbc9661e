"""What was played, in every form it can take: a report, a page, pictures, rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import typer


class Staged(NamedTuple):
    """A world with somebody in every seat, and both in words."""

    world: Any
    players: list[Any]
    title: str
    seats: tuple[str, ...]


def deliver_play(scenes: list[Staged], played: list[Any], outputs: Any) -> None:
    """Print who got what; make all files, and then write them."""
    from ..formats._text import save
    from ..learners._recording import Recording
    from ..reports._page_play import play_page
    from ._output import deliver
    from ._players import brief

    pages = [
        play_page(one.title, one.world.ground.players, one.seats, what)
        for one, what in zip(scenes, played, strict=True)
    ]
    films = [
        Recording.of(one.world, what, title=one.title, players=tuple(map(brief, one.seats)))
        for one, what in zip(scenes, played, strict=True)
        if what.states is not None
    ]
    made = [(path, _MADE[form_of(path)](pages, films, scenes, played)) for path in outputs]
    for k, page in enumerate(pages):
        typer.echo("\n" if k else "", nl=False)
        deliver(page, None)
    for path, content in made:
        path.write_bytes(content) if isinstance(content, bytes) else save(content, path)
        typer.echo(f"Written: {path}", err=True)


def _page(pages: Any, films: Any, scenes: Any, played: Any) -> str:
    from ..reports.replay import replay

    return replay(*films)


def _svg(pages: Any, films: Any, scenes: Any, played: Any) -> str:
    from ..reports.replay import still

    return still(*films)


def _png(pages: Any, films: Any, scenes: Any, played: Any) -> bytes:
    from ..reports.replay import still_png

    return still_png(*films)


def _events(pages: Any, films: Any, scenes: Any, played: Any) -> str:
    from ..learners._recording import events

    return "".join(event.to_json() + "\n" for event in events(scenes[0].world, played[0]))


def _text(pages: Any, films: Any, scenes: Any, played: Any) -> str:
    from ..reports.text import text

    return "\n".join(map(text, pages))


def _json(pages: Any, films: Any, scenes: Any, played: Any) -> str:
    from ..reports.json import json

    return json(pages[0])


_MADE: dict[str, Callable[[Any, Any, Any, Any], str | bytes]] = {
    ".html": _page,
    ".png": _png,
    ".svg": _svg,
    ".jsonl": _events,
    ".txt": _text,
    ".json": _json,
}
PICTURES = (".html", ".png", ".svg")
"""Suffixes of what is made of states."""


def form_of(path: Path) -> str:
    """The suffix of a file, if there is a form for it; `UnknownName` otherwise."""
    from ..core.errors import UnknownName

    if path.suffix.lower() not in _MADE:
        raise UnknownName("form of a replay", path.suffix or str(path), _MADE)
    return path.suffix.lower()


def refuse_unwritable(outputs: list[Path] | None) -> None:
    """Say before anything is played that a file will not be written."""
    from ._output import _refuse as unwritable

    for path in outputs or ():
        form_of(path)
        unwritable(path, "")
