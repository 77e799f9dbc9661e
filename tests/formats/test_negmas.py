"""Scenarios of NegMAS and Genius: what NegMAS wrote and made of it, round trips, and files nobody vouches for."""

import json
import random
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.negotiation import Negotiation
from ostrom.formats._plain_yaml import parse_yaml
from ostrom.formats.negmas import load_negmas, read_negmas, save_negmas, write_negmas

STORED = json.loads((Path(__file__).parent / "data" / "negmas.json").read_text(encoding="utf-8"))["scenarios"]
NAMES = ["price", "two words", 'qu"ote', "a: b", "it's", "<tag> & more", "Zoë", "yes", "7", "-", "# no", "x\\y"]
MEMORY = 64 * 2**20

DOMAIN = """<negotiation_template><utility_space number_of_issues="2"><objective name="car" index="0" type="objective">
<issue vtype="discrete" name="Colour" index="2"><item index="1" value="red"/><item index="2" value="blue"/></issue>
<issue type="integer" name="Doors" index="1"><range lowerbound="2" upperbound="4"></range></issue>
</objective></utility_space></negotiation_template>"""
PROFILE = """<utility_space><objective name="car" index="0" type="objective">
<issue name="Doors" index="1" vtype="integer"><evaluator ftype="linear" parameter0="1" parameter1="0.5"/></issue>
<issue name="Colour" index="2"><item evaluation="3.0" value="blue"/><item evaluation="5.0" value="red"/></issue>
<weight index="1" value="0.25"/><weight index="2" value="0.75"/></objective>
<discount_factor value="0.9"/><reservation value="0.5"/></utility_space>"""
GENIUS = {"car.xml": DOMAIN, "car_a.xml": PROFILE, "car_b.xml": PROFILE.replace("0.9", "1.0")}
DUMPED = {
    "d.yml": "issues:\n- name: i\n  type: CategoricalIssue\n  values:\n  - x\n  - y\nname: d\n",
    "a.yml": "name: a\nreserved_value: 0.1\nvalues:\n- mapping:\n    x: 1.0\n    y: 0.5\n  type: TableFun\n"
    "weights:\n- 1\n",
    "b.yml": 'name: b\nreserved_value: null\nvalues:\n- mapping: {"x": 0, "y": 1}\nweights: [1]\n',
}


@pytest.mark.parametrize("scenario", STORED)
def test_what_negmas_wrote_is_what_negmas_makes_of_it(scenario):
    stored = STORED[scenario]
    found = read_negmas(stored["files"])
    assert list(found.parties) == stored["parties"]
    assert found.utilities == pytest.approx(np.array(stored["utilities"]), abs=1e-12)
    assert found.reservations.tolist() == stored["reservations"]


def test_a_genius_folder_by_hand():
    found = read_negmas(GENIUS, deadline=7)
    assert found.issues == ("Doors", "Colour")
    assert found.options == (("2", "3", "4"), ("red", "blue"))
    by_hand = [0.25 * (1 + 0.5 * doors) + 0.75 * colour for doors in (2, 3, 4) for colour in (5, 3)]
    assert found.utilities.tolist() == [pytest.approx(by_hand)] * 2
    assert found.reservations.tolist() == [0.5, 0.5]
    assert found.discounts.tolist() == [0.9, 1.0]
    assert (found.name, found.parties, found.deadline) == ("car", ("car_a", "car_b"), 7)


def test_reservations_that_are_missing_or_infinite():
    found = read_negmas(DUMPED)
    assert found.reservations.tolist() == [0.1, 0.0]
    lower = {**DUMPED, "a.yml": DUMPED["a.yml"].replace("0.1", "-.inf")}
    assert read_negmas(lower).reservations.tolist() == [0.5, 0.0]


def drawn(seed):
    rng = random.Random(seed)
    sizes = [rng.randint(1, 4) for _ in range(rng.randint(1, 3))]
    issues = {name: rng.sample(NAMES, size) for name, size in zip(rng.sample(NAMES, len(sizes)), sizes, strict=True)}
    count = rng.randint(2, 3)
    return Negotiation.additive(
        issues,
        [[rng.random() for _ in sizes] for _ in range(count)],
        [
            [[rng.uniform(-1, 1) * 10.0 ** rng.randint(-9, 9) for _ in range(size)] for size in sizes]
            for _ in range(count)
        ],
        [rng.random() for _ in range(count)],
        parties=rng.sample(NAMES, count),
        name=rng.choice(["deal", "a deal", "7"]),
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 9999), st.sampled_from(["yml", "json", "xml"]))
def test_what_is_written_is_read_back(seed, form):
    given_, found = drawn(seed), read_negmas(write_negmas(drawn(seed), form))
    assert (found.issues, found.options) == (given_.issues, given_.options)
    assert (found.utilities == given_.utilities).all()
    assert (found.reservations == given_.reservations).all()
    assert len(found.parties) == len(given_.parties)
    if form != "xml":
        assert (found.parties, found.name) == (given_.parties, given_.name)
    assert write_negmas(found, form).keys() == write_negmas(given_, form).keys()


