import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.errors import InputError
from ostrom.core.forms._links import DriverClass, Link
from ostrom.core.forms.latency import affine, bpr
from ostrom.core.forms.network import Network
from ostrom.formats.tntp import load_tntp, read_tntp, save_tntp, write_tntp

NET = """<NUMBER OF ZONES> 2
<NUMBER OF NODES> 3
<FIRST THRU NODE> 3
<NUMBER OF LINKS> 4
<END OF METADATA>

~ \tinit\tterm\tcapacity\tlength\tfree\tb\tpower\tspeed\ttoll\ttype\t;
\t1\t3\t10.5\t2\t1.5\t0.15\t4\t0\t3\t1\t;
\t3\t2\t20\t1\t2.5\t0.15\t4\t0\t0\t1\t;
\t1\t2\t5\t4\t6\t0\t0\t0\t0\t1\t;
2 1 5 4 6 1.0 1 0 0 1;  ~ a remark
"""
TRIPS = """<NUMBER OF ZONES> 2
<TOTAL OD FLOW> 13.5
<END OF METADATA>

Origin 1
 1 : 0.5;  2 : 12.0;
Origin 2
 1 : 1.0;
"""


def test_a_small_file_is_read():
    network = read_tntp(NET, TRIPS)
    assert network.link_names == ("1>3", "3>2", "1>2", "2>1")
    assert network.pairs == (("1", "2"), ("2", "1"))
    assert network.demand.tolist() == [12, 1]
    assert {network.nodes[k] for k in network.no_through} == {"1", "2"}
    assert network.times(np.full(4, 7.0)) == pytest.approx(
        [1.5 * (1 + 0.15 * (7 / 10.5) ** 4), 2.5 * (1 + 0.15 * (7 / 20) ** 4), 6, 6 * (1 + 7 / 5)]
    )
    assert network.tolls.tolist() == [0, 0, 0, 0]
    assert network.links[0].latency.capacity == 10.5


def test_factors_price_distance_as_time_and_toll_as_toll():
    net = NET.replace("<END", "<TOLL FACTOR> 0.5\n<DISTANCE FACTOR> 0.25\n<END")
    plain, priced = read_tntp(NET, TRIPS), read_tntp(net, TRIPS)
    flows = np.full(4, 3.0)
    assert priced.times(flows) - plain.times(flows) == pytest.approx([0.5, 0.25, 1, 1])
    assert priced.tolls.tolist() == [1.5, 0, 0, 0]


def test_coordinates_put_the_places_on_a_map():
    network = read_tntp(NET, TRIPS, "node\tX\tY\t;\n1 -5.5 2;\n2 3 4;\n9 0 0;\n3 1e2 0 ;\n")
    assert network.places == {"1": (-5.5, 2), "2": (3, 4), "3": (100, 0)}


@pytest.mark.parametrize(("whole", "other"), [(NET, TRIPS), (TRIPS, NET)], ids=["net", "trips"])
def test_cut_anywhere_it_is_a_network_or_a_clear_error(whole, other):
    refusals = []
    for end in range(len(whole)):
        texts = (whole[:end], other) if whole is NET else (other, whole[:end])
        try:
            assert read_tntp(*texts).demand.sum() >= 12
        except InputError as error:
            refusals.append(str(error))
    assert len(refusals) > len(whole) - 40
    assert all("the network" in said or "the trips" in said for said in refusals)


numbers = st.text("0123456789.-+eE_naif/:;<>~ \n\t\x00é²", max_size=12)


