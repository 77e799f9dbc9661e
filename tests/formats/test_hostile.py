"""Files nobody vouches for: cut off anywhere, mangled, or built to exhaust us, they are refused or they are games."""

import random
import tracemalloc

import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.forms.symmetric import Symmetric
from ostrom.core.game import Fact, Game
from ostrom.formats.bimatrix import read_bimatrix, write_bimatrix
from ostrom.formats.csv_table import read_csv, write_csv
from ostrom.formats.delegation import read_delegation
from ostrom.formats.efg import read_efg, write_efg
from ostrom.formats.json_game import read_json, write_json
from ostrom.formats.nfg import read_nfg, write_nfg
from ostrom.formats.subject import open_subject
from ostrom.games import ArmsControl

MEMORY = 64 * 2**20
"""Bytes that refusing a short text may take at most."""

HARVEST = Fact.of_own_move("harvest", "tonnes", [1, 2])
PAIR = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"), name='a "dilemma"')
PUBLIC = NormalForm(
    PAIR.payoffs, moves=("C", "D"), bystanders=("b",), bystander_payoffs=np.ones((2, 2, 1)), facts=[HARVEST]
)
CROWD = Symmetric(
    lambda own, others: own + others / 3, players=4, moves=("0", "1"), amounts=(0, 1), bystanders=("b",),
    bystander_payoffs=lambda totals: totals[:, None] * 1.0, facts=[HARVEST],
)  # fmt: skip
PRINCIPALS = '[utilities]\n"player 1" = {"player 1" = 1, "player 2" = 0.5}\n[rewards]\n"player 2" = [[3, 5], [0, 1]]\n'

SAMPLES = {
    "nfg, payoffs": (read_nfg, write_nfg(PAIR)),
    "nfg, outcomes": (read_nfg, write_nfg(PAIR, outcomes=True)),
    "efg": (read_efg, write_efg(ArmsControl())),
    "json, table": (read_json, write_json(PUBLIC)),
    "json, symmetric": (read_json, write_json(CROWD)),
    "csv": (read_csv, write_csv(PUBLIC)),
    "bimatrix": (read_bimatrix, write_bimatrix(PAIR)),
    "toml": (lambda text: read_delegation(text, game=PUBLIC).game, PRINCIPALS),
}


def _refused_or_a_game(read, text):
    try:
        found = read(text)
    except InputError as error:
        found = error
    assert isinstance(found, Game) or (found.what and (found.why or found.do))
    return isinstance(found, InputError)


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_whole_text_is_read(sample):
    read, text = SAMPLES[sample]
    assert isinstance(read(text), Game)


@pytest.mark.parametrize("sample", SAMPLES)
def test_cut_off_anywhere(sample):
    read, text = SAMPLES[sample]
    refused = sum(
        _refused_or_a_game(read, text[:cut]) + _refused_or_a_game(read, text[cut:]) for cut in range(len(text))
    )
    assert refused > len(text) / 2


@pytest.mark.parametrize("sample", SAMPLES)
def test_mangled(sample):
    (read, text), rng = SAMPLES[sample], random.Random(0)
    refused = sum(_refused_or_a_game(read, _mangled(text, rng)) for _ in range(500))
    assert refused > 100


def _mangled(text, rng):
    marks = list(text)
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(marks))
        marks[place : place + rng.randint(0, 3)] = rng.choices('{}[]",|/-.eE09 \n\t\\:=aN∞', k=rng.randint(0, 3))
    return "".join(marks)


