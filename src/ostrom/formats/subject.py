"""Whatever somebody hands us, opened: the reader is picked by the suffix, or by how the text begins."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from ostrom.core import catalogue
from ostrom.core.errors import InputError
from ostrom.core.game import Game

from ._document import game_from_dict, parse_json, parse_toml
from ._text import bad, lines, load

SUFFIXES = {
    ".nfg": "nfg",
    ".efg": "efg",
    ".json": "json",
    ".toml": "toml",
    ".csv": "table",
    ".tsv": "table",
    ".txt": "table",
    ".md": "table",
    ".tntp": "tntp",
    **dict.fromkeys((".soc", ".soi", ".toc", ".toi", ".cat"), "preflib"),
    "": "",
}
"""What each suffix promises; a file without one, like standard input, is judged by how it begins."""

_DELEGATION = {"game", "utilities", "rewards", "specified", "precision", "observed", "observed_joint", "welfare"}
"""Keys by which a document is known to be a delegation."""

_READERS = {
    "nfg": ("nfg", "read_nfg"),
    "efg": ("efg", "read_efg"),
    "bimatrix": ("bimatrix", "read_bimatrix"),
    "csv": ("csv_table", "read_csv"),
}


def open_subject(subject: str | Path) -> Any:
    """The game, delegation, cross-play, network or folder of logs at a path; `-` is standard input.

    `.nfg`, `.efg`, `.json`, `.toml`, `.csv`, `.tsv`, `.txt` and `.md` hold games, `.json` and `.toml` delegations
    too; a CSV whose columns begin with `agent` is cross-play; `…_net.tntp` is a road network; `.soc`, `.soi`, `.toc`,
    `.toi` and `.cat` are elections (PrefLib); a folder is a set of logs
    that a reader recognises. Raises `InputError` that says what is wrong where; nothing is run that a file names.
    """
    path = Path(subject)
    if path.is_dir():
        return _folder(path)
    kind = _kind_of(path)
    if kind == "tntp":
        return _call("tntp", "load_tntp", path)
    if kind == "preflib":
        return _call("preflib", "load_preflib", path)
    text, where = load(subject), "standard input" if str(subject) == "-" else str(path)
    kind = kind if kind not in ("", "table") else _kind_by_content(text)
    if kind == "cross-play":
        return _call("cross_play", "read_cross_play", path)
    if kind in ("json", "toml"):
        document = (parse_json if kind == "json" else parse_toml)(text, where)
        about_agents = _DELEGATION & set(document) and "payoffs" not in document
        return _delegation(document, where, path.parent) if about_agents else game_from_dict(document, where)
    return _call(*_READERS[kind], text, where)


def _delegation(document: dict[str, Any], where: str, folder: Path) -> Any:
    named = document.get("game")
    game = _named_game(named, where, folder) if isinstance(named, str) else None
    return _call("delegation", "delegation_from_dict", document, where, game)


def _named_game(name: str, where: str, folder: Path) -> Game:
    """The scenario (`public_goods:players=6`) or the file beside it that a delegation is about.

    A file may come from anybody: it can name members of the catalogue and files beside itself, and nothing is
    imported or opened elsewhere on its word.
    """
    if "." not in name.partition(":")[0]:
        return catalogue.build("games", name, Game)
    path = folder / name
    if Path(name).name != name or _kind_of(path) not in ("nfg", "efg", "json", "table"):
        raise bad(
            where, None, f"it is about the game {name[:60]!r}.",
            "A file can name a scenario, or a .nfg, .efg, .json or .csv file in its own folder.",
            "Put the game beside it, or into it under [game].",
        )  # fmt: skip
    text = load(path)
    if _kind_of(path) == "json":
        return game_from_dict(parse_json(text, str(path)), str(path))
    kind = _kind_of(path) if _kind_of(path) in ("nfg", "efg") else _kind_by_content(text)
    if kind not in _READERS:
        raise bad(str(path), None, "it does not hold a game.", "", "Name a file with one row per joint move.")
    return _call(*_READERS[kind], text, str(path))


def _folder(path: Path) -> Any:
    if _call("coopeval", "recognises", path):
        return _call("coopeval", "CoopEval", path)
    raise InputError(
        f"{str(path)!r} is a folder, and no reader knows what it holds.",
        "Folders are read when they hold CoopEval records (configs-….jsonl beside payoffs-….jsonl).",
        "Name a file in it.",
    )


def _kind_of(path: Path) -> str:
    suffix = path.suffix.lower() if str(path) != "-" else ""
    if suffix not in SUFFIXES:
        raise InputError(
            f"No reader is known for {path.name!r}.",
            f"The suffix {suffix!r} is not one of {', '.join(filter(None, SUFFIXES))}.",
            "Save it in one of these forms, or give it on standard input as -.",
        )
    return SUFFIXES[suffix]


def _kind_by_content(text: str) -> str:
    """What a text is by its first line that is neither blank nor a comment."""
    first = next((line for _, line in lines(text)), "")
    columns = [cell.strip().lower() for cell in first.replace(";", ",").replace("\t", ",").split(",")]
    if first.startswith(("NFG", "EFG")):
        return first[:3].lower()
    if first.startswith("{"):
        return "json"
    if sum(column.startswith("agent") for column in columns) > 1:
        return "cross-play"
    if "|" in first:
        return "bimatrix"
    return "toml" if first.startswith("[") or ("=" in first and "," not in first.partition("=")[0]) else "csv"


def _call(member: str, function: str, *arguments: Any) -> Any:
    """Call a member of this room by name: members do not import each other, and only the one needed is loaded."""
    return getattr(importlib.import_module(f"ostrom.formats.{member}"), function)(*arguments)
