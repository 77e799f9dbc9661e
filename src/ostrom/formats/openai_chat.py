"""Read chat completions: conversations as lists of messages, batch files, and stored requests with their answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..core.event import Event
from ._jsonl import finite
from ._log_chat import Talk
from ._log_json import an_object, first, parsed, records
from ._log_said import said
from ._log_source import Place

NAMES = ("agent", "agent_name", "agent_id")
"""Where a record, or its metadata, says which agent the model is."""

TALKS = ("conversation_id", "session_id", "thread_id", "episode", "custom_id")
"""Where a record, or its metadata, says which conversation it belongs to."""


def recognises(path: Path) -> bool:
    """Whether a file holds chat completions: its first record has messages, choices, or the body of a batch."""
    try:
        found = first(path)
        return bool(found) and any(isinstance(part.get(name), list) for part in _parts(found) for name in _LISTS)
    except AttributeError:
        return False


def read_openai_chat(path: str | Path) -> Iterator[tuple[int, Event]]:
    """Stream the messages of chat completions, each with the line of the file it stands on (of a list, the place).

    One episode is one conversation: what a record calls `conversation_id`, `session_id`, `thread_id`, `episode` or
    `custom_id`, itself or in its `metadata`, or else the record. Records of one conversation repeat what was said
    before; each message becomes one row, when it first occurs. The model's own messages are those of the agent that
    the record names (`agent`, `agent_name`, `agent_id`) or that the message names (`name`), or else of "assistant".
    Where the record names it, a user without a name is the program that runs it, and nobody (""); else a person.

    Raises `InputError` with file and line.
    """
    path = Path(path)
    feed = ChatLines(path.name)
    for place, record in records(path):
        for event in feed.events(record, place):
            yield place.number, event


class ChatLines:
    """Turns records of chat completions into events."""

    def __init__(self, name: str) -> None:
        self.name, self.talk = name, Talk()

    def feed(self, number: int, line: bytes) -> Iterator[tuple[int, Event]]:
        """The events of a line; none of a blank one."""
        if line.isspace():
            return
        place = Place(self.name, number)
        for event in self.events(an_object(parsed(line, place), place), place):
            yield number, event

    def events(self, record: Mapping[str, Any], place: Place) -> Iterator[Event]:
        """The events of a record."""
        parts = [part for part in _parts(record) if isinstance(part, dict)]
        asked = next((part["messages"] for part in parts if part.get("messages") is not None), [])
        answered = next((part for part in parts if part.get("choices") is not None), {})
        choices = answered.get("choices", [])
        if not isinstance(asked, list) or not isinstance(choices, list) or not (asked or choices):
            place.refuse("has no messages", "A record has a list of messages, or of choices.")
        heard = [said(message, place) for message in asked]
        spoken = [said(_message(choice, place), place) for choice in choices]
        about = [record, *(part["metadata"] for part in parts if isinstance(part.get("metadata"), dict))]
        named = next((str(one[n]) for n in NAMES for one in about if isinstance(one.get(n), str | int)), "")
        key = next((f"{n} {one[n]}" for n in TALKS for one in about if isinstance(one.get(n), str | int)), None)
        facts = {**_labels(about[1:]), **_of_call(parts, choices)}
        agent, run = named or "assistant", bool(named)
        yield from self.talk.turn(key, agent, heard, spoken[:1], facts, others=spoken[1:], run=run)


_LISTS = ("messages", "choices")


def _parts(record: Mapping[str, Any]) -> list[Any]:
    """The record and what stands within it: of a batch, the body asked or answered; of a pair, both."""
    found: list[Any] = [record]
    for name in ("body", "request", "response", "input"):
        inner = record.get(name)
        if isinstance(inner, dict):
            found += [inner, inner["body"]] if isinstance(inner.get("body"), dict) else [inner]
    return found


def _message(choice: Any, place: Place) -> Any:
    if not isinstance(choice, dict) or not isinstance(choice.get("message"), dict):
        place.refuse(f"has the choice {choice!r:.60}", "A choice has a message.")
    return {"role": "assistant", **choice["message"]}


def _labels(about: list[Mapping[str, Any]]) -> dict[str, Any]:
    """What metadata says, where it is a word or a number."""
    said_elsewhere = (*NAMES, *TALKS, "time")
    labels = ((name, v) for one in about for name, v in one.items() if isinstance(v, str | int | float))
    return {name: v for name, v in labels if name not in said_elsewhere}


def _of_call(parts: list[dict[str, Any]], choices: list[Any]) -> dict[str, Any]:
    """What is known of a call: its model, when it was answered, tokens, and how probable the answer was."""
    facts: dict[str, Any] = {}
    for part in parts:
        usage = part.get("usage") if isinstance(part.get("usage"), dict) else {}
        known = {
            "time": finite(part.get("created")),
            "tokens": finite(usage.get("completion_tokens")),  # type: ignore[union-attr]
            "tokens_read": finite(usage.get("prompt_tokens")),  # type: ignore[union-attr]
            "model": part["model"] if isinstance(part.get("model"), str) else None,
        }
        facts |= {name: value for name, value in known.items() if value is not None}
    ends = [choice.get("finish_reason") for choice in choices[:1] if isinstance(choice, dict)]
    return facts | ({"ended": ends[0]} if ends and isinstance(ends[0], str) else {})
