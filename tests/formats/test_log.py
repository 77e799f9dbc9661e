"""Opening logs: what a file is, what is lost when it breaks (nothing), and that only one kind of error comes out."""

import gzip
import json
import random
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ostrom import Event, InputError
from ostrom.core.errors import TooLarge, UnknownName
from ostrom.core.log import MOST, Columns, Log
from ostrom.formats import _log_json, _log_source, _log_tail
from ostrom.formats import log as opening
from ostrom.formats.log import BrokenLog, follow_log, in_time, open_log, recognised

EVENTS = [Event(0, t, name, "message", message=f"{name} {t}", observation={"cost": t}) for t in (0, 1) for name in "ab"]
LINES = "".join(event.to_json() + "\n" for event in EVENTS)

CHAT = {
    "messages": [
        {"role": "system", "content": "be kind"},
        {"role": "user", "content": [{"type": "text", "text": "hi"}]},
        {"role": "assistant", "content": "yes", "tool_calls": [
            {"id": "c", "function": {"name": "bid", "arguments": '{"price": 3}'}}]},
        {"role": "tool", "tool_call_id": "c", "content": "done"},
    ],
    "metadata": {"conversation_id": "x", "agent": "ann"},
    "response": {"body": {"created": 3, "model": "m", "choices": [{"message": {"content": "so"}}],
                          "usage": {"completion_tokens": 2}}},
}  # fmt: skip
SPAN = {
    "traceId": "t", "spanId": "s", "parentSpanId": "p", "name": "chat",
    "startTimeUnixNano": "1000", "endTimeUnixNano": 9000,
    "attributes": [
        {"key": "gen_ai.agent.name", "value": {"stringValue": "ann"}},
        {"key": "gen_ai.usage.output_tokens", "value": {"intValue": "7"}},
        {"key": "gen_ai.output.messages", "value": {"arrayValue": {"values": [{"kvlistValue": {"values": [
            {"key": "role", "value": {"stringValue": "assistant"}},
            {"key": "parts", "value": {"stringValue": "hello"}}]}}]}}},
    ],
    "events": [{"name": "gen_ai.user.message", "attributes": [{"key": "content", "value": {"stringValue": "hi"}}]}],
}  # fmt: skip
TRACE = {"resourceSpans": [{"scopeSpans": [{"spans": [SPAN, {**SPAN, "spanId": "p", "parentSpanId": "s"}]}]}]}
STEP = {
    "Step": 1, "Summary": "one", "date": "2026-01-01T00:00:00",
    "Entity [ann]": {"__act__": {"Value": 'ann -- "hello"', "Prompt": ["x"]}, "__observation__": {"Value": ["rain"]}},
    "rules --- it rains": {"resolve": {}},
}  # fmt: skip
STRUCTURED = {
    "content_store": {"1f": "a long text"},
    "entries": [{"step": 1, "timestamp": "", "entity_name": "ann", "component_name": "entity_action",
                 "entry_type": "entity", "deduplicated_data": {"key": "Entity [ann]",
                 "value": {"__act__": {"Value": {"_ref": "1f"}}}}}],
}  # fmt: skip
HARVEST = {"agent_id": "p0", "round": 0, "action": "harvesting", "resource_in_pool_before_harvesting": 100,
           "resource_collected": 10, "wanted_resource": 20}  # fmt: skip
TALK = {
    "agent_id": "p1",
    "agent_name": "Bo",
    "round": 0,
    "action": "utterance",
    "utterance": "less",
    "resource_limit": 3,
}
RUNS = {
    "results": {
        "plain": {"1": {"trajectories": [{"round": 0, "pool_before": 9, "collected": {"a": 3}, "wanted": {"a": 5}}]}}
    }
}
TABLE = 'speaker,text,cost,when\nann,"hi, ""you""\n\nthere",3,2026-01-01\nbob,no,4,5\n'
WIDE = "participant.code,session.code,pg.1.player.payoff,pg.1.player.gift,pg.1.group.id_in_subsession\n"
WIDE += "x,s,3,7,1\ny,s,1,,1\n"
CHATS = "session_code,id_in_session,participant_code,channel,nickname,body,timestamp\ns,1,x,c,P1,hello,12.5\n"

