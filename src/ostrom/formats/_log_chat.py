"""Conversations of language models as rows: who said what to whom, which tools were called, and what was shown.

Formats that record one call of a model at a time repeat the whole conversation in each. Here every message becomes a
row once, when it first occurs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..core.event import Event
from ._log_prompts import Prompts
from ._log_said import Call, Said

SYSTEM, SPOKEN, TOOL = ("system", "developer"), ("assistant", "model"), ("tool", "function")
"""Roles of messages, by who is behind them. All others are people, or other agents."""

PROMPTS = ("system.", "user.")
"""How names of fields begin that were cut out of prompts: they hold until the next prompt of that role."""

OF_ALL = ("time", "model", "line", "sample")
"""Facts that stand on every row of a call; the others, as tokens, stand on its first."""


@dataclass
class _Episode:
    number: int
    t: int = 0
    spoken: dict[str, str] = field(default_factory=dict)
    tools: dict[str, str] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    seen: dict[str, list[int]] = field(default_factory=dict)
    known: dict[str, set[int]] = field(default_factory=dict)
    shown: dict[str, dict[str, Any]] = field(default_factory=dict)


class Talk:
    """The conversations of a file, by what tells them apart."""

    def __init__(self) -> None:
        self._prompts = Prompts()
        self._episodes: dict[Any, _Episode] = {}
        self._count = 0

    def turn(
        self,
        key: Any,
        agent: str,
        heard: Sequence[Said],
        spoken: Sequence[Said] = (),
        facts: Mapping[str, Any] | None = None,
        at: int | None = None,
        others: Sequence[Said] = (),
        run: bool = False,
    ) -> Iterator[Event]:
        """The rows of what is new in one call of a model: what it was given, and what it said.

        Parameters
        ----------
        key : what tells its conversation from others; None is one of its own.
        agent : who is called.
        facts : of the call; they stand on what it said.
        at : the step, where the source has a clock; counted otherwise.
        others : answers that were asked for besides, and never said to anybody.
        run : whether a program runs the agent: then a user without a name is that program, and nobody.
        """
        episode = self._episode(key)
        known, seen = episode.known.setdefault(agent, set()), episode.seen.setdefault(agent, [])
        keys = [one.key for one in heard]
        same = next((k for k, (a, b) in enumerate(zip(keys, seen, strict=False)) if a != b), min(len(keys), len(seen)))
        whole = same == len(seen)
        fresh = [one for one, key in list(zip(heard, keys, strict=True))[same:] if whole or key not in known]
        for one in fresh:
            yield from (
                self._prompt(episode, agent, one, at)
                if run and _of_nobody(one)
                else self._row(episode, agent, one, {}, at)
            )
        for one in spoken:
            yield from self._row(episode, agent, one, dict(facts or {}), at)
        for one in others:
            if one.text:
                step = _step(episode, at)
                yield Event(episode.number, step, agent, "alternative", message=one.text, facts=_of_all(facts or {}))
        if key is not None:
            episode.seen[agent] = [*keys, *(one.key for one in spoken)]
            known.update(episode.seen[agent])

    def was_called(self, key: Any, id: str) -> bool:
        """Whether a tool call is known from what a model said."""
        return bool(id) and id in self._episode(key).tools

    def call(self, key: Any, agent: str, call: Call, facts: dict[str, Any], at: int) -> Event:
        """The row of a tool call that is recorded by itself."""
        episode = self._episode(key)
        return self._called(episode, agent, call, dict(episode.shown.get(agent, {})), facts, at)

    def answer(self, key: Any, agent: str, one: Said, facts: dict[str, Any], at: int) -> Iterator[Event]:
        """The row of what a tool gave back to an agent, if it is recorded by itself."""
        return self._row(self._episode(key), agent, one, facts, at)

    def _episode(self, key: Any) -> _Episode:
        if key not in self._episodes:
            episode = _Episode(self._count)
            self._count += 1
            if key is None:
                return episode
            self._episodes[key] = episode
        return self._episodes[key]

    def _row(self, episode: _Episode, agent: str, one: Said, facts: dict[str, Any], at: int | None) -> Iterator[Event]:
        if one.role in SYSTEM:
            yield self._shown(episode, agent, "system", one.text, facts, at)
        elif one.role in TOOL:
            if one.answers in episode.answered:
                return
            episode.answered |= {one.answers} - {""}
            name = one.name or episode.tools.get(one.answers) or "result"
            yield self._shown(episode, agent, f"tool.{name}", one.text, facts, at)
        elif one.role in SPOKEN:
            yield from self._spoken(episode, one.name or agent, one, facts, at)
        elif one.text and episode.spoken.get(one.text, agent) == agent:
            who = one.name or one.role
            yield Event(episode.number, _step(episode, at), who, "message", (agent,), message=one.text, facts=facts)

    def _prompt(self, episode: _Episode, agent: str, one: Said, at: int | None) -> Iterator[Event]:
        """The row of what the program that runs an agent asks of it, which is nobody's message."""
        if one.text and episode.spoken.get(one.text, agent) == agent:
            self._cut(episode, agent, "user", one.text)
            yield Event(episode.number, _step(episode, at), "", "message", (agent,), message=one.text)

    def _cut(self, episode: _Episode, agent: str, role: str, text: str) -> bool:
        """Put the fields of a prompt into view of an agent; whether they and earlier prompts say all of it."""
        fields, whole = self._prompts.cut(agent, role, text)
        kept = {n: v for n, v in episode.shown.get(agent, {}).items() if not n.startswith(f"{role}.") and n != role}
        own = {n: v for n, v in fields.items() if episode.spoken.get(str(v), agent) == agent}  # the rest was heard
        episode.shown[agent] = {**kept, **own}
        return whole and len(own) == len(fields)

    def _shown(self, episode: _Episode, agent: str, name: str, text: str, facts: Any, at: int | None) -> Event:
        whole = name == "system" and self._cut(episode, agent, name, text)
        shown = episode.shown.setdefault(agent, {})
        row = {name: text, **({n: v for n, v in shown.items() if n.startswith("system.")} if name == "system" else {})}
        if not whole:
            shown[name] = text
        if name != "system":
            facts = {**facts, "shown": name}
        return Event(episode.number, _step(episode, at), agent, "observation", (agent,), row, facts=facts)

    def _spoken(
        self, episode: _Episode, agent: str, one: Said, facts: dict[str, Any], at: int | None
    ) -> Iterator[Event]:
        shown = dict(episode.shown.get(agent, {}))
        if one.text:
            episode.spoken.setdefault(one.text, agent)
            step = _step(episode, at)
            yield Event(episode.number, step, agent, "message", (), shown or None, message=one.text, facts=facts)
            facts = _of_all(facts)
        for call in one.calls:
            if call.id:
                episode.tools[call.id] = call.name
            yield self._called(episode, agent, call, shown, facts, at)
            facts = _of_all(facts)
        episode.shown[agent] = {n: text for n, text in shown.items() if n == "system" or n.startswith(PROMPTS)}

    def _called(
        self, episode: _Episode, agent: str, call: Call, shown: Any, facts: dict[str, Any], at: int | None
    ) -> Event:
        """One that sends a message is a message."""
        step = _step(episode, at)
        if call.letter:
            to, text = call.letter
            episode.spoken.setdefault(text, agent)
            facts = {**facts, "tool": call.name}
            return Event(episode.number, step, agent, "message", to, shown or None, message=text, facts=facts)
        given = call.arguments if isinstance(call.arguments, Mapping) else {}
        amounts = {f"{call.name}.{name}": v for name, v in given.items() if type(v) in (int, float)}
        return Event(
            episode.number, step, agent, "tool", (), shown or None, action=call.label, facts={**amounts, **facts}
        )


def _of_nobody(one: Said) -> bool:
    return one.role == "user" and not one.name


def _step(episode: _Episode, at: int | None) -> int:
    episode.t += 1
    return episode.t - 1 if at is None else at


def _of_all(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: facts[name] for name in OF_ALL if name in facts}
