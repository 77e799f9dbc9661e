"""Named strategies: their moves against those of the Axelrod library, which are stored with its version."""

import base64
import json
import zlib
from pathlib import Path

import numpy as np
import pytest

from ostrom.core.automaton import Automaton
from ostrom.core.errors import InputError, UnknownName
from ostrom.dynamics import strategies, strategy
from ostrom.dynamics._matches import draws, play_matches
from ostrom.dynamics._named import aliases, all_found, plain
from ostrom.dynamics.strategies import FIRST_TOURNAMENT
from ostrom.games import PrisonersDilemma

DATA = Path(__file__).parent / "data"
GAME = PrisonersDilemma()


def read(name):
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def moves_of(pairs, turns, seed=0, noise=0.0):
    """Joint moves `[M, T]` of pairs of names."""
    names = sorted({name for pair in pairs for name in pair})
    seats = np.array([[names.index(name) for name in pair] for pair in pairs])
    rng = np.random.default_rng(seed)
    seen = []
    play_matches(GAME, all_found(names), seats, np.full(len(pairs), turns), noise, rng, True, seen)
    return np.array(seen).T


def test_histories_of_all_that_draw_nothing_are_those_of_the_axelrod_library():
    stored = read("axelrod_histories.json")
    names, packed = list(stored["names"]), zlib.decompress(base64.b64decode(stored["histories"]))
    theirs = np.frombuffer(packed, np.uint8).reshape(-1, stored["turns"])
    pairs = [(a, b) for k, a in enumerate(names) for b in names[k:]]
    ours = moves_of(pairs, stored["turns"])
    assert len(pairs) == len(theirs) > 1000
    assert [pair for pair, one, other in zip(pairs, ours, theirs, strict=True) if (one != other).any()] == []


def test_who_draws_is_paid_as_in_the_axelrod_library():
    """Mean payoffs of 100 matches each; differences are within four standard errors, and few over two."""
    stored = read("axelrod_means.json")
    names, matches = list(stored["names"]), stored["matches"]
    kept = [k for k, name in enumerate(names) if name != "graaskamp"]  # there its probes are 5 to 14 moves apart
    names = [names[k] for k in kept]
    cells = [(a, b) for a in names for b in names]
    ours = moves_of([cell for cell in cells for _ in range(matches)], stored["turns"])
    paid = GAME.payoffs[..., 0].ravel()[ours].mean(1).reshape(len(names), len(names), matches)
    theirs, deviation = (np.array(stored[each])[np.ix_(kept, kept)] for each in ("mean", "deviation"))
    error = np.sqrt((paid.var(-1, ddof=1) + deviation**2) / matches) + 1e-4
    gaps = np.abs(paid.mean(-1) - theirs) / error
    assert gaps.max() < 4
    assert (gaps > 2).mean() < 0.08


def test_the_table_says_what_and_from_where():
    table = strategies()
    assert len(table) >= 60
    assert len(FIRST_TOURNAMENT) == 15
    assert set(FIRST_TOURNAMENT) <= set(table)
    assert all(row.line and row.source and row.strategy.name == name for name, row in table.items())
    assert sum(isinstance(row.strategy, Automaton) for row in table.values()) >= 45


def test_a_name_nobody_knows():
    with pytest.raises(UnknownName, match="tit for tat"):
        strategy("tit for tit")
    with pytest.raises(UnknownName, match="no strategy called 'axelrod'"):
        strategies()["axelrod"]
    with pytest.raises(InputError, match="is no strategy"):
        all_found([3])


@pytest.mark.parametrize(
    ("called", "name"),
    [
        ("TFT", "tit for tat"),
        ("Tit-for-Tat", "tit for tat"),
        ("titfortat", "tit for tat"),
        ("Pavlov", "win-stay lose-shift"),
        ("wsls", "win-stay lose-shift"),
        ("win stay  lose shift", "win-stay lose-shift"),
        ("GTFT", "generous tit for tat"),
        ("TF2T", "tit for two tats"),
        ("ALLC", "cooperator"),
        ("All D", "defector"),
        ("Random", "random"),
        ("Extort 2", "extort-2"),
        ("Grim Trigger", "grim"),
    ],
)
def test_what_everybody_calls_them(called, name):
    assert strategy(called) is strategy(name)
    assert called in strategies()
    assert strategies()[called] is strategies()[name]


def test_no_two_strategies_share_a_name():
    names, others = [*map(plain, strategies())], [*map(plain, aliases())]
    assert len({*names, *others}) == len(names) + len(others)
    assert set(aliases().values()) <= set(strategies())
    assert "axelrod" not in strategies()
    assert 3 not in strategies()
    with pytest.raises(UnknownName, match="pavlov"):
        strategy("Pavlof")


def test_contrite_tit_for_tat_takes_its_punishment():
    """After a slip of one of two, tit for tat echoes it for ever and contrite tit for tat is done in two rounds."""
    one = strategy("contrite tit for tat")
    walked, states = [], [one.start, one.start]
    for turn in range(6):
        moves = [int(one.odds[state].argmax()) for state in states]
        moves[0] = 1 if turn == 1 else moves[0]
        states = [int(one.table[states[0], moves[0], moves[1]]), int(one.table[states[1], moves[1], moves[0]])]
        walked.append("".join("CD"[move] for move in moves))
    assert walked == ["CC", "DC", "CD", "CC", "CC", "CC"]


def test_adaptive_does_what_paid_better_on_average():
    """Six cooperations and five defections; against a defector defection pays, against tit for tat cooperation."""
    ours = moves_of([("adaptive", "defector"), ("adaptive", "cooperator")], 30)
    assert (ours[:, :11] >> 1 == [0] * 6 + [1] * 5).all()
    assert (ours[:, 11:] >> 1 == 1).all()


def test_feld_and_worse_and_worse_fall_off_as_they_say():
    ours = moves_of([("feld", "cooperator")] * 4000 + [("worse and worse", "cooperator")] * 4000, 220) < 2
    assert ours[:4000, 100].mean() == pytest.approx(0.75, abs=0.03)
    assert ours[:4000, 210].mean() == pytest.approx(0.5, abs=0.03)
    assert ours[4000:, 199].mean() == pytest.approx(0.8, abs=0.03)


def test_slips_happen_as_often_as_they_should_to_automata_and_to_rules():
    ours = moves_of([("cooperator", "soft majority")] * 400, 50, noise=0.1)
    assert (ours >> 1).mean() == pytest.approx(0.1, abs=0.01)
    assert (ours & 1)[:, 30:].mean() == pytest.approx(0.1, abs=0.01)


@pytest.mark.parametrize("name", list(strategies()))
def test_who_says_to_draw_nothing_draws_nothing(name):
    """Two seeds, one history; and whoever draws does something else."""
    pairs = [(name, other) for other in ("tit for tat", "cycler CCD", "defector")] * 3
    same = np.array_equal(moves_of(pairs, 120, seed=1), moves_of(pairs, 120, seed=2))
    assert same == (not draws(strategy(name)))
