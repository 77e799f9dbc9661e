"""Two elections by instant run-off that went past the winner of all duels, as they were counted.

Ballots among the last three, equal at the bottom where nobody was named. The counts are checked here against what was
published beside them: Burlington 2009 (final round 4,314 to 4,064; duels 4,067 to 3,477 and 4,597 to 3,668), and
Alaska's special election of August 2022 (final round 91,266 to 86,026).
"""

import pytest

from ostrom.choice import copeland, instant_runoff, plurality, ranked_pairs, schulze
from ostrom.core.forms.ballots import Ballots

BURLINGTON = {
    "Montroll > Kiss > Wright": 1332,
    "Montroll > Wright > Kiss": 767,
    "Montroll > Kiss = Wright": 455,
    "Kiss > Montroll > Wright": 2043,
    "Kiss > Wright > Montroll": 371,
    "Kiss > Montroll = Wright": 568,
    "Wright > Montroll > Kiss": 1513,
    "Wright > Kiss > Montroll": 495,
    "Wright > Kiss = Montroll": 1289,
}
ALASKA = {
    "Begich > Palin > Peltola": 27053,
    "Begich > Peltola > Palin": 15467,
    "Begich > Palin = Peltola": 11290,
    "Palin > Begich > Peltola": 34049,
    "Palin > Peltola > Begich": 3652,
    "Palin > Begich = Peltola": 21272,
    "Peltola > Begich > Palin": 47407,
    "Peltola > Palin > Begich": 4645,
    "Peltola > Begich = Palin": 23747,
}


def duel(ballots, one, other):
    """How many rank one above the other, and the other way round, counted plainly."""
    a, b = (ballots.alternatives.index(name) for name in (one, other))
    above = [count for ranks, count in zip(ballots.ranks, ballots.counts, strict=True) if ranks[a] < ranks[b]]
    below = [count for ranks, count in zip(ballots.ranks, ballots.counts, strict=True) if ranks[b] < ranks[a]]
    return sum(above), sum(below)


def test_the_counts_are_those_that_were_published():
    town, state = Ballots.of(BURLINGTON), Ballots.of(ALASKA)
    assert duel(town, "Montroll", "Kiss") == (4067, 3477)
    assert duel(town, "Montroll", "Wright") == (4597, 3668)
    assert duel(town, "Kiss", "Wright") == (4314, 4064)
    assert duel(state, "Peltola", "Palin") == (91266, 86026)


@pytest.mark.parametrize(
    ("ballots", "first", "elected", "beats_all"),
    [(BURLINGTON, "Wright", "Kiss", "Montroll"), (ALASKA, "Peltola", "Peltola", "Begich")],
)
def test_who_wins_by_which_rule(ballots, first, elected, beats_all):
    asked = Ballots.of(ballots)
    assert plurality(asked).winners == (first,)
    assert instant_runoff(asked).winners == (elected,)
    for rule in (copeland, schulze, ranked_pairs):
        assert rule(asked).winners == (beats_all,)


def test_in_burlington_753_more_who_rank_kiss_first_would_have_cost_him_the_office():
    raised = dict(BURLINGTON)
    raised["Wright > Kiss > Montroll"] -= 495
    raised["Wright > Kiss = Montroll"] -= 258
    raised["Kiss > Wright > Montroll"] += 753
    assert instant_runoff(Ballots.of(raised)).winners == ("Montroll",)


def test_in_alaska_some_would_have_done_better_by_staying_at_home():
    """5,164 who rank Palin above Begich above Peltola get Begich if they stay away, and Peltola if they vote."""
    fewer = dict(ALASKA)
    fewer["Palin > Begich > Peltola"] -= 5164
    assert instant_runoff(Ballots.of(fewer)).winners == ("Begich",)
    fewer["Palin > Begich > Peltola"] += 2
    assert instant_runoff(Ballots.of(fewer)).winners == ("Peltola",)