@given(st.sampled_from([NET, TRIPS]), st.integers(0, 400), st.integers(0, 12), numbers)
def test_whatever_is_written_over_it_it_is_a_network_or_a_clear_error(whole, start, length, noise):
    text = whole[:start] + noise + whole[start + length :]
    texts = (text, TRIPS) if whole is NET else (NET, text)
    try:
        network = read_tntp(*texts, nodes=noise)
    except InputError:
        return
    assert np.isfinite(network.times(network.demand.sum() * np.ones(len(network.links)))).all()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<END OF METADATA>", "", "END OF METADATA"),
        ("<NUMBER OF LINKS> 4", "", "NUMBER OF LINKS"),
        ("<NUMBER OF LINKS> 4", "<NUMBER OF LINKS> 5", "4 links stand here"),
        ("<NUMBER OF LINKS> 4", "<NUMBER OF LINKS> 999999999999999999999", "line 4"),
        ("<NUMBER OF LINKS> 4", "<NUMBER OF LINKS> four", "line 4"),
        ("<NUMBER OF NODES> 3", "<NUMBER OF NODES> 2", "line 8"),
        ("<NUMBER OF NODES> 3", "<NUMBER OF NODES> -3", "line 2"),
        ("\t1\t3\t10.5", "\t1\t3\tnan", "line 8: the capacity is 'nan'"),
        ("\t1\t3\t10.5", "\t1\t3\tinf", "line 8"),
        ("\t1\t3\t10.5", "\t1\t3\t-10.5", "line 8"),
        ("\t1\t3\t10.5", "\t1\t3\t0", "line 8: the capacity is 0"),
        ("\t1\t3\t10.5", "\t1\t3\t1e999", "line 8"),
        ("\t1\t3\t10.5", "\t1\t3\t1_0", "line 8"),
        ("\t1\t3\t10.5", "\t1\t3\t١٠", "line 8"),
        ("\t1\t3\t10.5", "\t1\t" + "3" * 5000 + "\t10.5", "line 8"),
        ("\t1\t3\t10.5", "\t1\t3\t" + "9" * 5000, "line 8"),
        ("\t1\t3\t10.5", "\t0\t3\t10.5", "line 8: the init node"),
        ("\t1\t3\t10.5", "\t1\t1\t10.5", "line 8: the link leads from 1 to itself"),
        ("\t1\t3\t10.5", "\t1\t3", "line 8: there are 9 cells"),
        ("0.15\t4\t0\t3", "0.15\t9000\t0\t3", "1>3"),
        ("\t1\t2\t5", "<script>alert(1)</script>\t5", "line 10"),
    ],
)
def test_what_is_wrong_with_a_network_is_said_with_its_line(old, new, said):
    assert NET.count(old) == 1
    with pytest.raises(InputError) as error:
        read_tntp(NET.replace(old, new), TRIPS, where=("some_net.tntp", "some_trips.tntp", "some_node.tntp"))
    assert said in str(error.value)
    assert "some_net.tntp" in str(error.value)
    assert len(str(error.value)) < 600


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<END OF METADATA>", "", "END OF METADATA"),
        ("2 : 12.0", "2 : nan", "line 6: the trips is 'nan'"),
        ("2 : 12.0", "2 : -12.0", "line 6"),
        ("2 : 12.0", "2 12.0", "line 6"),
        ("2 : 12.0", "3 : 12.0", "line 6: the destination"),
        ("2 : 12.0", "1 : 12.0", "a second time"),
        ("2 : 12.0", "2 : 2.0", "line 2: the trips add up to 3.5"),
        ("Origin 1\n", "", "line 5: there are trips before the first origin"),
        ("Origin 1", "Origin one", "line 5: the origin"),
        ("Origin 2", "Origin 3", "line 7: the origin"),
        ("<TOTAL OD FLOW> 13.5", "<TOTAL OD FLOW> lots", "line 2"),
        (TRIPS[TRIPS.index("<TOTAL") :], "<END OF METADATA>\nOrigin 1\n1 : 5;\n", "no trips between different zones"),
    ],
)
def test_what_is_wrong_with_trips_is_said_with_its_line(old, new, said):
    assert TRIPS.count(old) == 1
    with pytest.raises(InputError) as error:
        read_tntp(NET, TRIPS.replace(old, new), where=("some_net.tntp", "some_trips.tntp", "some_node.tntp"))
    assert said in str(error.value)
    assert "some_trips.tntp" in str(error.value)


@pytest.mark.parametrize("nodes", ["1 2;", "1 nan 3;", "x\n-1 2 3", "1 2 inf"])
def test_what_is_wrong_with_coordinates_is_said_with_its_line(nodes):
    with pytest.raises(InputError, match="the nodes, line"):
        read_tntp(NET, TRIPS, nodes)