SAMPLES = {
    "event_log": ("log.jsonl", LINES.encode()),
    "openai_chat": ("chat.jsonl", (json.dumps(CHAT) + "\n" + json.dumps(CHAT) + "\n").encode()),
    "otlp": ("trace.json", json.dumps(TRACE).encode()),
    "concordia": ("raw.json", json.dumps([STEP, STEP]).encode()),
    "concordia structured": ("log.json", json.dumps(STRUCTURED).encode()),
    "govsim": ("log_env.json", json.dumps([HARVEST, TALK]).encode()),
    "govsim results": ("runs.json", json.dumps(RUNS).encode()),
    "event_csv": ("table.csv", TABLE.encode()),
    "otree": ("wide.csv", WIDE.encode()),
    "otree chats": ("chats.csv", CHATS.encode()),
}
NAMES = sorted(SAMPLES)


def put(folder, sample, content=None):
    name, raw = SAMPLES[sample]
    path = folder / name
    path.write_bytes(raw if content is None else content)
    return path


@pytest.mark.parametrize("sample", NAMES)
@pytest.mark.parametrize("packed", [False, True])
def test_every_format_is_recognised_plain_and_packed(tmp_path, sample, packed):
    raw = SAMPLES[sample][1]
    path = put(tmp_path, sample, gzip.compress(raw) if packed else raw)
    assert recognised(path) == sample.split()[0]
    log = open_log(path)
    assert len(log) > 0
    assert len(log.row) == len(log)
    assert log.agents


@pytest.mark.parametrize("sample", NAMES)
def test_a_byte_order_mark_is_no_part_of_it(tmp_path, sample):
    plain = open_log(put(tmp_path, sample))
    marked = open_log(put(tmp_path, sample, b"\xef\xbb\xbf" + SAMPLES[sample][1]))
    assert [e.to_json() for e in marked.events()] == [e.to_json() for e in plain.events()]
    assert marked.row.tolist() == plain.row.tolist()


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"hello", b"\0\1\2", b"[]", b"{}", b"a,b\n1,2\n", b"PK\3\4", b"\x1f\x8b"]
)
def test_what_no_reader_knows_is_said(tmp_path, content):
    path = tmp_path / "strange.log"
    path.write_bytes(content)
    with pytest.raises(InputError, match="strange"):
        open_log(path)


def test_a_path_that_is_not_there_offers_the_nearest(tmp_path):
    put(tmp_path, "event_log")
    with pytest.raises(InputError, match=r"Did you mean log\.jsonl"):
        open_log(tmp_path / "log.json")
    with pytest.raises(InputError, match="cannot be read"):
        open_log("a\0b")
    with pytest.raises(UnknownName, match="otlp"):
        open_log(tmp_path / "log.jsonl", format="otpl")


def test_a_break_loses_nothing_that_was_read(tmp_path):
    path = put(tmp_path, "event_log", LINES.encode() + b'{"episode": 0, "t": 2, "agent"')
    with pytest.raises(BrokenLog, match=r"Line 5 of log\.jsonl is not JSON") as caught:
        open_log(path)
    assert [e.to_json() for e in caught.value.log.events()] == [e.to_json() for e in EVENTS]


