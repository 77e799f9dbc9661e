"""CoopEval folders written here by hand: what is read from them, and what is refused."""

import gzip
import json
from contextlib import suppress
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError, UnknownName
from ostrom.formats.coopeval import CoopEval, recognises, round_weights, transfers

DILEMMA = {
    "type": "PrisonersDilemma",
    "kwargs": {"payoff_matrix": {"CC": [2, 2], "CD": [0, 3], "DC": [3, 0], "DD": [1, 1]}},
}
NAMES = ("maker/one", "maker/two")


def config(cell="pdxnone", game=DILEMMA, mechanism="none", **settings_):
    arm = {"type": mechanism, "kwargs": settings_}
    return {
        "cell": cell,
        "game": cell.split("x")[0],
        "mechanism": mechanism,
        "variant": mechanism,
        "config": {"game": game, "mechanism": arm, "agents": []},
    }


def play(seat, action, points, cell="pdxnone", matchup=0, t=0, model=NAMES[0], **more):
    place = {"cell": cell, "matchup": matchup, "round": t, "seat": seat}
    return {**place, "model": model, "mode": "IO", "action": action, "points": points, **more}


def paid(agents, payoffs, cell="pdxnone", discount=1.0):
    return {"cell": cell, "discount": discount, "seat_agents": list(agents), "payoffs": payoffs}


def write(folder, packed=True, **kinds):
    """Files `kind-run.jsonl` from `kind_run=[rows]`."""
    for name, rows in kinds.items():
        text = "".join(json.dumps(row) + "\n" for row in rows).encode()
        path = folder / f"{name.replace('_', '-')}.jsonl"
        if packed:
            (folder / f"{path.name}.gz").write_bytes(gzip.compress(text))
        else:
            path.write_bytes(text)
    return folder


@pytest.fixture
def small(tmp_path):
    """One cell, one run, one meeting with its two decisions."""
    return write(
        tmp_path,
        configs_r1=[config()],
        payoffs_r1=[paid(["maker/one(IO)", "maker/two(IO)"], [[[0, 3]]])],
        plays_r1=[
            play(1, "COOPERATE", 0, probs={"A0": 75, "A1": 25}, text="because"),
            play(2, "DEFECT", 3, model=NAMES[1]),
        ],
    )


@pytest.mark.parametrize("packed", [True, False])
def test_a_folder_is_read_packed_or_plain(tmp_path, packed):
    write(tmp_path, packed, configs_r1=[config()], payoffs_r1=[paid("ab", [[[1, 1]], [[2, 2]]])])
    log = CoopEval(tmp_path)
    assert recognises(tmp_path)
    assert log.runs == ("r1",)
    assert [outcome.points for outcome in log.outcomes["pdxnone"]] == [(1, 1), (2, 2)]
    assert list(log.events()) == []


def test_plays_become_rows_of_the_event_table(small):
    first, second = CoopEval(small).events()
    assert (first.agent, first.channel, first.action, first.payoff) == ("maker/one(IO)", "act", "COOPERATE", 0)
    assert first.probability == {"COOPERATE": 0.75, "DEFECT": 0.25}
    assert first.facts == {"cell": "pdxnone", "run": "r1", "matchup": 0, "seat": 1}
    assert (second.agent, second.probability, second.episode, second.t) == ("maker/two(IO)", None, 0, 0)
    assert first.message is None
    assert [event.message for event in CoopEval(small).events(texts=True)] == ["because", None]
    assert list(CoopEval(small).events(cells=[])) == []


