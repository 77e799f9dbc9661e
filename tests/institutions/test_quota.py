"""Quota: per round and per season, on labels, numbers and facts."""

import numpy as np
import pytest

from ostrom.core.errors import CarrierError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Fact
from ostrom.core.society import Session
from ostrom.institutions.quota import Quota

FISH = Fact.of_own_move("harvest", "fish", (0.0, 1.0, 2.0, 3.0))
LAKE = NormalForm(np.zeros((4, 4, 2)), moves=("0", "1", "2", "3"), facts=[FISH])


@pytest.mark.parametrize(("limit", "left"), [(0.0, 1), (1.5, 2), (2.0, 3), (9.0, 4)])
def test_a_limit_on_a_fact_leaves_the_moves_below_it(limit, left):
    assert LAKE.under(Quota("harvest", limit)).sizes == (left, left)


def test_a_ban_is_a_quota_of_nothing():
    assert LAKE.under(Quota("3", 0.0)).moves[0] == ("0", "1", "2")


def test_where_everything_exceeds_the_limit_the_least_stays_open():
    hungry = NormalForm(np.zeros((2, 2, 2)), facts=[Fact.of_own_move("harvest", "fish", (2.0, 5.0))])
    assert hungry.under(Quota("harvest", 1.0)).moves[0] == ("1",)


def test_a_season_counts_what_was_taken_and_forgets():
    session = Session(LAKE, [Quota("harvest", 3.0, season=2)], rounds=3)
    session.submit(0, {"act": "2"})
    session.submit(1, {"act": "0"})
    assert session.look(0).choices["act"] == ("0", "1")
    assert session.look(1).choices["act"] == ("0", "1", "2", "3")
    session.lapse()
    assert session.look(0).choices["act"] == ("0", "1", "2", "3")


def test_a_fact_that_depends_on_others_is_limited_by_the_worst_case():
    crowd = Fact("harvest", "fish", lambda profiles: profiles + profiles[..., ::-1])
    game = NormalForm(np.zeros((3, 3, 2)), facts=[crowd])
    assert game.under(Quota("harvest", 3.0)).sizes == (2, 2)


def test_what_cannot_be_known_before_play_is_refused():
    from ostrom.core.institution import Now
    from ostrom.core.lifts.govern import ground_of

    ground = ground_of(LAKE)
    with pytest.raises(CarrierError, match="not known when it is chosen"):
        Now(ground, {}, ground.unknown_moves()).would("harvest")
