"""Read logs of Inspect (`.eval`), through its own reader: a sample at a time."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..core.errors import InputError, TooLarge
from ..core.event import Event
from ._jsonl import finite
from ._log_chat import Talk
from ._log_json import whole
from ._log_said import Said, said
from ._log_source import Place, head

UNPACKED, RATIO = 16 * 2**30, 1000
"""Bytes that a log may unpack to, and how many times its size."""


def recognises(path: Path) -> bool:
    """Whether a file is a log of Inspect: an archive with the suffix `.eval`."""
    return path.suffix == ".eval" and head(path).startswith(b"PK")


def read_inspect_eval(path: str | Path) -> Iterator[tuple[int, Event]]:
    """Stream what happened in the samples of a log, each row with the place of its sample, from 1.

    A sample in an epoch is an episode. The agents are those that the transcript names (spans of type "agent"), or else
    the role of the model, or else "assistant"; messages and tool calls are read from the calls of models, or from the
    sample's messages where the transcript has none. A last row "scored" has the scores, and as `payoff` the first that
    is a number. Facts of every row are words and numbers of the sample's metadata, and `sample` and `epoch`, by which
    it is found in Inspect's own viewer.

    Raises `InputError` where Inspect cannot read the log, with its reason, and where it is not installed.
    """
    path = Path(path)
    _refuse_large(path)
    for number, sample in enumerate(_samples(path), start=1):
        place = Place(path.name, number, "Sample")
        for event in _of_sample(sample, place):
            yield number, event


def _samples(path: Path) -> Iterator[Any]:
    try:
        from inspect_ai.log import read_eval_log_samples  # type: ignore[import-not-found]
    except ModuleNotFoundError:
        raise InputError(
            "inspect_ai is not installed.", "Logs of Inspect are read through it.", "Install it: pip install inspect_ai"
        ) from None
    samples = read_eval_log_samples(str(path.resolve()), all_samples_required=False, resolve_attachments=True)
    while True:
        try:
            sample = next(samples, None)
        except Exception as error:  # whatever another's reader makes of a damaged file
            reason = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
            raise InputError(
                f"{path.name} cannot be read: {reason:.300}.", "It is what Inspect says of it.", "Fetch it again."
            ) from None
        if sample is None:
            return
        yield sample


def _refuse_large(path: Path) -> None:
    """Refuse what is no archive, and one that would unpack to far more than a log is."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile) as error:
        raise InputError(f"{path.name} cannot be read: {error}.", "A log is an archive.", "Fetch it again.") from None
    if size > UNPACKED or size > RATIO * max(path.stat().st_size, 2**20):
        raise TooLarge(f"{path.name} unpacks to {size >> 20:,} MB.", "No log is packed so well.", "Split it.")


def _of_sample(sample: Any, place: Place) -> Iterator[Event]:
    labels = {name: v for name, v in sample.metadata.items() if isinstance(v, str | int | float)}
    talk, where = Talk(), {**_finite(labels), "sample": sample.id, "epoch": sample.epoch}
    agents = _agents(sample.events)
    calls = [event for event in sample.events if event.event == "model" and event.output.choices]
    rows: list[Event] = []
    for call in calls:
        outputs = [_said(choice.message, place) for choice in call.output.choices]
        agent, facts = agents.get(call.span_id or "") or call.role or "assistant", {**_facts(call), **where}
        rows += talk.turn("", agent, [_said(m, place) for m in call.input], outputs[:1], facts, None, outputs[1:])
    if not calls:
        rows += talk.turn("", "assistant", [_said(message, place) for message in sample.messages])
    for row in rows:
        yield _placed(row, place.number - 1, where)
    yield _scored(sample, place.number - 1, len(rows), where)


def _placed(row: Event, episode: int, where: Mapping[str, Any]) -> Event:
    return Event(**{**vars(row), "episode": episode, "facts": {**row.facts, **where}})


def _scored(sample: Any, episode: int, t: int, where: Mapping[str, Any]) -> Event:
    scores = {f"score.{name}": _plain(score.value) for name, score in (sample.scores or {}).items()}
    amounts = [v for v in scores.values() if finite(v) is not None]
    failed = {"error": str(sample.error.message)} if sample.error else {}
    facts = {
        **scores,
        **failed,
        **{k: v for k, v in sample.metadata.items() if isinstance(v, str | int | float)},
        **where,
    }
    return Event(episode, t, "", "scored", facts=_finite(facts), payoff=amounts[0] if amounts else None)


def _agents(events: Any) -> dict[str, str]:
    """The agent of every span: that of the nearest span around it, itself included, that is of an agent."""
    begun = {event.id: event for event in events if event.event == "span_begin"}
    found: dict[str, str] = {}
    for id in begun:
        span, passed = begun.get(id), set()
        while span is not None and span.type != "agent" and span.id not in passed:
            passed.add(span.id)
            span = begun.get(span.parent_id or "")
        if span is not None and span.type == "agent":
            found[id] = span.name
    return found


def _said(message: Any, place: Place) -> Said:
    """A message of Inspect as every other format's."""
    made = getattr(message, "tool_calls", None) or []
    calls = [{"id": call.id, "name": call.function, "arguments": call.arguments} for call in made]
    raw = {"role": message.role, "content": message.text, "tool_calls": calls}
    raw |= {"tool_call_id": getattr(message, "tool_call_id", None), "name": getattr(message, "function", None)}
    return said(whole(raw), place)


def _facts(call: Any) -> dict[str, Any]:
    usage, ended = call.output.usage, call.completed or call.timestamp
    facts = {"time": ended.timestamp(), "model": call.model}
    if call.completed is not None:
        facts["latency"] = (call.completed - call.timestamp).total_seconds()
    return facts | ({} if usage is None else {"tokens": usage.output_tokens, "tokens_read": usage.input_tokens})


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool) else json.loads(json.dumps(value, default=str))


def _finite(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if not isinstance(value, float) or finite(value) is not None}
