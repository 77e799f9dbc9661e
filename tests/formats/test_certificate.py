"""Certificates as files: written whole, read with care, refused with the file's name when they cannot be used."""

import json
import os
import random

import pytest

from ostrom import games
from ostrom.core.certificate import Certificate
from ostrom.core.errors import InputError
from ostrom.designers._design import design
from ostrom.formats._text import save
from ostrom.formats.certificate import load_certificate, save_certificate


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A certificate and the file that holds it."""
    certificate = design(games.PrisonersDilemma(), among=["fines"]).certificate
    path = tmp_path_factory.mktemp("certificates") / "made.json"
    save_certificate(certificate, path)
    return certificate, path


def test_what_is_written_is_read(written):
    certificate, path = written
    found = load_certificate(path)
    assert found.recheck() == certificate.recheck()
    assert found.to_json() == path.read_text("utf-8")


def test_nothing_is_written_when_there_is_nothing(tmp_path):
    with pytest.raises(InputError, match="no certificate"):
        save_certificate(None, tmp_path / "none.json")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "JSON"),
        (b"{}", "no certificate"),
        (b"[1]", "a list"),
        (b'{"ostrom certificate": 1}', "changed"),
        (b'{"ostrom certificate": NaN}', "finite"),
        (b"[" * 100_000, "nested"),
        (b'{"ostrom certificate": 1, "players": ' + b"[" * 900 + b"]" * 900 + b"}", "cert.json"),
        (b'{"ostrom certificate": ' + b"9" * 10_000 + b"}", "cert.json"),
        (b"\xff\xfe", "UTF-8"),
    ],
    ids=range(9),
)
def test_what_is_no_certificate(tmp_path, content, said):
    path = tmp_path / "cert.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"cert\.json") as caught:
        load_certificate(path)
    assert said in str(caught.value)


def test_a_missing_file(tmp_path):
    with pytest.raises(InputError, match="There is no file"):
        load_certificate(tmp_path / "none.json")


def test_cut_off_anywhere(written, tmp_path):
    """Truncated at 200 places: refused, unless only the last line break is missing."""
    text, rng = written[1].read_text("utf-8"), random.Random(0)
    for end in [*rng.sample(range(len(text) - 1), 200), len(text) - 2]:
        (tmp_path / "cut.json").write_text(text[:end], "utf-8")
        with pytest.raises(InputError):
            load_certificate(tmp_path / "cut.json")


def test_whitespace_and_order_do_not_count(written, tmp_path):
    """The digest is of what is said, not of how it is laid out."""
    document = json.loads(written[1].read_text("utf-8"))
    turned = json.dumps(dict(reversed(document.items())), indent=7)
    (tmp_path / "turned.json").write_text(turned, "utf-8")
    assert isinstance(load_certificate(tmp_path / "turned.json"), Certificate)


def test_decimals_and_double_keys_are_refused(tmp_path, written):
    """What is checked has to be what is written: no rounding on the way, and no decoy for readers."""
    text = written[1].read_text("utf-8")
    for changed, what in (
        (text.replace("[3, 3]", "[3.00000000000000000001, 3]"), "decimal"),
        (text.replace('"subject"', '"subject": "decoy", "subject"', 1), "stands twice"),
    ):
        path = tmp_path / "changed.json"
        path.write_text(changed, encoding="utf-8")
        with pytest.raises(InputError, match=what):
            load_certificate(path)


def test_what_is_no_file_is_not_replaced(tmp_path):
    place = tmp_path / "pipe"
    os.mkfifo(place)
    with pytest.raises(InputError, match="no ordinary file"):
        save("text", place)
    link = tmp_path / "link.json"
    link.symlink_to(tmp_path / "real.json")
    save("text", link)
    assert link.is_symlink()
    assert (tmp_path / "real.json").read_text() == "text"
