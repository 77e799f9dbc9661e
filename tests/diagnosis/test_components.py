import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.forms.normal_form import NormalForm
from ostrom.diagnosis.components import components
from ostrom.games import BattleOfTheSexes, DisasterResponse, MatchingPennies, PrisonersDilemma, RockPaperScissors


def drawn(seed, sizes=None):
    rng = np.random.default_rng(seed)
    sizes = sizes or tuple(rng.integers(2, 4, rng.integers(2, 4)))
    return NormalForm(rng.integers(-9, 10, (*sizes, len(sizes))).astype(float))


def switches(game):
    """All (profile, player, move) and the gain, written out; and the same as rows on a potential."""
    rows, gains = [], []
    places = {tuple(p): k for k, p in enumerate(game.profiles())}
    for profile, k in places.items():
        for i, size in enumerate(game.sizes):
            for move in range(size):
                other = (*profile[:i], move, *profile[i + 1 :])
                row = np.zeros(len(places))
                row[places[other]] += 1
                row[k] -= 1
                rows.append(row)
                gains.append(game.payoffs[(*other, i)] - game.payoffs[(*profile, i)])
    return np.array(rows), np.array(gains)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_the_potential_is_the_least_squares_fit_to_all_switches(seed):
    game = drawn(seed)
    found = components(game)
    rows, gains = switches(game)
    best, *_ = np.linalg.lstsq(rows, gains, rcond=None)
    left = gains - rows @ best
    assert found.share == pytest.approx(1 - (left @ left) / (gains @ gains), abs=1e-9)
    assert found.function.ravel() - found.function.mean() == pytest.approx(best - best.mean(), abs=1e-8)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_the_parts_sum_to_the_game_and_are_what_they_are_called(seed):
    game = drawn(seed)
    found = components(game)
    assert found.potential + found.harmonic + found.nonstrategic == pytest.approx(game.payoffs)
    assert components(NormalForm(found.potential)).exact
    assert components(NormalForm(found.harmonic)).share == pytest.approx(0, abs=1e-9)
    for i in range(len(game.players)):
        assert np.ptp(found.nonstrategic[..., i], axis=i) == pytest.approx(0, abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_a_circuit_replays(seed):
    game = drawn(seed)
    found = components(game)
    if found.exact:
        return
    circuit = found.circuit
    here, total = list(game.profile(circuit.profile)), 0.0
    start = list(here)
    for player, move in zip(circuit.players * 2, (*circuit.moves, None, None), strict=True):
        seat = game.players.index(player)
        before = game.payoffs[(*here, seat)]
        here[seat] = start[seat] if move is None else game.moves[seat].index(move)
        total += game.payoffs[(*here, seat)] - before
    assert here == start
    assert total == pytest.approx(sum(circuit.gains))
    assert abs(total) > 1e-9


def test_known_games():
    assert components(PrisonersDilemma()).exact
    assert components(BattleOfTheSexes()).exact
    for game in (RockPaperScissors(), MatchingPennies()):
        found = components(game)
        assert found.share == pytest.approx(0, abs=1e-12)
        assert "harmonic game" in found.findings[0].sentence
    assert components(RockPaperScissors(win=2.0)).share > 0


def test_crowding_is_recognised_and_told_by_count():
    found = components(DisasterResponse())
    assert found.exact
    assert found.crowding
    assert found.congestion[0, 1:] == pytest.approx([50, 37.5, 100 * 0.875 / 3])
    assert "crowding" in " ".join(finding.sentence for finding in found.findings)


def test_a_potential_game_that_is_no_crowd_is_not_called_one():
    assert not components(PrisonersDilemma()).crowding


def test_planted_parts_are_told_apart():
    """A potential game with a circle a tenth as strong laid over it."""
    rng = np.random.default_rng(0)
    common = rng.normal(size=(3, 3))
    circle = RockPaperScissors().payoffs
    mixed = components(NormalForm(np.stack([common, common], -1) + 0.1 * circle))
    assert not mixed.exact
    assert 0.9 < mixed.share < 1
    assert "of what switching gains follows one function" in mixed.findings[0].sentence