@st.composite
def networks(draw):
    count = draw(st.integers(2, 5))
    amounts = st.floats(1e-3, 1e5)
    made = st.builds(bpr, amounts, amounts, st.floats(0, 10), st.floats(0.5, 5)) | st.builds(
        affine, amounts, st.floats(0, 9)
    )
    ring = [(str(k + 1), str((k + 1) % count + 1), draw(made)) for k in range(count)]
    ends = st.tuples(*[st.integers(1, count).map(str)] * 2).filter(lambda pair: pair[0] != pair[1])
    demands = draw(st.dictionaries(ends, st.floats(0.01, 10), min_size=1, max_size=4))
    return Network(ring, demands, tolls=draw(st.lists(st.floats(0, 9), min_size=count, max_size=count)))


@given(networks())
def test_what_is_written_is_read_back(network):
    again = read_tntp(*write_tntp(network))
    assert again.link_names == network.link_names
    assert set(zip(again.pairs, again.demand, strict=True)) == set(zip(network.pairs, network.demand, strict=True))
    assert again.tolls.tolist() == network.tolls.tolist()
    flows = np.linspace(0, 40, 7)[:, None] * np.ones(len(network.links))
    assert np.allclose(again.times(flows), network.times(flows), rtol=1e-12)


def test_closed_zones_are_written_and_read_back():
    network = read_tntp(NET, TRIPS)
    again = read_tntp(*write_tntp(network))
    assert again.no_through == network.no_through


@pytest.mark.parametrize(
    ("links", "options"),
    [
        ([("A", "B", 1.0)], {}),
        ([("1", "2", lambda flow: 1 + flow)], {}),
        ([("1", "2", affine(0, 1))], {}),
        ([("1", "2", 1.0), ("2", "3", 1.0)], {"no_through": ["2"]}),
    ],
)
def test_what_the_format_cannot_say_is_not_written(links, options):
    network = Network(links, {(links[0][0], links[0][1]): 1.0}, **options)
    with pytest.raises(InputError):
        write_tntp(network)


def test_files_find_each_other(tmp_path):
    network = read_tntp(NET, TRIPS)
    save_tntp(network, tmp_path / "Small_net.tntp")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Small_net.tntp", "Small_trips.tntp"]
    for name in ("Small_net.tntp", "Small_trips.tntp"):
        assert load_tntp(tmp_path / name).name == "Small"
    (tmp_path / "Small_node.tntp").write_text("1 0 0;\n2 1 1;\n3 2 2;\n")
    assert len(load_tntp(tmp_path / "Small_net.tntp").places) == 3
    (tmp_path / "Small_trips.tntp").rename(tmp_path / "morning_trips.tntp")
    assert load_tntp(tmp_path / "Small_net.tntp").demand.tolist() == [12, 1]
    (tmp_path / "evening_trips.tntp").write_text(TRIPS)
    with pytest.raises(InputError, match="not beside it"):
        load_tntp(tmp_path / "Small_net.tntp")


def test_files_that_are_not_there_or_not_text(tmp_path):
    with pytest.raises(InputError, match="no file"):
        load_tntp(tmp_path / "Nowhere_net.tntp")
    (tmp_path / "Odd_net.tntp").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "Odd_trips.tntp").write_text(TRIPS)
    with pytest.raises(InputError, match="UTF-8"):
        load_tntp(tmp_path / "Odd_net.tntp")


def test_sioux_falls_is_what_its_source_says(shared_data):
    network = load_tntp(shared_data / "tntp" / "SiouxFalls_net.tntp")
    assert (len(network.nodes), len(network.links), len(network.pairs)) == (24, 76, 528)
    assert network.demand.sum() == 360_600
    assert not network.no_through
    assert math.isclose(network.times(np.zeros(76)).sum(), 314.0)


def test_classes_of_drivers_are_not_written():
    roads = [Link("1", "2", affine(1, 1), "lane"), Link("1", "2", affine(2, 1), "road")]
    mixed = [DriverClass("hurried", 0.5, 2.0), DriverClass("patient", 0.5, 1.0)]
    with pytest.raises(InputError, match="classes of drivers"):
        write_tntp(Network(roads, {("1", "2"): 3.0}, classes=mixed))
