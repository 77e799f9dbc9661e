"""`ostrom recheck`: exit codes that a script can rely on, and files that nobody vouches for."""

import hashlib
import json

import pytest

DILEMMA = {
    "ostrom certificate": 1,
    "subject": "dilemma",
    "institution": "none",
    "players": ["row", "column"],
    "bystanders": [],
    "before": {
        "moves": [["C", "D"], ["C", "D"]],
        "payoffs": [[3, 3], [0, 5], [5, 0], [1, 1]],
        "welfare": [3, "5/2", "5/2", 1],
    },
}
HOLDS = {"kind": "no gain", "target": ["D", "D"], "lead": 1}
GAINS = {"kind": "gain", "at": ["C", "C"], "player": "row", "move": "D", "gain": 2}


@pytest.fixture
def recheck(ostrom, here):
    """Write a certificate of the dilemma with these claims, and check it again."""

    def call(*claims, **parts):
        document = {**DILEMMA, "claims": list(claims), **parts}
        text = json.dumps(document, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        document["digest"] = "sha256:" + hashlib.sha256(text.encode()).hexdigest()
        (here / "cert.json").write_text(json.dumps(document), "utf-8")
        return ostrom("recheck", "cert.json")

    return call


def claim(verdict, evidence, statement="Nobody gains."):
    return {"statement": statement, "verdict": verdict, "method": "by hand", "evidence": evidence}


@pytest.mark.parametrize(
    ("claims", "code", "said"),
    [
        ([claim("proved", HOLDS)], 0, "1 of 1 claims confirmed in exact rationals."),
        ([claim("proved", {**HOLDS, "lead": 2})], 1, "0 of 1 claims confirmed in exact rationals, 1 WRONG."),
        ([claim("refuted", GAINS)], 1, "1 of 1 claims confirmed"),
        ([claim("refuted", {**GAINS, "gain": 3})], 1, "1 WRONG"),
        ([claim("proved", GAINS)], 1, "1 WRONG"),
        ([claim("proved", HOLDS), claim("supported", None)], 3, "1 of 2 claims confirmed in exact rationals, 1 not"),
        ([claim("unknown", None)], 3, "0 of 1 claims confirmed"),
        ([claim("proved", None)], 3, "not checked"),
        ([claim("proved", {**HOLDS, "lead": 2}), claim("unknown", None)], 1, "1 not checked, 1 WRONG"),
        ([], 3, "0 of 0 claims"),
    ],
    ids=range(10),
)
def test_exit_codes(recheck, claims, code, said):
    done = recheck(*claims)
    assert done.exit_code == code, (done.stdout, done.stderr)
    assert said in done.stdout


def test_what_was_checked_is_told_beside_what_is_claimed(recheck):
    """Words are not evidence: the line below a confirmed statement says what is true."""
    done = recheck(claim("proved", HOLDS, "Nobody loses less than 99 by leaving."))
    assert "CONFIRMED" in done.stdout
    assert "no gain: target (D, D), lead 1" in done.stdout


def test_names_that_would_take_over_a_terminal(recheck):
    done = recheck(claim("proved", HOLDS, "\x1b[2J\u202egood \ud800"), subject="\x1b]0;x\x07")
    assert done.exit_code == 0
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout


def test_from_the_designer_and_from_standard_input(ostrom, here):
    assert ostrom("design", "prisoners_dilemma", "--among", "fines", "--certificate", "made.json").exit_code == 0
    assert ostrom("recheck", "made.json").exit_code == 0
    assert ostrom("recheck", "-", input=(here / "made.json").read_text("utf-8")).exit_code == 0


def test_a_changed_digit(refused, ostrom, here):
    ostrom("design", "prisoners_dilemma", "--among", "fines", "--certificate", "made.json")
    text = (here / "made.json").read_text("utf-8")
    (here / "made.json").write_text(text.replace("5", "6", 1), "utf-8")
    assert "changed after it was written" in refused("recheck", "made.json")


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"null", b'{"ostrom certificate": 1}', b"[" * 100_000, b"\x00", b"\xff", b'{"a": NaN}'],
    ids=range(9),
)
def test_hostile_files_are_one_paragraph(refused, here, content):
    (here / "cert.json").write_bytes(content)
    assert "cert.json" in refused("recheck", "cert.json")


@pytest.mark.parametrize(
    ("claims", "parts"),
    [
        ([claim("proved", {"kind": "magic"})], {}),
        ([claim("proved", {**HOLDS, "target": ["D"]})], {}),
        ([claim("proved", {**HOLDS, "lead": "1e99999999"})], {}),
        ([claim("proved", {**HOLDS, "of": []})], {}),
        ([], {"players": [f"p{k}" for k in range(100_000)]}),
        ([], {"players": ["row", "row"]}),
        ([], {"subject": {}}),
        ([3], {}),
    ],
    ids=range(8),
)
def test_hostile_contents_are_one_paragraph(recheck, claims, parts):
    done = recheck(*claims, **parts)
    assert done.exit_code == 2
    assert done.stderr.startswith("ostrom: ")
    assert len(done.stderr.splitlines()) == 1
    assert len(done.stderr) < 2000


def test_no_file(refused):
    assert "There is no file" in refused("recheck", "none.json")
