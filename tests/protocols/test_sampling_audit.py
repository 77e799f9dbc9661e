"""Spot checks: Becker's threshold, and an inspector that would rather not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.audits.honesty import honesty
from ostrom.audits.model_check import model_check
from ostrom.protocols import SamplingAudit


@settings(max_examples=25, deadline=None)
@given(odds=st.floats(0.01, 0.99), gain=st.floats(0.1, 5), penalty=st.floats(0, 10), n=st.integers(1, 2))
def test_what_a_lie_brings(odds, gain, penalty, n):
    found = honesty(SamplingAudit(claimants=n, odds=odds, gain=gain, penalty=penalty))
    expected = (1 - odds) * gain - odds * penalty
    assert found.gains[("claimant 1",)] == pytest.approx(max(expected, 0), abs=1e-6)


def test_the_threshold():
    assert honesty(SamplingAudit(odds=0.25, gain=1.0, penalty=3.0)).verdict == "proved"
    assert honesty(SamplingAudit(odds=0.24, gain=1.0, penalty=3.0)).verdict == "refuted"


def test_an_inspector_saves_its_effort_when_nobody_lies():
    found = honesty(SamplingAudit(inspector=True, cost=0.4))
    assert found.gains[("inspector",)] == pytest.approx(0.25 * 0.4)
    assert honesty(SamplingAudit(inspector=True, cost=0.0)).verdict == "proved"
    together = honesty(SamplingAudit(inspector=True, cost=0.0), 2).gains[("claimant 1", "inspector")]
    assert together == pytest.approx(1.0)  # a lie that is sure to pass


def test_a_sample_does_not_find_every_lie():
    protocol = SamplingAudit(claimants=2)
    assert model_check(protocol).verdict == "proved"
    passes = model_check(protocol, 1, kinds=("lie",)).claims[1]
    assert passes.verdict == "refuted"
    assert protocol.pays(protocol.follow(passes.witness["trace"]))[0] == 1.0
    assert model_check(SamplingAudit(claimants=2, odds=1.0), 1, kinds=("lie",)).verdict == "proved"
