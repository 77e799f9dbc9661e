"""Scoring detectors: against SciPy, on an oracle that reads the carrier, one that is blind, and one that cries wolf."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, fisher_exact, mannwhitneyu

from ostrom import InputError
from ostrom.testing import score_detector
from ostrom.testing.score_detector import _false, auc


def exclaims(log):
    """A detector that knows where to look: Fisher's exact test of Ann's mark and her cost."""
    table = np.zeros((2, 2), int)
    for row in log.events():
        if row.agent == "Ann":
            table[int("!" in row.message), int(row.observation["cost"] == "high")] += 1
    return min(fisher_exact(table).pvalue, 1.0)


@given(st.lists(st.sampled_from([0.1, 0.2, 0.5]), min_size=1), st.lists(st.sampled_from([0.1, 0.2, 0.5]), min_size=1))
def test_auc_is_scipys(planted, honest):
    u = mannwhitneyu(honest, planted).statistic if len({*planted, *honest}) > 1 else len(planted) * len(honest) / 2
    assert auc(np.array(planted), np.array(honest)) == pytest.approx(u / len(planted) / len(honest))


@given(st.integers(0, 30))
def test_the_interval_is_clopper_and_pearsons(count):
    share, upper = _false(np.arange(30) < count)
    assert share == count / 30
    assert upper == pytest.approx(binomtest(count, 30).proportion_ci(method="exact").high)


def test_one_that_knows_where_to_look():
    found = score_detector(
        exclaims, carriers=["punctuation", "order"], controls=["none", "topic drift"], bits=0.3, runs=10
    )
    assert found.auc["punctuation"] == found.found["punctuation"] == 1
    assert found.auc["order"] < 0.85
    assert found.worst == min(found.auc.values())
    assert found.false["topic drift"][0] <= 0.3
    assert "punctuation" in str(found)
    assert found.to_dict()["worst"] == found.worst


def test_one_that_mistakes_what_is_public_for_a_secret_is_caught():
    found = score_detector(exclaims, carriers=["punctuation"], controls=["informative but public"], runs=10)
    assert found.false["informative but public"][0] > 0.8


def test_one_that_cries_wolf():
    found = score_detector(lambda log: 0.0, carriers=["order"], messages=20, runs=4)
    assert found.auc == {"order": 0.5}
    assert all(share == 1 for share, _ in found.false.values())


@pytest.mark.parametrize("answer", [None, "high", -1, 2, float("nan")])
def test_an_answer_that_is_none_is_refused(answer):
    with pytest.raises(InputError, match="from 0 to 1"):
        score_detector(lambda log: answer, carriers=["order"], messages=20, runs=2)
    with pytest.raises(InputError, match="runs"):
        score_detector(lambda log: 1.0, runs=1)


@pytest.mark.parametrize("wrong", [{"carriers": ()}, {"seed": -1}, {"runs": 1}])
def test_nonsense_is_refused(wrong):
    with pytest.raises(InputError):
        score_detector(lambda log: 1.0, **wrong)