def test_ballots_come_before_the_moves_they_led_to(tmp_path):
    voters = ["maker/one(IO)#P1", "maker/two(IO)#P2"]
    ballot = {
        "cell": "pdxcontract",
        "matchup": 0,
        "round": 0,
        "votes": [{"voter": voters[0], "votes": {"1": True, "2": False}}, {"voter": voters[1], "votes": {"1": True}}],
        "selected_contract_designer_name": voters[0],
        "all_signed": True,
        "signatures": dict.fromkeys(voters, True),
    }
    design = {voters[0]: {"contract": {"PrisonersDilemmaAction.COOPERATE": 0, "PrisonersDilemmaAction.DEFECT": -2}}}
    write(
        tmp_path,
        configs_r1=[config("pdxcontract")],
        plays_r1=[play(1, "COOPERATE", 2, "pdxcontract"), play(2, "DEFECT", 1, "pdxcontract")],
        institutions_r1=[ballot],
        designs_r1=[{"cell": "pdxcontract", "kind": "contract_design", "design": design}],
    )
    events = list(CoopEval(tmp_path).events())
    assert [event.channel for event in events] == ["vote", "vote", "sign", "sign", "closed", "act", "act"]
    assert (events[0].agent, events[0].action, events[0].facts["seat"]) == ("maker/one(IO)", ["1"], 1)
    closed = events[4].facts
    assert (closed["designer"], closed["in_force"]) == (voters[0], True)
    assert closed["contract"] == {"COOPERATE": 0, "DEFECT": -2}
    assert transfers(closed["contract"], ["COOPERATE", "DEFECT"]).tolist() == [2, -2]


def test_a_mediator_and_the_strategy_of_delegating_to_it(tmp_path):
    ballot = {
        "cell": "pdxmed",
        "matchup": 0,
        "round": 0,
        "votes": [],
        "selected_mediator_designer_name": "maker/one(IO)#P1",
    }
    rule = [[1, "PrisonersDilemmaAction.DEFECT"], [2, "PrisonersDilemmaAction.COOPERATE"]]
    write(
        tmp_path,
        configs_r1=[config("pdxmed")],
        plays_r1=[play(1, "COOPERATE", 2, "pdxmed", mediated=True, probs={"A0": 0, "A1": 20, "A2": 80})],
        institutions_r1=[ballot],
        designs_r1=[{"cell": "pdxmed", "design": {"maker/one(IO)#P1": {"mediator": rule}}}],
    )
    closed, act = CoopEval(tmp_path).events()
    assert closed.facts["mediator"] == {1: "DEFECT", 2: "COOPERATE"}
    assert act.facts["mediated"] is True
    assert act.probability == {"COOPERATE": 0, "DEFECT": 0.2, "DELEGATE": 0.8}


def test_where_partners_change_rounds_are_counted_per_seat(tmp_path):
    meetings = [(0, NAMES[0]), (1, NAMES[1]), (2, NAMES[1]), (3, NAMES[0])]
    rows = [play(seat, "DEFECT", 1, t=t, model=model) for t, model in meetings for seat in (1, 2)]
    log = CoopEval(
        write(
            tmp_path,
            configs_r1=[config(num_rounds=2, discount=0.5)],
            payoffs_r1=[{"cell": "pdxnone", "discount": 0.5, "agent": "maker/one(IO)", "seat": 1, "points": [1, 3]}],
            plays_r1=rows,
        )
    )
    assert log.rematched == {"pdxnone"}
    assert [(o.agents, o.points) for o in log.outcomes["pdxnone"]] == [(("maker/one(IO)",), (2,))]
    assert [event.t for event in log.events()] == [0, 0, 0, 0, 1, 1, 1, 1]
    assert {event.episode for event in log.events()} == {0}


def test_the_weights_of_rounds():
    assert round_weights(4, 1).tolist() == [0.25] * 4
    assert round_weights(3, 0.5).tolist() == [0.5, 0.25, 0.25]
    assert round_weights(1, 0.3).tolist() == [1]
    assert round_weights(15, 0.8).sum() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(
    ("kind", "letters", "labels"),
    [
        ("PrisonersDilemma", "CD", ("COOPERATE", "DEFECT")),
        ("StagHunt", "SH", ("STAG", "HARE")),
        ("MatchingPennies", "HT", ("HEADS", "TAILS")),
        ("TrustGame", "GK", ("GIVE", "KEEP")),
    ],
)
def test_games_given_by_a_matrix(tmp_path, kind, letters, labels):
    matrix = {a + b: [10 * i + j, 100 * j + i] for (i, a), (j, b) in product(enumerate(letters), repeat=2)}
    game = _base(tmp_path, {"type": kind, "kwargs": {"payoff_matrix": matrix}})
    assert game.moves == (labels, labels)
    assert game.payoffs[0, 1].tolist() == [1, 100]
    assert game.payoffs[1, 0].tolist() == [10, 1]


