"""Diagnosis of recorded play: intervals against planted truths, arms against records whose answer is known."""

import gzip
import json
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ostrom import NormalForm
from ostrom.core.errors import InputError, UnknownName
from ostrom.diagnosis._log_arms import is_symmetric, sending
from ostrom.diagnosis._log_intervals import Resamples, Sample, model_of, stretch, t_quantile
from ostrom.diagnosis.logs import diagnose_log
from ostrom.formats.cross_play import cross_play

# Intervals


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 9, 40])
@pytest.mark.parametrize("chance", [0.6, 0.9, 0.975, 0.9995])
def test_students_quantile_is_scipys(freedom, chance):
    assert t_quantile(chance, freedom) == pytest.approx(stats.t.ppf(chance, freedom), rel=1e-10)


def test_few_clusters_stretch_the_interval():
    assert stretch(6, 0.95) == pytest.approx(stats.t.ppf(0.975, 5) / stats.norm.ppf(0.975) * np.sqrt(6 / 5), rel=1e-9)
    assert stretch(6, 0.95) == pytest.approx(1.44, abs=0.005)
    assert stretch(10_000, 0.9) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("models", [2, 3, 6])
def test_listed_redraws_are_those_that_sampling_gives(models):
    resamples = Resamples(map(str, range(models)))
    rng = np.random.default_rng(5)
    drawn = rng.multinomial(models, np.full(models, 1 / models), size=100_000)
    for counts, chance in zip(resamples.counts, resamples.chances, strict=True):
        assert (drawn == counts).all(1).mean() == pytest.approx(chance, abs=0.006)
    assert resamples.chances.sum() == pytest.approx(1, abs=1e-12)


def test_self_play_keeps_its_share_of_all_meetings():
    """On average over redraws every meeting counts as often as it did, whoever met whom."""
    resamples = Resamples("abcd")
    pairs = [frozenset(pair) for pair in product("abcd", repeat=2)]
    weights = np.stack([resamples._times(pair) for pair in pairs])
    np.testing.assert_allclose(weights @ resamples.chances, 1, rtol=1e-12)


def tournament(rng, models, of_model, of_pairing, of_meeting, meetings=3):
    """Points 0 on average, with planted effects; every ordered pair of models meets, also with itself."""
    effect = rng.normal(0, of_model, models)
    for a, b in product(range(models), repeat=2):
        pairing = effect[a] + effect[b] + rng.normal(0, of_pairing)
        for _ in range(meetings):
            yield {str(a), str(b)}, pairing + rng.normal(0, of_meeting), 1.0


@pytest.mark.parametrize(
    ("planted", "naive_at_most", "ours_at_least"),
    [((1, 0, 0.01), 0.3, 0.895), ((1, 1, 1), 0.4, 0.9), ((0.5, 0.5, 2), 0.7, 0.95), ((0, 0, 1), 1.0, 0.98)],
)
def test_the_interval_covers_where_the_naive_one_does_not(planted, naive_at_most, ours_at_least):
    rng, resamples, times = np.random.default_rng(0), Resamples(map(str, range(6))), 800
    ours = naive = 0
    for _ in range(times):
        sample = Sample.of(tournament(rng, 6, *planted))
        estimate = resamples.mean(sample)
        ours += estimate.low < 0 < estimate.high
        naive += abs(sample.mean) < 1.96 * sample.values.std(ddof=1) / np.sqrt(len(sample.values))
    assert ours / times >= ours_at_least
    assert naive / times <= naive_at_most


@given(st.integers(0, 10**6), st.permutations(range(4)))
def test_the_names_of_models_do_not_matter(seed, names):
    rows = list(tournament(np.random.default_rng(seed), 4, 1, 1, 1))
    renamed = [({str(names[int(m)]) for m in models}, value, weight) for models, value, weight in rows]
    before, after = (Resamples("0123").mean(Sample.of(r)) for r in (rows, renamed))
    assert (after.value, after.low, after.high) == pytest.approx((before.value, before.low, before.high), abs=1e-12)


