"""Large games: by counts against every joint move, published numbers, and bounds against brute force."""

import json
from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError
from ostrom.core.forms.congestion import Congestion
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.forms.symmetric import Symmetric
from ostrom.diagnosis._diagnose import diagnose
from ostrom.diagnosis.large import diagnose_large
from ostrom.games import Braess, CommonPool, Commons, Cournot, MinimumEffort, Pigou, PublicGoods, VolunteersDilemma
from ostrom.solvers.dominance import dominance
from ostrom.solvers.pure_equilibria import pure_equilibria

SMALL = {
    "public goods": PublicGoods(players=4),
    "public goods, five levels": PublicGoods(players=5, levels=5),
    "commons": Commons(players=4),
    "common pool": CommonPool(players=4, endowment=5),
    "cournot": Cournot(players=4),
    "minimum effort": MinimumEffort(players=4),
    "volunteers": VolunteersDilemma(players=5),
}


def counted(profile, size):
    held = Counter(profile)
    return tuple(held[k] for k in range(size))


def check_against_every_joint_move(game):
    """The extremes, pure equilibria and dominance of the table are those found by counts."""
    found, table = diagnose_large(game, starts=2), game.dense()
    worth = game.utilities_at(game.profiles()).mean(-1)
    scale = max(1.0, np.abs(worth).max())
    assert found.optimum.status == found.worst.status == "complete"
    assert found.optimum.place.welfare == pytest.approx(worth.max(), abs=1e-9 * scale)
    assert found.worst.place.welfare == pytest.approx(worth.min(), abs=1e-9 * scale)
    expected = {counted(profile, game.sizes[0]) for profile in pure_equilibria(table).profiles}
    if expected:
        assert found.settled.status == "complete"
        assert {place.counts for place in found.settled.places} == expected
    else:
        assert [place.counts for place in found.settled.places] == [None]
        assert found.settled.status == "partial"
    dense = dominance(table)
    strict, weak = dense.strictly_dominant[0], dense.weakly_dominant[0]
    assert found.choices.dominant == (None if weak is None else game.moves[0][weak])
    assert found.choices.strict == (strict is not None)
    pure = {game.moves[0][d.move] for d in dense.dominated if d.player == 0 and d.strict and d.pure}
    assert set(found.choices.dominated) == pure
    return found


@pytest.mark.parametrize("game", SMALL.values(), ids=SMALL)
def test_known_games_agree_with_every_joint_move(game):
    check_against_every_joint_move(game)


@pytest.mark.parametrize("name", ["public goods", "commons", "minimum effort"])
def test_the_impact_gap_is_that_of_the_listed_game(name):
    """The logit limit of these games is pure, and evolution from equal shares agrees with it."""
    game = SMALL[name]
    found, whole = diagnose_large(game), diagnose(game).facets
    assert found.played.welfare == pytest.approx(whole.played)
    assert found.gap == pytest.approx(whole.gap)
    assert found.stake == pytest.approx(whole.stake)


@st.composite
def alike(draw):
    players, size = draw(st.integers(2, 4)), draw(st.integers(2, 3))
    amounts = draw(st.none() | st.lists(st.integers(0, 4), min_size=size, max_size=size))
    seed, bystander = draw(st.integers(0, 2**32 - 1)), draw(st.booleans())
    rng = np.random.default_rng(seed)
    form = Symmetric(lambda own, others: 0.0, players=players, moves=tuple("abc"[:size]), amounts=amounts)
    return Symmetric(
        rng.integers(-4, 5, form.payoffs.shape).astype(float),
        players=players,
        moves=form.moves[0],
        amounts=amounts,
        bystanders=("crowd",) if bystander else (),
        bystander_payoffs=rng.integers(-4, 5, (len(form.totals), 1)).astype(float) if bystander else None,
    )


@settings(max_examples=40, deadline=None)
@given(alike())
def test_any_game_among_alike_players_agrees_with_every_joint_move(game):
    check_against_every_joint_move(game)


@settings(max_examples=30, deadline=None)
@given(alike())
def test_every_place_is_worth_what_the_game_says(game):
    found = diagnose_large(game, starts=2)
    for place in (found.optimum.place, found.worst.place, found.played, *found.settled.places):
        if place.counts is not None:
            profile = np.repeat(np.arange(len(place.counts)), place.counts)
            assert len(profile) == len(game.players)
            assert place.player == pytest.approx(game.payoffs_at(profile).mean(), abs=1e-9)
            assert place.bystanders == pytest.approx(game.bystander_payoffs_at(profile), abs=1e-9)
            assert place.regret == pytest.approx(game.regret(game.pure(profile)), abs=1e-9)
    worst, played, best = found.headline
    assert worst >= played - 1e-9 >= best - 2e-9
    assert found.gap == pytest.approx(found.coordination + found.conflict, abs=1e-9)


def test_the_common_pool_of_the_laboratory():
    """Ostrom, Gardner and Walker (1994): Nash 8 each, 36 at the optimum, 39.506 % of the rent kept."""
    found = diagnose(CommonPool()).large
    assert found.played.words == "all play 8"
    assert found.played.player == pytest.approx(66)
    assert "all play 8" in [place.words for place in found.settled.places]
    assert all(np.dot(place.counts, range(11)) == 64 for place in found.settled.places)
    best = found.optimum
    assert best.status == "complete"
    assert np.dot(best.place.counts, range(11)) == 36
    assert best.place.player == pytest.approx(90.5)
    assert (found.played.player - 50) / (best.place.player - 50) == pytest.approx(4 * 8 / 81)
    assert found.conflict == pytest.approx(90.5 - 66)


