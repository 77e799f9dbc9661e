import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.core.forms.bayesian import Bayesian
from ostrom.diagnosis.disclosure import disclosure
from ostrom.games import Chicken, SecurityDilemma


def court():
    return Bayesian(
        [[[1.0], [0.0]], [[0.0], [1.0]]],
        [[0.7], [0.3]],
        players=("judge",),
        moves=("acquit", "convict"),
        states=("innocent", "guilty"),
        signals=("nothing",),
    )


def test_a_prosecutor_tells_some_of_it():
    found = disclosure(court(), [[0, 1], [0, 1]], "the prosecutor")
    assert (found.nothing, found.everything, found.best) == pytest.approx((0, 0.3, 0.6), abs=1e-6)
    (finding,) = found.findings
    assert "telling some of it gives up to 0.6" in finding.sentence
    assert "when guilty, to convict" in finding.sentence


def test_who_wants_what_the_judge_wants_tells_all():
    assert "it would tell all" in disclosure(court()).findings[0].sentence


def test_who_wants_an_acquittal_tells_nothing():
    found = disclosure(court(), [[1, 0], [1, 0]], "the defence")
    assert found.best == pytest.approx(1.0)
    assert "it would tell nothing" in found.findings[0].sentence


def test_states_can_be_calmed_by_telling():
    found = disclosure(SecurityDilemma())
    assert found.nothing < found.everything < found.best
    assert "when both peaceful, to (disarm, disarm)" in found.findings[0].sentence


def test_signals_that_say_it_all_leave_nothing_to_tell():
    """Both know the state already: every number is the same game's."""
    table = np.array([[[[3.0, 3.0], [0, 5]], [[5, 0], [1, 1]]], [[[1.0, 1.0], [0, 0]], [[0, 0], [9, 9]]]])
    odds = np.zeros((2, 2, 2))
    odds[0, 0, 0] = odds[1, 1, 1] = 0.5
    found = disclosure(Bayesian(table, odds))
    assert found.nothing == pytest.approx(found.everything, abs=1e-6)


def test_other_games_are_refused():
    with pytest.raises(InputError, match="no states"):
        disclosure(Chicken())
