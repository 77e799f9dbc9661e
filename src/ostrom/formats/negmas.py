"""Negotiation scenarios as NegMAS and Genius keep them: a folder with a domain and a utility profile for each party.

XML is Genius's; `.yml` and `.json` are what NegMAS dumps of discrete issues with additive utilities, or with a utility
for every outcome. Utilities are as they stand: weight times value, summed, not rescaled.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from ostrom.core.errors import InputError
from ostrom.core.forms.negotiation import Negotiation

from ._genius import domain_text, issues_of, profile_of, profile_texts
from ._negmas_documents import documents, is_domain, issues_in, profile_in
from ._plain_yaml import parse_yaml
from ._scenario_parts import negotiation_of
from ._text import at, listed, load, save
from ._xml import parse_xml

Form = Literal["xml", "yml", "json"]

SUFFIXES = (".xml", ".yml", ".yaml", ".json")
FILES = 64
"""Files of one scenario."""


def load_negmas(folder: str | Path, *, deadline: int = 20) -> Negotiation:
    """The negotiation in a folder, as `read_negmas` has it; files that begin with "_" or "." are left alone.

    Raises `InputError` for a folder that cannot be read, or holds too many files.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(f"There is no folder {str(folder)!r}.", do="Give the folder with domain and profiles.")
    paths = sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES and path.name[0] not in "._")
    if len(paths) > FILES:
        raise InputError(f"{str(folder)!r} holds {len(paths)} files.", f"A scenario has up to {FILES}.")
    return read_negmas({path.name: load(path) for path in paths}, deadline=deadline)


def read_negmas(files: Mapping[str, str], *, deadline: int = 20) -> Negotiation:
    """The negotiation in texts by file name: one domain, and a profile of each of two or more parties.

    Parties are in order of their files' names; of `.yml` and `.json` a party has the name that stands inside, else that
    of its file, without a number in front. A missing reservation value is 0, and one of minus infinity the least that
    any outcome is worth. The deadline is in no file.

    Raises
    ------
    InputError : names the file, the line where there is one, and what cannot be used: other than discrete issues, other
        than additive or tabulated utilities, profiles that do not fit the domain, XML with a document type.
    TooLarge : more outcomes than a table holds.
    """
    domains, profiles = [], []
    for name, text in sorted(files.items()):
        root = parse_xml(text, name) if name.endswith(".xml") else parse_yaml(text, name)
        domain = root.tag == "negotiation_template" if name.endswith(".xml") else is_domain(root, name)
        (domains if domain else profiles).append((name, root))
    if len(domains) != 1:
        raise InputError(
            f"There are {len(domains)} domains among {listed(files) or 'no files'}.",
            "A scenario has one: <negotiation_template>, or a document with issues.",
            "Give one domain, and its profiles.",
        )
    ((where, root),) = domains
    issues = issues_of(root, where) if where.endswith(".xml") else issues_in(root, where)
    read = [
        (profile_of if file.endswith(".xml") else profile_in)(own, file, _stem(file), issues) for file, own in profiles
    ]
    stem = where.rpartition(".")[0]
    called = stem if where.endswith(".xml") else str(root.get("name") or stem)
    with at(where):
        return negotiation_of(issues, read, called, deadline)


def write_negmas(negotiation: Negotiation, form: Form = "yml") -> dict[str, str]:
    """Texts by file name that `read_negmas` and NegMAS turn into the same scenario; all options become words.

    YAML is written as JSON, which it includes. Raises `InputError` for utilities that are no sums over issues, for
    discounts in other forms than XML, and for another form.
    """
    if form not in ("xml", "yml", "json"):
        raise InputError(f"The form {form!r}.", do="Give xml, yml or json.")
    names = [f"{k:02d}-{_plain(party)}" for k, party in enumerate(negotiation.parties, 1)]
    domain = _plain(negotiation.name)
    if form == "xml":
        texts = [domain_text(negotiation), *profile_texts(negotiation)]
    else:
        if (negotiation.discounts != 1).any():
            raise InputError("There are discounts.", "Only Genius's XML holds them.", 'Write form="xml".')
        texts = [json.dumps(one, ensure_ascii=False, indent=1) + "\n" for one in documents(negotiation)]
    return {f"{name}.{form}": text for name, text in zip([domain, *names], texts, strict=True)}


def save_negmas(negotiation: Negotiation, folder: str | Path, form: Form = "yml") -> None:
    """Write a scenario into a folder, which is made if need be; errors as `write_negmas`."""
    texts, folder = write_negmas(negotiation, form), Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{str(folder)!r} cannot be made: {error.strerror}.", do="Choose another place.") from None
    for name, text in texts.items():
        save(text, folder / name)


def _stem(file: str) -> str:
    """A file's name without its suffix and without a number in front."""
    stem = file.rpartition(".")[0] or file
    return re.sub(r"^\d+-(?=.)", "", stem)


def _plain(name: str) -> str:
    """A name as a file may have it."""
    return re.sub(r"[^\w -]", "_", name)[:60].strip("_ ") or "scenario"
