"""Decisions of people in repeated dilemmas: columns become arrays, and whatever is malformed is named by its line."""

import gzip

import numpy as np
import pytest

from ostrom.core.errors import InputError, TooLarge
from ostrom.formats import _text
from ostrom.formats.human_ipd import load_human_ipd, read_human_ipd

HEADER = "group,data,period,my.decision,my.decision1,other.decision1,r,s,t,p,delta"
ROWS = ["1.0,X,1.0,coop,,,3,0,5,1,0.75", "1.0,X,2.0,defect,1.0,0.0,3,0,5,1,0.75", "2,X,1,defect,,,2,-1,4,0,0"]


def text(*rows, header=HEADER):
    return "\n".join([header, *rows]) + "\n"


def test_columns_become_arrays():
    found = read_human_ipd(text(*ROWS))
    assert found["game"].tolist() == ["1", "1", "2"]
    assert found["cooperated"].tolist() == [True, False, False]
    assert np.array_equal(found["own"], [np.nan, 1, np.nan], equal_nan=True)
    assert np.array_equal(found["other"], [np.nan, 0, np.nan], equal_nan=True)
    assert found["payoffs"].tolist() == [[3, 0, 5, 1], [3, 0, 5, 1], [2, -1, 4, 0]]
    assert found["continues"].tolist() == [0.75, 0.75, 0]
    assert found["match"].tolist() == [1, 1, 2]


def test_plain_and_gzipped_files_say_the_same(tmp_path):
    plain, packed = tmp_path / "some.csv", tmp_path / "some.csv.gz"
    plain.write_text(text(*ROWS))
    packed.write_bytes(gzip.compress(text(*ROWS).encode()))
    one, two = load_human_ipd(plain), load_human_ipd(packed)
    assert all(np.array_equal(one[name], two[name], equal_nan=one[name].dtype.kind == "f") for name in one)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "0 decisions"),
        (["1,X,1,coop,,,3,0,5,1"], "line 2: 10 cells"),
        ([ROWS[0], "1,X,2,maybe,1,0,3,0,5,1,0.75"], "line 3: the decision is 'maybe'"),
        (["1,X,1,coop,,,3,0,five,1,0.75"], "line 2: t is 'five'"),
        (["1,X,1,coop,,,3,0,inf,1,0.75"], "line 2: t is 'inf'"),
        (["1,X,1,coop,,,3,0,nan,1,0.75"], "line 2: t is 'nan'"),
        (["1,X,1,coop,,,3,0,,1,0.75"], "line 2: t is ''"),
        ([ROWS[0], "1,X,2,coop,0.5,0,3,0,5,1,0.75"], "line 3: my.decision1 is '0.5'"),
        ([ROWS[0], "1,X,3,coop,1,0,3,0,5,1,0.75"], "line 3: period 3 stands after 1"),
        (["1,X,2,coop,1,0,3,0,5,1,0.75"], "line 2: period 2 stands after nothing"),
        (["1,X,1,coop,1,0,3,0,5,1,0.75"], "line 2: period 1 stands after nothing, with 2 of two moves"),
        ([ROWS[0], "1,X,2,coop,1,,3,0,5,1,0.75"], "line 3: period 2 stands after 1, with 1 of two moves"),
    ],
)
def test_malformed_rows_are_named(rows, said):
    with pytest.raises(InputError, match=said):
        read_human_ipd(text(*rows))


def test_other_files_are_refused(tmp_path, monkeypatch):
    with pytest.raises(InputError, match="Missing: 'period'"):
        read_human_ipd(text("1", header="group"))
    with pytest.raises(InputError, match="without names"):
        read_human_ipd("")
    with pytest.raises(InputError, match="no file"):
        load_human_ipd(tmp_path / "nothing.csv.gz")
    broken = tmp_path / "broken.csv.gz"
    broken.write_bytes(gzip.compress(text(*ROWS).encode())[:-9])
    with pytest.raises(InputError, match="cannot be unpacked"):
        load_human_ipd(broken)
    monkeypatch.setattr("ostrom.formats.human_ipd.TEXT_LIMIT", 10)
    monkeypatch.setattr(_text, "TEXT_LIMIT", 10)
    packed = tmp_path / "large.csv.gz"
    packed.write_bytes(gzip.compress(text(*ROWS).encode()))
    with pytest.raises(TooLarge):
        load_human_ipd(packed)


def test_the_decisions_of_people(shared_data):
    found = load_human_ipd(shared_data / "human-ipd" / "decisions-even-games.csv.gz")
    assert len(found["cooperated"]) == 75_812
    assert found["match"][-1] == 16_372
    assert len(set(found["game"].tolist())) == 15
    follows = ~np.isnan(found["own"])
    assert np.array_equal(found["own"][follows], found["cooperated"][np.flatnonzero(follows) - 1])
