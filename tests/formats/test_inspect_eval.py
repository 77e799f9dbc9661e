"""Logs of Inspect: what its samples become, by its shapes, and by its own writer where that is installed."""

import sys
import zipfile
from datetime import UTC, datetime, timedelta
from types import ModuleType, SimpleNamespace

import pytest

from ostrom import InputError
from ostrom.core.errors import TooLarge
from ostrom.formats import inspect_eval
from ostrom.formats.inspect_eval import read_inspect_eval, recognises
from ostrom.formats.log import BrokenLog, open_log

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def message(role, text, calls=(), **more):
    calls = [SimpleNamespace(id=id, function=name, arguments=given) for id, name, given in calls]
    return SimpleNamespace(role=role, text=text, tool_calls=calls, **more)


def model(span, heard, *said, second=0, role=None):
    output = SimpleNamespace(
        choices=[SimpleNamespace(message=one) for one in said], usage=SimpleNamespace(output_tokens=7, input_tokens=3)
    )
    begun = NOON + timedelta(seconds=second)
    return SimpleNamespace(event="model", span_id=span, input=heard, output=output, role=role, model="m",
                           timestamp=begun, completed=begun + timedelta(seconds=0.5))  # fmt: skip


def begin(id, parent=None, type=None, name="x"):
    return SimpleNamespace(event="span_begin", id=id, parent_id=parent, type=type, name=name)


def sample(id, events, messages=(), scores=None, error=None, **metadata):
    scores = {name: SimpleNamespace(value=value) for name, value in (scores or {}).items()}
    error = error and SimpleNamespace(message=error)
    return SimpleNamespace(
        id=id, epoch=1, events=events, messages=list(messages), scores=scores, metadata=metadata, error=error
    )


def talk():
    user, sold = message("user", "sell"), message("assistant", "10?")
    bid = message("assistant", "", [("c", "bid", {"price": 9})])
    told = message("tool", "accepted", tool_call_id="c", function="bid")
    return [
        begin("root"), begin("a", "root", "agent", "seller"), begin("inner", "a"), model("inner", [user], sold),
        begin("b", "root", "agent", "buyer"), model("b", [message("user", "10?")], bid, second=1),
        model("b", [message("user", "10?"), bid, told], message("assistant", "bye"), second=2),
        SimpleNamespace(event="score"),
    ]  # fmt: skip


@pytest.fixture
def install(monkeypatch, tmp_path):
    """`install(samples)`: a stand-in for Inspect that reads these from the path that it returns."""

    def made(samples):
        logs = ModuleType("inspect_ai.log")
        logs.read_eval_log_samples = lambda path, **options: iter(samples)
        monkeypatch.setitem(sys.modules, "inspect_ai", ModuleType("inspect_ai"))
        monkeypatch.setitem(sys.modules, "inspect_ai.log", logs)
        with zipfile.ZipFile(tmp_path / "log.eval", "w") as archive:
            archive.writestr("header.json", "{}")
        return tmp_path / "log.eval"

    return made


def brief(rows):
    return [(row, e.episode, e.t, e.agent, e.channel, e.message or e.action or e.observation) for row, e in rows]


def test_agents_of_a_sample(install):
    path = install([sample("s1", talk(), scores={"won": 1.0, "grade": "C"}, cost=4)])
    assert recognises(path)
    rows = list(read_inspect_eval(path))
    assert brief(rows) == [
        (1, 0, 0, "user", "message", "sell"),
        (1, 0, 1, "seller", "message", "10?"),
        (1, 0, 2, "buyer", "tool", "bid(price=9)"),
        (1, 0, 3, "buyer", "observation", {"tool.bid": "accepted"}),
        (1, 0, 4, "buyer", "message", "bye"),
        (1, 0, 5, "", "scored", None),
    ]
    where = {"cost": 4, "sample": "s1", "epoch": 1}
    assert rows[1][1].facts == {
        **where, "time": NOON.timestamp() + 0.5, "latency": 0.5, "model": "m", "tokens": 7, "tokens_read": 3
    }  # fmt: skip
    assert rows[4][1].observation == {"tool.bid": "accepted"}
    assert rows[5][1].payoff == 1.0
    assert rows[5][1].facts == {**where, "score.won": 1.0, "score.grade": "C"}


def test_messages_where_the_transcript_has_no_calls_and_a_role_where_there_is_no_agent(install):
    plain = sample(1, [], [message("user", "hi"), message("assistant", "yes")], error="stopped")
    role = sample(2, [model("x", [], message("assistant", "ok"), role="judge")])
    assert brief(read_inspect_eval(install([plain, role]))) == [
        (1, 0, 0, "user", "message", "hi"),
        (1, 0, 1, "assistant", "message", "yes"),
        (1, 0, 2, "", "scored", None),
        (2, 1, 0, "judge", "message", "ok"),
        (2, 1, 1, "", "scored", None),
    ]


def test_a_damaged_log_is_said_in_inspects_words_and_nothing_is_lost(install):
    def samples():
        yield sample(1, talk())
        raise KeyError("summaries.json")

    with pytest.raises(BrokenLog, match=r"log\.eval cannot be read: KeyError: 'summaries\.json'") as caught:
        open_log(install(samples()))
    assert len(caught.value.log) == 6


def test_archives_that_are_none_or_unpack_without_end(install, tmp_path, monkeypatch):
    path = install([])
    (tmp_path / "broken.eval").write_bytes(path.read_bytes()[:-5])
    with pytest.raises(InputError, match=r"broken\.eval cannot be read"):
        open_log(tmp_path / "broken.eval")
    monkeypatch.setattr(inspect_eval, "UNPACKED", 1)
    with pytest.raises(TooLarge, match=r"log\.eval unpacks to"):
        open_log(path)


def test_without_inspect_its_name_is_said(install, monkeypatch):
    path = install([])
    monkeypatch.setitem(sys.modules, "inspect_ai.log", None)
    with pytest.raises(InputError, match="pip install inspect_ai"):
        open_log(path)


def test_a_log_that_inspect_wrote(tmp_path):
    log = pytest.importorskip("inspect_ai.log")
    from inspect_ai.dataset import MemoryDataset, Sample
    from inspect_ai.model import ChatMessageAssistant, ChatMessageUser, ModelOutput

    spec = log.EvalSpec(
        created=NOON.isoformat(),
        task="t",
        dataset=log.EvalDataset(sample_ids=[1, 2]),
        model="m",
        config=log.EvalConfig(),
    )
    samples = [
        log.EvalSample(id=k, epoch=1, input="hi", target="x", output=ModelOutput.from_content("m", f"yes {k}"),
                       messages=[ChatMessageUser(content="hi"), ChatMessageAssistant(content=f"yes {k}")])
        for k in (1, 2)
    ]  # fmt: skip
    assert MemoryDataset([Sample(input="hi")])
    log.write_eval_log(log.EvalLog(eval=spec, status="success", samples=samples), str(tmp_path / "log.eval"))
    found = open_log(tmp_path / "log.eval")
    assert found.on("message").tolist() == [0, 1, 3, 4]
    assert [found["message"][k] for k in (1, 4)] == ["yes 1", "yes 2"]
    assert found.row.tolist() == [1, 1, 1, 2, 2, 2]
