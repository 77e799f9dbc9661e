"""Results of every kind to report on, each made once."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from ostrom import Event, Log, NormalForm, Reading, games, institutions
from ostrom.audits._verify import verify
from ostrom.audits.equilibria import Equilibria
from ostrom.audits.learners import Learners
from ostrom.core.delegation import Delegation
from ostrom.designers._compare import compare
from ostrom.designers._roads import design_roads
from ostrom.diagnosis.logs import diagnose_log
from ostrom.monitors._monitor import Monitoring
from ostrom.reports.audit import audit

HOSTILE = NormalForm(
    np.random.default_rng(0).integers(0, 9, (2, 3, 2)),
    players=("<script>alert(1)</script>", "x" * 10_000),
    moves=(("a\x1b[31mred", "\u202egnp\ud800"), ("<b>bold</b>", "\"quoted' & done", "y " * 6_000)),
    name="<img src=x onerror=alert(1)>",
)
"""Names that would do harm, or fill pages, where they are shown as they are."""


@pytest.fixture(scope="session")
def dilemma():
    """An audited prisoner's dilemma."""
    return audit(games.PrisonersDilemma())


@pytest.fixture(scope="session")
def hostile():
    """An audited game whose names are up to no good."""
    return audit(HOSTILE)


@pytest.fixture(scope="session")
def log_folder(tmp_path_factory):
    """A folder of records as CoopEval writes them: two models, a prisoner's dilemma with and without a mediator."""
    folder = tmp_path_factory.mktemp("recorded")
    matrix = {"CC": [2, 2], "CD": [0, 3], "DC": [3, 0], "DD": [1, 1]}
    game = {"type": "PrisonersDilemma", "kwargs": {"payoff_matrix": matrix}}
    points = {"no_mechanism": (1, 1), "mediation": (2, 2)}
    rows = {"configs": [], "payoffs": [], "plays": []}
    for variant, paid in points.items():
        cell = f"prisoners_dilemma__{variant}"
        arm = {"game": game, "mechanism": {"type": variant, "kwargs": {}}, "agents": []}
        named = {"cell": cell, "game": "prisoners_dilemma", "mechanism": variant, "variant": variant}
        rows["configs"].append({**named, "config": arm})
        for matchup, (one, two) in enumerate([("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")]):
            agents = [f"maker/{one}(IO)", f"maker/{two}(IO)"]
            rows["payoffs"].append({"cell": cell, "discount": 1.0, "seat_agents": agents, "payoffs": [[list(paid)]]})
            for seat, model in ((1, one), (2, two)):
                action = "COOPERATE" if paid == (2, 2) else "DEFECT"
                who = {"seat": seat, "model": f"maker/{model}", "mode": "IO"}
                place = {"cell": cell, "matchup": matchup, "round": 0}
                rows["plays"].append({**place, **who, "action": action, "points": paid[0]})
    for kind, lines in rows.items():
        (folder / f"{kind}-r1.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return folder


@pytest.fixture(scope="session")
def results(dilemma, hostile, log_folder):
    """One result of every kind there is a report on, by name."""
    play, tax = games.PrisonersDilemma(), institutions.Tax(on="D", rate=1.0)
    shared = np.repeat(play.payoffs.sum(-1, keepdims=True), 2, axis=-1)
    return {
        "dilemma": dilemma,
        "hostile": hostile,
        "diagnosis": dilemma.diagnosis,
        "many moves": audit(games.Cournot()),
        "many players": audit(games.PublicGoods(players=3)),
        "nothing at stake": audit(games.MatchingPennies()),
        "too large": audit(games.VolunteersDilemma(players=60)),
        "too many moves": audit(NormalForm(np.random.default_rng(0).integers(0, 9, (*(2,) * 15, 15)).astype(float))),
        "delegation": audit(Delegation(play, rewards=shared, observed=[[7, 3], [5, 5]])),
        "governed": audit(play.under(tax)),
        "stages": audit(play.under(institutions.Vote(motion="C"))),
        "traffic": audit(games.Town()),
        "traffic diagnosis": audit(games.Pigou()).diagnosis,
        "governed traffic": audit(games.Braess().under(institutions.Tax(on="delay", rate=0.4))),
        "design": dilemma.design,
        "verification": verify(play, ("C", "C"), audits=[Equilibria(), Learners(seeds=4, rounds=100)]),
        "comparison": compare(play, among=["tax", "fines", "balanced", "quota", "advice"], runs=2),
        "road design": design_roads(games.Town()),
        "logs": audit(log_folder),
        "log diagnosis": diagnose_log(log_folder),
        "monitoring": _monitored(),
    }


def _monitored():
    """A log with hostile names and texts, an alarm with a path, one without, and what could not be read."""
    names = ["<b>ann</b>", "bob\u202e", "cleo' onload='x", "d" * 300]
    rows = []
    for k in range(60):
        speaker, listener = names[k % 4], names[(k + 1) % 4]
        said = ("<script>alert(1)</script>", "fine\u200b", "\x00\x1b[31m", "x" * 400)[k % 4]
        rows.append(Event(k // 6, k % 6, speaker, "message", (listener,), {"cost": k % 2, "<i>": "&"}, message=said))
    more = {"assumes": "Rows are independent.", "source": "Nobody (1900)", "risks": ("collusion",)}
    path = {"path": {"row": [1, 20, 60], "e": [1.0, 0.2, 1e9]}}
    readings = (
        Reading("new protocol", "It began.", 0.3, "bits", 60, e=1e9, who=(names[0], names[1]), numbers=path, **more),
        Reading("channels", "It tells.", 0.5, "bits", 60, p=1e-9, interval=(0.4, 0.6), rows=(1, 2, 60), **more),
        Reading("loops", "Nothing.", 0.0, "", 60, p=0.5, where={"field": "<b>"}, **more),
    )
    log = Log.of(rows, "<night>.jsonl")
    return Monitoring("<night>.jsonl", (60, 4, 10), readings, 0.05, {"Screens": "It needs prices."}, log)


@pytest.fixture(scope="session")
def kinds(results):
    """The same, by attribute."""
    return SimpleNamespace(**{name.replace(" ", "_"): result for name, result in results.items()})
