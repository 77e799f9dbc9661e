"""The documented form of a certificate, read part by part: whoever wrote it may not have meant well."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

from .errors import InputError, TooLarge, UnknownName
from .exact import Row, fraction

MOST = 40_000
"""Numbers in a table beyond which a certificate is neither made nor read."""

PLAYERS = 100
"""Players beyond which it is not read: with two moves each, 12 already have as many joint moves as are read."""

CLAIMS = 100
"""Claims beyond which a certificate is not read: each may take its time."""

VERDICTS = ("proved", "supported", "refuted", "unknown")

Moves = tuple[tuple[str, ...], ...]


def read(given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a certificate; `InputError` says which part is not what it should be."""
    players, before = _players(given["players"]), given["before"]
    moves, width = _moves(before["moves"], len(players)), len(players)
    rewards, worth = _rows(before["payoffs"], moves, width), tuple(fraction(x) for x in before["welfare"])
    if len(worth) != len(rewards):
        raise InputError(f"There are {len(worth)} numbers of welfare for {len(rewards)} joint moves.")
    after = given.get("after", {"moves": before["moves"]})
    changed = _moves(after["moves"], width)
    plays = tuple(after["plays"]) if "plays" in after else by_label(moves, changed)
    if len(plays) != _size(changed, width) or not all(type(k) is int and 0 <= k < len(worth) for k in plays):
        raise InputError("'plays' does not say for every joint move which one it comes down to.")
    nothing = [[0] * width] * len(plays)
    return {
        "subject": _text(given["subject"], "subject"),
        "institution": _text(given["institution"], "institution"),
        "players": players,
        "bystanders": _texts(given["bystanders"], "bystanders"),
        "moves": moves,
        "rewards": rewards,
        "worth": worth,
        "after_moves": changed,
        "plays": plays,
        "adds": _rows(after.get("adds", nothing), changed, width),
        "claims": tuple(_claim(claim) for claim in _few(_list(given["claims"], "claims"))),
    }


def require_whole(value: Any) -> None:
    """Refuse decimals that were read as floats: what is checked would not be what is written."""
    if isinstance(value, float):
        raise InputError(f"The number {value!r} is written as a decimal.", 'Numbers are whole, or text like "2/3".')
    if isinstance(value, Mapping):
        value = value.values()
    for entry in value if isinstance(value, list | tuple) or not isinstance(value, str | int | None) else ():
        require_whole(entry)


def _few(claims: list[Any]) -> list[Any]:
    if len(claims) > CLAIMS:
        raise TooLarge(f"There are {len(claims):,} claims.", f"At most {CLAIMS} are checked.", "Split the certificate.")
    return claims


def by_label(before: Moves, after: Moves) -> tuple[int, ...]:
    """Per joint move after, the one before that has the same names; empty when there is none for some."""
    where = [{label: k for k, label in enumerate(own)} for own in before]
    if not all(label in where[i] for i, own in enumerate(after) for label in own):
        return ()
    strides = [1] * len(before)
    for i in range(len(before) - 1, 0, -1):
        strides[i - 1] = strides[i] * len(before[i])
    return tuple(
        sum(where[i][label] * stride for i, (label, stride) in enumerate(zip(joint, strides, strict=True)))
        for joint in product(*after)
    )


def _claim(given: Any) -> dict[str, Any]:
    """A claim with its statement, verdict and evidence, which is read only when it is checked."""
    if not isinstance(given, dict):
        raise InputError(f"A claim is {_shown(given)}.", do="It is an object with statement, verdict and evidence.")
    _text(given["statement"], "statement")
    if given["verdict"] not in VERDICTS:
        raise UnknownName("verdict", str(given["verdict"]), VERDICTS)
    if not isinstance(given.get("evidence"), dict | None):
        raise InputError(f"The evidence is {_shown(given['evidence'])}.", do="It is an object with its kind, or null.")
    return given


def _players(given: Any) -> tuple[str, ...]:
    names = _texts(given, "players")
    if not 0 < len(names) <= PLAYERS or len(set(names)) < len(names):
        raise InputError(f"There are {len(names):,} players.", f"They are 1 to {PLAYERS}, with different names.")
    return names


def _moves(given: Any, players: int) -> Moves:
    moves = tuple(_texts(own, "moves") for own in _list(given, "moves"))
    if len(moves) != players or not all(moves) or any(len(set(own)) < len(own) for own in moves):
        raise InputError("The moves are not one list of different names per player.")
    _size(moves, players)
    return moves


def _size(moves: Moves, players: int) -> int:
    """How many joint moves there are; `TooLarge` when their table would have more than `MOST` numbers."""
    size = 1
    for own in moves:
        size *= len(own)
        if size * players > MOST:
            raise TooLarge("The table of the certificate is too large.", f"At most {MOST:,} numbers are read.")
    return size


def _rows(given: Any, moves: Moves, width: int) -> tuple[Row, ...]:
    rows, size = _list(given, "rows of the table"), _size(moves, width)
    if len(rows) != size or any(not isinstance(row, list) or len(row) != width for row in rows):
        raise InputError(f"A table of {size} joint moves and {width} players has another shape.")
    return tuple(tuple(fraction(x) for x in row) for row in rows)


def _list(given: Any, what: str) -> list[Any]:
    if not isinstance(given, list):
        raise InputError(f"The {what} are {_shown(given)}.", do="Give a list.")
    return given


def _texts(given: Any, what: str) -> tuple[str, ...]:
    return tuple(_text(one, f"one of the {what}") for one in _list(given, what))


def _text(given: Any, what: str) -> str:
    if not isinstance(given, str):
        raise InputError(f"The {what} is {_shown(given)}.", do="Give a text in quotes.")
    return given


def _shown(value: Any) -> str:
    return f"a {type(value).__name__} of {len(value)}" if isinstance(value, list | dict) else repr(value)[:60]
