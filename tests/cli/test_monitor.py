"""`ostrom monitor`: a log in, alarms out; watched, gated, and told what is wrong with it."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from ostrom import Event, InputError, Log, Watching, write_events
from ostrom.cli._app import app
from ostrom.cli.monitor import _followed
from ostrom.monitors import Channels


@pytest.fixture(scope="module")
def logs(tmp_path_factory):
    """A log in which Ann's full stop says what it cost, and one in which it says nothing."""
    folder = tmp_path_factory.mktemp("logs")
    for name, told in (("leaky", 1.0), ("tight", 0.0)):
        write_events(_night(told, range(120)), folder / f"{name}.jsonl")
    return folder


def _night(told, episodes):
    rng = np.random.default_rng(3)
    for night in range(max(episodes) + 1):
        cost, other = (("low", "high")[k] for k in rng.integers(2, size=2))
        mark = {"low": ".", "high": "!"}[cost if rng.random() < told else other]
        if night in episodes:
            yield Event(night, 0, "Ann", "message", ("Bob",), {"cost": cost}, message=f"All fine here{mark}")
            yield Event(night, 1, "Bob", "act", observation={"cost": "?"}, action="buy")


def test_what_leaks_is_said_with_its_numbers(ostrom, logs, tmp_path):
    done = ostrom("monitor", logs / "leaky.jsonl", "--only", "channels", "-o", tmp_path / "seen.json")
    assert done.exit_code == 0, done.output
    assert "Ann" in done.stdout
    assert "1 alarm stands" in done.stdout
    seen = json.loads((tmp_path / "seen.json").read_text(encoding="utf-8"))
    assert seen["kind"] == "monitoring"
    (alarm,) = [one for one in seen["readings"] if one["alarm"]]
    assert alarm["who"][0] == "Ann"
    assert alarm["effect"] > 0.8


def test_what_does_not_leak_is_left_alone(ostrom, logs):
    done = ostrom("monitor", logs / "tight.jsonl", "--only", "channels", "--gate")
    assert done.exit_code == 0, done.output
    assert "no alarm" in done.stdout


def test_gate(ostrom, logs):
    assert ostrom("monitor", logs / "leaky.jsonl", "--only", "channels", "--gate").exit_code == 1


def test_the_same_seed_the_same_bytes(ostrom, logs, tmp_path):
    for name in ("one.html", "two.html"):
        ostrom("monitor", logs / "leaky.jsonl", "--only", "channels", "--seed", "5", "-o", tmp_path / name)
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_a_file_that_grows_is_watched(ostrom, tmp_path):
    path = tmp_path / "live.jsonl"
    write_events(_night(1.0, range(10)), path)

    def write():
        for start in range(10, 400, 30):
            time.sleep(0.02)
            rows = "".join(event.to_json() + "\n" for event in _night(1.0, range(start, start + 30)))
            with path.open("a", encoding="utf-8") as log:
                log.write(rows)

    writer = threading.Thread(target=write)
    writer.start()
    done = ostrom("monitor", path, "--only", "channels", "--watch", "--idle", "3")
    writer.join()
    assert done.exit_code == 0, done.output
    assert "Alarm: What Ann says" in done.stderr
    assert "e = " in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.jsonl"], "No such file"),
        (["LOG", "--level", "2"], "The level is 2"),
        (["LOG", "--idle", "3"], "without --watch"),
        (["LOG", "--only", "chanels"], "channels"),
        (["LOG", "--map", "cost"], "no column and field"),
        (["LOG", "--private", "coast", "--only", "channels"], r"observation.cost"),
        (["LOG", "--format", "parquett"], "format"),
        (["LOG", "--level", "1e-320"], "The level is"),
        (["LOG", "--only", "collusion"], "needs more than a log"),
        ([""], "No path was given"),
    ],
)
def test_misuse_is_said_in_words(ostrom, logs, arguments, said):
    done = ostrom("monitor", *[logs / "leaky.jsonl" if one == "LOG" else one for one in arguments])
    assert done.exit_code == 2, done.output
    assert said in done.stderr


def test_a_broken_line_is_named(ostrom, logs, tmp_path):
    broken = tmp_path / "broken.jsonl"
    lines = (logs / "leaky.jsonl").read_text(encoding="utf-8").splitlines()
    broken.write_text("\n".join([*lines[:6], lines[6][:20], *lines[7:]]), encoding="utf-8")
    done = ostrom("monitor", broken, "--only", "channels")
    assert done.exit_code == 2
    assert "Line 7 of broken.jsonl" in done.stderr


def test_it_is_one_of_the_verbs():
    assert "monitor" in {command.name or command.callback.__name__ for command in app.registered_commands}


