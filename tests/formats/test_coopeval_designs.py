"""Proposals and the meetings in which they were voted on: folders written by hand, and the published one."""

import gzip
import json

import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.formats.coopeval import CoopEval
from ostrom.formats.coopeval_designs import Design, designs, meetings

ANN, BOB = "maker/ann(IO)", "maker/bob(CoT)"
MATRIX = {"CC": [2, 2], "CD": [0, 3], "DC": [3, 0], "DD": [1, 1]}
CONTRACT = {"PrisonersDilemmaAction.COOPERATE": 2, "PrisonersDilemmaAction.DEFECT": -1}
MEDIATOR = [[1, "PrisonersDilemmaAction.DEFECT"], [2, "PrisonersDilemmaAction.COOPERATE"]]


def config(cell, mechanism):
    game = {"type": "PrisonersDilemma", "kwargs": {"payoff_matrix": MATRIX}}
    settings = {"game": game, "mechanism": {"type": mechanism, "kwargs": {}}}
    return {"cell": cell, "game": "pd", "mechanism": mechanism, "variant": mechanism, "config": settings}


def ballot(cell, kind, winner, **more):
    votes = [
        {"voter": f"{ANN}#P1", "votes": {"1": True, "2": False}},
        {"voter": f"{BOB}#P2", "votes": {"1": True, "2": True}},
    ]
    row = {"cell": cell, "matchup": 0, "round": 0, "votes": votes, f"selected_{kind}_designer_name": winner}
    return row | more


def played(cell, *seats):
    rows = []
    for seat, (agent, action, points, *mediated) in enumerate(seats, 1):
        model, _, mode = agent.rpartition("(")
        place = {"cell": cell, "matchup": 0, "round": 0, "seat": seat, "model": model, "mode": mode.rstrip(")")}
        rows.append({**place, "action": action, "points": points} | ({"mediated": True} if mediated else {}))
    return rows[::-1]


def folder(path, **changes):
    lines = {
        "configs": [config("contracts", "Contracting"), config("mediators", "Mediation"), config("bare", "None")],
        "designs": [
            {"cell": "contracts", "design": {f"{ANN}#P1": {"contract": CONTRACT}, f"{BOB}#P2": {"contract": CONTRACT}}},
            {"cell": "mediators", "design": {f"{ANN}#P1": {"mediator": MEDIATOR}, f"{BOB}#P2": {"mediator": MEDIATOR}}},
        ],
        "institutions": [
            ballot(
                "contracts",
                "contract",
                f"{ANN}#P1",
                signatures={f"{ANN}#P1": True, f"{BOB}#P2": False},
                all_signed=False,
            ),
            ballot("mediators", "mediator", f"{BOB}#P2"),
        ],
        "plays": [
            *played("contracts", (ANN, "COOPERATE", 0), (BOB, "DEFECT", 3)),
            *played("mediators", (ANN, "DEFECT", 1, "mediated"), (BOB, "DEFECT", 1)),
            *played("bare", (ANN, "DEFECT", 1), (BOB, "DEFECT", 1)),
        ],
    } | changes
    for kind, rows in lines.items():
        text = "".join(json.dumps(row) + "\n" for row in rows).encode()
        (path / f"{kind}-r1.jsonl.gz").write_bytes(gzip.compress(text))
    return path


def test_proposals_of_both_kinds(tmp_path):
    found = designs(folder(tmp_path))
    assert [design.kind for design in found] == ["contract", "contract", "mediator", "mediator"]
    assert found[0] == Design("contracts", "r1", ANN, 1, contract={"COOPERATE": 2.0, "DEFECT": -1.0})
    assert found[3] == Design("mediators", "r1", BOB, 2, mediator={1: "DEFECT", 2: "COOPERATE"})


def test_meetings_put_votes_signatures_and_moves_of_each_seat_together(tmp_path):
    path = folder(tmp_path)
    one, two = meetings(CoopEval(path).events(), designs(path))
    assert (one.cell, one.run, one.matchup, one.agents) == ("contracts", "r1", 0, (ANN, BOB))
    assert one.approved == two.approved == ((True, False), (True, True))
    assert (one.design.agent, two.design.agent) == (ANN, BOB)
    assert (one.signed, two.signed) == ((True, False), ())
    assert (one.delegated, two.delegated) == ((False, False), (True, False))
    assert (one.moves, one.points) == (("COOPERATE", "DEFECT"), (0.0, 3.0))


def test_nothing_was_proposed(tmp_path):
    path = folder(tmp_path, designs=[], institutions=[])
    assert designs(path) == ()
    assert list(meetings(CoopEval(path).events(), ())) == []


def test_what_cannot_be_is_refused(tmp_path):
    path = folder(tmp_path)
    with pytest.raises(InputError, match="has proposed nothing"):
        list(meetings(CoopEval(path).events(), designs(path)[1:]))
    rows = [ballot("contracts", "contract", "maker/cem(IO)#P1", signatures={}, all_signed=True)]
    path = folder(tmp_path, institutions=rows)
    with pytest.raises(InputError, match="without a seat"):
        list(meetings(CoopEval(path).events(), designs(path)))
    path = folder(tmp_path, designs=[{"cell": "contracts", "design": {ANN: {"contract": CONTRACT}}}])
    with pytest.raises(InputError, match="agent#P1"):
        designs(path)
    path = folder(tmp_path, designs=[{"cell": "mediators", "design": {f"{ANN}#P1": {"mediator": "both"}}}])
    with pytest.raises(InputError, match="how many delegate"):
        designs(path)


def test_every_published_meeting_was_paid_what_its_game_and_its_contract_say(shared_data):
    log, proposed = CoopEval(shared_data / "coopeval"), designs(shared_data / "coopeval")
    met = list(meetings(log.events({design.cell for design in proposed}), proposed))
    assert (len(proposed), len(met)) == (234, 1188)
    for meeting in met:
        base = log.cells[meeting.cell].base
        points = np.array(base.payoffs[base.profile(meeting.moves)])
        if meeting.signed and all(meeting.signed):
            own, other = (meeting.design.contract[move] for move in meeting.moves)
            points += own - other, other - own
        for move, handed in zip(meeting.moves, meeting.delegated, strict=True):
            assert not handed or move == meeting.design.mediator[sum(meeting.delegated)]
        assert points.tolist() == list(meeting.points)
