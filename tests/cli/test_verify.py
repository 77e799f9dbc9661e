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
