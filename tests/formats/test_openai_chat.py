"""Chat completions: every message one row, once; who speaks, to whom, with what in view."""

import json

import pytest

from ostrom import InputError
from ostrom.formats.openai_chat import read_openai_chat, recognises


def read(folder, *records, as_list=False):
    path = folder / "chat.jsonl"
    lines = [json.dumps(record) for record in records]
    path.write_text(f"[{','.join(lines)}]" if as_list else "\n".join(lines), encoding="utf-8")
    assert recognises(path)
    return list(read_openai_chat(path))


def brief(rows):
    return [(row, e.agent, e.channel, e.message or e.action or e.observation) for row, e in rows]


def user(text, **more):
    return {"role": "user", "content": text, **more}


def assistant(text, **more):
    return {"role": "assistant", "content": text, **more}


def call(name, arguments, id="c"):
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}


def answered(text, metadata=None, heard=(), **body):
    choices = [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}]
    return {"messages": list(heard), "metadata": metadata or {}, "response": {"choices": choices, **body}}


def test_fine_tuning_form(tmp_path):
    system = {"role": "system", "content": "be kind"}
    rows = read(
        tmp_path, {"messages": [system, user("hi"), assistant("hello")]}, {"messages": [user("x"), assistant("y")]}
    )
    assert brief(rows) == [
        (1, "assistant", "observation", {"system": "be kind"}),
        (1, "user", "message", "hi"),
        (1, "assistant", "message", "hello"),
        (2, "user", "message", "x"),
        (2, "assistant", "message", "y"),
    ]
    assert [e.episode for _, e in rows] == [0, 0, 0, 1, 1]
    assert [e.t for _, e in rows] == [0, 1, 2, 0, 1]
    assert rows[2][1].observation == {"system": "be kind"}
    assert rows[1][1].receivers == ("assistant",)


def test_batch_files_ask_and_answer_under_one_id(tmp_path):
    asked = {
        "custom_id": "r1",
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": {"model": "m", "messages": [user("hi")]},
    }
    body = {"created": 1700000000, "model": "m-1", "usage": {"prompt_tokens": 5, "completion_tokens": 2},
            "choices": [{"index": 0, "message": assistant("yes"), "finish_reason": "stop"}]}  # fmt: skip
    rows = read(tmp_path, asked, {"custom_id": "r1", "response": {"status_code": 200, "body": body}, "error": None})
    assert brief(rows) == [(1, "user", "message", "hi"), (2, "assistant", "message", "yes")]
    assert {e.episode for _, e in rows} == {0}
    assert rows[1][1].facts == {"time": 1700000000, "model": "m-1", "tokens": 2, "tokens_read": 5, "ended": "stop"}


def test_tool_calls_are_moves_and_their_results_are_in_view_of_what_is_said_next(tmp_path):
    calls = [call("bid", '{"price": 3, "item": "a"}', "1"), call("look", "not JSON", "2")]
    told = [{"role": "tool", "tool_call_id": "1", "content": "sold"}]
    rows = read(
        tmp_path,
        {"messages": [user("go"), assistant(None, tool_calls=calls), *told, assistant("done"), assistant("so")]},
    )
    assert brief(rows)[1:] == [
        (1, "assistant", "tool", "bid(item=a, price=3)"),
        (1, "assistant", "tool", "look(not JSON)"),
        (1, "assistant", "observation", {"tool.bid": "sold"}),
        (1, "assistant", "message", "done"),
        (1, "assistant", "message", "so"),
    ]
    assert rows[1][1].facts == {"bid.price": 3}
    assert [e.observation for _, e in rows[4:]] == [{"tool.bid": "sold"}, None]


def test_a_tool_that_sends_a_message_is_a_message_to_whom_it_names(tmp_path):
    calls = [
        call("send", '{"to": "bob", "message": "psst"}'),
        call("tell", '{"recipients": ["a", "b"], "text": "all"}'),
    ]
    odd = [call("send", '{"to": "bob", "message": "x", "price": 1}'), call("send", '{"to": 3, "message": "x"}')]
    rows = read(tmp_path, {"messages": [assistant(None, tool_calls=calls + odd)]})
    assert [(e.channel, e.message, e.receivers) for _, e in rows] == [
        ("message", "psst", ("bob",)),
        ("message", "all", ("a", "b")),
        ("tool", None, ()),
        ("tool", None, ()),
    ]


def test_calls_that_repeat_a_conversation_add_only_what_is_new(tmp_path):
    """Two agents that talk through their users' role: each text is one row, of the agent who said it."""
    ann, bob = ({"conversation_id": "q", "agent": name} for name in ("ann", "bob"))
    rows = read(
        tmp_path,
        answered("A1", ann, [user("begin")]),
        answered("B1", bob, [user("A1")]),
        answered("A2", ann, [user("begin"), assistant("A1"), user("B1")]),
        answered("B2", bob, [user("A1"), assistant("B1"), user("A2")]),
        answered("A3", ann, [user("summary"), user("B2")]),
    )
    assert brief(rows) == [
        (1, "user", "message", "begin"),
        (1, "ann", "message", "A1"),
        (2, "bob", "message", "B1"),
        (3, "ann", "message", "A2"),
        (4, "bob", "message", "B2"),
        (5, "user", "message", "summary"),
        (5, "ann", "message", "A3"),
    ]
    assert {e.episode for _, e in rows} == {0}


def test_other_choices_were_never_said(tmp_path):
    record = answered("one")
    record["response"]["choices"].append({"index": 1, "message": assistant("two")})
    rows = read(tmp_path, {**record, "messages": [user("hi")]}, answered("three", heard=[user("hi")]))
    assert [(e.episode, e.channel, e.message) for _, e in rows] == [
        (0, "message", "hi"),
        (0, "message", "one"),
        (0, "alternative", "two"),
        (1, "message", "hi"),
        (1, "message", "three"),
    ]


def test_names_parts_refusals_and_a_list_of_records(tmp_path):
    parts = [{"type": "text", "text": "see"}, {"type": "image_url", "image_url": {"url": "…"}}, "and say"]
    messages = [
        user(parts, name="eve"),
        assistant(None, name="ann", refusal="no"),
        assistant([{"type": "thinking", "text": "hm"}]),
    ]
    rows = read(tmp_path, {"messages": messages, "metadata": {"secret": 4}}, {"messages": [user("x")]}, as_list=True)
    assert brief(rows) == [
        (1, "eve", "message", "see\n[image_url]\nand say"),
        (1, "ann", "message", "no"),
        (2, "user", "message", "x"),
    ]


def test_metadata_stands_on_what_is_said(tmp_path):
    rows = read(tmp_path, answered("x", {"secret": 4, "arm": "plain", "list": [1]}, created=12))
    assert rows[0][1].facts == {"secret": 4, "arm": "plain", "time": 12, "ended": "stop"}


WRONG = [
    {"messages": [{"content": "x"}]},
    {"messages": ["x"]},
    {"messages": [{"role": "user", "content": [3]}]},
    {"messages": [{"role": "assistant", "tool_calls": [3]}]},
    {"messages": [{"role": "assistant", "tool_calls": {"a": 1}}]},
    {"messages": [{"role": "assistant", "tool_calls": [{"function": {"name": 3}}]}]},
    {"messages": []},
    {"messages": "x"},
    {"choices": [{"text": "x"}]},
    {"choices": [3]},
]


@pytest.mark.parametrize("record", WRONG)
def test_a_record_that_cannot_be_is_named(tmp_path, record):
    with pytest.raises(InputError, match=r"Line 2 of chat\.jsonl"):
        read(tmp_path, {"messages": [user("fine")]}, record)
