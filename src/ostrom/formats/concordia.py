"""Read logs of Concordia: what entities did and were shown step by step, and what the game master made of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from ..core.event import Event
from ._log_json import an_object, document, first, records
from ._log_source import Place, head

ACT, SHOWN = "__act__", "__observation__"
"""The components under which an entity logs what it does and what it was shown."""

_STRUCTURED = re.compile(rb'\s*\{\s*"(content_store|entries|raw_log|entities)"')
_ENTITY = re.compile(r"Entity(?: \[(?P<name>.*)\])?", re.DOTALL)
_SPEECH = re.compile(r'["“].+["”]', re.DOTALL)
_ASIDE = ("Step", "Summary", "date", "thread")


def recognises(path: Path) -> bool:
    """Whether a file is a raw log (entries with `Step` and entities), a structured log or a checkpoint of Concordia."""
    found = first(path)
    if {"content_store", "entries"} <= set(found) or isinstance(found.get("raw_log"), list):
        return True
    entity = any(_ENTITY.fullmatch(key) or " --- " in key for key in found)
    return (
        ("Step" in found and entity)
        or bool(_STRUCTURED.match(head(path)) and b'"Step"' in head(path))
        or bool(re.match(rb'\s*\{\s*"content_store"', head(path)))
    )


def read_concordia(path: str | Path) -> Iterator[tuple[int, Event]]:
    """The steps of a simulation: a row for everything an entity did, and for every event of a game master.

    Takes what `Simulation.get_raw_log()` returns, saved as JSON (a list, or one entry a line), the `raw_log` of a
    checkpoint, and structured logs (`SimulationLog.to_json`). Rows are numbered by the place of their entry. What an
    entity did is a message if words stand in quotation marks, else a move. Its observation holds what its components
    logged: `seen` is the observation itself, the others go by their names. One simulation is one episode.

    Raises `InputError` with the file and the number of the entry.
    """
    path = Path(path)
    start = first(path) if head(path).lstrip()[:1] == b"{" else {}
    whole = bool(_STRUCTURED.match(head(path))) or ("Step" not in start and bool(start))
    for place, entry in _whole(path) if whole else records(path):
        for event in _structured(entry, place) if "deduplicated_data" in entry else _raw(entry, place):
            yield place.number, event


def _whole(path: Path) -> Iterator[tuple[Place, dict[str, Any]]]:
    """The entries of a structured log with their texts put back, or of a checkpoint."""
    found = an_object(document(path), Place(path.name, 1, "Document"))
    store = found.get("content_store", {})
    entries = found.get("raw_log", found.get("entries"))
    if not isinstance(entries, list) or not isinstance(store, dict):
        Place(path.name, 1, "Document").refuse("has no entries", "A log of Concordia has raw_log, or entries.")
    for number, entry in enumerate(entries, start=1):
        place = Place(path.name, number, "Entry")
        entry = an_object(entry, place)
        if "entity_name" in entry:
            entry = {**entry, "deduplicated_data": _restored(entry.get("deduplicated_data", {}), store, place)}
        yield place, entry


def _restored(value: Any, store: Mapping[str, Any], place: Place) -> Any:
    if isinstance(value, list):
        return [_restored(one, store, place) for one in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"_ref"}:
        text = store.get(value["_ref"]) if isinstance(value["_ref"], str) else None
        return text if isinstance(text, str) else place.refuse(f"refers to {value['_ref']!r:.40}", "It is not there.")
    return {key: _restored(one, store, place) for key, one in value.items()}


def _structured(entry: Mapping[str, Any], place: Place) -> Iterator[Event]:
    t, name, data = _step(entry.get("step"), place), entry.get("entity_name"), entry["deduplicated_data"]
    if not isinstance(name, str) or not isinstance(data, dict):
        place.refuse("has no entity", "An entry names its entity, and holds its data as an object.")
    stamp = entry.get("timestamp")
    facts = _seconds(stamp) if isinstance(stamp, str) and stamp else {}
    if entry.get("entry_type") in ("entity", "action") or entry.get("component_name") == "entity_action":
        yield from _did(name, t, data.get("value", data), facts)
    else:
        key = data.get("key")
        said = key.partition(" --- ")[2] if isinstance(key, str) else str(entry.get("summary") or "")
        yield _mastered(name, said, t, facts)


def _raw(entry: Mapping[str, Any], place: Place) -> Iterator[Event]:
    t, thread = _step(entry.get("Step", 0), place), entry.get("thread")
    facts = _seconds(entry["date"]) if isinstance(entry.get("date"), str) else {}
    entities = [(key, match) for key in entry if (match := _ENTITY.fullmatch(key))]
    for key, match in entities:
        yield from _did(match["name"] or (thread if isinstance(thread, str) else "Entity"), t, entry[key], facts)
    for key in entry:
        if key not in _ASIDE and not _ENTITY.fullmatch(key):
            yield _mastered(key.partition(" --- ")[0], key.partition(" --- ")[2], t, facts)


def _did(name: str, t: int, logged: Any, facts: Mapping[str, Any]) -> Iterator[Event]:
    """What an entity did at a step; nothing where it logged nothing."""
    parts = logged if isinstance(logged, dict) else {}
    shown = {_label(key): text for key, part in parts.items() if key != ACT and (text := _text(part))}
    act = _text(parts[ACT]) if ACT in parts else _text(parts) if not isinstance(logged, str) else logged
    speech = bool(_SPEECH.search(act))
    if act or shown:
        yield Event(
            0, t, name, "message" if speech else "act" if act else "observation", (), shown or None,
            action=None if speech or not act else act, message=act if speech else None, facts=facts,
        )  # fmt: skip


def _mastered(name: str, said: str, t: int, facts: Mapping[str, Any]) -> Event:
    return Event(0, t, "", "resolved", facts={**facts, "game_master": name, **({"event": said} if said else {})})


def _label(component: str) -> str:
    return "seen" if component == SHOWN else component.strip("_") or component


def _text(part: Any) -> str:
    """What a component logged as its value, as one text."""
    if isinstance(part, dict):
        part = next((part[key] for key in ("Value", "State", "Action", "value") if key in part), "")
    if isinstance(part, list):
        return "\n".join(one for one in part if isinstance(one, str))
    return part if isinstance(part, str) else "" if part is None or isinstance(part, dict) else str(part)


def _step(value: Any, place: Place) -> int:
    if type(value) is not int or not 0 <= value < 2**62:
        place.refuse(f"is of step {value!r:.40}", "Steps are whole numbers from 0.")
    return value


def _seconds(stamp: str) -> dict[str, Any]:
    try:
        return {"time": datetime.fromisoformat(stamp).timestamp()}
    except (ValueError, OverflowError, OSError):
        return {"stamp": stamp}
