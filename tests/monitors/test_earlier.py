"""What all were shown before, by the definition; and the tests of what goes with what, against their oracles."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, chi2_contingency, norm, pearsonr

from ostrom import Event
from ostrom.core.log import Column, Log
from ostrom.monitors._earlier import MATTERS, MOST, chosen_by, mattering, recalled
from ostrom.monitors._earlier_tests import as_normal, beside, in_strata
from ostrom.monitors._protocol_past import WHEN, Past


def shown(episode, t, agent, news, message=None):
    seen = {} if news is None else {"news": news}
    return Event(episode, t, agent, "act", (), seen, **({"message": message} if message else {"action": "go"}))


ROWS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 6), st.sampled_from(["ann", "bob"]),
                          st.sampled_from([None, "up", "down", "flat"])), min_size=1, max_size=40)  # fmt: skip


def before(rows, episode, t, back):
    """By the definition: the value shown last at the step that many steps before, of those at which any was."""
    steps = {}
    for e, step, _, news in rows:
        if e == episode and step < t and news is not None:
            steps[step] = news
    ordered = sorted(steps)
    return steps[ordered[-back]] if len(ordered) >= back else None


@given(ROWS)
def test_the_past_is_what_was_shown_at_steps_before(rows):
    """The news of a step is the same for all, so that the order of its rows does not matter."""
    rows = sorted(rows, key=lambda one: one[:2])
    news = {}
    rows = [(e, t, who, one if one is None else news.setdefault((e, t), one)) for e, t, who, one in rows]
    rows += [(9, t, "ann", ("up", "down")[t % 2]) for t in range(6)]  # somebody was shown something that changes
    log = Log.of(shown(e, t, who, one, "hm" if who == "ann" else None) for e, t, who, one in rows)
    places = log.by("ann")
    found = recalled(log, ["observation.news"], places)
    past = Past(log, ["observation.news"])
    pieces = [one for k in range(0, len(log), 3) for one in past(log.take(np.arange(k, min(len(log), k + 3))))]
    assert past.names == tuple(f"news {when}" for when in WHEN)
    for back, when in enumerate(WHEN[1:], 1):
        due = [before(rows, e, t, back) for e, t, _, _ in rows]
        assert [one[back] for one in pieces] == due
        if f"news {when}" in found:
            assert [found[f"news {when}"][k] for k in range(len(places))] == [due[k] for k in places]


def test_at_messages_before_it_is_what_was_shown_by_then():
    rows = [shown(0, 10 * k, "ann", None, "hm") for k in range(6)]
    rows += [shown(0, 10 * k + j, "bob", f"{k}{j}") for k in range(6) for j in range(1, 6)]
    log = Log.of(sorted(rows, key=lambda one: one.t))
    found = recalled(log, ["observation.news"], log.by("ann"))
    assert [found["news as shown last"][k] for k in range(6)] == [None, "05", "15", "25", "35", "45"]
    assert [found["news two steps before"][k] for k in range(3)] == [None, "04", "14"]
    assert [found["news two messages before"][k] for k in range(5)] == [None, None, None, "05", "15"]


def test_what_says_nothing_new_is_left_out():
    """What stays through an episode, and the news of a step by whoever is shown it."""
    log = Log.of(shown(e, t, "ann", f"{e}", "hm") for e in range(4) for t in range(5))
    assert recalled(log, ["observation.news"], log.by("ann")) == {}
    assert recalled(Log.of([]), [], np.arange(0)) == {}


@pytest.mark.parametrize("seed", range(3))
def test_in_one_stratum_it_is_pearsons(seed):
    rng = np.random.default_rng(seed)
    one = rng.integers(3, size=90)
    other = np.where(rng.random(90) < 0.2, one, rng.integers(4, size=90))
    table = np.zeros((3, 4))
    np.add.at(table, (one, other), 1)
    due = chi2_contingency(table, correction=False).statistic * 89 / 90
    assert in_strata(one, other, np.zeros(90, int)) == pytest.approx(as_normal(due, 6))
    scores = np.arange(4.0)
    two = (one == 1).astype(int)
    line = 89 * pearsonr(two, scores[other]).statistic ** 2
    assert in_strata(two, other, np.zeros(90, int), scores) >= as_normal(line, 1) - 1e-9


def test_over_strata_it_is_cochran_mantel_and_haenszels():
    """Two by two tables: (Σ a - E a)² / Σ var a."""
    rng = np.random.default_rng(3)
    strata, one, other = rng.integers(30, size=200), rng.integers(2, size=200), rng.integers(2, size=200)
    apart = spread = 0.0
    for k in range(30):
        inside = strata == k
        n, a, b = inside.sum(), one[inside].sum(), other[inside].sum()
        apart += (one & other)[inside].sum() - a * b / n
        spread += a * (n - a) * b * (n - b) / (n * n * (n - 1)) if n > 1 else 0
    assert in_strata(one, other, strata) == pytest.approx(as_normal(apart**2 / spread, 1))


@given(st.floats(0.5, 60), st.integers(1, 40))
def test_a_chi_square_as_a_normal_variable(found, df):
    exact = chi2.sf(found, df)
    if 1e-8 < exact < 0.2:
        assert norm.sf(as_normal(found, df)) == pytest.approx(exact, rel=0.6, abs=0.003)


def test_numbers_go_together_beside_others_by_their_partial_correlation():
    rng = np.random.default_rng(4)
    third = rng.normal(size=300)
    one, other = third + rng.normal(size=300), third + rng.normal(size=300)
    left = [x - np.polyval(np.polyfit(third, x, 1), third) for x in (one, other)]
    due = as_normal(298 * pearsonr(*left).statistic ** 2, 1)
    assert beside(other[:, None], third[:, None])(one[:, None]) == pytest.approx(due, rel=1e-6)
    assert beside(third[:, None], third[:, None])(one[:, None]) == -np.inf


def test_where_nothing_goes_on_hardly_anything_is_chosen():
    rng, some = np.random.default_rng(5), 0
    for _ in range(400):
        columns = {str(k): Column(rng.integers(3, size=120).astype(np.int32), ("a", "b", "c")) for k in range(6)}
        some += bool(mattering(rng.integers(3, size=120), columns, rng.integers(20, size=120)))
    assert some <= 400 * MATTERS + 3 * np.sqrt(400 * MATTERS)


def test_what_is_chosen_first_may_make_the_rest_needless():
    rng = np.random.default_rng(6)
    first = rng.integers(3, size=300)
    copy = np.where(rng.random(300) < 0.7, first, rng.integers(3, size=300))
    target = np.where(rng.random(300) < 0.7, first, rng.integers(3, size=300))
    columns = {name: Column(codes.astype(np.int32), ("a", "b", "c")) for name, codes in
               (("copy", copy), ("first", first))}  # fmt: skip
    assert mattering(target, columns, np.zeros(300, int)) == ("first",)
    assert len(chosen_by(lambda chosen: lambda name: 9.0, range(10))) == MOST
