"""Empirical games against sums done by hand, laws of symmetry, and tables that cannot be used."""

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.errors import InputError
from ostrom.formats.cross_play import cross_play, read_cross_play

AGENTS = ("ann", "bob", "cy")


def meetings_of(players, repeats=1, agents=AGENTS, seed=0):
    rng = np.random.default_rng(seed)
    seats = list(product(agents, repeat=players)) * repeats
    return [(seated, rng.integers(-9, 9, players).astype(float).tolist()) for seated in seats]


def by_hand(meetings, symmetric):
    """Mean payoffs by joint move, with dictionaries."""
    sums = {}
    for agents, payoffs in meetings:
        orders = set(permutations(range(len(agents)))) if symmetric else [range(len(agents))]
        for order in orders:
            seen = sums.setdefault(tuple(agents[k] for k in order), [])
            seen.append([payoffs[k] for k in order])
    return {profile: np.mean(seen, axis=0) for profile, seen in sums.items()}


@pytest.mark.parametrize("players", [2, 3])
@pytest.mark.parametrize("symmetric", [False, True])
def test_payoffs_are_the_means_of_the_meetings(players, symmetric):
    meetings = meetings_of(players, repeats=2)
    play = cross_play(meetings, symmetric)
    assert play.agents == AGENTS
    for profile, means in by_hand(meetings, symmetric).items():
        place = play.game.profile(profile)
        np.testing.assert_allclose(play.game.payoffs[place], means, rtol=1e-12, atol=1e-12)


def test_counts_say_how_many_meetings_stand_behind_a_payoff():
    meetings = [(("ann", "bob"), (1, 2)), (("bob", "ann"), (3, 4)), (("ann", "ann"), (0, 8)), (("bob", "bob"), (5, 5))]
    assert cross_play(meetings).counts.tolist() == [[1, 1], [1, 1]]
    pooled = cross_play(meetings, symmetric=True)
    assert pooled.counts.tolist() == [[1, 2], [2, 1]]
    assert pooled.game.payoffs[0, 1].tolist() == [2.5, 2.5]
    assert pooled.game.payoffs[0, 0].tolist() == [4, 4]


def test_one_order_of_seats_is_enough_when_they_are_interchangeable():
    meetings = [(("ann", "ann"), (1, 3)), (("ann", "bob"), (7, 2)), (("bob", "bob"), (5, 5))]
    with pytest.raises(InputError, match=r"1 of 4 seatings .* first bob with ann"):
        cross_play(meetings)
    game = cross_play(meetings, symmetric=True).game
    assert game.payoffs[1, 0].tolist() == [2, 7]
    assert game.payoffs[0, 0].tolist() == [2, 2]


def test_many_interchangeable_seats():
    """Ten seats: with k of `odd` in them these get k points and the others -k, wherever they sit."""
    meetings = [(("odd",) * k + ("even",) * (10 - k), [k] * k + [-k] * (10 - k)) for k in range(11)]
    game = cross_play(meetings, symmetric=True).game
    for seat in range(10):
        profile = tuple(int(k == seat) for k in range(10))  # agents by name: even 0, odd 1
        assert game.payoffs[profile].tolist() == [1 if k == seat else -1 for k in range(10)]


@given(st.integers(0, 10**6), st.permutations(range(3)))
def test_a_symmetrised_game_treats_all_seats_alike(seed, order):
    payoffs = cross_play(meetings_of(3, seed=seed), symmetric=True).game.payoffs
    swapped = np.transpose(payoffs, (*order, 3))[..., list(order)]
    np.testing.assert_allclose(swapped, payoffs, rtol=1e-12, atol=1e-12)


@given(st.integers(0, 10**6), st.permutations(AGENTS))
def test_renaming_agents_renames_the_game(seed, names):
    new = dict(zip(AGENTS, names, strict=True))
    meetings = meetings_of(2, seed=seed)
    before = cross_play(meetings).game
    after = cross_play([([new[a] for a in agents], payoffs) for agents, payoffs in meetings]).game
    for pair in product(AGENTS, repeat=2):
        renamed = after.profile([new[agent] for agent in pair])
        assert after.payoffs[renamed].tolist() == before.payoffs[before.profile(pair)].tolist()


