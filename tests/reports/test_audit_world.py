"""The audit of a world: its parts agree with each other, and every form shows them."""

import json as reader
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("jax")

import ostrom as om
from ostrom.core.agent import Policy
from ostrom.core.claim import Claim
from ostrom.core.rooms import load
from ostrom.diagnosis._student_interval import Mean
from ostrom.learners import Learner
from ostrom.reports._audit_world import audit_world, sending
from ostrom.reports._chart_world import cross_picture, part_picture
from ostrom.reports._page import Table, Verdicts
from ostrom.reports._page_world import world_page
from ostrom.reports.html import html
from ostrom.reports.json import json
from ostrom.reports.svg import svg
from ostrom.reports.text import text
from ostrom.worlds import MatrixWorld

PD = MatrixWorld.of(om.games.PrisonersDilemma(), horizon=2)


class Fixed(Policy):
    """Always the move of this number."""

    number: float = 0.0

    def act(self, sight, memory):
        return {"act": sight.scores("act", self.number)}, memory


class Nobody(Learner):
    """Never learns, and is never asked."""

    def begin(self, key, space):
        return np.zeros(1, np.float32)

    def act(self, key, mind, memory, sight):
        return {"act": mind[0].astype(int)}, memory, {}


@pytest.fixture(scope="module")
def audited():
    """Two who always cooperate, where learners learn what they should: to defect, or for all to cooperate."""
    patched = pytest.MonkeyPatch()
    patched.setattr(load("learners", "further"), "further", _taught)
    yield audit_world(PD, Fixed(0), title="a dilemma", learner=Nobody(), steps=100, seeds=2)
    patched.undo()


def _taught(world, tables, seats, steps, **more):
    learned = Fixed(1.0 - world.welfare)
    rows = [seats] * len(tables) if isinstance(seats[0], int) else seats
    pairs = zip(tables, rows, strict=True)
    return [[learned if number in own else player for number, player in enumerate(row)] for row, own in pairs]


def test_what_is_claimed_is_what_the_table_says(audited):
    """Cooperators in two rounds get 6 each; whoever learns to defect gets 10 and leaves the other nothing."""
    assert audited.diagnosis.gap.value == 0
    gain, harm = audited.verification.answers["Exploiters"]
    assert (gain.verdict, gain.numbers["mean"]) == ("refuted", 4)
    assert (harm.verdict, harm.numbers["mean"]) == ("refuted", 6)
    assert "Strangers" not in audited.verification.answers  # a table game has no bots, and nobody trained was given
    assert audited.recording.returns.tolist() == [6, 6]


def test_the_empirical_game_is_that_of_the_players(audited):
    names = audited.sent.meetings.agents
    assert names == ("as one", "as things are", "random") or names == ("as things are", "random")
    place = names.index("as things are")
    assert audited.sent.game.payoffs[place, place].tolist() == [6, 6]
    assert "best for all is" in sending(audited.sent).sentence or "best for all, is" in sending(audited.sent).sentence


def test_every_form_shows_it(audited):
    page, told, whole = html(audited), text(audited), reader.loads(json(audited))
    assert "<title>Audit of a dilemma</title>" in page
    assert page.count("<figure") >= 3
    assert "<script" not in page
    for title in (
        "What is lost, and to what",
        "How it is played",
        "Whom would one send?",
        "Does it hold among others?",
    ):
        assert title in page
        assert title in told
    assert whole["kind"] == "audited world"
    assert whole["diagnosis"]["gap"]["value"] == 0
    assert len(whole["claims"]) == len(audited.claims)
    assert svg(audited).startswith("<svg")
    assert html(audited) == page


def test_what_was_met_and_learned_stands_in_tables_with_the_numbers_of_the_claims(audited):
    """By hand: a stranger met at 1 and 3, where 5 and 5 was possible, is a loss of 4 and 2; no claim is told twice."""
    told = {"n": 2, "strangers": "shy bots", "mode": "one among strangers", "tolerance": 0.25, "best is": "bold bots"}
    claim = Claim("They stand.", "unknown", "met", 0.25, {**told, "focal": [1.0, 3.0], "best": [5.0, 5.0]})
    other = Claim("Something else.", "supported", "looked", 0.0, {})
    answers = {"Strangers": (claim,), **audited.verification.answers, "Own": (other,)}
    page = world_page(replace(audited, verification=replace(audited.verification, answers=answers)))
    (section,) = [section for section in page.sections if section.title == "Does it hold among others?"]
    strangers, replies = (block for block in section.blocks if isinstance(block, Table))
    assert strangers.rows == (("one among shy bots", "2 ± 13", "5", "bold bots", "3 ± 13", "unknown"),)
    assert [row[0] for row in replies.rows] == ["whoever learns it gains", "each of the others loses"]
    assert [row[2:] for row in replies.rows] == [("4", "refuted"), ("6", "refuted")]
    (kept,) = [block for block in section.blocks if isinstance(block, Verdicts)]
    assert kept.claims == (other,)


def test_facets_and_verifications_have_pages_of_their_own(audited):
    assert html(audited.diagnosis).count("<figure") == 1
    assert text(audited.diagnosis).startswith("Diagnosis of MatrixWorld\n")
    assert text(audited.verification).startswith("Verification of MatrixWorld\n")


def test_bars_have_the_ends_of_their_intervals():
    """The lines are the intervals, in the order of the names; a mean without one has none."""
    parts = {"greed": Mean(2.0, 1.5, 2.5, 4), "fear": Mean(-1.0, -1.25, -0.75, 4), "luck": Mean(0.5, None, None, 1)}
    picture = part_picture(parts, "welfare", "caption")
    _, bars, lines, _ = (layer["data"]["values"] for layer in picture.chart["layer"])
    assert [bar["value"] for bar in bars] == [2.0, -1.0, 0.5]
    assert [(line["low"], line["high"]) for line in lines] == [(1.5, 2.5), (-1.25, -0.75)]
    assert "greed 2.00 ± 0.50" in picture.words


def test_cells_say_who_gets_what_with_whom():
    got = np.array([[3.0, 0.0], [5.0, 1.0]])
    picture = cross_picture(("C", "D"), got, 0 * got + 0.25, "caption")
    cells = picture.chart["layer"][0]["data"]["values"]
    assert [(cell["top"], cell["left"], cell["text"]) for cell in cells] == [
        (0, 0, "3"), (0, 1, "0"), (1, 0, "5"), (1, 1, "1")
    ]  # fmt: skip
    darkest = max(cells, key=lambda cell: cell["shade"])
    assert darkest["text"] == "5"
    assert "D with C 5" in picture.words


def test_sides_that_differ_are_named(audited):
    """Where roles are not alike, each has a matrix, and the caption says whose it is."""
    meetings = replace(audited.sent.meetings, symmetric=False)
    page = html(replace(audited, sent=replace(audited.sent, meetings=meetings)))
    assert "What the row, as row, gets" in page
    assert "What the row, as column, gets" in page