@pytest.mark.parametrize("sample", NAMES)
def test_a_gzipped_file_that_breaks_off_is_named(tmp_path, sample):
    packed = gzip.compress(SAMPLES[sample][1])
    path = put(tmp_path, sample, packed[: len(packed) * 2 // 3])
    with pytest.raises(InputError, match=path.name):
        open_log(path, format=sample.split()[0])


def test_what_stands_before_the_break_of_a_gzipped_file_is_kept(tmp_path):
    rng = random.Random(0)
    rows = [Event(0, t, "a", "message", message=str(rng.random())) for t in range(8_000)]
    packed = gzip.compress("".join(e.to_json() + "\n" for e in rows).encode())
    path = put(tmp_path, "event_log", packed[: len(packed) // 2])
    with pytest.raises(BrokenLog, match=r"log\.jsonl breaks off") as caught:
        open_log(path)
    kept = [e.to_json() for e in caught.value.log.events()]
    assert len(kept) > 2_000
    assert kept == [e.to_json() for e in rows[: len(kept)]]


HOSTILE = {
    "NaN": b'{"episode":0,"t":0,"agent":"a","channel":"x","payoff":NaN}',
    "infinity": b'{"episode":0,"t":0,"agent":"a","channel":"x","facts":{"y":[1e999]}}',
    "deep": b'{"episode":0,"t":0,"agent":"a","channel":"x","action":' + b"[" * 10**5 + b"]" * 10**5 + b"}",
    "deep enough": b'{"episode":0,"t":0,"agent":"a","channel":"x","action":' + b"[" * 400 + b"]" * 400 + b"}",
    "twice": b'{"episode":0,"t":0,"agent":"a","channel":"x","agent":"b"}',
    "twice within": b'{"episode":0,"t":0,"agent":"a","channel":"x","facts":{"k":1,"k":2}}',
    "NUL": b'{"episode":0,"t":0,"agent":"a\0","channel":"x"}',
    "latin": b'{"episode":0,"t":0,"agent":"\xe9","channel":"x"}',
    "UTF-16": '{"episode":0,"t":0,"agent":"a","channel":"x"}'.encode("utf-16"),
    "text for a number": b'{"episode":"0","t":0,"agent":"a","channel":"x"}',
    "true for a number": b'{"episode":0,"t":true,"agent":"a","channel":"x"}',
    "far": b'{"episode":0,"t":99999999999999999999,"agent":"a","channel":"x"}',
    "digits": b'{"episode":0,"t":' + b"9" * 5000 + b',"agent":"a","channel":"x"}',
    "no agent": b'{"episode":0,"t":0,"channel":"x"}',
    "null agent": b'{"episode":0,"t":0,"agent":null,"channel":"x"}',
    "strange field": b'{"episode":0,"t":0,"agent":"a","channel":"x","mood":1}',
    "receivers": b'{"episode":0,"t":0,"agent":"a","channel":"x","receivers":"b"}',
    "message": b'{"episode":0,"t":0,"agent":"a","channel":"x","message":{"a":1}}',
    "payoff": b'{"episode":0,"t":0,"agent":"a","channel":"x","payoff":"1"}',
    "huge payoff": b'{"episode":0,"t":0,"agent":"a","channel":"x","payoff":1' + b"0" * 400 + b"}",
    "probability": b'{"episode":0,"t":0,"agent":"a","channel":"x","probability":{"C":1.5}}',
    "facts": b'{"episode":0,"t":0,"agent":"a","channel":"x","facts":[1]}',
    "a list": b"[1]",
    "a word": b"hello",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_line_that_cannot_be_is_named_and_nothing_is_lost(tmp_path, case):
    path = put(tmp_path, "event_log", LINES.encode() + HOSTILE[case] + b"\n" + LINES.encode())
    with pytest.raises(BrokenLog) as caught:
        open_log(path)
    assert "deep" in case or "Line 5 of log.jsonl" in caught.value.what
    assert len(caught.value.log) == 4


def test_halves_of_characters_are_replaced(tmp_path):
    line = r'{"episode":0,"t":0,"agent":"a","channel":"x","message":"\ud83d \ud83d\ude00 \\ud83d"}'
    log = open_log(put(tmp_path, "event_log", line.encode()))
    assert log["message"].values == ("\ufffd 😀 \\ud83d",)
    assert log["message"][0].encode()


def test_lines_and_documents_that_would_fill_the_memory_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(_log_source, "LONGEST", 2**16)
    monkeypatch.setattr(_log_json, "LONGEST", 2**16)
    monkeypatch.setattr(_log_json, "LARGEST", 2**16)
    bomb = gzip.compress(LINES.encode() + b'{"episode":0,"t":0,"agent":"' + b"a" * 2**22)
    with pytest.raises(BrokenLog, match=r"Line 5 of log\.jsonl is longer than") as caught:
        open_log(put(tmp_path, "event_log", bomb))
    assert len(caught.value.log) == 4
    entries = gzip.compress(json.dumps([HARVEST]).encode()[:-1] + b',{"a":"' + b"a" * 2**22)
    with pytest.raises(BrokenLog, match=r"Record 2 of log_env\.json is longer than") as caught:
        open_log(put(tmp_path, "govsim", entries))
    assert len(caught.value.log) == 1
    document = json.dumps({**STRUCTURED, "x": " " * 2**17}, indent=1).encode()
    with pytest.raises(TooLarge, match=r"log\.json is one JSON document"):
        open_log(put(tmp_path, "concordia structured", gzip.compress(document)))


def test_columns_without_end_are_refused():
    made = Columns()
    made.add(Event(0, 0, "a", "act", facts={f"x{k}": k for k in range(MOST - 2)}))
    with pytest.raises(TooLarge, match="columns"):
        made.add(Event(0, 1, "a", "act", facts={"one more": 1}))
    made.add(Event(0, 2, "a", "act"))
    assert made.log().t.tolist() == [0, 2]


def test_numbers_beyond_floats_are_no_numbers():
    log = Log.of([Event(0, 0, "a", "act", action=10**400), Event(0, 1, "a", "act", action=2)])
    assert np.isnan(log["action"].numbers[0])
    assert log["action"].numbers[1] == 2


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5)), max_size=30))
def test_rows_of_an_episode_are_put_in_order_of_time(places):
    log = in_time(Log.of(Event(episode, t, "a", "act", action=k) for k, (episode, t) in enumerate(places)))
    assert sorted(log.row.tolist()) == list(range(1, len(places) + 1))
    assert log.episode.tolist() == [episode for episode, _ in places]
    for episode in range(3):
        mine = [(t, k + 1) for k, (e, t) in enumerate(places) if e == episode]
        rows = log.episode == episode
        assert list(zip(log.t[rows].tolist(), log.row[rows].tolist(), strict=True)) == sorted(mine)


def test_the_files_of_a_folder_are_read_together(tmp_path):
    for name in ("one.jsonl", "two.jsonl"):
        (tmp_path / name).write_text(LINES)
    (tmp_path / ".hidden").write_text("x")
    (tmp_path / "link.jsonl").symlink_to("/etc/passwd")
    log = open_log(tmp_path)
    assert log.episode.tolist() == [0] * 4 + [1] * 4
    assert log["facts.file"].values == ("one.jsonl", "two.jsonl")
    assert log.row.tolist() == [1, 2, 3, 4] * 2
    (tmp_path / "table.csv").write_text(TABLE)
    with pytest.raises(InputError, match="several formats"):
        open_log(tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no files"):
        open_log(tmp_path / "empty")


def test_folders_of_records_are_read(shared_data):
    log = open_log(shared_data / "coopeval")
    assert (len(log.on("act")), recognised(shared_data / "coopeval")) == (18_630, "coopeval")
    assert log["message"].present.any()


# What follows a file that grows.


def follow(path, steps, **options):
    """The logs and the words of `steps` functions, each called when there is nothing fresh."""
    steps, words = iter(steps), []

    def wait():
        step = next(steps, None)
        return False if step is None else step()

    logs = list(follow_log(path, wait=wait, say=words.append, **options))
    return [[e.message or e.action for e in log.events()] for log in logs], [log.row.tolist() for log in logs], words


def appended(path, text):
    def step():
        with open(path, "a") as file:
            file.write(text)

    return step


def test_fresh_rows_are_read_once_and_a_half_written_line_waits(tmp_path):
    path, lines = put(tmp_path, "event_log", b""), LINES.splitlines(keepends=True)
    steps = [
        appended(path, lines[0] + lines[1][:20]),
        appended(path, lines[1][20:]),
        appended(path, "".join(lines[2:])),
    ]
    seen, rows, words = follow(path, steps, format="event_log")
    assert seen == [["a 0"], ["b 0"], ["a 1", "b 1"]]
    assert rows == [[1], [2], [3, 4]]
    assert words == []


def test_a_file_that_is_not_there_yet_or_cut_or_replaced(tmp_path):
    path, lines = tmp_path / "live.jsonl", LINES.splitlines(keepends=True)
    other = tmp_path / "other"
    other.write_text(lines[3])
    steps = [
        appended(path, lines[0] + lines[1] + "{half"),
        lambda: path.write_text(lines[2]) and None,
        lambda: other.replace(path) and None,
    ]
    seen, rows, words = follow(path, steps, format="event_log")
    assert seen == [["a 0", "b 0"], ["a 1"], ["b 1"]]
    assert rows == [[1, 2], [1], [1]]
    assert len(words) == 2
    assert "was cut" in words[0]
    assert "Line 3 was never finished" in words[0]
    assert "was replaced" in words[1]


def test_a_line_that_cannot_be_used_is_passed_over_in_words(tmp_path, monkeypatch):
    monkeypatch.setattr(_log_tail, "LONGEST", 1000)
    path, lines = put(tmp_path, "event_log", b""), LINES.splitlines(keepends=True)
    steps = [appended(path, lines[0] + '{"episode": NaN}\n\n' + "x" * 5000 + "\n" + lines[1])]
    seen, rows, words = follow(path, steps, format="event_log")
    assert (seen, rows) == ([["a 0", "b 0"]], [[1, 5]])
    assert len(words) == 2
    assert any("Line 2 of log.jsonl" in one for one in words)
    assert any("Line 4 of log.jsonl is longer" in one for one in words)


@pytest.mark.parametrize("sample", ["openai_chat", "otlp", "event_csv"])
def test_other_lines_are_followed_too(tmp_path, sample):
    whole = open_log(put(tmp_path, sample))
    path, raw = put(tmp_path, sample, b""), SAMPLES[sample][1].decode() + "\n"
    cut = len(raw) // 3
    mapping = {"cost": "observation.cost"} if sample == "event_csv" else None
    steps = [appended(path, raw[:cut]), appended(path, raw[cut : 2 * cut]), appended(path, raw[2 * cut :])]
    seen, _, words = follow(path, steps, format=sample, mapping=mapping)
    assert words == []
    assert [said for block in seen for said in block] == [e.message or e.action for e in whole.events()]


def test_documents_and_packed_files_are_not_followed(tmp_path):
    with pytest.raises(InputError, match="cannot be followed as govsim"):
        list(follow_log(put(tmp_path, "govsim")))
    with pytest.raises(InputError, match="gzipped"):
        list(follow_log(put(tmp_path, "event_log", gzip.compress(LINES.encode()))))


# Whatever stands in a file: a log, or an `InputError`.

NESTED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(10**30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FUZZ = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def opened_or_refused(path, sample):
    with suppress(InputError):
        log = open_log(path, format=sample.split()[0])
        for event in log.events():
            event.to_json().encode()
        for column in log.columns.values():
            assert column.numbers.shape == (len(log),)


@pytest.mark.parametrize("sample", NAMES)
@FUZZ
@given(data=st.data())
def test_mangled_bytes_are_read_or_refused(tmp_path_factory, sample, data):
    raw = bytearray(SAMPLES[sample][1])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(raw)))
        raw[place : place + data.draw(st.integers(0, 4))] = data.draw(
            st.binary(max_size=3) | st.sampled_from([b"\0", b'"', b"{", b"]", b"\n", b",", b"\\ud800", b"1e999", b"\r"])
        )
    opened_or_refused(put(tmp_path_factory.mktemp("fuzz"), sample, bytes(raw)), sample)


@pytest.mark.parametrize("sample", [name for name in NAMES if SAMPLES[name][1][:1] in b"{["])
@FUZZ
@given(data=st.data())
def test_whatever_stands_in_a_field_is_read_or_refused(tmp_path_factory, sample, data):
    """Any field at any depth replaced by anything."""
    raw = SAMPLES[sample][1]
    records = json.loads(raw) if raw[:1] == b"[" else [json.loads(line) for line in raw.splitlines()]
    target = records[data.draw(st.integers(0, len(records) - 1))]
    while True:
        key = data.draw(st.sampled_from(sorted(target) if isinstance(target, dict) else range(len(target))))
        if not (isinstance(target[key], dict | list) and target[key] and data.draw(st.integers(0, 3))):
            break
        target = target[key]
    target[key] = data.draw(NESTED)
    written = [json.dumps(record) for record in records]
    text = f"[{','.join(written)}]" if raw[:1] == b"[" else "\n".join(written)
    opened_or_refused(put(tmp_path_factory.mktemp("fuzz"), sample, text.encode()), sample)


def test_the_readers_that_are_listed_are_the_files_that_read():
    for name in (*opening.READERS, *opening.FOLDERS):
        assert callable(opening._module(name).recognises)
    assert set(opening.FOLLOWED) <= set(opening.READERS)
