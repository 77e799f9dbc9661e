"""Read runs of GovSim and its like, in which language-model agents harvest a common pool and talk about it.

Piatti et al., "Cooperate or Collapse" (NeurIPS 2024).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..core.errors import TooLarge
from ..core.event import Event
from ._jsonl import finite
from ._log_json import an_object, document, first, records
from ._log_source import Place

RECORDS = "log_env.json"
"""The file that GovSim writes for every run."""

AT_MOST = 10_000
"""Runs of one folder."""


def recognises(path: Path) -> bool:
    """Whether a path is records of GovSim, a folder of them, or results by condition and seed with trajectories."""
    if path.is_dir():
        return next(_files(path), None) is not None
    found = first(path)
    return {"agent_id", "round", "action"} <= set(found) or _by_condition(found)


def read_govsim(path: str | Path) -> Iterator[tuple[int, Event]]:
    """Stream what agents harvested and said, each with the place of its record in its file, from 1.

    A folder holds one `log_env.json` per run somewhere below it, and every run is an episode; `facts.run` names it. A
    file of results, `{"results": {condition: {seed: {"trajectories": […]}}}}`, has an episode for every condition and
    seed, both of them facts. `t` is the round. An agent's move is what it wanted, its payoff what it got, and its
    observation the pool before.

    Raises `InputError` with the file and the number of the record.
    """
    path = Path(path)
    if not path.is_dir():
        rows = _results(path) if _by_condition(first(path)) else _run(path, 0, {})
        return rows
    return _folder(path)


def _folder(path: Path) -> Iterator[tuple[int, Event]]:
    for episode, file in enumerate(sorted(_files(path))):
        yield from _run(file, episode, {"run": file.parent.relative_to(path).as_posix()})


def _files(path: Path) -> Iterator[Path]:
    """The records below a folder; nothing that leads elsewhere is followed."""
    for count, file in enumerate(path.rglob(RECORDS)):
        if count >= AT_MOST:
            raise TooLarge(f"{str(path)!r} holds more than {AT_MOST:,} runs.", "", "Name a folder further down.")
        if file.is_file() and not file.is_symlink():
            yield file


def _run(path: Path, episode: int, facts: Mapping[str, Any]) -> Iterator[tuple[int, Event]]:
    for place, record in records(path):
        t, kind, agent = _round(record, place), record.get("action"), record.get("agent_id")
        if not isinstance(agent, str) or not isinstance(kind, str):
            place.refuse(f"is by {agent!r:.40}, who did {kind!r:.40}", "A record names its agent and its action.")
        if kind == "harvesting":
            amounts = {name: _amount(record.get(name)) for name in _AMOUNTS}
            yield place.number, _harvest(episode, t, agent, amounts, facts)
        elif kind == "utterance":
            said = record.get("utterance")
            if not isinstance(said, str):
                place.refuse(f"has the utterance {said!r:.40}", "It is a text.")
            named = {"name": record["agent_name"]} if isinstance(record.get("agent_name"), str) else {}
            yield place.number, Event(episode, t, agent, "message", message=said, facts={**facts, **named})
        else:
            limit = _amount(record.get("resource_limit"))
            more = {} if limit is None else {"limit": limit}
            yield place.number, Event(episode, t, "", kind, facts={**facts, **more})


_AMOUNTS = (
    "resource_in_pool_before_harvesting",
    "wanted_resource",
    "resource_collected",
    "resource_in_pool_after_harvesting",
)


def _harvest(episode: int, t: int, agent: str, amounts: Mapping[str, float | None], facts: Mapping[str, Any]) -> Event:
    before, wanted, got, after = (amounts[name] for name in _AMOUNTS)
    shown = None if before is None else {"pool": before}
    more = {} if after is None else {"pool_after": after}
    return Event(
        episode, t, agent, "act", (), shown, wanted if wanted is not None else got, facts={**facts, **more}, payoff=got
    )


def _amount(value: Any) -> float | None:
    return value if finite(value) is not None else None


def _by_condition(found: Mapping[str, Any]) -> bool:
    results = found.get("results")
    runs = (
        [run for seeds in results.values() if isinstance(seeds, dict) for run in seeds.values()]
        if isinstance(results, dict)
        else []
    )
    return any(isinstance(run, dict) and "trajectories" in run for run in runs)


def _results(path: Path) -> Iterator[tuple[int, Event]]:
    found, number = an_object(document(path), Place(path.name, 1, "Document")), 0
    runs = [(c, seed, run) for c, seeds in found["results"].items() for seed, run in _items(seeds, c, path)]
    for episode, (condition, seed, run) in enumerate(runs):
        rounds = run.get("trajectories") if isinstance(run, dict) else None
        if not isinstance(rounds, list):
            Place(path.name, number + 1, "Record").refuse(f"({condition!r:.40}, seed {seed!r:.40}) has no trajectories")
        for record in rounds:
            number += 1
            place = Place(path.name, number, "Record")
            for event in _together(episode, an_object(record, place), place, {"condition": condition, "seed": seed}):
                yield number, event


def _items(seeds: Any, condition: str, path: Path) -> Iterator[tuple[str, Any]]:
    if not isinstance(seeds, dict):
        Place(path.name, 1, "Document").refuse(f"has {seeds!r:.40} as {condition!r:.40}", "It is an object of seeds.")
    return iter(seeds.items())


def _together(episode: int, record: Mapping[str, Any], place: Place, facts: Mapping[str, Any]) -> Iterator[Event]:
    """The harvests of one round: what everybody wanted and got."""
    got, before = record.get("collected"), _amount(record.get("pool_before"))
    wanted = record.get("wanted", got)
    if not isinstance(got, dict) or not isinstance(wanted, dict):
        place.refuse("does not say who collected what", "It has collected and wanted, objects of amounts by agent.")
    for agent in dict.fromkeys((*wanted, *got)):
        amounts = (before, _amount(wanted.get(agent)), _amount(got.get(agent)), None)
        yield _harvest(episode, _round(record, place), agent, dict(zip(_AMOUNTS, amounts, strict=True)), facts)


def _round(record: Mapping[str, Any], place: Place) -> int:
    value = record.get("round")
    if not isinstance(value, int | float) or isinstance(value, bool) or value != int(value) or not 0 <= value < 2**62:
        place.refuse(f"is of round {value!r:.40}", "Rounds are whole numbers from 0.")
    return int(value)
