"""`ostrom show`: one thing, what it is, what it takes, and how to call it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from ..core import catalogue
from ..core.errors import UnknownName
from ..core.game import Game, amount
from ..core.parameters import parameters, phrase
from ..core.record import Parameter, Record
from ..core.rooms import key, rooms
from ..core.world import World


def show(
    name: Annotated[
        str, typer.Argument(help="A scenario, an institution, an audit, …: see ostrom list.", show_default=False)
    ],
) -> None:
    """Show one thing: what it is and what it takes."""
    where = [
        (room, stem) for room in catalogue.rooms_with(name) for stem in catalogue.names(room) if key(stem) == key(name)
    ]
    if not where:
        raise UnknownName("thing", name, {stem for room in rooms() for stem in catalogue.names(room)})
    for k, (room, stem) in enumerate(where):
        typer.echo("" if k == 0 else "\n", nl=False)
        typer.echo("\n".join(_told(room, stem)))


def _told(room: str, stem: str) -> Iterator[str]:
    target = catalogue.member(room, stem)
    yield f"{stem}, one of {room}"
    yield ""
    yield inspect.getdoc(target) or "It does not say what it is."
    declared = parameters(target)
    if _takes_text(room, target) and declared:
        yield ""
        yield "On the command line"
        width = max(map(len, declared))
        yield from (f"  {name:{width}}  {_parameter(parameter)}" for name, parameter in declared.items())
        yield f"  for example: {_example(room, stem, declared)}"
    if room == "games" and not any(parameter.required for parameter in declared.values()):
        yield from _game(target())
    if room == "worlds" and isinstance(target, type) and issubclass(target, World):
        yield from _world(target, declared)


def _takes_text(room: str, target: Any) -> bool:
    """Whether people give its parameters on a command line."""
    record = isinstance(target, type) and issubclass(target, Record)
    return room in ("games", "institutions") or (room in ("worlds", "learners", "agents") and record)


def _parameter(parameter: Parameter) -> str:
    return phrase(parameter) + ("; has to be given" if parameter.required else f"; {parameter.default} if left out")


def _example(room: str, stem: str, declared: dict[str, Parameter]) -> str:
    if example := getattr(catalogue.member(room, stem), "example", ""):
        return f"ostrom audit GAME --under '{example}'"
    chosen = next((p for p in declared.values() if isinstance(p.default, int | float)), next(iter(declared.values())))
    given = f"{chosen.name}={'…' if chosen.default is None else chosen.default}"
    calls = {
        "games": f"ostrom audit {stem} {given}",
        "worlds": f"ostrom train {stem} {given}",
        "learners": f"ostrom train WORLD --learner {stem}:{given}",
        "agents": f"ostrom play WORLD --seat 'SEAT={stem}:{given}'",
    }
    return calls.get(room, f"ostrom audit GAME --under {stem}:{given}")


def _game(game: Any) -> Iterator[str]:
    if not isinstance(game, Game):
        return
    yield ""
    yield f"As it stands: {len(game.players)} players ({_few(game.players)}), {amount(game.size)} joint moves"
    yield f"  moves of {game.players[0]}: {_few(game.moves[0])}"
    if game.bystanders:
        yield f"  bystanders: {_few(game.bystanders)}"
    if game.facts:
        yield f"  facts that rules can read: {_few([f'{fact.name} ({fact.unit})' for fact in game.facts])}"


def _world(cls: type[World], declared: dict[str, Parameter]) -> Iterator[str]:
    """A world as a command would find it: with its small preset, where it has one."""
    if not hasattr(cls, "small") and any(parameter.required for parameter in declared.values()):
        return
    made = getattr(cls, "small", cls)()
    seats, parts = made.ground.players, made.ground.parts
    yield ""
    yield (
        f"{'In its small preset' if hasattr(cls, 'small') else 'As it stands'}: {len(seats)} seats ({_few(seats)}), "
        f"{made.horizon} steps an episode"
    )
    for part in parts.values():
        chosen = f"{part.low:g} to {part.high:g}" if part.continuous else _few(part.labels_of(0))
        yield f"  {part.name}, of {seats[0]}: {chosen}"
    if made.bots():
        yield f"  bots: {_few(tuple(made.bots()))}"
    if made.measures:
        yield f"  facts that rules can read: {_few([f'{name} ({unit})' for name, unit in made.measures.items()])}"


def _few(names: Any) -> str:
    return ", ".join(names[:8]) + (f", … ({len(names)} in all)" if len(names) > 8 else "")
