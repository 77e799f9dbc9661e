"""Fines that are paid only sometimes are raised by as much, and margins give way before money does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import NormalForm, design, games
from ostrom.audits.evasion import Evasion
from ostrom.designers._remedy import Problem


@pytest.mark.parametrize("approach", ["fines", "tax", "balanced", "contract"])
def test_what_is_written_down_is_what_is_expected_over_the_chance(approach):
    sure, half = (design(games.PrisonersDilemma(), among=[approach], detection=p).best for p in (1.0, 0.5))
    assert half.needs.fine == pytest.approx(2 * sure.needs.fine)
    assert "chance of 0.5" in half.sentence
    assert {claim.verdict for claim in half.claims} == {"proved"}
    assert Evasion(detection=0.5)(half.governed, half.target, worth=half.worth)[0].verdict == "proved"
    assert Evasion(detection=0.3)(half.governed, half.target, worth=half.worth)[0].verdict == "refuted"


def test_promises_need_no_detection():
    sure, half = (design(games.PrisonersDilemma(), among=["promises"], detection=p).best for p in (1.0, 0.5))
    assert half.needs == sure.needs or vars(half.needs) == vars(sure.needs)


@settings(max_examples=10)
@given(st.integers(0, 1000), st.sampled_from([1.0, 0.5, 0.2]))
def test_the_fine_limit_is_what_anybody_is_made_to_pay(seed, chance):
    """Whatever is proposed stays within the limit; and nothing is called impossible that the limit allows with room."""
    table = np.random.default_rng(seed).integers(0, 10, (3, 3, 2)).astype(float)
    game = NormalForm(table)
    place = Problem(game).target()
    columns = enumerate(np.moveaxis(table, -1, 0))
    gain = max(float((column.max(axis=i, keepdims=True) - column)[place]) for i, column in columns)
    found = design(game, among=["fines"], fine=(gain + 0.5) / chance, detection=chance, seconds=1.0)
    if found.best is not None:
        assert found.best.needs.fine <= (gain + 0.5) / chance + 1e-9
    assert not [one for one in found.impossible if "the most there is" in one.because]


def test_the_margin_gives_way_and_that_is_said():
    found = design(games.PrisonersDilemma(), among=["fines"], fine=2.1)
    assert found.best.target == ("C", "C")
    assert found.best.needs.fine <= 2.1
    assert "margin is 1 %" in found.best.sentence
    paid = design(games.PrisonersDilemma(), among=["promises"], budget=4.2)
    assert paid.best.needs.cost <= 4.2
    assert "margin is 1 %" in paid.best.sentence


def test_one_equilibrium_is_found_out_where_it_was_not_claimed():
    found = design(games.StagHunt(), among=["learner-proof restriction", "balanced"], wish=["unique"])
    assert {line.proposal.approach for line in found.lines} == {"learner-proof restriction", "balanced"}
