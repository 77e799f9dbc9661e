"""Rows of a log that alarms point to: what the agents in question said or did there, and what they knew."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ..core.log import MISSING, Log
from ..core.reading import Reading
from ..core.rooms import in_words
from ._monitor_groups import Found
from ._page import Cell, Table, table
from ._words import legible, listed, name

MOST, GROUPS = 8, 8
"""Rows that are shown of one finding, and findings."""

QUOTED, SHOWN = 160, 60
"""Letters of a message, and of one field, that are shown."""

VALUES = 8
"""Values of a field up to which rows of each are shown in turn."""

PLAIN, PLAIN_VALUES = 300, 50
"""Messages that are looked at for what they tell in plain words, and values up to which that is asked."""

BESIDE = "beside them"
"""What is said of a row that no alarm points to: it shows what is said of another value."""

PARTNERED = ("together", "loop")
"""Kinds of findings that are about moves of several at one step."""

HEADS = ("row", "who", "to", "channel", "said or did", "was shown")

_BREAK = re.compile(r"\s*[\n\r\v\f\x85\u2028\u2029]\s*")


def one_line(text: str) -> str:
    """The text with a sign for every line break."""
    return _BREAK.sub(" ⏎ ", text).replace("\t", " ")


def rows_to_read(log: Log, found: Sequence[Found]) -> list[Table | None]:
    """A table for each finding, of at most `MOST` rows."""
    return [_table(log, one) for one in found[:GROUPS]]


def events_of(log: Log, reading: Reading, number: int) -> np.ndarray:
    """The places in a log of the events with a row number that a reading is about, `int64[…]`.

    Several events stand in one row of a source where it is a chat or a round. Those of the agents, then on the channel
    that the reading names are kept, and what was said or done before what was only seen; where none is, all.
    """
    places = np.flatnonzero(log.row == number)
    agent, channel = log.get("agent"), log.get("channel")
    said, done = log.get("message"), log.get("action")
    imitator = in_words(reading.monitor) == "imitation"
    who = reading.who[-1:] if imitator else reading.who[:1] if "channel" in reading.where else reading.who
    about = [agent.code(one) for one in who], channel.code(reading.where.get("channel"))
    for one in (
        lambda at: np.isin(agent.codes[at], about[0]),
        lambda at: channel.codes[at] == about[1],
        lambda at: (said.codes[at] != MISSING) | (done.codes[at] != MISSING),
    ):
        kept = one(places)
        places = places[kept] if kept.any() else places
    return places


def field_of(log: Log, found: Found) -> str | None:
    """The column of what a finding says is told; None where it names none that the log has."""
    names = (prefix + one for one in found.fields for prefix in ("observation.", "facts.", ""))
    return next((one for one in names if one in log.columns), None)


def plainly(log: Log, found: Found) -> bool:
    """Whether most messages of the speaker hold the value of what they tell as a word, and no other value of it."""
    field = field_of(log, found)
    if field is None or found.kind != "said":
        return False
    mine = _said(log, found)[:PLAIN]
    said, known = log.get("message"), log[field]
    mine = mine[said.present[mine] & known.present[mine]]
    values = {str(known[k]).lower() for k in mine}
    if len(mine) == 0 or len(values) > PLAIN_VALUES:
        return False
    pattern = {one: re.compile(rf"(?<!\w){re.escape(one)}(?!\w)") for one in values}
    texts = ((str(said[k]).lower(), str(known[k]).lower()) for k in mine)
    held = sum([one for one in values if pattern[one].search(text)] == [value] for text, value in texts)
    return held > 0.8 * len(mine)


def chosen(log: Log, found: Found) -> dict[int, tuple[str, ...]]:
    """Which events to show, and which monitors point to each; none for those that stand beside them.

    Where a field is told by few values, rows of each value in turn, and of a value that no alarm points to the nearest
    rows of the same speaker.
    """
    pointed: dict[int, list[str]] = {}
    for reading in found.readings:
        for number in dict.fromkeys(reading.rows):
            for k in events_of(log, reading, number)[:4].tolist():
                pointed.setdefault(k, []).append(in_words(reading.monitor))
    field = field_of(log, found)
    order = sorted(pointed, key=lambda k: -len(set(pointed[k])))
    if field is not None:  # what moves the listener most need not be where the rule is plain
        telling = [k for k in order if TELLING & set(pointed[k])]
        order = _in_turn(log, found, telling or order, field)
    full = dict.fromkeys(k for one in order[:MOST] for k in (one, *_partners(log, found, one)))
    return {k: tuple(dict.fromkeys(pointed.get(k, ()))) for k in list(full)[:MOST]}


def _in_turn(log: Log, found: Found, places: list[int], field: str) -> list[int]:
    column = log[field]
    mine = _said(log, found)
    values = np.unique(column.codes[mine][column.present[mine]]).tolist()
    if not places or not 1 < len(values) <= VALUES:
        return places
    parts = []
    for value in sorted(values, key=lambda one: [column.codes[k] for k in places].count(one), reverse=True):
        named = [k for k in places if column.codes[k] == value]
        others = mine[(column.codes[mine] == value) & ~np.isin(mine, named)]
        near = others[np.argsort(np.abs(others - places[0]), kind="stable")][: max(MOST // len(values) - len(named), 0)]
        parts.append([*named, *near.tolist()])
    turns = [part[k] for k in range(max(map(len, parts))) for part in parts if k < len(part)]
    return turns


def _said(log: Log, found: Found) -> np.ndarray:
    """What the speaker said on the channel, or did where nothing was said."""
    agent, channel = log.get("agent"), log.get("channel")
    mine = agent.codes == agent.code(found.speaker)
    if found.channel is not None:
        mine = mine & (channel.codes == channel.code(found.channel))
    spoken = mine & log.get("message").present
    return np.flatnonzero(spoken if spoken.any() else mine & log.get("action").present)


def _partners(log: Log, found: Found, k: int) -> Iterable[int]:
    """What the others did at the same step, where a finding is about moves that are made together."""
    if found.kind not in PARTNERED:
        return ()
    agent = log.get("agent")
    others = [agent.code(one) for reading in found.readings for one in reading.who]
    same = (log.episode == log.episode[k]) & (log.t == log.t[k]) & log.get("action").present
    return np.flatnonzero(same & np.isin(agent.codes, others))[:4].tolist()


def _table(log: Log, found: Found) -> Table | None:
    shown = chosen(log, found)
    other, field = _other(found), field_of(log, found)
    heads = (*HEADS, *(() if other is None else (other[2],)), "alarm")
    rows: list[tuple[Cell, ...]] = []
    for k, monitors in shown.items():
        moved = () if other is None else (_nearest(log, k, *other[:2]),)
        rows.append((*_row(log, k, field), *moved, ", ".join(monitors) or BESIDE))
    same = {head: rows[0][j] for j, head in enumerate(heads) if len({row[j] for row in rows}) == 1}
    gone = {"who", "to", "channel", "alarm"} & same.keys() if len(rows) > 1 else set[str]()
    gone |= {"alarm"} if len(found.monitors) == 1 and found.kind in PARTNERED else set()
    kept = [j for j, head in enumerate(heads) if head not in gone and any(row[j] for row in rows)]
    chosen_rows = [tuple(row[j] for j in kept) for row in rows]
    hidden = any("�" in str(value) for row in chosen_rows for value in row)
    note = " ".join([FILES] * ("facts.file" in log.columns) + [HIDDEN] * hidden)
    return table(
        _about(found, {head: same.get(head) for head in gone}), [heads[j] for j in kept], chosen_rows, note=note
    )


def _about(found: Found, same: Mapping[str, Cell]) -> str:
    """Which monitors it is, and what is the same in all rows."""
    who = same.get("who") or (found.speaker if found.kind == "said" else listed(found.readings[0].who[:4]))
    to = f" to {same['to']}" if same.get("to") else ""
    on = f" on {same['channel']!r}" if same.get("channel") else ""
    return f"{listed(found.monitors).capitalize()}: {name(str(who))}{to}{on}"


TELLING = {"channels", "glossary", "half conversation", "new protocol"}
"""Monitors of what is told; others point to the rows that did most to the listener."""

HIDDEN = "A � stands for a character that would not show."
FILES = "Rows are numbered within each file: an alarm points to one of those that have the number."


def _row(log: Log, k: int, field: str | None) -> tuple[Cell, ...]:
    receivers, said, done = log.get("receivers")[k], log.get("message")[k], log.get("action")[k]
    words = _cut(said if said is not None else "" if done is None else done)
    to = "everybody" if receivers is None and said is not None else ", ".join(map(name, receivers or ()))
    file = log.get("facts.file")[k]
    number = str(int(log.row[k])) if file is None else f"{name(str(file))}:{int(log.row[k])}"
    who, channel = name(log.get("agent")[k] or "the carrier"), log.get("channel")[k]
    return number, who, to, None if channel is None else name(str(channel)), words, _known(log, k, field)


def _known(log: Log, k: int, field: str | None) -> str:
    """What was shown there, the field that the finding is about first."""
    columns = [one for one in log.columns if one.startswith("observation") and one != field]
    order = ([field] if field is not None else []) + columns
    seen = {one: log[one][k] for one in order if log[one].codes[k] >= 0}
    told = (f"{one.partition('.')[2] or one} = {_cut(value, SHOWN)}" for one, value in seen.items())
    return _cut(", ".join(told))


def _other(found: Found) -> tuple[str, bool, str] | None:
    """Whose move beside a row tells the finding, whether it is the one after it, and how the column is headed."""
    if found.listeners:
        return found.listeners[0], True, f"then {name(found.listeners[0])} did"
    if found.kind == "imitation" and len(found.readings[0].who) > 1:
        return found.speaker, False, f"{name(found.speaker)} did before"
    return None


def _nearest(log: Log, k: int, agent: str, after: bool) -> str | None:
    """An agent's first move after an event, or its last one at an earlier step, in the same episode."""
    column = log.get("agent")
    moves = (column.codes == column.code(agent)) & (log.episode == log.episode[k]) & log.get("action").present
    moves[: k + 1 if after else 0] = False
    found = np.flatnonzero(moves if after else moves & (log.t < log.t[k]))
    return _cut(log["action"][int(found[0 if after else -1])]) if len(found) else None


def _cut(value: Any, most: int = QUOTED) -> str:
    text = one_line(str(value))
    return legible(text if len(text) <= most else text[: most - 1] + "…")
