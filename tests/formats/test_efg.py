"""Gambit's extensive games: what Gambit makes of them, round trips, and files that are none."""

import contextlib
import json
import os
import random
from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.extensive import Chance, Choice, End, ExtensiveForm
from ostrom.formats.efg import read_efg, write_efg
from ostrom.formats.nfg import read_nfg, write_nfg
from ostrom.formats.subject import open_subject
from ostrom.games import BeerQuiche, Chicken, Commons, KuhnPoker, LeducPoker
from ostrom.solvers import pure_equilibria

STORED = json.loads((Path(__file__).parent / "data" / "efg.json").read_text(encoding="utf-8"))["games"]

SMALL = """EFG 2 R "a \\"small\\" one" { "Ann" "Bob" }
"a comment"

c "deal" 1 "cards" { "ace" 1/3 "king" .666666666666666666666 } 0
p "" 1 1 "high" { "raise" "fold" } 0
p "" 2 7 "" { "meet" "pass" } 2 "ante" { 1, -1 }
t "" 1 "big" { 4 -4 }
t "" 3 "" { 1/2, -1/2 }
t "" 3
p "again" 1 2 "low" { "" "" } 0
p "" 2 7 2
t "" 1
t "end" 0
t "" 0
"""
EXACT = SMALL.replace(".666666666666666666666", "2/3")


@pytest.mark.parametrize("entry", STORED, ids=lambda entry: str(entry["seed"]))
def test_strategies_and_pure_equilibria_are_gambits(entry):
    game = read_efg(entry["efg"])
    assert list(game.sizes) == entry["strategies"]
    ours = Counter(tuple(game.payoffs_at(profile).round(9).tolist()) for profile in pure_equilibria(game).profiles)
    assert ours == Counter(tuple(round(float(Fraction(x)), 9) for x in paid) for paid in entry["pure"])


def test_a_file_by_hand():
    game = read_efg(EXACT)
    assert (game.name, game.players) == ('a "small" one', ("Ann", "Bob"))
    assert [(i.player, i.label, i.moves) for i in game.infosets] == [
        (0, "high", ("raise", "fold")), (0, "low", ("1", "2")), (1, "1", ("meet", "pass")),
    ]  # fmt: skip
    assert [tuple(row) for row in game.exact_paid] == [
        (Fraction(1, 2), Fraction(-1, 2)), (0, 0), (5, -5), (Fraction(3, 2), Fraction(-3, 2)), (5, -5), (1, -1),
    ]  # fmt: skip
    assert game.exact_chance.tolist() == [Fraction(1, 3), Fraction(2, 3), *[Fraction(1, 3)] * 2, *[Fraction(2, 3)] * 2]
    assert len(game.infosets[2].nodes) == 2


def test_odds_that_do_not_quite_sum_to_one_are_refused_or_close():
    assert read_efg(SMALL).exact_chance is not None
    with pytest.raises(InputError, match="sum to"):
        read_efg(EXACT.replace("2/3", "1/2"))


def same(one, other):
    assert (one.name, one.players) == (other.name, other.players)
    assert [(i.player, i.label, i.moves) for i in one.infosets] == [
        (i.player, i.label, i.moves) for i in other.infosets
    ]
    assert np.array_equal(one.exact_paid, other.exact_paid)
    assert np.array_equal(one.exact_chance, other.exact_chance)
    assert [node.label for node in one.tree.nodes] == [node.label for node in other.tree.nodes]
    assert [node.outcome for node in one.tree.nodes] == [node.outcome for node in other.tree.nodes]


@pytest.mark.parametrize("text", [EXACT, *(entry["efg"] for entry in STORED)])
def test_labels_and_exact_numbers_survive_and_the_second_writing_is_the_first(text):
    game = read_efg(text)
    written = write_efg(game)
    same(read_efg(written), game)
    assert write_efg(read_efg(written)) == written


@pytest.mark.parametrize("game", [KuhnPoker(), LeducPoker()])
def test_scenarios_survive_too(game):
    same(read_efg(write_efg(game)), game)


def test_places_without_a_name_get_one_and_keep_it():
    """A place like no other is numbered when it is read."""
    game = ExtensiveForm(Choice("a", {"l": End(pays=[1]), "r": Choice("a", {"x": End(pays=[2])})}), players=("a",))
    again = read_efg(write_efg(game))
    assert [i.label for i in again.infosets] == ["1", "2"]
    assert write_efg(read_efg(write_efg(again))) == write_efg(again)


