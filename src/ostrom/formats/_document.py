"""Games and delegations as documents: what JSON and TOML files hold, before and after it is a game."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ostrom.core.errors import InputError, TooLarge, UnknownName
from ostrom.core.forms.normal_form import NormalForm, refuse_large
from ostrom.core.forms.symmetric import Symmetric
from ostrom.core.game import Array, Fact, Game

from ._nested import label, labels, shape_of, shown, table
from ._text import at, bad, number

TOML_LIMIT = 2**20
"""Characters of TOML: it is for what people write; tables of thousands of numbers are JSON."""

KINDS = ("normal form", "symmetric")
_KEYS = ("ostrom", "name", "players", "moves", "amounts", "payoffs", "bystanders", "bystander_payoffs", "facts")
_FORM = 'Write {"players": ["a", "b"], "moves": [["C", "D"], ["C", "D"]], "payoffs": [[[3, 3], [0, 5]], …]}.'


def parse_json(text: str, where: str = "this text") -> dict[str, Any]:
    """The object that a JSON text holds; `InputError` with the line for anything else, NaN and infinities included."""
    try:
        document = json.loads(text, parse_constant=number, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        what = f"this is not JSON: {error.msg} (column {error.colno})."
        why = "The text breaks off or has a mark too many."
        raise bad(where, error.lineno, what, why, "Check this line, or write the file again.") from None
    except RecursionError:
        raise bad(where, None, "the lists are nested too deep.", "", "A game needs one level per player.") from None
    except InputError as error:
        raise bad(where, None, error.what, error.why, error.do) from None
    except ValueError as error:  # a whole number of thousands of digits
        raise bad(where, None, f"this is not usable JSON: {error}.", "", "Give numbers of ordinary size.") from None
    if not isinstance(document, dict):
        raise bad(where, None, f"the text holds {shown(document)}.", "A game is an object.", _FORM)
    return document


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, none of whose keys may stand twice: readers and programs would take different ones."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for k, (key, _) in enumerate(pairs) if key in dict(pairs[:k]))
        raise InputError(f"the key {twice[:40]!r} stands twice.", "Only one of them could count.", "Keep one.")
    return found


def parse_toml(text: str, where: str = "this text") -> dict[str, Any]:
    """What a TOML text holds; `InputError` with the line for what is not TOML, `TooLarge` beyond `TOML_LIMIT`."""
    # Python's reader takes time with the square of a dotted key's length, so such keys are looked for first.
    if len(text) > TOML_LIMIT or any(piece.count(".") > 200 for piece in re.split(r"[\n,=\[\]{}]", text)):
        raise TooLarge(f"{where} is too large for TOML.", "Reading it would take very long.", "Write it as JSON.")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise bad(where, None, "the lists are nested too deep.", "", "A game needs one level per player.") from None
    except ValueError as error:  # TOMLDecodeError among them, which names the line
        raise bad(where, None, f"this is not usable TOML: {error}.", "", "Mend that place.") from None


def game_from_dict(document: Mapping[str, Any], where: str = "this document") -> NormalForm | Symmetric:
    """The game that a document (from JSON or TOML) describes; `InputError` says which part is wrong."""
    with at(where):
        for key in document:
            if key not in _KEYS:
                raise UnknownName("part of a game", str(key), _KEYS)
        if "payoffs" not in document:
            raise InputError("there are no payoffs.", f"It has {', '.join(map(str, document)) or 'nothing'}.", _FORM)
        kind = document.get("ostrom", KINDS[0])
        if kind not in KINDS:
            raise InputError(f"it calls itself {shown(kind)}.", f"A game is one of: {', '.join(KINDS)}.", _FORM)
        return _symmetric(document) if kind == "symmetric" else _normal_form(document)


def game_to_dict(game: Game) -> dict[str, Any]:
    """The document that describes a game: counts or totals for a `Symmetric` game, a table for any other."""
    if isinstance(game, Symmetric):
        form, moves = game, list(game.moves[0])
        facts = {fact.name: np.asarray(fact.read(game.representatives), float)[..., 0] for fact in game.facts}
    else:
        form, moves = game.dense(), [list(own) for own in game.moves]
        facts = form.facts_at(form.profiles().reshape(*form.sizes, -1)) if game.facts else {}
    document: dict[str, Any] = {"ostrom": KINDS[form is game and isinstance(form, Symmetric)], "name": game.name}
    document |= {"players": list(game.players), "moves": moves}
    if isinstance(form, Symmetric) and form.amounts is not None:
        document["amounts"] = form.amounts.tolist()
    document["payoffs"] = form.payoffs.tolist() if form.exact is None else np.vectorize(str)(form.exact).tolist()
    if game.bystanders:
        document["bystanders"] = list(game.bystanders)
        document["bystander_payoffs"] = form.bystander_payoffs.tolist()
    if game.facts:
        document["facts"] = [
            {"name": fact.name, "unit": fact.unit, "seen_by": fact.seen_by, "table": facts[fact.name].tolist()}
            for fact in game.facts
        ]
    return document


def _normal_form(document: Mapping[str, Any]) -> NormalForm:
    shape = shape_of(document["payoffs"])
    refuse_large(shape[:-1], "the game")
    moves = document.get("moves")
    if moves is not None:
        nested = isinstance(moves, list) and moves and all(isinstance(own, list) for own in moves)
        moves = [labels(own, "moves") for own in moves] if nested else labels(moves, "moves")
    return NormalForm(
        table(document["payoffs"], shape, "payoffs"),
        players=labels(document["players"], "players") if "players" in document else None,
        moves=moves,
        facts=_facts(document, shape, lambda profiles: tuple(np.moveaxis(profiles, -1, 0))),
        **_names_and_bystanders(document, shape[:-1]),
    )


def _symmetric(document: Mapping[str, Any]) -> Symmetric:
    players, moves = document.get("players"), labels(document.get("moves"), "moves")
    if isinstance(players, bool) or not isinstance(players, int):
        players = labels(players, "players")
    amounts = document.get("amounts")
    if amounts is not None and not (isinstance(amounts, list) and all(type(amount) is int for amount in amounts)):
        raise InputError(f"amounts are {shown(amounts)}.", "", "Give one whole number per move.")
    form = Symmetric(lambda own, others: 0.0, players=players, moves=moves, amounts=amounts)
    return Symmetric(
        table(document["payoffs"], form.payoffs.shape, "payoffs"),
        players=form.players,
        moves=moves,
        amounts=amounts,
        facts=_facts(document, form.payoffs.shape, lambda profiles: (profiles, form.others_at(profiles))),
        **_names_and_bystanders(document, (len(form.totals),)),
    )


def _names_and_bystanders(document: Mapping[str, Any], shape: tuple[int, ...]) -> dict[str, Any]:
    bystanders = labels(document.get("bystanders", []), "bystanders")
    given = document.get("bystander_payoffs")
    if bystanders or given is not None:
        given = table(given, (*shape, len(bystanders)), "bystander_payoffs")
    return {"name": label(document.get("name", "game"), "name"), "bystanders": bystanders, "bystander_payoffs": given}


def _facts(document: Mapping[str, Any], shape: tuple[int, ...], place: Callable[[Array], Any]) -> list[Fact]:
    """Facts from tables of the shape of the payoffs; `place` finds joint moves in such a table."""
    entries = document.get("facts", [])
    if not isinstance(entries, list):
        raise InputError(f"facts are {shown(entries)}.", "", "Give a list of objects with name, unit and table.")
    return [_fact(entry, shape, place) for entry in entries]


def _fact(entry: Any, shape: tuple[int, ...], place: Callable[[Array], Any]) -> Fact:
    if not isinstance(entry, dict) or not {"name", "table"} <= set(entry) <= {"name", "unit", "seen_by", "table"}:
        raise InputError(
            f"a fact is {shown(entry)}.",
            "A fact has a name, a unit, who can see it, and a table like the payoffs.",
            'Write {"name": "harvest", "unit": "tonnes", "seen_by": "all", "table": […]}.',
        )
    name, seen_by = label(entry["name"], "the name of a fact"), entry.get("seen_by", "all")
    if seen_by not in ("all", "self", "nobody"):
        raise InputError(f"the fact {name!r} is seen by {shown(seen_by)}.", "", 'Say "all", "self" or "nobody".')
    amounts = table(entry["table"], shape, f"the table of {name!r}").astype(float)
    unit = label(entry.get("unit", ""), "unit")
    return Fact(name, unit, lambda profiles: amounts[place(np.asarray(profiles))], seen_by)
