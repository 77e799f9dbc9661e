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
    """Two agents that talk through their users' role: each text is one row, of the agent who said it; or of nobody."""
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
        (1, "", "message", "begin"),
        (1, "ann", "message", "A1"),
        (2, "bob", "message", "B1"),
        (3, "ann", "message", "A2"),
        (4, "bob", "message", "B2"),
        (5, "", "message", "summary"),
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


def record(agent, *messages, **more):
    return {"metadata": {"agent": agent}, "messages": list(messages), **more}


def in_view(rows, agent="scout"):
    return [e.observation for _, e in rows if e.agent == agent and e.channel in ("message", "tool")]


def test_what_prompts_name_is_in_view_until_the_next_prompt_of_that_role(tmp_path):
    system = {"role": "system", "content": "You are the scout.\nShift = late"}
    asked = user("Stock today: scarce. Give a line, keep it short.")
    calls = [call("look", "{}")]
    said = [assistant(None, tool_calls=calls), assistant("fine"), user("Mood: 3"), assistant("ok")]
    rows = read(tmp_path, record("scout", system, asked, *said))
    late = {"system": system["content"], "system.shift": "late"}
    assert in_view(rows) == [
        {**late, "user.stock_today": "scarce"},
        {**late, "user.stock_today": "scarce"},
        {**late, "user.mood": 3},
    ]
    assert [(e.message, e.receivers) for _, e in rows if not e.agent] == [
        (asked["content"], ("scout",)),
        ("Mood: 3", ("scout",)),
    ]


def test_words_that_vary_in_a_prompt_that_else_stays_are_fields(tmp_path):
    """From the second wording on; the whole prompt is left to the row that shows it where fields say all of it."""
    days = [("scarce", 11), ("plenty", 12), ("scarce", 13)]
    prompts = [f"You are the scout. The port has {stock} goods today, ticket {n}." for stock, n in days]
    rows = read(
        tmp_path, *(record("scout", {"role": "system", "content": text}, assistant("fine")) for text in prompts)
    )
    assert in_view(rows) == [
        {"system": prompts[0]},
        {"system": prompts[1], "system.the_port_has": "plenty", "system.goods_today_ticket": 12},
        {"system.the_port_has": "scarce", "system.goods_today_ticket": 13},
    ]
    assert [e.observation["system"] for _, e in rows if e.channel == "observation"] == prompts


@pytest.mark.parametrize(
    "prompts",
    [
        ["Stock: low. Go.", "Stock: high. Go.", "Stock: low; Go."],
        ["The port is full of ships today.", "The port is free of ships today.", "The port is full! of ships today."],
        [f"Code: {'x' * 300} of the day. Go on, and be kind.", "Code: y of the day. Go on, and be kind."],
    ],
)
def test_the_whole_prompt_stays_in_view_where_fields_leave_something_out(tmp_path, prompts):
    rows = read(
        tmp_path, *(record("scout", {"role": "system", "content": text}, assistant("fine")) for text in prompts)
    )
    assert in_view(rows)[-1]["system"] == prompts[-1]


def test_prompts_of_one_agent_are_not_held_beside_those_of_another_and_free_talk_is_no_template(tmp_path):
    talk = ["How do I cook rice?", "What is the capital of France?", "Is it late?"]
    rows = read(tmp_path, *(record(name, user(text), assistant("x")) for name, text in zip("abc", talk, strict=True)))
    assert not any(e.observation for _, e in rows)
    rows = read(tmp_path, *(record("scout", user(text), assistant("x")) for text in talk))
    assert in_view(rows) == [None] * 3


def test_what_another_agent_said_is_no_secret_of_who_is_told_of_it(tmp_path):
    said = record("bob", assistant("psst"), conversation_id=1)
    rows = read(
        tmp_path, said, record("scout", user("Bob said: psst. Your cost: 3."), assistant("x"), conversation_id=1)
    )
    assert in_view(rows) == [{"user.your_cost": 3}]


def test_a_user_without_a_name_is_a_person_where_nobody_is_named_and_one_with_a_name_always(tmp_path):
    rows = read(tmp_path, {"messages": [user("Cost: 3"), assistant("x")]})
    assert [(e.agent, e.observation) for _, e in rows] == [("user", None), ("assistant", None)]
    rows = read(tmp_path, record("scout", user("Cost: 3", name="eve"), assistant("x")))
    assert [(e.agent, e.observation) for _, e in rows] == [("eve", None), ("scout", None)]


@pytest.mark.parametrize("text", ["a: b\n" * 100_000, "x " * 300_000, ": " * 300_000, "= " * 300_000, "*" * 300_000])
def test_huge_prompts_are_cut_short_and_few_fields_come_of_them(tmp_path, text):
    rows = read(tmp_path, *(record("scout", user(f"{text}{k}"), assistant("x")) for k in range(4)))
    assert all(len(view or ()) <= 1 for view in in_view(rows))
    many = "\n".join(f"name {'abcdefghijklmnopqrstuvwxyz'[k]}: {k}" for k in range(26))
    assert len(in_view(read(tmp_path, record("scout", user(many), assistant("x"))))[0]) == 16


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