@given(st.integers(0, 10**6), st.floats(-5, 5), st.floats(0.1, 5))
def test_intervals_move_with_the_scale_of_points(seed, zero, unit):
    rows = list(tournament(np.random.default_rng(seed), 3, 1, 1, 1))
    moved = [(models, zero + unit * value, weight) for models, value, weight in rows]
    estimate, other = (Resamples("012").mean(Sample.of(r)) for r in (rows, moved))
    back = other.scaled(zero, zero + unit)
    assert (back.value, back.low, back.high) == pytest.approx((estimate.value, estimate.low, estimate.high), abs=1e-9)
    assert estimate.low <= estimate.value <= estimate.high


def test_what_an_estimate_stands_on():
    rows = [({"a", "b"}, 1, 1), ({"b", "a"}, 3, 1), ({"a"}, 5, 2)]
    estimate = Resamples("abc").mean(Sample.of(rows))
    assert (estimate.value, estimate.n, estimate.models, estimate.pairings) == (3.5, 3, 2, 2)
    alone = Resamples("a").mean(Sample.of([({"a"}, 1, 1), ({"a"}, 2, 1)]))
    assert (alone.value, alone.low, alone.high) == (1.5, None, None)
    assert "no interval" in alone.interval
    assert (estimate.within(3, 4).low, estimate.within(3, 4).high, estimate.within(3, 4).value) == (3, 4, 3.5)


def test_many_models_are_sampled_with_the_seed():
    rows = Sample.of(tournament(np.random.default_rng(0), 9, 1, 0, 0.1, meetings=1))
    names = list(map(str, range(9)))
    assert Resamples(names, seed=1).mean(rows) == Resamples(names, seed=1).mean(rows)
    assert Resamples(names, seed=1).mean(rows) != Resamples(names, seed=2).mean(rows)


# Which agent to send


def test_a_stable_choice_and_how_stable():
    """`kind` gives 2 to whoever it meets, `mean` takes 3 of it; `mean` with itself gets 1, once out of four times 0."""
    meetings = [(("kind", "kind"), (2, 2)), (("kind", "mean"), (0, 3))] * 4
    meetings += [(("mean", "mean"), (1, 1))] * 3 + [(("mean", "mean"), (0, 0))]
    found = sending(cross_play(meetings, symmetric=True), seed=0)
    assert found.profiles == (("mean", "mean"),)
    assert found.settled == (0.75, 0.75)
    assert found.best == 2
    kind, mean = found.play.agents.index("kind"), found.play.agents.index("mean")
    assert found.stable[0, mean] == 1
    assert found.stable[0, kind] == pytest.approx(0.25**4, abs=0.02)  # only if all four redrawn meetings pay 0
    np.testing.assert_allclose(found.against_all[0], [1, 1.875])


def test_no_choice_is_stable_in_matching_pennies():
    meetings = [((a, b), (1, -1) if a == b else (-1, 1)) for a, b in product("ht", repeat=2)]
    found = sending(cross_play(meetings), seed=0)
    assert (found.profiles, found.settled, found.any_stable) == ((), None, 0)


def test_which_games_treat_seats_alike():
    dilemma = np.array([[[2, 2], [0, 3]], [[3, 0], [1, 1]]])
    assert is_symmetric(NormalForm(dilemma))
    assert not is_symmetric(NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]))
    assert not is_symmetric(NormalForm(dilemma, moves=[("a", "b"), ("c", "d")]))
    alike = np.array([[[k == 0, k == 1, k == 2] for k in (i + j + 2 * m for m in (0, 1))] for i, j in np.ndindex(2, 2)])
    assert not is_symmetric(NormalForm(alike.reshape(2, 2, 2, 3)))


def test_the_model_behind_an_agent():
    assert model_of("maker/model(CoT)") == model_of("maker/model(IO)") == "maker/model"
    assert model_of("plain") == "plain"


# Whole folders

DILEMMA = {"CC": [2, 2], "CD": [0, 3], "DC": [3, 0], "DD": [1, 1]}
PENNIES = {"HH": [1, -1], "HT": [-1, 1], "TH": [-1, 1], "TT": [1, -1]}
GAMES = {
    "prisoners_dilemma": ("PrisonersDilemma", DILEMMA, ("COOPERATE", "DEFECT")),
    "matching_pennies": ("MatchingPennies", PENNIES, ("HEADS", "TAILS")),
}
AGENTS = ("maker/kind(IO)", "maker/kind(CoT)", "maker/mean(IO)")


