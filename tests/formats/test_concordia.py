"""Logs of Concordia, in the forms in which it writes them: raw, structured, within a checkpoint."""

import json

import pytest

from ostrom import InputError
from ostrom.formats.concordia import read_concordia, recognises

RAIN = {"Key": "Observation", "Value": ["It rains.", "Bob waves."]}


def entity(value, **components):
    return {"__act__": {"Key": "Action", "Value": value, "Prompt": ["…"]}, "__observation__": RAIN, **components}


def step(number, name, value, event="it goes on", **more):
    made = {"Step": number, f"Entity [{name}]": entity(value), "Summary": f"Step {number} rules --- {event}"}
    return {**made, f"rules --- {event}": {"resolve": {"__act__": {"Value": event}}}, **more}


RAW = [step(1, "Alice", 'Alice -- "Hello, Bob."'), step(2, "Bob", "defect", "Bob defects")]


def saved(folder, found, lines=False):
    path = folder / "sim.json"
    path.write_text("\n".join(map(json.dumps, found)) if lines else json.dumps(found), encoding="utf-8")
    assert recognises(path)
    return path


def brief(rows):
    return [(row, e.t, e.agent, e.channel, e.message or e.action or e.facts.get("event")) for row, e in rows]


EXPECTED = [
    (1, 1, "Alice", "message", 'Alice -- "Hello, Bob."'),
    (1, 1, "", "resolved", "it goes on"),
    (2, 2, "Bob", "act", "defect"),
    (2, 2, "", "resolved", "Bob defects"),
]


@pytest.mark.parametrize("form", ["list", "lines", "checkpoint"])
def test_raw_logs(tmp_path, form):
    found = {"entities": {}, "raw_log": RAW} if form == "checkpoint" else RAW
    rows = list(read_concordia(saved(tmp_path, found, form == "lines")))
    assert brief(rows) == EXPECTED
    assert rows[0][1].observation == {"seen": "It rains.\nBob waves."}
    assert rows[1][1].facts == {"game_master": "rules", "event": "it goes on"}


def structured(raw, store):
    """The entries of a structured log: a piece of text of any length stands in the store, under a number."""

    def put(value):
        if isinstance(value, str) and len(value) > 12:
            store[f"{len(store):x}"] = value
            return {"_ref": f"{len(store) - 1:x}"}
        if isinstance(value, dict):
            return {key: put(one) for key, one in value.items()}
        return [put(one) for one in value] if isinstance(value, list) else value

    for entry in raw:
        for key, value in entry.items():
            if key in ("Step", "Summary"):
                continue
            acts = key.startswith("Entity [")
            yield {
                "step": entry["Step"],
                "timestamp": "2026-01-01T00:00:10+00:00" if acts else "",
                "entity_name": key[8:-1] if acts else key.partition(" --- ")[0],
                "component_name": "entity_action" if acts else "game_master",
                "entry_type": "entity" if acts else "step",
                "summary": entry["Summary"],
                "deduplicated_data": put({"key": key, "value": value}),
            }


def test_structured_logs_say_the_same(tmp_path):
    store = {}
    entries = list(structured(RAW, store))
    rows = list(read_concordia(saved(tmp_path, {"content_store": store, "entries": entries})))
    assert [line[1:] for line in brief(rows)] == [line[1:] for line in EXPECTED]
    assert [line[0] for line in brief(rows)] == [1, 2, 3, 4]
    assert rows[0][1].observation == {"seen": "It rains.\nBob waves."}
    assert rows[0][1].facts == {"time": 1767225610.0}


def test_components_of_an_entity_are_what_it_had_in_view(tmp_path):
    goal = {"Key": "Goal", "State": "win"}
    entry = {"Step": 1, "Entity": entity("wait", Goal=goal, Empty={"Key": "x"}, Mood={"Value": 3}), "thread": "Cid"}
    rows = list(read_concordia(saved(tmp_path, [entry])))
    assert brief(rows) == [(1, 1, "Cid", "act", "wait")]
    assert rows[0][1].observation == {"seen": "It rains.\nBob waves.", "Goal": "win", "Mood": "3"}


def test_an_entity_that_logged_nothing_says_nothing(tmp_path):
    found = [{"Step": 3, "Entity [Ann]": {}, "Entity [Bob]": {"__observation__": RAIN}, "Summary": ""}]
    assert brief(read_concordia(saved(tmp_path, found))) == [(1, 3, "Bob", "observation", None)]


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ([RAW[0], {**RAW[1], "Step": "two"}], "Record 2 of sim.json is of step 'two'"),
        ([RAW[0], 3], "Record 2 of sim.json is 3"),
        ({"content_store": {}, "entries": 3}, "has no entries"),
        (
            {"content_store": {}, "entries": [{"step": 1, "entity_name": "a", "deduplicated_data": {"_ref": "9"}}]},
            "'9'",
        ),
        ({"content_store": {}, "entries": [{"step": 1, "entity_name": 3, "deduplicated_data": {}}]}, "has no entity"),
        ({"content_store": {}, "entries": [{"step": None, "entity_name": "a"}]}, "Entry 1 of sim.json"),
    ],
)
def test_what_cannot_be_is_named(tmp_path, found, words):
    with pytest.raises(InputError) as caught:
        list(read_concordia(saved(tmp_path, found)))
    assert words in caught.value.what