def test_a_folder_there_and_back(tmp_path):
    given_ = read_negmas(GENIUS)
    save_negmas(given_, tmp_path / "out" / "car", "xml")
    (tmp_path / "out" / "car" / "_stats.yaml").write_text("anything", encoding="utf-8")
    found = load_negmas(tmp_path / "out" / "car")
    assert found.parties == given_.parties
    assert found.utilities == pytest.approx(given_.utilities)
    assert found.discounts.tolist() == [0.9, 1.0]
    with pytest.raises(InputError, match="no folder"):
        load_negmas(tmp_path / "nowhere")


def test_tables_that_are_sums_are_written_as_such_and_others_refused():
    summed = Negotiation({"a": (1, 2), "b": (1, 2)}, [[0, 1, 2, 3], [5, 5, 5, 5]])
    assert read_negmas(write_negmas(summed)).utilities == pytest.approx(summed.utilities)
    tangled = Negotiation({"a": (1, 2), "b": (1, 2)}, [[0, 0, 0, 1], [0, 1, 2, 3]])
    with pytest.raises(InputError, match="no sum"):
        write_negmas(tangled)
    with pytest.raises(InputError, match="discounts"):
        write_negmas(read_negmas(GENIUS), "yml")
    with pytest.raises(InputError):
        write_negmas(summed, "csv")  # pyright: ignore[reportArgumentType]


def changed(files, name, old, new):
    assert old in files[name]
    return {**files, name: files[name].replace(old, new)}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "0 domains"),
        ({"car.xml": DOMAIN}, "profiles"),
        ({**GENIUS, "other.xml": DOMAIN}, "2 domains"),
        (changed(GENIUS, "car.xml", 'vtype="discrete"', 'vtype="real"'), "real"),
        (changed(GENIUS, "car.xml", 'value="blue"', 'value="red"'), "alike"),
        (changed(GENIUS, "car.xml", 'upperbound="4"', 'upperbound="1"'), "goes from"),
        (changed(GENIUS, "car.xml", 'upperbound="4"', 'upperbound="9999999"'), "options"),
        (changed(GENIUS, "car.xml", 'index="2" value="blue"', 'index="2"'), "line 2"),
        (changed(GENIUS, "car_a.xml", 'name="Doors"', 'name="Dors"'), "Dors"),
        (changed(GENIUS, "car_a.xml", '<weight index="2" value="0.75"/>', ""), "weight"),
        (changed(GENIUS, "car_a.xml", 'value="0.75"', 'value="nan"'), "nan"),
        (changed(GENIUS, "car_a.xml", 'value="red"', 'value="green"'), "red"),
        (changed(GENIUS, "car_a.xml", 'ftype="linear"', 'ftype="cos"'), "cos"),
        (changed(GENIUS, "car_a.xml", 'value="0.9"', 'value="0"'), "iscount"),
        (changed(GENIUS, "car_a.xml", "</objective>", ""), "car_a.xml, line"),
        (changed(DUMPED, "d.yml", "CategoricalIssue", "ContinuousIssue"), "Continuous"),
        (changed(DUMPED, "d.yml", "  - y", "  - x"), "alike"),
        (changed(DUMPED, "a.yml", "    y: 0.5\n", ""), "no value"),
        (changed(DUMPED, "a.yml", "    y: 0.5\n", "    x: 0.5\n"), "twice"),
        (changed(DUMPED, "a.yml", "TableFun", "CosFun"), ""),
        (changed(DUMPED, "a.yml", "- 1\n", "- 1\n- 2\n"), "weights"),
        (changed(DUMPED, "a.yml", "0.1", "one"), "reservation"),
        (changed(DUMPED, "a.yml", "name: a", "name: b"), "share a name"),
        (changed(DUMPED, "a.yml", "weights:\n- 1\n", "weights: &anchor\n- 1\n"), "'&'"),
        (changed(DUMPED, "a.yml", "name: a", "name: !!python/object:os.system a"), "'!'"),
        ({**DUMPED, "a.yml": "- 1\n- 2\n"}, "a list"),
        ({**DUMPED, "a.yml": ""}, "nothing"),
        ({**DUMPED, "a.json": "{"}, "JSON"),
    ],
)
def test_files_that_cannot_be_used_are_refused_with_the_reason(files, said):
    if said == "":
        assert read_negmas(files).count == 2  # a mapping is a table, whatever it calls itself
        return
    with pytest.raises(InputError, match=said):
        read_negmas(files)


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
HOSTILE = {
    "entities that laugh": LAUGHS + DOMAIN.replace("red", "&b;"),
    "an entity that reads files": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    + DOMAIN.replace("red", "&a;"),
    "an outside document type": '<!DOCTYPE x SYSTEM "http://example.org/x.dtd">' + DOMAIN,
    "an unknown entity": DOMAIN.replace("red", "&nobody;"),
    "elements without end": "<a>" * 10**5,
    "elements as deep as nobody needs": "<a>" * 40 + "</a>" * 40,
    "many elements": "<a>" + "<b/>" * 250_000 + "</a>",
    "an issue of a billion": DOMAIN.replace('upperbound="4"', 'upperbound="1000000000"'),
    "a number of a million digits": DOMAIN.replace('upperbound="4"', f'upperbound="{"9" * 10**6}"'),
}
HOSTILE_YAML = {
    "lists without end": "- " * 10**5,
    "brackets without end": "[" * 10**5,
    "names in names": "\n".join(" " * k + "a:" for k in range(1000)),
    "a line of blanks": "a" + " " * 10**6 + "b",
    "quotes without end": "'" * 10**5 + "a",
    "a quote before a megabyte": '"' + "\\" * 10**6,
    "keys of keys": "? " * 10**5,
    "a merge of anchors": "a: &a [1]\nb: [*a, *a, *a]\n",
    "a number of a million digits": "issues: " + "9" * 10**6,
    "a billion options": DUMPED["d.yml"].replace("  values:\n  - x\n  - y", "  values: 1000000000"),
}


