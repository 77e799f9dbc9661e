"""A message of a language model, in whatever format it was written: its role, its text, its tool calls."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from ._log_json import DECODER
from ._log_source import Place

HIDDEN = ("reasoning", "thinking", "redacted_thinking")
"""Parts that a model wrote for itself: nobody hears them."""

TO = ("to", "recipient", "recipients", "receiver", "receivers")
TEXT = ("message", "content", "text", "body")
"""Arguments by which a tool is known to be one that sends a message: one of each, and nothing else."""


@dataclass(frozen=True)
class Call:
    """A call of a tool: its name, and its arguments by name where they can be read."""

    name: str
    arguments: Any
    id: str = ""

    @property
    def label(self) -> str:
        """The call as one word: `bid(price=3)`."""
        if not isinstance(self.arguments, Mapping):
            return f"{self.name}({'' if self.arguments is None else self.arguments})"
        given = (f"{name}={short(value)}" for name, value in sorted(self.arguments.items()))
        return f"{self.name}({', '.join(given)})"

    @property
    def letter(self) -> tuple[tuple[str, ...], str] | None:
        """Receivers and text, where the tool sends a message."""
        given = self.arguments if isinstance(self.arguments, Mapping) else {}
        to, text = ([name for name in given if name.lower() in names] for names in (TO, TEXT))
        if len(given) != 2 or len(to) != 1 or len(text) != 1 or not isinstance(given[text[0]], str):
            return None
        named = given[to[0]]
        named = [named] if isinstance(named, str) else named
        fits = isinstance(named, list) and all(isinstance(name, str) for name in named)
        return (tuple(named), given[text[0]]) if fits else None


@dataclass(frozen=True)
class Said:
    """One message of a conversation, in whatever format it was written."""

    role: str
    text: str
    name: str = ""
    calls: tuple[Call, ...] = ()
    answers: str = ""

    @property
    def key(self) -> int:
        """A number that tells messages apart."""
        return hash((self.role, self.text, self.name, self.calls and tuple(c.label for c in self.calls), self.answers))


def said(raw: Any, place: Place) -> Said:
    """A message of chat completions (`content`, `tool_calls`), or of traces (`parts`)."""
    if not isinstance(raw, dict) or not isinstance(raw.get("role"), str):
        place.refuse(f"has the message {raw!r:.60}", "A message is an object with a role.")
    texts, calls, answers = [], [], raw.get("tool_call_id") or ""
    parts = raw["parts"] if "parts" in raw else raw.get("content")
    for part in parts if isinstance(parts, list) else [] if parts is None else [parts]:
        if isinstance(part, str):
            texts.append(part)
        elif not isinstance(part, dict):
            place.refuse(f"has a message with the part {part!r:.60}", "A part is a text or an object.")
        elif part.get("type") == "tool_call":
            calls.append(_call(part.get("name"), part.get("arguments"), part.get("id"), place))
        elif part.get("type") == "tool_call_response":
            answers = part.get("id") or ""
            texts.append(short(part.get("response", part.get("result"))))
        elif part.get("type") not in HIDDEN:
            texts.append(_text(part))
    for call in _listed(raw.get("tool_calls"), place):
        inner = call.get("function", call) if isinstance(call, dict) else None
        if not isinstance(inner, dict):
            place.refuse(f"has the tool call {call!r:.60}", "A call is an object with a function.")
        calls.append(_call(inner.get("name"), inner.get("arguments"), call.get("id"), place))
    if isinstance(raw.get("function_call"), dict):
        calls.append(_call(raw["function_call"].get("name"), raw["function_call"].get("arguments"), "", place))
    if isinstance(raw.get("refusal"), str):
        texts.append(raw["refusal"])
    name = raw.get("name")
    return Said(raw["role"], "\n".join(texts), name if isinstance(name, str) else "", tuple(calls), str(answers))


def _call(name: Any, arguments: Any, id: Any, place: Place) -> Call:
    if not isinstance(name, str):
        place.refuse(f"calls the tool {name!r:.60}", "Tools are named by texts.")
    if isinstance(arguments, str):
        with suppress(ValueError, RecursionError):  # what a model wrote need not be JSON; it is kept as it is
            arguments = DECODER.decode(arguments)
    return Call(name, arguments, id if isinstance(id, str) else "")


def _listed(value: Any, place: Place) -> list[Any]:
    if value is not None and not isinstance(value, list):
        place.refuse(f"has the tool calls {value!r:.60}", "They are a list.")
    return value or []


def _text(part: Mapping[str, Any]) -> str:
    """The text of a part; of pictures and the like only their kind."""
    for name in ("text", "content", "refusal"):
        if isinstance(part.get(name), str) and part.get("type", "text") in (
            "text",
            "input_text",
            "output_text",
            "refusal",
        ):
            return part[name]
    return f"[{part.get('type', 'part')}]"


def short(value: Any) -> str:
    """A value as one text: a text as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
