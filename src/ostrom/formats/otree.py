"""Read data of oTree experiments: the wide export, the export of one app, and the export of chats."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..core.event import Event
from ._jsonl import finite
from ._log_source import Place
from ._log_table import header, number_or_text, seconds, table_rows

CHAT = ("session_code", "participant_code", "channel", "nickname", "body", "timestamp")
"""Columns of the export of chats."""

GIVEN = ("id_in_group", "role", "payoff")
"""Fields of players that are not decisions."""

_WIDE = re.compile(r"(?P<app>[A-Za-z_]\w*)\.(?P<round>[0-9]{1,6})\.(?P<part>player|group|subsession)\.(?P<name>\w+)")
_APP = re.compile(r"(?P<part>participant|player|group|subsession|session)\.(?P<name>[\w.]+)")
_Rounds = dict[tuple[str, int], dict[str, dict[str, str]]]
_SPOKEN = re.compile(r"message|chat|msg|utterance")


def recognises(path: Path) -> bool:
    """Whether a file is an export of oTree, by the columns of its header."""
    columns = header(path)
    if set(CHAT) <= set(columns):
        return True
    return "participant.code" in columns and any(_WIDE.fullmatch(n) or n.startswith("player.") for n in columns)


def read_otree(path: str | Path) -> Iterator[tuple[int, Event]]:
    """Stream the decisions of an experiment, each with the line of the export that it stands on.

    Every field of a player is a move on a channel of its name (of `app.name` in the wide export), or a message where
    it is called one; `t` is the round. The agent is the code of the participant; role and number in the group are what
    it was shown; fields of group and subsession are facts. The payoff of a round stands on its last decision, or on a
    row "paid" of its own. An episode is an app in a session, and one group of it where groups stay the same; in the
    export of chats it is one channel. The file is read twice to learn whether they do.

    Raises `InputError` with file and line.
    """
    path = Path(path)
    columns = next(table_rows(path), (0, []))[1]
    if set(CHAT) <= set(columns):
        return _chats(path, columns)
    return _decisions(path, _Episodes.of(path, columns), columns)


@dataclass
class _Episodes:
    """Numbers episodes: by session and app, and by group where every participant stays in one."""

    groups: dict[tuple[str, str, str], str] = field(default_factory=dict)
    mixed: set[tuple[str, str]] = field(default_factory=set)
    numbers: dict[tuple[str, ...], int] = field(default_factory=dict)

    @classmethod
    def of(cls, path: Path, columns: list[str]) -> _Episodes:
        made = cls()
        for _, cells in _rows(path):
            for app, _, person, parts in _played(columns, cells):
                place, group = (person["session"], app), parts["group"].get("id_in_subsession", "")
                if made.groups.setdefault((*place, person["code"]), group) != group:
                    made.mixed.add(place)
        return made

    def number(self, session: str, app: str, group: str) -> int:
        key = (session, app) if (session, app) in self.mixed else (session, app, group)
        return self.numbers.setdefault(key, len(self.numbers))


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    rows = table_rows(path)
    next(rows, None)
    return rows


def _played(
    columns: list[str], cells: list[str]
) -> Iterator[tuple[str, int, dict[str, str], dict[str, dict[str, str]]]]:
    """What a row tells: app, round, whose it is, and the filled cells of player, group and subsession by name."""
    person: dict[str, str] = {"code": "", "session": ""}
    rounds: _Rounds = {}
    for column, cell in zip(columns, cells, strict=True):
        if column in ("participant.code", "session.code"):
            person["code" if column.startswith("p") else "session"] = cell
        elif match := _WIDE.fullmatch(column):
            _put(rounds, (match["app"], int(match["round"])), match, cell)
        elif (match := _APP.fullmatch(column)) and match["part"] in ("player", "group", "subsession"):
            _put(rounds, ("", 0), match, cell)
    for (app, number), parts in rounds.items():
        yield app, number, person, parts


def _put(
    rounds: dict[tuple[str, int], dict[str, dict[str, str]]], key: tuple[str, int], match: re.Match[str], cell: str
) -> None:
    parts = rounds.setdefault(key, {"player": {}, "group": {}, "subsession": {}})
    if cell:
        parts[match["part"]][match["name"]] = cell


def _decisions(path: Path, episodes: _Episodes, columns: list[str]) -> Iterator[tuple[int, Event]]:
    for line, cells in _rows(path):
        place = Place(path.name, line)
        for app, number, person, parts in _played(columns, cells):
            if not parts["player"]:
                continue
            t = number or _round(parts["subsession"].get("round_number", "1"), place)
            episode = episodes.number(person["session"], app, parts["group"].get("id_in_subsession", ""))
            for event in _turn(episode, t, app, person, parts, place):
                yield line, event


def _turn(
    episode: int, t: int, app: str, person: Mapping[str, str], parts: Mapping[str, dict[str, str]], place: Place
) -> Iterator[Event]:
    """The rows of one participant in one round."""
    player = parts["player"]
    shown = {name: number_or_text(player[name]) for name in GIVEN[:2] if name in player}
    facts = {f"{part}.{n}": number_or_text(v) for part in ("group", "subsession") for n, v in parts[part].items()}
    facts |= {"session": person["session"]} if person["session"] else {}
    payoff = _payoff(player.get("payoff"), place)
    decided = [name for name in player if name not in GIVEN]
    for name in decided:
        text = bool(_SPOKEN.search(name.lower()))
        value = player[name] if text else number_or_text(player[name])
        yield Event(
            episode, t, person["code"], f"{app}.{name}" if app else name, (), shown or None,
            action=None if text else value, message=value if text else None, facts=facts,
            payoff=payoff if name == decided[-1] else None,
        )  # fmt: skip
    if payoff is not None and not decided:
        yield Event(episode, t, person["code"], "paid", (), shown or None, facts=facts, payoff=payoff)


def _chats(path: Path, columns: list[str]) -> Iterator[tuple[int, Event]]:
    episodes: dict[tuple[str, str], int] = {}
    counts: dict[int, int] = {}
    for line, cells in _rows(path):
        row = dict(zip(columns, cells, strict=True))
        episode = episodes.setdefault((row["session_code"], row["channel"]), len(episodes))
        counts[episode] = counts.get(episode, -1) + 1
        moment = seconds(row["timestamp"])
        facts = {"session": row["session_code"], "nickname": row["nickname"], "chat": row["channel"]}
        facts |= {} if moment is None else {"time": moment}  # type: ignore[dict-item]
        code = row["participant_code"]
        yield line, Event(episode, counts[episode], code, "message", message=row["body"], facts=facts)


def _round(cell: str, place: Place) -> int:
    value = number_or_text(cell)
    if type(value) is not int:
        place.refuse(f"is of round {cell!r:.40}", "Rounds are whole numbers.")
    return value


def _payoff(cell: str | None, place: Place) -> float | None:
    if cell is None:
        return None
    value = number_or_text(re.sub(r"\s*(points?|[€$£])\s*", "", cell))
    if finite(value) is None:
        place.refuse(f"has the payoff {cell!r:.40}", "Payoffs are finite numbers.")
    return value
