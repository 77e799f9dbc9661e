import dataclasses
import json

import numpy as np
import pytest

from ostrom.core.forms.latency import affine, bpr
from ostrom.core.forms.network import Network
from ostrom.diagnosis._layout import LARGEST, layout
from ostrom.diagnosis.traffic import diagnose_network
from ostrom.formats.tntp import load_tntp
from ostrom.games import Braess, Pigou, Town


def sentences(diagnosis):
    return " ".join(finding.sentence for finding in diagnosis.findings)


def test_braess_is_found_and_mended():
    seen = diagnose_network(Braess())
    assert seen.price_of_anarchy == pytest.approx(4 / 3)
    assert [claim.verdict for claim in seen.claims] == ["proved", "proved"]
    assert [closure.link for closure in seen.helpful] == ["north>south"]
    assert seen.helpful[0].saved == pytest.approx(0.25)
    assert seen.helpful[0].total_time == pytest.approx(1.5)
    assert {road.name: road.toll for road in seen.roads}["home>north"] == pytest.approx(0.5)
    assert seen.tolled_time == pytest.approx(1.5)
    assert "closing north>south saves 25 % of all travel time" in sentences(seen)
    assert "25 % of all travel time is lost" in sentences(seen)


def test_the_town_loses_by_origin_and_destination():
    seen = diagnose_network(Town())
    assert seen.price_of_anarchy == pytest.approx(Town.reference["price of anarchy"], rel=1e-6)
    assert sum(t.trips * t.time for t in seen.pairs) == pytest.approx(Town.reference["total time"], rel=1e-6)
    for groups in (seen.origins, seen.destinations):
        assert sum(t.trips for t in groups) == 2000
        assert sum(t.trips * t.best_time for t in groups) == pytest.approx(
            Town.reference["optimal total time"], rel=1e-6
        )
    assert seen.closures[0].link == "Old Bridge>Market"
    assert seen.closures[0].total_time == pytest.approx(Town.reference["total time without the quay"], rel=1e-6)
    bridge = next(road for road in seen.roads if road.name == "Hillside>Old Bridge")
    assert bridge.load == pytest.approx(bridge.flow / 600)
    assert bridge.load > 1.5
    assert seen.mapped
    assert "going from Hillside" in sentences(seen)


def test_pairs_that_gain_by_selfish_driving_are_named():
    seen = diagnose_network(Town())
    gains = [trips.whose for trips in seen.pairs if trips.lost < 0]
    assert gains == ["Meadows to Harbour"]
    links = [("X", "T", affine(0, 1)), ("X", "Y", 0.0), ("Y", "T", affine(0.9, 0.2))]
    told = sentences(diagnose_network(Network(links, {("X", "T"): 1.0, ("Y", "T"): 1.0})))
    assert "costs those going from X 0.16 minutes a trip; it spares those going from Y 0.0583 minutes a trip" in told


def test_nothing_to_gain_is_said():
    seen = diagnose_network(Network([("A", "B", affine(1, 1)), ("A", "B", affine(1, 1))], {("A", "B"): 1.0}))
    assert seen.price_of_anarchy == pytest.approx(1)
    told = sentences(seen)
    assert "nothing to gain" in told
    assert "No toll is needed" in told
    assert "Closing no single link would save time" in told


def test_a_link_that_cannot_be_closed_has_no_total():
    seen = diagnose_network(Network([("A", "B", 1.0), ("B", "C", 1.0), ("A", "B", 3.0)], {("A", "C"): 1.0}))
    assert {c.link: c.total_time for c in seen.closures} == {"A>B": 4.0, "B>C": None, "A>#2>B": 2.0}
    assert seen.closures[-1].saved is None


def test_tolls_that_do_not_reach_the_optimum_are_not_oversold():
    """As with a lane that is free up to its middle and steep beyond: no fixed toll keeps the flow at the bend."""
    seen = dataclasses.replace(diagnose_network(Pigou()), tolled_time=0.9)
    assert "lead to 0.9 minutes, not all the way to 0.75" in sentences(seen)


def test_an_unfinished_assignment_is_said_to_be_one():
    links = [("A", "B", bpr(k, k)) for k in range(1, 9)]
    told = sentences(diagnose_network(Network(links, {("A", "B"): 50.0}), seconds=0.0, try_closing=0))
    assert "user equilibrium is timed out" in told
    assert "system optimum is timed out" in told


def test_large_networks_are_not_closed_link_by_link():
    seen = diagnose_network(Pigou(), try_closing=1)
    assert seen.closures is None
    assert seen.helpful == ()
    assert "not tried: there are 2" in sentences(seen)


def test_findings_are_plain_data():
    for network in (Braess(), Pigou(), Town()):
        for finding in diagnose_network(network).findings:
            assert json.loads(json.dumps(dict(finding.numbers), allow_nan=False))
            assert finding.sentence.endswith(".")
            assert finding.source


def test_places_without_a_map_are_laid_out():
    seen = diagnose_network(Network([(a, b, 1.0) for a, b in ("AB", "BC", "CD", "DA")], {("A", "C"): 1.0}))
    assert not seen.mapped
    assert seen.places.keys() == set("ABCD")
    square = np.array([seen.places[node] for node in "ABCD"])
    sides = np.linalg.norm(square - np.roll(square, 1, axis=0), axis=1)
    assert sides == pytest.approx([sides[0]] * 4, rel=1e-2)
    assert np.linalg.norm(square[0] - square[2]) > 1.2 * sides[0]


def test_a_layout_is_the_same_every_time_and_has_its_limits():
    ends = np.arange(30), (np.arange(30) * 7 + 1) % 31
    assert np.array_equal(layout(31, *ends), layout(31, *ends))
    assert layout(1, np.array([], int), np.array([], int)).shape == (1, 2)
    assert layout(LARGEST + 1, *ends) is None
    apart = layout(4, np.array([0, 2]), np.array([1, 3]))
    assert np.isfinite(apart).all()
    assert len(np.unique(apart, axis=0)) == 4


def test_sioux_falls_as_a_whole(shared_data):
    seen = diagnose_network(load_tntp(shared_data / "tntp" / "SiouxFalls_net.tntp"))
    assert seen.price_of_anarchy == pytest.approx(1.039750, abs=1e-6)
    assert len(seen.places) == 24
    assert (len(seen.roads), len(seen.pairs), len(seen.origins), len(seen.destinations)) == (76, 528, 24, 24)
    assert seen.closures is None
    assert "3.82 % of all travel time is lost" in sentences(seen)
