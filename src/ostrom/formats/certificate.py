"""Certificates as files: written by the verbs, read to be checked again."""

from __future__ import annotations

from pathlib import Path

from ostrom.core.certificate import Certificate
from ostrom.core.errors import InputError

from ._document import parse_json
from ._text import at, load, save


def load_certificate(path: str | Path) -> Certificate:
    """The certificate in a JSON file, or on standard input for `-`.

    Raises `InputError` for a file that cannot be read, is no certificate, or was changed since it was written.
    """
    document = parse_json(load(path), str(path))
    with at(str(path)):
        return Certificate.from_dict(document)


def save_certificate(certificate: Certificate | None, path: str | Path) -> None:
    """Write a certificate as JSON, whole or not at all; None (there is none) is an `InputError` that says why."""
    if certificate is None:
        raise InputError(
            "There is no certificate to write.",
            "Either nothing is proposed, as the report says, or the table is too large for exact numbers.",
            "Leave --certificate out; for a large table use fewer players or moves.",
        )
    save(certificate.to_json(), path)