class Folder:
    """Writes a folder of records in which every agent makes one move per mechanism."""

    def __init__(self, path):
        self.path = path
        self.lines = {}

    def arm(self, game, variant, moves, run="r1", plays=True, **settings):
        """All ordered pairs of agents meet once; `moves` says which move (0 or 1) each agent makes."""
        kind, matrix, labels = GAMES[game]
        cell = f"{game}x{variant}"
        config = {
            "game": {"type": kind, "kwargs": {"payoff_matrix": matrix}},
            "mechanism": {"type": "Any", "kwargs": settings},
        }
        self.add(f"configs-{run}", cell=cell, game=game, mechanism=variant, variant=variant, config=config)
        for matchup, pair in enumerate(product(moves, repeat=2)):
            made = [labels[moves[agent]] for agent in pair]
            paid = matrix[made[0][0] + made[1][0]]
            self.add(f"payoffs-{run}", cell=cell, discount=1.0, seat_agents=pair, payoffs=[[paid]])
            for seat in (0, 1) if plays else ():
                self.play(run, cell, matchup, 0, seat, pair[seat], made[seat], paid[seat])
        return self

    def play(self, run, cell, matchup, t, seat, agent, action, points, **more):
        model, mode = agent[:-1].split("(")
        place = {"cell": cell, "matchup": matchup, "round": t, "seat": seat + 1, "model": model, "mode": mode}
        self.add(f"plays-{run}", **place, action=action, points=points, **more)

    def add(self, file, **row):
        self.lines.setdefault(file, []).append(json.dumps(row))

    def diagnose(self, *args, **options):
        for file, lines in self.lines.items():
            (self.path / f"{file}.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
        return diagnose_log(self.path, *args, **options)


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


def all_play(move):
    return dict.fromkeys(AGENTS, move)


def test_a_mechanism_that_closes_everything(folder):
    folder.arm("prisoners_dilemma", "no_mechanism", all_play(1)).arm("prisoners_dilemma", "mediation", all_play(0))
    bare, governed = folder.diagnose().arms
    assert (bare.points.each.value, bare.realised.value, bare.closed, bare.added) == (1, 0, None, None)
    assert (governed.points.each.value, governed.realised.value, governed.closed) == (2, 1, 1)
    assert (governed.added.value, governed.added.low, governed.added.high) == (1, 1, 1)
    assert bare.facets.conflict == pytest.approx(1, abs=1e-9)
    assert bare.facets.unexplained == pytest.approx(0, abs=1e-9)
    assert governed.facets.observed == pytest.approx(2, abs=1e-12)


def test_half_way_and_the_wrong_way(folder):
    mixed = {AGENTS[0]: 0, AGENTS[1]: 0, AGENTS[2]: 1}
    folder.arm("prisoners_dilemma", "no_mechanism", mixed).arm("prisoners_dilemma", "mediation", all_play(1))
    diagnosis = folder.diagnose()
    bare, governed = diagnosis.arms
    by_hand = np.mean([np.mean(DILEMMA["CD"[mixed[a]] + "CD"[mixed[b]]]) for a, b in product(AGENTS, repeat=2)])
    assert bare.points.each.value == pytest.approx(by_hand, abs=1e-12)
    assert governed.closed == pytest.approx((1 - by_hand) / (2 - by_hand), abs=1e-12)
    assert "more than play without any mechanism" in str(diagnosis)
    assert bare.points.each.models == 2
    assert bare.points.each.n == 9
    kind, mean = bare.points.agents[AGENTS[0]], bare.points.agents[AGENTS[2]]
    assert (kind.value, mean.value) == pytest.approx((4 / 3, 7 / 3), abs=1e-12)


def test_a_zero_sum_game_has_nothing_to_gain(folder):
    folder.arm("matching_pennies", "no_mechanism", {AGENTS[0]: 0, AGENTS[1]: 1, AGENTS[2]: 1})
    folder.arm("matching_pennies", "contracting", all_play(0))
    diagnosis = folder.diagnose()
    assert [(arm.realised, arm.closed) for arm in diagnosis.arms] == [(None, None)] * 2
    assert [seat.value for seat in diagnosis.arms[1].points.seats] == [1, -1]
    assert "nothing to gain" in str(diagnosis)
    assert "possible gain" not in str(diagnosis)


def test_one_arm_is_still_compared_with_the_arm_without_a_mechanism(folder):
    folder.arm("prisoners_dilemma", "no_mechanism", all_play(1)).arm("prisoners_dilemma", "mediation", all_play(0))
    only = folder.diagnose("mediation")
    assert [arm.cell.name for arm in only.arms] == ["prisoners_dilemmaxmediation"]
    assert only.arms[0].closed == 1
    with pytest.raises(UnknownName, match="Did you mean mediation"):
        folder.diagnose("medation")


def test_arms_of_different_games_are_not_compared(folder, monkeypatch):
    folder.arm("prisoners_dilemma", "no_mechanism", all_play(1))
    richer = {key: [2 * pay for pay in pays] for key, pays in DILEMMA.items()}
    monkeypatch.setitem(GAMES, "prisoners_dilemma", ("PrisonersDilemma", richer, ("COOPERATE", "DEFECT")))
    folder.arm("prisoners_dilemma", "mediation", all_play(0))
    assert folder.diagnose("mediation").arms[0].added is None


def test_stated_strategies_are_used_and_delegation_is_not_a_move(folder):
    cell = "prisoners_dilemmaxmediation"
    folder.arm("prisoners_dilemma", "mediation", all_play(0), plays=False)
    folder.play("r1", cell, 0, 0, 0, AGENTS[0], "COOPERATE", 2, probs={"A0": 60, "A1": 40})
    folder.play("r1", cell, 0, 0, 1, AGENTS[1], "COOPERATE", 2, probs={"A0": 0, "A1": 10, "A2": 90}, mediated=True)
    seen = folder.diagnose().arms[0].observed
    np.testing.assert_allclose(seen.joint, [[0.6, 0], [0.4, 0]])
    np.testing.assert_allclose(np.stack(seen.pooled), [[0.6, 0.4], [1, 0]])
    np.testing.assert_allclose(seen.by_agent[AGENTS[1]][1], [1, 0])
    assert (seen.decisions, seen.stated, seen.mediated) == (2, 1, 1)
    assert "stated mixed strategies for 1 of 2 decisions" in seen.source


def test_play_that_hangs_together_stays_so(folder):
    """Both cooperate or both defect: the joint moves are kept, not the product of the seats' mixtures."""
    folder.arm("prisoners_dilemma", "repetition", all_play(0), plays=False, num_rounds=2, discount=0.5)
    for t, (move, points) in enumerate((("COOPERATE", 2), ("DEFECT", 1))):
        for seat in (0, 1):
            folder.play("r1", "prisoners_dilemmaxrepetition", 0, t, seat, AGENTS[seat], move, points)
    arm = folder.diagnose().arms[0]
    np.testing.assert_allclose(arm.observed.joint, [[0.5, 0], [0, 0.5]])
    assert arm.facets.observed == pytest.approx(1.5, abs=1e-12)


def test_signed_contracts_explain_the_points(folder):
    cell, voters = "prisoners_dilemmaxcontracting", [f"{AGENTS[0]}#P1", f"{AGENTS[2]}#P2"]
    folder.arm("prisoners_dilemma", "contracting", all_play(0), plays=False)
    for matchup, signed in enumerate((True, False)):
        ballot = {"votes": [], "all_signed": signed, "signatures": dict.fromkeys(voters, signed)}
        place = {"cell": cell, "matchup": matchup, "round": 0, "selected_contract_designer_name": voters[0]}
        folder.add("institutions-r1", **place, **ballot)
        for seat, points in enumerate((2, 1) if signed else (0, 3)):
            folder.play("r1", cell, matchup, 0, seat, AGENTS[2 * seat], ("COOPERATE", "DEFECT")[seat], points)
    folder.add("designs-r1", cell=cell, design={voters[0]: {"contract": {"P.COOPERATE": 0, "P.DEFECT": -2}}})
    diagnosis = folder.diagnose()
    seen = diagnosis.arms[0].observed
    assert (seen.rounds, seen.agreeing, seen.signed, seen.ballots) == (2, 2, 1, 2)
    assert "pay, in every round (2)" in str(diagnosis)


def test_points_that_the_game_does_not_pay_are_reported(folder):
    folder.arm("prisoners_dilemma", "no_mechanism", all_play(1), plays=False)
    for seat in (0, 1):
        folder.play("r1", "prisoners_dilemmaxno_mechanism", 7, 0, seat, AGENTS[seat], "DEFECT", 1 + seat)
    diagnosis = folder.diagnose()
    assert diagnosis.arms[0].observed.agreeing == 0
    assert "r1, matchup 7, round 0: DEFECT, DEFECT pays [1.0, 1.0], recorded is [1.0, 2.0]" in str(diagnosis)
    assert "in every round" not in str(diagnosis)


def test_holes_are_said_and_lived_with(folder):
    folder.arm("prisoners_dilemma", "no_mechanism", all_play(1), plays=False)
    folder.arm("prisoners_dilemma", "no_mechanism", all_play(1), run="r2")
    folder.play("r2", "prisoners_dilemmaxno_mechanism", 50, 0, 0, AGENTS[0], "DEFECT", 1)
    folder.arm("prisoners_dilemma", "mediation", all_play(0), plays=False)
    folder.add("configs-r1", **json.loads(folder.lines["configs-r1"][0]) | {"cell": "unplayed", "variant": "unplayed"})
    diagnosis = folder.diagnose()
    bare, governed = diagnosis.arms
    assert (bare.observed.runs, bare.points.runs, bare.observed.incomplete) == (("r2",), ("r1", "r2"), 1)
    assert (governed.observed, governed.facets) == (None, None)
    assert "decisions in r1 were not recorded" in str(diagnosis)
    assert "some seat was not recorded" in str(diagnosis)
    with pytest.raises(InputError, match="records no payoffs for unplayed"):
        folder.diagnose("unplayed")


def test_pairings_that_never_met_leave_no_empirical_game(folder):
    folder.arm("matching_pennies", "no_mechanism", all_play(1), plays=False)
    folder.lines["payoffs-r1"].pop()
    arm = folder.diagnose().arms[0]
    assert arm.sending is None
    assert "1 of 9 seatings" in arm.not_sent


def test_changing_partners(folder):
    """Points are recorded per agent; who met whom is known from the plays, and gives the same mean."""
    folder.arm("prisoners_dilemma", "reputation", {}, num_rounds=2, discount=0.5)
    cell, a, b = "prisoners_dilemmaxreputation", AGENTS[0], AGENTS[2]
    meetings = [
        (a, b, "COOPERATE", "DEFECT"),
        (b, a, "DEFECT", "DEFECT"),
        (a, a, "DEFECT", "COOPERATE"),
        (b, b, "DEFECT", "DEFECT"),
    ]
    got = {}
    for number, (one, two, *made) in enumerate(meetings):
        paid = DILEMMA[made[0][0] + made[1][0]]
        for seat, agent in enumerate((one, two)):
            folder.play("r1", cell, 0, number, seat, agent, made[seat], paid[seat])
            got.setdefault((agent, seat), []).append(paid[seat])
    for (agent, seat), points in got.items():
        folder.add("payoffs-r1", cell=cell, discount=0.5, agent=agent, seat=seat + 1, points=points)
    diagnosis = folder.diagnose()
    arm = diagnosis.arms[0]
    assert arm.points.each.value == pytest.approx(np.mean([np.mean(points) for points in got.values()]), abs=1e-12)
    assert (arm.points.each.n, arm.points.each.models, len(arm.points.seats)) == (4, 2, 2)
    assert arm.sending is None
    assert "Partners change every round" in str(diagnosis)
    folder.lines.pop("plays-r1")
    (folder.path / "plays-r1.jsonl.gz").unlink()
    blind = folder.diagnose().arms[0]
    assert blind.points.each.value == pytest.approx(arm.points.each.value, abs=1e-12)
    assert (blind.points.seats, blind.observed) == ((), None)


def test_the_precision_that_was_planted_is_found(folder):
    """Agents who state the logit equilibrium of the dilemma at λ = 2 of its unit: the same for all, so no doubt."""
    unit = 0.5  # both moves differ by 1 whatever the other does, so their root-mean-square spread is a half
    defect = 1 / (1 + np.exp(-2 / unit))
    folder.arm("prisoners_dilemma", "no_mechanism", all_play(1), plays=False)
    stated = {"A0": 100 * (1 - defect), "A1": 100 * defect}
    for matchup, pair in enumerate(product(AGENTS, repeat=2)):
        for seat, agent in enumerate(pair):
            place = ("r1", "prisoners_dilemmaxno_mechanism", matchup, 0, seat, agent)
            folder.play(*place, "DEFECT", 1, probs=stated)
    arm = folder.diagnose().arms[0]
    assert arm.precision.value == pytest.approx(2, rel=1e-6)
    assert (arm.precision.low, arm.precision.high) == pytest.approx((2, 2), rel=0.05)
    assert (arm.unexplained.value, arm.unexplained.low, arm.unexplained.high) == pytest.approx((0, 0, 0), abs=2e-3)


def test_models_that_differ_leave_the_precision_uncertain(folder):
    folder.arm("prisoners_dilemma", "no_mechanism", {AGENTS[0]: 1, AGENTS[1]: 1, AGENTS[2]: 0})
    arm = folder.diagnose().arms[0]
    assert arm.precision.low == 0
    assert arm.precision.high > 4 * arm.precision.value > 0


def test_findings_can_be_written_as_json_and_repeat(folder):
    folder.arm("prisoners_dilemma", "no_mechanism", {AGENTS[0]: 0, AGENTS[1]: 1, AGENTS[2]: 1})
    folder.arm("matching_pennies", "no_mechanism", all_play(1))
    first, second = ([finding.__dict__ for finding in folder.diagnose(seed=3).findings] for _ in range(2))
    assert json.dumps(first, allow_nan=False) == json.dumps(second, allow_nan=False)


@pytest.mark.parametrize("level", [0, 1, 95, float("nan")])
def test_a_level_that_is_no_share_is_refused(folder, level):
    with pytest.raises(InputError, match="The level is"):
        folder.arm("matching_pennies", "no_mechanism", all_play(1)).diagnose(level=level)


PUBLISHED = {
    "prisoners_dilemmaxno_mechanism": 1.10,
    "public_goodsxno_mechanism": 1.02,
    "travellers_dilemmaxcontracting": 4.13,
    "trust_gamexcontracting": 8.67,
    "matching_penniesxcontracting": 0.0,
    "matching_penniesxrepetition": 0.0,
    "matching_penniesxreputation_first_order": 0.0,
}
OPTIMA = {"prisoners_dilemma": 2, "public_goods": 1.5, "travellers_dilemma": 5, "trust_game": 10, "stag_hunt": 5}


def test_the_published_records(shared_data):
    diagnosis = diagnose_log(shared_data / "coopeval")
    arms = {arm.cell.name: arm for arm in diagnosis.arms}
    assert len(arms) == 22
    for name, mean in PUBLISHED.items():
        assert arms[name].points.each.value == pytest.approx(mean, abs=0.005)
    for arm in arms.values():
        each, seen = arm.points.each, arm.observed
        assert (seen.rounds, seen.incomplete) == (seen.agreeing, 0)
        assert each.low <= each.value <= each.high
        assert (each.models, len(arm.points.agents)) == (5, 6)
        assert arm.optimum == OPTIMA.get(arm.cell.game, 0)
        assert (arm.realised is None) == (arm.cell.game == "matching_pennies")
        assert (arm.sending is None) == arm.cell.mechanism.startswith("reputation")
    mediated = arms["prisoners_dilemmaxmediation"]
    assert mediated.closed == pytest.approx(0.816, abs=0.005)
    assert mediated.added.low > 0
    assert arms["prisoners_dilemmaxno_mechanism"].facets.conflict == pytest.approx(0.90, abs=0.01)
