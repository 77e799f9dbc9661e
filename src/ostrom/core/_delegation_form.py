"""The written form of a delegation: what stands in its TOML or JSON file, and what is wrong with it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from .errors import InputError, UnknownName
from .forms.normal_form import NormalForm
from .game import Array, Game
from .welfare import Weighted

TABLES = ("utilities", "rewards", "specified", "bystanders")
KEYS = (*TABLES, "precision", "observed", "observed_joint", "welfare")


def arguments(game: Game, document: Mapping[str, Any]) -> tuple[Game, dict[str, Any]]:
    """The game (with the document's bystanders) and the arguments of `Delegation` that a document describes."""
    for key in _mapping(document, "delegation"):
        if key not in KEYS:
            raise UnknownName("part of a delegation", str(key), KEYS)
    entries = {key: _mapping(document.get(key, {}), key) for key in TABLES}
    given = {key: document[key] for key in ("precision", "observed_joint") if key in document}
    if any(entries.values()):
        table = _with_bystanders(game.dense(), entries["bystanders"])
        game, base = table, _everybody(table)
        if entries["utilities"]:
            given["utilities"] = base = _filled(table, entries["utilities"], "utilities", table.principals, base)
        for key in ("rewards", "specified"):
            if entries[key]:
                given[key] = _filled(table, entries[key], key, table.players, base)
    if "observed" in document:
        given["observed"] = _named_counts(game, _mapping(document["observed"], "observed"))
    if "welfare" in document:
        given["welfare"] = _welfare(game, document["welfare"])
    return game, given


def require_table(values: Any, shape: tuple[int, ...], what: str) -> Array:
    """The values as a float table of that shape; `InputError` says what is wrong with them."""
    try:
        table = np.asarray(values, float)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"The {what} are not a table of numbers.", f"NumPy says: {error}.", f"Give an array of shape {shape}."
        ) from None
    if table.shape != shape:
        raise InputError(
            f"The {what} have shape {table.shape}.",
            f"This game needs {shape}: its moves, one axis per player, then whoever is listed.",
            "Give one number for each.",
        )
    if not np.isfinite(table).all():
        place = tuple(int(k) for k in np.argwhere(~np.isfinite(table))[0])
        raise InputError(f"The {what} contain {table[place]} at index {place}.", do="Give finite numbers.")
    return table


def _mapping(value: Any, key: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InputError(
            f"The part {key!r} is {str(value)[:80]!r}.",
            "It maps names to values.",
            f'In TOML write a table: [{key}], then one line per name, such as "Ann" = ….',
        )
    return value


def _number(value: Any, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InputError(f"A number in {what} is {value!r}.", do="Give finite numbers.")
    return float(value)


def _welfare(game: Game, entry: Any) -> Any:
    if not isinstance(entry, Mapping):
        return entry
    weights = _by_name(entry, game.principals, "principal (in 'welfare')", "A weighted welfare weighs everybody.")
    return Weighted(tuple(_number(weight, "welfare") for weight in weights))


def _everybody(game: NormalForm) -> Array:
    return np.concatenate([game.payoffs, game.bystander_payoffs], axis=-1)


def _filled(game: NormalForm, entries: Mapping[str, Any], key: str, names: tuple[str, ...], base: Array) -> Array:
    """The table `[..., len(names)]` in which the entries replace the columns of `base`."""
    table = np.array(base[..., : len(names)])
    for name, entry in entries.items():
        if name not in names:
            raise UnknownName(f"principal (in {key!r})", str(name), names)
        table[..., names.index(name)] = _column(game, entry, f"{key} of {name!r}")
    return table


def _column(game: NormalForm, entry: Any, what: str) -> Array:
    """One principal's table over joint moves: as listed, or mixed from the payoffs of those named."""
    if not isinstance(entry, Mapping):
        return require_table(entry, game.sizes, what)
    column, every = np.zeros(game.sizes), _everybody(game)
    for name, weight in entry.items():
        if name not in game.principals:
            raise UnknownName(f"principal (in the {what})", str(name), game.principals)
        column += _number(weight, f"the {what}") * every[..., game.principals.index(name)]
    return column


def _with_bystanders(game: NormalForm, entries: Mapping[str, Any]) -> NormalForm:
    if not entries:
        return game
    new = [_column(game, entry, f"utilities of bystander {name!r}") for name, entry in entries.items()]
    return NormalForm(
        game.payoffs if game.exact is None else game.exact,
        players=game.players,
        moves=game.moves,
        name=game.name,
        bystanders=(*game.bystanders, *map(str, entries)),
        bystander_payoffs=np.concatenate([game.bystander_payoffs, np.stack(new, -1)], axis=-1),
        facts=game.facts,
    )


def _named_counts(game: Game, entries: Mapping[str, Any]) -> list[Any]:
    kind, why = "player (in 'observed')", "Precision is fitted to everybody's play together."
    counts = _by_name(entries, game.players, kind, why)
    return [_by_move(own, moves, name) for own, moves, name in zip(counts, game.moves, game.players, strict=True)]


def _by_name(entries: Mapping[str, Any], names: tuple[str, ...], kind: str, why: str) -> list[Any]:
    """The entries in the order of the names, every name once."""
    for name in entries:
        if name not in names:
            raise UnknownName(kind, str(name), names)
    missing = [name for name in names if name not in entries]
    if missing:
        raise InputError(f"Nothing is given for {kind} {', '.join(missing)}.", why, "Name everybody.")
    return [entries[name] for name in names]


def _by_move(entry: Any, moves: tuple[str, ...], player: str) -> Any:
    if not isinstance(entry, Mapping):
        return entry
    for label in entry:
        if label not in moves:
            raise UnknownName(f"move of {player!r}", str(label), moves)
    return [_number(entry.get(label, 0.0), f"observed moves of {player!r}") for label in moves]