def test_a_part_that_stands_twice_stays_two_information_sets():
    part = Choice("b", {"x": End(pays=(1, 0)), "y": End(pays=(0, 1))})
    game = ExtensiveForm(Choice("a", {"l": part, "r": part}), players=("a", "b"))
    again = read_efg(write_efg(game))
    assert again.sizes == game.sizes == (2, 4)
    assert [infoset.nodes for infoset in again.infosets] == [infoset.nodes for infoset in game.infosets]


@pytest.mark.parametrize("odds", [[0.9, 1 - 0.9], [1 / 3] * 3, [0.7, 0.2, 0.1, 1e-30], [Fraction(1, 3), 2 / 3]])
def test_odds_are_written_to_sum_to_exactly_one(odds):
    """Gambit refuses anything else."""
    game = ExtensiveForm(Chance({str(k): (p, End(pays=[k])) for k, p in enumerate(odds)}), players=("a",))
    again = read_efg(write_efg(game))
    assert again.exact_chance.sum() == 1
    assert again.chance == pytest.approx(game.chance, rel=1e-9, abs=0)
    assert write_efg(again) == write_efg(read_efg(write_efg(again)))


def test_draws_of_one_name_and_odds_are_one_information_set_of_chance():
    def draw(p):
        return Chance({"h": (p, End(pays=[1])), "t": (1 - p, End(pays=[0]))}, sees="coin")

    root = Choice("a", {"x": draw(Fraction(1, 2)), "y": draw(Fraction(1, 2)), "z": draw(Fraction(1, 3))})
    rows = [row.split()[2] for row in write_efg(ExtensiveForm(root, players=("a",))).splitlines() if row[:1] == "c"]
    assert rows == ["1", "1", "2"]


def test_files_are_opened_by_suffix_and_by_how_they_begin(tmp_path):
    for name in ("quiche.efg", "quiche"):
        (tmp_path / name).write_text(write_efg(BeerQuiche()), encoding="utf-8")
        assert isinstance(open_subject(tmp_path / name), ExtensiveForm)


