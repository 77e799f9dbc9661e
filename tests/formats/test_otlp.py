"""Traces: agents, messages of every version of the conventions, tools, times; each message once."""

import json

import pytest

from ostrom import InputError
from ostrom.formats.log import open_log
from ostrom.formats.otlp import read_otlp, recognises


def value(plain):
    """A plain value as OTLP writes it in JSON."""
    if isinstance(plain, bool):
        return {"boolValue": plain}
    if isinstance(plain, int):
        return {"intValue": str(plain)}
    if isinstance(plain, float):
        return {"doubleValue": plain}
    if isinstance(plain, list):
        return {"arrayValue": {"values": [value(one) for one in plain]}}
    if isinstance(plain, dict):
        return {"kvlistValue": {"values": attributes(plain)}}
    return {"stringValue": plain}


def attributes(plain):
    return [{"key": key, "value": value(one)} for key, one in plain.items()]


def span(id, begun, parent="", events=(), trace="t1", **facts):
    facts = {f"gen_ai.{name.replace('__', '.')}": one for name, one in facts.items()}
    return {"traceId": trace, "spanId": id, "parentSpanId": parent, "name": id, "startTimeUnixNano": str(begun * 10**9),
            "endTimeUnixNano": str(begun * 10**9 + 5 * 10**8), "attributes": attributes(facts),
            "events": [{"name": name, "attributes": attributes(one)} for name, one in events]}  # fmt: skip


def export(*spans):
    return {"resourceSpans": [{"resource": {}, "scopeSpans": [{"scope": {}, "spans": list(spans)}]}]}


def logs(*records):
    return {"resourceLogs": [{"scopeLogs": [{"logRecords": list(records)}]}]}


def saved(folder, *exports, indent=None):
    path = folder / "trace.json"
    path.write_text("\n".join(json.dumps(one, indent=indent) for one in exports), encoding="utf-8")
    assert recognises(path)
    return path


def brief(rows):
    return [(row, e.agent, e.channel, e.message or e.action or e.observation) for row, e in rows]


def parts(role, *given):
    return {"role": role, "parts": list(given)}


def text(content):
    return {"type": "text", "content": content}


CALL = {"type": "tool_call", "id": "c1", "name": "bid", "arguments": {"price": 3}}
RESULT = {"type": "tool_call_response", "id": "c1", "response": "sold"}


def agent_run():
    """An agent within a trace, as its spans are exported: those within before those around."""
    first = [parts("user", text("sell"))]
    said = [parts("assistant", {"type": "reasoning", "content": "hm"}, text("I bid"), CALL)]
    rest = [*first, *said, parts("tool", RESULT)]
    done = [parts("assistant", text("done"))]
    return [
        span("chat1", 1, "run", operation__name="chat", system_instructions=[text("be kind")], input__messages=first,
             output__messages=said, usage__output_tokens=9, usage__input_tokens=4, response__model="m"),
        span("tool", 2, "run", operation__name="execute_tool", tool__name="bid", tool__call__id="c1",
             tool__call__result="sold"),
        span("chat2", 3, "inner", operation__name="chat", input__messages=json.dumps(rest),
             output__messages=json.dumps(done)),
        span("inner", 3, "run"),
        span("run", 0, "", operation__name="invoke_agent", agent__name="ann", input__messages=first,
             output__messages=done),
    ]  # fmt: skip


EXPECTED = [
    (1, "ann", "observation", {"system": "be kind"}),
    (1, "user", "message", "sell"),
    (1, "ann", "message", "I bid"),
    (1, "ann", "tool", "bid(price=3)"),
    (2, "ann", "observation", {"tool.bid": "sold"}),
    (3, "ann", "message", "done"),
]


@pytest.mark.parametrize("form", ["one export", "one a line", "indented"])
def test_a_run_of_an_agent_is_told_once(tmp_path, form):
    spans = agent_run()
    exports = [export(one) for one in spans] if form == "one a line" else [export(*spans)]
    rows = list(read_otlp(saved(tmp_path, *exports, indent=2 if form == "indented" else None)))
    assert brief(rows) == EXPECTED
    said = rows[2][1]
    assert said.facts == {"time": 1.5, "latency": 0.5, "tokens": 9, "tokens_read": 4, "model": "m"}
    assert rows[3][1].facts == {"bid.price": 3, "time": 1.5, "model": "m"}
    assert said.observation == {"system": "be kind"}
    assert rows[5][1].observation == {"system": "be kind", "tool.bid": "sold"}
    assert [e.t for _, e in rows] == [1_500_000] * 4 + [2_500_000, 3_500_000]


def test_an_agent_whose_calls_are_not_recorded_speaks_for_itself(tmp_path):
    run = agent_run()[-1]
    assert brief(read_otlp(saved(tmp_path, export(run)))) == [
        (1, "user", "message", "sell"),
        (1, "ann", "message", "done"),
    ]


