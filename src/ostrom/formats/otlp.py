"""Read traces of OpenTelemetry with the conventions for generative AI: OTLP in JSON, spans and log records."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..core.event import Event
from ._jsonl import finite
from ._log_chat import Talk
from ._log_json import DECODER, an_object, first, parsed, records
from ._log_said import Call, Said, said, short
from ._log_source import Place, head
from ._log_spans import NANO, Family, Span, spans

_BEGINS = re.compile(rb'\s*\{\s*"resource(Spans|Logs)"')
_NUMBERED = re.compile(r"gen_ai\.(prompt|completion)\.(\d{1,6})\.(role|content|name)")
_OLD = {
    "input": ("gen_ai.content.prompt", "gen_ai.prompt"),
    "output": ("gen_ai.content.completion", "gen_ai.completion"),
}
_ROLES = {f"gen_ai.{role}.message": role for role in ("system", "user", "assistant", "tool")}


def recognises(path: Path) -> bool:
    """Whether a file is OTLP in JSON: an object with `resourceSpans` or `resourceLogs`."""
    return bool(_BEGINS.match(head(path))) or bool({"resourceSpans", "resourceLogs"} & set(first(path)))


def read_otlp(path: str | Path) -> Iterator[tuple[int, Event]]:
    """Stream what models said and did in traces, each row with the number of its span in the file, from 1.

    One episode is one conversation (`gen_ai.conversation.id`), or else one trace; `t` counts microseconds. The agent is
    `gen_ai.agent.name` of the span, or of the nearest one around it that names any, or else "assistant". Messages are
    read from `gen_ai.input.messages` and `gen_ai.output.messages`, from span events and log records of older versions
    of the conventions, and from numbered attributes (`gen_ai.prompt.0.content`). Spans that are not about generative AI
    only tell which span is within which. The file is read twice, for spans are written before those around them.

    Raises `InputError` with the file and the number of the span.
    """
    path = Path(path)
    feed, count = TraceLines(path.name), 0
    for place, record in records(path):
        for span in spans(record, place, count):
            count = span.place.number
            feed.family.add(span, bool(_outputs(span)))
    feed.family.spread()
    for place, record in records(path):
        yield from feed.events(record, place)


class TraceLines:
    """Turns exports into events."""

    def __init__(self, name: str) -> None:
        self.name, self.talk, self.family, self.count = name, Talk(), Family(), 0

    def feed(self, number: int, line: bytes) -> Iterator[tuple[int, Event]]:
        """The events of a line, which is one export; none of a blank one."""
        if line.isspace():
            return
        place = Place(self.name, number)
        yield from self.events(an_object(parsed(line, place), place), place)

    def events(self, record: Mapping[str, Any], place: Place) -> Iterator[tuple[int, Event]]:
        """The events of one export."""
        for span in spans(record, place, self.count):
            self.count = span.place.number
            self.family.add(span, bool(_outputs(span)))
            for event in self._of(span):
                yield span.place.number, event

    def _of(self, span: Span) -> Iterator[Event]:
        if not any(name.startswith("gen_ai.") for name in (*span.facts, span.name, *(name for name, _ in span.events))):
            return
        key = span.facts.get("gen_ai.conversation.id") or span.trace or span.id or None
        key, agent = None if key is None else str(key), self.family.agent(span) or "assistant"
        operation, at = span.facts.get("gen_ai.operation.name"), (span.ended or span.begun) // 1000
        if operation == "execute_tool":
            yield from self._tool(span, key, agent, at)
        elif operation not in ("invoke_agent", "create_agent") or span.id not in self.family.speaking:
            outputs = [said(raw, span.place) for raw in _outputs(span)]
            inputs = [said(raw, span.place) for raw in _inputs(span)]
            yield from self.talk.turn(key, agent, inputs, outputs[:1], _facts(span), at, outputs[1:])

    def _tool(self, span: Span, key: str | None, agent: str, at: int) -> Iterator[Event]:
        """A tool that was run: the call, unless what the model said holds it, and what came back."""
        name, id = (str(span.facts.get(f"gen_ai.tool.{part}") or "") for part in ("name", "call.id"))
        facts, result = _facts(span), span.facts.get("gen_ai.tool.call.result")
        if not self.talk.was_called(key, id):
            given = _read(span.facts.get("gen_ai.tool.call.arguments"))
            yield self.talk.call(key, agent, Call(name or "tool", given, id), facts, span.begun // 1000)
        if result is not None:
            yield from self.talk.answer(key, agent, Said("tool", short(result), name, (), id), facts, at)


def _outputs(span: Span) -> Sequence[Any]:
    """What the model said, in whichever way it is recorded."""
    if "gen_ai.output.messages" in span.facts:
        return _list(span.facts["gen_ai.output.messages"], "assistant")
    found = [one for name, facts in span.events for one in _of_event(name, facts, "output")]
    return found or _numbered(span, "completion")


def _inputs(span: Span) -> Sequence[Any]:
    """What the model was given."""
    found = []
    if span.facts.get("gen_ai.system_instructions") is not None:
        found.append({"role": "system", "parts": _read(span.facts["gen_ai.system_instructions"])})
    if "gen_ai.input.messages" in span.facts:
        return [*found, *_list(span.facts["gen_ai.input.messages"], "user")]
    found += [one for name, facts in span.events for one in _of_event(name, facts, "input")]
    return found or _numbered(span, "prompt")


def _of_event(name: str, facts: Mapping[str, Any], side: str) -> Sequence[Any]:
    """Messages in an event of a span, or in a log record, of any version of the conventions."""
    role = {"input": "user", "output": "assistant"}[side]
    if side == "output" and name == "gen_ai.choice":
        inner = _read(facts.get("message"))
        inner = inner if isinstance(inner, dict) else {"content": facts.get("content", inner)}
        return [{"role": role, "tool_calls": _read(facts.get("tool_calls")), **inner}]
    if side == "input" and name in _ROLES:
        given = {"content": facts.get("content"), "tool_calls": _read(facts.get("tool_calls"))}
        return [{"role": _ROLES[name], **given, "tool_call_id": facts.get("id"), "name": facts.get("name")}]
    if name == _OLD[side][0]:
        return _list(facts.get(_OLD[side][1]), role)
    if name == "gen_ai.client.inference.operation.details":
        return _list(facts.get(f"gen_ai.{side}.messages"), role)
    return ()


def _numbered(span: Span, part: str) -> Sequence[Any]:
    """Messages whose fields are attributes of their own: `gen_ai.prompt.0.role`."""
    found: dict[int, dict[str, Any]] = {}
    for name, value in span.facts.items():
        match = _NUMBERED.fullmatch(name)
        if match and match[1] == part:
            found.setdefault(int(match[2]), {"role": "user" if part == "prompt" else "assistant"})[match[3]] = value
    return [found[number] for number in sorted(found)]


def _list(value: Any, role: str) -> list[Any]:
    """A list of messages, which may be written as JSON within a text, or be one text of a role."""
    value = _read(value)
    found = value if isinstance(value, list) else [] if value is None else [value]
    return [{"role": role, "content": one} if isinstance(one, str) else one for one in found]


def _read(value: Any) -> Any:
    """A value, or the JSON list or object that a text holds."""
    if isinstance(value, str) and value.lstrip()[:1] in ("[", "{"):
        try:
            return DECODER.decode(value)
        except (ValueError, RecursionError):
            return value
    return value


def _facts(span: Span) -> dict[str, Any]:
    """When it ended and how long it took, in seconds; tokens and model."""
    usage = {"tokens": ("output_tokens", "completion_tokens"), "tokens_read": ("input_tokens", "prompt_tokens")}
    facts: dict[str, Any] = {"time": (span.ended or span.begun) / NANO}
    if span.ended and span.begun:
        facts["latency"] = (span.ended - span.begun) / NANO
    for name, places in usage.items():
        amounts = (finite(span.facts.get(f"gen_ai.usage.{place}")) for place in places)
        if (amount := next((one for one in amounts if one is not None), None)) is not None:
            facts[name] = amount
    model = span.facts.get("gen_ai.response.model") or span.facts.get("gen_ai.request.model")
    return facts | ({"model": model} if isinstance(model, str) else {})