def test_a_very_deep_file_is_read():
    rows = "\n".join(
        f'p "" {k % 2 + 1} {k + 1} "" {{ "take" "pass" }} 0\nt "" {k + 1} "" {{ {k}, 1 }}' for k in range(5_000)
    )
    game = read_efg(f'EFG 2 R "deep" {{ "a" "b" }}\n{rows}\nt "" 0\n')
    assert len(game.ends) == 5_001
    assert len(write_efg(game)) > 10**5


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("EFG 2", "EFG 1"), "line 1"),
        (('"Ann" "Bob"', ""), "player"),
        (('p "" 1 1', 'p "" 3 1'), "line 5: there is 3"),
        (('p "" 1 1', 'p "" 0 1'), "player 0"),
        (('p "" 2 7 2', 'p "" 2 8 2'), "information set 8"),
        (("{ 4 -4 }", "{ 4 }"), "payoffs"),
        (("{ 4 -4 }", "{ 4 nan }"), "not finite"),
        (('t "" 3\n', 't "" 4\n'), "outcome 4"),
        (('t "end" 0\n', ""), "the file ends"),
        (('t "" 0\n', 't "" 0\nt "" 0\n'), "more follows"),
        (('"ace" 1/3', '"ace" x'), "not a number"),
        (('"ace" 1/3', '"ace" -1/3'), "odds"),
        (('p "" 2 7 2\n', 'p "" 2 7 "" { "meet" "leave" } 2\n'), "other moves"),
        (('t "" 1\n', 't "" 1 "big" { 5 -4 }\n'), "something else than before"),
        (('{ "raise" "fold" }', "{ }"), "at least one move"),
        (('"high"', '"high'), "line 5"),
        (('t "end" 0', 't "end" 0 "" { 1 1 }'), "outcome 0"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(change, said):
    assert change[0] in EXACT
    with pytest.raises(InputError, match=said):
        read_efg(EXACT.replace(*change, 1))


@pytest.mark.parametrize("game", [Commons(), Chicken()])
def test_what_is_no_tree_is_not_written(game):
    with pytest.raises(InputError, match="no tree"):
        write_efg(game)


def test_bystanders_have_no_place():
    game = ExtensiveForm(Choice("a", {"l": End(pays=[1, 2])}), players=("a",), bystanders=("b",))
    with pytest.raises(InputError, match="bystanders"):
        write_efg(game)


def test_endless_trees_are_refused_before_they_fill_the_memory():
    few = " ".join(f'"{k}"' for k in range(20))
    head = f'EFG 2 R "x" {{ {few} }}\n' + 'c "" 1 "" { ' + " ".join(f'"{k}" 1/900' for k in range(900)) + " } 0\n"
    with pytest.raises(TooLarge, match="50,000 places for 20 players"):
        read_efg(head + 'c "" 1 0\n' * 60 + 't "" 0\n' * 60_000)
    crowd = " ".join(f'"{k}"' for k in range(1_000))
    with pytest.raises(TooLarge, match="1,000 places for 1,000 players"):
        read_efg(f'EFG 2 R "x" {{ {crowd} }}\n' + 'p "" 1 1 "" { "l" "r" } 0\nt "" 0\n' * 1_000)


def _mutated(text, rng):
    """The text with some letters changed, dropped, doubled or moved, or cut off."""
    letters = list(text)
    for _ in range(rng.randint(1, 6)):
        at, kind = rng.randrange(len(letters)), rng.randrange(6)
        if kind == 0:
            letters[at] = rng.choice('{}"0123456789-/.ecpt\n \\,x\u202e')
        elif kind == 1:
            del letters[at : at + rng.randint(1, 9)]
        elif kind == 2:
            letters[at:at] = letters[at : at + rng.randint(1, 30)]
        elif kind == 3:
            letters[at:at] = list(rng.choice(["9" * 30, '"', "{", "}", 'p "" 1 1 0 ', "1e99", "1/0", "-"]))
        elif kind == 4:
            del letters[at:]
        else:
            other = rng.randrange(len(letters))
            letters[at], letters[other] = letters[other], letters[at]
        if not letters:
            return ""
    return "".join(letters)


NFG = write_nfg(Chicken())
MUTATED = {"efg": (read_efg, [EXACT, STORED[0]["efg"]]), "nfg": (read_nfg, [NFG, write_nfg(Chicken(), outcomes=True)])}


@pytest.mark.parametrize("form", MUTATED)
def test_a_thousand_mutated_files_are_games_or_refused(form):
    rng, (read, texts) = random.Random(2), MUTATED[form]
    refused = 0
    for k in range(1_000):
        with contextlib.suppress(InputError):
            refused += 1
            read(_mutated(texts[k % len(texts)], rng))
            refused -= 1
    assert 200 < refused < 1_000


@pytest.mark.skipif("EFG_FOLDER" not in os.environ, reason="EFG_FOLDER names no folder of .efg files")
def test_a_folder_of_files_loads_and_survives():
    for path in sorted(Path(os.environ["EFG_FOLDER"]).rglob("*.efg")):
        game = read_efg(path.read_text(encoding="utf-8", errors="replace"), path.name)
        written = write_efg(game)
        assert write_efg(read_efg(written)) == written
        assert np.array_equal(read_efg(written).exact_paid, game.exact_paid)


def test_paths_are_read_and_written(tmp_path):
    path, game = tmp_path / "game.efg", read_efg(EXACT)
    text = write_efg(game, path)
    assert path.read_text(encoding="utf-8") == text == write_efg(game)
    path.write_text("\ufeff" + text, encoding="utf-8")
    for found in (read_efg(path), open_subject(path), read_efg("\ufeff" + text)):
        assert same(found, game) is None
    path.write_text(text.replace("1/3", "x"), encoding="utf-8")
    with pytest.raises(InputError, match=r"game\.efg, line 4: 'x' is not a number"):
        read_efg(path)
    with pytest.raises(InputError, match="no file"):
        read_efg(tmp_path / "other.efg")
    with pytest.raises(InputError, match="cannot be written"):
        write_efg(game, str(tmp_path / "nowhere" / "game.efg"))


@pytest.mark.parametrize(("read", "form"), [(read_efg, "efg"), (read_nfg, "nfg")])
def test_the_name_of_a_file_is_no_text(read, form):
    with pytest.raises(InputError, match=rf"'my game\.{form}' is the name of a file.*open_subject\('my game"):
        read(f"my game.{form}")
    for given in (b"EFG 2 R", None, 3):
        with pytest.raises(InputError, match="is no text"):
            read(given)


@pytest.mark.parametrize("odds", [("1/2", "2/3"), ("-1/3", "4/3"), ("0", "0")])
def test_odds_are_refused_with_their_line(odds):
    with pytest.raises(InputError, match=r"line 4: the odds of 'ace', 'king' are") as caught:
        read_efg(EXACT.replace('"ace" 1/3 "king" 2/3', f'"ace" {odds[0]} "king" {odds[1]}'))
    assert "the sum 1" in caught.value.do
