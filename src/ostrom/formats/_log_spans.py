"""OTLP in JSON: spans and log records as plain mappings, and which agent stands behind each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ._log_source import Place

NANO = 1_000_000_000


@dataclass(frozen=True)
class Span:
    """A span or a log record: its identity, its times in nanoseconds (0 where not recorded) and its attributes."""

    place: Place
    trace: str
    id: str
    parent: str
    name: str
    begun: int
    ended: int
    facts: Mapping[str, Any]
    events: tuple[tuple[str, Mapping[str, Any]], ...] = ()

    @property
    def agent(self) -> str:
        """The agent that it names, by name or else by number."""
        named = self.facts.get("gen_ai.agent.name") or self.facts.get("gen_ai.agent.id") or ""
        return named if isinstance(named, str) else str(named)


@dataclass
class Family:
    """Which span is within which, which agents they name, and which are around one that records what a model said."""

    parents: dict[str, str] = field(default_factory=dict)
    agents: dict[str, str] = field(default_factory=dict)
    speaking: set[str] = field(default_factory=set)

    def add(self, span: Span, speaks: bool) -> None:
        """Take note of a span; `speaks` if it records what a model said."""
        if not span.id:
            return
        if span.parent:
            self.parents[span.id] = span.parent
        if span.agent:
            self.agents[span.id] = span.agent
        if speaks or span.id in self.speaking:
            self.speaking |= {span.parent} - {""}

    def agent(self, span: Span) -> str:
        """The agent of a span: its own, or that of the nearest span around it."""
        return span.agent or next((self.agents[one] for one in self._around(span) if one in self.agents), "")

    def spread(self) -> None:
        """Mark all spans around those that are marked."""
        for id in tuple(self.speaking):
            parent = self.parents.get(id, "")
            while parent and parent not in self.speaking:
                self.speaking.add(parent)
                parent = self.parents.get(parent, "")

    def _around(self, span: Span) -> Iterator[str]:
        id, passed = span.parent or span.id, {""}
        while id not in passed:  # who wrote the file may have made them parents of each other
            yield id
            passed.add(id)
            id = self.parents.get(id, "")


def spans(record: Mapping[str, Any], place: Place, count: int) -> Iterator[Span]:
    """The spans and log records of one export, numbered on from `count`."""
    for outer, scope, inner in (
        ("resourceSpans", "scopeSpans", "spans"),
        ("resourceLogs", "scopeLogs", "logRecords"),
    ):
        for resource in _objects(record, outer, place):
            for part in _objects(resource, scope, place):
                for one in _objects(part, inner, place):
                    count += 1
                    yield _span(one, Place(place.name, count, "Span"))


def _span(one: Mapping[str, Any], place: Place) -> Span:
    begun = _time(one, place, "startTimeUnixNano", "timeUnixNano", "observedTimeUnixNano")
    ended = _time(one, place, "endTimeUnixNano")
    events = [(_word(e, "name", place), _attributes(e, place)) for e in _objects(one, "events", place)]
    facts, name = _attributes(one, place), _word(one, "name", place) or _word(one, "eventName", place)
    if "body" in one:
        body = _value(one["body"], place)
        name = name or str(facts.get("event.name", ""))
        events.append((name, {**facts, **body} if isinstance(body, Mapping) else {**facts, "content": body}))
    trace, id, parent = (_word(one, key, place) for key in ("traceId", "spanId", "parentSpanId"))
    return Span(place, trace, id, parent, name, begun, ended, facts, tuple(events))


def _attributes(one: Mapping[str, Any], place: Place) -> dict[str, Any]:
    return _pairs(_objects(one, "attributes", place), place)


def _pairs(pairs: Any, place: Place) -> dict[str, Any]:
    return {_word(pair, "key", place): _value(pair.get("value"), place) for pair in pairs}


def _value(value: Any, place: Place) -> Any:
    """A value of OTLP, `{"stringValue": …}` and so on, as a plain one; whole numbers stand there as texts."""
    if value is None or value == {}:
        return None
    if not isinstance(value, dict) or len(value) != 1:
        place.refuse(f"has the value {value!r:.60}", "A value is an object with one entry, like stringValue.")
    (kind, inner), *_ = value.items()
    if kind == "intValue":
        return _whole(inner, kind, place)
    if kind in ("arrayValue", "kvlistValue") and isinstance(inner, dict | None):
        entries = _objects(inner or {}, "values", place)
        return [_value(v, place) for v in entries] if kind == "arrayValue" else _pairs(entries, place)
    wanted = {"stringValue": str, "bytesValue": str, "boolValue": bool, "doubleValue": (int, float, str)}.get(kind)
    if wanted is None or not isinstance(inner, wanted):
        place.refuse(f"has the {kind[:40]} {inner!r:.60}", "Attributes are written as OTLP writes them in JSON.")
    return inner


def _whole(value: Any, name: str, place: Place) -> int:
    text = str(value) if type(value) in (int, str) else ""
    if not (0 < len(text) <= 20 and text.lstrip("-").isascii() and text.lstrip("-").isdecimal()):
        place.refuse(f"has {name} = {value!r:.60}", "It is a whole number, as a number or as a text.")
    return int(text)


def _time(one: Mapping[str, Any], place: Place, *names: str) -> int:
    """The first of some times that is recorded, in nanoseconds."""
    found = (_whole(one[name], name, place) for name in names if one.get(name) not in (None, "", 0, "0"))
    return min(max(next(found, 0), 0), 2**63 - 1)


def _word(one: Mapping[str, Any], name: str, place: Place) -> str:
    value = one.get(name)
    if value is not None and not isinstance(value, str):
        place.refuse(f"has {name} = {value!r:.60}", f"{name} is a text.")
    return value or ""


def _objects(one: Mapping[str, Any], name: str, place: Place) -> list[dict[str, Any]]:
    found = one.get(name)
    found = [] if found is None else found
    if not isinstance(found, list) or not all(isinstance(inner, dict) for inner in found):
        place.refuse(f"has {name} = {found!r:.60}", f"{name} is a list of objects.")
    return found