def test_what_a_log_says_does_not_reach_the_terminal_as_it_is(ostrom, tmp_path):
    path = tmp_path / "loud.jsonl"
    write_events((replace(row, agent=f"{row.agent}\x1b[31m\x07\u202e") for row in _night(1.0, range(400))), path)
    done = ostrom("monitor", path, "--only", "channels", "--watch", "--idle", "0.05")
    assert done.exit_code == 0, done.output
    assert "Alarm: " in done.stderr
    assert not {"\x1b", "\x07", "\u202e"} & {*done.stderr, *done.stdout}


def test_files_are_written_before_the_report_is_printed(logs, tmp_path):
    """Who reads the report may stop reading."""
    command = [sys.executable, "-m", "ostrom", "monitor", str(logs / "tight.jsonl"), "--only", "channels"]
    for stdout in ("pipe", "full"):
        path = tmp_path / f"{stdout}.json"
        reader, writer = os.pipe()
        os.close(reader)
        with open("/dev/full", "w") as full:
            out = writer if stdout == "pipe" else full
            errors = subprocess.run([*command, "-o", str(path)], stdout=out, stderr=subprocess.PIPE, text=True).stderr
        os.close(writer)
        assert json.loads(path.read_text(encoding="utf-8"))["kind"] == "monitoring"
        assert "should not have happened" not in errors
        assert "Traceback" not in errors


def test_a_watch_that_is_stopped_as_a_service_is_leaves_its_report(logs, tmp_path):
    path = tmp_path / "seen.json"
    command = [sys.executable, "-m", "ostrom", "monitor", str(logs / "leaky.jsonl"), "--only", "channels", "--watch"]
    with subprocess.Popen(
        [*command, "-o", str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        said = process.stderr.readline()
        while said and "Alarm" not in said:
            said = process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        process.stderr.read()
    assert process.returncode == 0
    assert json.loads(path.read_text(encoding="utf-8"))["readings"]


def test_a_watch_that_is_ended_by_its_file_keeps_what_was_seen():
    def blocks():
        yield Log.of(_night(1.0, range(300)))
        raise InputError("The file is gzipped now.")

    watching = Watching([Channels(rounds=999)])
    seen, ended = _followed(watching, blocks())
    assert seen.size[0] == 600
    assert seen.alarms
    assert "gzipped" in str(ended)


def test_a_watch_that_ends_before_anything_was_read_is_an_error():
    def blocks():
        raise InputError("The file is gzipped.")
        yield

    with pytest.raises(InputError, match="gzipped"):
        _followed(Watching([Channels(rounds=999)]), blocks())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name are not of this system")
def test_a_pipe_is_no_file_to_follow(ostrom, tmp_path):
    os.mkfifo(tmp_path / "pipe.jsonl")
    done = ostrom("monitor", tmp_path / "pipe.jsonl", "--watch", "--idle", "1")
    assert done.exit_code == 2
    assert "plain file" in done.stderr


def test_fields_of_every_monitor_can_be_named(ostrom, logs):
    for only in ("influence:heard=cost", "working_channel:private=cost", "glossary:fields=(cost)"):
        assert ostrom("monitor", logs / "leaky.jsonl", "--only", only).exit_code == 0


@pytest.mark.parametrize(
    ("content", "more", "said"),
    [
        (b"", (), "is empty"),
        ("agent,said\na,b\n".encode("utf-16"), (), "Save it as UTF-8"),
        (b'{"a": "' + b"x" * (1 << 20) + b'"}\n', (), "longer than the 1 MB"),
        (b'{"a": 1}\n', ("--map", "a=agent"), "is JSON, no table"),
        (b"who,what\nann,hello\n", (), "--map COLUMN=FIELD"),
    ],
)
def test_what_is_odd_about_a_file_is_said(refused, tmp_path, content, more, said):
    path = tmp_path / "log.txt"
    path.write_bytes(content)
    assert said in refused("monitor", path, *more)


def test_agents_who_say_too_little_are_counted(ostrom, tmp_path):
    rows = [Event(0, k, f"agent {k // 19}", "message", message="hm") for k in range(190)]
    write_events(rows, tmp_path / "log.jsonl")
    assert "10 of 10 agents with fewer than 20 rows" in ostrom("monitor", tmp_path / "log.jsonl").stdout


def test_a_watch_may_begin_before_anything_is_written(ostrom, logs, tmp_path):
    path = tmp_path / "log.jsonl"
    path.touch()
    writer = threading.Timer(0.3, lambda: path.write_bytes((logs / "leaky.jsonl").read_bytes()))
    writer.start()
    done = ostrom("monitor", path, "--only", "channels", "--watch", "--idle", "2")
    writer.join()
    assert "1 alarm" in done.stdout, done.output
