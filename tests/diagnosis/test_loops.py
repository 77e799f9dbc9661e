import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.core.forms.reactions import Reactions
from ostrom.diagnosis.loops import loops, watch
from ostrom.games import BookPrices


def test_a_loop_that_runs_away_is_called_one_and_its_pair_is_named():
    (finding,) = loops(BookPrices()).findings
    assert "explodes" in finding.sentence
    assert "profnath and bordeebook multiply each other by 1.268" in finding.sentence
    assert finding.numbers["doubling"] == pytest.approx(2.915, abs=1e-3)


def test_a_loop_that_calms_down_is_not():
    found = loops(BookPrices(markup=1.0))
    assert found.verdict == "calms down"
    assert found.doubling is None
    assert "explodes" not in found.findings[0].sentence


def test_a_loop_at_the_edge_is_neither():
    assert loops(Reactions(-(1 - np.eye(3)) / 2, np.ones(3), order="at once")).verdict == "neither"


def test_firms_swing_where_bots_climb():
    four = loops(Reactions(-(1 - np.eye(4)) / 2, np.ones(4), order="at once"))
    assert four.turns
    assert "swinging" in four.findings[0].sentence
    assert not loops(BookPrices()).turns


def test_a_ring_without_any_pair_can_run_away_too():
    ring = Reactions([[0, 0, 2.0], [2.0, 0, 0], [0, 2.0, 0]], np.ones(3), order="at once")
    found = loops(ring)
    assert found.gain == pytest.approx(2.0)
    assert found.pairs == ()
    assert "explodes" in found.findings[0].sentence


def test_the_doubling_is_that_of_the_path():
    game = BookPrices()
    path = game.path(12)
    assert (path[12] / path[0]).max() == pytest.approx(2 ** (12 / loops(game).doubling), rel=1e-9)


def test_false_alarms_are_kept_where_nothing_grows():
    """Random walks (the hardest case without growth), looked at every round: at most 5 % and three standard errors."""
    rng = np.random.default_rng(0)
    walks = np.exp(np.cumsum(rng.normal(0, 0.1, (400, 60, 2)), axis=1))
    share = np.mean([watch(walk).alarm is not None for walk in walks])
    assert share <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 400)


def test_noisy_growth_is_found_long_before_it_is_large():
    rng = np.random.default_rng(1)
    growth = np.exp(np.cumsum(rng.normal(0.2, 0.1, (100, 40, 2)), axis=1))
    found = [watch(one) for one in growth]
    assert all(one.alarm is not None and one.alarm < 20 for one in found)
    covered = np.mean([np.exp(0.2) >= max(one.low) for one in found])
    assert covered >= 0.9
    assert "The numbers run away" in found[0].findings[0].sentence


def test_quiet_numbers_are_said_to_be_quiet():
    found = watch(np.full((10, 1), 5.0))
    assert found.alarm is None
    assert "nothing shows" in found.findings[0].sentence


@pytest.mark.parametrize(
    "series",
    [
        [[1.0]],
        np.ones((3, 1)),
        np.zeros((9, 1)),
        np.full((9, 1), np.nan),
        np.ones((9, 0)),
        np.ones(9),
        -np.ones((9, 2)),
    ],
)
def test_what_cannot_be_watched_is_refused(series):
    with pytest.raises(InputError, match="cannot be watched"):
        watch(series)


@pytest.mark.parametrize("series", ["prices", [[10**400]], [[1.0], [1.0, 2.0]]])
def test_what_is_no_table_of_numbers_is_refused(series):
    with pytest.raises(InputError, match="no table of numbers"):
        watch(series)


@pytest.mark.parametrize("bad", [{"alarms": 0}, {"alarms": 1.5}, {"players": ("one", "two")}])
def test_impossible_wishes_are_refused(bad):
    with pytest.raises(InputError):
        watch(np.ones((9, 1)), **bad)