HOSTILE = {
    "a billion strategies": (read_nfg, 'NFG 1 R "t" { "a" "b" } { 1000000000 1000000000 } 1 2'),
    "a thousand digits of strategies": (read_nfg, f'NFG 1 R "t" {{ "a" "b" }} {{ {"9" * 5000} 2 }} 1 2'),
    "a million players": (read_nfg, 'NFG 1 R "t" { ' + '"p" ' * 10**6 + "} { 2 2 } 1 2"),
    "strategies without end": (read_nfg, 'NFG 1 R "t" { "a" "b" } { { ' + '"s" ' * 10**4 + '} { "x" "y" } } 1 2'),
    "a number of a million digits": (read_nfg, 'NFG 1 R "t" { "a" "b" } { 1 1 } ' + "9" * 10**6 + " 1"),
    "an exponent of a billion": (read_nfg, 'NFG 1 R "t" { "a" "b" } { 1 1 } 1e999999999 1'),
    "an open quote before a megabyte": (read_nfg, 'NFG 1 R "' + "\\" * 10**6),
    "braces": (read_nfg, 'NFG 1 R "t" ' + "{" * 10**6),
    "a million players of a tree": (read_efg, 'EFG 2 R "t" { ' + '"p" ' * 10**6 + "} t "),
    "a million moves": (read_efg, 'EFG 2 R "t" { "p" } p "" 1 1 "" { ' + '"m" ' * 10**6 + "} 0"),
    "places without end": (read_efg, 'EFG 2 R "t" { ' + '"p" ' * 99 + '} c "" 1 "" { "m" 1 } 0' + ' c "" 1 0' * 10**5),
    "outcomes without end": (
        read_efg,
        'EFG 2 R "t" { "p" } ' + " ".join(f'p "" 1 1 "" {{ "m" }} {k} "" {{ {k} }}' for k in range(1, 10**4)),
    ),
    "a payoff of a million digits": (read_efg, 'EFG 2 R "t" { "p" } t "" 1 "" { ' + "9" * 10**6 + " }"),
    "a payoff over nothing": (read_efg, 'EFG 2 R "t" { "p" } t "" 1 "" { 1/0 }'),
    "information set 10^5000": (read_efg, 'EFG 2 R "t" { "p" } p "" 1 1' + "0" * 5000 + ' "" { "m" } 0 t "" 0'),
    "a tree of braces": (read_efg, 'EFG 2 R "t" { "p" } t "" 1 ' + "{" * 10**6),
    "deep lists": (read_json, '{"payoffs": ' + "[" * 10**5),
    "lists as deep as the parser bears": (read_json, '{"payoffs": ' + "[" * 900 + "]" * 900 + "}"),
    "a name as deep as the parser bears": (read_json, '{"payoffs": [[1]], "name": ' + "[" * 900 + "]" * 900 + "}"),
    "a billion players alike": (
        read_json,
        '{"ostrom": "symmetric", "players": 1000000000, "moves": ["C", "D"], "payoffs": []}',
    ),
    "a million moves alike": (
        read_json,
        '{"ostrom": "symmetric", "players": 2, "payoffs": [], "moves": [' + '"m", ' * (10**5 - 1) + '"m"]}',
    ),
    "amounts of a quintillion": (
        read_json,
        '{"ostrom": "symmetric", "players": 9, "moves": ["C", "D"], "amounts": [0, 1000000000000000], "payoffs": []}',
    ),
    "a million columns": (read_csv, ",".join(f"c{k}" for k in range(10**4)) + "\n" + "1," * (10**4 - 1) + "1"),
    "a table of mostly holes": (
        read_csv,
        "a,b,a payoff,b payoff\n" + "\n".join(f"x{k},y{k},1,2" for k in range(10**4)),
    ),
    "a cell of blanks": (read_bimatrix, "2,3 | 1" + " " * 10**5 + "x"),
    "a million bars": (read_bimatrix, "|" * 10**5 + "1"),
    "a key of a million dots": (read_delegation, "a" + ".a" * 10**5 + " = 1"),
    "deep toml": (read_delegation, "utilities = " + "[" * 10**5),
    "toml as deep as the parser bears": (
        lambda text: read_delegation(text, game=PAIR),
        "[utilities]\n'player 1' = " + "[" * 200 + "]" * 200,
    ),
    "a date for a number": (lambda text: read_delegation(text, game=PAIR), "precision = 2026-01-01"),
}


@pytest.mark.parametrize("attack", HOSTILE)
def test_texts_built_to_exhaust_are_refused_in_little_memory(attack):
    read, text = HOSTILE[attack]
    tracemalloc.start()
    try:
        assert _refused_or_a_game(read, text)
        assert tracemalloc.get_traced_memory()[1] < MEMORY + 64 * len(text)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("suffix", [".nfg", ".efg", ".json", ".csv", ".toml", ".txt", ""])
@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0" * 1000,
        b"\xff\xfeN\0F\0G\0",
        b"NFG 1 R \x80",
        b"EFG 2 R \x80",
        b"\x1f\x8b\x08gzip",
        "∞|≠\r\r".encode(),
        b'"',
        b"{",
        b"=",
    ],
)
def test_bytes_that_are_no_text(tmp_path, suffix, raw):
    path = tmp_path / f"hostile{suffix}"
    path.write_bytes(raw)
    with pytest.raises(InputError) as caught:
        open_subject(path)
    assert "hostile" in caught.value.what
