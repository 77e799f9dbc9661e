"""What is said of rules for players who are alike: on a page of their own, and inside an audit."""

import json as plain_json

import pytest

from ostrom import design_alike, games
from ostrom.reports.audit import audit
from ostrom.reports.html import html
from ostrom.reports.json import json
from ostrom.reports.text import text


@pytest.fixture(scope="module")
def audited():
    """An audit of a lake with too many fishers to list."""
    return audit(games.Commons(players=40))


def test_an_audit_of_many_looks_for_rules(audited):
    assert audited.unsought == ""
    assert audited.design.best.approach == "quota"
    assert audited.claims == audited.design.claims
    assert audited.certificate is None
    said = " ".join(text(audited).split())
    assert "No more than 2 of harvest each makes all playing 2 the only pure equilibrium." in said
    for part in ("What could be done", "For whom", "Does it hold?", "What cannot be done", "each player"):
        assert part in said
    assert "too many to look at each, " not in said


def test_every_form_is_the_same_twice(audited):
    for form in (text, html, json):
        assert form(audited) == form(audited)
    kept = plain_json.loads(json(audited))
    assert kept["design"]["lines"][0]["institution"]["institution"] == "Quota"
    assert kept["design"]["target"] == "2"


def test_where_nothing_is_lost_nothing_is_looked_for():
    """The best of eight firms for all is hardly better than what they sell, beside what they could lose."""
    found = audit(games.Cournot(players=8, step=6.0))
    assert found.design is None
    assert found.unsought == ""


def test_a_page_of_its_own_says_why_nothing_is_proposed():
    found = design_alike(games.Cournot(players=8, step=6.0), target="6", among=["quota"])
    said = " ".join(text(found).split())
    assert said.startswith("Design for cournot")
    assert "(quota)" in said
    assert "consumers would lose" in said
    assert "For whom" not in said