@pytest.mark.parametrize("attack", [*HOSTILE, *HOSTILE_YAML])
def test_texts_built_to_exhaust_are_refused_in_little_memory(attack):
    text = HOSTILE.get(attack) or HOSTILE_YAML[attack]
    files = {**GENIUS, "car.xml": text} if attack in HOSTILE else {**DUMPED, "d.yml": text}
    tracemalloc.start()
    try:
        with pytest.raises(InputError):
            read_negmas(files)
        assert tracemalloc.get_traced_memory()[1] < MEMORY + 64 * len(text)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("files", "name"), [(GENIUS, "car.xml"), (GENIUS, "car_a.xml"), (DUMPED, "a.yml"), (DUMPED, "d.yml")]
)
def test_cut_off_anywhere_or_mangled_it_is_refused_or_a_negotiation(files, name):
    text, rng, refused = files[name], random.Random(0), 0
    cuts = [text[:k] for k in range(0, len(text), 3)]
    for _ in range(150):
        marks = list(text)
        place = rng.randrange(len(marks))
        marks[place : place + rng.randint(0, 3)] = rng.choices("<>&\"/=-:?[]{} \n#'aN9∞", k=rng.randint(0, 3))
        cuts.append("".join(marks))
    for cut in cuts:
        try:
            found = read_negmas({**files, name: cut})
        except InputError as error:
            found, refused = error, refused + 1
        assert isinstance(found, Negotiation) or found.what
    assert refused > len(cuts) / 4


def test_too_many_outcomes_are_too_large():
    issues = [{"name": f"i{k}", "values": 10} for k in range(9)]
    own = json.dumps({"values": [{"type": "IdentityFun"}] * 9})
    with pytest.raises(TooLarge):
        read_negmas({"d.json": json.dumps({"issues": issues}), "a.json": own, "b.json": own})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: 1\nb:\n- x\n- 'it''s'\n- \"q\\\"\"\n", {"a": 1, "b": ["x", "it's", 'q"']}),
        ("? - x\n  - 1\n: 2.5\n? - y\n  - 2\n: .5\n", {("x", 1): 2.5, ("y", 2): 0.5}),
        ("- a: 1\n  b: 2\n- - 3\n  - 4\n", [{"a": 1, "b": 2}, [3, 4]]),
        ("a: null\nb: ~\nc:\nd: true\ne: -.inf\n", {"a": None, "b": None, "c": None, "d": True, "e": float("-inf")}),
        ("# said\n---\na b: 1e-3 # why\n'c: d': x\n", {"a b": 0.001, "c: d": "x"}),
        ('{"a": [1, 2]}', {"a": [1, 2]}),
    ],
)
def test_blocks_by_hand(text, found):
    assert parse_yaml(text, "here") == found
