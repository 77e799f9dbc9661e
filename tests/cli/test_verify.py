"""`ostrom verify`: exit codes that a script can rely on, and certificates to check again."""

import json

import pytest


def test_what_holds_ends_with_0(ostrom):
    done = ostrom("verify", "prisoners_dilemma", "--target", "D,D", "--audit", "equilibria")
    assert done.exit_code == 0, done.stderr
    assert "PROVED" in done.stdout


def test_what_does_not_ends_with_1(ostrom):
    done = ostrom("verify", "prisoners_dilemma", "--target", "C,C", "--audit", "equilibria")
    assert done.exit_code == 1
    assert "Refuted" in done.stdout


def test_what_is_not_decided_ends_with_3(ostrom, monkeypatch):
    from ostrom.audits import Equilibria
    from ostrom.core.claim import Claim

    monkeypatch.setattr(Equilibria, "answer", lambda self, case: (Claim("Who knows.", "unknown", "nothing"),))
    done = ostrom("verify", "prisoners_dilemma", "--audit", "equilibria")
    assert done.exit_code == 3


def test_under_rules_it_holds(ostrom):
    arguments = ("verify", "prisoners_dilemma", "--target", "C,C", "--audit", "equilibria", "--audit", "worst_case")
    assert ostrom(*arguments, "--under", "tax:on=D,rate=5").exit_code == 0
    assert ostrom(*arguments, "--under", "tax:on=D,rate=1").exit_code == 1


@pytest.mark.parametrize("target", ["D,D", "C,C"])
def test_its_certificate_says_the_same(ostrom, here, target):
    arguments = ("--target", target, "--audit", "equilibria", "--audit", "worst_case", "--audit", "coalitions")
    done = ostrom("verify", "prisoners_dilemma", *arguments, "--certificate", "made.json", "-o", "found.json")
    assert "Written: made.json" in done.stderr
    assert json.loads((here / "found.json").read_text("utf-8"))
    again = ostrom("recheck", "made.json")
    assert again.exit_code == done.exit_code
    assert "WRONG" not in again.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("prisoners_dilemma", "--target", "C"),
        ("prisoners_dilemma", "--target", "C,E"),
        ("prisoners_dilemma", "--audit", "oracle"),
        ("prisoners_dilemma", "--audit", "equilibria:minutes=3"),
        ("prisoners_dilemma", "--certificate", "none/made.json"),
        ("nobody",),
    ],
)
def test_misuse_is_one_paragraph(refused, arguments):
    assert refused("verify", *arguments)


def test_rules_that_remember_need_a_repeated_game(ostrom, refused):
    rules = ("--under", "reputation:norm=GBBG", "--under", "tax:on=D,rate=0.5")
    assert "--repeated 0.9" in refused("verify", "prisoners_dilemma", *rules)
    done = ostrom("verify", "prisoners_dilemma", "--repeated", "0.9", *rules, "--audit", "sustained")
    assert done.exit_code == 0, done.stderr
    assert "PROVED" in done.stdout
    done = ostrom("verify", "prisoners_dilemma", "--repeated", "0.9", *rules)
    assert done.exit_code == 1
    assert "payoffs per round: (0.5, 0.5)" in done.stdout


def asked(here, ostrom, *arguments):
    """The exit code, and every audit with its verdicts."""
    done = ostrom("verify", "prisoners_dilemma", *arguments, "-o", "found.json")
    answers = json.loads((here / "found.json").read_text("utf-8"))["answers"]
    return done.exit_code, {name: [claim["verdict"] for claim in claims] for name, claims in answers.items()}


def test_a_charter_of_several_layers_is_asked_about_them(ostrom, here):
    """Of two taxes either of which would do any can fail; where only both do, none can; one layer is none of many."""
    both = ("--target", "C,C", "--under", "tax:on=D,rate=2.5", "--under", "tax:on=D,rate=2.5")
    code, answers = asked(here, ostrom, *both)
    assert (code, answers["Layers"]) == (0, ["proved"] * 3)
    code, answers = asked(here, ostrom, "--target", "C,C", *("--under", "tax:on=D,rate=1.25") * 2)
    assert (code, answers["Layers"]) == (1, ["refuted", "proved", "proved"])
    assert "Layers" not in asked(here, ostrom, "--target", "C,C", *both[2:4])[1]
    assert "Layers" not in asked(here, ostrom)[1]


def test_a_charter_in_stages_is_asked_about_its_layers(ostrom, here):
    """Without the ban, or the tax, both defect, whatever was signed for nothing: it carries the target."""
    for rule in ("ban:moves=((*,D))", "tax:on=D,rate=3"):
        _, answers = asked(here, ostrom, "--under", rule, "--under", "contract:damages=0")
        assert answers["Layers"] == ["refuted", "proved", "proved"]


def test_a_repeated_game_is_asked_about_its_layers_and_its_constitution(ostrom, here):
    again = ("--repeated", "0.9", "--target", "C,C")
    _, one = asked(here, ostrom, *again, "--under", "tax:on=D,rate=2.5")
    assert list(one) == ["Sustained", "Unravelling", "JointDeviations"]
    _, two = asked(here, ostrom, *again, *("--under", "tax:on=D,rate=2.5") * 2)
    assert (list(two)[3:], two["Layers"]) == (["Layers"], ["proved"])
    law = "constitution:articles=((tax:on=D,rate=3)),needed=1,safeguard=2"
    _, amended = asked(here, ostrom, *again, "--under", law)
    assert (list(amended)[3:], amended["Loophole"][:2]) == (["Loophole"], ["refuted", "refuted"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("prisoners_dilemma", "--repeated", "1.5"), "discount factor is 1.5"),
        (("braess", "--repeated", "0.5"), "road network"),
        (("prisoners_dilemma", "--repeated", "0.5", "--certificate", "made.json"), "one round"),
        (("prisoners_dilemma", "--repeated", "0.5", "--audit", "equilibria"), "RepeatedAudit"),
    ],
)
def test_what_cannot_be_repeated_is_said(refused, arguments, said):
    assert said in refused("verify", *arguments)
