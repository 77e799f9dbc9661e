"""Kinds of institutions: what each member does agrees with what it declares, and lies are found."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from ostrom import NormalForm
from ostrom.core import catalogue
from ostrom.core.errors import InputError
from ostrom.core.game import Fact
from ostrom.core.institution import Institution
from ostrom.diagnosis.kinds import kinds

AMOUNTS = {
    "harvest": (1, 3),
    "contribution": (2, 0),
    "emission": (0, 2),
    "output": (20, 40),
    "link:north>south": (0, 1),
}
FACTS = [Fact.of_own_move(name, "units", amounts) for name, amounts in AMOUNTS.items()]


def commons(*players):
    """What each gets from D, at the cost of all the others; facts by the names that examples of rules use."""
    moves = np.indices((2,) * len(players))
    payoffs = np.stack([2.0 * own - 1.5 * (moves.sum(0) - own) + 1 for own in moves], -1)
    return NormalForm(payoffs, players=players, moves=["C", "D"], facts=FACTS)


@cache
def of(name):
    """A member as its example makes it, on three seats, or on two where it is made for two."""
    text = getattr(catalogue.member("institutions", name), "example", name).replace("fisher 1", "row")
    try:
        rule = catalogue.build("institutions", text, Institution)
    except InputError as error:
        pytest.skip(f"the example of {name} cannot be read: {error.what}")
    try:
        return kinds(rule, commons("row", "column", "third"))
    except InputError:
        return kinds(rule, commons("row", "column"))


@pytest.mark.parametrize("name", catalogue.names("institutions"))
def test_every_member_is_what_it_declares(name):
    found = of(name)
    assert found.kinds, f"{name} does nothing on the game of this test"
    assert found.mismatches == ()


def test_the_table_of_the_page_is_what_is_computed():
    page = Path(__file__).parents[2] / "docs" / "diagnosis" / "kinds.md"
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.read_text("utf-8").splitlines()]
    rows = [row for row in rows if len(row) == 8 and row[0] not in ("rule", "---")]
    assert len(rows) > 40
    for name, kind, is_, changes, *_, unasked in rows:
        found = of(name.replace(" ", "_"))
        assert (found.declared["kind"], ", ".join(found.kinds), ", ".join(found.changes)) == (kind, is_, changes), name
        assert ("yes" if found.unasked else "no") == unasked, name


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("tax", ("payments",)),
        ("quota", ("permits",)),
        ("vote", ("deeds", "rules")),
        ("prosocial", ("wants",)),
        ("cheap_talk", ("talk",)),
        ("reputation", ("knowledge",)),
        ("mediator", ("moves", "deeds")),
        ("referendum", ("payments", "rules")),
    ],
)
def test_what_rules_change(name, changes):
    assert of(name).changes == changes


@pytest.mark.parametrize(
    ("name", "unasked"),
    [("tax", True), ("quota", True), ("delayed", True), ("contract", False), ("ostracism", False), ("gossip", False)],
)
def test_what_is_done_although_nobody_chose_so(name, unasked):
    assert of(name).unasked is unasked


class Says(Institution):
    """A tax that declares what a test wants."""

    def settle(self, now, payoffs):
        return payoffs - now.did("act", "D")


@pytest.mark.parametrize(
    ("lie", "word"),
    [
        ({"kind": "structural"}, "declares itself structural"),
        ({"kind": "strategic", "formal": False}, "declares itself informal"),
        ({"kind": "strategic", "emergent": True}, "declares itself emergent"),
    ],
)
def test_a_planted_lie_is_found(lie, word):
    liar = type("Liar", (Says,), lie)()
    found = kinds(liar, commons("row", "column"))
    assert len(found.mismatches) == 1
    assert word in found.mismatches[0]
    assert word in str(found)
    assert kinds(type("Honest", (Says,), {"kind": "strategic"})(), commons("row", "column")).mismatches == ()


def test_a_rule_that_does_nothing_here_is_of_no_kind():
    found = kinds(Institution(), commons("row", "column"))
    assert (found.kinds, found.mismatches, found.unasked) == ((), (), False)
    assert "changes nothing here" in str(found)


def test_it_is_plain_data():
    found = of("tax").to_dict()
    assert json.loads(json.dumps(found))["kinds"] == ["strategic"]
    assert found["declared"]["enforced_by"] == "whoever can observe what is taxed"
