"""A network under an institution, by hand: Pigou's toll wins everything back, a wrong one little."""

import pytest

from ostrom.diagnosis.governed_traffic import diagnose_governed_network
from ostrom.games.braess import Braess
from ostrom.games.pigou import Pigou
from ostrom.institutions.quota import Quota
from ostrom.institutions.tax import Tax


def lane(game):
    """The link whose time grows with its traffic."""
    return "link:" + next(
        name for name, slope in zip(game.link_names, game.slopes(0.5 + 0 * game.tolls), strict=True) if slope > 0
    )


@pytest.mark.parametrize(("toll", "time", "closed"), [(0.5, 0.75, 1.0), (0.25, 0.8125, 0.75), (0.0, 1.0, 0.0)])
def test_pigou(toll, time, closed):
    seen = diagnose_governed_network(Pigou().under(Tax(lane(Pigou()), toll)))
    assert (seen.before, seen.best) == (pytest.approx(1.0), pytest.approx(0.75))
    assert seen.total_time == pytest.approx(time, abs=1e-4)
    assert seen.closed == pytest.approx(closed, abs=1e-3)
    assert seen.drivers[0].pays == pytest.approx(toll * (1 - toll), abs=1e-3)


def test_closing_the_braess_link_wins_everything_back():
    shortcut = "link:" + Braess().link_names[-1]
    seen = diagnose_governed_network(Braess().under(Quota(shortcut, 0.0)))
    assert seen.total_time == pytest.approx(1.5)
    assert "100 %" in seen.findings[0].sentence
    assert "better off" in seen.findings[1].sentence


def test_a_tax_that_only_hurts_says_so():
    seen = diagnose_governed_network(Braess().under(Tax("delay", 1.0)))
    assert "as long as without it" in seen.findings[0].sentence
    assert "worse off" in seen.findings[1].sentence