def test_public_goods(tmp_path):
    game = _base(tmp_path, {"type": "PublicGoods", "kwargs": {"num_players": 3, "multiplier": 1.5}})
    assert game.moves[0] == ("CONTRIBUTE", "FREE_RIDE")
    for profile in product((0, 1), repeat=3):
        share = 1.5 * profile.count(0) / 3
        assert game.payoffs[profile].tolist() == [share + move for move in profile]


def test_travellers_dilemma(tmp_path):
    settings_ = {"min_claim": 2, "num_actions": 4, "claim_spacing": 1, "bonus": 2.0}
    game = _base(tmp_path, {"type": "TravellersDilemma", "kwargs": settings_})
    assert game.moves[0] == ("CLAIM_0", "CLAIM_1", "CLAIM_2", "CLAIM_3")
    for mine, yours in product(range(4), repeat=2):
        low = 2 + min(mine, yours)
        bonus = 2 * ((mine < yours) - (mine > yours))
        assert game.payoffs[mine, yours].tolist() == [low + bonus, low - bonus]


def _base(folder, game):
    return CoopEval(write(folder, configs_r1=[config(game=game)])).cells["pdxnone"].base


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=4), st.data())
def test_contracts_only_move_points_around(payments, data):
    contract = {f"m{k}": payment for k, payment in enumerate(payments)}
    moves = data.draw(st.lists(st.sampled_from(sorted(contract)), min_size=2, max_size=5))
    assert transfers(contract, moves).sum() == pytest.approx(0, abs=1e-9)
    with pytest.raises(InputError, match="says nothing about"):
        transfers(contract, [*moves, "other"])


def test_cells_are_chosen_by_name_game_mechanism_or_pattern(tmp_path):
    cells = ("pdxnone", "pdxfine", "goodsxfine")
    log = CoopEval(write(tmp_path, configs_r1=[config(cell, mechanism=cell.split("x")[1]) for cell in cells]))
    assert tuple(cell.name for cell in log.choose()) == cells
    assert [cell.name for cell in log.choose("fine")] == ["pdxfine", "goodsxfine"]
    assert [cell.name for cell in log.choose("pd")] == ["pdxnone", "pdxfine"]
    assert [cell.name for cell in log.choose("*xnone")] == ["pdxnone"]
    with pytest.raises(UnknownName, match="Did you mean pdxfine"):
        log.choose("pdxfin")


def test_runs_of_different_settings_are_not_pooled(tmp_path):
    write(tmp_path, configs_r1=[config()], configs_r2=[config(num_rounds=3)])
    with pytest.raises(
        InputError, match=r"Line 1 of configs-r2\.jsonl\.gz configures 'pdxnone' differently from Line 1"
    ):
        CoopEval(tmp_path)


@pytest.mark.parametrize("place", ["", "absent", "file"])
def test_what_is_no_such_folder(tmp_path, place):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert not recognises(tmp_path / place)
    with pytest.raises(InputError, match="not a folder of CoopEval records"):
        CoopEval(tmp_path / place)


BROKEN = {
    "not JSON": b'{"cell": "pdxnone", ',
    "not an object": b"[1, 2]",
    "not text": b'{"cell": "\xff"}',
    "NaN": b'{"cell": "pdxnone", "points": NaN}',
    "deep": b"[" * 100_000,
    "long number": b'{"cell": ' + b"9" * 5000 + b"}",
}