def test_a_tool_is_a_move_where_the_words_that_called_it_are_not_recorded(tmp_path):
    tool = span("x", 1, operation__name="execute_tool", agent__name="bo", tool__name="bid",
                tool__call__arguments='{"price": 4}', tool__call__result={"ok": True})  # fmt: skip
    rows = list(read_otlp(saved(tmp_path, export(tool))))
    assert brief(rows) == [(1, "bo", "tool", "bid(price=4)"), (1, "bo", "observation", {"tool.bid": '{"ok": true}'})]
    assert rows[0][1].facts["bid.price"] == 4


OLDER = {
    "events of spans": span("s", 1, events=[
        ("gen_ai.system.message", {"content": "be kind"}), ("gen_ai.user.message", {"content": '{"x": 1}'}),
        ("gen_ai.choice", {"index": 0, "message": json.dumps({"content": "yes"})})], system="m"),
    "prompt and completion": span("s", 1, events=[
        ("gen_ai.content.prompt", {"gen_ai.prompt": json.dumps([{"role": "system", "content": "be kind"},
                                                                {"role": "user", "content": '{"x": 1}'}])}),
        ("gen_ai.content.completion", {"gen_ai.completion": "yes"})], system="m"),
    "numbered attributes": span("s", 1, prompt__0__role="system", prompt__0__content="be kind", prompt__1__role="user",
                                prompt__1__content='{"x": 1}', completion__0__content="yes"),
}  # fmt: skip


@pytest.mark.parametrize("form", OLDER)
def test_older_conventions(tmp_path, form):
    rows = read_otlp(saved(tmp_path, export(OLDER[form])))
    assert brief(rows) == [
        (1, "assistant", "observation", {"system": "be kind"}),
        (1, "user", "message", '{"x": 1}'),
        (1, "assistant", "message", "yes"),
    ]


def test_log_records_belong_to_the_agent_of_their_span(tmp_path):
    record = {"traceId": "t1", "spanId": "s", "timeUnixNano": "2000000000", "body": value({"content": "hi"})}
    asked = {**record, "eventName": "gen_ai.user.message"}
    said = {
        **record,
        "attributes": attributes({"event.name": "gen_ai.choice"}),
        "body": value({"message": {"content": "yes"}}),
    }
    detail = {**record, "eventName": "gen_ai.client.inference.operation.details", "body": None,
              "attributes": attributes({"gen_ai.output.messages": [parts("assistant", text("more"))]})}  # fmt: skip
    whole = {**export(span("s", 1, agent__name="ann")), **logs(asked, said, detail)}
    rows = list(read_otlp(saved(tmp_path, whole)))
    assert brief(rows) == [(2, "user", "message", "hi"), (3, "ann", "message", "yes"), (4, "ann", "message", "more")]


def test_agents_talk_in_one_conversation_and_in_order_of_time(tmp_path):
    ann = span(
        "a", 1, trace="t1", conversation__id="q", agent__name="ann", output__messages=[parts("assistant", text("A"))]
    )
    bob = span("b", 2, trace="t2", conversation__id="q", agent__name="bob", input__messages=[parts("user", text("A"))],
               output__messages=[parts("assistant", text("B"))])  # fmt: skip
    log = open_log(saved(tmp_path, export(bob, ann)))
    assert (log["agent"][0], log["message"][0], log.row[0]) == ("ann", "A", 2)
    log = open_log(saved(tmp_path, export(ann, bob)))
    assert [(e.agent, e.message) for e in log.events()] == [("ann", "A"), ("bob", "B")]
    assert set(log.episode.tolist()) == {0}


def test_spans_that_are_each_others_parents_end(tmp_path):
    one, two = span("a", 1, "b", completion__0__content="x"), span("b", 1, "a")
    assert brief(read_otlp(saved(tmp_path, export(one, two)))) == [(1, "assistant", "message", "x")]


WRONG = [
    {"traceId": 3},
    {"startTimeUnixNano": "soon"},
    {"attributes": {"a": 1}},
    {"attributes": [{"key": 3}]},
    {"attributes": [{"key": "gen_ai.x", "value": "plain"}]},
    {"attributes": [{"key": "gen_ai.x", "value": {"intValue": "1.5"}}]},
    {"attributes": [{"key": "gen_ai.x", "value": {"stringValue": 3}}]},
    {"attributes": [{"key": "gen_ai.x", "value": {"kvlistValue": {"values": [3]}}}]},
    {"events": [3]},
    {"attributes": attributes({"gen_ai.output.messages": [{"parts": []}]})},
]


@pytest.mark.parametrize("change", WRONG)
def test_a_span_that_cannot_be_is_named(tmp_path, change):
    fine = span("s", 1, completion__0__content="x")
    with pytest.raises(InputError, match=r"Span 2 of trace\.json"):
        list(read_otlp(saved(tmp_path, export(fine, {**fine, **change}))))
