"""`ostrom design WORLD`: the plan first, what goes together, and (slow) a whole run."""

import json

import pytest

pytest.importorskip("jax")


def test_what_is_about_games_is_refused_in_worlds(refused):
    assert "--fine is about games" in refused("design", "lake", "--fine", "3")


def test_what_is_about_worlds_is_refused_in_games(refused):
    assert "--steps is about worlds" in refused("design", "prisoners_dilemma", "--steps", "1000")


def test_nobody_without_a_name_has_anything(refused):
    assert "buyers=surplus" in refused("design", "pricing", "--bystander", "buyers")


def test_a_budget_that_is_too_small_is_refused_before_anything_is_trained(ostrom):
    done = ostrom("design", "lake", "--among", "tax", "--on", "harvest", "--steps", "100")
    assert done.exit_code == 2
    assert "too few" in done.stderr


def test_names_may_stand_together(ostrom):
    done = ostrom("design", "prisoners_dilemma", "--among", "tax,fines")
    assert done.exit_code == 0
    assert "tax" in done.stdout
    assert "fines" in done.stdout


@pytest.mark.slow
def test_a_whole_run(ostrom, here):
    given = ("design", "lake", "players=2", "horizon=20", "--among", "quota", "--on", "harvest", "--steps", "300000")
    done = ostrom(*given, "--seeds", "2", "-o", "lake.json", "-o", "lake.html", "--replay", "replay.html")
    assert done.exit_code == 0, done.stderr
    assert done.stderr.startswith("Plan: ")
    assert "About " in done.stderr
    assert "Quota(on='harvest'" in done.stdout
    assert json.loads((here / "lake.json").read_text())["kind"] == "world design"
    assert "told, not enforced" in (here / "lake.html").read_text()
    assert "Doing nothing" in (here / "replay.html").read_text()