@pytest.mark.parametrize("line", BROKEN.values(), ids=BROKEN)
def test_a_broken_line_is_named(small, line):
    good = gzip.decompress((small / "plays-r1.jsonl.gz").read_bytes())
    (small / "plays-r1.jsonl.gz").write_bytes(gzip.compress(good + line + b"\n"))
    with pytest.raises(InputError, match=r"Line 3 of plays-r1\.jsonl\.gz"):
        list(CoopEval(small).events())


def test_a_line_that_would_fill_the_memory_is_refused(small):
    (small / "plays-r1.jsonl.gz").write_bytes(gzip.compress(b'{"cell": "' + b" " * (17 << 20)))
    with pytest.raises(InputError, match=r"Line 1 of plays-r1\.jsonl\.gz is longer than 16 MB"):
        list(CoopEval(small).events())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cell", "elsewhere"),
        ("cell", 3),
        ("matchup", -1),
        ("matchup", "0"),
        ("round", 1),
        ("round", 0.5),
        ("seat", 3),
        ("seat", True),
        ("model", None),
        ("mode", ["IO"]),
        ("action", "REFUSE"),
        ("points", "2"),
        ("points", 10**400),
        ("points", None),
        ("probs", {"A0": 60, "A1": 60}),
        ("probs", {"A0": 110, "A1": -10}),
        ("probs", {"A7": 100}),
        ("probs", {"A0": "all"}),
        ("probs", [100, 0]),
    ],
)
def test_a_play_of_the_wrong_kind_is_named(small, field, value):
    rows = [play(1, "COOPERATE", 2), {**play(2, "COOPERATE", 2), field: value}]
    write(small, plays_r1=rows)
    with pytest.raises(InputError, match=r"Line 2 of plays-r1\.jsonl\.gz"):
        list(CoopEval(small).events())


@pytest.mark.parametrize(
    "row",
    [
        paid(["a"], [[[1, 1]]]),
        paid(["a", "b"], []),
        paid(["a", "b"], [[]]),
        paid(["a", "b"], [[[1]]]),
        paid(["a", "b"], [[[1, "x"]]]),
        paid(["a", "b"], [[[1, 1e308]]]),
        paid(["a", 2], [[[1, 1]]]),
        paid(["a", "b"], [[[1, 1]]], discount=0),
        paid(["a", "b"], [[[1, 1]]], discount=1.5),
        {"cell": "pdxnone", "discount": 1.0, "agent": "a", "seat": 1, "points": []},
        {"cell": "pdxnone", "discount": 1.0, "agent": "a", "seat": 9, "points": [1]},
        {"cell": "pdxnone", "discount": 1.0, "agent": 5, "seat": 1, "points": [1]},
        {"cell": "pdxnone", "discount": 1.0},
        {"discount": 1.0},
    ],
)
def test_payoffs_of_the_wrong_kind_are_named(tmp_path, row):
    write(tmp_path, configs_r1=[config()], payoffs_r1=[paid("ab", [[[1, 1]]]), row])
    with pytest.raises(InputError, match=r"Line 2 of payoffs-r1\.jsonl\.gz"):
        CoopEval(tmp_path)


@pytest.mark.parametrize(
    "game",
    [
        {"type": "Chess", "kwargs": {}},
        {"type": "PrisonersDilemma", "kwargs": {}},
        {"type": "PrisonersDilemma", "kwargs": {"payoff_matrix": {"CC": [2, 2]}}},
        {
            "type": "PrisonersDilemma",
            "kwargs": {"payoff_matrix": {"CC": [2], "CD": [0, 3], "DC": [3, 0], "DD": [1, 1]}},
        },
        {"type": "PublicGoods", "kwargs": {"num_players": 1, "multiplier": 1.5}},
        {"type": "PublicGoods", "kwargs": {"num_players": 30, "multiplier": 1.5}},
        {"type": "PublicGoods", "kwargs": {"num_players": 10**8, "multiplier": 1.5}},
        {"type": "PublicGoods", "kwargs": {"num_players": 3}},
        {"type": "TravellersDilemma", "kwargs": {"num_actions": 10**8, "min_claim": 2, "claim_spacing": 1, "bonus": 2}},
        {"type": "TravellersDilemma", "kwargs": {"num_actions": 4}},
        {"kwargs": {}},
        "PrisonersDilemma",
    ],
)
def test_a_game_that_cannot_be_built_is_refused(tmp_path, game):
    write(tmp_path, configs_r1=[config(game=game)])
    with pytest.raises(InputError):
        CoopEval(tmp_path)