def test_the_common_pool_with_large_endowments():
    found = diagnose(CommonPool(endowment=25)).large
    assert (found.played.words, found.played.player) == ("all play 8", pytest.approx(141))
    assert found.optimum.place.player == pytest.approx(165.5)


@pytest.mark.parametrize("players", [40, 100])
def test_public_goods_by_its_formulas(players):
    found = diagnose(PublicGoods(players=players)).large
    assert (found.played.words, found.played.player) == ("all play 0", pytest.approx(20))
    assert found.optimum.place.words == "all play 20"
    assert found.optimum.place.player == pytest.approx(0.4 * 20 * players)
    assert found.choices.temptation == pytest.approx(0.6 * 20)
    assert [place.words for place in found.settled.places] == ["all play 0"]
    assert found.conflict == pytest.approx(found.gap)


def test_a_volunteer_among_many_stays_away_as_in_diekmann():
    """The symmetric equilibrium of Diekmann (1985): nobody helps with probability (cost / benefit)^(n / (n - 1))."""
    game = VolunteersDilemma(players=40, benefit=2.0, cost=1.0)
    found = diagnose_large(game)
    assert found.played.player == pytest.approx(2 - 1, rel=1e-3)
    assert f"{(1 / 2) ** (1 / 39):.3g} wait" in found.played.words


def test_matching_without_a_pure_equilibrium_gets_a_mixed_one():
    """Odd one out: a move is worth less the more of the others make it, in a circle, so nothing pure is stable."""
    circle = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])
    game = Symmetric(lambda own, others: others @ circle[own], players=3, moves=("rock", "paper", "scissors"))
    found = diagnose_large(game)
    assert not pure_equilibria(game).profiles
    assert found.settled.status == "partial"
    assert found.settled.places[0].regret == pytest.approx(0, abs=1e-6)


def test_whoever_gains_by_taking_from_bystanders_is_named():
    found = diagnose(Cournot(players=8))
    said = [finding for finding in found.findings if "taking from consumers" in finding.sentence]
    alone = found.large.cartel
    assert len(said) == 1
    assert alone.player > found.large.played.player
    assert alone.bystanders[0] < found.large.played.bystanders[0]


def brute_force(game):
    costs = -game.payoffs_at(game.profiles()).mean(-1)
    return costs.min()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_the_best_of_a_congestion_game_lies_between_found_and_bound(seed, rising):
    rng = np.random.default_rng(seed)
    players, resources = int(rng.integers(2, 5)), int(rng.integers(2, 4))
    uses = rng.integers(0, 2, (3, resources))
    costs = rng.integers(0, 6, (resources, players + 1)).astype(float)
    game = Congestion(uses, np.cumsum(costs, axis=1) if rising else costs)
    found = diagnose_large(game)
    least = brute_force(game)
    assert -found.optimum.place.welfare >= least - 1e-9
    if found.optimum.open is not None:
        assert -found.optimum.place.welfare - found.optimum.open <= least + 1e-9
    if found.optimum.status == "complete":
        assert -found.optimum.place.welfare == pytest.approx(least, abs=1e-8)
    stable = {tuple(game.loads(np.array(p))) for p in pure_equilibria(game).profiles}
    assert found.settled.status == "partial"
    assert len(found.settled.places) <= len(stable)
    assert all(place.regret <= 1e-9 for place in found.settled.places)


@pytest.mark.parametrize(
    ("game", "played", "best"), [(Pigou(), 1.0, 0.75), (Braess(), 2.0, 1.5)], ids=["pigou", "braess"]
)
def test_a_hundred_drivers_are_near_the_crowd(game, played, best):
    found = diagnose(game.atomic(100)).large
    assert -found.played.welfare == pytest.approx(played, abs=0.03)
    assert -found.optimum.place.welfare == pytest.approx(best, abs=1e-9)
    assert found.optimum.status == "complete"


def test_of_any_other_game_only_what_the_oracle_says():
    """Ten prisoners who each play the next on a ring, as a bare oracle: defection is dominant."""
    table = np.zeros((*(2,) * 4, 4))
    for profile in product((0, 1), repeat=4):
        table[profile] = [2 * (1 - profile[(i + 1) % 4]) - (1 - profile[i]) for i in range(4)]
    found = diagnose_large(NormalForm(table))
    assert found.kind == "other"
    assert found.optimum is None
    assert found.played.welfare == pytest.approx(0, abs=0.05)
    assert "not known" in found.findings[0].sentence


@pytest.mark.parametrize(
    "game",
    [PublicGoods(players=40), Pigou().atomic(40), VolunteersDilemma(players=40)],
    ids=["alike", "drivers", "volunteers"],
)
def test_it_is_plain_data_and_the_same_again(game):
    first, second = (json.dumps(diagnose_large(game, seed=3).to_dict(), allow_nan=False) for _ in range(2))
    assert first == second


def test_what_is_sampled_is_never_called_proved():
    told = json.dumps(diagnose(CommonPool()).to_dict())
    assert "proved" not in told
    assert "sampled" in told


def test_another_welfare_is_refused():
    with pytest.raises(InputError, match="egalitarian"):
        diagnose(PublicGoods(players=40), welfare="egalitarian")


def test_no_starts_are_refused():
    with pytest.raises(InputError, match="0 starts"):
        diagnose_large(PublicGoods(players=40), starts=0)
