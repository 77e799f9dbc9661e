"""Which readings stand together: against SciPy, and against the definition of e-BH."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from ostrom.core.errors import DeclarationError
from ostrom.core.reading import Reading, calibrated
from ostrom.monitors._rates import DRAWN, by, e_bh, enough, perhaps, standing


@given(st.lists(st.floats(1e-9, 1), max_size=20), st.floats(0.001, 0.5))
def test_benjamini_yekutieli_is_scipys(p, level):
    wanted = np.flatnonzero(false_discovery_control(p, method="by") <= level) if p else []
    values = np.array(p)
    close = [] if not p else np.abs(false_discovery_control(p, method="by") / level - 1)
    if not len(close) or close.min() > 1e-9:
        assert by(values, level).tolist() == list(wanted)


@given(st.lists(st.floats(0, 1e6), max_size=12), st.floats(0.001, 0.5))
def test_e_bh_by_its_definition(e, level):
    count = len(e)
    largest = max((k for k in range(1, count + 1) if sorted(e, reverse=True)[k - 1] >= count / (k * level)), default=0)
    found = e_bh(np.array(e, float), level)
    assert len(found) >= largest
    if found.size:
        assert min(e[k] for k in found) >= count / (len(found) * level) * (1 - 1e-9)


def test_the_calibrator_has_mean_one():
    edges = np.logspace(-12, 0, 400_001)
    middle = np.sqrt(edges[1:] * edges[:-1])
    mean = sum(calibrated(p) * w for p, w in zip(middle, np.diff(edges), strict=True))
    # what is below 1e-12 adds 1/ln(1e12), the integral of 1/(p ln² p)
    assert mean + 1 / np.log(1e12) == pytest.approx(1, abs=2e-3)


def reading(**more):
    return Reading("test", "Something.", 1.0, "bits", 10, **more)


def test_both_kinds_of_evidence_stand_together():
    strong, weak, bet = reading(p=1e-9), reading(p=0.4), reading(e=1e6)
    assert standing([weak, strong, bet], 0.01) == (strong, bet)
    assert standing([], 0.01) == ()


@pytest.mark.parametrize("more", [{}, {"p": 0.0}, {"p": float("nan")}, {"e": -1.0}, {"p": 0.1, "risks": ("doom",)}])
def test_a_reading_has_to_say_how_strong_it_is(more):
    with pytest.raises(DeclarationError):
        reading(**more)


@pytest.mark.parametrize("readings", [1, 12, 150])
def test_enough_draws_for_one_to_stand_among_many(readings):
    """The least p-value that so many draws give stands beside three times as many readings that show nothing."""
    draws = enough(readings, 0.05)
    p = np.r_[1 / (draws + 1), np.ones(readings - 1)]
    assert 0 in by(p, 0.05 / 4)
    assert 0 not in by(np.r_[5 / draws, np.ones(readings - 1)], 0.05 / 4)


def test_draws_are_bounded():
    assert enough(1, least=9999) == 9999
    assert enough(10**6) == DRAWN


def test_a_likely_effect_is_said_to_be_likely():
    assert perhaps("What ann says moves bob.", 0.01, 0.001) == "It seems that what ann says moves bob."
    assert perhaps("What ann says moves bob.", 0.001, 0.001) == "What ann says moves bob."
    assert perhaps("Ann calls alike.", 0.01, 0.001) == "It seems that Ann calls alike."