@pytest.mark.parametrize("kept", [0, 5, 15, -9, -1])
def test_an_archive_that_breaks_off_is_named(small, kept):
    whole = (small / "payoffs-r1.jsonl.gz").read_bytes()
    (small / "payoffs-r1.jsonl.gz").write_bytes(whole[:kept])
    if kept == 0:  # an empty file holds no payoffs, and says nothing wrong
        assert CoopEval(small).outcomes["pdxnone"] == []
        return
    with pytest.raises(InputError, match=r"payoffs-r1\.jsonl\.gz cannot be read beyond line"):
        CoopEval(small)


NESTED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
GOOD = {
    "configs": config(),
    "payoffs": paid(["a", "b"], [[[1, 1]]]),
    "plays": play(1, "COOPERATE", 2, probs={"A0": 100, "A1": 0}),
    "institutions": {
        "cell": "pdxnone",
        "matchup": 0,
        "round": 0,
        "votes": [{"voter": "a#P1", "votes": {"1": True}}],
        "selected_contract_designer_name": "a#P1",
        "all_signed": True,
        "signatures": {"a#P1": True},
    },
    "designs": {"cell": "pdxnone", "design": {"a#P1": {"contract": {"X.COOPERATE": 1, "X.DEFECT": 0}}}},
}


@given(st.sampled_from(sorted(GOOD)), st.data())
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_a_field_is_read_or_refused(tmp_path_factory, kind, data):
    """Any field of any line replaced by anything: an InputError or a result, never another exception."""
    folder = tmp_path_factory.mktemp("fuzz")
    lines = {name: json.loads(json.dumps(row)) for name, row in GOOD.items()}
    target = lines[kind]
    while True:
        key = data.draw(st.sampled_from(sorted(target)))
        if not (isinstance(target[key], dict) and target[key] and data.draw(st.booleans())):
            break
        target = target[key]
    target[key] = data.draw(NESTED)
    write(folder, packed=False, **{f"{name}_r1": [row] for name, row in lines.items()})
    with suppress(InputError):
        list(CoopEval(folder).events())


@given(st.binary(max_size=200), st.booleans())
@settings(max_examples=100)
def test_any_bytes_are_read_or_refused(tmp_path_factory, content, packed):
    folder = write(tmp_path_factory.mktemp("bytes"), configs_r1=[config()])
    (folder / f"plays-r1.jsonl{'.gz' if packed else ''}").write_bytes(content)
    with suppress(InputError):
        list(CoopEval(folder).events())


def test_the_published_records(shared_data):
    """Holes and all: every play is read, and pooled moves are those counted in the files themselves."""
    log = CoopEval(shared_data / "coopeval")
    assert log.runs == ("abl1", "abl2", "abl3", "main1", "main2", "main3")
    assert len(log.cells) == 22
    events = [event for event in log.events() if event.channel == "act"]
    assert len(events) == 18_630
    silent = {"matching_penniesxrepetition", "travellers_dilemmaxrepetition"}
    runs = {cell: {e.facts["run"] for e in events if e.facts["cell"] == cell} for cell in silent}
    assert runs == {cell: {"main2", "main3"} for cell in silent}
    assert {o.run for cell in silent for o in log.outcomes[cell]} == {"main1", "main2", "main3"}
    means = {name: np.mean([o.points for o in outcomes]) for name, outcomes in log.outcomes.items()}
    assert means["prisoners_dilemmaxno_mechanism"] == pytest.approx(1.10, abs=0.005)
