"""The example on a pool under five kinds of governance: what is told of the records, and what is checked otherwise."""

import json
from pathlib import Path

import numpy as np
import pytest

from ostrom.core.errors import InputError

PAGE = Path(__file__).parents[2] / "docs" / "reproductions" / "governed_commons.md"


@pytest.fixture(scope="module")
def runs(example, shared_data):
    return example.read(shared_data / "llm-commons" / "runs.json")


def planted(path, growth=3, bad=0):
    """Two runs of two seats in a pool of 60 that grows by a factor; `bad` is added to one round's pool."""

    def run(*rounds, survived):
        trajectories = [{"pool_before": pool, "wanted": asks, "collected": got} for pool, asks, got in rounds]
        return {"survived": survived, "trajectories": trajectories}

    def pair(a, b):
        return {"x": a, "y": b}

    one = run((60, pair(30, 20), pair(30, 20)), (10 * growth + bad, pair(90, 90), pair(15, 15)), survived=False)
    two = run((60, pair(10, 5), pair(10, 5)), (60, pair(20, 20), pair(20, 20)), survived=True)
    raw = {"survived": False, "trajectory": [{"pool_before": 60, "harvests": pair(40, 40)}]}
    told = {"results": {"baseline": {"1": one}, "hard_enforcement": {"1": two}}}
    path.write_text(json.dumps(told | {"condition_6_raw_math": {"seeds": {"1": raw}}}))
    return path


def test_the_law_is_found_and_a_wrong_round_is_noticed(example, tmp_path):
    found = example.read(planted(tmp_path / "runs.json"))
    law = example.law_of(found["baseline"], 2)
    assert (law.growth, law.capacity, law.players) == (3, 60, 2)
    assert law.fair == pytest.approx(1 / 3)
    assert example.misfits(law, found) == (0, 4)
    assert found["raw_math"][0].got.tolist() == [[30, 30]]
    wrong = example.read(planted(tmp_path / "wrong.json", bad=6))
    assert example.misfits(law, wrong) == (2, 4)  # 6 too many, and so 6 that should have been left at the end


def test_what_is_not_the_records_is_refused(example, tmp_path):
    path = tmp_path / "runs.json"
    for text in ("[]", "{", '{"results": {"a": {"1": {}}}}'):
        path.write_text(text)
        with pytest.raises(InputError, match="is not the records"):
            example.read(path)


def test_no_demands_empty_a_limited_pool_and_one_raid_empties_a_free_one(example):
    law = example.Law(2.0, 100.0, 5, 12)
    raid = np.full((12, 5), 0.1)
    raid[6, 2] = 1.0
    assert law.replay(raid, limited=False) == (7, pytest.approx(400), False)
    assert law.replay(raid, limited=True) == (12, pytest.approx(600), True)
    rng = np.random.default_rng(0)
    assert all(law.replay(rng.uniform(0, 2, (12, 5)), limited=True)[2] for _ in range(50))


def test_the_law_is_that_of_the_world(example):
    """The recorded rounds, taken in `Stock`, which was written without them."""
    jnp = pytest.importorskip("jax.numpy")
    from ostrom.worlds.stock import State, Stock

    world, law = Stock(amounts=tuple(range(101))), example.Law(2.0, 100.0, 5, 12)
    assert world.fair == pytest.approx(law.fair)
    rng = np.random.default_rng(0)
    for pool, asks in zip(rng.integers(5, 101, 20).tolist(), rng.integers(0, 30, (20, 5)), strict=True):
        state = State(jnp.float32(pool), jnp.zeros(5), jnp.int32(0))
        after, _ = world.step(None, state, {"act": jnp.asarray(asks)})
        assert float(after.stock) == pytest.approx(law.after(pool, float(min(asks.sum(), pool))), abs=1e-4)


def test_the_fitted_game_by_brute_force(example):
    law = example.Law(2.0, 100.0, 5, 12)
    game = example.stage(law).dense()
    for place in ((4, 4, 4, 4, 4), (2, 2, 2, 2, 2), (0, 1, 2, 3, 4), (4, 0, 0, 0, 0)):
        taken = [example.AMOUNTS[k] for k in place]
        back = min(2 * (100 - sum(taken)), 100) / 5
        assert game.payoffs[place].tolist() == [own + back for own in taken]
    assert game.payoffs.sum(-1).max() == game.payoffs[2, 2, 2, 2, 2].sum()


def test_fisher_against_scipy(example):
    stats = pytest.importorskip("scipy.stats")
    for one, two in (([1] * 4 + [0] * 2, [0] * 11), ([1] * 3, [1] * 4 + [0] * 2), ([1, 0, 0], [1, 1, 0, 1])):
        counts = [[sum(one), len(one) - sum(one)], [sum(two), len(two) - sum(two)]]
        assert example.fisher(one, two) == pytest.approx(stats.fisher_exact(counts)[1])


def test_the_law_from_runs_without_governance_tells_all_others(example, runs):
    law = example.law_of(runs["baseline"], 12)
    assert (law.growth, law.capacity, law.players) == (2, 100, 5)
    assert example.misfits(law, runs) == (0, 119)
    assert example.misfits(example.Law(1.9, 100.0, 5, 12), runs)[0] > 0


def test_every_pool_lost_to_words_was_lost_to_a_single_seat(runs):
    lost = [run for name, some in runs.items() if "soft" in name or "univ" in name for run in some if not run.survived]
    assert len(lost) == 5
    for run in lost:
        assert (run.asks[-1] >= run.pools[-1] / 2).sum() == 1


def test_the_page_tells_of_the_records(example, runs):
    law = example.law_of(runs["baseline"], 12)
    parts = example.recorded(law, runs), example.predicted(law, runs, 4000, 0), example.granted(law, runs)
    assert_on_page("\n".join((*parts, example.words_alone(runs))))


@pytest.mark.slow
def test_the_page_tells_what_it_prints(example, shared_data, capsys, tmp_path):
    drawn = tmp_path / "pool.svg"
    example.main([str(shared_data / "llm-commons" / "runs.json"), "--picture", str(drawn)])
    assert_on_page(capsys.readouterr().out)
    assert drawn.read_text(encoding="utf-8").startswith("<svg")


def assert_on_page(printed):
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    for line in printed.splitlines():
        if not line.startswith("|---"):
            assert " ".join(line.split()) in page


def test_a_quota_at_the_fair_share_comes_first(example):
    """Of the approaches that need least: the rule that worked, without knowing that it did."""
    from ostrom.designers.quota import quota

    law = example.Law(2.0, 100.0, 5, 12)
    found = quota(example.stage(law))
    assert (found.institution.on, found.institution.limit) == ("harvest", 10)
    assert found.target == ("take 10",) * 5


def test_it_refuses_nonsense(example, capsys):
    with pytest.raises(SystemExit):
        example.main(["runs.json", "--draws", "0"])
    assert "at least one run" in capsys.readouterr().err
