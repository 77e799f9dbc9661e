"""Runs of a common pool: GovSim's own records, folders of them, and results by condition and seed."""

import json
from collections import Counter

import pytest

from ostrom import InputError
from ostrom.formats.govsim import read_govsim, recognises
from ostrom.formats.log import open_log


def harvest(agent, t, wanted, got, before=100, after=None):
    more = {} if after is None else {"resource_in_pool_after_harvesting": after}
    return {"agent_id": agent, "round": t, "action": "harvesting", "resource_in_pool_before_harvesting": before, **more,
            "concurrent_harvesting": True, "resource_collected": got, "wanted_resource": wanted,
            "html_interactions": "<p>…</p>", "utterance": None}  # fmt: skip


RUN = [
    harvest("persona_0", 0, 20, 10, after=80.0),
    harvest("persona_1", 0, 10, 10, after=80.0),
    {"agent_id": "persona_1", "agent_name": "Jane", "round": 0, "action": "utterance", "utterance": "less, please"},
    {"agent_id": "framework", "agent_name": "framework", "round": 0, "action": "conversation_resource_limit",
     "resource_limit": 7},
]  # fmt: skip


def test_the_records_of_a_run(tmp_path):
    (tmp_path / "log_env.json").write_text(json.dumps(RUN))
    rows = list(read_govsim(tmp_path / "log_env.json"))
    assert [(row, e.t, e.agent, e.channel, e.message or e.action, e.payoff) for row, e in rows] == [
        (1, 0, "persona_0", "act", 20, 10),
        (2, 0, "persona_1", "act", 10, 10),
        (3, 0, "persona_1", "message", "less, please", None),
        (4, 0, "", "conversation_resource_limit", None, None),
    ]
    assert rows[0][1].observation == {"pool": 100}
    assert rows[0][1].facts == {"pool_after": 80}
    assert rows[2][1].facts == {"name": "Jane"}
    assert rows[3][1].facts == {"limit": 7}


def test_a_folder_of_runs_has_an_episode_each(tmp_path):
    for name in ("b/run_1", "a/run_2"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "log_env.json").write_text(json.dumps(RUN))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "log_env.json").symlink_to(tmp_path / "b/run_1/log_env.json")
    assert recognises(tmp_path)
    log = open_log(tmp_path)
    assert Counter(log.episode.tolist()) == {0: 4, 1: 4}
    assert log["facts.run"].values == ("a/run_2", "b/run_1")
    assert log.row.tolist() == [1, 2, 3, 4] * 2


def test_results_by_condition_and_seed(tmp_path):
    rounds = [{"round": k, "pool_before": 9 - k, "collected": {"a": 1, "b": 2}, "wanted": {"a": 5}} for k in range(2)]
    results = {
        "plain": {"1": {"trajectories": rounds}, "2": {"trajectories": rounds[:1]}},
        "ruled": {"1": {"trajectories": []}},
    }
    (tmp_path / "runs.json").write_text(json.dumps({"results": results}))
    rows = list(read_govsim(tmp_path / "runs.json"))
    assert [(row, e.episode, e.t, e.agent, e.action, e.payoff) for row, e in rows] == [
        (1, 0, 0, "a", 5, 1),
        (1, 0, 0, "b", 2, 2),
        (2, 0, 1, "a", 5, 1),
        (2, 0, 1, "b", 2, 2),
        (3, 1, 0, "a", 5, 1),
        (3, 1, 0, "b", 2, 2),
    ]
    assert rows[2][1].observation == {"pool": 8}
    assert rows[4][1].facts == {"condition": "plain", "seed": "2"}


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ([RUN[0], {**RUN[1], "round": 0.5}], "Record 2 of log_env.json is of round 0.5"),
        ([RUN[0], {**RUN[1], "agent_id": 3}], "Record 2 of log_env.json is by 3"),
        ([RUN[0], {**RUN[2], "utterance": 3}], "Record 2 of log_env.json has the utterance 3"),
        ({"results": {"x": {"1": {"trajectories": []}}, "y": 3}}, "has 3 as 'y'"),
        ({"results": {"x": {"1": {"trajectories": []}, "2": 3}}}, "has no trajectories"),
        ({"results": {"x": {"1": {"trajectories": [{"round": 0}]}}}}, "does not say who collected what"),
    ],
)
def test_what_cannot_be_is_named(tmp_path, found, words):
    (tmp_path / "log_env.json").write_text(json.dumps(found))
    with pytest.raises(InputError) as caught:
        list(read_govsim(tmp_path / "log_env.json"))
    assert words in caught.value.what


def test_the_published_runs(shared_data):
    """What was collected in all is what the file says it is, round by round."""
    path = shared_data / "llm-commons" / "runs.json"
    found = json.loads(path.read_text())["results"]
    log = open_log(path)
    assert len(set(log.episode.tolist())) == sum(len(seeds) for seeds in found.values()) == 15
    rounds = [one for seeds in found.values() for run in seeds.values() for one in run["trajectories"]]
    assert len(log) == 5 * len(rounds)
    got = dict.fromkeys(range(1, len(rounds) + 1), 0.0)
    for row, payoff in zip(log.row.tolist(), log["payoff"].numbers.tolist(), strict=True):
        got[row] += payoff
    assert list(got.values()) == [one["total_collected"] for one in rounds]
    assert [log["observation.pool"].numbers[k * 5] for k in range(len(rounds))] == [
        one["pool_before"] for one in rounds
    ]
