"""`ostrom show`: one thing, what it is, what it takes, and how to call it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from ..core import catalogue
from ..core.errors import InputError, UnknownName
from ..core.forms.extensive import ExtensiveForm
from ..core.game import Game, amount
from ..core.institution import Institution
from ..core.parameters import parameters, phrase
from ..core.record import Parameter, Record
from ..core.rooms import definitions, files, key, load, rooms
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
    parts = [] if where else [(room, one) for room in rooms() for one in _parts(room) if key(one) == key(name)]
    if not where and not parts:
        raise UnknownName("thing", name, {one for room in rooms() for one in (*catalogue.names(room), *_parts(room))})
    for k, told in enumerate([*(_told(*one) for one in where), *(_part(*one) for one in parts)]):
        typer.echo("" if k == 0 else "\n", nl=False)
        typer.echo("\n".join(told))


def _parts(room: str) -> dict[str, str]:
    """What a room holds, members or not: its files, and what they define -> the file that does."""
    return {stem: stem for stem in files(room)} | definitions(room)


def _part(room: str, name: str) -> Iterator[str]:
    stem = _parts(room)[name]
    found = getattr(load(room, stem), name, None)
    yield f"{name}, one of {room}" + ("" if name == stem else f" (in {stem})")
    yield ""
    if found is not None:
        yield inspect.getdoc(found) or "It does not say what it is."
        return
    yield inspect.getdoc(load(room, stem)) or "It does not say what it is."
    yield ""
    yield "It holds " + ", ".join(sorted(one for one, where in definitions(room).items() if where == stem)) + "."


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
    if isinstance(target, type) and issubclass(target, Institution):
        yield from _declares(room, stem, target)
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
    if isinstance(game, ExtensiveForm) and not game.listable:  # too many strategies to name one
        yield f"  a tree with {len(game.infosets):,} information sets and {len(game.ends):,} ends"
    else:
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


def _declares(room: str, stem: str, rule: type[Institution]) -> Iterator[str]:
    """What an institution says of itself: of one that is made as in its example, since much hangs on parameters."""
    text: str = getattr(rule, "example", "") or stem
    made: Any = rule
    try:
        made = catalogue.build(room, text, Institution)
    except InputError:  # it has no example, and cannot be made without parameters
        text = ""
    told = {
        "kind": ", ".join(_said(getattr(made, name), words) for name, words in KINDS.items()),
        "enforced by": _said(made.enforced_by, {}),
        **{name: _said(getattr(made, name), words) for name, words in WORDS.items()},
        "hooks": _said(made.hooks, {}),
    }
    yield ""
    yield "What it declares" + (f", made as {text}" if ":" in text else "")
    yield from (f"  {name:11}  {words}" for name, words in told.items())


def _said(value: Any, words: dict[Any, str]) -> str:
    """What is declared, in words; of a class that could not be made some of it is not known."""
    if isinstance(value, property):
        return "depends on its parameters"
    return (", ".join(value) or "none") if isinstance(value, tuple) else words.get(value, str(value))


KINDS: dict[str, dict[Any, str]] = {
    "kind": {},
    "formal": {True: "formal", False: "informal"},
    "central": {True: "central", False: "decentral"},
    "emergent": {True: "emergent", False: "designed"},
}
WORDS: dict[str, dict[Any, str]] = {
    "scope": {
        "additive": "additive: what a seat pays depends on its own row only",
        "counts": "counts: what a seat pays depends on how many did what",
        "profile": "profile: what a seat pays depends on who did what",
    },
    "memory": {
        "none": "none: it can be laid round a game played once",
        "finite": "finite: it needs a repeated game, a world or a society",
        "unbounded": "unbounded: it needs a world or a society",
    },
    "budget": {
        "balanced": "balanced: what is paid sums to 0",
        "surplus": "surplus: it never pays out on balance",
        "deficit": "deficit: it never takes on balance",
        None: "nothing declared",
    },
}


def _few(names: Any) -> str:
    return ", ".join(names[:8]) + (f", … ({len(names)} in all)" if len(names) > 8 else "")
