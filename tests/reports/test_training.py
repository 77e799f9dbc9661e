"""The page on a training: its numbers are means of what was measured, and nothing is said where there is nothing."""

from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest

from ostrom.reports.html import html
from ostrom.reports.svg import svg
from ostrom.reports.text import text
from ostrom.reports.training import _clear, training


class Pond:
    """Three seats of a world."""

    ground = SimpleNamespace(players=("ann", "bob", "<b>cid</b>"))
    measures: ClassVar = {"harvest": "fish"}


class Rule:
    """A player that learns."""


def run(seeds=2, lessons=40, first=0):
    """Returns that rise by 1 in each lesson, 100 more in each seed and 1000 more for each seat; none in `first`."""
    lesson, seed, seat = np.ix_(range(lessons), range(seeds), range(3))
    returns = (lesson + 100.0 * seed + 1000 * seat).transpose(1, 0, 2)
    returns[:, :first] = np.nan
    metrics = {
        "payoff": returns / 10,
        "return": returns,
        "fact harvest": np.full((seeds, lessons, 3), 2.0),
        "fact zaps": np.zeros((seeds, lessons, 3)),
        "rule loss": np.full((seeds, lessons), 0.5),
    }
    return SimpleNamespace(
        world=Pond(), groups=((Rule(), (0, 1, 2)),), metrics=metrics, seed=3, seeds=seeds, steps=lessons * 10
    )


def tables(page):
    return {block.caption: block for section in page.sections for block in section.blocks if hasattr(block, "rows")}


def test_first_and_last_are_means_over_a_tenth():
    page = training(run())
    rows = tables(page)["Returns of an episode"].rows
    assert [row[0] for row in rows[:2]] == ["ann", "bob"]
    np.testing.assert_allclose(
        [row[1:] for row in rows], [[51.5 + k, 87.5 + k, 37.5 + k, 137.5 + k] for k in (0, 1e3, 2e3)]
    )
    assert "rose from 1,052 to 1,088 (between 1,038 and 1,138 by seed at the end)" in page.lead
    assert page.title == "Training in Pond"


def led(returns, seeds=2):
    """What is said first of these mean returns, `[K, lessons]`."""
    returns = np.repeat(np.asarray(returns, float)[..., None], 3, axis=-1)
    one = run(seeds, returns.shape[1])
    one.metrics["return"] = returns
    return training(one).lead


def test_returns_move_only_beyond_lessons_and_seeds():
    dice = np.random.default_rng(0)
    noise, rise = dice.normal(size=(2, 100)), np.linspace(0, 1, 100)
    assert "rose from" in led(noise + 9 * rise)
    assert "fell from" in led(noise - 9 * rise)
    said = led(noise)
    assert "hardly moved: from" in said
    assert said.endswith("no more than it varies from lesson to lesson and from seed to seed.")
    assert led(noise[:1], 1).endswith("no more than it varies from lesson to lesson.")
    assert "hardly moved" in led([9 * rise, -3 * rise])  # one seed rose, the other fell
    assert "stayed at 2" in led(np.full((2, 100), 2.0))
    jump = np.where(rise < 0.5, 0.0, 1.0)
    assert "rose from 0 to 1" in led([jump, jump])


def test_chance_is_rarely_called_a_move():
    dice = np.random.default_rng(1)
    called = [_clear(dice.normal(size=(2, 60, 1))) for _ in range(400)]
    assert 0 < np.mean(called) < 0.06


def test_lessons_before_the_first_episode_has_ended_do_not_count():
    rows = tables(training(run(first=20)))["Returns of an episode"].rows
    assert rows[0][1:3] == (70.5, 88.5)
    nothing = training(run(first=40))
    assert "no episode had ended yet" in nothing.lead
    assert not [picture for picture in nothing.pictures() if "Return of" in picture.caption]


def test_the_curve_has_a_line_and_a_band_for_each_seat():
    page = training(run(lessons=1000))
    curve = next(page.pictures())
    kinds = [layer["mark"]["type"] for layer in curve.chart["layer"]]
    assert kinds == ["area", "line", "text"] * 3
    points = curve.chart["layer"][0]["data"]["values"]
    assert len(points) == 100
    assert points[0] == {"steps": 100, "mean": 54.5, "low": 4.5, "high": 104.5}
    assert points[-1]["steps"] == 10_000
    assert "lowest to the highest of 2 seeds" in curve.caption
    heights = [layer["data"]["values"][0]["mean"] for layer in curve.chart["layer"] if layer["mark"]["type"] == "text"]
    assert heights == sorted(heights)


def test_names_of_lines_never_lie_on_each_other():
    close = run()
    close.metrics["return"] = np.broadcast_to(np.arange(40.0)[:, None] + np.array([0, 0.01, 0.02]), (2, 40, 3))
    layers = next(training(close).pictures()).chart["layer"]
    heights = [layer["data"]["values"][0]["mean"] for layer in layers if layer["mark"]["type"] == "text"]
    assert min(np.diff(heights)) > 39 * 14 / 220


def test_one_seed_has_no_band_and_many_seats_one_line():
    page = training(run(seeds=1))
    assert all(layer["mark"]["type"] != "area" for layer in next(page.pictures()).chart["layer"])
    assert "band" not in next(page.pictures()).caption
    crowd = run()
    crowd.world = SimpleNamespace(ground=SimpleNamespace(players=tuple(map(str, range(6)))), measures={})
    crowd.metrics["return"] = np.repeat(crowd.metrics["return"], 2, axis=-1)
    assert "all 6 seats" in next(training(crowd).pictures()).caption


def test_facts_and_what_learners_tell():
    page = training(run())
    assert tables(page)["Per step and seat, as means over all seats"].rows == (
        ("harvest (fish)", 2.0, 2.0),
        ("zaps", 0.0, 0.0),
    )
    assert tables(page)["What the learners tell, as means over seeds"].rows == (("rule loss", 0.5, 0.5),)
    captions = [picture.caption for picture in page.pictures() if "per step and seat" in picture.caption]
    assert len(captions) == 1  # none of what there is none of
    assert captions[0].startswith("Harvest (fish) per step and seat.")


@pytest.mark.parametrize("form", [html, svg, text])
def test_every_form_shows_it_and_names_do_no_harm(form):
    page = training(run(), {"world": "a <pond>"}, "a pond & more")
    shown = form(page)
    assert form(page) == shown
    if form is not text:
        assert "<b>cid" not in shown
        assert "a pond &amp; more" in shown
