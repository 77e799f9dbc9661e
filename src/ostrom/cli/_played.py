"""What was played, in every form it can take: a report, a page, pictures, rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import typer


class Staged(NamedTuple):
    """A world with somebody in every seat, and both in words."""

    world: Any
    players: list[Any]
    title: str
    seats: tuple[str, ...]


def deliver_play(scenes: list[Staged], played: Sequence[Any], outputs: Any, notes: Sequence[str]) -> None:
    """Make all files and write them, and then print who got what: whoever stops reading has the files."""
    from ..formats._text import save
    from ..reports._page_play import play_page
    from ._output import deliver

    pages = [
        play_page(one.title, one.world.ground.players, one.seats, what, _units([one]), note)
        for one, what, note in zip(scenes, played, notes, strict=True)
    ]
    made = [(path, _MADE[form_of(path)](pages, scenes, played)) for path in outputs]
    for path, content in made:
        path.write_bytes(content) if isinstance(content, bytes) else save(content, path)
        typer.echo(f"Written: {path}", err=True)
    for k, page in enumerate(pages):
        typer.echo("\n" if k else "", nl=False)
        deliver(page, None)


def _units(scenes: list[Staged]) -> dict[str, str]:
    """Facts and their units, of all worlds that are shown; institutions are laid round a base that has them."""
    return {fact: unit for one in scenes for fact, unit in getattr(one.world, "base", one.world).measures.items()}


def _films(form: str) -> Callable[[Any, Any, Any], Any]:
    """The first episodes as `replay`, `still` or `still_png` makes them."""

    def made(pages: Any, scenes: Any, played: Any) -> Any:
        from ..learners._recording import Recording
        from ..reports.replay import replay, still, still_png
        from ._players import brief

        films = [
            Recording.of(one.world, what, title=one.title, players=tuple(map(brief, one.seats)))
            for one, what in zip(scenes, played, strict=True)
        ]
        return {".html": replay, ".svg": still, ".png": still_png}[form](*films, units=_units(scenes))

    return made


def _events(pages: Any, scenes: Any, played: Any) -> str:
    from ..learners._recording import events

    return "".join(event.to_json() + "\n" for event in events(scenes[0].world, played[0]))


def _text(pages: Any, scenes: Any, played: Any) -> str:
    from ..reports.text import text

    return "\n".join(map(text, pages))


def _json(pages: Any, scenes: Any, played: Any) -> str:
    from ..reports.json import json

    return json(pages[0])


_MADE: dict[str, Callable[[Any, Any, Any], str | bytes]] = {
    ".html": _films(".html"),
    ".png": _films(".png"),
    ".svg": _films(".svg"),
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