def test_redraws_vary_as_the_bootstrap_says_and_only_within_pairings():
    meetings = [
        (("a", "a"), (0, 1)),
        (("a", "a"), (4, 1)),
        (("a", "b"), (2, 2)),
        (("b", "a"), (3, 3)),
        (("b", "b"), (9, 9)),
    ]
    tables = cross_play(meetings).resampled(4000, seed=1)
    assert tables.shape == (4000, 2, 2, 2)
    assert set(np.unique(tables[:, 0, 0, 0])) == {0, 2, 4}
    assert tables[:, 0, 0, 0].mean() == pytest.approx(2, abs=0.1)
    assert tables[:, 0, 0, 0].var() == pytest.approx(2, rel=0.1)  # variance 4 of the two results, over 2 meetings
    assert np.ptp(tables[:, 0, 0, 1]) == 0
    assert np.ptp(tables[:, 0, 1], axis=0).tolist() == [0, 0]
    pooled = cross_play(meetings, symmetric=True).resampled(500, seed=1)
    assert set(np.unique(pooled[:, 0, 1, 0])) == {2, 2.5, 3}
    np.testing.assert_array_equal(pooled[:, 0, 1, 0], pooled[:, 1, 0, 1])


def test_the_same_seed_draws_the_same():
    play = cross_play(meetings_of(2, repeats=3))
    np.testing.assert_array_equal(play.resampled(5, seed=3), play.resampled(5, seed=3))
    assert not np.array_equal(play.resampled(5, seed=3), play.resampled(5, seed=4))


@pytest.mark.parametrize(
    ("meetings", "said"),
    [
        ([], "No meeting"),
        ([(("a",), (1,))], "Meeting 1 has agents"),
        ([(("a", "a"), (1, 2)), (("a", "a"), (1, 2, 3))], "Meeting 2 has agents"),
        ([(("a", ""), (1, 2))], "Meeting 1 has agents"),
        ([(("a", "a"), (1, float("nan")))], "Meeting 1 paid"),
        ([(("a", "a"), (1, float("inf")))], "Meeting 1 paid"),
        ([(("a", "b"), (1, 2))], "3 of 4 seatings"),
    ],
)
def test_what_cannot_be_a_game_is_refused(meetings, said):
    with pytest.raises(InputError, match=said):
        cross_play(meetings)


def test_a_csv_file_of_meetings(tmp_path):
    path = tmp_path / "meetings.csv"
    path.write_text("agent 1,agent 2,payoff 1,payoff 2\na,a,1,1\n\na,b,0,3\nb,a,3,0\nb,b,2,2\n", encoding="utf-8")
    game = read_cross_play(path).game
    assert game.name == "meetings"
    assert game.moves == (("a", "b"), ("a", "b"))
    assert game.payoffs[0, 1].tolist() == [0, 3]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The header of meetings.csv is empty"),
        ("agent 1,agent 2,payoff 1\na,b,1\n", "names 2 agents and 1 payoffs"),
        ("agent 1,agent 2,payoff 1,payoff 2\na,a,1\n", "Line 2 of meetings.csv"),
        ("agent 1,agent 2,payoff 1,payoff 2\na,a,1,x\n", "Line 2 of meetings.csv"),
        ("agent 1,agent 2,payoff 1,payoff 2\na,a,1,nan\n", "Meeting 1 paid"),
        ("agent 1,agent 2,payoff 1,payoff 2\na,a,1,2\x00\n", "meetings.csv"),
    ],
)
def test_a_csv_file_that_cannot_be_used(tmp_path, text, said):
    path = tmp_path / "meetings.csv"
    path.write_bytes(text.encode())
    with pytest.raises(InputError, match=said):
        read_cross_play(path)


def test_a_file_that_is_no_text_or_not_there(tmp_path):
    path = tmp_path / "meetings.csv"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"meetings\.csv cannot be read"):
        read_cross_play(path)
    with pytest.raises(InputError, match=r"absent\.csv cannot be read"):
        read_cross_play(tmp_path / "absent.csv")
